"""The units of a slate run: each expected, each with an end; who is filtered is born with his."""

from datetime import date

import polars as pl
import pytest

from fairline.ops.units import SYSTEM_FAILED, ended, filtered, planned, skipped_by_reason
from fairline.platform.ledger.contract import Unit, UnitState

DAY, GAME = date(2025, 11, 28), "0022500301"


def rows(*players: tuple[int, str | None, float | None]) -> pl.DataFrame:
    """(player, status, quality) of the one game."""
    schema = {"player_id": pl.Int64, "status": pl.String, "quality": pl.Float64}
    return pl.DataFrame(players, schema=schema, orient="row").with_columns(game_id=pl.lit(GAME))


def forecasts(*said: tuple[int, str, str | None]) -> pl.DataFrame:
    """(player, system, reason) of the one game's points."""
    schema = {"player_id": pl.Int64, "system": pl.String, "reason": pl.String}
    return pl.DataFrame(said, schema=schema, orient="row").with_columns(game_id=pl.lit(GAME), market=pl.lit("points"))


def unit(player: int, state: UnitState = UnitState.OPEN, reason: str = "", market: str = "points") -> Unit:
    return Unit(GAME, player, market, state, reason)


def test_every_player_and_market_is_a_unit() -> None:
    players = filtered(rows((2, None, 98.0), (1, "questionable", 98.0)))
    assert planned(players, ["points", "rebounds"]) == (
        unit(1), unit(2), unit(1, market="rebounds"), unit(2, market="rebounds"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "quality", "skipped"),
    [
        (None, 98.0, None), ("questionable", 70.0, None), (None, 69.99, "quality"), (None, None, "quality"),
        ("out", 98.0, "out"), ("doubtful", 98.0, "doubtful"), ("out", 10.0, "out"),
    ],
)  # fmt: skip
def test_who_cannot_be_forecast_is_born_skipped_with_the_first_reason(
    status: str | None, quality: float | None, skipped: str | None
) -> None:
    players = filtered(rows((1, status, quality)))
    assert players["skipped"].to_list() == [skipped]
    expected = unit(1) if skipped is None else unit(1, UnitState.SKIPPED, skipped)
    assert planned(players, ["points"]) == (expected,)


def test_skipped_units_are_counted_by_reason_and_open_ones_are_not() -> None:
    players = filtered(rows((1, "out", 98.0), (2, "out", 98.0), (3, None, 20.0), (4, None, 98.0)))
    assert skipped_by_reason(planned(players, ["points", "threes"])) == {"out": 4, "quality": 2}


def test_a_player_whom_any_system_forecast_is_done_though_others_could_not_or_failed() -> None:
    said = forecasts((1, "a", None), (1, "b", "no_shots"), (2, "a", None), (2, "b", SYSTEM_FAILED))
    assert ended(said) == [unit(1, UnitState.DONE), unit(2, UnitState.DONE)]


def test_a_player_nobody_can_forecast_is_skipped_with_the_systems_reason() -> None:
    assert ended(forecasts((1, "a", "no_recent_games"))) == [unit(1, UnitState.SKIPPED, "no_recent_games")]


def test_a_player_whose_forecast_may_be_lacking_for_a_systems_failure_is_failed_and_not_skipped() -> None:
    said = forecasts((1, "a", "no_recent_games"), (1, "b", SYSTEM_FAILED))
    assert ended(said) == [unit(1, UnitState.FAILED, SYSTEM_FAILED)]


def test_who_was_filtered_ends_as_he_was_born() -> None:
    assert ended(forecasts((1, "a", "out"), (1, "b", "out"))) == [unit(1, UnitState.SKIPPED, "out")]
