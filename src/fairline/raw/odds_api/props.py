"""Player props: outcomes paired into quotes of player, market, book and line, then read as all quotes are."""

import json
from collections import defaultdict
from collections.abc import Iterable

import polars as pl

from fairline.raw import known, quotes
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.odds_api.answers import Answer, BookMarket, Place, Torn, no_side
from fairline.raw.parsed import Parsed

SIDES = {"over": "over", "under": "under", "yes": "over", "no": "under"}
ALTERNATE = "_alternate"
"""Ends the key of a market that quotes further lines of the one it names."""

FIELDS = {
    "tipoff": "event.commence_time", "home_team": "event.home_team", "away_team": "event.away_team",
    "player_name": "player", "market": "market", "book": "book", "line": "line", "over": "over", "under": "under",
}  # fmt: skip


def paired(markets: Iterable[BookMarket]) -> tuple[list[Place], list[Torn], int]:
    """A record for each quote: both sides of a player's line at a book; outcomes that are no side of one; repetitions.

    A market and its alternate lines are one market: the alternates often repeat the main line, then with one side only.
    """
    lines: dict[tuple[int, str, str, str], list[Place]] = defaultdict(list)
    torn: list[Torn] = []
    repeated = 0
    for market in sorted(markets, key=lambda each: each.market.endswith(ALTERNATE)):
        for outcome in market.outcomes:
            side = SIDES.get(str(outcome.get("name")).lower())
            if side is None:
                torn.append(no_side(outcome))
                continue
            name = market.market.removesuffix(ALTERNATE)
            who = json.dumps([outcome.get("description"), outcome.get("point")])
            repeated += _added(lines[id(market.event), market.book, name, who], side, market, outcome)
    return [record for records in lines.values() for record in records], torn, repeated


def _added(records: list[Place], side: str, market: BookMarket, outcome: Place) -> bool:
    """Put the outcome with its other side. True when it was there already; another price begins another quote."""
    price = outcome.get("price")
    if any(side in record and record[side] == price for record in records):
        return True
    open_record = next((record for record in records if side not in record), None)
    if open_record is None:
        event = {name: market.event.get(name) for name in ("id", "commence_time", "home_team", "away_team")}
        name = market.market.removesuffix(ALTERNATE)
        player, line = outcome.get("description"), outcome.get("point")
        open_record = {"event": event, "book": market.book, "market": name, "player": player, "line": line}
        records.append(open_record)
    open_record[side] = price
    return False


def parse(document: Document, answer: Answer, records: list[Place], held: Held, *, american: bool) -> Parsed:
    """The quotes of an answer, seen when it was so. Yes/no markets are set aside as `no_line`."""
    sheet = document.sheet(records, FIELDS)
    none, stated = pl.lit(None, pl.String), {side: pl.col(side) for side in quotes.PRICES}
    frame = sheet.select(
        pl.exclude(*quotes.PRICES),
        captured_at=known.instant(answer.seen_at),
        opponent=none,
        **{f"{side}_american": price if american else none for side, price in stated.items()},
        **{f"{side}_decimal": none if american else price for side, price in stated.items()},
    )
    return quotes.parse(frame, held)
