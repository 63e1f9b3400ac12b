"""`fairline news`: tell what you know of who plays, take it back, see what you told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from fairline.cli.printing import console, print_frame, print_json, steps
from fairline.cli.tables import say_who

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    import polars as pl

    from fairline.ops.news import Told

LIST, UNDO = "list", "undo"


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(news)


def news(
    player: Annotated[
        str, typer.Argument(help="Name in any spelling, part of one, or NBA person id; `list`; or `undo`.")
    ] = LIST,
    status: Annotated[
        str | None, typer.Argument(help="out, questionable or plays; after `undo` the number of the news.")
    ] = None,
    source: Annotated[str, typer.Option(help="Where you have it from, in your words.")] = "",
    minutes: Annotated[
        float | None, typer.Option(min=0, help="Minutes you expect of him: what `fairline price` then supposes.")
    ] = None,
    day: Annotated[
        str | None, typer.Option("--date", help="Date of the game (US Eastern); his next one without it.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take back what you told of him.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Tell what you know before the reports do: who is out, questionable or plays. The slate is priced again at once.

    Your news counts from now, before every report held, until you take it back or say otherwise, or until a report says
    something new of the player. Minutes change `fairline price` alone: no system forecasts minutes. Grades tell which
    forecasts were made under your news.

    Example: fairline news "Jalen Brunson" out --source "beat writer"; fairline news Brunson --undo; fairline news list
    """
    from zoneinfo import ZoneInfo

    from fairline.ops.catalogue import open_home
    from fairline.ops.news import listed, tell, withdraw

    with open_home("fairline news", on_wait=say_who) as home:
        zone = ZoneInfo(home.settings.zone)
        with steps(shown=not as_json) as told:
            if player == UNDO:
                answer = withdraw(home, news_id=_number(status), told=told)
            elif undo:
                answer = withdraw(home, player, told=told)
            elif status is not None:
                answer = tell(home, player, status, source=source, minutes=minutes, day=day, told=told)
            else:
                rows, now = listed(home, None if player == LIST else player), home.clock.now()
                answer = None
    if answer is None:
        print_json({"news": rows.to_dicts()}) if as_json else _print_list(rows, now, zone)
    elif as_json:
        print_json(_as_json(answer))
    else:
        _print(answer, zone)


def _number(text: str | None) -> int:
    """The number of the news meant. Raises Refused when it is none."""
    from fairline.domain.errors import Refused

    if text is None or not text.isdigit():
        message = f"{text or 'Nothing'} is no number of news."
        raise Refused(message, hint="`fairline news undo 3` takes news 3 back; `fairline news list` numbers them.")
    return int(text)


def _as_json(answer: Told) -> dict[str, Any]:
    news, known_at, repriced = answer
    told: dict[str, Any] = {**news._asdict(), "known_at": known_at, "repriced": None}
    if repriced is not None:
        told["repriced"] = {
            "batch_id": repriced.batch_id, "compared_with": repriced.compared_with,
            "changes": repriced.changes.to_dicts(),
            "published": [{"key": one.key, "revision": one.revision} for one in repriced.published],
        }  # fmt: skip
    return told


def _print(answer: Told, zone: tzinfo) -> None:
    from fairline.domain.dates import describe_instant

    screen, (news, known_at, repriced) = console(), answer
    at = describe_instant(known_at, known_at, zone).removesuffix(", now")
    if news.status == "withdrawn":
        said = f"News {news.news_id} of {news.player_name} on {news.game_date} is taken back"
    else:
        minutes = "" if news.minutes is None else f", {news.minutes:g} minutes"
        said = f"News {news.news_id}: {news.player_name} is {news.status} on {news.game_date}{minutes} ({news.words})"
    screen.print(f"{said}, known from {at}.", highlight=False)
    if news.minutes is not None:
        screen.print("Minutes change `fairline price` alone, as an approximation.", highlight=False)
    if repriced is None:
        screen.print(
            f"{news.game_date} has not been priced yet: `fairline run --date {news.game_date}` will know of it.",
            highlight=False,
        )
        return
    before = describe_instant(repriced.compared_with, known_at, zone)
    if repriced.changes.is_empty():
        screen.print(f"Priced again: no forecast of his team differs from the run as of {before}.", highlight=False)
    else:
        print_frame(repriced.changes, f"Priced again; before is the run as of {before}")
        screen.print("Quotes and reports that came since that run are in it too.", highlight=False)
    for one in repriced.published:
        screen.print(f"Published {one.key}, revision {one.revision}", highlight=False)


def _print_list(rows: pl.DataFrame, now: datetime, zone: tzinfo) -> None:
    import polars as pl

    from fairline.domain.dates import describe_instant

    if rows.is_empty():
        console().print("You have told no news.", highlight=False)
        return
    shown = [
        {
            "news": row["news_id"], "player": row["player_name"], "game": row["game_date"], "status": row["status"],
            "minutes": row["minutes"], "told": describe_instant(row["known_at"], now, zone),
            "counts": row["counts"], "ended by": row["ended_by"], "words": row["words"],
        }
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    print_frame(pl.DataFrame(shown, infer_schema_length=None), folded=["words"])
