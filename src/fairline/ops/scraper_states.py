"""How each scraper stands: its last success, whether that is fresh, its provider's credits and health."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from fairline.ops.scraper_runs import run_name
from fairline.platform.ledger.contract import RunStatus
from fairline.scrape.addressing import lane
from fairline.scrape.scrapers import scrapers

if TYPE_CHECKING:
    from datetime import datetime

    from fairline.platform.ledger.contract import Ledger, Run
    from fairline.platform.ledger.provider_states import HostState
    from fairline.platform.settings import Settings
    from fairline.scrape.contract import Scraper, Source

LATEST_RUNS = 5000
"""Runs of all steps that are looked at."""

SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "scraper": pl.String, "source": pl.String, "kind": pl.String, "last_success": pl.Datetime("us", "UTC"),
    "freshness": pl.String, "quota_remaining": pl.Int64, "quota_used": pl.Int64, "health": pl.String,
    "problem": pl.String, "means": pl.String,
}  # fmt: skip


def scraper_states(ledger: Ledger | None, settings: Settings, now: datetime) -> pl.DataFrame:
    """One row per scraper, in the order of the providers; without a ledger nothing has been asked yet.

    freshness: fresh, stale (older than the scraper allows on a game day) or never. health: ok, failing, left alone,
    no key or unknown.
    """
    runs: dict[str, list[Run]] = {}
    for run in ledger.runs(limit=LATEST_RUNS) if ledger else []:
        runs.setdefault(run.name, []).append(run)
    rows = [_state(each, runs.get(run_name(each.name), []), ledger, settings, now) for each in scrapers()]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _state(
    scraper: Scraper, runs: list[Run], ledger: Ledger | None, settings: Settings, now: datetime
) -> dict[str, object]:
    good = next((run for run in runs if run.status in {RunStatus.SUCCESS, RunStatus.PARTIAL}), None)
    at = good.finished_at if good else None
    quota = ledger.providers.quota(lane(scraper.source.name, settings)) if ledger else None
    hosts = [ledger.providers.host(lane(host, settings)) for host in scraper.source.hosts] if ledger else []
    health, problem = _health(scraper.source, hosts, runs, settings, now)
    return {
        "scraper": scraper.name, "source": scraper.source.name, "kind": scraper.kind, "last_success": at,
        "freshness": "never" if at is None else "fresh" if now - at <= scraper.fresh_for else "stale",
        "quota_remaining": quota.remaining if quota else None, "quota_used": quota.used if quota else None,
        "health": health, "problem": problem, "means": scraper.means,
    }  # fmt: skip


def _health(
    source: Source, hosts: list[HostState], runs: list[Run], settings: Settings, now: datetime
) -> tuple[str, str]:
    if source.key_setting and not settings.replay and getattr(settings, source.key_setting) is None:
        return "no key", f"set {source.key_setting} in the settings, or FAIRLINE_{source.key_setting.upper()}"
    alone = [host for host in hosts if host.open_until is not None and host.open_until > now]
    if alone:
        return "left alone", f"{alone[0].host} until {alone[0].open_until:%H:%M:%S} UTC: {alone[0].problem}"
    if runs and runs[0].status in {RunStatus.FAILED, RunStatus.OVERDUE}:
        return "failing", runs[0].error or "the run did not end"
    failing = [host for host in hosts if host.failures]
    if failing:
        return "failing", f"{failing[0].host} failed {failing[0].failures} times in a row: {failing[0].problem}"
    return ("ok" if runs else "unknown"), ""
