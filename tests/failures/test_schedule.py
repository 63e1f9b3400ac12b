"""The schedule against failures 10, 15, 19, 22 and 27: Eastern dates, honest ends, durable guards, bounded retries."""

import json
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.ops.slates import DAY, QUOTED_AT, keep_model, opened
from tests.raw.world import GSW, LAL

from fairline.domain.clock import FixedClock
from fairline.ops.due import CatchUp, Game, Job, Kind, Needs, due
from fairline.ops.due_times import At
from fairline.ops.jobs import WORKS
from fairline.ops.schedule import SCHEDULE
from fairline.ops.steps import Done
from fairline.ops.ticking import tick
from fairline.platform.home import Home, open_workplace
from fairline.platform.ledger.contract import RunStatus
from fairline.platform.settings import load_settings
from fairline.raw.schema import GAMES

EVERY_MINUTE = Job(
    "poll", "", (At("* * * * *", ""),), CatchUp(Kind.ALL, timedelta(minutes=30)), timedelta(minutes=5), Needs.NOTHING
)


def test_what_is_due_after_seven_in_the_evening_belongs_to_the_eastern_date_not_to_the_utc_one():
    evening = datetime(2026, 1, 15, 1, 30, tzinfo=UTC)
    wednesday = date(2026, 1, 14)
    slates = {wednesday: [Game("g", datetime(2026, 1, 15, 3, 30, tzinfo=UTC), "scheduled")]}
    dates = {each.game_date for each in due(SCHEDULE, {}, evening, slates) if each.job.name in {"lines", "injuries"}}
    assert dates == {wednesday}


def test_a_scheduled_job_that_counted_nothing_is_never_called_a_success(tmp_path: Path):
    clock = FixedClock(QUOTED_AT)
    ledger, _ = open_workplace(load_settings(home=tmp_path), clock)
    table = [EVERY_MINUTE]
    runs = tick(
        lambda: nullcontext(None), ledger, clock.now(), slates={}, table=table, works={"poll": lambda *_: Done()}
    )  # type: ignore[arg-type]
    ledger.close_connection()
    assert {run.status for run in runs} == {RunStatus.NO_DATA}


def test_what_ran_is_still_known_after_a_restart(tmp_path: Path):
    clock = FixedClock(QUOTED_AT)
    for expected in (31, 0):
        ledger, _ = open_workplace(load_settings(home=tmp_path), clock)
        works = {"poll": lambda *_: Done({"rows": 1})}
        runs = tick(lambda: nullcontext(None), ledger, clock.now(), slates={}, table=[EVERY_MINUTE], works=works)  # type: ignore[arg-type]
        ledger.close_connection()
        assert len(runs) == expected


def test_a_job_that_always_fails_is_tried_three_times_a_due_time_and_not_seven_thousand(tmp_path: Path):
    clock = FixedClock(QUOTED_AT)
    ledger, _ = open_workplace(load_settings(home=tmp_path), clock)
    hourly = Job("poll", "", (At("0 * * * *", ""),), EVERY_MINUTE.catch_up, timedelta(minutes=5), Needs.NOTHING)

    def fails(*_: object) -> Done:
        raise ConnectionError("the game has not been played")

    tried = 0
    for _ in range(20 * 60):
        runs = tick(lambda: nullcontext(None), ledger, clock.now(), slates={}, table=[hourly], works={"poll": fails})  # type: ignore[arg-type]
        tried += len(runs)
        clock.advance(timedelta(minutes=1))
    ledger.close_connection()
    assert tried == 20 * 3


def test_a_game_postponed_after_publishing_makes_a_new_revision_without_it_and_keeps_the_old(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("fairline.ops.units.LEAST_QUALITY", 0)
    with opened(home, now=QUOTED_AT) as at:
        keep_model(at)
        state(at, game_id="0022400199", home_team_id=GSW, away_team_id=LAL)
        WORKS["same-day-predictions"](at, DAY, lambda _: None)
        first = revision(at)
        assert games_in(first) == {"0022400105", "0022400199"}
        assert WORKS["reprice-on-news"](at, DAY, lambda _: None).status is RunStatus.NO_DATA
    with opened(home, now=QUOTED_AT + timedelta(hours=1)) as at:
        state(at, game_id="0022400199", home_team_id=GSW, away_team_id=LAL, status="postponed", statement="result")
        assert WORKS["reprice-on-news"](at, DAY, lambda _: None).counts["expected"] > 0
        second = revision(at)
        assert games_in(second) == {"0022400105"}
        assert revision(at, 1) == first
        assert WORKS["reprice-on-news"](at, DAY, lambda _: None).status is RunStatus.NO_DATA


def state(at: Home, **stated: object) -> None:
    """Let the schedule say of another game of the date what it says of the first, but for this."""
    said = at.warehouse.query("SELECT * FROM raw.games WHERE game_id = '0022400105' AND statement = 'schedule' LIMIT 1")
    now = pl.lit(at.clock.now()).cast(pl.Datetime("us", "UTC"))
    told = said.with_columns(
        known_at=now, valid_at=now, content_hash=pl.lit(hash(str(stated)) % 2**60, dtype=pl.UInt64),
        **{name: pl.lit(value, dtype=said.schema[name]) for name, value in stated.items()},
    )  # fmt: skip
    at.warehouse.append_new(GAMES, told)


def revision(at: Home, number: int = 0) -> dict[str, Any]:
    """The published predictions of the date, the latest or that revision."""
    key = f"v1/predictions/{DAY}.json" if not number else f"v1/predictions/{DAY}/r{number}.json"
    document: dict[str, Any] = json.loads(at.objects.get(key))
    return document


def games_in(document: dict[str, Any]) -> set[str]:
    return {row["game_id"] for row in document["players"]}
