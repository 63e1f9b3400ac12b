"""Feature rows for given cutoffs: contexts, states and absences joined, stale values dropped, target features computed.

One function serves training, backtest and tonight's slate; it takes the cutoffs and whom to price, and never loops.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from fairline.domain.errors import LookAhead
from fairline.features.availability import Knowledge, chance_of_playing
from fairline.features.contract import CALCULATED, CARRIED, MISSING, STALE, Feature, model_features
from fairline.features.states import DATES_CARRIED, STATES

if TYPE_CHECKING:
    import polars as pl

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
        for relation, query in relations(rosters=rosters, knowledge=knowledge):
            warehouse.execute(f"CREATE OR REPLACE TEMP TABLE {relation} AS {query}")
        return rounded(warehouse.query(final()))


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
    import polars as pl

    present = [feature.name for feature in model_features() if feature.name in rows.columns]
    return rows.with_columns(pl.col(present).round_sig_figs(SIGNIFICANT_DIGITS)).sort(KEYS)


def status_changes(warehouse: Warehouse) -> pl.DataFrame:
    """When a status of each player or a teammate last changed before the cutoff, of the contexts built last.

    Returns game_id, cutoff, player_id, status_changed_at; players without a reported change are not in it.
    """
    return warehouse.query(_statement("features", "status_changes"))


def relations(*, rosters: bool, knowledge: Knowledge = "reports") -> list[tuple[str, str]]:
    """The steps between cutoffs and features, in order: name and query. `fairline sql ml_feature_store` shows them."""
    games_of_team = " + ".join(
        f"(CASE WHEN date_{game} >= team_date_10 AND played_for_{game} = team_id THEN 1 ELSE 0 END)"
        for game in range(1, DATES_CARRIED + 1)
    )
    games = " + ".join(
        f"(CASE WHEN date_{game} >= team_date_10 THEN 1 ELSE 0 END)" for game in range(1, DATES_CARRIED + 1)
    )
    missed = " + ".join(
        f"(CASE WHEN team_date_{game} > last_game_date THEN 1 ELSE 0 END)" for game in range(1, DATES_CARRIED + 1)
    )
    people = _statement("features", "people").format(
        games_of_team=games_of_team,
        games=games,
        missed=missed,
        wanted="TRUE" if rosters else "asked",
        form_source=_source("active", "active"),
        chance_of_playing=chance_of_playing(knowledge),
    )
    return [
        ("team_context", _statement("analytics", "upcoming_team_game_context")),
        ("player_context", _statement("analytics", "upcoming_player_game_context")),
        *((f"{state.name}_state", state.sql()) for state in STATES),
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
        team_source=_source("own", "context"),
        opponent_source=_source("other", "context"),
        fresh_opponent=f"sourced.opponent_source IN ('{CALCULATED}', '{CARRIED}')",
        adjusted=",\n    ".join(adjusted),
        team_dates=", ".join(f"own.team_date_{game}" for game in range(1, DATES_CARRIED + 1)),
    )


def _source(state: str, game: str) -> str:
    """How the values of a state stand at the target: calculated, carried over the summer, stale or missing."""
    return f"""CASE
        WHEN {state}.last_game_date IS NULL THEN '{MISSING}'
        WHEN {state}.last_season <> {game}.season THEN CASE
            WHEN {state}.last_season = {game}.season - 1 AND {game}.game_date < {game}.season_start + 14
                THEN '{CARRIED}' ELSE '{STALE}' END
        WHEN {game}.game_date - {state}.last_game_date > 45 THEN '{STALE}'
        ELSE '{CALCULATED}'
    END"""


def _fresh(feature: Feature) -> str:
    """The value of a state's feature unless it is too old; shrunk when carried over the summer."""
    state, source = {"player": ("people", "people.form_source"), "team": ("own", "team_source")}.get(
        feature.of, ("other", "opponent_source")
    )
    value = f"{state}.{feature.name}"
    if not feature.this_season:
        too_old = f"people.game_date - people.last_game_date > {feature.max_age}"
        return value if feature.max_age is None else f"CASE WHEN NOT {too_old} THEN {value} END"
    if feature.carry is None:
        return f"CASE WHEN {source} = '{CALCULATED}' THEN {value} END"
    kept, towards = feature.carry
    anchor = f"people.{towards}" if feature.of == "player" else towards
    carried = f"{kept:.9g} * {value} + {1 - kept:.9g} * {anchor}"
    return f"CASE {source} WHEN '{CALCULATED}' THEN {value} WHEN '{CARRIED}' THEN {carried} END"


def _state_columns() -> list[str]:
    return [one.name for one in model_features() if one.of == "player"]


def final() -> str:
    """The features in contract order, over the relations."""
    adjusted = [f"{_fresh(one)} AS {one.name}" for one in model_features() if one.of == "player"]
    ordered = [
        f"CAST({one.expression if one.of == 'target' else one.name} AS DOUBLE) AS {one.name}"
        for one in model_features()
    ]
    lags = [f"people.date_{game} AS player_date_{game}" for game in range(1, DATES_CARRIED + 1)]
    lags += [f"people.seconds_{game} AS player_seconds_{game}" for game in range(1, 7)]
    return _statement("features", "final").format(
        keys=", ".join(KEYS), about=", ".join(ABOUT), states=", ".join(_state_columns()), lags=", ".join(lags),
        adjusted=",\n        ".join(adjusted), ordered=",\n    ".join(ordered),
    )  # fmt: skip
