"""The market as of a cutoff: its line, its de-vigged probability, how it has moved and how far books disagree."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from fairline.domain.consensus import main_half_points, nearest_even, pool_log_odds, suspect_prices
from fairline.domain.devig import devig_over

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from fairline.platform.warehouse import Warehouse

PLAYER = ["game_id", "player_id", "cutoff"]
"""One player's market: the rows below are per these."""


def quotes_as_of(warehouse: Warehouse, asked: pl.DataFrame, market: str) -> pl.DataFrame:
    """Every quote of a market standing at the cutoff, and those of the first capture.

    asked: game_id, player_id, cutoff. Returns one row per player, book, line and capture, with flags `latest` (of its
    book's last capture), `opening` (of the market's first) and `suspect` (its price is too far from the other books' to
    be of its line). A latest quote is judged among the latest, any other among the opening ones.
    """
    return quotes_of_each(warehouse, asked, [market])[market]


def quotes_of_each(warehouse: Warehouse, asked: pl.DataFrame, markets: Sequence[str]) -> dict[str, pl.DataFrame]:
    """What `quotes_as_of` returns of each market, from one look at all of them."""
    query = files("fairline.features").joinpath("quotes.sql").read_text()
    with warehouse.frame("asked", asked):
        quotes = warehouse.query(query, {"markets": list(markets)})
    return {name: _suspected(quotes.filter(market=name)) for name in markets}


def _suspected(quotes: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    at_latest, at_opening = (suspects(quotes, when) for when in ("latest", "opening"))
    return quotes.with_columns(suspect=pl.when("latest").then(at_latest).otherwise(at_opening))


def suspects(quotes: pl.DataFrame, when: str) -> pl.Series:
    """Which of the quotes with the flag `when` are suspect, judged with each other line by line; false for the rest.

    quotes: PLAYER, half_points, over_decimal, under_decimal and the flag, one quote with it per book and line.
    """
    import polars as pl

    of_line = quotes.select(_group([*PLAYER, "half_points"])).to_series().to_numpy()
    prices = quotes.select(pl.when(when).then(name).alias(name) for name in ("over_decimal", "under_decimal"))
    suspect = suspect_prices(of_line, prices["over_decimal"].to_numpy(), prices["under_decimal"].to_numpy())
    return pl.Series("suspect", suspect, dtype=pl.Boolean)


def consensus(quotes: pl.DataFrame) -> pl.DataFrame:
    """What the books say together, per player: the features of the `market` contract.

    quotes: as `quotes_as_of` returns them, of one market. The line is the one most books share (a book with several
    counts with the one priced nearest even); P(over) is the log-odds mean over the books at that line after power
    de-vig. A suspect quote counts nowhere. Players without a two-sided quote that counts are not in the result.
    """
    import polars as pl

    latest = _main_quotes(quotes.filter("latest", ~pl.col("suspect")))
    opening = _main_quotes(quotes.filter("opening", ~pl.col("suspect")))
    lines = latest.group_by(PLAYER, maintain_order=True).agg(
        (pl.col("main_half_points").first().cast(pl.Int32)).alias("half_points"),
        pl.col("half_points").len().cast(pl.Int32).alias("books"),
        (pl.col("half_points").std() / 2).alias("line_dispersion"),
        pl.col("captured_at").filter(pl.col("half_points") == pl.col("main_half_points")).max().alias("quoted_at"),
    )
    opened = opening.group_by(PLAYER, maintain_order=True).agg(
        (pl.col("main_half_points").first() / 2).alias("opening_line")
    )
    priced = lines.join(_p_over(latest), on=PLAYER, how="left").join(opened, on=PLAYER, how="left")
    return priced.with_columns(line=pl.col("half_points") / 2, has_line=pl.lit(1.0)).with_columns(
        line_move=pl.col("line") - pl.col("opening_line")
    )


def _main_quotes(quotes: pl.DataFrame) -> pl.DataFrame:
    """One two-sided quote per player and book, with the player's main line in half points."""
    import polars as pl

    two_sided = quotes.filter(pl.col("over_decimal").is_not_null() & pl.col("under_decimal").is_not_null())
    two_sided = two_sided.with_columns(_group([*PLAYER, "book", "captured_at"]).alias("at_book"))
    chosen = nearest_even(*(two_sided[name].to_numpy() for name in _NEAREST))
    main = two_sided.filter(pl.Series(chosen, dtype=pl.Boolean)).with_columns(_group(PLAYER).alias("of_player"))
    if not main.height:
        return main.with_columns(main_half_points=pl.lit(None, dtype=pl.Int32))
    lines = main_half_points(main["of_player"].to_numpy(), main["half_points"].to_numpy())
    return main.with_columns(pl.Series("main_half_points", lines, dtype=pl.Int32))


_NEAREST = ("at_book", "half_points", "over_decimal", "under_decimal")


def _group(columns: list[str]) -> pl.Expr:
    import polars as pl

    return pl.struct(columns).rank("dense").cast(pl.Int64)


def _p_over(main: pl.DataFrame) -> pl.DataFrame:
    """Log-odds mean over the books at the main line, per player."""
    import polars as pl

    if not main.height:
        return main.select(PLAYER, p_over=pl.lit(None, dtype=pl.Float64))
    at_line = main.filter(pl.col("half_points") == pl.col("main_half_points"))
    fair = devig_over(at_line["over_decimal"].to_numpy(), at_line["under_decimal"].to_numpy(), method="power")
    wide = (
        at_line.select([*PLAYER, "book"])
        .with_columns(pl.Series("fair", fair))
        .pivot("book", index=PLAYER, values="fair", aggregate_function="mean", maintain_order=True)
    )
    pooled = pool_log_odds(wide.drop(PLAYER).cast(pl.Float64).fill_null(float("nan")).to_numpy())
    return wide.select(PLAYER).with_columns(pl.Series("p_over", pooled, dtype=pl.Float64).round_sig_figs(9))


def best_at_line(quotes: pl.DataFrame, priced: pl.DataFrame) -> pl.DataFrame:
    """The best price of each side at the market line, over the books standing at the cutoff; suspect ones are none."""
    import polars as pl

    at_line = quotes.filter("latest", ~pl.col("suspect")).join(
        priced.select(*PLAYER, "half_points"), on=[*PLAYER, "half_points"], how="semi"
    )
    return at_line.group_by(PLAYER, maintain_order=True).agg(
        pl.col("over_decimal").max().alias("best_decimal_over"),
        pl.col("under_decimal").max().alias("best_decimal_under"),
    )
