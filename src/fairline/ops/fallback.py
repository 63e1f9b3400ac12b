"""Feature rows as they were kept for an earlier cutoff, for a slate whose own cannot be built in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.domain.errors import NotFound
from fairline.features.contract import contract_hash, model_features
from fairline.features.quality import FROM_FALLBACK, scored
from fairline.features.schema import ML_FEATURE_STORE
from fairline.ops.frames import player_names

if TYPE_CHECKING:
    import polars as pl

    from fairline.platform.warehouse import Warehouse


def kept_rows(warehouse: Warehouse, cutoffs: pl.DataFrame) -> pl.DataFrame:
    """What `slate_rows` returns, from each game's rows of the latest cutoff kept: at most 87 points a feature.

    cutoffs: game_id, cutoff. What has been said of a player since then changes his status, and is a change of status
    of his team. Raises NotFound when no row of the current contract is kept for the games.
    """
    import polars as pl

    with warehouse.frame("slate", cutoffs):
        rows = warehouse.query(_KEPT, {"contract": contract_hash(model_features())})
        if rows.is_empty():
            message = "no feature row of the day's games is kept, so there is nothing to fall back on"
            raise NotFound(message, hint="`fairline run` once the features can be built")
        with warehouse.frame("kept", rows.select("game_id", "player_id", "team_id", "game_date", "cutoff", "kept_at")):
            said = warehouse.query(_SAID_SINCE)
    known = rows.join(said, on=["game_id", "player_id"], how="left", maintain_order="left").with_columns(
        status=pl.coalesce("said", "status")
    )
    named = scored(known, FROM_FALLBACK).join(
        player_names(warehouse), on="player_id", how="left", maintain_order="left"
    )
    return named.select(*ML_FEATURE_STORE.column_names, "player_name", "status_changed_at")


_KEPT = """
SELECT store.* REPLACE (slate.cutoff AS cutoff), store.cutoff AS kept_at
FROM precompute.ml_feature_store AS store
JOIN slate ON slate.game_id = store.game_id AND store.cutoff <= slate.cutoff
WHERE store.contract_hash = $contract
QUALIFY store.cutoff = max(store.cutoff) OVER (PARTITION BY store.game_id)
ORDER BY store.game_id, store.player_id
"""

_SAID_SINCE = """
WITH words AS (
    SELECT kept.game_id, kept.player_id, kept.team_id, word.known_at, word.status,
        CASE WHEN word.news_id IS NOT NULL THEN 0 WHEN word.status = 'out' THEN 1 WHEN word.status = 'doubtful' THEN 2
            WHEN word.status = 'questionable' THEN 3 WHEN word.status = 'probable' THEN 4 ELSE 5 END AS rank
    FROM kept
    JOIN analytics.player_availability AS word
        ON word.player_id = kept.player_id AND word.known_at > kept.kept_at AND word.known_at <= kept.cutoff
        AND kept.cutoff < word.superseded_at AND coalesce(word.game_date, kept.game_date) = kept.game_date
)
SELECT kept.game_id, kept.player_id,
    (SELECT arg_min(words.status, words.rank) FROM words
        WHERE words.game_id = kept.game_id AND words.player_id = kept.player_id) AS said,
    (SELECT max(words.known_at) FROM words
        WHERE words.game_id = kept.game_id AND words.team_id = kept.team_id) AS status_changed_at
FROM kept
"""
