"""Odds of events: what one answer states of games, of their lines and of their players' props."""

from collections.abc import Callable

import polars as pl

from fairline.raw.contracts import rule, split
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.odds_api import events, game_lines, props
from fairline.raw.odds_api.answers import Answer, Torn, markets
from fairline.raw.odds_api.prices import are_american
from fairline.raw.parsed import Parsed, nothing_aside, together


def parser(opened: Callable[[Document], Answer]) -> Callable[[Document, Held], Parsed]:
    """The parser of odds answers that are opened so."""

    def parse(document: Document, held: Held) -> Parsed:
        answer = opened(document)
        parsed = _together(events.provider_games(document, answer, held), *_odds(document, answer, held))
        parsed.said_at = answer.seen_at
        return parsed

    return parse


def _odds(document: Document, answer: Answer, held: Held) -> list[Parsed]:
    whole, torn = markets(answer.events)
    american = are_american(whole, document.capture.params.get("oddsFormat", ""))
    games = [each for each in whole if each.market in game_lines.MARKETS]
    lines, torn_lines = game_lines.gathered(games)
    quoted, torn_quotes, repeated = props.paired(each for each in whole if each.market not in game_lines.MARKETS)
    return [
        game_lines.parse(document, answer, lines, held, american=american),
        props.parse(document, answer, quoted, held, american=american),
        Parsed({}, _torn(document, [*torn, *torn_lines, *torn_quotes]), duplicates=repeated),
    ]


def _torn(document: Document, places: list[Torn]) -> pl.DataFrame:
    if not places:
        return nothing_aside()
    sheet = document.sheet((place.record for place in places), {"torn": "torn"})
    return split(sheet, [rule("malformed", pl.lit(value=True), "{}", pl.col("torn"))])[1]


def _together(*parts: Parsed) -> Parsed:
    """What all parts state; each table is stated by one of them."""
    whole = Parsed({}, together([part.aside for part in parts]), duplicates=sum(part.duplicates for part in parts))
    for part in parts:
        whole.rows |= part.rows
        whole.waiting |= part.waiting
        whole.unresolved = pl.concat([whole.unresolved, part.unresolved], how="diagonal")
    return whole
