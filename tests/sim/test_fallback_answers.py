"""NBA.com is down on a night of the simulated league: ESPN is asked, then BallDontLie; the rows are the league's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from shutil import copytree

import polars as pl
import pytest
from tests.sim.leagues import small_league

from fairline.domain.clock import FixedClock
from fairline.domain.dates import EASTERN
from fairline.ops import scraping
from fairline.ops.catalogue import open_home
from fairline.ops.importing import import_paths
from fairline.ops.scraping import Scraped
from fairline.platform.home import Home
from fairline.platform.settings import load_settings
from fairline.scrape.nba import GAME_LASTS
from fairline.sim.answers.answers import answers_of
from fairline.sim.answers.view import View, view_of
from fairline.sim.league.files import write_files
from fairline.sim.league.tables import games, lines, player_log
from fairline.sim.replay import ReplayServer

pytestmark = pytest.mark.xdist_group("fallback")

DAYS = small_league().season(2025).regular.calendar.dates()
DAY = max(DAYS[len(DAYS) // 2 :], key=DAYS.count)
MORNING, NIGHT = (
    datetime.combine(day, clock, EASTERN).astimezone(UTC)
    for day, clock in ((DAY, time(9)), (DAY + timedelta(days=1), time(4)))
)
ESPN, BALLDONTLIE = ("espn_scoreboard", "espn_box_scores"), ("balldontlie_games", "balldontlie_box_scores")


@contextmanager
def opened(folder: Path, now: datetime, replay: str = "") -> Iterator[Home]:
    settings = load_settings(home=folder, replay=replay, balldontlie_key="simulated")
    with open_home("tests", settings=settings, clock=FixedClock(now)) as home:
        yield home


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that holds the season up to a day's morning, when NBA.com still answered, so that it knows the people."""
    folder = tmp_path_factory.mktemp("fallback")
    with opened(folder / "home", MORNING) as home:
        reports = import_paths(home, write_files(small_league(), folder / "files", MORNING), lambda *_: None)
        assert [each.error for each in reports if each.error] == []
    assert scraped(folder / "home", MORNING, "nba_players", "players").failed == []
    return folder / "home"


def scraped(folder: Path, now: datetime, name: str, *about: str) -> Scraped:
    """A scrape of the day while those named answer; every other question is met with 404."""
    with (
        ReplayServer(answers_of(small_league(), DAY, now, about=about)) as server,
        opened(folder, now, server.url) as home,
        scraping.client_of(home, sleep=lambda _: None) as client,
    ):
        return scraping.scrape(home, name, DAY, told=lambda _: None, client=client)


@contextmanager
def after_a_night_answered_by(past: Path, folder: Path, *about: str) -> Iterator[tuple[Home, Scraped]]:
    """A night on which those named answer, and NBA.com does not."""
    copytree(past, folder)
    night = scraped(folder, NIGHT, "post_game", *about)
    with opened(folder, NIGHT) as home:
        yield home, night


def told_view() -> View:
    return view_of(small_league(), DAY, NIGHT)


def truth() -> list[tuple[object, ...]]:
    view = told_view()
    log = player_log(view.season, view.stretch, small_league().seed, view.now)
    return sorted(log.select("GAME_ID", "PLAYER_ID", "MIN", *COUNTED.values()).rows())


COUNTED = {
    "points": "PTS", "offensive_rebounds": "OREB", "defensive_rebounds": "DREB", "assists": "AST", "steals": "STL",
    "blocks": "BLK", "turnovers": "TOV", "fouls": "PF", "field_goals_made": "FGM", "field_goals_attempted": "FGA",
    "threes_made": "FG3M", "free_throws_made": "FTM", "free_throws_attempted": "FTA",
}  # fmt: skip


def read(home: Home, source: str) -> list[tuple[object, ...]]:
    found = home.warehouse.query(
        f"SELECT game_id, player_id, CAST(minutes AS BIGINT), {', '.join(COUNTED)} FROM raw.player_box_scores"
        " WHERE game_date = ? AND source = ?",
        [DAY, source],
    )
    return sorted(found.rows())


def unread(night: Scraped) -> dict[str, int]:
    rows = {each.scraper: each.quarantined + each.unresolved for each in night.reports}
    return {name: count for name, count in rows.items() if count}


def test_espn_is_asked_when_nba_com_fails_and_its_box_scores_are_the_leagues(past: Path, tmp_path: Path):
    with after_a_night_answered_by(past, tmp_path / "home", *ESPN, *BALLDONTLIE) as (home, night):
        asked = [each.scraper for each in night.reports]
        assert "espn_box_score" in asked
        assert "balldontlie_box_scores" not in asked
        assert unread(night) == {}
        assert read(home, "nba_box_score") == []
        assert read(home, "espn_box_score") == truth()
        started = home.warehouse.query(
            "SELECT count(*) FILTER (started) AS five FROM raw.player_box_scores WHERE game_date = ? GROUP BY game_id,"
            " team_id", [DAY],
        )  # fmt: skip
        absent = home.warehouse.query("SELECT player_id, absence FROM raw.inactives WHERE game_date = ?", [DAY])
    assert set(started["five"]) == {5}
    view = told_view()
    sat = lines(view.season, view.stretch, small_league().seed).filter(pl.col("seconds") == 0)
    people = view.season.people.ids
    assert dict(absent.iter_rows()) == {
        int(people[player]): "did_not_play" if able else "did_not_dress"
        for player, able in sat.select("player", "could_play").iter_rows()
    }


def test_balldontlie_is_asked_when_espn_fails_too(past: Path, tmp_path: Path):
    with after_a_night_answered_by(past, tmp_path / "home", *BALLDONTLIE) as (home, night):
        asked = [each.scraper for each in night.reports]
        assert asked.index("espn_scoreboard") < asked.index("balldontlie_box_scores")
        assert unread(night) == {}
        assert read(home, "balldontlie_box_scores") == truth()
        results = home.warehouse.query(
            "SELECT DISTINCT game_id, home_points, away_points FROM raw.games WHERE statement = 'result' AND"
            " game_date = ? AND source LIKE 'balldontlie%'", [DAY],
        )  # fmt: skip
    view = told_view()
    assert sorted(results.rows()) == sorted(
        games(view.season, view.stretch).select("game_id", "home_points", "away_points").rows()
    )


def test_neither_tells_of_a_game_before_it_is_over():
    tip = told_view().stretch.calendar.tip_at[0]
    for now, told in ((tip - GAME_LASTS, False), (tip + GAME_LASTS / 2, False), (tip + GAME_LASTS, True)):
        pages = list(answers_of(small_league(), DAY, now, about=["espn_box_scores"]))
        assert bool(pages) is told
        of_the_day = b"".join(each.content for each in answers_of(small_league(), DAY, now, about=BALLDONTLIE))
        assert (b'"pts":' in of_the_day) is told
