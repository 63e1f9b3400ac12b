"""Ten values of the kept feature rows, drawn by the date as seed, recomputed from raw by SQL of their own."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from fairline.features.contract import BEGUN, CALCULATED, model_features
from fairline.ops.validation.sections import Section

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from fairline.platform.warehouse import Warehouse

DRAWN = 10
TOLERANCE = 1e-8
"""Of the value: kept numbers are rounded to nine significant digits."""


class Checkable(NamedTuple):
    """A feature that can be recomputed: of which statistic, how, over how many games of the season; None is all."""

    feature: str
    statistic: str
    how: str
    size: int | None


def checkable() -> list[Checkable]:
    """The features of the contract that a few lines of SQL over box scores can recompute.

    >>> [str(one.size) for one in checkable() if one.statistic == "rebounds"]
    ['5', '10', '20', 'None']
    """
    own = (one.name for one in model_features() if one.of == "player")
    named = (re.fullmatch(r"(\w+)_avg_(?:last_(\d+)|season)", name) for name in own)
    means = [Checkable(found[0], found[1], "mean", int(found[2]) if found[2] else None) for found in named if found]
    return [
        *(one for one in means if one.statistic not in {"minutes", "usage"}),  # made of more than the box score
        Checkable("points_sd_last_10", "points", "sd", 10),
        Checkable("season_games", "", "games", None),
    ]


def section(warehouse: Warehouse, day: date, rows: pl.DataFrame) -> Section:
    """The values drawn, as kept and as recomputed. rows: each player's latest feature row of the date."""
    return Section(
        "spot_checks", "Spot checks",
        f"{DRAWN} values of the kept rows, drawn by the date, and the same recomputed from the box scores of raw that"
        " were known at the cutoff. Values that draw on an earlier season are left out.",
        "No kept row of the date has a value that can be recomputed.",
        _checked(warehouse, _drawn(warehouse, day, rows)),
    )  # fmt: skip


def _drawn(warehouse: Warehouse, day: date, rows: pl.DataFrame) -> pl.DataFrame:
    """Values drawn among those that are all of the season's games: in the order of a hash, so the same every time."""
    import polars as pl

    text = pl.String()
    types = {"feature": text, "statistic": text, "how": text, "size": pl.Int64()}
    able = pl.DataFrame(checkable(), schema=types, orient="row")
    if rows.is_empty():
        return pl.DataFrame()
    own = rows.filter(pl.col("form_source").is_in([CALCULATED, BEGUN]), pl.col("season_games") >= 1)
    keys = ["game_id", "player_id", "cutoff", "season"]
    held = own.with_columns(games_so_far="season_games").unpivot(
        able["feature"].to_list(), index=[*keys, "games_so_far"], variable_name="feature", value_name="kept"
    )
    whole = held.join(able, on="feature").filter(
        pl.col("kept").is_not_null(), pl.col("games_so_far") >= pl.col("size").fill_null(1)
    )
    with warehouse.frame("candidates", whole):
        return warehouse.query(_DRAW, {"day": day.isoformat(), "drawn": DRAWN})


_DRAW = """
SELECT row_number() OVER (ORDER BY md5(concat_ws('/', $day, game_id, player_id, feature))) AS pick, *
FROM candidates
ORDER BY pick
LIMIT $drawn
"""


def _checked(warehouse: Warehouse, picked: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    from fairline.ops.frames import player_names

    if picked.is_empty():
        return pl.DataFrame()
    with warehouse.frame("picked", picked):
        text = files("fairline.ops.validation").joinpath("spot_checks.sql").read_text(encoding="utf-8")
        found = warehouse.query(text).select("pick", "games", pl.col("recomputed").cast(pl.Float64))
    both = picked.join(found, on="pick", how="left", maintain_order="left").join(
        player_names(warehouse), on="player_id", how="left", maintain_order="left"
    )
    apart = (pl.col("kept") - pl.col("recomputed")).abs()
    agrees = (apart <= TOLERANCE * pl.max_horizontal(pl.col("kept").abs(), 1.0)).fill_null(value=False)
    return both.select(
        "game_id", "player_id", "player_name", "cutoff", "feature", "games", "kept",
        pl.col("recomputed").round_sig_figs(9), agrees.alias("agrees"),
    )  # fmt: skip


def differences(found: Section) -> list[str]:
    """In words, what was kept otherwise than it is recomputed."""
    if found.rows.is_empty():
        return []
    return [
        f"{row['feature']} of {row['player_name']} in {row['game_id']}: kept {row['kept']:.9g},"
        f" recomputed {'nothing' if row['recomputed'] is None else format(row['recomputed'], '.9g')}"
        for row in found.rows.filter(~found.rows["agrees"]).iter_rows(named=True)
    ]
