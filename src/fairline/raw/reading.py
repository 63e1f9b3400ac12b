"""Bytes from outside to a frame of the kind's columns. They are hostile until read: capped, and checked as a whole."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

from fairline.domain.errors import BrokenContract
from fairline.raw.kinds import Kind, recognise, spelt_as

if TYPE_CHECKING:
    import polars as pl

PARQUET_MAGIC = b"PAR1"
MOST_BYTES = 1 << 30
MOST_DECODED_BYTES = 4 << 30
MOST_ROWS = 20_000_000


def bytes_of(path: Path) -> bytes:
    """The file's bytes. Raises BrokenContract when it is larger than 1 GiB or cannot be read."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            message = f"{path.name} has {size:,} bytes; at most {MOST_BYTES:,} are read."
            raise BrokenContract(message, hint="Split it, for example by season.")
        return path.read_bytes()
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}."
        raise BrokenContract(message, hint="Check the path and its permissions.") from error


def read(content: bytes, file: str) -> tuple[Kind, "pl.DataFrame"]:
    """The kind of a file and its rows: the kind's columns under its own spelling, after `row_number` (from 0).

    Optional columns that are absent are null. Parquet keeps its types; CSV is text throughout.
    Raises BrokenContract naming the file, and the column where one is to blame.
    """
    import polars as pl

    decode = _parquet if content.startswith(PARQUET_MAGIC) else _csv
    try:
        frame = decode(content, file)
    # A panic inside the decoder is the file's fault too, and is no Exception.
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        message = f"{file} cannot be decoded: {str(error).splitlines()[0] if str(error) else type(error).__name__}."
        raise BrokenContract(message, hint="It must be Parquet, or CSV in UTF-8 with a header row.") from error
    kind = recognise(frame.columns, file)
    return kind, _in_the_kinds_columns(frame, kind, file)


def _parquet(content: bytes, file: str) -> "pl.DataFrame":
    import polars as pl
    import pyarrow.parquet as pq

    metadata = pq.ParquetFile(io.BytesIO(content)).metadata
    decoded = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    if metadata.num_rows > MOST_ROWS or decoded > MOST_DECODED_BYTES:
        message = f"{file} unpacks to {metadata.num_rows:,} rows and {decoded:,} bytes; at most {MOST_ROWS:,} rows are read."
        raise BrokenContract(message, hint="Split it, for example by season.")
    names = metadata.schema.to_arrow_schema().names
    wanted = spelt_as(recognise(names, file), names, file)
    return pl.read_parquet(io.BytesIO(content), columns=list(wanted))


def _csv(content: bytes, file: str) -> "pl.DataFrame":
    import polars as pl

    if b"\x00" in content:
        message = f"{file} holds a NUL byte: it is neither Parquet nor CSV."
        raise BrokenContract(message, hint="Give Parquet, or CSV in UTF-8 with a header row.")
    if not content.strip():
        message = f"{file} is empty."
        raise BrokenContract(message, hint="`fairline import --template KIND` writes an example of each kind.")
    return pl.read_csv(io.BytesIO(content), infer_schema=False)


def _in_the_kinds_columns(frame: "pl.DataFrame", kind: Kind, file: str) -> "pl.DataFrame":
    import polars as pl

    wanted = spelt_as(kind, frame.columns, file)
    named = frame.select(list(wanted)).rename(wanted)
    for column, dtype in named.schema.items():
        if dtype.is_nested() or dtype in (pl.Binary, pl.Object):
            message = f"{file}: the column {column} holds {dtype}, not text, numbers, dates or times."
            raise BrokenContract(message, hint=f"`fairline import --template {kind.name}` shows what belongs there.")
    absent = [pl.lit(None, dtype=pl.String).alias(column) for column in kind.columns if column not in wanted.values()]
    whole = named.with_columns(absent).select(kind.columns).with_row_index("row_number")
    return whole.with_columns(pl.col("row_number").cast(pl.Int64))
