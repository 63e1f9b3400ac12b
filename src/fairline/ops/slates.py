"""The slates known: read from the warehouse, and kept as the plan that others may read without it."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from fairline.analytics.build import refresh
from fairline.domain.dates import game_date
from fairline.domain.errors import NotFound
from fairline.ops.due import Game, Slates

if TYPE_CHECKING:
    from fairline.platform.objects import Objects
    from fairline.platform.warehouse import Warehouse

PLAN = "status/plan.json"
BACK, AHEAD = timedelta(days=9), timedelta(days=2)
"""Dates the schedule may have to look at: a week to be made up, and tomorrow's steps."""


class Plan(NamedTuple):
    """The slates that a schedule went by, and when it read them."""

    at: datetime
    slates: Slates


def slates_around(warehouse: Warehouse, now: datetime) -> Slates:
    """The slates of the dates the schedule may have to look at now, by all that raw says."""
    refresh(warehouse)
    today = game_date(now)
    return slates_of(warehouse, today - BACK, today + AHEAD)


def slates_of(warehouse: Warehouse, first: date, last: date) -> Slates:
    """Games between NBA teams as held now, by game date, both ends included; a date without games is absent."""
    rows = warehouse.query(
        """
        SELECT game_date, game_id, tip_at, status FROM analytics.game_versions
        WHERE game_date BETWEEN ? AND ? AND superseded_at = TIMESTAMPTZ '9999-01-01 00:00:00+00'
            AND game_type IN ('regular', 'play_in', 'playoffs', 'cup_final')
            AND home_team_id IS NOT NULL AND away_team_id IS NOT NULL
        ORDER BY game_date, tip_at, game_id
        """,
        [first, last],
    )
    slates: dict[date, list[Game]] = {}
    for day, game_id, tip_at, status in rows.iter_rows():
        slates.setdefault(day, []).append(Game(game_id, tip_at, status))
    return slates


def keep_plan(objects: Objects, slates: Slates, now: datetime) -> None:
    """Keep the slates where a command finds them that must not wait for the warehouse."""
    told = {
        day.isoformat(): [
            {"game_id": game.game_id, "tip_at": game.tip_at and game.tip_at.isoformat(), "status": game.status}
            for game in games
        ]
        for day, games in slates.items()
    }
    objects.put(PLAN, json.dumps({"at": now.isoformat(), "slates": told}, indent=1).encode())


def kept_plan(objects: Objects) -> Plan | None:
    """The plan kept last; None before the first."""
    try:
        held = json.loads(objects.get(PLAN))
    except NotFound:
        return None
    slates = {
        date.fromisoformat(day): [
            Game(game["game_id"], game["tip_at"] and datetime.fromisoformat(game["tip_at"]), game["status"])
            for game in games
        ]
        for day, games in held["slates"].items()
    }
    return Plan(datetime.fromisoformat(held["at"]), slates)
