"""On the real data: a row rebuilt from what was known at its cutoff alone is the same row, to the last digit."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.features.real import world

from fairline.evaluate.frames import quoted_rows
from fairline.features import assemble, market
from fairline.features.contract import names
from fairline.platform.warehouse import DuckWarehouse

# 22:00 UTC: a Saturday of 2019, before the first night of a season, reports and line-ups of 2024, a slate of 2025.
CUTOFFS = tuple(datetime(*day, 22, tzinfo=UTC) for day in ((2019, 3, 9), (2019, 10, 22), (2024, 3, 28), (2025, 11, 28)))

SLATE = """
SELECT DISTINCT game_id FROM analytics.game_versions
WHERE tip_at BETWEEN $cutoff AND $cutoff + INTERVAL 12 HOUR AND known_at <= $cutoff AND $cutoff < superseded_at
"""
QUOTED = """
SELECT DISTINCT game_id, player_id FROM raw.prop_quotes JOIN slate USING (game_id) WHERE captured_at <= $cutoff
"""


def slate_rows(warehouse: DuckWarehouse, cutoff: datetime, *, rosters: bool = True) -> pl.DataFrame:
    """Feature rows of both rosters and of everyone quoted, with the market's features of points."""
    games = warehouse.query(SLATE, {"cutoff": cutoff})
    with warehouse.frame("slate", games):
        asked = warehouse.query(QUOTED, {"cutoff": cutoff}).with_columns(
            cutoff=pl.lit(cutoff), team_id=pl.lit(None, pl.Int64)
        )
    asked = asked.select("game_id", "cutoff", "player_id", "team_id")
    rows = assemble.build(warehouse, games.with_columns(cutoff=pl.lit(cutoff)), asked, rosters=rosters)
    people = rows.select("game_id", "player_id", "cutoff")
    priced = market.consensus(market.quotes_as_of(warehouse, people, "points"))
    return rows.join(priced, on=list(assemble.KEYS), how="left").sort(assemble.KEYS)


@pytest.mark.parametrize("cutoff", CUTOFFS, ids=lambda cutoff: f"{cutoff:%Y-%m-%d}")
def test_a_world_that_ends_at_the_cutoff_gives_the_same_slate(real: DuckWarehouse, imported: Path, cutoff: datetime):
    whole = slate_rows(real, cutoff)
    past = world(imported, cutoff)
    assert_frame_equal(slate_rows(past, cutoff), whole, check_exact=True)
    past.close()
    assert whole["game_id"].n_unique() >= 2
    assert (whole["status"].null_count() == 0) == (cutoff.year == 2024)


def test_a_training_row_is_the_row_a_slate_of_that_evening_has(real: DuckWarehouse, player_games: pl.DataFrame):
    columns = [*assemble.KEYS, *assemble.ABOUT, *names(assemble.model_features())]
    sample = player_games.filter(pl.col("game_date").is_in([date(2024, 3, 28), date(2018, 12, 25)]))
    trained = sample.select(columns).sort(assemble.KEYS)
    cutoffs = trained.select("game_id", "cutoff").unique()
    nobody = pl.DataFrame(
        schema={"game_id": pl.String, "cutoff": pl.Datetime("us", "UTC"), "player_id": pl.Int64, "team_id": pl.Int64}
    )
    slate = assemble.build(real, cutoffs, nobody, rosters=True).select(columns)
    # On a slate nobody knows who will play: those who did are among both rosters, but for who was on none.
    played = slate.join(trained.select(assemble.KEYS), on=assemble.KEYS, how="semi").sort(assemble.KEYS)
    assert_frame_equal(
        played, trained.join(played.select(assemble.KEYS), on=assemble.KEYS, how="semi"), check_exact=True
    )
    assert played.height > 0.95 * trained.height > 100
    alone = trained.row(37, named=True)
    asked = trained.slice(37, 1).select("game_id", "cutoff", "player_id", team_id=pl.lit(None, pl.Int64))
    one = assemble.build(real, asked.select("game_id", "cutoff"), asked, rosters=False).select(columns)
    assert one.row(0, named=True) == alone


def test_a_quoted_row_of_the_backtest_is_the_same_built_alone(real: DuckWarehouse):
    day = date(2024, 3, 28)
    rows = quoted_rows(real, "points", day, day)
    assert rows.height > 20
    columns = [*assemble.KEYS, *names(assemble.model_features())]
    for place in (0, rows.height // 2, rows.height - 1):
        asked = rows.slice(place, 1).select("game_id", "cutoff", "player_id", team_id=pl.lit(None, pl.Int64))
        alone = assemble.build(real, asked.select("game_id", "cutoff"), asked, rosters=True)
        same = alone.filter(pl.col("player_id") == asked["player_id"].item()).select(columns)
        assert_frame_equal(same, rows.slice(place, 1).select(columns), check_exact=True)


def test_every_quote_of_a_slate_was_seen_by_its_cutoff_and_before_tip_off(real: DuckWarehouse):
    cutoff = datetime(2024, 2, 13, 4, tzinfo=UTC)
    asked = real.query(
        "SELECT DISTINCT game_id, player_id FROM raw.prop_quotes WHERE game_date = DATE '2024-02-12'"
    ).with_columns(cutoff=pl.lit(cutoff))
    quotes = market.quotes_as_of(real, asked, "points")
    tips = real.query("SELECT game_id, max(tip_at) AS tip_at FROM analytics.game_versions GROUP BY game_id")
    late = quotes.join(tips, on="game_id").filter(pl.col("captured_at") > pl.col("tip_at") + pl.duration(hours=1))
    assert quotes.height > 500
    assert (quotes["captured_at"] <= cutoff).all()
    assert late.height == 0
