"""The scrapers' routes: what can be asked, a scrape from the replay through the chain, and failures that are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.ops.players import index
from tests.services.conftest import Served, serving

from fairline.domain.clock import FixedClock
from fairline.platform.ledger.access import Scope
from fairline.platform.settings import load_settings
from fairline.scrape.contract import Wanted
from fairline.scrape.nba import SCRAPERS
from fairline.scrape.workflows import WORKFLOWS
from fairline.services import chain
from fairline.services.app import application
from fairline.services.roles import ROLES
from fairline.services.station import station
from fairline.sim.replay import Recorded, ReplayServer

NOW = datetime(2024, 11, 12, 15, tzinfo=UTC)
PLAYERS = next(scraper for scraper in SCRAPERS if scraper.name == "nba_players")


def an_index() -> Recorded:
    """The player index, in answer to what the scraper asks."""
    [question, *_] = PLAYERS.questions(Wanted(NOW.date(), NOW))
    return Recorded(question.url, index(), params=dict(question.params))


@contextmanager
def scraping(home: Path, *answers: Recorded) -> Iterator[Served]:
    """Every role on the small league, the providers played by a replay of these answers."""
    with ReplayServer(list(answers)) as provider:
        place = station("tests", load_settings(home=home, replay=provider.url), FixedClock(NOW))
        chain.subscribe(place)
        try:
            with serving(application(ROLES, place), place) as served:
                yield served
        finally:
            place.close()


def test_every_scraper_and_workflow_is_told(home: Path):
    with scraping(home) as served:
        states = served.ask("GET", "/scrapers/scrapers", Scope.READ).json()
        workflows = served.ask("GET", "/scrapers/workflows", Scope.READ).json()
    assert "nba_players" in {state["scraper"] for state in states}
    assert {state["freshness"] for state in states} == {"never"}
    assert [workflow["name"] for workflow in workflows] == [each.name for each in WORKFLOWS]


def test_a_scrape_goes_on_through_the_whole_chain(home: Path):
    with scraping(home, an_index()) as served:
        answer = served.ask("POST", "/scrapers/scrape", Scope.WRITE, json={"scraper": "nba_players"})
        assert answer.status_code == 200, answer.text
        assert (answer.json()["status"], answer.json()["game_date"]) == ("success", "2024-11-12")
        [ran] = answer.json()["scrapers"]
        assert (ran["counts"]["captures"], ran["counts"]["written"]) == (1, 2)
        runs = {run.name: run.status for run in reversed(served.station.ledger.runs())}
        assert {name: runs[name] for name in ("raw", "analytics", "precompute")} == dict.fromkeys(
            ("raw", "analytics", "precompute"), "success"
        )
        assert served.station.ledger.dead_messages() == []


def test_a_scrape_that_came_to_nothing_is_no_success_and_says_why(home: Path):
    with scraping(home) as served:
        answer = served.ask("POST", "/scrapers/scrape", Scope.WRITE, json={"scraper": "nba_players"})
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert "nba_players" in answer.json()["detail"]
        assert served.station.ledger.runs("raw") == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/scrapers/scrape", {"scraper": "weather"}, 404), ("/scrapers/scrape", {"scraper": "morning"}, 404),
        ("/scrapers/scrape", {"scraper": "nba_players", "params": {"url": "http://169.254.169.254/"}}, 422),
        ("/scrapers/scrape", {"scraper": "http://169.254.169.254/"}, 422),
        ("/scrapers/scrape", {"scraper": "nba_players", "params": {"date": "0001-01-01"}}, 422),
        ("/scrapers/workflows/weather/run", {}, 404), ("/scrapers/workflows/nba_players/run", {}, 404),
        ("/scrapers/workflows/morning/run", {"date": "soon"}, 422),
    ],
)  # fmt: skip
def test_what_nobody_scrapes_is_refused(home: Path, path: str, body: dict[str, object], status: int):
    with scraping(home) as served:
        assert served.ask("POST", path, Scope.WRITE, json=body).status_code == status


def test_a_workflow_nobody_answers_is_no_success(home: Path):
    with scraping(home) as served:
        answer = served.ask("POST", "/scrapers/workflows/discovery/run", Scope.WRITE, json={"date": "TODAY"})
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:fairline:Transient")
