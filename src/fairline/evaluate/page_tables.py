"""The tables of the page. Each takes the markets of a summary and groups its rows under a heading."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any, NamedTuple

from fairline.evaluate.charts import Results
from fairline.evaluate.verdicts import Verdict
from fairline.evaluate.wording import interval, marked, market_words, number

Result = dict[str, Any]
Markets = dict[str, Results]


class Told(NamedTuple):
    """A column: its heading, and what it says of a result."""

    heading: str
    says: Callable[[Result], str]


def _number(heading: str, shape: str, *path: str) -> Told:
    """A column of the number found at the path."""
    return Told(heading, lambda result: number(_at(result, path), shape))


def _interval(heading: str, shape: str, *path: str) -> Told:
    """A column of the estimate found at the path, with its interval."""
    return Told(heading, lambda result: interval(_at(result, path), shape))


def _verdict(*path: str) -> Told:
    return Told("Verdict", lambda result: str(_at(result, path)))


def _at(result: Result, path: Sequence[str]) -> Any:  # noqa: ANN401 - whatever the report holds there
    for name in path:
        result = result[name]
    return result


def _coverage(result: Result) -> str:
    shares = result["coverage"].values()
    return " / ".join(number(None if share is None else 100 * share, ".1f") for share in shares)


def _ece(result: Result) -> str:
    return f"{number(result['ece'], '.3f')} ({number(result['ece_floor'], '.3f')})"


def _slope(result: Result) -> str:
    return interval({"mean": result["slope"], **result["slope_interval"]}, ".2f")


ROWS, DATES = _number("Rows", ",d", "n"), _number("Dates", ",d", "dates")
ERRORS = (_number("MAE", ".3f", "mae"), _number("Line’s MAE", ".3f", "line_mae"))
CRPS, DELTA = _number("CRPS", ".3f", "crps"), _interval("Δ log loss [95 %]", "+.4f", "delta_log_loss")

HEADLINE = (
    ROWS, DATES, *ERRORS, CRPS, DELTA, _verdict("verdict"), Told("50 / 80 / 90 %", _coverage),
    Told("ECE (chance)", _ece), Told("Slope [95 %]", _slope),
)  # fmt: skip
CLOSING_LINE = (
    _number("Picks with a close", ",d", "clv", "n"), _number("Dates", ",d", "clv", "dates"),
    _interval("Moved towards the picks [95 %]", "+.2%", "clv"), _verdict("clv", "verdict"),
    _number("Quotes that are closes", ".1%", "quotes", "closes"),
)  # fmt: skip
BETS = (
    _number("Picks", ",d", "hit_rate", "n"), _interval("Right [95 %]", ".1%", "hit_rate"),
    _number("Favourites right", ".1%", "hit_rate", "market"), _number("Bets", ",d", "equity", "bets"),
    _number("Profit", "+,.1f", "equity", "profit"), _interval("Return [95 %]", "+.1%", "equity", "roi"),
    _number("Still there next", ".0%", "takeable", "share"), _interval("Return then [95 %]", "+.1%", "takeable", "roi"),
)  # fmt: skip
GROUP = (
    ROWS, *ERRORS, _number("Bias", "+.2f", "bias"), _number("Against line", "+.2f", "bias_against_line"), CRPS,
    _number("80 %", ".1%", "coverage_80"), DELTA,
)  # fmt: skip


def headline(markets: Markets) -> str:
    """The first table: every market and system beside the market."""
    return _by_market(markets, HEADLINE)


def closing_line(markets: Markets) -> str:
    """Whether the market came to agree by the close, and whether there are closes at all."""
    return _by_market(markets, CLOSING_LINE)


def bets(markets: Markets) -> str:
    """What picking and betting would have done, now and at the next capture."""
    return _by_market(markets, BETS)


def breakdown(systems: Results, groups: str, name: str, heading: str) -> str:
    """The main numbers of each group of rows (`by_tier`, `by_role`), under each system."""
    rows = {system: [(group[name], group) for group in result[groups]] for system, result in systems.items()}
    return _table(heading, GROUP, rows)


def _by_market(markets: Markets, columns: Sequence[Told]) -> str:
    rows = {
        market_words(market): [(marked(system, result["tripwires"]), result) for system, result in systems.items()]
        for market, systems in markets.items()
    }
    return _table("System", columns, rows)


def _table(first: str, columns: Sequence[Told], groups: dict[str, list[tuple[str, Result]]]) -> str:
    """One body of rows a group; a row is told by its name and its result."""
    headings = [first, *(column.heading for column in columns)]
    head = "".join(f"<th scope='col'>{escape(heading)}</th>" for heading in headings)
    bodies = "".join(_body(group, columns, rows) for group, rows in groups.items())
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead>{bodies}</table></div>'


def _body(heading: str, columns: Sequence[Told], rows: Iterable[tuple[str, Result]]) -> str:
    lines = "".join(
        f"<tr><th scope='row'>{escape(name)}</th>{''.join(_cell(column.says(result)) for column in columns)}</tr>"
        for name, result in rows
    )
    group = f"<th colspan='{len(columns) + 1}' scope='rowgroup'>{escape(heading)}</th>"
    return f"<tbody><tr class='group'>{group}</tr>{lines}</tbody>"


def _cell(text: str) -> str:
    """A cell; a verdict is marked for its colour."""
    if text in list(Verdict):
        return f"<td><span class='verdict {text.lower()}'>{text}</span></td>"
    return f"<td>{escape(text)}</td>"
