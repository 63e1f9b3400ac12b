"""Who officiates the day's games, as NBA.com's assignments tell in the morning."""

import polars as pl

from fairline.raw import known
from fairline.raw.captured import CaptureKind
from fairline.raw.cells import Cells
from fairline.raw.contracts import contract, readable, rule, split, stated
from fairline.raw.documents import Document, place_in
from fairline.raw.held import Held
from fairline.raw.nba.rules import other_league
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import REFEREE_ASSIGNMENTS

OTHER_LEAGUES = ("gl", "wnba")
ROLES = {1: "crew_chief", 2: "referee", 3: "umpire", 4: "alternate"}
"""By place in the record, as the assignments page heads them."""

PARTS = {
    f"{part}{place}": f"official{place}{ending}"
    for part, ending in (("name", ""), ("number", "_JNum"))
    for place in ROLES
}
FIELDS = {"game_id": "game_id", "date": "game_date", **PARTS}
GIVEN = {"game_date": "date"}


def fits(document: Document) -> bool:
    """Tables of assignments by league."""
    return isinstance(document.at("nba.Table.rows", list), list) and "official1" in str(document.at("nba.Table", dict))


def parse(document: Document, held: Held) -> Parsed:  # noqa: ARG001 - every parser is given what is held
    """The crews of NBA's games. `Table1` names who sits in the replay centre: no game's crew, and not read."""
    games = list(document.at("nba.Table.rows", list))
    for league in OTHER_LEAGUES:
        rows = place_in(document.json, f"{league}.Table.rows")
        games += rows if isinstance(rows, list) else []
    frame = document.sheet(games, FIELDS)
    typed = frame.select("row_number", "game_id", *stated(GIVEN), *_typed(frame))
    nobody = rule("no_officials", pl.col("official").list.len() == 0, "no official is named")
    rules = [
        other_league("game_id"),
        nobody,
        *readable(frame, GIVEN),
        *contract(REFEREE_ASSIGNMENTS, "official", "role"),
    ]
    good, broken = split(typed.with_columns(game_id=pl.col("game_id").str.strip_chars()), rules)
    crews = good.explode("official", "role").with_columns(game_id=Cells(good).game("game_id"))
    named, unidentified = split(crews, contract(REFEREE_ASSIGNMENTS))
    key = ["game_id", "official"]
    single, conflicting, duplicates = one_per_key(named, key, ["role", "game_date"], "conflicting_official")
    at = known.instant(document.capture.captured_at)
    rows = single.select("row_number", *key, "game_date", "role", valid_at=at, known_at=at)
    aside = together([broken, unidentified, conflicting])
    return Parsed({REFEREE_ASSIGNMENTS: rows}, aside, duplicates=duplicates)


def _typed(frame: pl.DataFrame) -> list[pl.Expr]:
    """The crew as lists of equal length: `John Goble (#10)` and his place in it."""
    cells = Cells(frame)
    crew = [
        pl.struct(
            official=pl.concat_str(
                cells.text(f"name{place}"),
                pl.when(cells.text(f"number{place}").is_not_null())
                .then(pl.format(" (#{})", cells.text(f"number{place}")))
                .otherwise(pl.lit("")),
            ),
            role=pl.lit(role),
        )
        for place, role in ROLES.items()
    ]
    named = pl.concat_list(crew).list.filter(pl.element().struct.field("official").is_not_null())
    return [
        cells.text("date").str.to_date("%m/%d/%Y", strict=False).alias("game_date"),
        named.list.eval(pl.element().struct.field("official")).alias("official"),
        named.list.eval(pl.element().struct.field("role")).alias("role"),
    ]


ASSIGNMENTS = CaptureKind(
    "nba", "nba_referees", "Officials of the day's games, NBA.com referee assignments", (REFEREE_ASSIGNMENTS,), fits,
    parse,
)  # fmt: skip
