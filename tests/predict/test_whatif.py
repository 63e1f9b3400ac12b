from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.grade.held import DAY, padded, predict, warehouse
from tests.predict.frames import BOS, CUTOFF, GAME, NYK, TENT, TIP, forecast, quote

from fairline.analytics.schema import PLAYER_AVAILABILITY
from fairline.domain.errors import NotFound, Refused
from fairline.domain.line import Line
from fairline.domain.markets import Market
from fairline.domain.pmf import Pmf
from fairline.features.schema import ML_FEATURE_STORE
from fairline.platform.warehouse import DuckWarehouse
from fairline.predict.whatif import Answer, Question, rescaled, what_if
from fairline.raw.schema import PROP_QUOTES, USER_NEWS


def features(
    player: int, minutes: float | None, usage: float | None, team: int = NYK, **changed: Any
) -> dict[str, Any]:
    row = {
        "game_id": GAME, "player_id": player, "cutoff": CUTOFF, "game_date": DAY, "season": 2025, "team_id": team,
        "minutes_avg_last_10": minutes, "usage_avg_last_10": usage,
    }  # fmt: skip
    return {**row, **changed}


def seen(book: str, line: float, over: float, under: float, ago: timedelta = timedelta(hours=1)) -> dict[str, Any]:
    return {
        "source": "odds_api", "game_id": GAME, "game_date": DAY, "player_id": 1, "player_name": "J Brunson",
        "market": "threes", "book": book, "captured_at": CUTOFF - ago, "half_points": int(2 * line),
        "over_decimal": over, "under_decimal": under, "valid_at": CUTOFF, "known_at": CUTOFF, "capture_id": "c",
    }  # fmt: skip


@pytest.fixture
def held() -> Iterator[DuckWarehouse]:
    """Brunson (30 minutes, usage 30), Towns (30, 20), Hart (40, 15), Robinson out; Brown plays for the others."""
    opened = warehouse()
    names = {1: "Jalen Brunson", 2: "Karl-Anthony Towns", 3: "Josh Hart", 4: "Mitchell Robinson", 5: "Jaylen Brown"}
    made = [forecast(player, player_name=name) for player, name in names.items()]
    made += [forecast(1, None, player_name=names[1], system="zone_matchup")]
    predict(opened, made, [quote(1)])
    opened.upsert(ML_FEATURE_STORE, padded(ML_FEATURE_STORE, [
        features(1, 30.0, 30.0), features(2, 30.0, 20.0), features(3, 40.0, 15.0),
        features(4, 20.0, 10.0, status="out"), features(5, 35.0, 30.0, team=BOS),
    ]))  # fmt: skip
    opened.upsert(PROP_QUOTES, padded(PROP_QUOTES, [
        seen("fanduel", 1.5, 1.5, 2.7), seen("betmgm", 1.5, 1.45, 2.9),
        seen("betmgm", 2.5, 1.2, 4.0, timedelta(hours=9)),
    ]).drop("content_hash"))  # fmt: skip
    yield opened
    opened.close()


def ask(opened: DuckWarehouse, player: str = "brunson", line: float = 1.5, **changed: Any) -> Answer:
    question = Question(**{
        "player": player, "market": Market.THREES, "line": Line.of(line), "system": "market_pooled", **changed,
    })  # fmt: skip
    return what_if(opened, question, TIP, DAY)


def test_any_line_is_answered_from_the_stored_distribution(held: DuckWarehouse) -> None:
    answer = ask(held, line=2)
    assert (answer.p_over, answer.p_under, answer.p_push) == pytest.approx((0.3, 0.3, 0.4))
    assert (answer.fair_over, answer.fair_under) == pytest.approx((2.0, 2.0))
    assert answer.mean == pytest.approx(2.0)


def test_a_side_that_cannot_win_has_no_fair_price(held: DuckWarehouse) -> None:
    answer = ask(held, line=30)
    assert (answer.p_over, answer.fair_over, answer.fair_under) == (0, None, 1)


def test_the_quotes_shown_are_each_books_last(held: DuckWarehouse) -> None:
    assert ask(held).quotes["book"].to_list() == ["betmgm", "fanduel"]
    assert ask(held, books=("FanDuel",)).quotes["book"].to_list() == ["fanduel"]
    gone = ask(held, line=2.5)
    assert gone.quotes.is_empty()
    assert gone.notes == ("No book quotes this line; quoted are 1.5.",)


def test_a_suspect_price_is_left_out_and_named(held: DuckWarehouse) -> None:
    held.upsert(PROP_QUOTES, padded(PROP_QUOTES, [
        seen("bovada", 1.5, 3.1, 1.4), seen("draftkings", 1.5, 1.5, 2.6),
    ]).drop("content_hash"))  # fmt: skip
    answer = ask(held)
    assert answer.quotes["book"].to_list() == ["betmgm", "draftkings", "fanduel"]
    assert answer.notes == ("Left out, too far from the other books' price of this line: bovada.",)
    # At his book alone it is no less suspect.
    assert ask(held, books=("bovada",)).quotes.is_empty()


def test_more_minutes_scale_the_mean_and_say_that_it_is_an_approximation(held: DuckWarehouse) -> None:
    answer = ask(held, minutes=36)
    assert answer.mean == pytest.approx(2.0 * 36 / 30)
    assert answer.p_over > ask(held).p_over
    assert "Approximation" in answer.notes[0]
    assert "30.0" in answer.notes[0]


def test_an_absent_teammate_passes_his_usage_on(held: DuckWarehouse) -> None:
    # Usage-minutes of those expected: 900 + 600 + 600; without Towns 1,500. 1 + .3 x (2,100 / 1,500 - 1) = 1.12.
    answer = ask(held, out=("towns",))
    assert "12.0%" in answer.notes[0]
    assert answer.p_over > ask(held).p_over


def test_who_is_out_already_changes_nothing(held: DuckWarehouse) -> None:
    answer = ask(held, out=("robinson",))
    assert answer.p_over == ask(held).p_over
    assert answer.notes == ("Mitchell Robinson is out already: the forecast knows.",)


def test_a_player_of_the_other_team_is_no_teammate(held: DuckWarehouse) -> None:
    with pytest.raises(NotFound, match="No teammate"):
        ask(held, out=("jaylen brown",))


def test_a_name_of_several_players_is_not_guessed(held: DuckWarehouse) -> None:
    with pytest.raises(Refused, match="Jalen Brunson, Jaylen Brown"):
        ask(held, "br")


def test_without_a_forecast_there_is_no_answer(held: DuckWarehouse) -> None:
    with pytest.raises(NotFound, match="has forecast no threes"):
        ask(held, "wembanyama")
    with pytest.raises(NotFound, match="has forecast no threes"):
        ask(held, day=date(2025, 1, 1))
    with pytest.raises(NotFound, match="no_shots"):
        ask(held, system="zone_matchup")


def test_minutes_nobody_has_to_compare_with_are_refused(held: DuckWarehouse) -> None:
    held.execute("UPDATE precompute.ml_feature_store SET minutes_avg_last_10 = NULL")
    with pytest.raises(Refused, match="No recent minutes"):
        ask(held, minutes=36)
    with pytest.raises(Refused, match="No recent usage"):
        ask(held, out=("towns",))


def test_the_slate_nearest_today_is_asked_the_coming_one_first(held: DuckWarehouse) -> None:
    for days in (-1, 1):
        predict(
            held,
            [forecast(1, player_name="Jalen Brunson", game_date=DAY + timedelta(days=days), batch_id=f"{days}")],
            [],
        )
    question = Question("brunson", Market.THREES, Line.of(1.5), "market_pooled")
    near = {today: what_if(held, question, TIP, today).about["game_date"] for today in (DAY, DAY + timedelta(days=30))}
    assert near == {DAY: DAY, DAY + timedelta(days=30): DAY + timedelta(days=1)}


def test_asking_writes_nothing(held: DuckWarehouse) -> None:
    tables = ("predictions.player_prop_predictions", "predictions.player_prop_forecasts", "raw.prop_quotes")
    before = [held.query(f"SELECT * FROM {table} ORDER BY ALL") for table in tables]
    ask(held, minutes=36, out=("towns",))
    assert all(
        rows.equals(held.query(f"SELECT * FROM {table} ORDER BY ALL"))
        for rows, table in zip(before, tables, strict=True)
    )


@given(st.floats(1, 30), st.floats(1.05, 3), st.floats(0.5, 1.5))
def test_a_negative_binomial_at_another_rate_keeps_its_size(mean: float, dispersion: float, factor: float) -> None:
    # variance = mean + mean^2 / size.
    pmf = Pmf.negative_binomial(mean, mean * dispersion, 200)
    size = mean / (dispersion - 1)
    moved = rescaled(pmf, factor)
    assert float(moved.mean) == pytest.approx(factor * mean, rel=1e-6)
    assert float(moved.variance) == pytest.approx(factor * mean + (factor * mean) ** 2 / size, rel=1e-2)


@given(st.floats(0.3, 1.9), st.floats(0.3, 1.9), st.integers(0, 8))
def test_a_higher_rate_never_makes_an_over_less_likely(one: float, other: float, halves: int) -> None:
    low, high = (rescaled(Pmf(TENT), factor).over(Line(halves=halves)) for factor in sorted((one, other)))
    assert low <= high + 1e-9


def test_a_mean_beyond_the_counts_held_is_refused() -> None:
    with pytest.raises(Refused, match="outside what was forecast"):
        rescaled(Pmf(TENT), 2.0)


def test_a_questionable_player_is_answered_conditionally(held: DuckWarehouse) -> None:
    predict(held, [forecast(6, player_name="Questionable Player", status="questionable")], [])
    assert "questionable" in ask(held, "questionable").notes[0]
    assert isinstance(ask(held, "questionable").quotes, pl.DataFrame)


def told_minutes(held: DuckWarehouse, minutes: float | None, **changed: Any) -> None:
    """The user said an hour before the cutoff that Brunson plays, so many minutes."""
    at = CUTOFF - timedelta(hours=1)
    about = {"news_id": 1, "player_id": 1, "team_id": NYK, "game_date": DAY, "status": "available", "words": "coach"}
    known = {"source": "user_news", "known_at": at}
    said = {**about, **known, "player_name": "Jalen Brunson", "minutes": minutes, "valid_at": at, "capture_id": "c"}
    held.upsert(USER_NEWS, padded(USER_NEWS, [said]).drop("content_hash"))
    spell = {"scope": f"news {DAY}", "reported_at": at, "status_since": at, "superseded_at": TIP + timedelta(hours=12)}
    held.upsert(PLAYER_AVAILABILITY, padded(PLAYER_AVAILABILITY, [{**about, **known, **spell, **changed}]))


def test_the_users_own_minutes_are_supposed_unless_others_are_asked_for(held: DuckWarehouse) -> None:
    told_minutes(held, 36.0)
    answer = ask(held)
    assert answer.mean == pytest.approx(2.0 * 1.2)
    assert answer.notes[0] == "Your news 1 expects 36 minutes (coach); --minutes supposes others."
    assert ask(held, minutes=30.0).mean == pytest.approx(2.0)


def test_news_without_minutes_or_no_longer_counting_supposes_none(held: DuckWarehouse) -> None:
    told_minutes(held, None)
    assert ask(held).mean == pytest.approx(2.0)
    told_minutes(held, 36.0, superseded_at=CUTOFF - timedelta(minutes=30))
    assert ask(held).mean == pytest.approx(2.0)
