"""Whom a person means by a name: accents, suffixes, nicknames, the start of a name, or an NBA person id."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fairline.domain.errors import NotFound, Refused
from fairline.domain.spelling import spelling
from fairline.raw.held import Held
from fairline.raw.names import Rule, candidates, proposals, read_name

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from fairline.platform.warehouse import Warehouse

MOST_NAMED = 8
"""Namesakes listed in a message."""


class Person(NamedTuple):
    """A player. name: as NBA.com last wrote it."""

    player_id: int
    name: str


def find_person(warehouse: Warehouse, text: str, day: date | None = None) -> Person:
    """The player meant by an id, a name in any spelling, or part of one that fits nobody else.

    day: of several namesakes, those within a year of their last game on it come first. Raises NotFound with the nearest
    names, Refused with a list when several remain.
    """
    held = Held(warehouse)
    people = held.appearances.group_by("player_id").agg(_last_name(), _last_date())
    found = _meant(text.strip(), held, people)
    if day is not None and found.height > 1:
        found = _active(found, day)
    if found.height == 1:
        return Person(*found.select("player_id", "player_name").row(0))
    if found.is_empty():
        near = proposals([text], held).get(text, "")
        message = f"No player is called {text!r}."
        raise NotFound(message, hint=f"The nearest: {near}." if near else "`fairline query` can search for names.")
    message = f"{text!r} may be {found.height} players."
    raise Refused(message, hint=f"Give the whole name or the id: {_listed(found)}.")


def _meant(text: str, held: Held, people: pl.DataFrame) -> pl.DataFrame:
    """Whoever fits by the surest way that fits anybody."""
    import polars as pl

    if text.isdigit():
        return people.filter(pl.col("player_id") == int(text))
    ways = candidates([text], held).filter(pl.col("rule") < Rule.WITHOUT_MIDDLE)
    surest = ways.filter(pl.col("rule") == pl.col("rule").min())
    named = people.join(surest, on="player_id", how="semi")
    return named if named.height else _containing(text, people)


def _containing(text: str, people: pl.DataFrame) -> pl.DataFrame:
    """Whose plain name holds the text's letters; a whole word of it before a part of one."""
    read = read_name(text)
    if read is None:
        return people.clear()
    own = {name: read_name(name) for name in people["player_name"]}
    words = [name for name, one in own.items() if one and set(read.words) <= set(one.words)]
    parts = [name for name, one in own.items() if one and spelling(read.whole) in one.whole]
    return people.filter(people["player_name"].is_in(words or parts))


def _active(found: pl.DataFrame, day: date) -> pl.DataFrame:
    import polars as pl

    near = found.filter((pl.col("last_game_date") - day).dt.total_days() >= -365)
    return near if near.height else found


def _listed(found: pl.DataFrame) -> str:
    latest = found.sort("last_game_date", "player_id", descending=[True, False]).head(MOST_NAMED)
    named = [f"{name} ({player_id})" for player_id, name in latest.select("player_id", "player_name").iter_rows()]
    return ", ".join([*named, "..."] if found.height > MOST_NAMED else named)


def _last_name() -> pl.Expr:
    import polars as pl

    return pl.col("player_name").sort_by("game_date").last()


def _last_date() -> pl.Expr:
    import polars as pl

    return pl.col("game_date").max().alias("last_game_date")
