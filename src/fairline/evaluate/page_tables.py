"""The tables of the page. Each takes the markets of a summary and groups its rows under a heading."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

from fairline.evaluate.charts import Results
from fairline.evaluate.verdicts import Verdict
from fairline.evaluate.wording import interval, marked, market_words, number

Result = dict[str, Any]
Markets = dict[str, Results]


def headline(markets: Markets) -> str:
    """The first table: every market and system beside the market."""
    columns = ["System", "Rows", "Dates", "MAE", "Line’s MAE", "CRPS", "Δ log loss [95 %]", "Verdict"]
    return _by_market(markets, [*columns, "50 / 80 / 90 %", "ECE (chance)", "Slope [95 %]"], _headline)


def _headline(result: Result) -> Sequence[str]:
    shares = (number(None if share is None else 100 * share, ".1f") for share in result["coverage"].values())
    return (
        number(result["n"], ",d"),
        number(result["dates"], ",d"),
        number(result["mae"], ".3f"),
        number(result["line_mae"], ".3f"),
        number(result["crps"], ".3f"),
        interval(result["delta_log_loss"], "+.4f"),
        result["verdict"],
        " / ".join(shares),
        f"{number(result['ece'], '.3f')} ({number(result['ece_floor'], '.3f')})",
        interval({"mean": result["slope"], **result["slope_interval"]}, ".2f"),
    )


def closing_line(markets: Markets) -> str:
    """Whether the market came to agree by the close, and whether there are closes at all."""
    columns = ["System", "Picks with a close", "Dates", "Moved towards the picks [95 %]", "Verdict"]
    return _by_market(markets, [*columns, "Quotes that are closes"], _closing_line)


def _closing_line(result: Result) -> Sequence[str]:
    value = result["clv"]
    return (
        number(value["n"], ",d"),
        number(value["dates"], ",d"),
        interval(value, "+.2%"),
        value["verdict"],
        number(result["quotes"]["closes"], ".1%"),
    )


def bets(markets: Markets) -> str:
    """What picking and betting would have done, now and at the next capture."""
    columns = ["System", "Picks", "Right [95 %]", "Favourites right", "Bets", "Profit", "Return [95 %]"]
    return _by_market(markets, [*columns, "Still there next", "Return then [95 %]"], _bets)


def _bets(result: Result) -> Sequence[str]:
    hits, placed, later = result["hit_rate"], result["equity"], result["takeable"]
    return (
        number(hits["n"], ",d"),
        interval(hits, ".1%"),
        number(hits["market"], ".1%"),
        number(placed["bets"], ",d"),
        number(placed["profit"], "+,.1f"),
        interval(placed["roi"], "+.1%"),
        number(later["share"], ".0%"),
        interval(later["roi"], "+.1%"),
    )


def breakdown(systems: Results, groups: str, name: str, heading: str) -> str:
    """The main numbers of each group of rows (`by_tier`, `by_role`), under each system."""
    columns = (heading, "Rows", "MAE", "Line’s MAE", "Bias", "Against line", "CRPS", "80 %", "Δ log loss [95 %]")
    bodies = [
        _body(system, len(columns), [(group[name], *_of_group(group)) for group in result[groups]])
        for system, result in systems.items()
    ]
    return _table(columns, bodies)


def _of_group(group: Result) -> Sequence[str]:
    return (
        number(group["n"], ",d"),
        number(group["mae"], ".3f"),
        number(group["line_mae"], ".3f"),
        number(group["bias"], "+.2f"),
        number(group["bias_against_line"], "+.2f"),
        number(group["crps"], ".3f"),
        number(group["coverage_80"], ".1%"),
        interval(group["delta_log_loss"], "+.4f"),
    )


def _by_market(markets: Markets, columns: Sequence[str], cells: Callable[[Result], Sequence[str]]) -> str:
    bodies = [
        _body(
            market_words(market),
            len(columns),
            [(marked(system, result["tripwires"]), *cells(result)) for system, result in systems.items()],
        )
        for market, systems in markets.items()
    ]
    return _table(columns, bodies)


def _table(columns: Sequence[str], bodies: Sequence[str]) -> str:
    head = "".join(f"<th scope='col'>{escape(column)}</th>" for column in columns)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead>{"".join(bodies)}</table></div>'


def _body(heading: str, width: int, rows: Iterable[Sequence[str]]) -> str:
    lines = "".join(
        f"<tr><th scope='row'>{escape(first)}</th>{''.join(_cell(text) for text in rest)}</tr>" for first, *rest in rows
    )
    return f"<tbody><tr class='group'><th colspan='{width}' scope='rowgroup'>{escape(heading)}</th></tr>{lines}</tbody>"


def _cell(text: str) -> str:
    """A cell; a verdict is marked for its colour."""
    if text in list(Verdict):
        return f"<td><span class='verdict {text.lower()}'>{text}</span></td>"
    return f"<td>{escape(text)}</td>"
