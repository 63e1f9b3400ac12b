"""`fairline grade`: settle a date's predictions and say how each system did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fairline.cli.printing import console, print_frame, print_json
from fairline.cli.tables import say_who

if TYPE_CHECKING:
    import polars as pl

    from fairline.ops.results import GradedDay

DECIDES_NOTHING = "Hit rate and ROI decide nothing: a day is too short. Verdicts come from `fairline backtest`."


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(grade)


def grade(
    day: Annotated[
        str, typer.Option("--date", help="Game date: YYYY-MM-DD, yesterday or today (US Eastern).")
    ] = "yesterday",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Settle a date's predictions by the results held, publish them, and show how each system did.

    Grading twice changes nothing; a corrected box score makes a new revision.

    Example: fairline grade --date 2025-11-28
    """
    from fairline.domain.dates import game_date, parse_game_date
    from fairline.ops.catalogue import open_home
    from fairline.ops.results import grade_date

    with open_home("fairline grade", on_wait=say_who) as home:
        done = grade_date(home, parse_game_date(day, game_date(home.clock.now())))
    if as_json:
        print_json(_as_json(done))
    else:
        _print(done)


def _as_json(done: GradedDay) -> dict[str, object]:
    from dataclasses import asdict

    graded, published = done
    systems = graded.performance.filter(slice_by="all").drop("game_date", "slice_by", "slice")
    return {
        "date": graded.day,
        "graded": graded.rows.height,
        "written": graded.written.written,
        "unchanged": graded.written.unchanged,
        "systems": systems.to_dicts(),
        "news": graded.performance.filter(slice_by="news").drop("game_date", "slice_by").to_dicts(),
        "published": asdict(published) if published else None,
    }


def _print(done: GradedDay) -> None:
    graded, published = done
    screen = console()
    written = graded.written
    screen.print(
        f"{graded.day:%a %d %b %Y}: {written.written:,} grades written, {written.unchanged:,} unchanged",
        highlight=False,
    )
    if published is None:
        screen.print("Every run of this date came after its tip-offs: graded, but no system's record.", highlight=False)
        return
    print_frame(_readable(graded.performance.filter(slice_by="all")))
    by_news = graded.performance.filter(slice_by="news")
    if by_news.height:
        print_frame(_readable(by_news, "slice"), "Of those, by whether they were made under your own news")
    screen.print(DECIDES_NOTHING, highlight=False)
    screen.print(f"Published {published.key}, revision {published.revision}", highlight=False)


def _readable(systems: pl.DataFrame, *split_by: str) -> pl.DataFrame:
    import polars as pl

    def percent(name: str) -> pl.Expr:
        return pl.when(pl.col(name).is_not_null()).then(pl.format("{} %", (100 * pl.col(name)).round(1))).alias(name)

    return systems.sort("system", *split_by).select(
        "system", *split_by, n="expected", over="over", under="under", push="push", void="void", no_action="no_action",
        ungraded="ungraded", coverage=percent("coverage"), picks="picks", hit_rate=percent("hit_rate"),
        roi=percent("roi"), mae=pl.col("mae").round(2), line_mae=pl.col("line_mae").round(2),
    )  # fmt: skip
