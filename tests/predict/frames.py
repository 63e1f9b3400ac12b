"""Small hand-made frames: a slate of one game, written as a person would."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from fairline.predict.pricing import StakeRules

TIP = datetime(2025, 11, 29, 0, 30, tzinfo=UTC)
CUTOFF = TIP - timedelta(hours=5)
GAME = "0022500301"
NYK, BOS = 1610612752, 1610612738

# Five counts: P(0) .1, P(1) .2, P(2) .4, P(3) .2, P(4) .1.
TENT = [0.1, 0.2, 0.4, 0.2, 0.1]

FORECAST_TYPES: dict[str, Any] = {
    "batch_id": pl.String, "game_id": pl.String, "player_id": pl.Int64, "market": pl.String, "system": pl.String,
    "game_date": pl.Date, "tip_at": pl.Datetime("us", "UTC"), "player_name": pl.String, "team_id": pl.Int64,
    "opponent_id": pl.Int64, "cutoff": pl.Datetime("us", "UTC"), "mean": pl.Float64, "sd": pl.Float64,
    **{f"q{level:02d}": pl.Int32 for level in (5, 10, 25, 50, 75, 90, 95)}, "pmf": pl.List(pl.Float64),
    "reason": pl.String, "status": pl.String, "quality": pl.Float64, "row_hash": pl.UInt64, "model_hash": pl.String,
    "status_changed_at": pl.Datetime("us", "UTC"),
}  # fmt: skip

QUOTE_TYPES: dict[str, Any] = {
    "game_id": pl.String, "player_id": pl.Int64, "cutoff": pl.Datetime("us", "UTC"), "market": pl.String,
    "book": pl.String, "half_points": pl.Int32, "over_decimal": pl.Float64, "under_decimal": pl.Float64,
    "captured_at": pl.Datetime("us", "UTC"), "source": pl.String, "latest": pl.Boolean, "opening": pl.Boolean,
    "suspect": pl.Boolean,
}  # fmt: skip


def forecast(player: int = 1, pmf: list[float] | None = TENT, **changed: Any) -> dict[str, Any]:
    """One row of forecasts."""
    mean = None if pmf is None else sum(count * p for count, p in enumerate(pmf))
    row = {
        "batch_id": "2025-11-28/slate/1930", "game_id": GAME, "player_id": player, "market": "threes",
        "system": "market_pooled", "game_date": date(2025, 11, 28), "tip_at": TIP, "player_name": f"Player {player}",
        "team_id": NYK, "opponent_id": BOS, "cutoff": CUTOFF, "mean": mean, "sd": None if pmf is None else 1.1,
        "q05": 0, "q10": 1, "q25": 1, "q50": 2, "q75": 3, "q90": 3, "q95": 4, "pmf": pmf,
        "reason": "no_shots" if pmf is None else None, "status": None, "quality": 98.0, "row_hash": 7,
        "model_hash": "abc", "status_changed_at": None,
    }  # fmt: skip
    return {**row, **changed}


def forecasts(*rows: dict[str, Any]) -> pl.DataFrame:
    """Rows of FORECASTS with the time of the last change of status."""
    return pl.DataFrame(list(rows), schema=FORECAST_TYPES)


def quote(
    player: int = 1, line: float = 1.5, over: float | None = 1.9, under: float | None = 1.9, **changed: Any
) -> dict[str, Any]:
    """One quote standing at the cutoff, seen an hour before it."""
    row = {
        "game_id": GAME, "player_id": player, "cutoff": CUTOFF, "market": "threes", "book": "fanduel",
        "half_points": int(2 * line), "over_decimal": over, "under_decimal": under,
        "captured_at": CUTOFF - timedelta(hours=1), "source": "odds_api", "latest": True, "opening": True,
        "suspect": False,
    }  # fmt: skip
    return {**row, **changed}


def quotes(*rows: dict[str, Any]) -> pl.DataFrame:
    """Rows as quotes_as_of returns them."""
    return pl.DataFrame(list(rows), schema=QUOTE_TYPES)


def consensus(*players: int) -> pl.DataFrame:
    """The market says 1.5 and an even chance."""
    rows = [
        {"game_id": GAME, "player_id": player, "market": "threes", "half_points": 3, "p_over": 0.5}
        for player in players
    ]
    types = {
        "game_id": pl.String,
        "player_id": pl.Int64,
        "market": pl.String,
        "half_points": pl.Int32,
        "p_over": pl.Float64,
    }
    return pl.DataFrame(rows, schema=types)


def games() -> pl.DataFrame:
    """The one game, New York at Boston."""
    return pl.DataFrame({"game_id": [GAME], "away_team_id": [NYK], "home_team_id": [BOS]})


def rules(**changed: Any) -> StakeRules:
    """A pooled system that has passed in threes, its P(side) within three points of a hundred."""
    chosen: dict[str, Any] = {
        "stake_system": "market_pooled", "verdicts": {"threes": "PASS"}, "edge_error": {"market_pooled": 0.03},
        "kelly_fraction": 0.25, "pickem_break_even": {"prizepicks": 0.54},
    }  # fmt: skip
    return StakeRules(**{**chosen, **changed})
