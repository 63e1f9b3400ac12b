"""A summary as files: `report.json`, and `report.html` for people. Both show the summary and judge nothing.

The page carries plotly.js from the installed wheel, so it opens without a network, and in years to come. The wheel has
the complete build alone (4.8 MB): one local file of 5 MB is a fair price for charts that answer the mouse.
"""

import json
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from fairline.evaluate import charts, page_tables, panels
from fairline.evaluate.summary import CLOSE_MINUTES, Summary
from fairline.evaluate.verdicts import LEAST_DATES, LEAST_ROWS
from fairline.evaluate.wording import backtest_words, market_words, number


def report_json(summary: Summary) -> str:
    """The text of `report.json`; its shape is report.schema.json."""
    return json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def report_html(summary: Summary) -> str:
    """The text of `report.html`: one self-contained page, the same for the same summary."""
    from plotly.offline import get_plotlyjs

    evaluated, markets = summary["evaluated"], summary["markets"]
    return _template("page.html").substitute(
        style=_text("page.css"),
        plotlyjs=get_plotlyjs(),
        period=escape(backtest_words(evaluated)),
        note=f'<p class="note">{escape(evaluated["note"])}</p>' if evaluated["note"] else "",
        tripwires=_tripwires(summary),
        evaluated=_facts(_evaluated(evaluated)),
        headline=page_tables.headline(markets),
        forest=charts.forest(markets),
        markets="\n".join(_market(market, systems) for market, systems in markets.items()),
        closing_line=page_tables.closing_line(markets),
        bets=page_tables.bets(markets),
        leak_check=_facts((name.replace("_", " "), _plain(found)) for name, found in summary["leak_check"].items()),
        least_rows=LEAST_ROWS,
        least_dates=LEAST_DATES,
        close_minutes=CLOSE_MINUTES,
    )


def _market(market: str, systems: dict[str, Any]) -> str:
    """The section of one market: its charts with how to read each, and its tables."""
    lined = {system: result for system, result in systems.items() if result["n"]}
    if not lined:
        return f"<section><h2>{market_words(market)}</h2>{_without_lines(systems)}</section>"
    return _template("market.html").substitute(
        market=escape(market_words(market)),
        error_by_tier=charts.error_by_tier(market, lined),
        calibration=panels.calibration(market, lined),
        pit=panels.pit(market, lined),
        equity=panels.equity(market, lined),
        by_tier=page_tables.breakdown(lined, "by_tier", "tier", "Line"),
        by_role=page_tables.breakdown(lined, "by_role", "role", "Minutes"),
    )


def _without_lines(systems: dict[str, Any]) -> str:
    """A market on which no book had a line: what can be said of its forecasts all the same."""
    known = "".join(
        f"<li>{escape(system)}: MAE {number(everyone['mae'], '.3f')}, CRPS {number(everyone['crps'], '.3f')} "
        f"on {everyone['n']:,} rows</li>"
        for system, everyone in ((system, result["everyone"]) for system, result in systems.items())
    )
    return f"<p>No row has a line, so there is nothing to compare with.</p><ul>{known}</ul>"


def _tripwires(summary: Summary) -> str:
    """A banner: what was too good to be true, a search for leaks that was not passed, or that there is neither."""
    found = [
        f"<li><b>{escape(market_words(market))}, {escape(system)}.</b> {escape(text)}</li>"
        for market, systems in summary["markets"].items()
        for system, result in systems.items()
        for text in result["tripwires"]
    ]
    if summary["leak_check"].get("passed") is False:
        found.insert(0, "<li><b>The search for leaks was not passed:</b> its findings are at the end of the page.</li>")
    if not found:
        return '<p class="banner quiet">No tripwire: nothing here is too good to be true.</p>'
    title = "Tripwires: promotion is blocked until these are disproved"
    return f'<section class="banner alarm" role="alert"><h2>{title}</h2><ul>{"".join(found)}</ul></section>'


def _evaluated(evaluated: dict[str, Any]) -> Iterable[tuple[str, str]]:
    age = evaluated["median_quote_age_minutes"]
    yield "Forecasts", f"{evaluated['rows']:,}, of {evaluated['events']:,} players’ counts"
    yield "Games", f"{evaluated['games']:,} on {evaluated['dates']:,} dates, {evaluated['players']:,} players"
    yield "Cutoff", evaluated["cutoff_rule"]
    yield "Refit", evaluated["refit"]
    yield "Tip-off", evaluated["tip_off"]
    yield "Median age of the quote at tip-off", "no quotes" if age is None else f"{age:,.0f} min"


def _facts(pairs: Iterable[tuple[str, str]]) -> str:
    inside = "".join(f"<div><dt>{escape(term)}</dt><dd>{escape(text)}</dd></div>" for term, text in pairs)
    return f"<dl>{inside}</dl>"


def _plain(value: object) -> str:
    """JSON for people.

    >>> _plain(True), _plain(12345), _plain([]), _plain(["a", "b"])
    ('yes', '12,345', 'none', 'a, b')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or "none"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _template(name: str) -> Template:
    return Template(_text(name))


def _text(name: str) -> str:
    return files("fairline.evaluate").joinpath(name).read_text(encoding="utf-8")
