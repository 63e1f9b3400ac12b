"""A warehouse in memory with one slate priced, whose results arrive as a test says."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
from tests.predict.frames import BOS, GAME, NYK, TIP, consensus, forecasts, quotes, rules

from fairline.analytics.schema import GAME_VERSIONS, PLAYER_AVAILABILITY, PLAYER_GAME_SUMMARY
from fairline.domain.tables import Table
from fairline.features.schema import ML_FEATURE_STORE
from fairline.grade.schema import TABLES
from fairline.platform.warehouse import DuckWarehouse
from fairline.predict.board import best
from fairline.predict.pricing import price
from fairline.predict.schema import BEST_BETS, FORECASTS, PREDICTIONS
from fairline.raw.schema import PROP_QUOTES, USER_NEWS

DAY = date(2025, 11, 28)
MORNING = TIP + timedelta(hours=10)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
SCHEDULED = datetime(2025, 9, 1, tzinfo=UTC)
FINAL = TIP + timedelta(hours=4)


def warehouse() -> DuckWarehouse:
    """An empty warehouse with the tables that grading reads and writes."""
    opened = DuckWarehouse(threads=1)
    opened.ensure(
        GAME_VERSIONS, PLAYER_AVAILABILITY, PLAYER_GAME_SUMMARY, ML_FEATURE_STORE, PROP_QUOTES, FORECASTS, PREDICTIONS,
        BEST_BETS, USER_NEWS, *TABLES,
    )  # fmt: skip
    return opened


def predict(opened: DuckWarehouse, made: list[dict[str, Any]], offered: list[dict[str, Any]], **changed: Any) -> None:
    """Hold forecasts, their prices and the best of them."""
    frame = forecasts(*made)
    players = sorted(set(frame["player_id"]))
    priced = price(frame, quotes(*offered), consensus(*players), rules(**changed))
    opened.upsert(FORECASTS, frame.drop("status_changed_at"))
    opened.upsert(PREDICTIONS, priced)
    opened.upsert(BEST_BETS, best(priced, ()))


def padded(table: Table, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of a table, what they do not say being null."""
    return pl.DataFrame([{**dict.fromkeys(table.column_names), **row} for row in rows], infer_schema_length=None)


def game(**changed: Any) -> dict[str, Any]:
    """One state of the game: final, four hours after tip-off."""
    row = {
        "game_id": GAME, "game_date": DAY, "season": 2025, "game_type": "regular", "tip_at": TIP, "home_team_id": BOS,
        "away_team_id": NYK, "status": "final", "known_at": FINAL, "superseded_at": NEVER,
    }  # fmt: skip
    return {**row, **changed}


def line(player: int, threes: int | None, team: int = NYK, **changed: Any) -> dict[str, Any]:
    """A player's line in the box score."""
    row = {
        "game_id": GAME, "game_date": DAY, "season": 2025, "player_id": player, "team_id": team, "threes_made": threes,
        "box_source": "nba_box_score", "valid_at": TIP, "known_at": FINAL, "superseded_at": NEVER,
    }  # fmt: skip
    return {**row, **changed}


def finish(opened: DuckWarehouse, *lines: dict[str, Any], games: list[dict[str, Any]] | None = None) -> None:
    """Make these the results held; somebody of the other team always played."""
    opened.replace(GAME_VERSIONS, padded(GAME_VERSIONS, games or [game()]))
    box = [*lines, line(99, 0, team=BOS)] if lines else []
    if box:
        opened.replace(PLAYER_GAME_SUMMARY, padded(PLAYER_GAME_SUMMARY, box))
