"""A summary as a table for the terminal, 100 columns wide."""

from rich import box
from rich.table import Table
from rich.text import Text

from fairline.evaluate.summary import Summary
from fairline.evaluate.verdicts import Verdict
from fairline.evaluate.wording import backtest_words, interval, marked, number

WIDTH = 100

_STYLES = {Verdict.PASS: "bold green", Verdict.FAIL: "red", Verdict.INSUFFICIENT: "dim", Verdict.HINDSIGHT: "yellow"}


def summary_table(summary: Summary) -> Table:
    """Every market and system beside the market; a system marked `!` has a tripwire below.

    Δ log loss is in thousandths.
    """
    table = Table(
        title=backtest_words(summary["evaluated"]),
        caption=_caption(summary),
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        padding=0,
        show_edge=False,
        width=WIDTH,
    )
    table.add_column("market\n  system", no_wrap=True, overflow="ellipsis", ratio=1)
    for heading in ("rows", "MAE", "line’s\nMAE", "Δ log loss × 1000\n[95 %]", "verdict", "80 %", "ECE", "slope"):
        table.add_column(heading, justify="right", no_wrap=True)
    for market, systems in summary["markets"].items():
        table.add_row(Text(market, style="bold"))
        for system, result in systems.items():
            table.add_row(f"  {marked(system, result['tripwires'])}", *_cells(result))
    return table


def _cells(result: Summary) -> list[Text | str]:
    delta = {end: _thousandths(result["delta_log_loss"][end]) for end in ("mean", "low", "high")}
    covered = result["coverage"]["80"]
    return [
        number(result["n"], "d"),
        number(result["mae"], ".3f"),
        number(result["line_mae"], ".3f"),
        interval(delta, "+.1f"),
        Text(result["verdict"], style=_STYLES[Verdict(result["verdict"])]),
        number(None if covered is None else 100 * covered, ".1f"),
        number(result["ece"], ".3f"),
        number(result["slope"], ".2f"),
    ]


def _thousandths(value: float | None) -> float | None:
    return None if value is None else 1000 * value


def _caption(summary: Summary) -> Text | None:
    """One line per tripwire, or none."""
    found = [
        f"TRIPWIRE {market}, {system}: {text}"
        for market, systems in summary["markets"].items()
        for system, result in systems.items()
        for text in result["tripwires"]
    ]
    return Text("\n".join(found), style="bold red") if found else None
