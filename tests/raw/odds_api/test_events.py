"""The games The Odds API lists, and which of ours they are."""

from datetime import UTC, datetime
from pathlib import Path

from tests.raw.answers import accounted_for, answer, content, kinds_that_fit, read, reasons, row
from tests.raw.odds_api.conftest import CALLED_PROPS, EVENTS, MONEYLINES, SLATE, SPREADS, event
from tests.raw.world import BOS, NYK, League

from fairline.domain.teams import team
from fairline.raw.schema import PROVIDER_GAMES

MADE_UP = {key: value for key, value in event().items() if key != "bookmakers"}


def test_every_payload_is_recognised_by_what_it_holds_whatever_its_name_says(shared: Path) -> None:
    paths = (EVENTS, MONEYLINES, SPREADS, CALLED_PROPS, SLATE)
    assert {path: kinds_that_fit(content(shared, path)) for path in paths} == {
        EVENTS: ["odds_api_historical_events"],
        MONEYLINES: ["odds_api_historical_event_odds"],
        SPREADS: ["odds_api_historical_event_odds"],
        CALLED_PROPS: ["odds_api_historical_event_odds"],
        SLATE: ["odds_api_event_odds"],
    }  # fmt: skip


def test_a_snapshot_of_the_past_is_known_at_its_own_time_not_when_it_was_fetched(shared: Path, january: League) -> None:
    reading = read(content(shared, EVENTS), "odds_api_historical_events", january, at="2026-02-01T00:00:00")
    assert reading.parsed.rows[PROVIDER_GAMES].height == 3
    assert reasons(reading) == {"no_game": 7}
    told = row(reading, PROVIDER_GAMES, game_id="0022300626")
    assert told["provider_game_id"] == "cd0bc7d0c238f4446ce1c03d0cea7ec4"
    assert (told["home_team_id"], told["away_team_id"]) == (team("GSW").team_id, team("ATL").team_id)
    assert told["known_at"] == datetime(2024, 1, 25, 3, 55, 40, tzinfo=UTC)
    assert told["status"] == "live"
    assert row(reading, PROVIDER_GAMES, game_id="0022300632")["status"] == "scheduled"


def test_games_that_no_schedule_holds_are_shown_all_the_same(shared: Path, nothing: League) -> None:
    reading = read(content(shared, EVENTS), "odds_api_historical_events", nothing)
    assert reading.parsed.rows[PROVIDER_GAMES].is_empty()
    assert reading.parsed.waiting[PROVIDER_GAMES].height == 10
    assert accounted_for(reading) == set(range(10))


def test_a_live_listing_is_known_when_it_was_captured(league: League) -> None:
    reading = read([MADE_UP], "odds_api_events", league, at="2024-11-12T15:00:00")
    told = row(reading, PROVIDER_GAMES)
    assert (told["game_id"], told["home_team_id"], told["away_team_id"]) == ("0022400105", NYK, BOS)
    assert told["known_at"] == datetime(2024, 11, 12, 15, tzinfo=UTC)
    assert kinds_that_fit(b"[]") == []


def test_another_league_and_a_side_that_is_no_team_are_set_aside(league: League) -> None:
    games = [
        MADE_UP,
        MADE_UP | {"id": "w", "sport_key": "basketball_wnba"},
        MADE_UP | {"id": "a", "home_team": "Team LeBron"},
        MADE_UP | {"id": "t", "commence_time": "this evening"},
        "an event",
    ]
    reading = read(games, "odds_api_events", league, at="2024-11-12T15:00:00")
    assert reading.parsed.rows[PROVIDER_GAMES].height == 1
    assert reasons(reading) == {
        "other_league": 1, "unknown_team": 1, "unreadable_commence_at": 1, "not_a_record": 1,
    }  # fmt: skip


def test_a_snapshot_without_a_readable_time_is_no_snapshot(league: League, shared: Path) -> None:
    for timestamp in ("yesterday", "2024-01-25T03:55:40", "0001-01-01T00:00:00Z"):
        came = answer(shared, EVENTS) | {"timestamp": timestamp}
        assert "timestamp" in read(came, "odds_api_historical_events", league).error
