"""Feature rows for given cutoffs: contexts, states and absences joined, stale values dropped, target features computed.

One function serves training, backtest and tonight's slate; it takes the cutoffs and whom to price, and never loops.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, cast

from fairline.domain.errors import LookAhead
from fairline.features.availability import Knowledge, chance_before_first_game, chance_of_playing
from fairline.features.calls import OF_SEASON
from fairline.features.catalogue.target import SHARED
from fairline.features.contract import (
    BEGUN,
    CALCULATED,
    CARRIED,
    FIRST_DAYS,
    MISSING,
    STALE,
    Feature,
    model_features,
)
from fairline.features.rounding import in_order
from fairline.features.states import DATES_CARRIED, STATES

if TYPE_CHECKING:
    import polars as pl

    from fairline.features.states import Within
    from fairline.platform.warehouse import Warehouse

SIGNIFICANT_DIGITS = 9
"""Stored features are rounded to these: parallel sums of doubles differ beyond them (architecture, Decisions)."""

KEYS = ("game_id", "player_id", "cutoff")
ABOUT = (
    "game_date", "season", "tip_at", "team_id", "opponent_id", "status", "form_source", "team_source",
    "opponent_source", "games_scheduled", "games_held",
)  # fmt: skip


def build(
    warehouse: Warehouse,
    cutoffs: pl.DataFrame,
    asked: pl.DataFrame,
    *,
    rosters: bool = True,
    knowledge: Knowledge = "reports",
) -> pl.DataFrame:
    """The `model` contract's features for each game at each cutoff.

    cutoffs: game_id, cutoff (UTC). asked: game_id, cutoff, player_id, team_id (null unless a quote stated it); these
    players get rows even when no roster lists them. rosters: also rows for everyone on both rosters. knowledge: what of
    who plays may be known (`availability`); anything but the default is for comparison only.
    Returns one row per game, cutoff and player: KEYS, ABOUT, then the features in contract order. Raises LookAhead for
    a game whose box score is held at its cutoff: its own result would be among the player's form.
    """
    with warehouse.frame("cutoffs", cutoffs), warehouse.frame("asked", asked):
        _refuse_played(warehouse)
        states = {state.relation: state for state in STATES}
        within = cast("Within", (cutoffs["cutoff"].min(), cutoffs["cutoff"].max()))
        for relation, query in relations(rosters=rosters, knowledge=knowledge):
            if relation in states:
                states[relation].make(warehouse, within)
            else:
                warehouse.execute(f"CREATE OR REPLACE TEMP TABLE {relation} AS {query}")
        # A slate is of one moment, a season of many.
        return rounded(warehouse.query(final(), many=within[0] != within[1]))


def _refuse_played(warehouse: Warehouse) -> None:
    played = warehouse.query(
        "SELECT cutoffs.game_id, cutoffs.cutoff FROM cutoffs JOIN analytics.game_revisions AS box"
        " ON box.game_id = cutoffs.game_id AND box.known_at <= cutoffs.cutoff ORDER BY ALL LIMIT 1"
    )
    if played.height:
        game, cutoff = played.row(0)
        message = f"at the cutoff {cutoff:%Y-%m-%d %H:%M} UTC the box score of game {game} was already known"
        raise LookAhead(message, hint="a forecast's cutoff lies before the end of its game")


def rounded(rows: pl.DataFrame) -> pl.DataFrame:
    """Features to nine significant digits, rows in the order of their keys."""
    present = [feature.name for feature in model_features() if feature.name in rows.columns]
    return in_order(rows, KEYS, present, SIGNIFICANT_DIGITS)


def status_changes(warehouse: Warehouse) -> pl.DataFrame:
    """When a status of each player or a teammate last changed before the cutoff, of the contexts built last.

    Returns game_id, cutoff, player_id, status_changed_at; players without a reported change are not in it.
    """
    return warehouse.query(_statement("features", "status_changes"))


def relations(*, rosters: bool, knowledge: Knowledge = "reports") -> list[tuple[str, str]]:
    """The steps between cutoffs and features, in order: name and query. `fairline sql ml_feature_store` shows them."""
    games_of_team = " + ".join(
        f"(CASE WHEN player.date_{game} >= sides.team_date_10 AND player.played_for_{game} = sides.team_id"
        " THEN 1 ELSE 0 END)"
        for game in range(1, DATES_CARRIED + 1)
    )
    games = " + ".join(
        f"(CASE WHEN player.date_{game} >= sides.team_date_10 THEN 1 ELSE 0 END)"
        for game in range(1, DATES_CARRIED + 1)
    )
    missed = " + ".join(
        f"(CASE WHEN sides.team_date_{game} > appearing.last_game_date THEN 1 ELSE 0 END)"
        for game in range(1, DATES_CARRIED + 1)
    )
    of_season = " + ".join(
        f"(CASE WHEN sides.team_date_{game} >= appearing.season_start THEN 1 ELSE 0 END)"
        for game in range(1, DATES_CARRIED + 1)
    )
    people = _statement("features", "people").format(
        games_of_team=games_of_team,
        games=games,
        missed=missed,
        games_of_season=of_season,
        wanted="TRUE" if rosters else "asked",
        form_source=_source("active", "active", begun=_BEGUN),
        seasons=_SEASONS,
        forms=_by_season("player_state"),
        chance_of_playing=chance_of_playing(knowledge),
        chance_at_first=chance_before_first_game(missed=0),
    )
    return [
        ("team_context", _statement("analytics", "upcoming_team_game_context")),
        ("player_context", _statement("analytics", "upcoming_player_game_context")),
        *((state.relation, state.sql()) for state in STATES),
        ("sides", _sides()),
        ("people", people),
        ("absences", _statement("features", "absences")),
        ("meetings", _statement("features", "meetings")),
    ]


def _statement(stage: str, name: str) -> str:
    return files(f"fairline.{stage}").joinpath(f"{name}.sql").read_text()


def _sides() -> str:
    adjusted = [f"{_fresh(one)} AS {one.name}" for one in model_features() if one.of in ("team", "opponent")]
    return _statement("features", "sides").format(
        seasons=_SEASONS,
        teams=_by_season("team_state"),
        leagues=_by_season("league_state"),
        team_source=_source("own", "context"),
        opponent_source=_source("other", "context"),
        fresh_opponent=f"sourced.opponent_source IN ('{CALCULATED}', '{CARRIED}')",
        adjusted=",\n    ".join(adjusted),
        team_dates=", ".join(f"own.team_date_{game}" for game in range(1, DATES_CARRIED + 1)),
    )


_SEASONS = "SELECT season, min(cutoff) AS first_cutoff, max(cutoff) AS last_cutoff FROM team_context GROUP BY season"


def _by_season(state: str) -> str:
    """Each state in every season at some cutoff of which it may have held.

    A join on the interval alone compares each cutoff with a whole career; by season first, with one season's states.
    """
    return (
        f"SELECT seasons.season AS at_season, state.* FROM {state} AS state"  # noqa: S608 - names of our own
        " JOIN seasons ON state.known_from <= seasons.last_cutoff AND seasons.first_cutoff < state.known_until"
    )


_BEGUN = f"""
        WHEN active.season_before = active.season - 1 AND active.season_games < {max(OF_SEASON.values())}
            THEN '{BEGUN}'"""


def _source(state: str, game: str, begun: str = "") -> str:
    """How the values of a state stand at the target: calculated, carried over the summer, stale or missing."""
    return f"""CASE
        WHEN {state}.last_game_date IS NULL THEN '{MISSING}'
        WHEN {state}.last_season <> {game}.season THEN CASE
            WHEN {state}.last_season = {game}.season - 1 AND {game}.game_date < {game}.season_start + {FIRST_DAYS}
                THEN '{CARRIED}' ELSE '{STALE}' END
        WHEN {game}.game_date - {state}.last_game_date > 45 THEN '{STALE}'{begun}
        ELSE '{CALCULATED}'
    END"""


def _fresh(feature: Feature) -> str:
    """The value of a state's feature unless it is too old; shrunk when carried over the summer."""
    state, source = {"player": ("player", "people.form_source"), "team": ("own", "team_source")}.get(
        feature.of, ("other", "opponent_source")
    )
    value = f"{state}.{feature.name}"
    if not feature.this_season:
        too_old = f"people.game_date - people.last_game_date > {feature.max_age}"
        return value if feature.max_age is None else f"CASE WHEN NOT {too_old} THEN {value} END"
    if feature.carry is None:
        return f"CASE WHEN {source} IN ('{CALCULATED}', '{BEGUN}') THEN {value} END"
    kept, towards = feature.carry
    anchor = f"player.{towards}" if feature.of == "player" else towards
    carried = f"{kept:.9g} * {value} + {1 - kept:.9g} * {anchor}"
    ways = [f"{source} IN ('{CALCULATED}', '{BEGUN}') THEN {value}", f"{source} = '{CARRIED}' THEN {carried}"]
    if feature.usual:
        size = OF_SEASON[feature.window]
        ways.insert(0, f"{source} = '{BEGUN}' AND player.season_games < {size} THEN {_made_up(feature, size)}")
    return f"CASE WHEN {' WHEN '.join(ways)} END"


def _made_up(feature: Feature, size: int) -> str:
    """The games of the season, and usual play for each the window lacks; where they tell nothing, that alone."""
    usual, games = f"player.{feature.usual}", "player.season_games"
    season = f"coalesce(player.{feature.carry[1]}, {usual})" if feature.carry else usual
    made_up = f"({games} * {season} + ({size} - {games}) * {usual}) / {size}.0"
    return f"CASE WHEN player.career_games >= {feature.least} THEN {made_up} END"


def final() -> str:
    """The features in contract order, over the relations."""
    adjusted = [f"{_fresh(one)} AS {one.name}" for one in model_features() if one.of == "player"]
    ordered = [
        f"CAST({_over_shared(one.expression) if one.of == 'target' else one.name} AS DOUBLE) AS {one.name}"
        for one in model_features()
    ]
    lags = [f"player.date_{game} AS player_date_{game}" for game in range(1, DATES_CARRIED + 1)]
    lags += [f"player.seconds_{game} AS player_seconds_{game}" for game in range(1, 7)]
    return _statement("features", "final").format(
        keys=", ".join(KEYS), about=", ".join(ABOUT), lags=", ".join(lags),
        shared=",\n        ".join(f"{text} AS {name}" for name, text in SHARED.items()),
        adjusted=",\n        ".join(adjusted), ordered=",\n    ".join(ordered),
    )  # fmt: skip


def _over_shared(expression: str) -> str:
    """The expression over columns in place of what it shares with others."""
    for name, text in SHARED.items():
        expression = expression.replace(text, name)
    return expression
