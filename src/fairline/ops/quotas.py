"""Credits: what the providers last said is left, and what a month of asking for lines will take."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from fairline.domain.books import find_book
from fairline.domain.errors import Refused
from fairline.domain.markets import market
from fairline.ops.frames import DEFAULT_MARKETS
from fairline.ops.reading import several
from fairline.raw.held import Held
from fairline.scrape.addressing import lane
from fairline.scrape.contract import GameWanted
from fairline.scrape.quota import QuotaPlan, plan, usual_games
from fairline.scrape.scrapers import sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import polars as pl

    from fairline.platform.home import OnWait
    from fairline.platform.ledger.contract import Ledger
    from fairline.platform.settings import Settings
    from fairline.platform.warehouse import Warehouse


class MonthPlan(NamedTuple):
    """What is kept of a month's questions about lines.

    month: its first day. books: empty for the US region. scheduled: of the games held, not of a usual month.
    """

    plan: QuotaPlan
    month: date
    markets: list[str]
    books: list[str]
    scheduled: bool

    def costs(self) -> list[dict[str, Any]]:
        """What each scraper takes, and what it would take without a budget."""
        full = {cost.scraper: cost for cost in self.plan.costs(full=True)}
        return [
            {
                "scraper": cost.scraper, "requests_a_day": round(cost.requests_a_day, 1),
                "credits_a_day": round(cost.credits_a_day, 1), "requests_a_month": cost.requests,
                "credits_a_month": cost.credits, "full_credits": full[cost.scraper].credits,
            }
            for cost in self.plan.costs()
        ]  # fmt: skip


def month_plan(
    settings: Settings,
    now: datetime,
    *,
    month: str | None = None,
    markets: str | Sequence[str] | None = None,
    books: str | Sequence[str] | None = None,
    budget: int | None = None,
    game_lines: bool = True,
    on_wait: OnWait | None = None,
) -> MonthPlan:
    """What the month takes; what is not given is that of the settings, and the games of a usual month without a home.

    Raises NotFound for a market that is none, Refused for another text than `YYYY-MM`.
    """
    first = month_meant(month, now)
    asked = [market(name).value for name in several(markets)] or list(DEFAULT_MARKETS)
    at = [find_book(name) for name in several(books)] or list(settings.books)
    held = _held_games(settings, first, on_wait)
    limit = settings.monthly_credits.get("odds_api") if budget is None else budget
    planned = plan(held or usual_games(days_of(first)), asked, at, limit, lines=game_lines)
    return MonthPlan(planned, first, asked, at, bool(held))


def _held_games(settings: Settings, first: date, on_wait: OnWait | None) -> list[GameWanted]:
    from fairline.ops.catalogue import open_home

    if not (settings.home / "warehouse.duckdb").exists():
        return []
    with open_home("fairline quota plan", settings=settings, read_only=True, on_wait=on_wait) as home:
        return month_games(home.warehouse, first)


def quotas(ledger: Ledger, settings: Settings) -> pl.DataFrame:
    """One row per provider that charges or has told of credits; null where it has not."""
    import polars as pl

    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "source": pl.String, "remaining": pl.Int64, "used": pl.Int64, "last_cost": pl.Int64, "budget": pl.Int64,
        "told_at": pl.Datetime("us", "UTC"),
    }  # fmt: skip
    rows = []
    for source in sources():
        told = ledger.providers.quota(lane(source.name, settings))
        if told is not None or source.quota_headers:
            said = (told.remaining, told.used, told.last_cost) if told else (None, None, None)
            rows.append((source.name, *said, settings.monthly_credits.get(source.name), told.told_at if told else None))
    return pl.DataFrame(rows, schema=schema, orient="row")


def month_meant(given: str | None, now: datetime) -> date:
    """The first day of a month: `YYYY-MM`, or the present one. Raises Refused for other text."""
    from fairline.domain.dates import game_date

    if given is None:
        return game_date(now).replace(day=1)
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", given.strip()):
        return date.fromisoformat(f"{given.strip()}-01")
    message = f"{given!r} is not a month."
    raise Refused(message, hint="Give it as YYYY-MM, such as 2025-11.")


def days_of(month: date) -> list[date]:
    """Every day of a month."""
    last = calendar.monthrange(month.year, month.month)[1]
    return [month.replace(day=day) for day in range(1, last + 1)]


def month_games(warehouse: Warehouse, month: date) -> list[GameWanted]:
    """The month's games as held that have a tip-off and are not put off, in order of it."""
    import polars as pl

    columns = "game_id", "game_date", "home_team_id", "away_team_id", "tip_at", "status"
    days = days_of(month)
    games = (
        Held(warehouse)
        .games.filter(pl.col("game_date").is_between(days[0], days[-1]), pl.col("status") != "postponed")
        .drop_nulls(["tip_at", "home_team_id", "away_team_id"])
        .sort("tip_at", "game_id")
    )
    return [GameWanted(*row) for row in games.select(columns).iter_rows()]
