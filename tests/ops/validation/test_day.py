"""What lacks and what is too much, in numbers that are known."""

import polars as pl

from fairline.ops.produced import LACKING, TOO_MANY
from fairline.ops.validation.day import _gaps


def outputs(*rows: tuple[str, str, int | None, int]) -> pl.DataFrame:
    named = [
        {"phase": "raw", "output": output, "verdict": verdict, "expected": expected, "actual": actual}
        for output, verdict, expected, actual in rows
    ]
    schema = {"expected": pl.Int32()}
    told = pl.DataFrame(named, schema_overrides=schema)
    return told.with_columns(game_id=pl.lit("g"), due_at=pl.lit(None, pl.Datetime("us", "UTC")))


def test_what_a_postponed_game_produced_all_the_same_is_beside_none_expected() -> None:
    [gap] = _gaps(outputs(("raw.games", TOO_MANY, 0, 2))).to_dicts()
    assert (gap["expected"], gap["actual"]) == (0, 2)


def test_a_sum_of_which_a_part_is_not_known_is_not_told_as_known() -> None:
    [gap] = _gaps(outputs(("raw.grades", LACKING, 7, 3), ("raw.grades", LACKING, None, 0))).to_dicts()
    assert (gap["expected"], gap["actual"]) == (None, 3)
