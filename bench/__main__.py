"""`python -m bench [NAME] [--json] [--long] [--runs N]`: measure, and print one table."""

from __future__ import annotations

import argparse
import json
import os
import sys
from importlib import import_module
from subprocess import CalledProcessError

import bench
from bench.measuring import OUT, Number, Skipped

BENCHES = {
    "startup": "startup",
    "import": "importing",
    "features": "features",
    "quotes": "quotes",
    "season-quotes": "season_quotes",
    "run": "slate",
    "batch": "batches",
    "killed-workers": "killed_workers",
    "services": "services",
    "simulated-season": "simulated_season",
    "backtest": "backtest",
}
"""Name on the command line: module."""
LONG = {"backtest", "season-quotes"}


def main() -> int:
    """Measure what was asked for. Returns 1 when a target is missed or a command fails."""
    asked = _asked()
    OUT.mkdir(parents=True, exist_ok=True)
    measured: list[Number] = []
    skipped: dict[str, str] = {}
    failed: dict[str, str] = {}
    for name in asked.names or BENCHES:
        if name in LONG and not (asked.long or asked.names):
            skipped[name] = "takes minutes; --long runs it"
            continue
        try:
            for number in import_module(f"bench.{BENCHES[name]}").numbers(asked.runs):
                measured.append(number)
                print(f"{name}: {number.name} {_amount(number.measured, number.unit)}", file=sys.stderr)
        except Skipped as why:
            skipped[name] = str(why)
        except CalledProcessError as failure:
            failed[name] = _told(failure)
    if asked.json:
        answer = {"numbers": [one.as_dict() for one in measured], "skipped": skipped, "failed": failed}
        print(json.dumps(answer, indent=1))
    else:
        _show(measured, {**skipped, **failed})
    return int(bool(failed) or any(one.passed is False for one in measured))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=bench.__doc__.splitlines()[0])
    parser.add_argument("names", metavar="NAME", nargs="*", help=", ".join(BENCHES))
    parser.add_argument("--runs", type=int, default=3, help="runs of each; their median counts")
    parser.add_argument("--long", action="store_true", help=f"also what takes minutes: {', '.join(LONG)}")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(BENCHES):
        parser.error(f"no bench is named {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    return asked


def _told(failure: CalledProcessError) -> str:
    last = (failure.stderr.strip() or "it said nothing").splitlines()[-1]
    return f"{' '.join(map(str, failure.cmd[1:]))} ended with {failure.returncode}: {last}"


def _show(measured: list[Number], unmeasured: dict[str, str]) -> None:
    # Imported after everything was measured: a process that is started counts the memory of the one it comes from.
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for heading in ("", "measured", "target", "alternative", "ratio", ""):
        table.add_column(heading, justify="left" if not heading else "right")
    for one in measured:
        other = "" if one.alternative is None else f"{_amount(one.alternative, one.unit)} {one.alternative_is}"
        ratio = "" if one.ratio is None else f"{one.ratio:.1f}"
        verdict = {None: "", True: "[green]pass[/green]", False: "[red]FAIL[/red]"}[one.passed]
        label = f"{one.name}\n  [dim]{one.note}[/dim]" if one.note else one.name
        table.add_row(label, _amount(one.measured, one.unit), _target(one), other, ratio, verdict)
    console = Console()
    (console if console.is_terminal else Console(width=150)).print(table)
    for name, why in unmeasured.items():
        print(f"{name} was not measured: {why}")
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load > cores:
        print(f"Others were at work on this machine, so times are too long: load {load:.1f} on {cores} cores.")


def _target(one: Number) -> str:
    if one.most is not None:
        return f"≤ {_amount(one.most, one.unit)}"
    return "" if one.least is None else f"≥ {_amount(one.least, one.unit)}"


def _amount(value: float, unit: str) -> str:
    digits = 0 if unit == "rows" else 2 if value < 10 else 1
    return f"{value:,.{digits}f} {unit}"


if __name__ == "__main__":
    sys.exit(main())
