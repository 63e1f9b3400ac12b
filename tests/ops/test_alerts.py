"""Alerts: raised once, lasting, cleared, raised anew; each kind with its runbook (failure 28)."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fairline.ops.alerts import ALERT_KINDS, RUNBOOKS, AlertKind, Change, open_alerts, report
from fairline.ops.schema import ALERTS
from fairline.platform.warehouse import DuckWarehouse

KIND = AlertKind("lines_disagree", "warning", "data", "")
NOON = datetime(2023, 12, 2, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def warehouse() -> DuckWarehouse:
    """No alert yet."""
    opened = DuckWarehouse()
    opened.ensure(ALERTS)
    return opened


def test_an_alert_is_raised_once_and_keeps_its_beginning_as_long_as_it_lasts(warehouse: DuckWarehouse):
    assert report(warehouse, KIND, {"2023-12-01 a": "49 and 52"}, NOON) == Change(1, 0, 0)
    assert report(warehouse, KIND, {"2023-12-01 a": "49 and 53"}, NOON + HOUR) == Change(0, 1, 0)
    (row,) = open_alerts(warehouse).to_dicts()
    assert (row["raised_at"], row["last_seen_at"], row["detail"]) == (NOON, NOON + HOUR, "49 and 53")
    assert (row["severity"], row["owner"], row["runbook"]) == ("warning", "data", f"{RUNBOOKS}#lines_disagree")


def test_an_alert_is_cleared_when_its_cause_is_gone_and_raised_anew_when_it_is_back(warehouse: DuckWarehouse):
    report(warehouse, KIND, {"2023-12-01 a": ""}, NOON)
    assert report(warehouse, KIND, {}, NOON + HOUR) == Change(0, 0, 1)
    assert open_alerts(warehouse).is_empty()
    assert warehouse.query("SELECT cleared_at FROM ops.alerts").item() == NOON + HOUR
    assert report(warehouse, KIND, {}, NOON + 2 * HOUR) == Change(0, 0, 0)
    assert warehouse.query("SELECT cleared_at FROM ops.alerts").item() == NOON + HOUR
    assert report(warehouse, KIND, {"2023-12-01 a": ""}, NOON + 3 * HOUR) == Change(1, 0, 0)
    assert open_alerts(warehouse)["raised_at"].to_list() == [NOON + 3 * HOUR]


def test_a_check_of_one_date_clears_no_other_and_a_kind_no_other_kind(warehouse: DuckWarehouse):
    other = AlertKind("results_disagree", "critical", "data", "")
    report(warehouse, KIND, {"2023-12-01 a": "", "2023-12-02 b": ""}, NOON)
    report(warehouse, other, {"2023-12-01 a": ""}, NOON)
    assert report(warehouse, KIND, {}, NOON, among="2023-12-01") == Change(0, 0, 1)
    assert open_alerts(warehouse).select("alert", "subject").rows() == [
        ("results_disagree", "2023-12-01 a"), ("lines_disagree", "2023-12-02 b"),
    ]  # fmt: skip


def test_every_kind_of_alert_has_a_runbook_and_every_runbook_a_kind(repository: Path):
    told = (repository / RUNBOOKS).read_text(encoding="utf-8")
    sections = re.findall(r"^## (\w+)\n\n(\*\*\w+, owner: \w+\.\*\*)", told, flags=re.MULTILINE)
    assert sections == [(kind.name, f"**{kind.severity.capitalize()}, owner: {kind.owner}.**") for kind in ALERT_KINDS]
