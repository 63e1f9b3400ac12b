"""Who can play: the status of a player, or of everyone on a team, as of any time, with the words it rests on."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from fairline.analytics.build import refresh
from fairline.domain.dates import game_date
from fairline.domain.errors import LookAhead, NotFound
from fairline.domain.teams import find_team
from fairline.ops.frames import player_names
from fairline.ops.moments import instant
from fairline.ops.people import find_person

if TYPE_CHECKING:
    import polars as pl

    from fairline.platform.home import Home
    from fairline.platform.warehouse import Warehouse


class Standing(NamedTuple):
    """rows: player_id, player, team_id, status, since, source, words, game_date, reported_at; as known at `at`.

    title: the player's or the team's name.
    """

    title: str
    at: datetime
    rows: pl.DataFrame


def availability(home: Home, who: str, at: datetime | str | None = None) -> Standing:
    """The status of a player, or of all on a team's roster, by the rules that forecasts use.

    Before the team's next game; `unknown` where no report of 36 hours speaks of him. Raises NotFound for a name nobody
    has or a team nobody was known to be on, Refused for an ambiguous name, LookAhead for a time to come.
    """
    now = home.clock.now()
    when = now if at is None else instant(at, game_date(now), ZoneInfo(home.settings.zone))
    if when > now:
        message = f"{when:%Y-%m-%d %H:%M} UTC lies in the future."
        raise LookAhead(message, hint="Leave --at out to see what is known now.")
    warehouse = home.warehouse
    refresh(warehouse)
    team = find_team(who)
    if team is not None:
        rows = _standing(warehouse, when, team.team_id, None)
        if rows.is_empty():
            message = f"Nobody is known to have been on the roster of {team.name} then."
            raise NotFound(
                message,
                hint="Ask of another time with --at, or bring what is held up to date: `fairline scrape morning`.",
            )
        return Standing(team.name, when, rows)
    person = find_person(warehouse, who, game_date(when))
    rows = _standing(warehouse, when, _team_of(warehouse, person.player_id, when), person.player_id)
    return Standing(person.name, when, rows)


def _standing(warehouse: Warehouse, at: datetime, team_id: int | None, player_id: int | None) -> pl.DataFrame:
    context = _context(warehouse, at, team_id, player_id)
    query = files("fairline.ops").joinpath("availability.sql").read_text(encoding="utf-8")
    with warehouse.frame("context", context), warehouse.frame("names", player_names(warehouse)):
        return warehouse.query(query, {"at": at})


def _context(warehouse: Warehouse, at: datetime, team_id: int | None, player_id: int | None) -> pl.DataFrame:
    """The rows that a forecast of the team's next game would see: of everyone on its roster, or of the player alone."""
    import polars as pl

    instants = pl.Datetime("us", "UTC")
    game, day = _next_game(warehouse, team_id, at)
    cutoffs = pl.DataFrame([(game, at)], {"game_id": pl.String, "cutoff": instants}, orient="row")
    teams = cutoffs.with_columns(team_id=pl.lit(team_id, pl.Int64), game_date=pl.lit(day, pl.Date))
    asked = cutoffs.with_columns(player_id=pl.lit(player_id, pl.Int64), team_id=pl.lit(team_id, pl.Int64))
    if player_id is None:
        asked = asked.clear()
    query = files("fairline.analytics").joinpath("upcoming_player_game_context.sql").read_text(encoding="utf-8")
    # The process may have built a slate: its own relation of that name is still there.
    query = query.replace("team_context", "next_game_context")
    frames = warehouse.frame("cutoffs", cutoffs), warehouse.frame("next_game_context", teams)
    with frames[0], frames[1], warehouse.frame("asked", asked):
        rows = warehouse.query(query)
    recent = warehouse.query(_RECENT, {"at": at})
    return rows.join(recent, on="player_id", how="semi") if player_id is None else rows.filter(player_id=player_id)


_RECENT = """
SELECT player_id FROM analytics.player_game_summary WHERE known_at <= $at AND valid_at > $at - INTERVAL 150 DAY
UNION
SELECT player_id FROM analytics.roster_spells WHERE known_at <= $at AND known_at > $at - INTERVAL 150 DAY
UNION
SELECT player_id FROM raw.rosters WHERE known_at <= $at AND listed_at > $at - INTERVAL 150 DAY
UNION
SELECT player_id FROM analytics.player_availability WHERE known_at <= $at AND $at < superseded_at
"""
"""Whoever was heard of within five months: nobody says of those who stopped playing that they belong to no team."""


def _next_game(warehouse: Warehouse, team_id: int | None, at: datetime) -> tuple[str, object]:
    """Id and date of the team's next game as the schedule was known; without one, no id and the day itself."""
    found = warehouse.query(
        """
        SELECT game_id, game_date FROM analytics.game_versions
        WHERE ? IN (home_team_id, away_team_id) AND known_at <= ? AND ? < superseded_at
            AND status NOT IN ('final', 'postponed') AND game_date >= ?
        ORDER BY game_date, tip_at LIMIT 1
        """,
        [team_id, at, at, game_date(at)],
    )
    return found.row(0) if found.height else ("", game_date(at))


def _team_of(warehouse: Warehouse, player_id: int, at: datetime) -> int | None:
    found = warehouse.query(
        "SELECT team_id FROM analytics.roster_spells WHERE player_id = ? AND known_at <= ? AND ? < superseded_at",
        [player_id, at, at],
    )
    team_id: int | None = found.item() if found.height else None
    return team_id
