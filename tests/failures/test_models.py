"""Failures 5, 25 and 26: another contract's model, a missing model or input, a model that has proved nothing."""

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.evaluate.seasons import season
from tests.ops.slates import DAY, LATER, QUOTED_AT, forecast_anyone, keep_model, opened
from tests.predict.models import CONTRACT, a_model

from fairline.domain.errors import ContractMismatch, LookAhead, NotFound
from fairline.ops.slate import run_slate
from fairline.predict import registry
from fairline.predict.schema import PREDICTIONS, TABLES
from fairline.predict.systems import SYSTEMS

LIKELIEST = "gradient_boosting"


@pytest.fixture(autouse=True)
def _anyone(monkeypatch: pytest.MonkeyPatch) -> None:
    forecast_anyone(monkeypatch)


def test_5_a_model_trained_on_other_features_is_refused_before_anything_is_written(home: Path) -> None:
    with opened(home) as at:
        model = a_model()
        model.contract_hash = "another"
        registry.save(at.objects, model, {"metrics": {}}, QUOTED_AT - timedelta(days=1))
        with pytest.raises(ContractMismatch, match="follows contract another"):
            run_slate(at, DAY, ["points"])
        for table in TABLES:
            assert at.warehouse.query(f"SELECT count(*) FROM {table.full_name}").item() == 0
        assert at.objects.list("v1/") == []


def test_5_a_feature_that_is_not_passed_in_stops_the_forecast() -> None:
    rows = season(dates=1).drop("usage_avg_last_10")
    with pytest.raises(pl.exceptions.ColumnNotFoundError, match="usage_avg_last_10"):
        a_model().forecast(rows, None, CONTRACT)


def test_25_no_model_no_start(home: Path) -> None:
    with opened(home) as at:
        with pytest.raises(NotFound, match="no model is trained for points") as missing:
            run_slate(at, DAY, ["points"])
        assert missing.value.hint == "fairline train --markets points"
        assert at.warehouse.query(f"SELECT count(*) FROM {PREDICTIONS.full_name}").item() == 0
        assert at.ledger.open_batches() == []


def test_25_a_market_without_a_model_is_not_priced_by_that_of_another(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        with pytest.raises(NotFound, match="no model is trained for rebounds"):
            run_slate(at, DAY, ["points", "rebounds"])
        assert at.warehouse.query(f"SELECT count(*) FROM {PREDICTIONS.full_name}").item() == 0


def test_25_a_model_of_the_wrong_moment_is_not_taken_for_want_of_another(home: Path) -> None:
    with opened(home) as at:
        keep_model(at, known_to=LATER)
        with pytest.raises(LookAhead, match="learned from outcomes after"):
            registry.load(at.objects, "points", QUOTED_AT)


def test_25_a_system_without_its_input_says_so_in_its_own_rows_and_never_zeros(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        run_slate(at, DAY, ["points"])
        rows = at.warehouse.query("SELECT * FROM predictions.player_prop_forecasts")
    assert set(rows["system"]) == set(SYSTEMS)
    unable = rows.filter(pl.col("pmf").is_null())
    # No source of the small league holds shots, usage, or five games of anyone.
    assert {"zone_matchup", "moving_average", "similarity"} <= set(unable["system"])
    assert set(unable.filter(pl.col("system") == "zone_matchup")["reason"]) == {"no_shots"}
    assert unable.select(pl.col("mean", "sd", "q50").is_null().all()).row(0) == (True, True, True)
    assert rows.filter(pl.col("system") == LIKELIEST)["mean"].min() > 0


def test_25_no_system_of_which_nothing_is_known_borrows_anothers_forecast(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        run = run_slate(at, DAY, ["points"])
        zones = run.predictions.filter(pl.col("system") == "zone_matchup")
    assert zones["mean"].null_count() == zones.height > 0
    assert set(zones["recommendation"]) == {"PASS"}


@pytest.mark.parametrize("verdict", [None, "FAIL", "INSUFFICIENT"])
def test_26_a_model_that_has_not_passed_stakes_nothing(home: Path, verdict: str | None) -> None:
    proved = {"market_pooled": {"verdict": verdict, "edge_error": 0.0}} if verdict else {}
    with opened(home) as at:
        keep_model(at, metrics=proved)
        run = run_slate(at, DAY, ["points"])
    assert run.predictions["stake"].max() == 0
    assert not {"OVER", "UNDER"} & set(run.predictions["recommendation"])
    assert run.predictions["expected_value"].drop_nulls().len() > 0


def test_26_what_a_model_learned_later_never_reaches_an_earlier_slate(home: Path) -> None:
    with opened(home) as at:
        honest = keep_model(at)
        before = run_slate(at, DAY, ["points"]).predictions
        keep_model(
            at, known_to=LATER - timedelta(days=1), metrics={"market_pooled": {"verdict": "PASS", "edge_error": 0.0}}
        )
        again = run_slate(at, DAY, ["points"]).predictions
    assert again.equals(before)
    assert set(again["model_hash"]) == {honest}
