"""The backtest as an operation, on a simulated season: what its report says of the terms it was made on."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.evaluate.seasons import FIRST, quoted, season
from tests.ops.slates import opened

from fairline.domain.errors import Refused
from fairline.evaluate import frames, leaks
from fairline.ops.backtesting import backtest
from fairline.platform.home import Home

ROWS = season(dates=64).with_columns(total=pl.when(pl.col("player_id") % 2 == 0).then(220.0))
JUDGED = FIRST + timedelta(days=50), FIRST + timedelta(days=63)


@pytest.fixture(autouse=True)
def _held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "training_rows", lambda *_: ROWS)
    monkeypatch.setattr(frames, "quoted_rows", lambda *_: quoted(ROWS))
    monkeypatch.setattr(leaks, "leak_check", lambda *_, **__: {"passed": True})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One empty home for the module, so that folds fitted once are found again."""
    return tmp_path_factory.mktemp("backtesting") / "home"


@pytest.fixture
def at(folder: Path) -> Iterator[Home]:
    with opened(folder) as home:
        yield home


def judged(home: Home, out: Path, period: tuple[date, date] = JUDGED, **terms: Any) -> dict[str, Any]:
    return backtest(home, *period, ["points"], out=out, told=lambda _: None, **terms)


def verdicts(summary: dict[str, Any]) -> set[str]:
    return {result["verdict"] for result in summary["markets"]["points"].values()}


def test_without_a_word_nothing_is_read_in_hindsight(at: Home, tmp_path: Path) -> None:
    summary = judged(at, tmp_path)
    assert (summary["evaluated"]["hindsight"], summary["leak_check"]) == ("", {"market": "points", "passed": True})
    assert "HINDSIGHT" not in verdicts(summary)
    assert {one.name for one in tmp_path.iterdir()} == {"report.json", "report.html", "rows.parquet"}


@pytest.mark.parametrize(
    ("terms", "read"),
    [
        ({"game_lines": "hindsight"}, "the spread and total of each game"),
        ({"knowledge": "upper_bound"}, "who played"),
        ({"knowledge": "upper_bound", "game_lines": "hindsight"}, "who played and the spread and total of each game"),
    ],
)  # fmt: skip
def test_what_was_read_in_hindsight_is_named_and_no_leak_check_is_claimed(
    at: Home, tmp_path: Path, terms: dict[str, Any], read: str
) -> None:
    summary = judged(at, tmp_path, **terms)
    assert summary["evaluated"]["hindsight"] == read
    assert verdicts(summary) == {"HINDSIGHT"}
    assert not summary["leak_check"]["passed"]
    assert "NOT A FORECAST" in summary["evaluated"]["note"]
    assert ("50% of points" in summary["evaluated"]["note"]) == ("game_lines" in terms)


@pytest.mark.parametrize("terms", [{"refit": "hourly"}, {"game_lines": "guessed"}, {"knowledge": "everything"}])
def test_terms_nobody_offers_are_refused(at: Home, tmp_path: Path, terms: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="is none of"):
        judged(at, tmp_path, **terms)


def test_a_period_that_ends_before_it_begins_is_refused(at: Home, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="ends before it begins"):
        judged(at, tmp_path, (JUDGED[1], JUDGED[0]))
