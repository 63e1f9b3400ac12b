"""Rows against their contract. A row that breaks it is set aside with the first rule it broke; the others pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from fairline.domain.tables import Column, Table
from fairline.raw.schema import PROVENANCE


@dataclass(frozen=True, slots=True)
class Rule:
    """What breaks a row: where `broken` is true the row is set aside for `reason`, in the words of `detail`."""

    reason: str
    broken: pl.Expr
    detail: pl.Expr


def rule(reason: str, broken: pl.Expr, words: str, *values: pl.Expr) -> Rule:
    """A rule whose detail is `words` with `{}` for each value."""
    shown = [value.cast(pl.String).fill_null("nothing") for value in values]
    return Rule(reason, broken, pl.format(words, *shown) if shown else pl.lit(words))


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


def contract(table: Table, *without: str) -> list[Rule]:
    """The rules a table's declaration implies for its own columns (not provenance, nor those named)."""
    skipped = {column.name for column in PROVENANCE} | set(without)
    rules = []
    for column in table.columns:
        if column.name not in skipped:
            if column.required:
                rules.append(rule(f"missing_{column.name}", pl.col(column.name).is_null(), f"{column.name} is missing"))
            rules += _valid(column)
    return rules


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
    broken = [pl.when(each.broken.fill_null(value=False)).then(index) for index, each in enumerate(rules)]
    marked = frame.with_columns(pl.coalesce(broken).alias("broken_rule"))
    bad = marked.filter(pl.col("broken_rule").is_not_null())
    first = pl.col("broken_rule")
    reason = first.replace_strict(dict(enumerate(each.reason for each in rules)), return_dtype=pl.String)
    detail = pl.coalesce([pl.when(first == index).then(each.detail) for index, each in enumerate(rules)])
    aside = bad.select("row_number", reason=reason, detail=detail)
    return marked.filter(pl.col("broken_rule").is_null()).drop("broken_rule"), aside
