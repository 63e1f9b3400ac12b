"""BettingPros' answers: what each kind of capture states. In come documents, out come rows in our ids and units."""

from fairline.raw.bettingpros import events, quoting
from fairline.raw.bettingpros.quoting import SOURCE
from fairline.raw.captured import CaptureKind
from fairline.raw.schema import GAMES, PROP_QUOTES, PROVIDER_GAMES

KINDS: tuple[CaptureKind, ...] = (
    CaptureKind(
        SOURCE, "bettingpros_events", "Games of a day, with the provider's ids and results", (PROVIDER_GAMES, GAMES),
        events.fits, events.parse, rows_as=SOURCE,
    ),
    CaptureKind(
        SOURCE, "bettingpros_offers", "A page of offers: the books' lines on players in one market", (PROP_QUOTES,),
        quoting.fits, quoting.parse, rows_as=SOURCE,
    ),
)  # fmt: skip
