"""Fairline prices NBA player props: honest distributions, fair prices, the market as the yardstick.

    import fairline as fl

    fl.slate("2025-11-28")                              the board: each player's best quote
    fl.predictions("2025-11-28", market="points")       every quote priced by every system
    fl.quotes(from_="2025-11-01", to="2025-11-07")      what the books offered, and when
    fl.features("2025-11-28", player="Brunson")         what was known before a game
    fl.grades("2025-11-28")                             how it ended
    fl.price("Brunson", "points", 27.5, minutes=36)     what if
    fl.backtest("2025-10-21", "2025-12-06")             walk forward, beside the market
    fl.explain("Brunson", "2025-11-28")                 one feature row, taken apart
    fl.contract()                                       the features in order
    fl.query("SELECT ...")                              your own SQL, read-only

Each returns a Polars frame (explain: frames by name). Importing the package loads none of what they need.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fairline.api import (
        backtest,
        contract,
        explain,
        features,
        grades,
        predictions,
        price,
        query,
        quotes,
        slate,
    )

__version__ = "0.1.0"

__all__ = [
    "__version__", "backtest", "contract", "explain", "features", "grades", "predictions", "price", "query", "quotes",
    "slate",
]  # fmt: skip


class _Package(ModuleType):
    """The package as people use it. A folder is called `features` too, and importing it would hide the verb."""

    @property
    def features(self) -> Any:  # noqa: ANN401 - its type is given above
        """The verb, whether or not the folder has been imported."""
        from fairline import api

        return api.features

    @features.setter
    def features(self, folder: ModuleType) -> None:
        """Leave what the import system binds: `from fairline.features import ...` finds the folder without it."""


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
