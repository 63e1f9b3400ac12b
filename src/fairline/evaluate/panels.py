"""Charts with one small panel per system."""

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from fairline.evaluate.charts import COLOURS, NEUTRAL, Results, fragment
from fairline.evaluate.wording import interval

BAND = "rgba(138, 143, 152, 0.22)"
COLOUR = COLOURS[0]

COLUMNS = 3
PANEL_HEIGHT = 190
GAP = 100
"""Pixels between two lines of panels: axis, its title, and the next panel's title."""

Cell = dict[str, int]
Result = dict[str, Any]


def calibration(market: str, systems: Results) -> str:
    """Observed share against forecast chance in equal-count bins, with the diagonal."""
    bins = [bin_ for result in systems.values() for bin_ in result["calibration"]]
    chances = [bin_[side] for bin_ in bins for side in ("forecast", "observed")]
    ends = [max(0.0, min(chances, default=0.4) - 0.06), min(1.0, max(chances, default=0.6) + 0.06)]

    def draw(figure: go.Figure, result: Result, cell: Cell) -> None:
        diagonal = {"color": NEUTRAL, "dash": "dot", "width": 1.5}
        figure.add_trace(go.Scatter(x=ends, y=ends, mode="lines", line=diagonal, hoverinfo="skip"), **cell)
        figure.add_trace(_calibration_points(result["calibration"]), **cell)

    figure, height = _panels(systems, draw, _bin_counts, x="forecast P(over)", y="share over")
    figure.update_xaxes(range=ends, tickformat=".2~f", nticks=6)
    figure.update_yaxes(range=ends, tickformat=".2~f", nticks=6)
    return fragment(figure, f"calibration-{market}", height=height)


def _calibration_points(bins: list[dict[str, Any]]) -> go.Scatter:
    whiskers = {"array": [1.96 * held["noise"] for held in bins], "color": COLOUR, "thickness": 1, "width": 2}
    return go.Scatter(
        x=[held["forecast"] for held in bins],
        y=[held["observed"] for held in bins],
        mode="markers+lines",
        line={"color": COLOUR, "width": 1},
        marker={"size": 7},
        error_y=whiskers,
        customdata=[held["n"] for held in bins],
        hovertemplate="forecast %{x:.3f}<br>came true %{y:.3f}<br>%{customdata:,} rows<extra></extra>",
    )


def _bin_counts(result: Result) -> str:
    counts = sorted({held["n"] for held in result["calibration"]})
    if not counts:
        return "no decided rows"
    each = f"{counts[0]:,}" if len(counts) == 1 else f"{counts[0]:,} or {counts[-1]:,}"
    return f"{len(result['calibration'])} bins of {each} rows"


def pit(market: str, systems: Results) -> str:
    """Histogram of the randomised PIT, with the band in which chance alone leaves 95 % of the bars."""

    def draw(figure: go.Figure, result: Result, cell: Cell) -> None:
        counts = result["pit"]
        expected = sum(counts) / len(counts)
        noise = 1.96 * (expected * (1 - 1 / len(counts))) ** 0.5
        centres = [(place + 0.5) / len(counts) for place in range(len(counts))]
        bars = {"color": COLOUR, "opacity": 0.75}
        figure.add_trace(go.Bar(x=centres, y=counts, marker=bars, hovertemplate="%{y:,} rows<extra></extra>"), **cell)
        figure.add_hrect(y0=expected - noise, y1=expected + noise, fillcolor=BAND, line_width=0, **cell)
        figure.add_hline(y=expected, line={"color": NEUTRAL, "dash": "dot", "width": 1.5}, **cell)

    figure, height = _panels(systems, draw, lambda result: f"{result['n']:,} rows", x="PIT", y="rows")
    most = max(max(result["pit"]) for result in systems.values())
    figure.update_xaxes(range=[0, 1], tickvals=[0, 0.25, 0.5, 0.75, 1])
    figure.update_yaxes(range=[0, 1.12 * most])
    figure.update_layout(bargap=0.08)
    return fragment(figure, f"pit-{market}", height=height)


def equity(market: str, systems: Results) -> str:
    """Running profit of flat one-unit bets, with the band of the same nights drawn anew."""

    def draw(figure: go.Figure, result: Result, cell: Cell) -> None:
        curve = result["equity"]["curve"]
        days = [point["game_date"] for point in curve]
        edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
        figure.add_trace(go.Scatter(x=days, y=[point["low"] for point in curve], **edge), **cell)
        high = [point["high"] for point in curve]
        figure.add_trace(go.Scatter(x=days, y=high, fill="tonexty", fillcolor=BAND, **edge), **cell)
        profit = go.Scatter(x=days, y=[point["profit"] for point in curve], mode="lines", line={"color": COLOUR})
        figure.add_trace(profit.update(hovertemplate="%{x|%d %b %Y}<br>%{y:+.1f} units<extra></extra>"), **cell)
        figure.add_hline(y=0, line={"color": NEUTRAL, "width": 1}, **cell)

    figure, height = _panels(systems, draw, _return, x="", y="units", same_height=False)
    figure.update_xaxes(nticks=5, tickformat="%d %b")
    figure.update_yaxes(tickformat="~f")
    return fragment(figure, f"equity-{market}", height=height)


def _return(result: Result) -> str:
    bets = result["equity"]["bets"]
    return f"{bets:,} bets, {interval(result['equity']['roi'], '+.1%')}" if bets else "no bets"


def _panels(
    systems: Results,
    draw: Callable[[go.Figure, Result, Cell], None],
    subtitle: Callable[[Result], str],
    *,
    x: str,
    y: str,
    same_height: bool = True,
) -> tuple[go.Figure, int]:
    """The panels, drawn, and the height in pixels that they need.

    same_height: one vertical scale for all; without it one lucky or leaking system cannot flatten the others.
    """
    lines = -(-len(systems) // COLUMNS)
    drawn = lines * PANEL_HEIGHT + (lines - 1) * GAP
    small = "<br><span style='font-size:11px'>{}</span>"
    figure = make_subplots(
        rows=lines,
        cols=COLUMNS,
        shared_xaxes="all",
        shared_yaxes="all" if same_height else False,
        horizontal_spacing=0.05,
        vertical_spacing=GAP / drawn if lines > 1 else 0,
        subplot_titles=[f"<b>{system}</b>{small.format(subtitle(result))}" for system, result in systems.items()],
    )
    figure.update_annotations(font={"size": 13})
    figure.update_xaxes(title={"text": x, "font": {"size": 11}, "standoff": 6}, showticklabels=True, zeroline=False)
    figure.update_yaxes(title={"text": y, "font": {"size": 11}}, col=1)
    figure.update_yaxes(zeroline=False)
    for place in range(lines * COLUMNS):
        cell = {"row": place // COLUMNS + 1, "col": place % COLUMNS + 1}
        if place < len(systems):
            draw(figure, list(systems.values())[place], cell)
        else:
            figure.update_xaxes(visible=False, **cell)
            figure.update_yaxes(visible=False, **cell)
    return figure, drawn + 106
