"""Training on a simulated season: what it keeps, and that it learns nothing later than it may."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.evaluate.seasons import FIRST, quoted, season
from tests.ops.slates import opened

from fairline.domain.errors import NotFound
from fairline.evaluate import frames
from fairline.ops.training import Trained, train
from fairline.platform.home import Home
from fairline.platform.ledger.contract import RunStatus
from fairline.predict import registry

ROWS = season(dates=64)
"""Two windows of thirty dates, the second judged by none before it, and one of four."""


def hold(monkeypatch: pytest.MonkeyPatch, rows: pl.DataFrame) -> None:
    """The rows as those of the warehouse."""
    monkeypatch.setattr(frames, "training_rows", lambda _: rows)
    monkeypatch.setattr(frames, "quoted_rows", lambda *_: quoted(rows))


@pytest.fixture(autouse=True)
def _held(monkeypatch: pytest.MonkeyPatch) -> None:
    hold(monkeypatch, ROWS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One empty home for the module, so that folds fitted once are found again."""
    return tmp_path_factory.mktemp("training") / "home"


@pytest.fixture
def at(folder: Path) -> Iterator[Home]:
    with opened(folder) as home:
        yield home


def trained(home: Home, **bounds: Any) -> Trained:
    return train(home, ["points"], **bounds, told=lambda _: None)[0]


def test_a_model_is_kept_with_its_range_and_how_it_did(at: Home) -> None:
    one = trained(at)
    known_to = ROWS["outcome_known_at"].max()
    _, card, model_hash = registry.load(at.objects, "points", known_to)
    assert model_hash == one.model_hash
    assert (one.rows, one.first, one.last) == (ROWS.height, FIRST, FIRST + timedelta(days=63))
    assert card["about"]["metrics"]["market_pooled"]["verdict"] in {"PASS", "FAIL", "INSUFFICIENT"}
    assert card["about"]["metrics"]["ensemble"]["n"] == 4 * 24
    assert card["about"]["metrics"]["ensemble"]["edge_error"] > 1.96 * 0.5 / 96**0.5
    assert at.ledger.runs("train")[0].status == RunStatus.SUCCESS


def test_the_same_past_gives_the_same_model_and_changes_nothing(at: Home, tmp_path: Path) -> None:
    first = trained(at).model_hash
    kept = {key: at.objects.get(key) for key in at.objects.list("models/")}
    assert trained(at).model_hash == first
    assert {key: at.objects.get(key) for key in at.objects.list("models/")} == kept
    with opened(tmp_path / "elsewhere") as elsewhere:
        assert trained(elsewhere).model_hash == first


def test_a_model_until_a_date_does_not_depend_on_what_happened_after(at: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    until = FIRST + timedelta(days=49)
    first = trained(at, until=until)
    assert first.last == until
    later = pl.col("game_date") > until
    hold(monkeypatch, ROWS.with_columns(pl.when(later).then(60).otherwise("actual_points").alias("actual_points")))
    assert trained(at, until=until).model_hash == first.model_hash


def test_a_model_as_of_a_moment_knows_only_what_was_known(at: Home) -> None:
    moment = ROWS["outcome_known_at"].unique().sort()[40] - timedelta(minutes=1)
    one = trained(at, known_by=moment)
    assert one.last == FIRST + timedelta(days=39)
    assert registry.load(at.objects, "points", moment)[2] == one.model_hash


def test_a_model_since_a_date_forgets_what_was_before(at: Home) -> None:
    since = FIRST + timedelta(days=10)
    one = trained(at, since=since)
    assert (one.first, one.rows) == (since, 54 * 24)


def test_too_few_games_are_told_plainly_and_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path / "home") as at:
        for rows, told in (
            (ROWS.clear(), "no player-games are held"),
            (ROWS.head(120), "120 player-games teach points"),
        ):
            hold(monkeypatch, rows)
            with pytest.raises(NotFound, match=told):
                trained(at)
            assert at.ledger.runs("train")[0].status == RunStatus.FAILED
        assert at.objects.list("models/") == []


def test_a_past_too_short_for_any_window_is_told_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(monkeypatch, ROWS.head(24 * 20))
    with opened(tmp_path / "home") as at, pytest.raises(NotFound, match="no earlier window of points"):
        trained(at)
