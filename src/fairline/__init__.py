"""Fairline prices NBA player props: honest distributions, fair prices, the market as the yardstick.

    import fairline as fl

    fl.slate("2025-11-28")                              the board: each player's best quote
    fl.predictions("2025-11-28", market="points")       every quote priced by every system
    fl.quotes(from_="2025-11-01", to="2025-11-07")      what the books offered, and when
    fl.lines("Brunson", market="points")                how his line opened, moved and closed
    fl.availability("NYK", at="2025-11-28 18:00")       who could play, as known then
    fl.features("2025-11-28", player="Brunson")         what was known before a game
    fl.grades("2025-11-28")                             how it ended
    fl.price("Brunson", "points", 27.5, minutes=36)     what if
    fl.backtest("2025-10-21", "2025-12-06")             walk forward, beside the market
    fl.explain("Brunson", "2025-11-28")                 one feature row, taken apart
    fl.contract()                                       the features in order
    fl.query("SELECT ...")                              your own SQL, read-only

    fl.scrape("lines")                                  ask the providers, keep and read what they answer
    fl.scrapers()                                       how each scraper stands
    fl.captures(source="espn")                          the answers kept, and what became of each
    fl.parse("answer.json.gz")                          what a payload says; writes nothing
    fl.quarantined(reason="no_game")                    what was set aside, and why
    fl.replay_quarantined()                             read it again, after a fix
    fl.reconcile("yesterday")                           where sources disagree
    fl.alerts()                                         what is wrong now
    fl.quota(), fl.quota_plan("2025-11", budget=3000)   credits left, and what a month of lines takes

Each returns a Polars frame (explain, parse: frames by name). Importing the package loads none of what they need.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fairline.api import (
        alerts,
        availability,
        backtest,
        captures,
        contract,
        explain,
        features,
        grades,
        lines,
        news,
        parse,
        predictions,
        price,
        quarantined,
        query,
        quota,
        quota_plan,
        quotes,
        reconcile,
        replay_quarantined,
        scrape,
        scrapers,
        slate,
        validate,
    )

__version__ = "0.1.0"

__all__ = [
    "__version__", "alerts", "availability", "backtest", "captures", "contract", "explain", "features", "grades",
    "lines", "news", "parse", "predictions", "price", "quarantined", "query", "quota", "quota_plan", "quotes",
    "reconcile", "replay_quarantined", "scrape", "scrapers", "slate", "validate",
]  # fmt: skip


def _verb(name: str) -> property:
    """The verb of that name, whether or not the folder called so has been imported."""

    def found(package: ModuleType) -> Any:  # noqa: ANN401, ARG001 - its type is given above
        from fairline import api

        return getattr(api, name)

    def left(package: ModuleType, folder: ModuleType) -> None:
        """Leave the folder that the import system binds: what is imported from it is found without."""

    return property(found, left)


class _Package(ModuleType):
    """The package as people use it. Folders are called as two of the verbs are, and importing one would hide it."""

    features = _verb("features")
    scrape = _verb("scrape")


def __getattr__(name: str) -> object:
    """The verbs, loaded when first asked for (PEP 562)."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from fairline import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted(__all__)


sys.modules[__name__].__class__ = _Package
