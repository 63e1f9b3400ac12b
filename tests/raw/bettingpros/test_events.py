"""The games BettingPros lists: its ids of them, and how they ended."""

from datetime import UTC, datetime
from pathlib import Path

from tests.raw.answers import answer, content, holding, kinds_that_fit, read, reasons, row
from tests.raw.bettingpros.conftest import EVENTS
from tests.raw.bettingpros.made_up import event, events, offer, page, selection
from tests.raw.world import League

from fairline.domain.teams import team
from fairline.raw.schema import GAMES, PROVIDER_GAMES

# Game, Eastern date, Eastern tip-off, home, away: the games of the payload.
PLAYED = (
    ("0022100014", "2021-10-21", "19:30:00", "ATL", "DAL"),
    ("0022100015", "2021-10-21", "20:00:00", "MIA", "MIL"),
    ("0022100016", "2021-10-21", "22:00:00", "GSW", "LAC"),
)
SEASON_BEFORE = datetime(2021, 5, 1, tzinfo=UTC).date()


def test_answers_are_recognised_by_what_they_hold(shared: Path) -> None:
    assert kinds_that_fit(content(shared, EVENTS)) == ["bettingpros_events"]


def test_real_events_give_ids_and_results_known_when_imported_history_would_be(shared: Path, nothing: League) -> None:
    league = holding(nothing, PLAYED, (), SEASON_BEFORE)
    reading = read(content(shared, EVENTS), "bettingpros_events", league, at="2025-08-12T20:59:05")
    assert (reading.came.height, reasons(reading)) == (3, {})
    told = row(reading, PROVIDER_GAMES, provider_game_id="20879")
    assert (told["game_id"], told["status"]) == ("0022100014", "final")
    assert told["commence_at"] == datetime(2021, 10, 21, 23, 30, tzinfo=UTC)
    ended = row(reading, GAMES, game_id="0022100016")
    assert (ended["home_team_id"], ended["home_points"], ended["away_points"]) == (team("GSW").team_id, 115, 113)
    assert (ended["overtimes"], ended["arena"]) == (0, "Chase Center")
    assert ended["known_at"] == datetime(2021, 10, 22, 6, tzinfo=UTC)


def test_a_game_to_come_has_no_result(league: League) -> None:
    reading = read(events(event()), "bettingpros_events", league, at="2024-11-12T15:00:00")
    assert row(reading, PROVIDER_GAMES)["status"] == "scheduled"
    assert reading.parsed.rows[GAMES].is_empty()


def test_another_league_a_torn_event_and_a_game_over_without_a_score_are_set_aside(league: League) -> None:
    listed = events(
        event(1, sport="WNBA"), event(2, scheduled="soon"), event(3, status="closed"), 4, event(5, home="XYZ")
    )
    reading = read(listed, "bettingpros_events", league, at="2024-11-12T15:00:00")
    assert reasons(reading) == {
        "other_league": 1, "unreadable_commence_at": 1, "missing_score": 1, "not_a_record": 1, "unknown_team": 1,
    }  # fmt: skip


def test_a_word_for_a_state_never_seen_is_an_unknown_state(shared: Path, nothing: League) -> None:
    league = holding(nothing, PLAYED, (), SEASON_BEFORE)
    came = answer(shared, EVENTS)
    came["events"] = [came["events"][0] | {"status": "flex-schedule"}]
    assert row(read(came, "bettingpros_events", league), PROVIDER_GAMES)["status"] == "unknown"


def test_events_and_offers_are_not_taken_for_each_other() -> None:
    import json

    assert kinds_that_fit(json.dumps(events(event())).encode()) == ["bettingpros_events"]
    assert kinds_that_fit(json.dumps(page(offer("A", selection("over", {})))).encode()) == ["bettingpros_offers"]
    assert kinds_that_fit(json.dumps(page()).encode()) == ["bettingpros_offers"]
