"""Cells of a file as typed columns. What cannot be read as asked becomes null, which `contracts` tells from absent."""

from collections.abc import Mapping

import polars as pl

from fairline.domain.spelling import DROPPED

WITHOUT_CONTROL_CHARACTERS = r"^([^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+)$"
YES = ("true", "t", "yes", "y", "1", "w")
NO = ("false", "f", "no", "n", "0", "l")
EXACT_IN_A_DOUBLE = 2**53


class Cells:
    """The columns of a frame as expressions of a type asked for; Parquet comes typed, CSV as text.

    Each is one chain as far as it can be: an expression named twice is computed twice.

    >>> import polars as pl
    >>> frame = pl.DataFrame({"PTS": ["21", "2.5", "many"], "GAME_ID": [22400001, 42300407, 7]})
    >>> cells = Cells(frame)
    >>> frame.select(cells.whole("PTS"), cells.game("GAME_ID")).rows()
    [(21, '0022400001'), (None, '0042300407'), (None, None)]
    """

    def __init__(self, frame: pl.DataFrame) -> None:
        """Read the columns of this frame."""
        self._types = frame.schema

    def text(self, column: str) -> pl.Expr:
        """Trimmed text; null when empty or with control characters."""
        return self._trimmed(column).str.extract(WITHOUT_CONTROL_CHARACTERS, 1)

    def number(self, column: str) -> pl.Expr:
        """A finite number."""
        value = self._float(column)
        return pl.when(value.is_finite()).then(value)

    def whole(self, column: str) -> pl.Expr:
        """A whole number, as Int64 whatever its width in the file; null for a fraction."""
        if self._types[column].is_integer():
            return pl.col(column).cast(pl.Int64, strict=False)
        value = self._float(column)
        exact = (value % 1 == 0) & value.is_between(-EXACT_IN_A_DOUBLE, EXACT_IN_A_DOUBLE, closed="none")
        return pl.when(exact).then(value).cast(pl.Int64, strict=False)

    def yes(self, column: str) -> pl.Expr:
        """A yes or no: true, t, yes, y, 1, w and their opposites, in any case."""
        if self._types[column] == pl.Boolean:
            return pl.col(column)
        said = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
        return self.text(column).str.to_lowercase().replace_strict(said, default=None, return_dtype=pl.Boolean)

    def day(self, column: str) -> pl.Expr:
        """A date: ISO text, a date, or a timestamp without zone of which the day counts."""
        if isinstance(self._types[column], pl.Date | pl.Datetime):
            return pl.col(column).cast(pl.Date, strict=False)
        return self.text(column).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)

    def instant(self, column: str) -> pl.Expr:
        """A UTC instant: a timestamp with or without zone (without: UTC), or ISO text likewise."""
        given = self._types[column]
        if isinstance(given, pl.Datetime):
            zoned = (
                pl.col(column).dt.convert_time_zone("UTC")
                if given.time_zone
                else pl.col(column).dt.replace_time_zone("UTC")
            )
            return zoned.dt.cast_time_unit("us")
        # One shape for every spelling: `2024-01-30 02:59:29.000+00:00`.
        shaped = (
            self.text(column)
            .str.replace(r"^(\d{4}-\d{2}-\d{2})[Tt ]", "$1 ")
            .str.replace(r"(?:\s*UTC|Z)$", "+00:00")
            .str.replace(r"( \S+[+-]\d{2})(\d{2})?$", "$1:$2")
            .str.replace(r"([+-]\d{2}):$", "$1:00")
            .str.replace(r"^(\S+ \d{2}:\d{2})([+-]|$)", "$1:00$2")
        )
        # What names no zone is UTC: UTC is added to all, and taken away again behind another zone.
        zoned = (shaped + "+00:00").str.replace(r"( \S+[+-]\d{2}:\d{2})\+00:00$", "$1")
        return zoned.str.to_datetime("%Y-%m-%d %H:%M:%S%.f%:z", time_unit="us", time_zone="UTC", strict=False)

    def game(self, column: str) -> pl.Expr:
        """NBA's ten-digit game id; leading zeros lost on the way are put back."""
        return self.text(column).str.replace(r"\.0$", "").str.zfill(10).str.extract(r"^(00[1-6]\d{7})$", 1)

    def named(self, column: str, names: Mapping[str, int] | Mapping[str, str]) -> pl.Expr:
        """What a spelling stands for in one of the domain's vocabularies; null when it stands for nothing."""
        dtype = pl.Int64 if isinstance(next(iter(names.values())), int) else pl.String
        spelling = self.text(column).str.to_lowercase().str.replace_all(DROPPED, "")
        return spelling.replace_strict(dict(names), default=None, return_dtype=dtype)

    def _trimmed(self, column: str) -> pl.Expr:
        given = pl.col(column)
        return (given if self._types[column] == pl.String else given.cast(pl.String)).str.strip_chars()

    def _float(self, column: str) -> pl.Expr:
        """As the cell says, perhaps infinite; null for what is no number, such as text with control characters."""
        given = pl.col(column) if self._types[column].is_numeric() else self._trimmed(column)
        return given.cast(pl.Float64, strict=False)
