"""Failures 13, 15, 20, 25, 27: what is graded as a bet, and what is published stays."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.grade.held import DAY, MORNING, finish, line, predict, warehouse
from tests.predict.frames import CUTOFF, TIP, consensus, forecast, forecasts, quote, quotes, rules

from fairline.domain.clock import FixedClock
from fairline.domain.errors import BrokenContract
from fairline.grade.grading import grade
from fairline.grade.performance import last_before_tip
from fairline.platform.ledger.contract import Ledger
from fairline.platform.ledger.sqlite import open_sqlite
from fairline.platform.objects import ObstoreObjects
from fairline.platform.warehouse import DuckWarehouse
from fairline.predict.board import best, best_sides
from fairline.predict.pricing import price
from fairline.publish.results import publish_results
from fairline.publish.slate import Slate, publish_slate


@pytest.fixture
def held() -> Iterator[DuckWarehouse]:
    opened = warehouse()
    yield opened
    opened.close()


@pytest.fixture
def objects(tmp_path: Path) -> ObstoreObjects:
    return ObstoreObjects.local(tmp_path / "objects")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_sqlite(tmp_path / "ledger.sqlite", FixedClock(CUTOFF))
    yield opened
    opened.close_connection()


def slate(over: float, day: date = DAY) -> Slate:
    made = forecasts(forecast())
    priced = price(made, quotes(quote(over=over)), consensus(1), rules())
    told = made.drop("status_changed_at")
    return Slate(day, "c0ffee", told, priced, best(priced, ()), best_sides(priced, ()), {})


def first_price(objects: ObstoreObjects, key: str) -> float:
    document = json.loads(objects.get(key))
    return float(document["players"][0]["markets"][0]["systems"][0]["best"]["over"]["price"])


def test_13_an_estimated_line_is_never_graded_as_a_bet(held: DuckWarehouse) -> None:
    predict(held, [forecast(1)], [quote(1, source=None)])
    finish(held, line(1, 3))
    graded = grade(held, DAY, MORNING)
    assert graded.rows.select("is_bet", "profit").rows() == [(False, None)]
    assert graded.performance.filter(slice_by="all")["picks"].to_list() == [0]


def test_13_a_quote_seen_after_tip_off_is_never_graded_as_a_bet(held: DuckWarehouse) -> None:
    predict(held, [forecast(1)], [quote(1, captured_at=TIP + timedelta(hours=1))])
    finish(held, line(1, 3))
    assert grade(held, DAY, MORNING).rows.select("is_bet", "profit").rows() == [(False, None)]


@pytest.mark.parametrize(("threes", "outcome"), [(2, "push"), (None, "void")])
def test_13_a_push_and_a_void_are_neither_won_nor_lost(held: DuckWarehouse, threes: int | None, outcome: str) -> None:
    predict(held, [forecast(1)], [quote(1, 2)])
    finish(held, line(2, 0), *([] if threes is None else [line(1, threes)]))
    graded = grade(held, DAY, MORNING)
    assert graded.rows.select("outcome", "profit").rows() == [(outcome, 0.0)]
    assert graded.performance.filter(slice_by="all").select("over", "picks", "hits", outcome).rows() == [(0, 0, 0, 1)]


def test_15_a_date_without_results_is_not_reported_as_covered(held: DuckWarehouse) -> None:
    predict(held, [forecast(1)], [quote(1)])
    finish(held)
    day = grade(held, DAY, MORNING).performance.filter(slice_by="all").row(0, named=True)
    assert (day["expected"], day["ungraded"], day["coverage"], day["hit_rate"]) == (1, 1, 0, None)


def test_20_grading_a_date_as_often_as_one_likes_holds_each_grade_once(held: DuckWarehouse) -> None:
    predict(held, [forecast(1), forecast(2)], [quote(1), quote(2)])
    finish(held, line(1, 3))
    for hours in range(3):
        grade(held, DAY, MORNING + timedelta(hours=hours))
    assert held.query("SELECT count(*) FROM predictions.prediction_accuracy").item() == 2


def test_25_a_system_without_its_input_has_a_row_with_the_reason_and_no_number() -> None:
    rows = price(forecasts(forecast(pmf=None)), quotes(quote()), consensus(1), rules())
    row = rows.row(0, named=True)
    assert row["reason"] == "no_shots"
    numbers = ["mean", "p_over", "p_under", "p_push", "side", "price", "fair_price", "edge", "expected_value"]
    assert [row[name] for name in numbers] == [None] * len(numbers)


def test_25_a_forecast_of_nothing_without_a_reason_stops_the_run() -> None:
    with pytest.raises(BrokenContract):
        price(forecasts(forecast(pmf=None, reason=None)), quotes(quote()), consensus(1), rules())


def test_27_what_was_published_is_never_rewritten_a_correction_is_a_new_revision(
    objects: ObstoreObjects, ledger: Ledger
) -> None:
    publish_slate(objects, ledger, slate(1.9))
    first = objects.get("v1/predictions/2025-11-28/r1.json")
    published = publish_slate(objects, ledger, slate(2.0))[0]
    assert (published.revision, published.written) == (2, True)
    assert objects.get("v1/predictions/2025-11-28/r1.json") == first
    assert first_price(objects, "v1/predictions/2025-11-28/r1.json") == 1.9
    assert first_price(objects, "v1/predictions/2025-11-28.json") == 2.0


def test_27_going_back_to_what_was_said_before_is_said_again_as_a_revision(
    objects: ObstoreObjects, ledger: Ledger
) -> None:
    revisions = [publish_slate(objects, ledger, slate(over))[0].revision for over in (1.9, 2.0, 1.9, 1.9)]
    assert revisions == [1, 2, 3, 3]
    assert first_price(objects, "v1/predictions/2025-11-28.json") == 1.9


def test_27_a_corrected_result_is_a_new_revision_of_the_results(
    held: DuckWarehouse, objects: ObstoreObjects, ledger: Ledger
) -> None:
    def publish(threes: int, now: Any) -> int:
        finish(held, line(1, threes))
        graded = grade(held, DAY, now)
        return publish_results(objects, ledger, DAY, last_before_tip(graded.rows), graded.performance).revision

    predict(held, [forecast(1), forecast(2)], [quote(1)])
    assert [publish(3, MORNING), publish(3, MORNING), publish(1, MORNING + timedelta(days=1))] == [1, 1, 2]
    told = json.loads(objects.get("v1/results/2025-11-28/r2.json"))
    system = told["players"][0]["markets"][0]["systems"][0]
    assert (told["players"][0]["markets"][0]["actual"], system["outcome"], system["profit"]) == (1, "under", -1.0)
    unquoted = told["players"][1]["markets"][0]["systems"][0]
    assert (unquoted["outcome"], unquoted["line"], unquoted["book"]) == (None, None, None)
