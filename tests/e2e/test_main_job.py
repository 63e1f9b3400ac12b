"""The main job on the real data: import, train, price a slate of the past, publish, grade."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from fairline.domain.clock import FixedClock
from fairline.domain.errors import LookAhead, NotFound
from fairline.grade.schema import TABLES as GRADES
from fairline.ops.catalogue import open_home
from fairline.ops.results import grade_date
from fairline.ops.slate import SlateRun, run_slate
from fairline.ops.training import Trained, train
from fairline.platform.home import Home
from fairline.platform.ledger.contract import BatchStatus, UnitState
from fairline.platform.settings import load_settings
from fairline.predict.schema import TABLES as PREDICTIONS
from fairline.publish.exports import check

DAY = date(2025, 11, 28)
NOW = datetime(2025, 12, 31, tzinfo=UTC)


@contextmanager
def opened(folder: Path) -> Iterator[Home]:
    with open_home("tests", settings=load_settings(home=folder), clock=FixedClock(NOW)) as home:
        yield home


def held(home: Home) -> dict[str, Any]:
    """Every prediction and grade, and every published file."""
    tables = (*PREDICTIONS, *GRADES)
    rows = {
        one.name: home.warehouse.query(f"SELECT * FROM {one.full_name} ORDER BY ALL").hash_rows().sum()
        for one in tables
    }
    return {**rows, **{key: home.objects.get(key) for key in home.objects.list("v1/")}}


@pytest.fixture(scope="module")
def trained(imported: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Trained]:
    """The imported home with a model of points of a few months, none of it later than the slate."""
    folder = Path(shutil.copytree(imported, tmp_path_factory.mktemp("main") / "home"))
    with opened(folder) as home:
        bounds = {"since": date(2025, 3, 15), "until": date(2025, 11, 27)}
        return folder, train(home, ["points"], **bounds, told=lambda _: None)[0]


@pytest.fixture(scope="module")
def slate(trained: tuple[Path, Trained]) -> tuple[Path, SlateRun]:
    """The slate of 28 November 2025 priced as of its quotes."""
    with opened(trained[0]) as home:
        return trained[0], run_slate(home, DAY, ["points"])


def test_the_model_says_what_it_learned_from_and_how_it_did(trained: tuple[Path, Trained]) -> None:
    _, one = trained
    assert one.last == date(2025, 11, 26)
    pooled = one.metrics["market_pooled"]
    assert pooled["n"] > 300
    assert pooled["verdict"] in {"PASS", "FAIL", "INSUFFICIENT"}
    assert abs(pooled["mae"] - pooled["line_mae"]) < 0.3


def test_the_slate_is_priced_as_of_its_quotes_and_published(slate: tuple[Path, SlateRun]) -> None:
    folder, run = slate
    assert run.as_of == datetime(2025, 11, 28, 17, 0, 39, tzinfo=UTC)
    assert (run.games, run.notes) == (11, ())
    quoted = run.predictions.filter((pl.col("system") == "market_pooled") & (pl.col("book") != ""))
    assert quoted["player_id"].n_unique() > 100
    assert (quoted["captured_at"] <= run.as_of).all()
    decided = quoted["p_over"] + quoted["p_under"] + quoted["p_push"]
    assert (decided - 1).abs().max() < 1e-9
    with opened(folder) as home:
        for kind in ("predictions", "best-bets"):
            check(kind, json.loads(home.objects.get(f"v1/{kind}/{DAY}.json")))
        assert home.ledger.batch(run.batch_id).status == BatchStatus.DONE
        assert home.ledger.tally(run.batch_id)[UnitState.OPEN] == 0


def test_pricing_it_again_changes_nothing(slate: tuple[Path, SlateRun]) -> None:
    folder, first = slate
    with opened(folder) as home:
        before = held(home)
        again = run_slate(home, DAY, ["points"])
        assert held(home) == before
    assert again.batch_id == first.batch_id
    assert again.predictions.equals(first.predictions)
    assert not any(one.written for one in again.published)


def test_grading_it_twice_grades_it_once(slate: tuple[Path, SlateRun]) -> None:
    folder, run = slate
    with opened(folder) as home:
        first = grade_date(home, DAY)
        before = held(home)
        grade_date(home, DAY)
        assert held(home) == before
    ended = first.graded.rows.filter(pl.col("system") == "market_pooled").drop_nulls("outcome")
    assert {"over", "under", "void"} <= set(ended["outcome"])
    assert "ungraded" not in set(ended["outcome"])
    assert ended["player_id"].n_unique() > 100
    assert run.batch_id in set(ended["batch_id"])


def test_a_day_without_games_names_the_nearest(slate: tuple[Path, SlateRun]) -> None:
    with opened(slate[0]) as home, pytest.raises(NotFound, match="no games are held for 2025-11-27") as missing:
        run_slate(home, date(2025, 11, 27), ["points"])
    assert "2025-11-26 and 2025-11-28" in missing.value.hint


def test_a_market_without_a_model_is_not_started(slate: tuple[Path, SlateRun]) -> None:
    with opened(slate[0]) as home, pytest.raises(NotFound, match="no model is trained for rebounds"):
        run_slate(home, DAY, ["rebounds"])


def test_a_moment_in_the_future_is_refused(slate: tuple[Path, SlateRun]) -> None:
    with opened(slate[0]) as home, pytest.raises(LookAhead, match="lies in the future"):
        run_slate(home, DAY, ["points"], as_of=datetime(2026, 1, 1, tzinfo=UTC))
