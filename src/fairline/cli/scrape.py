"""`fairline scrape`, `fairline scrapers`: ask the providers, and see how each of them stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

    from fairline.ops.scraping import Scraped
    from fairline.platform.settings import Settings

Date = Annotated[str, typer.Option("--date", help="Game date: YYYY-MM-DD, today, yesterday or tomorrow (US Eastern).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("scrape", no_args_is_help=True)(scrape_)
    app.command()(scrapers)


def scrape_(
    name: Annotated[
        str,
        typer.Argument(
            metavar="SCRAPER|WORKFLOW",
            help="A scraper (`fairline scrapers` lists them), or morning, lines, injuries, post_game or discovery.",
        ),
    ],
    day: Date = "today",
    load: Annotated[bool, typer.Option("--load/--no-load", help="Read what landed into the tables.")] = True,
    as_json: AsJson = False,
) -> None:
    """Ask providers for a day, keep every answer as it came, and read it into the tables.

    Exit code 1 when something came to nothing, whoever else was asked. Nothing that landed is asked for twice where
    the provider can say that it has not changed.

    Example: fairline scrape lines --date today
    """
    from functools import partial

    from fairline.cli.printing import print_json, steps
    from fairline.cli.tables import say_who
    from fairline.domain.dates import game_date, parse_game_date
    from fairline.ops.catalogue import open_home
    from fairline.ops.scraping import scrape_until_found
    from fairline.platform.clock import SystemClock

    on = parse_game_date(day, game_date(SystemClock().now()))
    opened = partial(open_home, f"fairline scrape {name}", on_wait=say_who)
    with steps(shown=not as_json) as told:
        scraped = scrape_until_found(opened, name, on, told=told, load=load)
    if as_json:
        print_json({"name": name, "date": on, "failed": scraped.failed, "scrapers": scraped.rows()})
    else:
        _print_scraped(scraped)
    if scraped.failed:
        raise typer.Exit(1)


def scrapers(as_json: AsJson = False) -> None:
    """Every scraper: whom it asks, its last success, whether that is fresh, credits left, health.

    Example: fairline scrapers --json
    """
    from zoneinfo import ZoneInfo

    from fairline.cli.printing import on_clock, print_frame, print_json
    from fairline.platform.clock import SystemClock
    from fairline.platform.settings import load_settings

    settings, now = load_settings(), SystemClock().now()
    states = _states(settings, now)
    if as_json:
        print_json({"scrapers": states.to_dicts()})
        return
    columns = ["scraper", "source", "kind", "last_success", "freshness", "quota_remaining", "quota_used", "health"]
    print_frame(on_clock(states.select(columns), now, ZoneInfo(settings.zone)), f"{states.height} scrapers")
    for scraper, problem in states.select("scraper", "problem").iter_rows():
        if problem:
            typer.echo(f"{scraper}: {problem}")


def _states(settings: Settings, now: datetime) -> pl.DataFrame:
    """As the home has it; without one nothing was asked yet."""
    from fairline.cli.tables import say_who
    from fairline.domain.errors import NotFound
    from fairline.ops.catalogue import open_home
    from fairline.ops.scraper_states import scraper_states

    try:
        with open_home("fairline scrapers", read_only=True, on_wait=say_who, settings=settings) as home:
            return scraper_states(home.ledger, settings, now)
    except NotFound:
        return scraper_states(None, settings, now)


def _print_scraped(scraped: Scraped) -> None:
    import polars as pl

    from fairline.cli.printing import print_frame

    shown = ["scraper", "status", "questions", "answered", "absent", "failed", "written", "unchanged", "quarantined",
             "unresolved"]  # fmt: skip
    print_frame(pl.DataFrame(scraped.rows()).select(shown), f"{scraped.name}, {scraped.day}")
    for each in scraped.reports:
        if each.problem:
            typer.echo(f"{each.scraper}: {each.problem}\n  {each.hint}".rstrip())
