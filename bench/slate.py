"""Pricing one real slate, five markets: the first time in a home, and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import homes
from bench.measuring import FAIRLINE, Number, finished, middle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.measuring import Finished

DATE, DAY_BEFORE = "2025-11-28", "2025-11-27"


def numbers(runs: int) -> Iterator[Number]:
    """Seconds of `fairline run` in a warm home beside a cold one, and of the forecasting within it."""
    cold, warm = [], []
    # A slate gone by is priced by models that know no later outcome; a run that finds none would train them first.
    ready = homes.trained(DAY_BEFORE)
    for _ in range(runs):
        # Cold: a home that has priced nothing yet. Warm: the same slate was just priced in it.
        with homes.copy_of(ready) as home:
            cold.append(_run(home))
            warm.append(_run(home))
    steps = {step: middle([_seconds(one)[step] for one in warm]) for step in _seconds(warm[0])}
    yield Number(
        f"fairline run --date {DATE}, warm", middle([one.seconds for one in warm]), most=8,
        alternative=middle([one.seconds for one in cold]), alternative_is="a home that has priced nothing yet",
        note=", ".join(f"{step} {spent:.2f}" for step, spent in steps.items()),
    )  # fmt: skip
    cold_forecasting = middle([_seconds(one)["of which forecasting"] for one in cold])
    yield Number(
        "of which forecasting", steps["of which forecasting"], most=0.3, alternative=cold_forecasting,
        alternative_is="the cold home",
    )  # fmt: skip
    yield Number("peak memory of it", middle([one.peak_gib for one in warm]), "GiB")


def _run(home: Path) -> Finished:
    return finished(FAIRLINE, "run", "--date", DATE, "--json", home=home)


def _seconds(run: Finished) -> dict[str, float]:
    seconds: dict[str, float] = run.json()["seconds"]
    return seconds
