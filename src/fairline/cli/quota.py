"""`fairline quota`: the providers' credits, what is left of them, and what a cadence will cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import date, datetime

    from fairline.ops.quotas import MonthPlan
    from fairline.scrape.quota import QuotaPlan

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

quota_app = typer.Typer()


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(quota_app, name="quota")


@quota_app.callback(invoke_without_command=True)
def quota(context: typer.Context, as_json: AsJson = False) -> None:
    """Credits at the providers: what each last said, and, with `plan`, what a cadence will cost.

    Example: fairline quota --json
    """
    if context.invoked_subcommand is not None:
        return
    from fairline.cli.printing import print_frame, print_json
    from fairline.cli.tables import say_who
    from fairline.ops.catalogue import open_home
    from fairline.ops.quotas import quotas

    with open_home("fairline quota", read_only=True, on_wait=say_who) as home:
        said = quotas(home.ledger, home.settings)
    if as_json:
        print_json(said.to_dicts())
        return
    print_frame(said)
    typer.echo("`fairline quota plan` shows what a month of asking for lines will cost.")


@quota_app.command("plan")
def plan_(
    markets: Annotated[str, typer.Option(help="Markets to ask for, with commas; those forecast without it.")] = "",
    books: Annotated[str, typer.Option(help="Books to ask for, with commas; the US region without it.")] = "",
    budget: Annotated[
        int | None, typer.Option(min=0, help="Credits for the month; the setting monthly_credits.odds_api without it.")
    ] = None,
    month: Annotated[str | None, typer.Option(help="YYYY-MM; the present month without it.")] = None,
    day: Annotated[str | None, typer.Option("--date", help="Also show the times of this game date.")] = None,
    game_lines: Annotated[bool, typer.Option(help="Ask for spreads, totals and moneylines twice a day too.")] = True,
    as_json: AsJson = False,
) -> None:
    """What a month of asking for lines costs in questions and credits, and what a budget keeps of it.

    Example: fairline quota plan --markets points,threes --books draftkings,fanduel --budget 20000 --month 2025-11
    """
    from fairline.cli.printing import print_json
    from fairline.cli.tables import say_who
    from fairline.ops.moments import game_day
    from fairline.ops.quotas import month_plan
    from fairline.platform.clock import SystemClock
    from fairline.platform.settings import load_settings

    now = SystemClock().now()
    chosen_day = game_day(day, now) if day else None
    of_month = month_plan(
        load_settings(), now, month=month or (f"{chosen_day:%Y-%m}" if chosen_day else None), markets=markets,
        books=books, budget=budget, game_lines=game_lines, on_wait=say_who,
    )  # fmt: skip
    planned, told = of_month.plan, _told(of_month)
    if as_json:
        print_json(told | {"days": [_day(planned, each) for each in planned.full]})
        return
    _print(planned, told)
    if chosen_day:
        _print_times(planned, chosen_day)


def _told(of_month: MonthPlan) -> dict[str, Any]:
    from fairline.scrape import quota as turns

    planned = of_month.plan
    names = {
        "closing": turns.CLOSING, "opening": turns.OPENING, "game_lines": turns.GAME_LINES_TURN,
        "between": turns.BETWEEN,
    }  # fmt: skip
    return {
        "month": f"{of_month.month:%Y-%m}",
        "schedule_held": of_month.scheduled,
        "games": planned.count(turns.CLOSING, full=True),
        "game_days": len(planned.full),
        "markets": of_month.markets,
        "books": of_month.books or "us",
        "credits_a_game": planned.prices.props,
        "budget": planned.budget,
        "credits": sum(cost.credits for cost in planned.costs()),
        "credits_of_full_cadence": sum(cost.credits for cost in planned.costs(full=True)),
        "kept": {
            name: {"kept": planned.count(turn), "of": planned.count(turn, full=True)} for name, turn in names.items()
        },
        "scrapers": of_month.costs(),
    }


def _day(planned: QuotaPlan, day: date) -> dict[str, Any]:
    from fairline.scrape.quota import polls_of

    return {
        "date": day,
        "credits": planned.day_budget(day),
        "polls": [{"at": each.at, "games": each.games, "lines": each.lines} for each in polls_of(planned.chosen[day])],
    }


def _print(planned: QuotaPlan, told: dict[str, Any]) -> None:
    import polars as pl

    from fairline.cli.printing import print_frame

    source = "as the schedule held has them" if told["schedule_held"] else "as in a usual month; no schedule is held"
    books = told["books"] if isinstance(told["books"], str) else ", ".join(told["books"])
    typer.echo(f"{told['month']}: {told['games']} games on {told['game_days']} days, {source}.")
    typer.echo(f"Asked for {', '.join(told['markets'])} at {books}: {told['credits_a_game']} credits a game each time.")
    print_frame(pl.DataFrame(told["scrapers"]))
    typer.echo("bettingpros_* are asked where The Odds API fails; they cost no credits.")
    if planned.budget is None:
        typer.echo("Without a budget every question of the cadence is kept; --budget CREDITS thins them.")
        return
    shares = (f"{each['kept']} of {each['of']} {name.replace('_', ' ')}" for name, each in told["kept"].items())
    within = f"Within {planned.budget:,} credits {told['credits']:,} of {told['credits_of_full_cadence']:,} are kept"
    typer.echo(f"{within}: {', '.join(shares)}.")


def _print_times(planned: QuotaPlan, day: date) -> None:
    from fairline.domain.dates import EASTERN
    from fairline.domain.errors import NotFound
    from fairline.scrape.quota import polls_of

    if day not in planned.full:
        message = f"No game is held on {day}."
        raise NotFound(message, hint="Give a game date of the month planned, or import its schedule.")
    typer.echo(f"{day}, {planned.day_budget(day)} credits, Eastern times:")
    for poll in polls_of(planned.chosen[day]):
        local: datetime = poll.at.astimezone(EASTERN)
        lines = " and the game lines" if poll.lines else ""
        typer.echo(f"  {local:%H:%M}  {len(poll.games)} games{lines}")
