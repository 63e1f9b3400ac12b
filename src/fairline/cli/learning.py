"""`fairline train` and `fairline backtest`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from fairline.cli.printing import console, print_json, steps
from fairline.cli.tables import say_who

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairline.ops.retraining import Judged
    from fairline.ops.training import Trained

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Markets = Annotated[str | None, typer.Option(help="Markets, comma-separated; five by default.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(train)
    app.command()(backtest)


def train(
    markets: Markets = None,
    since: Annotated[str | None, typer.Option(help="First game date to learn from; all held without it.")] = None,
    until: Annotated[str | None, typer.Option(help="Last game date to learn from; all held without it.")] = None,
    gated: Annotated[
        bool,
        typer.Option("--gated", help="Use a model only if it passes the gate, as the schedule does on Mondays."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fit every system on the outcomes held, with what walk-forward windows before taught, and keep the models.

    They are used from now on: what is trained by hand is the user's decision. With --gated each is compared first with
    the model in use, and used only if it is not worse; one that is rejected is kept by its hash alone.

    Example: fairline train --markets points,rebounds --since 2019-10-22 --until 2025-11-27

    Example: fairline train --gated --json
    """
    if gated:
        _retrain(markets, since or until, as_json=as_json)
        return
    from fairline.ops import training
    from fairline.ops.catalogue import open_home
    from fairline.ops.frames import forecastable
    from fairline.ops.moments import game_day
    from fairline.ops.reading import several

    chosen = forecastable(several(markets))
    with open_home("fairline train", on_wait=say_who) as home, steps(shown=not as_json) as told:
        now = home.clock.now()
        first, last = (None if end is None else game_day(end, now) for end in (since, until))
        trained = training.train(home, chosen, since=first, until=last, told=told)
    if as_json:
        print_json([one._asdict() for one in trained])
    else:
        _show_trained(trained)


def backtest(
    first: Annotated[str, typer.Option("--from", help="First game date, such as 2025-10-21.")],
    last: Annotated[str, typer.Option("--to", help="Last game date.")],
    markets: Annotated[str, typer.Option(help="Markets, comma-separated.")] = "points",
    refit: Annotated[str, typer.Option(help="weekly, daily or monthly.")] = "weekly",
    out: Annotated[Path, typer.Option(help="Folder for report.json, report.html and rows.parquet.")] = Path("backtest"),
    knowledge: Annotated[
        Literal["reports", "appearances", "upper_bound"],
        typer.Option(help="What of who plays may be known; upper_bound reads the box score and is no forecast."),
    ] = "reports",
    game_lines: Annotated[
        Literal["known", "hindsight"],
        typer.Option(help="Spreads and totals as known by the cutoff, or in hindsight, which is no forecast."),
    ] = "known",
    tip: Annotated[
        Literal["assumed", "scheduled"],
        typer.Option(help="What ends the quotes: the assumed tip-off, or the schedule's."),
    ] = "assumed",
    capture: Annotated[
        Literal["last", "previous"],
        typer.Option(help="Judge at the last capture, or one before the game's last to see what could still be taken."),
    ] = "last",
    as_json: AsJson = False,
) -> None:
    """Walk forward over a period: every forecast from what was known at its cutoff, judged beside the market.

    Example: fairline backtest --from 2025-10-21 --to 2025-12-06 --markets points --out out/backtest-2025
    """
    from fairline.ops import backtesting
    from fairline.ops.catalogue import open_home
    from fairline.ops.frames import forecastable
    from fairline.ops.reading import period, several

    chosen = forecastable(several(markets))
    with open_home("fairline backtest", on_wait=say_who) as home, steps(shown=not as_json) as told:
        dates = period(None, first, last, home.clock.now())
        summary = backtesting.backtest(
            home, *dates, chosen, refit=refit, out=out, knowledge=knowledge, tip=tip, capture=capture,
            game_lines=game_lines, told=told,
        )  # fmt: skip
    if as_json:
        print_json(summary)
        return
    from fairline.evaluate.terminal import summary_table

    console().print(summary_table(summary))
    typer.echo(f"Report: {out / 'report.html'} and {out / 'report.json'}")


def _retrain(markets: str | None, bound: str | None, *, as_json: bool) -> None:
    """Judge candidates as the schedule does. Raises Refused for bounds: a gate is for what is known now."""
    from fairline.domain.errors import Refused
    from fairline.ops import retraining
    from fairline.ops.catalogue import open_home
    from fairline.ops.frames import forecastable
    from fairline.ops.reading import several

    if bound is not None:
        message = "A candidate learns from everything known now"
        raise Refused(message, hint="Leave out --since and --until, or --gated.")
    chosen = forecastable(several(markets))
    with open_home("fairline train", on_wait=say_who) as home, steps(shown=not as_json) as told:
        judged = retraining.retrain_by_hand(home, chosen, told=told)
    if as_json:
        print_json([one.as_json() for one in judged])
    else:
        _show_judged(judged)


def _show_judged(judged: Sequence[Judged]) -> None:
    from rich.table import Table

    table = Table(title="Candidates" if judged else "No model is in use, so none is compared: fairline train")
    for heading in ("market", "in use before", "candidate", "outcome", "check", "passed", "found"):
        table.add_column(heading)
    for one in judged:
        about = (one.market, one.current[:8], (one.candidate or "none")[:8], one.outcome)
        if not one.checks:
            table.add_row(*about, "", "", one.why)
        for place, check in enumerate(one.checks):
            table.add_row(*(about if not place else [""] * 4), check.name, "yes" if check.passed else "NO", check.found)
    console().print(table)


def _show_trained(trained: Sequence[Trained]) -> None:
    from rich.table import Table

    table = Table(title="Models kept")
    for heading in ("market", "model", "rows", "learned from", "pooled against the market", "verdict"):
        table.add_column(heading, justify="right" if heading == "rows" else "left")
    for one in trained:
        pooled = one.metrics.get("market_pooled")
        delta = pooled["delta_log_loss"] if pooled else None
        told = f"{delta['mean']:+.4f} [{delta['low']:+.4f}, {delta['high']:+.4f}]" if delta else "no quoted rows"
        verdict = pooled["verdict"] if pooled else "INSUFFICIENT"
        table.add_row(one.market, one.model_hash[:8], f"{one.rows:,}", f"{one.first} to {one.last}", told, verdict)
    console().print(table)
