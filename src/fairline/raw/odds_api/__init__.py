"""The Odds API's answers: what each kind of capture states. In come documents, out come rows in our ids and units.

A snapshot of the past is known at its own timestamp, whenever it was fetched. When a book last changed a market
(`last_update`) is not stated as a row; it stays in the capture.
"""

from functools import partial

from fairline.raw.captured import CaptureKind
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.odds_api import answers, events, odds
from fairline.raw.parsed import Parsed
from fairline.raw.schema import GAME_LINE_QUOTES, PROP_QUOTES, PROVIDER_GAMES

SOURCE = "odds_api"


def _events(document: Document, held: Held) -> Parsed:
    return events.provider_games(document, answers.live(document), held)


def _historical_events(document: Document, held: Held) -> Parsed:
    return events.provider_games(document, answers.historical(document), held)


_kind = partial(CaptureKind, SOURCE, rows_as=SOURCE)
_QUOTED = (PROVIDER_GAMES, GAME_LINE_QUOTES, PROP_QUOTES)

KINDS: tuple[CaptureKind, ...] = (
    _kind(
        "odds_api_events", "Games not yet over, with the provider's ids", (PROVIDER_GAMES,),
        answers.fits_events, _events,
    ),
    _kind(
        "odds_api_event_odds", "Quotes of books on one game or several: player props and game lines", _QUOTED,
        answers.fits_odds, odds.parser(answers.live),
    ),
    _kind(
        "odds_api_historical_events", "Games listed at an instant of the past", (PROVIDER_GAMES,),
        answers.fits_historical_events, _historical_events,
    ),
    _kind(
        "odds_api_historical_event_odds", "Quotes of books at an instant of the past", _QUOTED,
        answers.fits_historical_odds, odds.parser(answers.historical),
    ),
)  # fmt: skip
