"""The rows a market is judged on: which capture, which tip-off, which outcome."""

from datetime import date, datetime, timedelta
from typing import Any, get_args

import polars as pl
import pytest
from tests.features.league import BOS, GSW, LAL, NYK, League, evening

from fairline.evaluate.frames import QuoteRule, quoted_rows, teaches, training_rows
from fairline.evaluate.hindsight import GameLines, game_lines_read
from fairline.platform.warehouse import DuckWarehouse

EARLIER, TONIGHT = date(2023, 1, 10), date(2023, 1, 12)
BEFORE, GAME, OTHER = "0022200601", "0022200611", "0022200602"
STAR, MATE, ABSENT = 1, 2, 3
TIP = evening(TONIGHT)


@pytest.fixture
def league() -> League:
    """Boston and New York on two evenings; the star and his mate play both, the absent man the first alone."""
    league = League()
    league.game(BEFORE, EARLIER, BOS, NYK)
    league.game(OTHER, EARLIER, LAL, GSW)
    league.game(GAME, TONIGHT, NYK, BOS)
    for player, points in ((STAR, 31), (MATE, 12), (ABSENT, 8)):
        league.box(BEFORE, EARLIER, player, BOS, points=points)
    league.box(BEFORE, EARLIER, 9, NYK)
    for player, points in ((STAR, 24), (MATE, 15)):
        league.box(GAME, TONIGHT, player, BOS, points=points)
    league.box(GAME, TONIGHT, 9, NYK)
    return league


def quote(league: League, minutes_before: float, player: int = STAR, half_points: int = 49, **told: Any) -> datetime:
    at = TIP - timedelta(minutes=minutes_before)
    league.quote(GAME, TONIGHT, player, at, half_points, **told)
    return at


def judged(league: League, **rule: Any) -> pl.DataFrame:
    return quoted_rows(league.warehouse(), "points", date.min, date.max, rule=QuoteRule(**rule))


def test_a_row_is_cut_at_the_players_latest_capture_before_tip_off(league: League) -> None:
    quote(league, 300)
    last = quote(league, 45)
    quote(league, -15)
    earlier = quote(league, 200, MATE, 29)
    assert judged(league).select("player_id", "cutoff").sort("player_id").rows() == [(STAR, last), (MATE, earlier)]


def test_ten_minutes_of_grace_are_assumed_after_the_scheduled_tip_off_and_not_by_the_schedule_alone(
    league: League,
) -> None:
    before, after = quote(league, 60), quote(league, -5)
    assert judged(league)["cutoff"].to_list() == [after]
    assert judged(league, tip="scheduled")["cutoff"].to_list() == [before]


def test_the_providers_later_commence_time_is_believed(league: League) -> None:
    late = quote(league, -25, commence_at=TIP + timedelta(minutes=30))
    rows = judged(league)
    assert rows["cutoff"].to_list() == [late]
    assert rows["tip_off_at"].to_list() == [TIP + timedelta(minutes=30)]
    assert judged(league, tip="scheduled").is_empty()


def test_a_one_sided_quote_moves_no_cutoff(league: League) -> None:
    both = quote(league, 90)
    quote(league, 30, under_decimal=None)
    assert judged(league)["cutoff"].to_list() == [both]


def test_the_outcome_is_a_label_beside_the_row_and_the_absent_man_has_none(league: League) -> None:
    quote(league, 60)
    quote(league, 60, ABSENT, 17)
    rows = judged(league).sort("player_id").select("player_id", "actual_points", "result_held").rows()
    assert rows == [(STAR, 24, True), (ABSENT, None, True)]


def test_without_a_box_score_nobody_is_called_absent(league: League) -> None:
    quote(league, 60)
    league.rows["player_box_scores"] = [row for row in league.rows["player_box_scores"] if row["game_id"] != GAME]
    assert judged(league).select("actual_points", "result_held").rows() == [(None, False)]


def test_by_the_last_capture_nothing_is_told_of_what_came_after(league: League) -> None:
    quote(league, 90, MATE, 29)
    quote(league, 60)
    rows = judged(league)
    later = ("takeable", "next_decimal_over", "next_decimal_under", "close_p_over")
    assert rows.select(later).null_count().row(0) == (2, 2, 2, 2)


def test_by_the_previous_capture_the_next_one_tells_whether_the_quote_could_be_taken(league: League) -> None:
    cut = quote(league, 90, over_decimal=2.0, under_decimal=1.8)
    quote(league, 90, MATE, 29)
    quote(league, 60, over_decimal=1.95, under_decimal=1.85)
    quote(league, 60, book="fanduel", over_decimal=1.97, under_decimal=1.75)
    quote(league, 60, MATE, 31)
    star, mate = judged(league, capture="previous").sort("player_id").iter_rows(named=True)
    assert (star["cutoff"], star["best_decimal_over"]) == (cut, 2.0)
    assert (star["takeable"], star["next_decimal_over"], star["next_decimal_under"]) == (True, 1.97, 1.85)
    assert (mate["takeable"], mate["next_decimal_over"]) == (False, None)


def test_the_close_is_the_de_vigged_price_of_the_same_line_in_the_last_half_hour(league: League) -> None:
    quote(league, 90)
    quote(league, 31, over_decimal=3.0, under_decimal=1.4)
    quote(league, 20, over_decimal=1.5, under_decimal=2.8)
    quote(league, 10, over_decimal=2.0, under_decimal=2.0)
    quote(league, 10, book="fanduel", half_points=51, over_decimal=1.5, under_decimal=2.8)
    last = judged(league, capture="previous")
    assert last["close_p_over"].to_list() == [pytest.approx(0.5)]
    league.rows["prop_quotes"] = league.rows["prop_quotes"][:2]
    assert judged(league, capture="previous")["close_p_over"].to_list() == [None]


def offered(league: League, minutes_before: float, prices: dict[str, tuple[float, float]]) -> None:
    for book, (over, under) in prices.items():
        quote(league, minutes_before, book=book, over_decimal=over, under_decimal=under)


EVEN = {"draftkings": (1.9, 1.9), "fanduel": (1.92, 1.88), "betmgm": (1.87, 1.93)}
FAKE = {"bovada": (2.8, 1.41)}
"""Another line's price: 0.7 log-odds from the others."""


def test_another_lines_price_is_no_part_of_the_market_and_nothing_to_bet_at(league: League) -> None:
    offered(league, 60, EVEN)
    (sound,) = judged(league).iter_rows(named=True)
    offered(league, 60, FAKE)
    (row,) = judged(league).iter_rows(named=True)
    told = ("half_points", "p_over", "books", "best_decimal_over", "best_decimal_under")
    assert [row[name] for name in told] == [sound[name] for name in told]
    assert row["best_decimal_over"] == 1.92


def test_with_two_other_books_nobody_can_tell_whose_price_is_wrong(league: League) -> None:
    offered(league, 60, {**FAKE, "draftkings": (1.9, 1.9), "fanduel": (1.92, 1.88)})
    (row,) = judged(league).iter_rows(named=True)
    assert (row["books"], row["best_decimal_over"]) == (3, 2.8)


def test_a_price_is_judged_by_what_stood_at_the_cutoff_and_not_by_what_books_said_later(league: League) -> None:
    offered(league, 90, {**FAKE, "draftkings": (2.7, 1.45), "fanduel": (2.75, 1.43), "betmgm": (2.6, 1.48)})
    offered(league, 60, EVEN)
    assert judged(league, capture="previous").select("books", "best_decimal_over").row(0) == (4, 2.8)
    # An hour before tip-off Bovada alone still says what all said before.
    assert judged(league).select("books", "best_decimal_over").row(0) == (3, 1.92)


def test_another_lines_price_is_no_later_price_and_no_close(league: League) -> None:
    offered(league, 90, EVEN)
    offered(league, 20, {**EVEN, **FAKE})
    (row,) = judged(league, capture="previous").iter_rows(named=True)
    assert (row["takeable"], row["next_decimal_over"], row["next_decimal_under"]) == (True, 1.92, 1.93)
    assert row["close_p_over"] == pytest.approx(0.5, abs=0.005)


def known_of(warehouse: DuckWarehouse) -> dict[str, datetime]:
    rows = training_rows(warehouse).filter(pl.col("player_id") == STAR)
    return dict(rows.select("game_id", "outcome_known_at").iter_rows())


def test_a_corrected_outcome_is_known_from_its_correction_on_and_another_correction_makes_it_no_younger(
    league: League,
) -> None:
    first = known_of(league.warehouse())
    week_later = TIP + timedelta(days=7)
    league.box(BEFORE, EARLIER, STAR, BOS, points=31, fouls=5, known_at=week_later)
    assert known_of(league.warehouse()) == first
    league.box(GAME, TONIGHT, STAR, BOS, points=26, known_at=week_later)
    assert known_of(league.warehouse()) == {BEFORE: first[BEFORE], GAME: week_later}


def test_what_is_first_known_at_tip_off_teaches_nothing(league: League) -> None:
    league.add(
        "game_line_quotes", TIP, game_id=GAME, game_date=TONIGHT, book="consensus", home_spread=-3.5, total=221.5
    )
    rows = training_rows(league.warehouse())
    assert rows["spread"].null_count() == rows.height


def test_game_lines_are_read_in_hindsight_only_where_it_is_asked_for_and_nothing_of_it_stays(league: League) -> None:
    league.add(
        "game_line_quotes",
        TIP - timedelta(hours=9),
        game_id=GAME,
        game_date=TONIGHT,
        book="consensus",
        home_spread=-2.5,
        total=219,
    )
    league.add(
        "game_line_quotes", TIP, game_id=GAME, game_date=TONIGHT, book="consensus", home_spread=-3.5, total=221.5
    )
    quote(league, 600)
    warehouse = league.warehouse()
    held = warehouse.query("SELECT * FROM raw.game_line_quotes ORDER BY ALL")
    read: dict[GameLines, list[tuple[Any, ...]]] = {}
    for game_lines in get_args(GameLines):
        with game_lines_read(warehouse, game_lines):
            rows = quoted_rows(warehouse, "points", date.min, date.max)
            taught = training_rows(warehouse).filter(pl.col("game_id") == GAME, pl.col("player_id") == STAR)
        read[game_lines] = [*rows.select("spread", "total").rows(), *taught.select("spread", "total").rows()]
    assert read == {"known": [(None, None), (2.5, 219.0)], "hindsight": [(3.5, 221.5), (3.5, 221.5)]}
    assert warehouse.query("SELECT * FROM raw.game_line_quotes ORDER BY ALL").equals(held)


def test_the_end_of_the_bench_the_new_and_the_long_ago_teach_nothing() -> None:
    rows = pl.DataFrame(
        {
            "minutes_avg_season": [30.0, 7.9, 30.0, 30.0, None], "career_games": [50.0, 50.0, 4.0, 50.0, 50.0],
            "season": [2024, 2024, 2024, 2017, 2024], "player_id": [1, 2, 3, 4, 5],
        }
    )  # fmt: skip
    assert teaches(rows)["player_id"].to_list() == [1]
