"""The verbs of Fairline for Python and notebooks: `import fairline as fl`.

Each opens the home, answers with a Polars frame (explain, parse, validate: frames by name) and closes it. One grammar
of arguments: `date` (a date, `YYYY-MM-DD`, today, yesterday, tomorrow; US Eastern) or `from_` and `to`, both included;
`market` and other names as text, a list, or None for all; `player` as a name in any spelling or an id; `home` as a
folder, or None for FAIRLINE_HOME.

NotFound is raised for a name, a date or a model that is not held, Refused for an unsound question, Busy when another
command has the home for longer than half a minute. Quotes, predictions and grades of which none are held are a frame
without rows.
"""

from fairline.api.facts import availability, contract, explain, features, lines, news, query, quotes
from fairline.api.providers import (
    alerts,
    captures,
    parse,
    quarantined,
    quota,
    quota_plan,
    reconcile,
    replay_quarantined,
    scrape,
    scrapers,
)
from fairline.api.slates import backtest, grades, predictions, price, slate, validate

__all__ = [
    "alerts", "availability", "backtest", "captures", "contract", "explain", "features", "grades", "lines", "news",
    "parse", "predictions", "price", "quarantined", "query", "quota", "quota_plan", "quotes", "reconcile",
    "replay_quarantined", "scrape", "scrapers", "slate", "validate",
]  # fmt: skip
