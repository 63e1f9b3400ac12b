"""The Odds API's answers: the day's games with its ids, game lines, and player props of each game."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from fairline.sim.answers.view import View, as_json, event_id, iso
from fairline.sim.league.books import BOOKS, prop_quotes
from fairline.sim.league.game_lines import game_lines
from fairline.sim.replay import Recorded

CREDITS = {"x-requests-remaining": "19000", "x-requests-used": "1000", "x-requests-last": "5"}
"""Simulated: nothing is charged."""
EVEN = -110


def events(view: View) -> Iterator[Recorded]:
    """The games of the day that have not tipped off."""
    yield from _free(view.answers("odds_api_events", as_json([_event(view, row) for row in view.coming])))


def props(view: View) -> Iterator[Recorded]:
    """What each book quotes on the players of each game that has not tipped off."""
    if not view.coming:
        return
    rows = np.array(view.coming)
    quotes = prop_quotes(view.season, view.stretch, rows, [view.now] * len(rows), view.league.seed)
    for row in view.coming:
        own = quotes.filter(pl.col("game_id") == view.stretch.ids[row])
        books = []
        for book in BOOKS:
            markets = [
                {"key": f"player_{name}", "last_update": iso(view.now), "outcomes": _outcomes(of_market)}
                for (name,), of_market in own.filter(pl.col("book") == book.key).group_by("market", maintain_order=True)
            ]
            books.append({"key": book.key, "title": book.title, "markets": markets})
        content = as_json({**_event(view, row), "bookmakers": books})
        yield from _free(view.answers("odds_api_event_odds", content, row))


def lines(view: View) -> Iterator[Recorded]:
    """Spread, total and moneylines of the games of the day that have not tipped off."""
    rows = np.array(view.coming, np.int64)
    quoted = game_lines(view.season, view.stretch, rows, [view.now] * len(rows), view.league.seed)
    told = []
    for row in view.coming:
        own = quoted.filter(pl.col("game_id") == view.stretch.ids[row])
        told.append({**_event(view, row), "bookmakers": [_of_book(line) for line in own.iter_rows(named=True)]})
    yield from _free(view.answers("odds_api_game_lines", as_json(told)))


def _free(answers: Iterator[Recorded]) -> Iterator[Recorded]:
    for each in answers:
        yield Recorded(each.url, each.content, each.content_type, each.params, headers=CREDITS, at=each.at)


def _event(view: View, row: int) -> dict[str, object]:
    calendar, where = view.stretch.calendar, view.season.where
    return {
        "id": event_id(view.stretch.ids[row]), "sport_key": "basketball_nba", "sport_title": "NBA (simulated)",
        "commence_time": iso(calendar.tip_at[row]), "home_team": where[calendar.home[row]].team.name,
        "away_team": where[calendar.away[row]].team.name,
    }  # fmt: skip


def _outcomes(quotes: pl.DataFrame) -> list[dict[str, object]]:
    return [
        {"name": side, "description": quote["player_name"], "price": int(quote[price]), "point": quote["line"]}
        for quote in quotes.iter_rows(named=True)
        for side, price in (("Over", "over_american"), ("Under", "under_american"))
    ]


def _of_book(line: dict[str, object]) -> dict[str, object]:
    home, away, spread = line["home_team"], line["away_team"], float(str(line["home_spread"]))
    title = next(book.title for book in BOOKS if book.key == line["book"])
    outcomes = {
        "h2h": [{"name": home, "price": line["home_american"]}, {"name": away, "price": line["away_american"]}],
        "spreads": [
            {"name": home, "price": EVEN, "point": spread}, {"name": away, "price": EVEN, "point": -spread},
        ],
        "totals": [{"name": side, "price": EVEN, "point": line["total"]} for side in ("Over", "Under")],
    }  # fmt: skip
    markets = [{"key": key, "outcomes": each} for key, each in outcomes.items()]
    return {"key": line["book"], "title": title, "markets": markets}
