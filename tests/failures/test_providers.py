"""Providers that fail: failures 14, 22 and 23, and 24 as far as credits go."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.scrape.provider import World, question, recorded, scraper

from fairline.domain.clock import FixedClock
from fairline.ops.alerts import open_alerts
from fairline.ops.catalogue import open_home
from fairline.ops.scraping import client_of, scrape
from fairline.platform.captures import captures_in
from fairline.platform.ledger.contract import RunStatus
from fairline.platform.ledger.provider_states import COOL_DOWN, LONGEST_REST, MOST_FAILURES
from fairline.platform.ledger.sqlite import open_sqlite
from fairline.platform.settings import load_settings
from fairline.scrape.contract import GameWanted, Wanted
from fairline.scrape.judging import Outcome
from fairline.scrape.scrapers import scrapers
from fairline.sim.faults import Faults
from fairline.sim.replay import Recorded, ReplayServer

HOST = "api.made-up.test (replay)"
TONIGHT = date(2025, 11, 28)
AFTERNOON = datetime(2025, 11, 28, 21, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


def test_14_a_page_of_html_with_status_200_lands_fails_by_name_and_its_rows_wait_in_quarantine(tmp_path: Path):
    schedule = Recorded(
        "https://stats.nba.com/stats/scheduleleaguev2", b"{}", params={"LeagueID": "00", "Season": "2025-26"}
    )
    with ReplayServer([schedule], Faults({"html": 1.0})) as server:
        settings = load_settings(home=tmp_path / "home", replay=server.url)
        with open_home("tests", settings=settings, clock=FixedClock(AFTERNOON)) as home, client_of(home) as client:
            [report] = scrape(home, "nba_schedule", TONIGHT, told=lambda _: None, client=client).reports
            [run] = home.ledger.runs("scrape nba_schedule")
            [capture] = captures_in(home.objects)
            reasons = home.warehouse.query("SELECT DISTINCT reason FROM ops.quarantine")["reason"].to_list()
    assert "text/html, not application/json" in report.problem
    assert (report.status, run.status, run.error) == (RunStatus.FAILED, RunStatus.FAILED, report.problem)
    assert (capture.status, capture.headers["content-type"][:9]) == (200, "text/html")
    assert reasons == ["unreadable_document"]


def test_14_an_answer_of_another_shape_is_no_success_and_its_alert_clears_when_the_provider_is_well(tmp_path: Path):
    game = {
        "gameId": "0022500301",
        "gameStatus": 1,
        "gameStatusText": "7:00 pm ET",
        "gameDateTimeUTC": "2025-11-29T00:00:00Z",
        "gameDateEst": "2025-11-28T00:00:00Z",
        "homeTeam": {"teamId": 1610612738},
        "awayTeam": {"teamId": 1610612752},
    }
    dates = [{"gameDate": "11/28/2025 00:00:00", "games": [game]}]
    answer = {"leagueSchedule": {"seasonYear": "2025-26", "leagueId": "00", "gameDates": dates}}
    schedule = Recorded(
        "https://stats.nba.com/stats/scheduleleaguev2", json.dumps(answer).encode(),
        params={"LeagueID": "00", "Season": "2025-26"},
    )  # fmt: skip
    ends = []
    with ReplayServer([schedule], Faults(script=["changed", ""])) as server:
        settings, clock = load_settings(home=tmp_path / "home", replay=server.url), FixedClock(AFTERNOON)
        with open_home("tests", settings=settings, clock=clock) as home, client_of(home) as client:
            for _ in range(2):
                [report] = scrape(home, "nba_schedule", TONIGHT, told=lambda _: None, client=client).reports
                ends.append((report.status, report.failed, open_alerts(home.warehouse)["subject"].to_list()))
                clock.advance(timedelta(hours=1))
    assert ends == [(RunStatus.FAILED, 1, ["nba_schedule nba_stats"]), (RunStatus.SUCCESS, 0, [])]


def test_22_a_provider_that_is_down_for_hours_is_probed_now_and_then_however_often_it_is_wanted(world: World):
    with ReplayServer([], Faults({"500": 1.0})) as server:
        client = world.client(replay=server.url)
        ends = world.clock.now() + timedelta(hours=4)
        while world.clock.now() < ends:
            client.ask(question("games"), scraper())
            world.clock.advance(timedelta(minutes=2))
        asked = len(server.asked)
    assert asked <= MOST_FAILURES + timedelta(hours=4) / COOL_DOWN
    assert asked == len(world.landed())


def test_22_nothing_is_asked_about_games_not_yet_played():
    tonight = GameWanted("0022500301", TONIGHT, 1, 2, AFTERNOON + timedelta(hours=3), ids={"odds_api": "x"})
    wanted = Wanted(TONIGHT, AFTERNOON, (tonight,), ("points",))
    results = ("box_score", "play_by_play", "shots", "gamebook")
    asked = {
        each.name: list(each.questions(wanted))
        for each in scrapers()
        if each.needs == "games" and any(word in each.name for word in results)
    }
    assert len(asked) > 8
    assert {name: questions for name, questions in asked.items() if questions} == {}


def test_22_what_will_never_answer_is_asked_once(world: World):
    with ReplayServer([]) as server:
        asked = world.client(replay=server.url).ask(question("games"), scraper())
        assert (asked.outcome, len(server.asked), world.waits) == (Outcome.FAILED, 1, [])


def test_23_a_circuit_opens_after_failures_in_a_row_and_one_good_answer_between_keeps_it_closed(world: World):
    games = recorded("games", {})
    failing = ["403"] * (MOST_FAILURES - 1)
    with ReplayServer([games], Faults(script=[*failing, "", *failing, "403", "403"])) as server:
        client = world.client(replay=server.url)
        for _ in range(2 * MOST_FAILURES):
            client.ask(question("games"), scraper())
        assert len(server.asked) == 2 * MOST_FAILURES
        assert client.ask(question("games"), scraper()).hopeless
        assert len(server.asked) == 2 * MOST_FAILURES


def test_23_an_open_circuit_closes_by_probing(world: World):
    with ReplayServer([recorded("games", {})], Faults(script=["403"] * MOST_FAILURES)) as server:
        client = world.client(replay=server.url)
        for _ in range(MOST_FAILURES):
            client.ask(question("games"), scraper())
        assert not client.ask(question("games"), scraper()).captures
        world.clock.advance(COOL_DOWN)
        assert client.ask(question("games"), scraper()).outcome is Outcome.ANSWERED
        assert client.ask(question("games"), scraper()).outcome is Outcome.ANSWERED
    assert world.ledger.providers.host(HOST).open_until is None


def test_23_a_failed_probe_leaves_the_host_alone_for_another_while_and_asks_no_more_than_once(world: World):
    with ReplayServer([], Faults({"500": 1.0})) as server:
        client = world.client(replay=server.url)
        for _ in range(2):
            client.ask(question("games"), scraper())
        before = len(server.asked)
        world.clock.advance(COOL_DOWN)
        client.ask(question("games"), scraper())
        assert len(server.asked) == before + 1
        assert client.ask(question("games"), scraper()).hopeless


def test_23_a_circuit_is_open_for_the_next_command_too_and_never_for_a_week(world: World, tmp_path: Path):
    for _ in range(MOST_FAILURES):
        world.ledger.providers.failed("host", "down", rest=timedelta(days=7))
    next_command = open_sqlite(tmp_path / "ledger.sqlite", world.clock)
    assert not next_command.providers.admitted("host")
    world.clock.advance(LONGEST_REST)
    assert next_command.providers.admitted("host")
    next_command.close_connection()


def test_23_when_a_probe_dies_without_a_word_another_may_probe(world: World):
    for _ in range(MOST_FAILURES):
        world.ledger.providers.failed("host", "down")
    world.clock.advance(COOL_DOWN)
    assert [world.ledger.providers.admitted("host") for _ in range(3)] == [True, False, False]
    world.clock.advance(COOL_DOWN)
    assert world.ledger.providers.admitted("host")


def test_23_a_clock_set_back_does_not_leave_a_host_alone_for_longer(world: World):
    world.clock.advance(timedelta(days=3))
    for _ in range(MOST_FAILURES):
        world.ledger.providers.failed("host", "down")
    world.clock.advance(timedelta(days=-3))
    assert world.ledger.providers.admitted("host")
