"""The simulated league in the providers' place: our scrapers ask, our parsers read, and the rows are its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.sim.leagues import small_league, whole_league

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
from fairline.sim.answers.view import view_of
from fairline.sim.league.books import prop_quotes
from fairline.sim.league.corrections import CORRECTED_AFTER, correction_of
from fairline.sim.league.files import write_files
from fairline.sim.league.health import Word
from fairline.sim.league.reports import reported
from fairline.sim.league.tables import games, player_log
from fairline.sim.replay import Recorded, ReplayServer

DAY = date(2026, 1, 27)
YESTERDAY, TOMORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)


def eastern(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), EASTERN).astimezone(UTC)


@contextmanager
def opened(folder: Path, now: datetime, replay: str = "") -> Iterator[Home]:
    settings = load_settings(home=folder, replay=replay)
    with open_home("tests", settings=settings, clock=FixedClock(now)) as home:
        yield home


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that has been through a day of the simulated league, from morning to after its games."""
    home = tmp_path_factory.mktemp("simulated") / "home"
    for name, now in (
        ("morning", eastern(DAY, 10)), ("lines", eastern(DAY, 12)), ("injuries", eastern(DAY, 18, 30)),
        ("post_game", eastern(TOMORROW, 1)),
    ):  # fmt: skip
        scraped = scrape(home, name, now)
        assert scraped.failed == [], name
        assert {report.scraper: report.quarantined + report.unresolved for report in scraped.reports} == {
            report.scraper: 0 for report in scraped.reports
        }
        assert [report.scraper for report in scraped.reports if not report.answered] in ([], ["nba_gamebook"])
    return home


def scrape(folder: Path, name: str, now: datetime) -> Scraped:
    answers = [each for day in (YESTERDAY, DAY) for each in answers_of(whole_league(), day, now)]
    with (
        ReplayServer(answers) as server,
        opened(folder, now, server.url) as home,
        scraping.client_of(home, sleep=lambda _: None) as client,
    ):
        return scraping.scrape(home, name, DAY, told=lambda _: None, client=client)


@pytest.fixture(scope="module")
def rows(folder: Path) -> Iterator[Home]:
    with opened(folder, eastern(TOMORROW, 2)) as home:
        yield home


def test_the_box_scores_read_are_those_of_the_games_played(rows: Home):
    view = view_of(whole_league(), DAY, eastern(TOMORROW, 1))
    truth = player_log(view.season, view.stretch, 1, view.now).select(
        "GAME_ID", "PLAYER_ID", "PTS", "REB", "AST", "FG3M", "STL", "PLUS_MINUS", pl.col("MINUTES").round(4)
    )
    read = rows.warehouse.query(
        """
        SELECT game_id, player_id, points, rebounds, assists, threes_made, steals, plus_minus, round(minutes, 4)
        FROM raw.player_box_scores WHERE game_date = ? AND source = 'nba_box_score'
        """,
        [DAY],
    )
    assert sorted(read.rows()) == sorted(truth.rows())
    assert len(read) > 80


def test_whoever_did_not_play_is_told_with_the_reason(rows: Home):
    absent = rows.warehouse.query(
        "SELECT absence, reason, count(*) AS people FROM raw.inactives WHERE game_date = ? GROUP BY ALL", [DAY]
    )
    told = {(absence, str(reason).partition(" - ")[0]) for absence, reason, _ in absent.iter_rows()}
    assert ("did_not_play", "Coach's Decision") in told
    assert ("did_not_dress", "Injury/Illness") in told
    started = rows.warehouse.query(
        """
        SELECT count(*) FILTER (started) AS five FROM raw.player_box_scores
        WHERE game_date = ? AND source = 'nba_box_score' GROUP BY game_id, team_id
        """,
        [DAY],
    )
    assert set(started["five"]) == {5}


def test_the_schedule_tells_every_game_and_no_result_before_its_time(rows: Home):
    season = whole_league().season(2025)
    truth = games(season, season.regular)
    read = rows.warehouse.query(
        "SELECT game_id, tip_at FROM raw.games WHERE source = 'nba_schedule' AND statement = 'schedule'"
    )
    assert sorted(read.rows()) == sorted(truth.select("game_id", "tip_at").rows())
    results = rows.warehouse.query(
        "SELECT game_id, home_points, away_points FROM raw.games WHERE statement = 'result' AND game_date <= ?", [DAY]
    )
    ended = truth.filter(pl.col("game_date") <= DAY).select("game_id", "home_points", "away_points")
    assert set(results.rows()) == set(ended.rows())
    later = rows.warehouse.query("SELECT * FROM raw.games WHERE statement = 'result' AND game_date > ?", [DAY])
    assert later.height == 0


def test_the_quotes_read_are_those_the_books_made(rows: Home):
    view = view_of(whole_league(), DAY, eastern(DAY, 12))
    made = prop_quotes(view.season, view.stretch, pl.arange(0, len(view.stretch.ids), eager=True).to_numpy(),
                       [view.now] * len(view.stretch.ids), 1)  # fmt: skip
    read = rows.warehouse.query(
        "SELECT game_id, player_id, market, half_points FROM raw.prop_quotes WHERE game_date = ? AND book = 'fanduel'",
        [DAY],
    )
    truth = made.filter(pl.col("book") == "fanduel").select(
        "game_id", "player_id", "market", (2 * pl.col("line")).cast(pl.Int64)
    )
    assert sorted(read.rows()) == sorted(truth.rows())
    lines = rows.warehouse.query("SELECT DISTINCT book FROM raw.game_line_quotes WHERE game_date = ?", [DAY])
    assert set(lines["book"]) == {"draftkings", "fanduel", "betmgm", "caesars", "fanatics"}


def test_the_injury_report_lists_those_the_league_says_are_unfit(rows: Home):
    season = whole_league().season(2025)
    latest = rows.warehouse.query(
        """
        SELECT reported_at, player_id, status FROM raw.injury_reports
        QUALIFY reported_at = max(reported_at) OVER ()
        """
    )
    at = latest["reported_at"][0]
    _, listed = reported(season, season.regular, at)
    tonight = {int(season.people.ids[each.player]): each.word.name.lower() for each in listed
               if season.regular.calendar.dates()[each.row] == DAY}  # fmt: skip
    read = dict(latest.select("player_id", "status").iter_rows())
    assert {person: read.get(person) for person in tonight} == tonight
    assert Word.OUT.name.lower() in tonight.values()


def test_plays_and_shots_are_read_to_the_last(rows: Home):
    shots = rows.warehouse.query(
        """
        SELECT s.game_id, s.player_id, count(*) AS tried, any_value(b.field_goals_attempted) AS told
        FROM raw.shots AS s JOIN raw.player_box_scores AS b USING (game_id, player_id)
        WHERE s.game_date = ? AND b.source = 'nba_box_score' GROUP BY ALL
        """,
        [DAY],
    )
    assert shots.filter(pl.col("tried") != pl.col("told")).height == 0
    final = rows.warehouse.query(
        """
        SELECT p.game_id, max(p.home_points) AS played, any_value(g.home_points) AS told FROM raw.play_by_play AS p
        JOIN raw.games AS g USING (game_id) WHERE g.statement = 'result' AND p.game_date = ? GROUP BY ALL
        """,
        [DAY],
    )
    assert final.height > 3
    assert final.filter(pl.col("played") != pl.col("told")).height == 0


def test_a_corrected_count_is_a_later_revision_of_the_box_score():
    league = whole_league()
    season = league.season(2025)
    row = next(row for row in range(400, 1200) if correction_of(season.regular, row, league.seed))
    day, tip = season.regular.calendar.dates()[row], season.regular.calendar.tip_at[row]
    first, later = (
        content_about(answers_of(league, day, tip + wait, about=["box_scores"]), season.regular.ids[row])
        for wait in (GAME_LASTS, CORRECTED_AFTER)
    )
    assert first != later


def content_about(answers: Iterator[Recorded], game: str) -> bytes:
    return next(each.content for each in answers if each.params.get("GameID") == game)


def test_nothing_is_answered_about_a_game_before_it_is_over():
    league = small_league()
    regular = league.season(2025).regular
    day, tip = regular.calendar.dates()[0], regular.calendar.tip_at[0]
    for now, told in ((tip - GAME_LASTS, False), (tip + GAME_LASTS / 2, False), (tip + GAME_LASTS, True)):
        asked = [each.params.get("GameID") for each in answers_of(league, day, now, about=["box_scores", "shots"])]
        assert (regular.ids[0] in asked) is told
    logs = [each.content for each in answers_of(league, day, tip, about=["game_logs"])]
    assert all(b'"rowSet":[]' in content for content in logs)


def test_a_day_without_games_is_answered_with_none():
    league = small_league()
    told = list(answers_of(league, date(2026, 8, 1), eastern(date(2026, 8, 1), 12), about=["scoreboard", "events"]))
    assert any(b'"games":[]' in each.content for each in told)


def test_equal_questions_get_equal_answers_and_what_people_see_says_it_is_simulated():
    league = small_league()
    day = league.season(2025).regular.calendar.dates()[0]
    now = eastern(day, 10)
    told = {name: b"".join(each.content for each in answers_of(league, day, now, about=[name]))
            for name in ("schedule", "scoreboard", "rosters", "events")}  # fmt: skip
    assert all(b"imulated" in content for content in told.values())
    assert list(answers_of(league, day, now)) == list(answers_of(league, day, now))


def test_the_evenings_of_the_playoffs_are_answered_and_on_the_schedule_once_they_are_decided():
    league = whole_league()
    first = league.playoffs(2024)[0]
    day, tip = first.calendar.dates()[0], first.calendar.tip_at[0]
    schedule = [next(answers_of(league, day, now, about=["schedule"])).content
                for now in (tip - timedelta(days=5), tip + GAME_LASTS)]  # fmt: skip
    assert [first.ids[0].encode() in each for each in schedule] == [False, True]
    logs = list(answers_of(league, day, tip + GAME_LASTS, about=["game_logs"]))
    assert first.ids[0].encode() in logs[0].content
    assert logs[0].params["SeasonType"] == "Playoffs"


def test_a_season_written_as_files_is_imported_whole_and_holds_nothing_later(tmp_path: Path):
    league = small_league()
    until = eastern(date(2025, 11, 5), 12)
    files = write_files(league, tmp_path / "files", until)
    assert all(each.name.startswith("simulated_") for each in files)
    with opened(tmp_path / "home", until) as home:
        reports = import_paths(home, files, lambda *_: None)
        assert [(each.file, each.error, each.quarantined) for each in reports if each.error or each.quarantined] == []
        quoted = home.warehouse.query("SELECT max(captured_at) AS last FROM raw.prop_quotes")["last"][0]
        results = home.warehouse.query("SELECT count(*) AS games FROM raw.games WHERE statement = 'result'")
        future = home.warehouse.query("SELECT count(*) AS rows FROM raw.player_box_scores WHERE known_at > ?", [until])
        unresolved = home.warehouse.query("SELECT count(*) AS names FROM ops.unresolved_names")
    over = sum(tip + timedelta(hours=4) <= until for tip in league.season(2025).regular.calendar.tip_at)
    assert quoted < until
    assert results["games"][0] >= over > 5
    assert (future["rows"][0], unresolved["names"][0]) == (0, 0)


def test_files_written_twice_are_the_same_bytes(tmp_path: Path):
    until = eastern(date(2025, 11, 5), 12)
    one, other = (write_files(small_league(), tmp_path / name, until) for name in ("one", "other"))
    assert [each.read_bytes() for each in one] == [each.read_bytes() for each in other]
