"""Run something in a process of its own; how long it took and how much memory it held at most."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("FAIRLINE_SHARED", REPOSITORY.parent / "shared")).resolve()
OUT = REPOSITORY / "out" / "bench"
FAIRLINE = Path(sys.executable).with_name("fairline")
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes that `ru_maxrss` counts in."""


class Skipped(Exception):
    """A bench that cannot be run here, and why."""


@dataclass(frozen=True, slots=True)
class Number:
    """One line of the table.

    measured, alternative: medians, in `unit`. most, least: the target, if there is one. alternative_is: what the other
    number is of. note: what a reader should know, first of all why it failed.
    """

    name: str
    measured: float
    unit: str = "s"
    most: float | None = None
    least: float | None = None
    alternative: float | None = None
    alternative_is: str = ""
    note: str = ""

    @property
    def passed(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.most is None and self.least is None:
            return None
        return (self.most is None or self.measured <= self.most) and (self.least is None or self.measured >= self.least)

    @property
    def ratio(self) -> float | None:
        """How many times the alternative takes what was measured."""
        return self.alternative / self.measured if self.alternative is not None and self.measured else None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "ratio": self.ratio, "passed": self.passed}


@dataclass(frozen=True, slots=True)
class Finished:
    """A process that ended well.

    cpu_seconds: of all its threads, which others at work lengthen less. peak_gib: the most memory it held.
    """

    seconds: float
    cpu_seconds: float
    peak_gib: float
    output: str

    def json(self) -> Any:  # noqa: ANN401 - whatever it printed
        """What it printed, read as JSON."""
        return json.loads(self.output)


def finished(*command: str | Path, home: Path | None = None) -> Finished:
    """Run a command to its end, with this FAIRLINE_HOME. Raises CalledProcessError when it fails.

    The peak of a process counts that of the one it was started from, so this one imports nothing heavy.
    """
    environment = dict(os.environ) | ({"FAIRLINE_HOME": str(home)} if home else {})
    started = time.perf_counter()
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=environment, cwd=REPOSITORY) as process,
    ):
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            raise subprocess.CalledProcessError(process.returncode, command, output.decode(), errors.read().decode())
    return Finished(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * PEAK_UNIT / 2**30, output.decode())


def called(function: str, *arguments: str | Path) -> Finished:
    """Call `module.function` of this package in a process of its own; it prints JSON what the function returns."""
    return finished(sys.executable, "-m", "bench.call", function, *map(str, arguments))


def middle(values: list[float]) -> float:
    """The median."""
    return float(median(values))
