"""From the command to its first words."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bench.measuring import FAIRLINE, Number, finished, middle

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNS = 10


def numbers(runs: int) -> Iterator[Number]:
    """Seconds of `fairline --help`, beside an interpreter that does nothing."""
    ours = [finished(FAIRLINE, "--help").seconds for _ in range(max(runs, RUNS))]
    bare = [finished(sys.executable, "-c", "").seconds for _ in range(max(runs, RUNS))]
    yield Number(
        "fairline --help", middle(ours), most=0.4, alternative=middle(bare), alternative_is="an interpreter alone"
    )  # fmt: skip
