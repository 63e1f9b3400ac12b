"""Charts of a whole report or market, as HTML fragments that need plotly.js on their page.

Text and grid take their colours from the page's style sheet, so that one chart suits light and dark.
"""

from statistics import median
from typing import Any

import plotly.graph_objects as go

from fairline.evaluate.verdicts import Verdict
from fairline.evaluate.wording import market_words, number

Results = dict[str, dict[str, Any]]
"""System to its result in one market."""

COLOURS = ("#3b7dd8", "#e07b39", "#2a9d76", "#b565c7", "#c9a227", "#4fb3d9", "#d1495b", "#7a8b99")
"""Distinct to colour-blind readers, on white and near-black alike."""
NEUTRAL = "#8a8f98"
VERDICT_COLOURS = {
    Verdict.PASS: "#2a9d76",
    Verdict.FAIL: "#d1495b",
    Verdict.INSUFFICIENT: NEUTRAL,
    Verdict.HINDSIGHT: "#c9a227",
}

LEAST_REACH = 0.01
"""The forest plot shows at least this much log loss to the right of 0."""


def forest(markets: dict[str, Results]) -> str:
    """Δ log loss of every market and system with its interval; 0 is the market."""
    rows = [
        (f"{market_words(market)}  ·  <b>{system}</b>", result)
        for market, systems in markets.items()
        for system, result in systems.items()
        if result["delta_log_loss"]["mean"] is not None
    ]
    figure = go.Figure()
    for verdict, colour in VERDICT_COLOURS.items():
        held = [(name, result["delta_log_loss"]) for name, result in rows if result["verdict"] == verdict]
        if held:
            figure.add_trace(_horizontal([name for name, _ in held], [delta for _, delta in held], colour, verdict))
    _fit_to_the_close_ones(figure, [(name, result["delta_log_loss"]) for name, result in rows])
    figure.add_vline(x=0, line={"color": NEUTRAL, "width": 1.5})
    names = [name for name, _ in rows][::-1]
    figure.update_yaxes(categoryorder="array", categoryarray=names, automargin=True, range=[-0.7, len(names) - 0.3])
    figure.update_xaxes(title="better than the market  ←  Δ log loss  →  worse", tickformat=".4~f", zeroline=False)
    return fragment(figure, "forest", height=120 + 26 * max(len(rows), 3), legend=True)


def _horizontal(names: list[str], estimates: list[dict[str, Any]], colour: str, label: str) -> go.Scatter:
    return go.Scatter(
        x=[estimate["mean"] for estimate in estimates],
        y=names,
        mode="markers",
        name=label,
        marker={"color": colour, "size": 8},
        error_x=_whiskers(estimates, colour),
        hovertemplate="%{y}<br>%{x:+.4f}<extra></extra>",
    )


def _fit_to_the_close_ones(figure: go.Figure, rows: list[tuple[str, dict[str, Any]]]) -> None:
    """One hopeless system must not flatten the others: what lies far out is written at the edge instead."""
    reach = max(LEAST_REACH, 4 * median(abs(delta["mean"]) for _, delta in rows)) if rows else LEAST_REACH
    ends = [delta[end] for _, delta in rows for end in ("mean", "low", "high") if delta[end] is not None]
    left, right = max(min(ends, default=0), -reach), min(max(ends, default=0), reach)
    # Whiskers need air, and 0 its place, even when all lie on one side.
    left, right = min(left * 1.05, -reach / 10), max(right * 1.05, reach / 10)
    figure.update_xaxes(range=[left, right])
    for name, delta in rows:
        text = number(delta["mean"], "+.3f")
        if delta["mean"] > right:
            figure.add_annotation(x=right, y=name, text=f"{text} →", showarrow=False, xanchor="right")
        elif delta["mean"] < left:
            figure.add_annotation(x=left, y=name, text=f"← {text}", showarrow=False, xanchor="left")


def error_by_tier(market: str, systems: Results) -> str:
    """MAE less the line's in each tier of the line, per system, with intervals; 0 is the line."""
    figure = go.Figure()
    figure.add_hline(y=0, line={"color": NEUTRAL, "width": 1.5})
    # A system may lack rows of a tier; the places are those of the market's tiers.
    tiers = list(dict.fromkeys(tier["tier"] for result in systems.values() for tier in result["by_tier"]))
    for position, (system, result) in enumerate(systems.items()):
        offset = (position - (len(systems) - 1) / 2) * min(0.12, 0.7 / len(systems))
        places = [tiers.index(tier["tier"]) + offset for tier in result["by_tier"]]
        figure.add_trace(_vertical(system, places, result["by_tier"], COLOURS[position % len(COLOURS)]))
    first = next(iter(systems.values()))["by_tier"]
    ticks = [f"{tier['tier']}<br>line’s MAE {tier['line_mae']:.2f}<br>{tier['n']:,} rows" for tier in first]
    figure.update_xaxes(tickvals=[tiers.index(tier["tier"]) for tier in first], ticktext=ticks, showgrid=False)
    figure.update_xaxes(zeroline=False, range=[-0.5, len(tiers) - 0.5])
    figure.update_yaxes(title="MAE less the line’s", tickformat=".3~f", zeroline=False)
    return fragment(figure, f"tiers-{market}", height=380, legend=True)


def _vertical(system: str, places: list[float], tiers: list[dict[str, Any]], colour: str) -> go.Scatter:
    differences = [tier["mae_minus_line"] for tier in tiers]
    return go.Scatter(
        x=places,
        y=[difference["mean"] for difference in differences],
        mode="markers",
        name=system,
        marker={"color": colour, "size": 8},
        error_y=_whiskers(differences, colour),
        customdata=[[tier["tier"], tier["mae"], tier["line_mae"]] for tier in tiers],
        hovertemplate="line %{customdata[0]}: MAE %{customdata[1]:.3f}, the line’s %{customdata[2]:.3f}",
    )


def _whiskers(estimates: list[dict[str, Any]], colour: str) -> dict[str, Any]:
    """Error bars to the ends of intervals; none where there is no interval."""

    def side(end: str) -> list[float]:
        return [0.0 if estimate[end] is None else abs(estimate[end] - estimate["mean"]) for estimate in estimates]

    ends = {"array": side("high"), "arrayminus": side("low"), "symmetric": False}
    return {"type": "data", **ends, "color": colour, "thickness": 1.5, "width": 3}


def fragment(figure: go.Figure, name: str, *, height: int, legend: bool = False) -> str:
    """The figure as a div of this id, without the library."""
    figure.update_layout(
        template="none",
        height=height,
        margin={"l": 60, "r": 16, "t": 50, "b": 56},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "system-ui, sans-serif", "size": 12},
        showlegend=legend,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
    )
    config = {"displayModeBar": False, "responsive": True}
    html: str = figure.to_html(full_html=False, include_plotlyjs=False, div_id=name, config=config)
    return html
