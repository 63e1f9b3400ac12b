"""`fairline features explain`: from a person's words to the game and the cutoff of one feature row."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from fairline.analytics.build import refresh
from fairline.domain.errors import LookAhead, NotFound
from fairline.domain.markets import market as market_named
from fairline.features.contract import features
from fairline.features.evidence import of_window
from fairline.features.explain import Explanation, explain
from fairline.ops.frames import games_of, player_names
from fairline.ops.moments import game_day, instant
from fairline.ops.people import Person, find_person

if TYPE_CHECKING:
    from datetime import date, datetime

    import polars as pl

    from fairline.platform.home import Home


class Explained(NamedTuple):
    """One player's row of one day. names: of his teammates, by player id."""

    person: Person
    day: date
    row: Explanation
    names: dict[int, str]


def explain_features(
    home: Home, player: str, day: date | str, *, market: str = "points", as_of: datetime | str | None = None
) -> Explained:
    """The feature row of a player's game, taken apart.

    as_of: the cutoff; without it that of the last slate run that priced him, else the day's latest capture before
    tip-off, else tip-off. Raises NotFound for an unknown player or a day without his game, Refused for an ambiguous
    name, LookAhead for an as_of in the future.
    """
    now = home.clock.now()
    day = game_day(day, now)
    name = market_named(market).value
    refresh(home.warehouse)
    person = find_person(home.warehouse, player, day)
    game = _game_of(home, person, day)
    cutoff = instant(as_of, day, ZoneInfo(home.settings.zone)) if as_of else _usual_cutoff(home, game, person, day)
    if as_of and cutoff > now:
        message = f"As of {cutoff:%Y-%m-%d %H:%M} UTC lies in the future."
        raise LookAhead(message, hint="Leave --as-of out to see what is known now.")
    cutoff = min(cutoff, game["assumed_tip_at"].item())
    row = explain(home.warehouse, game["game_id"].item(), person.player_id, cutoff, name)
    mates = row.evidence["teammates"].select("player_id").join(player_names(home.warehouse), on="player_id")
    return Explained(person, day, row, dict(mates.iter_rows()))


def _game_of(home: Home, person: Person, day: date) -> pl.DataFrame:
    """His game of the day: that of quotes on him, else of the team he belonged to, else that he played."""
    games = games_of(home.warehouse, day)
    with home.warehouse.frame("slate", games):
        found = home.warehouse.query(_HIS_GAME, {"player": person.player_id, "day": day})
    if found.is_empty():
        message = f"{person.name} has no game on {day} that is known here."
        raise NotFound(message, hint=f'His games: `fairline query "{_HIS_DATES.format(player=person.player_id)}"`.')
    return found


_HIS_GAME = """
WITH evidence AS (
    SELECT game_id, 1 AS rank FROM raw.prop_quotes WHERE player_id = $player AND game_date = $day
    UNION ALL
    SELECT slate.game_id, 2 FROM slate JOIN analytics.roster_spells AS spell
        ON spell.player_id = $player AND spell.team_id IN (slate.home_team_id, slate.away_team_id)
        AND spell.known_at <= slate.assumed_tip_at AND slate.assumed_tip_at < spell.superseded_at
    UNION ALL
    SELECT game_id, 3 FROM analytics.player_game_summary WHERE player_id = $player AND game_date = $day
)
SELECT slate.* FROM slate JOIN evidence USING (game_id) ORDER BY evidence.rank, slate.game_id LIMIT 1
"""

_HIS_DATES = (
    "SELECT game_date, game_id, points FROM analytics.player_game_summary"
    " WHERE player_id = {player} ORDER BY game_date DESC LIMIT 5"
)


def _usual_cutoff(home: Home, game: pl.DataFrame, person: Person, day: date) -> datetime:
    found: datetime | None = home.warehouse.query(
        """
        SELECT coalesce(
            (SELECT max(cutoff) FROM predictions.player_prop_predictions WHERE game_id = $game AND player_id = $player),
            (SELECT max(captured_at) FROM raw.prop_quotes WHERE game_date = $day AND captured_at < $tip)
        )
        """,
        {"game": game["game_id"].item(), "player": person.player_id, "day": day, "tip": game["assumed_tip_at"].item()},
    ).item()
    now, tip = home.clock.now(), game["assumed_tip_at"].item()
    return found or min(now, tip)


def as_plain(explained: Explained) -> dict[str, object]:
    """An explanation for JSON: what the row is about, each value with the ids of its games, and all evidence."""
    found = explained.row.evidence
    windows = {one.name: of_window(one, found) for one in features()}
    ids = {name: held["game_id"].to_list() for name, held in windows.items() if held is not None}
    values = [value | {"game_ids": ids.get(value["feature"])} for value in explained.row.values.to_dicts()]
    names = {str(player_id): name for player_id, name in explained.names.items()}
    return {
        "player": explained.person._asdict(),
        **explained.row.about,
        "values": values,
        "evidence": {name: frame.to_dicts() for name, frame in found.items()},
        "names": names,
    }
