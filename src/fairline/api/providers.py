"""Providers: ask them, see what they said, what of it was set aside or contradicts, and what asking costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.api.opening import opened, settings_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import polars as pl

    from fairline.ops.payloads import ReadPayload


def scrape(
    name: str,
    date: dt.date | str = "today",
    *,
    load: bool = True,
    told: Callable[[str], None] = lambda _: None,
    home: str | Path | None = None,
) -> pl.DataFrame:
    """Run a scraper or a workflow for a date: one row per scraper that ran, with its questions, rows and problem.

    Every answer is kept before it is read. load: read what landed into the tables. told: hears of each question.
    Example: `fl.scrape("morning", "yesterday")`.
    """
    from functools import partial

    import polars as pl

    from fairline.ops.moments import game_day
    from fairline.ops.scraping import scrape_until_found
    from fairline.platform.clock import SystemClock

    day = game_day(date, SystemClock().now())
    scraped = scrape_until_found(partial(opened, "scrape", home, read_only=False), name, day, told=told, load=load)
    return pl.DataFrame(scraped.rows(), infer_schema_length=None)


def scrapers(*, home: str | Path | None = None) -> pl.DataFrame:
    """Every scraper: whom it asks, its last success, whether that is fresh, credits left, health.

    Example: `fl.scrapers().filter(freshness="stale")`.
    """
    from fairline.ops.scraper_states import scraper_states

    with opened("scrapers", home) as held:
        return scraper_states(held.ledger, held.settings, held.clock.now())


def parse(
    file: str | Path, *, source: str | None = None, kind: str | None = None, home: str | Path | None = None
) -> ReadPayload:
    """What a provider's answer says, recognised by its content: `.kind`, `.parsed.rows` by table, `.quarantined`.

    Writes nothing; names and games are resolved against the home, if there is one. BrokenContract is raised for a file
    that is no answer known. Example: `fl.parse("answer.json.gz", kind="espn_scoreboard").quarantined`.
    """
    from pathlib import Path

    from fairline.ops.payloads import read_payload

    return read_payload(Path(file), source=source or "", kind=kind or "", settings=settings_of(home))


def captures(*, source: str | None = None, kind: str | None = None, home: str | Path | None = None) -> pl.DataFrame:
    """Every answer kept, the latest first: when, what for, its hash, and what became of it.

    Example: `fl.captures(source="odds_api").filter(outcome="error_answer")`.
    """
    from fairline.ops.capture_keeping import listed

    with opened("captures", home) as held:
        return listed(held, source=source or "", kind=kind or "")


def quarantined(*, reason: str | None = None, kind: str | None = None, home: str | Path | None = None) -> pl.DataFrame:
    """Records set aside, the latest first, with reason and as they came: rows of ops.quarantine.

    Example: `fl.quarantined(reason="no_game").group_by("kind").len()`.
    """
    from fairline.raw.waiting_room import quarantined as waiting

    with opened("quarantined", home) as held:
        return waiting(held.warehouse, reason=reason, kind=kind)


def replay_quarantined(
    *, reason: str | None = None, kind: str | None = None, home: str | Path | None = None
) -> pl.DataFrame:
    """Read again, from the bytes kept, whatever has records that wait: one row of counts.

    As after a mended parser, an alias, or a schedule that was missing. Example: `fl.replay_quarantined(kind="quotes")`.
    """
    import polars as pl

    from fairline.ops.capture_replay import replay_waiting

    with opened("replay_quarantined", home, read_only=False) as held:
        done = replay_waiting(held, kind=kind or "", reason=reason or "")
    return pl.DataFrame([
        {"captures": done.captures, "written": done.written, "waited": done.waited, "wait_still": done.wait_still}
    ])  # fmt: skip


def reconcile(date: dt.date | str | None = None, *, home: str | Path | None = None) -> pl.DataFrame:
    """What sources state differently of a date, or of all that is held; the alerts are brought up to date.

    Example: `fl.reconcile("yesterday")`.
    """
    from fairline.ops.reconciling import reconcile as compared

    with opened("reconcile", home, read_only=False) as held:
        return compared(held, date).rows


def alerts(*, home: str | Path | None = None) -> pl.DataFrame:
    """What is wrong now, the gravest first: rows of ops.alerts. Example: `fl.alerts().filter(severity="critical")`."""
    from fairline.ops.alerts import open_alerts

    with opened("alerts", home) as held:
        return open_alerts(held.warehouse)


def quota(*, home: str | Path | None = None) -> pl.DataFrame:
    """Credits as each provider that charges last told of them. Example: `fl.quota()["remaining"]`."""
    from fairline.ops.quotas import quotas

    with opened("quota", home) as held:
        return quotas(held.ledger, held.settings)


def quota_plan(
    month: str | None = None,
    *,
    markets: str | Sequence[str] | None = None,
    books: str | Sequence[str] | None = None,
    budget: int | None = None,
    game_lines: bool = True,
    home: str | Path | None = None,
) -> pl.DataFrame:
    """What a month of asking for lines takes in questions and credits, within a budget: one row per scraper.

    month: `YYYY-MM`, the present when None. markets, books, budget: those of the settings when None. `full_credits` is
    the cost without a budget. Example: `fl.quota_plan("2025-11", markets="points,threes", budget=3000)`.
    """
    import polars as pl

    from fairline.ops.quotas import month_plan
    from fairline.platform.clock import SystemClock

    planned = month_plan(
        settings_of(home), SystemClock().now(), month=month, markets=markets, books=books, budget=budget,
        game_lines=game_lines,
    )  # fmt: skip
    return pl.DataFrame(planned.costs())
