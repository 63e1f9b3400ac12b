"""The data dictionary, from the declarations: every table, column and feature with unit, range, source and rule."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from fairline.domain.errors import NotFound
from fairline.features.contract import feature, features
from fairline.features.states import WINDOWS
from fairline.ops.catalogue import tables

if TYPE_CHECKING:
    import polars as pl

    from fairline.domain.tables import Column, Table
    from fairline.features.contract import Feature

ZONES = {
    "raw": "What providers stated, as they stated it, in our ids and units; a correction is one more row.",
    "ops": "What the platform keeps about its own work.",
    "analytics": "Games played, summarised; games to come, in context.",
    "precompute": "The feature store.",
    "predictions": "Forecasts, prices and grades.",
}

INTRODUCTION = """# Data dictionary

Generated from the declarations in `src/fairline/*/schema.py` and `src/fairline/features/catalogue/` by
`fairline describe --markdown`; a test keeps it up to date. Instants are UTC, dates are US Eastern game dates, odds are
decimal, lines are whole half points (49 is 24.5). **Bold** columns are the natural key. A range is inclusive; a row
that breaks it does not enter the table. `fairline sql TABLE` prints the SQL a table is made by.
"""


class Described(NamedTuple):
    """What a name stands for: a table, or one column of it with its feature where it is one."""

    table: Table
    column: Column | None
    feature: Feature | None


def find(name: str) -> list[Described]:
    """What `TABLE`, `ZONE.TABLE`, `TABLE.COLUMN` or a column's bare name stands for. Raises NotFound with the nearest.

    >>> [one.table.full_name for one in find("games")]
    ['raw.games']
    >>> find("ml_feature_store.points_avg_last_5")[0].column.unit
    'points'
    """
    wanted = name.strip().lower()
    found = [
        Described(table, column, _feature(table, column))
        for table in tables()
        for column in (None, *table.columns)
        if wanted in _names(table, column)
    ]
    if not found:
        known = {spelt for table in tables() for column in (None, *table.columns) for spelt in _names(table, column)}
        near = get_close_matches(wanted, sorted(known), n=3)
        message = f"Nothing is called {name!r}."
        raise NotFound(
            message, hint=f"Did you mean {' or '.join(near)}?" if near else "`fairline describe` lists tables."
        )
    tables_only = [one for one in found if one.column is None]
    return tables_only or found


def table_named(name: str) -> Table:
    """The table of that name, with or without its zone. Raises NotFound with the nearest."""
    return find(name)[0].table


def _names(table: Table, column: Column | None) -> tuple[str, ...]:
    if column is None:
        return table.name, table.full_name
    return f"{table.name}.{column.name}", f"{table.full_name}.{column.name}", column.name


def _feature(table: Table, column: Column | None) -> Feature | None:
    """The feature a column of the feature store holds."""
    known = {one.name for one in features()} if table.zone == "precompute" and column else ()
    return feature(column.name) if column and column.name in known else None


def valid_text(column: Column) -> str:
    """The range of a column in words.

    >>> from fairline.domain.tables import Column
    >>> valid_text(Column("points", "INTEGER", "", valid=(0, 120))), valid_text(Column("x", "DOUBLE", ""))
    ('0 to 120', '')
    """
    if column.valid is None:
        return ""
    if isinstance(column.valid, frozenset):
        return ", ".join(sorted(column.valid))
    low, high = column.valid
    return f"{low:g} to {high:g}"


def facts(one: Feature) -> dict[str, str]:
    """How a feature is computed and when it is null, in words."""
    return {
        "contract": one.contract,
        "of": {"target": "the game to come", "market": "the quotes as of the cutoff"}.get(
            one.of, f"the {one.of}'s games"
        ),
        "expression": " ".join(one.expression.split()),
        "window": f"{one.window}: {WINDOWS[one.window]}" if one.window else "",
        "null_when": _when_null(one),
        "over_the_summer": _carried(one),
        "required": "yes" if one.required else "no",
    }


def feature_frame(contract: str | None = None) -> pl.DataFrame:
    """The features of a contract (`model`, `market`, or both) in order, as a frame. Raises NotFound for another."""
    import polars as pl

    if contract not in (None, "model", "market"):
        message = f"There is no contract {contract!r}."
        raise NotFound(message, hint="The contracts are model and market.")
    rows = [
        {
            "feature": one.name, "unit": one.unit, "low": float(one.valid[0]), "high": float(one.valid[1]),
            **facts(one), "means": one.means,
        }
        for one in features()
        if contract in (None, one.contract)
    ]  # fmt: skip
    return pl.DataFrame(rows)


def _when_null(one: Feature) -> str:
    rules = []
    if one.least:
        rules.append(f"fewer than {one.least} games")
    if one.max_age is not None:
        rules.append(f"no game in {one.max_age} days")
    if one.this_season:
        rules.append("of an earlier season, but for the first 14 days")
    return "; ".join(rules)


def _carried(one: Feature) -> str:
    if one.carry is None:
        return ""
    kept, towards = one.carry
    return f"{kept:.3g} of the value" + (f", the rest {towards}" if kept < 1 else "")


def as_plain(one: Described) -> dict[str, Any]:
    """A description for JSON."""
    about: dict[str, Any] = {"table": one.table.full_name, "zone": one.table.zone}
    if one.column is None:
        about |= {"means": one.table.means, "source": one.table.source, "known_at": one.table.known_at}
        return about | {"key": list(one.table.key), "columns": [_column(each) for each in one.table.columns]}
    about |= _column(one.column) | {"source": one.table.source, "known_at": one.table.known_at}
    return about | ({"feature": facts(one.feature)} if one.feature else {})


def _column(column: Column) -> dict[str, Any]:
    return {
        "column": column.name, "type": column.type, "unit": column.unit, "range": valid_text(column),
        "required": column.required, "means": column.means,
    }  # fmt: skip


def markdown() -> str:
    """The whole dictionary."""
    parts = [INTRODUCTION]
    for zone, means in ZONES.items():
        parts.append(f"## {zone}\n\n{means}\n")
        parts += [_section(table) for table in tables() if table.zone == zone]
    parts.append(_feature_section())
    return "\n".join(parts)


def _section(table: Table) -> str:
    about = [f"### {table.full_name}", "", table.means, "", f"Source: {table.source}. Known at: {table.known_at}", ""]
    head = ["| column | type | unit | range | meaning |", "|---|---|---|---|---|"]
    rows = [
        _row(
            f"**{column.name}**" if column.name in table.key else column.name,
            column.type, column.unit, valid_text(column), column.means,
        )
        for column in table.columns
    ]  # fmt: skip
    return "\n".join([*about, *head, *rows, ""])


def _feature_section() -> str:
    head = [
        "## Features", "",
        "In the order of the contract. `model` features have seen no quote; `market` ones may. A feature of the game",
        "to come is computed from the target's own date, side and opponent after the states are joined.", "",
        "| | feature | contract | of | unit | range | null when | expression | meaning |",
        "|---|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    rows = []
    for place, one in enumerate(features(), 1):
        told = facts(one)
        low, high = one.valid
        rows.append(
            _row(
                str(place), one.name + (" (required)" if one.required else ""), one.contract, told["of"], one.unit,
                f"{low:g} to {high:g}", told["null_when"], f"`{told['expression']}`", one.means,
            )
        )  # fmt: skip
    return "\n".join([*head, *rows, ""])


def _row(*cells: str) -> str:
    escaped = (" ".join(cell.split()).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"
