"""Price a date again because something was learnt, and tell what it changed for one team."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fairline.ops.slate import run_slate
from fairline.predict.board import POOLED_AND_PURE

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    import polars as pl

    from fairline.platform.home import Home
    from fairline.publish.exports import Published

CHANGES = ("player", "market", "system", "before", "after", "change", "status_before", "status")


class Repriced(NamedTuple):
    """changes: CHANGES, of the team's players in the two systems a board shows, the largest change first.

    before, after: expected counts, null where the player is kept out. compared_with: the cutoff of the run before.
    """

    batch_id: str
    compared_with: datetime
    changes: pl.DataFrame
    published: tuple[Published, ...]


def reprice(home: Home, day: date, team_id: int, told: Callable[[str], None] = lambda _: None) -> Repriced | None:
    """Run the date's slate again, in the markets of its last run, as of now. None when it was never priced.

    Between the two runs quotes and reports may have come as well: their part is not told apart. Raises as run_slate.
    """
    last = home.warehouse.query(
        "SELECT batch_id, cutoff FROM predictions.player_prop_forecasts WHERE game_date = $day"
        " ORDER BY cutoff DESC, batch_id DESC LIMIT 1",
        {"day": day},
    )
    if last.is_empty():
        return None
    batch_id, cutoff = last.row(0)
    markets: list[str] = home.warehouse.query(
        "SELECT DISTINCT market FROM predictions.player_prop_forecasts WHERE batch_id = $batch ORDER BY market",
        {"batch": batch_id},
    )["market"].to_list()
    before = _means(home, batch_id, team_id)
    run = run_slate(home, day, markets, told=told)
    return Repriced(run.batch_id, cutoff, _changes(before, _means(home, run.batch_id, team_id)), run.published)


def no_changes() -> pl.DataFrame:
    """CHANGES without rows: of a date that was never priced."""
    import polars as pl

    numbers = dict.fromkeys(("before", "after", "change"), pl.Float64())
    return pl.DataFrame(schema={name: numbers.get(name, pl.String()) for name in CHANGES})


def _means(home: Home, batch_id: str, team_id: int) -> pl.DataFrame:
    """What was expected of each of the team; of whoever is out or doubtful, nothing."""
    return home.warehouse.query(
        "SELECT player_id, player_name AS player, market, system, status,"
        " CASE WHEN coalesce(status, '') NOT IN ('out', 'doubtful') THEN mean END AS mean"
        " FROM predictions.player_prop_forecasts"
        " WHERE batch_id = $batch AND team_id = $team AND list_contains($systems, system) ORDER BY ALL",
        {"batch": batch_id, "team": team_id, "systems": list(POOLED_AND_PURE)},
    )


def _changes(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    key = ["player_id", "market", "system"]
    both = after.join(before, on=key, how="full", suffix="_before", coalesce=True)
    told = both.with_columns(
        pl.coalesce("player", "player_before").alias("player"),
        before=pl.col("mean_before").round(2), after=pl.col("mean").round(2),
        change=(pl.col("mean") - pl.col("mean_before")).round(2),
    )  # fmt: skip
    # A status alone may have changed too: who is out has no mean.
    moved = told.filter(
        (pl.col("change").fill_null(0) != 0)
        | pl.col("before").is_null().ne(pl.col("after").is_null())
        | pl.col("status").ne_missing(pl.col("status_before"))
    )
    order = [pl.col("change").is_null(), pl.col("change").abs(), pl.col("player"), pl.col("market"), pl.col("system")]
    return moved.sort(order, descending=[True, True, False, False, False]).select(CHANGES)
