"""Bytes from outside to a frame of the kind's columns. They are hostile until read: capped, and checked as a whole."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from fairline.domain.errors import BrokenContract
from fairline.raw.kinds import Kind, recognise, spelt_as

PARQUET_MAGIC = b"PAR1"
MOST_BYTES = 1 << 30
MOST_DECODED_BYTES = 4 << 30
MOST_ROWS = 20_000_000

SCALARS = (pl.String, pl.Categorical, pl.Enum, pl.Boolean, pl.Date, pl.Datetime, pl.Time, pl.Null)


def bytes_of(path: Path) -> bytes:
    """The file's bytes. Raises BrokenContract when it is larger than 1 GiB or cannot be read."""
    if not path.is_file():
        message = f"{path} is not a file."
        raise BrokenContract(message, hint="Give a Parquet or CSV file, or a folder of them.")
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            message = f"{path.name} has {size:,} bytes; at most {MOST_BYTES:,} are read."
            raise BrokenContract(message, hint="Split it, for example by season.")
        return path.read_bytes()
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}."
        raise BrokenContract(message, hint="Check the path and its permissions.") from error


def kind_of(content: bytes, file: str) -> Kind:
    """The kind of a file, by its header alone. Raises as `read`."""
    with _decoding(file):
        return recognise(
            _parquet_columns(content, file) if content.startswith(PARQUET_MAGIC) else _csv_columns(content, file), file
        )


def read(content: bytes, file: str) -> tuple[Kind, pl.DataFrame]:
    """The kind of a file and its rows: the kind's columns under its own spelling, after `row_number` (from 0).

    Optional columns that are absent are null. Parquet keeps its types; CSV is text throughout.
    Raises BrokenContract naming the file, and the column where one is to blame.
    """
    kind = kind_of(content, file)
    with _decoding(file):
        if content.startswith(PARQUET_MAGIC):
            wanted = spelt_as(kind, _parquet_columns(content, file), file)
            frame = pl.read_parquet(io.BytesIO(content), columns=list(wanted))
        else:
            frame = pl.read_csv(io.BytesIO(content), infer_schema=False)
    return kind, _in_the_kinds_columns(frame, kind, file)


@contextmanager
def _decoding(file: str) -> Iterator[None]:
    """A decoder's complaint, or its panic, is the file's fault."""
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        complaint = str(error).strip().splitlines() or [type(error).__name__]
        message = f"{file} cannot be decoded: {complaint[0]}."
        raise BrokenContract(message, hint="It must be Parquet, or CSV in UTF-8 with a header row.") from error


def _parquet_columns(content: bytes, file: str) -> list[str]:
    """The columns, after a look at what the file unpacks to."""
    import pyarrow.parquet as pq

    metadata = pq.ParquetFile(io.BytesIO(content)).metadata
    unpacked = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    if metadata.num_rows > MOST_ROWS or unpacked > MOST_DECODED_BYTES:
        message = (
            f"{file} unpacks to {metadata.num_rows:,} rows and {unpacked:,} bytes; at most {MOST_ROWS:,} rows are read."
        )
        raise BrokenContract(message, hint="Split it, for example by season.")
    return list(metadata.schema.to_arrow_schema().names)


def _csv_columns(content: bytes, file: str) -> list[str]:
    if b"\x00" in content:
        message = f"{file} holds a NUL byte: it is neither Parquet nor CSV."
        raise BrokenContract(message, hint="Give Parquet, or CSV in UTF-8 with a header row.")
    if not content.strip():
        message = f"{file} is empty."
        raise BrokenContract(message, hint="`fairline import --template KIND` writes an example of each kind.")
    return pl.read_csv(io.BytesIO(content), infer_schema=False, n_rows=0).columns


def _in_the_kinds_columns(frame: pl.DataFrame, kind: Kind, file: str) -> pl.DataFrame:
    wanted = spelt_as(kind, frame.columns, file)
    named = frame.select(list(wanted)).rename(wanted)
    for column, dtype in named.schema.items():
        if not (dtype.is_numeric() or isinstance(dtype, SCALARS)):
            message = f"{file}: the column {column} holds {dtype}, not text, numbers, dates or times."
            raise BrokenContract(message, hint=f"`fairline import --template {kind.name}` shows what belongs there.")
    absent = [pl.lit(None, dtype=pl.String).alias(column) for column in kind.columns if column not in wanted.values()]
    # NaN is how some writers say "missing".
    whole = named.with_columns(pl.selectors.float().fill_nan(None), *absent).select(kind.columns)
    return whole.with_row_index("row_number").with_columns(pl.col("row_number").cast(pl.Int64))
