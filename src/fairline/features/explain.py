"""One feature row taken apart: every value with its source and quality, and what it was computed from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fairline.features import assemble, evidence
from fairline.features import market as quotes
from fairline.features.calls import OF_SEASON
from fairline.features.contract import BEGUN, CALCULATED, CARRIED, MISSING, QUALITY, STALE, Feature, features
from fairline.features.quality import scored, source

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    import polars as pl

    from fairline.platform.warehouse import Warehouse

SOURCES = {
    CALCULATED: "calculated",
    CARRIED: "carried from last season",
    STALE: "too old, so null",
    MISSING: "missing",
}
"""How a value came about, in words."""

VALUES = (
    "feature",
    "contract",
    "value",
    "unit",
    "source",
    "quality",
    "required",
    "drawn_from",
    "games",
    "note",
    "means",
)


class Explanation(NamedTuple):
    """A feature row and what stands behind it.

    about: keys, cutoff, teams, status, quality, tier, readiness. values: one row per feature, columns VALUES; `games`
    counts the games of the window that were held. evidence: frames by name, those of `evidence.gathered`.
    """

    about: dict[str, Any]
    values: pl.DataFrame
    evidence: dict[str, pl.DataFrame]


def explain(warehouse: Warehouse, game_id: str, player_id: int, cutoff: datetime, market: str) -> Explanation:
    """The row of one player's game as of a cutoff (UTC), with the quotes of one market.

    Built anew by the same function as every other row, so it equals the stored one of the same cutoff.
    """
    import polars as pl

    asked = _asked(warehouse, game_id, player_id, cutoff)
    cutoffs = asked.select("game_id", "cutoff")
    row = scored(assemble.build(warehouse, cutoffs, asked, rosters=False))
    standing = quotes.quotes_as_of(warehouse, asked.select(quotes.PLAYER), market)
    priced = quotes.consensus(standing).select(
        *quotes.PLAYER,
        "opening_line",
        "line_move",
        "has_line",
        "line_dispersion",
        market_line="line",
        market_p_over="p_over",
    )
    whole = row.join(priced, on=quotes.PLAYER, how="left").with_columns(pl.col("has_line").fill_null(0.0))
    found = evidence.gathered(warehouse, whole.row(0, named=True), standing)
    about = whole.select(pl.exclude([feature.name for feature in features()])).row(0, named=True)
    return Explanation({**about, "market": market}, _values(whole, found), found)


def _asked(warehouse: Warehouse, game_id: str, player_id: int, cutoff: datetime) -> pl.DataFrame:
    """The player asked for, and the team that quotes known by then tell."""
    return warehouse.query(
        """
        SELECT $game AS game_id, CAST($cutoff AS TIMESTAMPTZ) AS cutoff, CAST($player AS BIGINT) AS player_id,
            max(team_id) AS team_id
        FROM raw.prop_quotes
        WHERE game_id = $game AND player_id = $player AND captured_at <= $cutoff
        """,
        {"game": game_id, "player": player_id, "cutoff": cutoff},
    )


def _values(row: pl.DataFrame, found: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """One row per feature of both contracts."""
    import polars as pl

    codes = row.select(source(one).alias(one.name) for one in features()).row(0, named=True)
    values = row.row(0, named=True)
    begun = values["form_source"] == BEGUN
    rows = [_told(one, values[one.name], codes[one.name], found, begun=begun) for one in features()]
    types = {"value": pl.Float64, "quality": pl.Int64, "games": pl.Int64, "required": pl.Boolean}
    return pl.DataFrame(rows, schema={name: types.get(name, pl.String) for name in VALUES})


def _told(
    feature: Feature, value: float | None, code: str, found: dict[str, pl.DataFrame], *, begun: bool
) -> dict[str, object]:
    held = evidence.games(feature, found)
    note = _how_carried(feature, held, begun=begun) if code == CARRIED else ""
    return {
        "feature": feature.name,
        "contract": feature.contract,
        "value": value,
        "unit": feature.unit,
        "source": SOURCES[code],
        "quality": QUALITY[code],
        "required": feature.required,
        "drawn_from": evidence.drawn_from(feature),
        "games": held,
        "note": _why_null(feature, code, held) if value is None else note,
        "means": feature.means,
    }


def _how_carried(feature: Feature, held: int | None, *, begun: bool) -> str:
    """What stands beside the games of the window, as far as the declaration tells it."""
    if begun and feature.usual:
        return f"of {OF_SEASON[feature.window]} games {held} are of this season: each other is what his last 82 say"
    if feature.carry is None or feature.carry[0] == 1:
        return ""
    kept, towards = feature.carry
    return f"{kept:.0%} of last season's value, the rest {towards}"


def _why_null(feature: Feature, code: str, held: int | None) -> str:
    """The reason of a null, as far as the declaration tells it."""
    if code == STALE:
        return "of an earlier season, or no game in 45 days"
    if held is not None and held < feature.least:
        return f"needs {feature.least} games, {held} are held"
    usual = "no two-sided quote by the cutoff" if feature.of == "market" else "an input is missing"
    return evidence.WHY_NULL.get(feature.name, usual)
