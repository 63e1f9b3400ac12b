"""Rows against their contract. A row that breaks it is set aside with the first rule it broke; the others pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from fairline.domain.tables import Column, Table
from fairline.raw.parsed import nothing_aside
from fairline.raw.schema import PROVENANCE


@dataclass(frozen=True, slots=True)
class Rule:
    """What breaks a row: where `broken` is true the row is set aside for `reason`, in `words` with `{}` for a value."""

    reason: str
    broken: pl.Expr
    words: str
    values: tuple[pl.Expr, ...]

    @property
    def detail(self) -> pl.Expr:
        """The words with the values in them."""
        shown = [value.cast(pl.String).fill_null("nothing") for value in self.values]
        return pl.format(self.words, *shown) if shown else pl.lit(self.words)


def rule(reason: str, broken: pl.Expr, words: str, *values: pl.Expr) -> Rule:
    """A rule whose detail is `words` with `{}` for each value."""
    return Rule(reason, broken, words, values)


def stated(given: Mapping[str, str]) -> list[pl.Expr]:
    """The file's own cells under `given_{ours}`, so that a rule can tell unreadable from absent, and show them."""
    return [pl.col(theirs).alias(f"given_{ours}") for ours, theirs in given.items()]


def readable(frame: pl.DataFrame, given: Mapping[str, str]) -> list[Rule]:
    """Rules for cells that hold something which could not be read: ours is null, the file's is neither null nor blank.

    frame: the file's. given: our column to the file's; rows carry the latter as `stated` names it.
    """
    rules = []
    for ours, theirs in given.items():
        cell = pl.col(f"given_{ours}")
        held = cell.str.strip_chars() != "" if frame.schema[theirs] == pl.String else cell.is_not_null()
        rules.append(rule(f"unreadable_{ours}", pl.col(ours).is_null() & held, f"{theirs} is {{}}", cell))
    return rules


@cache
def contract(table: Table, *without: str) -> tuple[Rule, ...]:
    """The rules a table's declaration implies for its own columns (not provenance, nor those named)."""
    skipped = {column.name for column in PROVENANCE} | set(without)
    rules = []
    for column in table.columns:
        if column.name not in skipped:
            if column.required:
                rules.append(rule(f"missing_{column.name}", pl.col(column.name).is_null(), f"{column.name} is missing"))
            rules += _valid(column)
    return tuple(rules)


def _valid(column: Column) -> list[Rule]:
    value = pl.col(column.name)
    if isinstance(column.valid, frozenset):
        allowed = sorted(column.valid)
        return [rule(f"unknown_{column.name}", ~value.is_in(allowed), f"{column.name} is {{}}", value)]
    if column.valid is not None:
        low, high = column.valid
        words = f"{column.name} is {{}}, outside {low:g} to {high:g}"
        return [rule(f"impossible_{column.name}", ~value.is_between(low, high), words, value)]
    return []


def split(frame: pl.DataFrame, rules: Sequence[Rule]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that keep every rule, and the others as `row_number`, `reason`, `detail` of the first rule broken."""
    told = frame.select("row_number", *(each.broken.alias(f"breaks {place}") for place, each in enumerate(rules)))
    broken = {place: each for place, each in enumerate(rules) if told[f"breaks {place}"].any()}
    if not broken:
        return frame, nothing_aside()
    first = told.select(pl.coalesce(pl.when(f"breaks {place}").then(place) for place in broken).alias("broken_rule"))
    marked = frame.with_columns(first)
    bad, rule_broken = marked.filter(pl.col("broken_rule").is_not_null()), pl.col("broken_rule")
    reason = rule_broken.replace_strict({place: each.reason for place, each in broken.items()}, return_dtype=pl.String)
    detail = pl.coalesce([pl.when(rule_broken == place).then(each.detail) for place, each in broken.items()])
    aside = bad.select("row_number", reason=reason, detail=detail)
    return marked.filter(rule_broken.is_null()).drop("broken_rule"), aside
