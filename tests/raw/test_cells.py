"""Cells of any type, and what cannot be read."""

from datetime import UTC, date, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.raw.cells import Cells


def read(values: list[object], how: str, dtype: pl.DataType | type[pl.DataType] | None = None) -> list[object]:
    frame = pl.DataFrame({"cell": pl.Series(values, dtype=dtype)})
    return frame.select(getattr(Cells(frame), how)("cell"))["cell"].to_list()


def test_a_small_integer_does_not_overflow_where_it_is_added():
    frame = pl.DataFrame({"cell": pl.Series([100, 120], dtype=pl.Int8)})
    whole = frame.select(Cells(frame).whole("cell"))["cell"]
    assert (whole + whole).to_list() == [200, 240]


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-30 02:59:29+00:00", "2024-01-30T02:59:29Z", "2024-01-30 02:59:29 UTC", "2024-01-30 02:59:29",
        "2024-01-29T21:59:29-05:00", "2024-01-29 21:59:29-0500", "2024-01-30T03:59:29.000+01",
    ],
)  # fmt: skip
def test_one_instant_in_every_spelling(text: str):
    assert read([text], "instant") == [datetime(2024, 1, 30, 2, 59, 29, tzinfo=UTC)]


@given(st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001 - zones follow
def test_an_instant_survives_being_written_as_text(naive: datetime, hours: int):
    instant = naive.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert read([instant.isoformat()], "instant") == [instant.astimezone(UTC)]


@pytest.mark.parametrize("text", ["yesterday", "2024-13-01 00:00", "12:30", "1706583569", ""])
def test_what_is_no_instant_is_null(text: str):
    assert read([text], "instant") == [None]


def test_numbers_that_are_not_whole_or_not_numbers_are_null():
    assert read(["7", " 7 ", "7.0", "7.5", "1e400", "nan", "seven", "", None], "whole") == [7, 7, 7] + [None] * 6
    assert read([7.0, 7.5, float("inf")], "whole") == [7, None, None]


@pytest.mark.parametrize("how", ["text", "number", "whole", "yes"])
def test_a_cell_with_a_control_character_is_null_however_it_is_read(how: str):
    assert read(["1\x00", "\x011", "1\x7f", "1\x1b2", "\x00"], how) == [None] * 5


def test_an_instant_that_names_a_zone_twice_is_null():
    assert read(["2024-01-30 02:59:29+00:00+00:00", "2024-01-30 02:59:29Z+00:00"], "instant") == [None, None]


def test_a_date_is_read_from_dates_timestamps_and_text():
    timestamp = datetime(2024, 1, 30, 5)  # noqa: DTZ001 - a day, without zone
    assert read([date(2024, 1, 30)], "day") == read([timestamp], "day") == read(["2024-01-30T05:00"], "day")


def test_game_ids_of_three_formats_are_one():
    assert (
        read(["0022400001", "22400001", "22400001.0", "1", "402300001", "abc"], "game")
        == ["0022400001"] * 3 + [None] * 3
    )
    assert read([22400001], "game") == ["0022400001"]
