"""`fairline availability`: who can play, since when, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from fairline.ops.availability import Standing


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(no_args_is_help=True)(availability)


def availability(
    who: Annotated[str, typer.Argument(help="Player or team: a name in any spelling, an abbreviation, or an NBA id.")],
    at: Annotated[
        str | None,
        typer.Option("--at", help="As known then: HH:MM today, YYYY-MM-DD HH:MM, or with an offset such as Z; now."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Status of a player, or of a whole team, before the next game: since when, from which source, in which words.

    Of several sources the graver word counts. Unknown is whoever no report of 36 hours speaks of, such as the players
    of a team that has not submitted its report.

    Example: fairline availability "Joel Embiid" --at "2024-02-01 18:00"
    """
    from zoneinfo import ZoneInfo

    from fairline.cli.printing import print_json
    from fairline.cli.tables import say_who
    from fairline.ops.availability import availability as found_of
    from fairline.ops.catalogue import open_home

    with open_home("fairline availability", on_wait=say_who) as home:
        found = found_of(home, who, at)
        zone = ZoneInfo(home.settings.zone)
    if as_json:
        print_json({"about": found.title, "at": found.at, "players": found.rows.to_dicts()})
    else:
        _print(found, zone)


def _print(found: Standing, zone: tzinfo) -> None:
    import polars as pl

    from fairline.cli.printing import print_frame
    from fairline.domain.dates import describe_instant

    shown = [
        {
            "player": row["player"], "team": _team(row["team_id"]), "status": row["status"],
            "since": _told(row["since"], found.at, zone), "source": row["source"],
            "reported": _told(row["reported_at"], found.at, zone), "words": row["words"],
        }
        for row in found.rows.iter_rows(named=True)
    ]  # fmt: skip
    title = f"{found.title}, as known {describe_instant(found.at, found.at, zone).removesuffix(', now')}"
    print_frame(pl.DataFrame(shown, infer_schema_length=None), title, folded=["words"])


def _told(instant: datetime | None, at: datetime, zone: tzinfo) -> str | None:
    from fairline.domain.dates import describe_instant

    return None if instant is None else describe_instant(instant, at, zone)


def _team(team_id: Any) -> str | None:  # noqa: ANN401 - a cell of a frame
    from fairline.domain.teams import team

    return None if team_id is None else team(int(team_id)).abbreviation
