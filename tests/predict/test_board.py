from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from tests.predict.frames import (
    CUTOFF,
    TIP,
    consensus,
    forecast,
    forecasts,
    games,
    quote,
    quotes,
    rules,
)
from tests.predict.test_pricing import slates

from fairline.domain.errors import NotFound, Refused
from fairline.predict.board import SHOWN, Selection, best, best_sides, board_rows, conclusion, selected, with_games
from fairline.predict.pricing import price

LONG = quote(1, 2.5, 3.2, 1.4, book="draftkings")
OFFERED = (quote(1, 1.5, 1.5, 2.7), LONG, quote(1, 1.5, 1.45, 2.9, book="betmgm"), quote(2, 1.5, 1.3, 1.3))


def predictions(**changed: Any) -> pl.DataFrame:
    """Two players, the pooled and the boosted system, several books; one more player is out."""
    made = [forecast(player, system=system) for player in (1, 2) for system in ("market_pooled", "gradient_boosting")]
    made += [forecast(3, status="out"), forecast(1, system="similarity")]
    made[0]["player_name"] = "Nikola Jokić"
    return with_games(price(forecasts(*made), quotes(*OFFERED), consensus(1, 2), rules(**changed)), games())


def shown(selection: Selection = Selection(), **changed: Any) -> pl.DataFrame:  # noqa: B008 - frozen
    return board_rows(selected(predictions(**changed), selection), selection, CUTOFF)


def standing(rows: pl.DataFrame) -> pl.DataFrame:
    """Credible quotes with what they are: a bet, of the market's line, or of another."""
    at_line = pl.col("half_points").eq_missing(pl.col("market_half_points"))
    kind = pl.when(pl.col("stake") > 0).then(0).when(at_line).then(1).otherwise(2)
    return rows.drop_nulls("price").filter(pl.col("reason") != "suspect_price").with_columns(kind=kind)


@given(slates())
def test_no_quote_of_its_kind_is_worth_more_than_the_best_and_none_is_of_a_better_kind(
    slate: tuple[pl.DataFrame, pl.DataFrame, Any],
) -> None:
    made, offered, chosen = slate
    rows = price(made, offered, consensus(1), chosen)
    per = ["player_id", "system"]
    first = standing(rows).filter(pl.col("kind") == pl.col("kind").min().over(per))
    top = first.group_by(per).agg(pl.col("kind").first(), pl.col("expected_value").max())
    compared = standing(best(rows, ())).join(top, on=per, how="full", suffix="_top")
    assert (compared["kind"] == compared["kind_top"]).all()
    assert (compared["expected_value"] == compared["expected_value_top"]).all()
    assert best(rows, ()).height == top.height


@given(slates())
def test_the_best_of_both_sides_is_the_best_quote(slate: tuple[pl.DataFrame, pl.DataFrame, Any]) -> None:
    made, offered, chosen = slate
    rows = price(made, offered, consensus(1), chosen)
    sides = best_sides(rows, ()).select("player_id", "system", "side", "expected_value")
    both = best(rows, ()).join(sides, on=["player_id", "system", "side"], suffix="_of_side", how="left")
    assert both["expected_value"].to_list() == pytest.approx(both["expected_value_of_side"].to_list(), abs=1e-12)


def test_each_side_has_its_own_best_price_among_the_books_at_the_markets_line() -> None:
    sides = best_sides(predictions(), ()).filter(player_id=1, system="market_pooled")
    # Over 1.5 wins .7: at 1.5 that is worth .05. Under 1.5 wins .3: at 2.9 it loses .13.
    assert sides.select("side", "book", "price").rows() == [("over", "fanduel", 1.5), ("under", "betmgm", 2.9)]
    assert sides["expected_value"].to_list() == pytest.approx([0.05, -0.13])
    assert sides["fair_price"].to_list() == pytest.approx([1 / 0.7, 1 / 0.3])


def test_off_the_markets_line_the_best_is_taken_where_no_book_of_the_users_quotes_it() -> None:
    # Under 2.5 wins .7 and at 1.4 loses .02.
    row = best_sides(predictions(), ["draftkings"]).filter(player_id=1, system="market_pooled", side="under")
    assert row.select("book", "half_points").row(0) == ("draftkings", 5)
    assert row["expected_value"].item() == pytest.approx(-0.02)


def test_only_books_the_user_can_bet_at_count() -> None:
    row = best(predictions(), ["DraftKings"]).row(0, named=True)
    assert (row["book"], row["side"]) == ("draftkings", "under")


FAKE = quote(1, 1.5, 4.0, 1.25, book="bovada", suspect=True)


def with_fake(*also: dict[str, Any], **changed: Any) -> pl.DataFrame:
    return with_games(price(forecasts(forecast(1)), quotes(FAKE, *also), consensus(1), rules(**changed)), games())


def test_a_suspect_price_is_nobodys_best_however_good_it_looks() -> None:
    rows = with_fake(quote(1, 1.5, 1.5, 2.7))
    assert rows.filter(book="bovada")["expected_value"].item() > rows.filter(book="fanduel")["expected_value"].item()
    assert best(rows, ())["book"].to_list() == ["fanduel"]
    assert set(best_sides(rows, ())["book"]) == {"fanduel"}
    assert best(with_fake(), ()).is_empty()


def test_the_board_shows_a_suspect_price_where_there_is_no_other_and_counts_it_always() -> None:
    both, alone = with_fake(quote(1, 1.5, 1.5, 2.7)), with_fake()
    boards = [board_rows(chosen, Selection(), CUTOFF) for chosen in (both, alone)]
    assert [board["book"].to_list() for board in boards] == [["fanduel"], ["bovada"]]
    assert boards[1].select("recommendation", "reason", "stake").rows() == [("PASS", "suspect_price", 0.0)]
    assert conclusion(both, boards[0]) == "Bets: 1 OVER. Suspect, too far from other books' price of the line: 1."
    assert conclusion(alone, boards[1]).startswith("No bets: 1 suspect_price. Suspect")


def test_a_quote_is_not_hidden_by_one_off_the_markets_line_that_looks_better() -> None:
    offered = quotes(quote(1, 1.5, 1.5, 2.7), quote(1, 0.5, 1.9, 1.9, book="betmgm"))
    for verdict in ("PASS", "FAIL"):
        rows = price(forecasts(forecast(1)), offered, consensus(1), rules(verdicts={"threes": verdict}))
        assert rows.sort("expected_value")["book"].to_list() == ["fanduel", "betmgm"]
        assert best(rows, ())["book"].to_list() == ["fanduel"]
        assert best(rows, ["betmgm"])["reason"].to_list() == ["alternate_line"]


def test_of_two_quotes_of_the_line_the_bet_comes_first_whatever_the_other_is_worth() -> None:
    # A stale quote, from before the news, at a better price.
    stale = quote(1, 1.5, 1.9, 1.9, book="betmgm", captured_at=CUTOFF - timedelta(hours=3))
    news = forecast(1, status_changed_at=CUTOFF - timedelta(hours=2))
    rows = price(forecasts(news), quotes(quote(1, 1.5, 1.6, 2.4), stale), consensus(1), rules())
    assert best(rows, ()).select("book", "recommendation").row(0) == ("fanduel", "OVER")


def test_the_board_shows_the_pooled_and_the_pure_system_unless_asked_for_all() -> None:
    assert set(shown()["system"]) == {"market_pooled", "gradient_boosting"}
    assert "similarity" in set(shown(Selection(systems=("all",)))["system"])


def test_a_board_row_reads_as_a_person_would_tell_it() -> None:
    row = shown().row(0, named=True)
    assert tuple(row) == SHOWN
    assert (row["game"], row["line"], row["american"], row["age_minutes"]) == ("NYK @ BOS", 1.5, -200, 60)
    assert row["p"] == pytest.approx(0.7)


def test_the_age_of_a_quote_grows_until_tip_off_and_then_stands_as_of_the_cutoff() -> None:
    every = selected(predictions(), Selection())
    ages = [
        board_rows(every, Selection(), now)["age_minutes"][0]
        for now in (CUTOFF, CUTOFF + timedelta(minutes=45), TIP + timedelta(days=30))
    ]
    assert ages == [60, 105, 60]


@pytest.mark.parametrize("game", ["NYK", "bos", "NYK @ BOS", "Knicks@Celtics", "0022500301"])
def test_a_game_is_found_by_its_teams_or_its_id(game: str) -> None:
    assert shown(Selection(game=game)).height == 4


def test_a_player_is_found_without_his_accents() -> None:
    assert shown(Selection(player="jokic"))["player_name"].unique().to_list() == ["Nikola Jokić"]


@pytest.mark.parametrize(
    "selection",
    [Selection(game="LAL"), Selection(player="nobody"), Selection(market="points"), Selection(systems=("oracle",))],
)
def test_a_filter_that_leaves_nothing_says_so(selection: Selection) -> None:
    with pytest.raises(NotFound, match="No prediction of this slate"):
        shown(selection)


def test_a_sort_or_a_name_that_means_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="cannot be sorted"):
        shown(Selection(sort="luck"))
    with pytest.raises(Refused, match="names no player"):
        shown(Selection(player="?!"))


def test_the_least_edge_asked_for_is_kept() -> None:
    rows = shown(Selection(min_edge=0.02, sort="player"))
    assert set(rows["player_id"]) == {1}
    assert (rows["edge"] >= 0.02).all()


def test_a_board_with_bets_counts_them() -> None:
    rows = predictions(edge_error={"market_pooled": 0.01})
    chosen = selected(rows, Selection())
    assert conclusion(chosen, board_rows(chosen, Selection(), CUTOFF)) == "Bets: 1 OVER."


def test_a_board_without_bets_says_why_in_one_line() -> None:
    chosen = selected(predictions(verdicts={}), Selection())
    told = conclusion(chosen, board_rows(chosen, Selection(), CUTOFF))
    assert told == "No bets: 2 no_edge, 1 not_stake_system, 1 out, 1 unproven."


def test_who_is_questionable_is_shown_with_his_chance_of_playing() -> None:
    made = price(forecasts(forecast(status="questionable")), quotes(quote()), consensus(1), rules())
    chosen = selected(with_games(made, games()), Selection())
    row = board_rows(chosen, Selection(), CUTOFF, {"questionable": 0.55}).row(0, named=True)
    assert (row["status"], row["p_plays"]) == ("questionable", 0.55)
