"""Publishing a date again from what the tables hold: its latest slate run, and its results where it was graded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.domain.errors import NotFound
from fairline.features.availability import BY_STATUS
from fairline.features.contract import contract_hash, model_features
from fairline.grade.performance import last_before_tip
from fairline.grade.schema import FACT, PREDICTION_ACCURACY, SYSTEM_DAILY_PERFORMANCE
from fairline.predict.board import best_sides
from fairline.predict.schema import BEST_BETS, FORECASTS, PREDICTIONS
from fairline.publish.results import publish_results
from fairline.publish.slate import Slate, publish_slate

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from fairline.domain.tables import Table
    from fairline.platform.home import Home
    from fairline.publish.exports import Published


def export_date(home: Home, day: date) -> tuple[Published, ...]:
    """Publish the date's documents. The same tables are the same revisions. Raises NotFound without predictions."""
    batch_id = latest_batch(home, day)
    forecasts, predictions, chosen = (_of_batch(home, table, batch_id) for table in (FORECASTS, PREDICTIONS, BEST_BETS))
    slate = Slate(
        day=day, contract_hash=_contract_of(home, batch_id), forecasts=forecasts, predictions=predictions, best=chosen,
        sides=best_sides(predictions, home.settings.books), plays=BY_STATUS,
    )  # fmt: skip
    return (*publish_slate(home.objects, home.ledger, slate), *_results(home, day))


def latest_batch(home: Home, day: date) -> str:
    """The date's slate run of the latest cutoff. Raises NotFound."""
    latest = f"SELECT arg_max(batch_id, (cutoff, batch_id)) FROM {FORECASTS.full_name} WHERE game_date = ?"  # noqa: S608 - our names
    batch_id: str | None = home.warehouse.query(latest, [day]).item()
    if batch_id is None:
        message = f"No prediction of {day} is held, so there is nothing to publish."
        raise NotFound(message, hint=f"`fairline run --date {day}` prices the slate.")
    return batch_id


def _of_batch(home: Home, table: Table, batch_id: str) -> pl.DataFrame:
    columns = ", ".join(table.column_names)
    rows = f"SELECT {columns} FROM {table.full_name} WHERE batch_id = ? ORDER BY {', '.join(table.key)}"  # noqa: S608 - our names
    return home.warehouse.query(rows, [batch_id])


def _contract_of(home: Home, batch_id: str) -> str:
    """The identity of the features its forecasts were made of; the current one where their rows are gone."""
    held = home.warehouse.query(
        """
        SELECT max(feature.contract_hash)
        FROM precompute.ml_feature_store AS feature
        JOIN predictions.player_prop_forecasts AS forecast
            ON forecast.game_id = feature.game_id AND forecast.player_id = feature.player_id
            AND forecast.cutoff = feature.cutoff
        WHERE forecast.batch_id = ?
        """,
        [batch_id],
    ).item()
    return str(held) if held else contract_hash(model_features())


def _results(home: Home, day: date) -> tuple[Published, ...]:
    """The results as graded last; none before the first grading of a run made before its tip-offs."""
    graded = home.warehouse.query(
        f"SELECT * FROM {PREDICTION_ACCURACY.full_name} WHERE game_date = $day"  # noqa: S608 - our names
        f" QUALIFY row_number() OVER (PARTITION BY {', '.join(FACT)} ORDER BY known_at DESC) = 1",
        {"day": day},
    )
    rows = last_before_tip(graded)
    if rows.is_empty():
        return ()
    of_day = f"SELECT * FROM {SYSTEM_DAILY_PERFORMANCE.full_name} WHERE game_date = ?"  # noqa: S608 - our names
    performance = home.warehouse.query(of_day, [day])
    return (publish_results(home.objects, home.ledger, day, rows, performance),)
