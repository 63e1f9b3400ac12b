"""Who is priced on a slate, and what was known of each: games, cutoffs and feature rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.analytics.schema import UPCOMING_PLAYER, UPCOMING_TEAM
from fairline.domain.errors import LookAhead, NotFound
from fairline.features import assemble, quality
from fairline.features.store import keep_features
from fairline.ops.frames import player_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    import polars as pl

    from fairline.platform.home import Home
    from fairline.platform.warehouse import Warehouse


def moment_of(home: Home, games: pl.DataFrame, as_of: datetime | None) -> datetime:
    """The moment a slate is priced at: as_of if given, else now.

    For a day gone by it is the latest capture of its games before their tip-offs; without any, the first tip-off.
    Raises LookAhead for an as_of in the future.
    """
    now = home.clock.now()
    if as_of is not None:
        if as_of > now:
            message = f"as of {as_of:%Y-%m-%d %H:%M} UTC lies in the future"
            raise LookAhead(message, hint="leave --as-of out to price as of now")
        return as_of
    tips = games["assumed_tip_at"].drop_nulls().sort()
    if tips.is_empty() or now < tips[-1]:
        return now
    with home.warehouse.frame("slate_games", games.select("game_id", "assumed_tip_at")):
        latest: datetime | None = home.warehouse.query(
            """
            SELECT max(captured_at) FROM raw.prop_quotes JOIN slate_games USING (game_id)
            WHERE captured_at < assumed_tip_at
            """
        ).item()
    first_tip: datetime = tips[0]
    return latest or first_tip


def cutoffs_of(warehouse: Warehouse, day: date, games: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """game_id and cutoff, the moment or the game's tip-off, of the games that by then were to be played on the day.

    A game postponed or moved away by then, or not yet known, is left out.
    """
    import polars as pl

    cutoff = pl.min_horizontal(pl.col("assumed_tip_at"), pl.lit(as_of, dtype=pl.Datetime("us", "UTC")))
    with warehouse.frame("slate", games.select("game_id", cutoff=cutoff)):
        return warehouse.query(
            """
            SELECT slate.game_id, slate.cutoff
            FROM slate
            JOIN analytics.game_versions AS game
                ON game.game_id = slate.game_id AND game.known_at <= slate.cutoff AND slate.cutoff < game.superseded_at
            WHERE game.status <> 'postponed' AND game.game_date = ?
            ORDER BY slate.game_id
            """,
            [day],
        )


def slate_rows(warehouse: Warehouse, cutoffs: pl.DataFrame, markets: Sequence[str]) -> pl.DataFrame:
    """Feature rows of both rosters and every quoted player, kept in the store; with names and status changes.

    Raises NotFound when there is nobody to price.
    """
    rows = quality.scored(assemble.build(warehouse, cutoffs, _quoted(warehouse, cutoffs, markets)))
    if rows.is_empty():
        message = "of the day's games neither a roster nor a quote was known"
        raise NotFound(message, hint="`fairline import PATH...` with box scores or quotes, or a later --as-of")
    with warehouse.transaction():
        for table, relation in ((UPCOMING_TEAM, "team_context"), (UPCOMING_PLAYER, "player_context")):
            columns = ", ".join(table.column_names)
            warehouse.upsert(table, warehouse.query(f"SELECT {columns} FROM {relation}"))  # noqa: S608 - declared names
        kept = keep_features(warehouse, rows)
    changes = assemble.status_changes(warehouse)
    # Left joins: a player of whom no name is held is refused where he is written, and not lost on the way.
    named = kept.join(player_names(warehouse), on="player_id", how="left", maintain_order="left")
    return named.join(changes, on=["game_id", "cutoff", "player_id"], how="left", maintain_order="left")


def _quoted(warehouse: Warehouse, cutoffs: pl.DataFrame, markets: Sequence[str]) -> pl.DataFrame:
    """Who is quoted by the cutoff in any of the markets, and the team the quotes tell, if they do."""
    import polars as pl

    with warehouse.frame("slate", cutoffs), warehouse.frame("wanted", pl.DataFrame({"market": list(markets)})):
        return warehouse.query(
            """
            SELECT quote.game_id, slate.cutoff, quote.player_id, max(quote.team_id) AS team_id
            FROM raw.prop_quotes AS quote
            JOIN slate ON slate.game_id = quote.game_id
                AND quote.captured_at <= slate.cutoff AND quote.known_at <= slate.cutoff
            JOIN wanted ON wanted.market = quote.market
            GROUP BY quote.game_id, slate.cutoff, quote.player_id
            """
        )
