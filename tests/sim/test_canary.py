"""The canary's captures: read by the real parsers to the last record, whatever the hour or season they are made in."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.raw.world import League

from fairline.platform.captures import capture_of, land
from fairline.platform.objects import ObstoreObjects
from fairline.raw.capture_loading import load_captures, unloaded
from fairline.raw.schema import PROP_QUOTES
from fairline.sim.canary import PLAYER, PLAYER_ID, canary

HOURS = [
    datetime(2025, 11, 28, 16, 30, tzinfo=UTC),
    datetime(2026, 7, 10, 2, 30, tzinfo=UTC),  # midnight Eastern as tip-off, between two seasons
    datetime(2026, 11, 1, 4, 50, tzinfo=UTC),  # tip-off in the hour that comes twice
    datetime(2026, 3, 8, 5, 45, tzinfo=UTC),  # and in the night in which one is left out
]


@pytest.mark.parametrize("now", HOURS, ids=str)
def test_no_record_of_a_canary_is_set_aside_at_whatever_hour_it_is_sent(tmp_path: Path, now: datetime):
    (tmp_path / "files").mkdir()
    league, objects = League.empty(tmp_path / "files"), ObstoreObjects.local(tmp_path / "objects")
    made = canary(now)
    for each in (*made.before, *made.after):
        content = each.content.encode()
        capture = capture_of(
            content,
            source=each.source,
            kind=each.kind,
            at=each.captured_at,
            url=each.url,
            params=each.params,
            status=200,
        )
        land(content, capture, objects)
    reports = load_captures(
        unloaded(league.warehouse, objects), warehouse=league.warehouse, objects=objects, now=made.graded_at
    )
    assert [(each.kind, each.problem, each.quarantined, each.unresolved) for each in reports] == [
        (each.kind, "", {}, 0) for each in reports
    ]
    quotes = league.rows(PROP_QUOTES)
    assert quotes.select("player_id", "game_date", "half_points").unique().rows() == [(PLAYER_ID, made.day, 43)]
    assert made.priced_at < made.tip_at < made.graded_at


def test_a_canary_says_of_itself_that_it_is_one():
    made = canary(HOURS[0])
    for each in (*made.before, *made.after):
        told = json.loads(each.content)
        assert "simulated" in told["fairline"] if isinstance(told, dict) else told[0]["id"].startswith("canary")
    assert PLAYER.startswith("Canary")


def test_the_same_moment_makes_the_same_canary():
    assert canary(HOURS[0]) == canary(HOURS[0])
