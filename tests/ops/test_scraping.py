"""Scrapes and workflows: what is asked of whom, what is loaded, and who is asked instead."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.scrape.provider import SOURCE, recorded, scraper

from fairline.domain.clock import FixedClock
from fairline.domain.errors import NotFound
from fairline.ops import scraping
from fairline.ops.catalogue import open_home
from fairline.ops.scraper_states import scraper_states
from fairline.ops.scraping import Scraped, scrape, scrape_until_found
from fairline.ops.wanted import wanted_of
from fairline.platform.captures import captures_in
from fairline.platform.home import Home
from fairline.platform.ledger.contract import RunStatus
from fairline.platform.settings import load_settings
from fairline.raw.schema import PROVIDER_GAMES
from fairline.scrape import scrapers as declared
from fairline.scrape.contract import Question, Scraper, Wanted
from fairline.scrape.workflows import QUOTES, WORKFLOWS, Step, Workflow, all_games
from fairline.sim.faults import Faults
from fairline.sim.recordings import recordings_in
from fairline.sim.replay import Recorded, ReplayServer

FOURTH = date(2024, 11, 4)
MORNING = datetime(2024, 11, 4, 15, tzinfo=UTC)


def silent(step: str) -> None:
    del step


@contextmanager
def opened(folder: Path, server: ReplayServer, at: datetime = MORNING) -> Iterator[Home]:
    settings = load_settings(home=folder, replay=server.url)
    with open_home("tests", settings=settings, clock=FixedClock(at)) as home:
        yield home


def run(home: Home, name: str, day: date = FOURTH, **options: Any) -> Scraped:
    with scraping.client_of(home, sleep=lambda _: None) as client:
        return scrape(home, name, day, told=silent, client=client, **options)


def per_game(name: str) -> Callable[[Wanted], list[Question]]:
    return lambda wanted: [
        Question(f"https://api.made-up.test/{name}/{game.game_id}", day=wanted.day) for game in wanted.games
    ]


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Made-up scrapers beside the real ones, and a workflow `made_up` of one step."""

    def with_step(step: Step, *made_up: Scraper, tries: int = 1) -> None:
        known = {each.name: each for each in made_up}
        monkeypatch.setattr(scraping, "scraper_named", known.__getitem__)
        monkeypatch.setattr(scraping, "workflow_named", lambda name: Workflow(name, "", (step,), tries))

    return with_step


def of_game(name: str, game: str) -> Recorded:
    return Recorded(f"https://api.made-up.test/{name}/{game}", b"{}")


def test_what_is_wanted_are_the_days_games_with_the_latest_id_each_provider_gave(home: Path):
    listed = pl.DataFrame(
        {
            "provider_game_id": ["old", "new", "other day"], "game_id": ["0022400101", "0022400101", "0022400103"],
            "game_date": [FOURTH, FOURTH, date(2024, 11, 8)], "home_team_id": [1, 1, 1], "away_team_id": [2, 2, 2],
            "commence_at": [None, None, None], "status": ["scheduled"] * 3, "source": ["odds_api"] * 3,
            "valid_at": [MORNING] * 3, "known_at": [MORNING, MORNING + timedelta(hours=1), MORNING],
            "capture_id": ["c"] * 3,
        },
        schema_overrides={"commence_at": pl.Datetime("us", "UTC")},
    )  # fmt: skip
    with ReplayServer([]) as server, opened(home, server) as at_home:
        at_home.warehouse.append_new(PROVIDER_GAMES, listed)
        wanted = wanted_of(at_home, FOURTH)
    assert [game.game_id for game in wanted.games] == ["0022400101", "0022400102"]
    assert [dict(game.ids) for game in wanted.games] == [{"odds_api": "new"}, {}]
    assert wanted.games[0].tip_at == datetime(2024, 11, 5, 0, 30, tzinfo=UTC)
    assert "points" in wanted.markets


def test_the_next_provider_is_asked_only_for_the_games_the_first_said_nothing_of(
    home: Path, declare: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    first = scraper(name="first", questions=per_game("first"))
    second = scraper(name="second", questions=per_game("second"))
    declare(Step((("first",), ("second",)), QUOTES, all_games), first, second)
    with ReplayServer([]) as server, opened(home, server) as at_home:
        games = [game.game_id for game in wanted_of(at_home, FOURTH).games]
        monkeypatch.setattr(scraping, "games_told", lambda *_: set(games[1:]))
        run(at_home, "made_up")
        asked = [path for (_, path, _), _ in server.asked]
    assert asked == [*(f"/first/{game}" for game in games), f"/second/{games[0]}"]


def test_nobody_else_is_asked_when_every_game_was_told_of(
    home: Path, declare: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    declare(
        Step((("first",), ("second",)), QUOTES, all_games),
        scraper(name="first", questions=per_game("first")), scraper(name="second"),
    )  # fmt: skip
    with ReplayServer([]) as server, opened(home, server) as at_home:
        games = {game.game_id for game in wanted_of(at_home, FOURTH).games}
        monkeypatch.setattr(scraping, "games_told", lambda *_: games)
        scraped = run(at_home, "made_up")
    assert [report.scraper for report in scraped.reports] == ["first"]


def test_another_provider_is_asked_when_the_key_of_the_first_is_missing(home: Path, declare: Callable[..., None]):
    free = replace(SOURCE, name="free", key_setting="", hosts=("127.0.0.1",))
    with ReplayServer([recorded("games", {})], anywhere=True) as server:
        here = [Question(f"{server.url}/v4/games")]
        declare(
            Step((("first",), ("second",))),
            scraper(name="first", questions=lambda _: here),
            scraper(name="second", source=free, questions=lambda _: here),
        )
        settings = load_settings(home=home)
        with open_home("tests", settings=settings, clock=FixedClock(MORNING)) as at_home:
            scraped = run(at_home, "made_up")
            last = at_home.ledger.runs("scrape first")[0]
    first, second = scraped.reports
    assert (first.status, first.requests, second.status) == (RunStatus.FAILED, 0, RunStatus.SUCCESS)
    assert "odds_api_key" in first.hint
    assert (last.status, last.error) == (RunStatus.FAILED, "The Made-Up Odds needs a key.")
    assert scraped.failed == []


def test_a_step_that_nobody_could_do_is_a_failure_of_all_who_were_asked(home: Path, declare: Callable[..., None]):
    declare(Step((("first",), ("second",))), scraper(name="first"), scraper(name="second"))
    with ReplayServer([], Faults({"403": 1.0})) as server, opened(home, server) as at_home:
        scraped = run(at_home, "made_up")
    assert scraped.failed == ["first", "second"]
    assert all("status 403" in report.problem for report in scraped.reports)


def test_while_a_provider_is_waited_for_another_command_has_the_home(home: Path, declare: Callable[..., None]):
    declare(Step((("down",),)), scraper(name="down", questions=per_game("a")))
    others: list[int] = []

    def another_command(seconds: float) -> None:
        del seconds
        with open_home("fairline other", settings=load_settings(home=home), wait_s=0) as other:
            others.append(other.warehouse.query("SELECT count(*) FROM raw.games").item())

    with ReplayServer([], Faults({"500": 1.0})) as server, opened(home, server) as held:
        with scraping.client_of(held, sleep=another_command) as client:
            scrape(held, "made_up", FOURTH, told=silent, client=client)
        assert held.warehouse.query("SELECT count(*) FROM raw.games").item() == others[0] > 0


def test_after_a_refusal_the_rest_is_not_asked_and_said_so(home: Path, declare: Callable[..., None]):
    asked = [Question(f"https://api.made-up.test/{number}") for number in range(5)]
    declare(Step((("first",),)), scraper(name="first", questions=lambda _: asked))
    with ReplayServer([], Faults(script=["403"])) as server, opened(home, server) as at_home:
        [report] = run(at_home, "made_up").reports
    assert (report.questions, report.requests, report.not_asked) == (5, 1, 4)


def test_what_is_not_there_yet_is_tried_again_a_bounded_number_of_times(home: Path, declare: Callable[..., None]):
    declare(Step((("first",),)), scraper(name="first", absent=frozenset({404})), tries=4)
    waits: list[float] = []
    with ReplayServer([]) as server:
        scraped = scrape_until_found(
            lambda: opened(home, server), "made_up", FOURTH, told=silent, sleep=waits.append, load=False
        )
        assert len(server.asked) == 4
    assert waits == [600.0] * 3
    assert (scraped.reports[0].status, scraped.failed) == (RunStatus.NO_DATA, [])


def test_what_is_found_is_not_looked_for_again(home: Path, declare: Callable[..., None]):
    declare(Step((("first",),)), scraper(name="first"), tries=4)
    with ReplayServer([recorded("games", {})]) as server:
        scrape_until_found(lambda: opened(home, server), "made_up", FOURTH, told=silent, sleep=pytest.fail)
        assert len(server.asked) == 1


def test_an_unknown_name_is_not_found_and_the_known_ones_are_named(home: Path):
    with ReplayServer([]) as server, opened(home, server) as at_home, pytest.raises(NotFound) as caught:
        run(at_home, "weather")
    assert "morning" in caught.value.hint
    assert "nba_schedule" in caught.value.hint


def test_every_workflow_names_scrapers_that_exist():
    known = {each.name for each in declared.scrapers()}
    named = {name for flow in WORKFLOWS for step in flow.steps for way in step.ways for name in way}
    assert named <= known


def test_every_scraper_has_a_parser_for_what_it_lands():
    from fairline.raw.captured import capture_kinds

    assert {each.kind for each in declared.scrapers()} <= {kind.name for kind in capture_kinds()}


def test_the_real_schedule_lands_loads_and_the_second_time_has_not_changed(shared: Path, tmp_path: Path):
    found = [each for each in recordings_in(shared / "payloads").answers if "scheduleleaguev2" in each.url]
    with ReplayServer(found) as server:
        with opened(tmp_path / "home", server) as home:
            [first] = run(home, "nba_schedule").reports
            assert home.warehouse.query("SELECT count(DISTINCT game_id) AS n FROM raw.games").item() > 1300
            states = scraper_states(home.ledger, home.settings, home.clock.now())
        with opened(tmp_path / "home", server, MORNING + timedelta(hours=1)) as home:
            [second] = run(home, "nba_schedule").reports
            sightings = [(each.status, each.capture_id) for each in captures_in(home.objects)]
            runs = home.ledger.runs("scrape nba_schedule")
    assert (first.status, first.written > 1300) == (RunStatus.SUCCESS, True)
    assert (second.status, second.written, second.unchanged) == (RunStatus.SUCCESS, 0, first.written)
    assert sorted(status for status, _ in sightings) == [200, 304]
    assert len({capture for _, capture in sightings}) == 1
    assert [(each.status, each.counts["answered"]) for each in runs] == [(RunStatus.SUCCESS, 1)] * 2
    row = states.row(by_predicate=pl.col("scraper") == "nba_schedule", named=True)
    assert (row["freshness"], row["health"], row["last_success"]) == ("fresh", "ok", MORNING)


def test_without_loading_it_lands_and_the_next_scrape_loads_it(shared: Path, tmp_path: Path):
    found = [each for each in recordings_in(shared / "payloads").answers if "scheduleleaguev2" in each.url]
    with ReplayServer(found) as server, opened(tmp_path / "home", server) as home:
        [landed] = run(home, "nba_schedule", load=False).reports
        assert home.warehouse.query("SELECT count(*) AS n FROM raw.games").item() == 0
        [later] = run(home, "nba_shots").reports
        assert (landed.captures, landed.written, later.questions) == (1, 0, 0)
        assert later.written > 1300
