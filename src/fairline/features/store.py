"""The feature store as tables: rows kept by key, hashed, and made anew when the contract changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.features.contract import contract_hash, model_features, names
from fairline.features.schema import MARKET_FEATURES, ML_FEATURE_STORE
from fairline.platform.content import content_hash

if TYPE_CHECKING:
    import polars as pl

    from fairline.domain.tables import Table
    from fairline.platform.warehouse import Warehouse


def keep_features(warehouse: Warehouse, rows: pl.DataFrame) -> pl.DataFrame:
    """Upsert scored feature rows; returns them with `row_hash`. Raises BrokenContract as the warehouse does."""
    import polars as pl

    hashes = content_hash(rows, names(model_features()))
    hashed = rows.with_columns(row_hash=hashes, contract_hash=pl.lit(contract_hash(model_features())))
    _upsert(warehouse, ML_FEATURE_STORE, hashed)
    return hashed


def keep_market(warehouse: Warehouse, consensus: pl.DataFrame) -> None:
    """Upsert one market's consensus as the features the `market` contract adds."""
    import polars as pl

    renamed = consensus.with_columns(market_line=pl.col("line"), market_p_over=pl.col("p_over"))
    _upsert(warehouse, MARKET_FEATURES, renamed)


def _upsert(warehouse: Warehouse, table: Table, rows: pl.DataFrame) -> None:
    warehouse.remake(table)
    warehouse.upsert(table, rows.select(table.column_names))
