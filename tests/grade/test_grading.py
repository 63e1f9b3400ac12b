import math
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from tests.grade.held import DAY, FINAL, MORNING, SCHEDULED, finish, game, line, padded, predict, warehouse
from tests.predict.frames import GAME, TIP, forecast, quote

from fairline.domain.errors import NotFound
from fairline.domain.odds import decimal_from_american
from fairline.grade.grading import grade
from fairline.platform.warehouse import DuckWarehouse
from fairline.raw.schema import PROP_QUOTES


@pytest.fixture
def held() -> Iterator[DuckWarehouse]:
    opened = warehouse()
    yield opened
    opened.close()


def only(opened: DuckWarehouse, **which: Any) -> dict[str, Any]:
    """The one grade that is so."""
    rows = grade(opened, DAY, MORNING).rows.filter(**which)
    assert rows.height == 1, rows
    return rows.row(0, named=True)


def stored(opened: DuckWarehouse) -> pl.DataFrame:
    return opened.query("SELECT * FROM predictions.prediction_accuracy ORDER BY ALL")


def test_a_forecast_is_graded_as_by_hand(held: DuckWarehouse) -> None:
    predict(held, [forecast(1)], [quote(1, 1.5)])
    finish(held, line(1, 3))
    row = only(held)
    assert (row["actual"], row["outcome"], row["side"], row["is_bet"], row["is_best"]) == (
        3,
        "over",
        "over",
        True,
        True,
    )
    assert row["profit"] == pytest.approx(0.9)
    assert (row["absolute_error"], row["line_error"]) == (1.0, 1.5)
    # cdf .1 .3 .7 .9 1 against 0 0 0 1 1: .01 + .09 + .49 + .01.
    assert row["crps"] == pytest.approx(0.6)
    assert row["log_score"] == pytest.approx(-math.log(0.2))
    assert row["known_at"] == FINAL


@pytest.mark.parametrize(
    ("at", "threes", "outcome", "profit"),
    [(1.5, 2, "over", 0.9), (1.5, 1, "under", -1.0), (2, 2, "push", 0.0), (2, 3, "over", None)],
)
def test_a_line_ends_over_under_or_push(
    held: DuckWarehouse, at: float, threes: int, outcome: str, profit: float | None
) -> None:
    predict(held, [forecast(1)], [quote(1, at)])
    finish(held, line(1, threes))
    row = only(held)
    assert row["outcome"] == outcome
    if profit is not None:
        assert row["profit"] == pytest.approx(profit)


def test_a_player_not_in_the_final_game_voids_the_bet(held: DuckWarehouse) -> None:
    predict(held, [forecast(1)], [quote(1)])
    finish(held, line(2, 3))
    row = only(held)
    assert (row["outcome"], row["profit"], row["actual"], row["crps"]) == ("void", 0, None, None)


def test_a_game_without_its_box_score_is_ungraded_and_not_void(held: DuckWarehouse) -> None:
    predict(held, [forecast(1)], [quote(1)])
    finish(held)
    assert (only(held)["outcome"], only(held)["profit"]) == ("ungraded", None)


def test_half_a_box_score_is_no_box_score(held: DuckWarehouse) -> None:
    from fairline.analytics.schema import PLAYER_GAME_SUMMARY

    predict(held, [forecast(1)], [quote(1)])
    finish(held)
    held.replace(PLAYER_GAME_SUMMARY, padded(PLAYER_GAME_SUMMARY, [line(2, 3)]))
    assert only(held)["outcome"] == "ungraded"


def test_a_statistic_the_source_lacks_is_ungraded_and_not_void(held: DuckWarehouse) -> None:
    predict(held, [forecast(1)], [quote(1)])
    finish(held, line(1, None))
    assert only(held)["outcome"] == "ungraded"


def test_a_postponed_game_is_no_action(held: DuckWarehouse) -> None:
    predict(held, [forecast(1)], [quote(1)])
    finish(held, games=[game(status="postponed")])
    assert (only(held)["outcome"], only(held)["profit"]) == ("no_action", 0)


def test_a_game_played_on_another_date_is_no_action_for_the_bets_of_the_first(held: DuckWarehouse) -> None:
    predict(held, [forecast(1)], [quote(1)])
    finish(held, line(1, 3), games=[game(game_date=DAY + timedelta(days=20))])
    assert only(held)["outcome"] == "no_action"


def test_a_quote_seen_after_tip_off_is_no_bet(held: DuckWarehouse) -> None:
    predict(held, [forecast(1)], [quote(1, captured_at=TIP + timedelta(minutes=10))])
    finish(held, line(1, 3))
    row = only(held)
    assert (row["outcome"], row["is_bet"], row["profit"]) == ("over", False, None)


def test_a_line_nobody_recorded_is_no_bet(held: DuckWarehouse) -> None:
    predict(held, [forecast(1)], [quote(1, source=None)])
    finish(held, line(1, 3))
    assert not only(held)["is_bet"]


def test_a_forecast_without_a_line_is_scored_and_has_no_outcome(held: DuckWarehouse) -> None:
    predict(held, [forecast(1)], [])
    finish(held, line(1, 3))
    row = only(held)
    assert (row["outcome"], row["profit"], row["absolute_error"]) == (None, None, 1.0)


def test_who_was_skipped_or_not_forecast_is_not_graded(held: DuckWarehouse) -> None:
    predict(held, [forecast(1), forecast(2, status="out"), forecast(3, None)], [quote(1), quote(2), quote(3)])
    finish(held, line(1, 3), line(2, 3), line(3, 3))
    assert grade(held, DAY, MORNING).rows["player_id"].to_list() == [1]


def test_a_count_beyond_the_distribution_is_scored_by_its_tail(held: DuckWarehouse) -> None:
    predict(held, [forecast(1)], [quote(1)])
    finish(held, line(1, 11))
    assert only(held)["log_score"] == pytest.approx(-math.log(0.1))


def test_grading_twice_changes_nothing(held: DuckWarehouse) -> None:
    predict(held, [forecast(1), forecast(2)], [quote(1), quote(2), quote(2, book="betmgm")])
    finish(held, line(1, 3), line(2, 0))
    first = grade(held, DAY, MORNING)
    before = stored(held), held.query("SELECT * FROM predictions.system_daily_performance ORDER BY ALL")
    again = grade(held, DAY, MORNING + timedelta(days=1))
    assert (first.written.written, again.written.written, again.written.unchanged) == (3, 0, 3)
    assert stored(held).equals(before[0])
    assert held.query("SELECT * FROM predictions.system_daily_performance ORDER BY ALL").equals(before[1])


def test_a_corrected_box_score_makes_a_revision_of_the_grades_it_changes(held: DuckWarehouse) -> None:
    predict(held, [forecast(1), forecast(2)], [quote(1), quote(2)])
    finish(held, line(1, 3), line(2, 3))
    grade(held, DAY, MORNING)
    corrected = MORNING + timedelta(hours=5)
    old = [line(player, 3, superseded_at=corrected) for player in (1, 2)]
    new = [line(1, 1, known_at=corrected), line(2, 3, known_at=corrected)]
    other = [line(99, 0, team=1610612738, superseded_at=corrected), line(99, 0, team=1610612738, known_at=corrected)]
    from fairline.analytics.schema import PLAYER_GAME_SUMMARY

    held.replace(PLAYER_GAME_SUMMARY, padded(PLAYER_GAME_SUMMARY, [*old, *new, *other]))
    assert grade(held, DAY, MORNING).written.written == 0, "the correction is not known yet"
    assert grade(held, DAY, corrected + timedelta(hours=1)).written.written == 1
    revisions = stored(held).filter(player_id=1).sort("known_at")
    assert revisions.select("known_at", "outcome").rows() == [(FINAL, "over"), (corrected, "under")]
    assert grade(held, DAY, corrected + timedelta(days=1)).written.written == 0
    assert grade(held, DAY, MORNING).written.written == 0, "an older view of the results says nothing new"


def test_a_change_whose_time_no_source_tells_is_known_from_now(held: DuckWarehouse) -> None:
    predict(held, [forecast(1)], [quote(1)])
    finish(held, line(1, 3))
    grade(held, DAY, MORNING)
    finish(held, line(1, 1))
    grade(held, DAY, MORNING + timedelta(days=1))
    assert stored(held).select("known_at", "outcome").rows() == [
        (FINAL, "over"), (MORNING + timedelta(days=1), "under"),
    ]  # fmt: skip


def test_what_was_ungraded_is_graded_when_its_result_arrives(held: DuckWarehouse) -> None:
    predict(held, [forecast(1)], [quote(1)])
    finish(held, games=[game(status="scheduled", known_at=SCHEDULED)])
    assert grade(held, DAY, TIP).rows["outcome"].to_list() == ["ungraded"]
    finish(held, games=[game(status="scheduled", known_at=SCHEDULED, superseded_at=FINAL), game()])
    grade(held, DAY, MORNING)
    finish(held, line(1, 3))
    grade(held, DAY, MORNING)
    assert stored(held).select("known_at", "outcome").rows() == [(SCHEDULED, "ungraded"), (FINAL, "over")]


def test_a_date_nobody_forecast_cannot_be_graded(held: DuckWarehouse) -> None:
    with pytest.raises(NotFound, match="nothing to grade"):
        grade(held, DAY, MORNING)


def close(at: timedelta, over: float, under: float, book: str = "fanduel") -> dict[str, Any]:
    return {
        "game_id": GAME, "game_date": DAY, "player_id": 1, "player_name": "Player 1", "market": "threes", "book": book,
        "captured_at": TIP + timedelta(minutes=10) - at, "half_points": 3, "over_decimal": over, "under_decimal": under,
        "source": "odds_api", "valid_at": TIP, "known_at": TIP, "capture_id": "c",
    }  # fmt: skip


def test_a_close_is_seen_in_the_last_half_hour_and_values_the_line_taken(held: DuckWarehouse) -> None:
    predict(held, [forecast(1)], [quote(1)])
    finish(held, line(1, 3))
    even = decimal_from_american(-110)
    closes = [
        close(timedelta(minutes=31), 1.2, 5.0),
        close(timedelta(minutes=20), 1.3, 4.0),
        close(timedelta(minutes=1), even, even),
    ]
    held.upsert(PROP_QUOTES, padded(PROP_QUOTES, closes).drop("content_hash", strict=False))
    # The book's last word before tip-off is an even chance: 1.9 x .5 - 1.
    assert only(held)["clv"] == pytest.approx(-0.05)


def test_another_lines_price_is_no_part_of_the_close(held: DuckWarehouse) -> None:
    predict(held, [forecast(1)], [quote(1)])
    finish(held, line(1, 3))
    even, at = decimal_from_american(-110), timedelta(minutes=5)
    closes = [close(at, even, even, book) for book in ("fanduel", "betmgm", "draftkings")]
    fake = close(at, 2.8, 1.41, "bovada")
    held.upsert(PROP_QUOTES, padded(PROP_QUOTES, [*closes, fake]).drop("content_hash", strict=False))
    assert only(held)["clv"] == pytest.approx(-0.05)


def test_without_a_close_there_is_no_closing_line_value(held: DuckWarehouse) -> None:
    predict(held, [forecast(1)], [quote(1)])
    finish(held, line(1, 3))
    held.upsert(
        PROP_QUOTES, padded(PROP_QUOTES, [close(timedelta(hours=2), 1.9, 1.9)]).drop("content_hash", strict=False)
    )
    assert only(held)["clv"] is None


def test_nothing_known_later_is_read(held: DuckWarehouse) -> None:
    predict(held, [forecast(1)], [quote(1)])
    later = MORNING + timedelta(hours=1)
    before = game(status="scheduled", known_at=SCHEDULED, superseded_at=later)
    finish(held, line(1, 3, known_at=later), games=[before, game(known_at=later)])
    assert only(held)["outcome"] == "ungraded"
