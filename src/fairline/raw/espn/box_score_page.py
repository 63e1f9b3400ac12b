"""The JSON of ESPN's box score page as two sheets of cells: its game, and a line for each player and each total."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from fairline.raw.documents import Document, place_in

GAME = {
    "provider_game_id": "gid", "commence": "dt", "undecided": "tbd", "state": "status.state", "words": "status.desc",
    "home": "home.abbrev", "away": "away.abbrev", "home_score": "home.score", "away_score": "away.score",
    "periods": "periods",
}  # fmt: skip

SINGLE = {
    "minutes": "MIN", "offensiveRebounds": "OREB", "defensiveRebounds": "DREB", "rebounds": "REB", "assists": "AST",
    "steals": "STL", "blocks": "BLK", "turnovers": "TOV", "fouls": "PF", "plusMinus": "PLUS_MINUS", "points": "PTS",
}  # fmt: skip
PAIRS = {"fieldGoals": ("FGM", "FGA"), "threePointFieldGoals": ("FG3M", "FG3A"), "freeThrows": ("FTM", "FTA")}
LINE = {
    "team": "team.abbrev", "role": "role", "PLAYER_NAME": "athlete.dspNm", "absence": "absence", "unpaired": "unpaired",
    **{theirs: f"stats.{key}" for key, theirs in SINGLE.items()},
    **{made: f"stats.{key}Made-{key}Attempted" for key, (made, _) in PAIRS.items()},
}  # fmt: skip

TOTALS = "totals"


def game_sheet(document: Document, package: Mapping[str, Any]) -> pl.DataFrame:
    """The page's one game; `periods` counts the quarters and overtimes of the home team."""
    strip = document.at("gmStrp", dict, package)
    teams = place_in(strip, "tms")
    sides = {place_in(team, "isHome") is True: team for team in teams} if isinstance(teams, list) else {}
    scored = place_in(sides.get(True), "linescores")
    told = {key: strip.get(key) for key in ("gid", "dt", "tbd", "status")}
    periods = len(scored) if isinstance(scored, list) else None
    return document.sheet([{**told, "home": sides.get(True), "away": sides.get(False), "periods": periods}], GAME)


def line_sheet(document: Document, package: Mapping[str, Any]) -> pl.DataFrame:
    """Every player and total of both sides, made and attempted shots apart; none before tip-off."""
    sides = package.get("bxscr")
    frame = document.sheet(_lines(sides if isinstance(sides, list) else [] if sides is None else [sides]), LINE)
    # What does not read as `made-attempted` stays whole, to be set aside as unreadable.
    parts = {
        column: pl.coalesce(pl.col(made).str.extract(r"^\s*(\d+)-(\d+)\s*$", place), made)
        for made, attempted in PAIRS.values()
        for place, column in ((1, made), (2, attempted))
    }
    return frame.with_columns(**parts)


def _lines(sides: list[object]) -> Iterator[object]:
    for side in sides:
        sections = place_in(side, "stats")
        if not isinstance(sections, list):
            yield [side]
            continue
        # The totals have no keys of their own.
        shared = next((keys for each in sections if isinstance(keys := place_in(each, "keys"), list)), None)
        for section in sections:
            yield from _section(place_in(side, "tm"), section, shared)


def _section(team: object, section: object, shared: object) -> Iterator[object]:
    """A section's players, or the one line of its totals."""
    told = {"team": team, "role": place_in(section, "type")}
    if told["role"] == TOTALS:
        yield {**told, **_named(shared, place_in(section, "ttls"))}
        return
    athletes = place_in(section, "athlts")
    for each in athletes if isinstance(athletes, list) else [[section]]:
        if isinstance(each, dict):
            named = _named(place_in(section, "keys"), each.get("stats"))
            yield {**told, "athlete": each.get("athlt"), "absence": each.get("dnpRsn"), **named}
        else:
            yield each


def _named(keys: object, values: object) -> dict[str, object]:
    """Values under their keys; those that do not pair up are `unpaired`, which is no cell and sets the line aside."""
    if values in (None, []):
        return {}
    if isinstance(keys, list) and isinstance(values, list) and len(keys) == len(values):
        return {"stats": dict(zip((str(key) for key in keys), values, strict=True))}
    return {"unpaired": [values]}
