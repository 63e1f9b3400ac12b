"""The walk-forward backtest of the second quote period, points, refitted weekly. Minutes long: only with --long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import homes
from bench.measuring import FAIRLINE, OUT, Number, finished

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.measuring import Finished

FIRST, LAST = "2025-10-21", "2025-12-06"


def numbers(runs: int) -> Iterator[Number]:  # noqa: ARG001 - once is long enough
    """Minutes beside cached earlier folds, and with no fold cached."""
    with homes.copy_of(homes.imported()) as home:
        # One day needs all the earlier folds, and caches them.
        earlier = _backtest(home, FIRST)
        whole = _backtest(home, LAST)
    yield Number(
        f"backtest {FIRST} to {LAST}, points, weekly", whole.seconds / 60, "min", most=6,
        alternative=(earlier.seconds + whole.seconds) / 60, alternative_is="with no fold cached",
    )  # fmt: skip
    yield Number("peak memory of it", whole.peak_gib, "GiB")


def _backtest(home: Path, last: str) -> Finished:
    return finished(FAIRLINE, "backtest", "--from", FIRST, "--to", last, "--markets", "points", "--refit", "weekly",
                    "--out", OUT / "backtest", home=home)  # fmt: skip
