"""Where sources disagree: box scores, results and lines of one book, beyond what is tolerated."""

from datetime import date
from importlib import resources

import polars as pl

from fairline.domain.consensus import nearest_even
from fairline.platform.warehouse import Warehouse
from fairline.raw.schema import BOX_COUNTS, LINE_PRECEDENCE, SAME_LINE_MINUTES, SOURCE_PRECEDENCE

TOLERANCES = {"minutes": 1.0, "points": 0.0, **{column.name: 0.0 for column in BOX_COUNTS}, "plus_minus": 0.0}
"""By how much two box scores may differ: not at all in what is counted; some round minutes, some cut them."""

LINE_TOLERANCE = 0.5
"""Points by which two sources' captures of one book may differ: a line moves by half a point between them."""

PAIR = ("game_id", "game_date", "player_id", "market", "book", "source", "other_source")

COLUMNS = (
    "part", "game_date", "game_id", "player_id", "player_name", "statistic", "book", "source", "stated", "other_source",
    "other_stated", "tolerance",
)  # fmt: skip
"""Of a disagreement: `part` is box_score, result or line; `source` the better-ranked one of the two."""


def disagreements(warehouse: Warehouse, first: date, last: date) -> pl.DataFrame:
    """One row of COLUMNS per statistic, score or line that two sources state differently, for games from first to last.

    Each source is compared by its last word with the best-ranked one. Who is in one box score and not in the other
    differs in `played`. Nothing is a disagreement where a source is silent.
    """
    boxes = pl.DataFrame({"statistic": list(TOLERANCES), "tolerance": list(TOLERANCES.values())})
    with warehouse.frame("tolerances", boxes):
        found = warehouse.query(_statement("reconciliation"), {"first": first, "last": last})
    return pl.concat([found.select(COLUMNS), _lines(warehouse, first, last)], how="vertical_relaxed")


def _lines(warehouse: Warehouse, first: date, last: date) -> pl.DataFrame:
    """Main lines of one book that two sources saw at about the same time."""
    quotes = warehouse.query(_statement("nearby_lines"), {"first": first, "last": last})
    numbered = quotes.with_columns(capture=pl.struct(*PAIR, "own").rank("dense").cast(pl.Int64))
    alone = pl.len().over("capture") == 1
    even = nearest_even(*(numbered[name].to_numpy() for name in ("capture", *_PRICED)))
    main = numbered.filter(pl.Series(even, dtype=pl.Boolean) | numbered.select(alone).to_series())
    own, other = main.filter("own"), main.filter(~pl.col("own")).select(*PAIR, other_points="half_points")
    both = own.join(other, on=PAIR).with_columns(
        part=pl.lit("line"), statistic="market", stated=pl.col("half_points") / 2, tolerance=pl.lit(LINE_TOLERANCE),
        other_stated=pl.col("other_points") / 2,
    )  # fmt: skip
    apart = (pl.col("stated") - pl.col("other_stated")).abs() > LINE_TOLERANCE
    return both.filter(apart).sort(PAIR).select(COLUMNS)


_PRICED = ("half_points", "over_decimal", "under_decimal")


def _statement(name: str) -> str:
    """A query, sources ranked by their declared precedence."""
    text = resources.files("fairline.raw").joinpath(f"{name}.sql").read_text(encoding="utf-8")
    for alias in ("own", "other"):
        values = " ".join(f"WHEN '{statistic}' THEN {alias}.{statistic}" for statistic in TOLERANCES)
        text = text.replace(f"{{{alias}_values}}", values)
    text = text.replace("{source_rank}", _rank(SOURCE_PRECEDENCE)).replace("{line_rank}", _rank(LINE_PRECEDENCE))
    return text.replace("{same_line_minutes}", str(SAME_LINE_MINUTES))


def _rank(precedence: dict[str, int]) -> str:
    ranks = " ".join(f"WHEN '{source}' THEN {rank}" for source, rank in precedence.items())
    return f"CASE source {ranks} ELSE {len(precedence) + 1} END"
