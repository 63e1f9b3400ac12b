"""All of the data into a new home; and once more, which must change nothing."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench import homes
from bench.measuring import FAIRLINE, OUT, Number, called, finished, middle

if TYPE_CHECKING:
    from collections.abc import Iterator


def numbers(runs: int) -> Iterator[Number]:
    """Seconds and memory of the first import, and what the second writes."""
    data, home = homes.data(), OUT / "import-home"
    first, again, read = [], [], []
    for _ in range(runs):
        shutil.rmtree(home, ignore_errors=True)
        first.append(finished(FAIRLINE, "import", data, "--json", home=home))
        again.append(finished(FAIRLINE, "import", data, "--json", home=home))
        read.append(called("importing.read", data).json())
    shutil.rmtree(home)
    rows = first[0].json()["totals"]["rows_read"]
    yield Number(
        f"import of {rows:,} rows", middle([one.seconds for one in first]), most=90, alternative=middle(read),
        alternative_is="pandas, only reading the files",
    )  # fmt: skip
    yield Number("peak memory of it", middle([one.peak_gib for one in first]), "GiB")
    yield Number(
        "import again", middle([one.seconds for one in again]), alternative=middle([one.seconds for one in first]),
        alternative_is="the first import",
    )  # fmt: skip
    written = max(one.json()["totals"]["written"] for one in again)
    yield Number("rows the second import writes", written, "rows", most=0)


def read(folder: str) -> float:
    """Seconds to read the files into pandas: no types, no keys, no checks, no names."""
    import pandas as pd

    started = time.perf_counter()
    for file in Path(folder).rglob("*.parquet"):
        pd.read_parquet(file)
    return time.perf_counter() - started
