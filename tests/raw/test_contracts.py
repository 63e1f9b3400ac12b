"""Rows against rules: the first rule a row breaks sets it aside, in words with its values."""

import polars as pl

from fairline.raw.contracts import rule, split

LOW = rule("too_low", pl.col("points") < 0, "points are {}", pl.col("points"))
ABSENT = rule("no_points", pl.col("points").is_null(), "{} has no points", pl.col("name"))
NAMELESS = rule("no_name", pl.col("name").is_null(), "a nameless row, {}", pl.col("name"))


def rows(*points: int | None) -> pl.DataFrame:
    return pl.DataFrame({"row_number": range(len(points)), "name": "A", "points": points})


def test_a_row_is_set_aside_by_the_first_rule_it_breaks_with_its_values():
    frame = rows(3, -1, None).with_columns(name=pl.when(pl.col("row_number") == 0).then(pl.lit("A")))
    kept, aside = split(frame, [LOW, ABSENT, NAMELESS])
    assert kept["row_number"].to_list() == [0]
    assert kept.columns == frame.columns
    assert aside.rows() == [(1, "too_low", "points are -1"), (2, "no_points", "nothing has no points")]


def test_rows_that_keep_every_rule_pass_as_they_came():
    frame = rows(3, 0)
    kept, aside = split(frame, [LOW, ABSENT, NAMELESS])
    assert kept.equals(frame)
    assert aside.is_empty()
    assert aside.columns == ["row_number", "reason", "detail"]


def test_a_rule_that_names_no_column_sets_every_row_aside():
    kept, aside = split(rows(1, 2), [rule("malformed", pl.lit(value=True), "torn")])
    assert kept.is_empty()
    assert aside.rows() == [(0, "malformed", "torn"), (1, "malformed", "torn")]


def test_of_no_rows_none_is_set_aside():
    kept, aside = split(rows(), [LOW, rule("malformed", pl.lit(value=True), "torn")])
    assert (kept.height, aside.height) == (0, 0)
