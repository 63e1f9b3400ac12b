"""The steps of a day between the scrape and the slate run, and after it: each recorded, repeatable, and heard of.

scrape     a scraper or workflow                          rings capture-landed, once for each kind of capture
raw        every capture not loaded yet -> raw.*            rings raw-loaded
analytics  summaries and contexts from what raw says        rings analytics-ready
precompute feature rows of a date's slate as of now         rings features-ready
grade      a date against its results
export     a date's latest slate run and its results, published again from the tables
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from fairline.analytics.build import rebuild, refresh
from fairline.analytics.build import state as built_state
from fairline.analytics.schema import BUILT
from fairline.domain.dates import game_date
from fairline.domain.errors import NotFound
from fairline.grade.schema import FACT, PREDICTION_ACCURACY
from fairline.ops.announcing import Bell, PhaseResult, announce, is_news, message_of, verified
from fairline.ops.exporting import export_date
from fairline.ops.frames import DEFAULT_MARKETS, games_of
from fairline.ops.results import grade_date
from fairline.ops.scraping import scrape
from fairline.ops.slate_rows import cutoffs_of, slate_rows
from fairline.platform.ledger.contract import RunStatus
from fairline.platform.ledger.recorded import recorded_run
from fairline.raw.capture_loading import UNREADABLE, load_captures, unloaded
from fairline.raw.schema import CAPTURE_LOADS

if TYPE_CHECKING:
    from datetime import date

    from fairline.ops.scraper_runs import OnStep
    from fairline.ops.scraping import Scraped
    from fairline.platform.bus import Status, Trigger
    from fairline.platform.home import Home
    from fairline.platform.warehouse import Warehouse
    from fairline.raw.capture_loading import LoadReport
    from fairline.scrape.client import Client
    from fairline.scrape.workflows import Workflow

__all__ = [
    "PhaseResult", "build_analytics", "export_phase", "grade_phase", "load_raw", "precompute_date", "scrape_phase",
]  # fmt: skip

LASTING = timedelta(minutes=30)
"""A step still at work after this long is overdue."""


def scrape_phase(
    home: Home,
    what: str | Workflow,
    day: date,
    *,
    trigger: Trigger,
    correlation_id: str = "",
    told: OnStep = lambda _: None,
    client: Client | None = None,
) -> Scraped:
    """Run a scraper or a workflow as `scrape` and ring capture-landed, once for each kind of capture that came.

    client: who asks, instead of one on the home's stores. Failures of providers are in what is returned. Raises
    NotFound for an unknown name.
    """
    scraped = scrape(home, what, day, told=told, client=client)
    came: defaultdict[str, set[str]] = defaultdict(set)
    for report in scraped.reports:
        came[report.kind] |= report.capture_ids
    for kind, captures in came.items():
        if captures:
            result = PhaseResult("scrape", day, "success", {"captures": len(captures)})
            bell = Bell("capture-landed", kind, trigger, correlation_id)
            home.bus.publish(message_of(home.clock, bell, result, " ".join(sorted(captures))))
    return scraped


def load_raw(home: Home, day: date | None = None, *, trigger: Trigger, correlation_id: str = "") -> PhaseResult:
    """Read every capture not loaded yet into raw.* and ring raw-loaded; `no_data` when none said anything new.

    day: the date the bell tells, today unless given. What cannot be read is in quarantine and makes it `partial`.
    """
    day = day or game_date(home.clock.now())
    bell = Bell("raw-loaded", "raw", trigger, correlation_id)
    with recorded_run(home.ledger, "raw", lasting=LASTING, trigger=trigger, game_date=day) as run:
        waiting = unloaded(home.warehouse, home.objects)
        loads = load_captures(waiting, warehouse=home.warehouse, objects=home.objects, now=home.clock.now())
        verified("ops.capture_loads", len({load.sighting for load in loads}), _noted(home.warehouse, loads))
        state = _loaded(home.warehouse)
        news = state != NOTHING_LOADED and is_news(home, bell, state)
        unread = [load.problem for load in loads if load.outcome == UNREADABLE]
        run.counts |= _counts(loads) | {"unreadable": len(unread), "news": int(news)}
        run.status, run.error = _ended(news=news or bool(unread), whole=not unread), "; ".join(unread[:1])
    return announce(home, bell, PhaseResult("raw", day, _said(run.status), run.counts), state)


def build_analytics(
    home: Home, day: date | None = None, *, trigger: Trigger, correlation_id: str = "", again: bool = False
) -> PhaseResult:
    """Bring summaries and contexts up to date with raw and ring analytics-ready; `no_data` when nothing changed.

    They are made together, set-based, over every date held. again: also when raw says what it said before.
    """
    day = day or game_date(home.clock.now())
    bell = Bell("analytics-ready", "analytics", trigger, correlation_id)
    with recorded_run(home.ledger, "analytics", lasting=LASTING, trigger=trigger, game_date=day) as run:
        if not refresh(home.warehouse) and again:
            rebuild(home.warehouse)
        state = built_state(home.warehouse)
        run.counts |= _rows(home.warehouse)
        run.status = _ended(news=any(run.counts.values()) and (again or is_news(home, bell, state)))
    return announce(home, bell, PhaseResult("analytics", day, _said(run.status), run.counts), state)


def precompute_date(home: Home, day: date, *, trigger: Trigger, correlation_id: str = "") -> PhaseResult:
    """Keep the feature rows of a date's slate as of now and ring features-ready; `no_data` when there is no slate.

    Called by a message it rests unless the tables or the day's quotes changed since it last did its work.
    """
    bell = Bell("features-ready", "ml_feature_store", trigger, correlation_id, day.isoformat())
    with recorded_run(home.ledger, "precompute", lasting=LASTING, trigger=trigger, game_date=day) as run:
        refresh(home.warehouse)
        state = _features_from(home.warehouse, day)
        if trigger != "message" or is_news(home, bell, state):
            run.counts |= _keep_rows(home, day)
        run.status = _ended(news=any(run.counts.values()))
    return announce(home, bell, PhaseResult("precompute", day, _said(run.status), run.counts), state)


def grade_phase(home: Home, day: date) -> PhaseResult:
    """Grade a date by what is known now and publish its results, as `grade_date`. Raises NotFound as it does."""
    graded, published = grade_date(home, day)
    ended = graded.rows["outcome"].drop_nulls()
    ungraded = int((ended == "ungraded").sum())
    counts = {
        "predictions": graded.rows.height, "graded": ended.len() - ungraded, "ungraded": ungraded,
        "written": graded.written.written, "revision": published.revision if published else 0,
    }  # fmt: skip
    held = f"SELECT count(*) FROM (SELECT DISTINCT {', '.join(FACT)} FROM {PREDICTION_ACCURACY.full_name} WHERE game_date = ?)"  # noqa: S608, E501 - names of our own
    verified(PREDICTION_ACCURACY.full_name, graded.rows.height, home.warehouse.query(held, [day]).item())
    status = _ended(news=counts["graded"] > 0, whole=not ungraded)
    return PhaseResult("grade", day, _said(status), counts)


def export_phase(home: Home, day: date, *, trigger: Trigger = "manual") -> PhaseResult:
    """Publish a date's latest slate run and its results again, as the tables hold them; what is out stays as it is.

    Raises NotFound when nothing was predicted for the date.
    """
    with recorded_run(home.ledger, "export", lasting=LASTING, trigger=trigger, game_date=day) as run:
        published = export_date(home, day)
        held = sum(home.objects.exists(one.key) for one in published)
        verified("v1/", len(published), held)
        run.counts |= {"documents": held, "written": sum(one.written for one in published)}
        run.status = _ended(news=held > 0)
    return PhaseResult("export", day, _said(run.status), run.counts)


NOTHING_LOADED = "0/0/"


def _loaded(warehouse: Warehouse) -> str:
    """What the captures loaded so far have written, in one line: another line is news."""
    asked = (
        "SELECT count(*) || '/' || coalesce(sum(written), 0) || '/' || coalesce(max(loaded_at)::VARCHAR, '')"
        " FROM ops.capture_loads WHERE written > 0"
    )
    return warehouse.remembered("loaded", (CAPTURE_LOADS,), lambda: str(warehouse.query(asked).item()))


def _noted(warehouse: Warehouse, loads: list[LoadReport]) -> int:
    if not loads:
        return 0
    sightings = [load.sighting for load in loads]
    noted = "SELECT count(*) FROM ops.capture_loads WHERE list_contains(?::VARCHAR[], sighting)"
    return int(warehouse.query(noted, [sightings]).item())


def _counts(loads: list[LoadReport]) -> dict[str, int]:
    return {
        "captures": len(loads), "rows_read": sum(load.rows_read for load in loads),
        "written": sum(load.written for load in loads), "unchanged": sum(load.unchanged for load in loads),
        "quarantined": sum(sum(load.quarantined.values()) for load in loads),
        "unresolved": sum(load.unresolved for load in loads),
    }  # fmt: skip


def _rows(warehouse: Warehouse) -> dict[str, int]:
    """Rows held of every table that is built, read back."""
    counted = (f"(SELECT count(*) FROM {table.full_name}) AS {table.name}" for table in BUILT)  # noqa: S608 - our names
    asked = f"SELECT {', '.join(counted)}"
    return dict(warehouse.remembered("rows built", BUILT, lambda: warehouse.query(asked).row(0, named=True)))


def _features_from(warehouse: Warehouse, day: date) -> str:
    """What a slate's feature rows are made from: the summaries, the day's quotes and the game lines."""
    quoted = warehouse.query(
        """
        SELECT string_agg(said, '/' ORDER BY said)
        FROM (
            SELECT count(*) || '/' || coalesce(max(known_at)::VARCHAR, '') AS said
            FROM raw.prop_quotes WHERE game_date = $day
            UNION ALL
            SELECT count(*) || '/' || coalesce(max(known_at)::VARCHAR, '') FROM raw.game_line_quotes
        )
        """,
        {"day": day},
    ).item()
    return f"{built_state(warehouse)}/{quoted}"


def _keep_rows(home: Home, day: date) -> dict[str, int]:
    """Compute and keep the rows; none where no game is held or nobody is known of its teams."""
    import polars as pl

    try:
        cutoffs = cutoffs_of(home.warehouse, day, games_of(home.warehouse, day), home.clock.now())
        rows = slate_rows(home.warehouse, cutoffs, DEFAULT_MARKETS)
    except NotFound:
        return {}
    with home.warehouse.frame("just_kept", rows.select("game_id", "player_id", "cutoff")):
        held = home.warehouse.query(
            "SELECT count(*) FROM precompute.ml_feature_store SEMI JOIN just_kept USING (game_id, player_id, cutoff)"
        ).item()
    verified("precompute.ml_feature_store", rows.height, held)
    ready = int(rows.select(pl.col("is_production_ready").sum()).item())
    return {"games": cutoffs.height, "rows": held, "production_ready": ready}


def _ended(*, news: bool, whole: bool = True) -> RunStatus:
    if not news:
        return RunStatus.NO_DATA
    return RunStatus.SUCCESS if whole else RunStatus.PARTIAL


_SAID: dict[RunStatus | None, Status] = {
    RunStatus.SUCCESS: "success", RunStatus.PARTIAL: "partial", RunStatus.NO_DATA: "no_data",
}  # fmt: skip


def _said(status: RunStatus | None) -> Status:
    """A run's end in the words of messages. Steps raise what fails, so there is no other."""
    return _SAID[status]
