"""`fairline availability`, `fairline reconcile` and `fairline alerts`, as a person asks."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from fairline.domain.clock import FixedClock
from fairline.domain.errors import LookAhead
from fairline.ops.availability import availability
from fairline.ops.catalogue import open_home
from fairline.platform.settings import load_settings
from fairline.raw.loading import import_files


@pytest.fixture
def reported(home: Path, tmp_path: Path) -> Path:
    """Snapshots on 12 November: Herbert Jones of New York is out, since the day before."""
    rows = [
        {"Team": "NYK", "Player": "Herb Jones", "Status": "Out", "snapshot_ts": "2024-11-11 15:00:00+00:00"},
        {"Team": "NYK", "Player": "Herb Jones", "Status": "Out", "snapshot_ts": "2024-11-12 15:00:00+00:00"},
        {"Team": "BOS", "Player": "Jalen Johnson", "Status": "Probable", "snapshot_ts": "2024-11-12 15:00:00+00:00"},
    ]
    file = tmp_path / "snapshots.parquet"
    pl.DataFrame(rows).write_parquet(file)
    with open_home("tests", settings=load_settings(home=home)) as opened:
        (report,) = import_files([file], warehouse=opened.warehouse, objects=opened.objects, clock=opened.clock)
    assert (report.error, report.unresolved_rows) == ("", 0)
    return home


def test_a_person_reads_status_since_when_and_who_says_so(reported: Path, told: Callable[..., str]):
    del reported
    text = told("availability", "herb jones", "--at", "2024-11-12 18:00")
    assert "out" in text
    assert "11 Nov 10:00 ET, 32 h ago" in text
    assert "10:00 ET, 8 h ago" in text
    assert "injury_snapshots" in text


def test_a_team_is_told_gravest_first_and_the_unlisted_are_available(reported: Path, answered: Callable[..., Any]):
    del reported
    players = answered("availability", "knicks", "--at", "2024-11-12T23:00:00Z")["players"]
    assert [(row["player"], row["status"], row["words"]) for row in players] == [
        ("Herbert Jones", "out", "Out"), ("Jaren Jackson Jr.", "available", "not listed"),
    ]  # fmt: skip


def test_without_a_report_of_36_hours_nobody_is_called_healthy(reported: Path, answered: Callable[..., Any]):
    del reported
    (jones,) = answered("availability", "903", "--at", "2024-11-14T12:00:00Z")["players"]
    assert (jones["status"], jones["source"]) == ("unknown", None)
    assert jones["words"] == "no report of 36 hours speaks of him"


def test_the_future_is_not_told(reported: Path):
    clock = FixedClock(datetime(2024, 11, 12, tzinfo=UTC))
    with open_home("tests", settings=load_settings(home=reported), clock=clock) as home, pytest.raises(LookAhead):
        availability(home, "knicks", "2024-11-13T00:00:00Z")


def test_sources_that_agree_leave_no_alert(reported: Path, told: Callable[..., str], answered: Callable[..., Any]):
    del reported
    assert answered("reconcile")["disagreements"] == []
    assert "box_scores_disagree: 0 raised" in told("reconcile", "--date", "2024-11-12")
    assert told("alerts").strip() == "No alert is open."
    assert answered("alerts") == {"alerts": []}
