"""Pricing a date on schedule, and again when something moved since: a quote, a status, a game."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fairline.analytics.build import refresh
from fairline.domain.errors import NotFound
from fairline.ops.frames import DEFAULT_MARKETS
from fairline.predict import registry

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from fairline.platform.home import Home


class Moved(NamedTuple):
    """What changed about a date's games to come since they were last priced."""

    quotes: int
    statuses: int
    games: int


class Priced(NamedTuple):
    """A batch that was begun: units expected, and tasks that other workers still have; none when it is complete."""

    batch_id: str
    expected: int
    tasks_open: int


def price_day(home: Home, day: date, told: Callable[[str], None] = lambda _: None, *, fallback: bool = False) -> Priced:
    """Open a batch of the date as of now, do what tasks of it are free, and complete it when all have ended.

    Tasks that other workers hold are theirs to end; the batch is completed by whoever sees the last one end. fallback:
    rows kept earlier will do, at their lower quality, when features cannot be built. Raises AlreadyOpen, and NotFound
    without a slate or any model.
    """
    from fairline.ops.coordinating import complete_batch, start_batch
    from fairline.predict.worker import Worker

    started = start_batch(home, day, trained_markets(home), fallback=fallback, told=told)
    worker = Worker(home.ledger, home.objects, home.clock, f"schedule of {started.batch_id}")
    while worker.work_once() is not None:
        told("predict")
    done = complete_batch(home, started.batch_id)
    return Priced(started.batch_id, started.expected, 0 if done is not None else tasks_open(home, started.batch_id))


def tasks_open(home: Home, batch_id: str) -> int:
    """Tasks of the batch that have not ended."""
    from fairline.platform.ledger.contract import TaskState

    return sum(task.state in {TaskState.FREE, TaskState.CLAIMED} for task in home.ledger.tasks_of(batch_id))


def trained_markets(home: Home) -> list[str]:
    """The default markets of which a model is kept. Raises NotFound when there is none: nothing stands in for one."""
    known_by = home.clock.now()
    markets = [name for name in DEFAULT_MARKETS if _is_trained(home, name, known_by)]
    if not markets:
        message = "No model is trained"
        raise NotFound(message, hint="`fairline train` makes the models of the five default markets.")
    return markets


def _is_trained(home: Home, market: str, known_by: datetime) -> bool:
    try:
        registry.has_honest(home.objects, market, known_by)
    except NotFound:
        return False
    return True


def reprice_if_moved(home: Home, day: date, told: Callable[[str], None] = lambda _: None) -> Priced | None:
    """Price the date again, as a new revision, if anything moved since it was last priced; None when nothing did.

    None as well before the first pricing, which is the schedule's, while a batch of the date is open, and when no game
    is left to begin. Raises as `price_day`.
    """
    if any(batch.game_date == day for batch in home.ledger.open_batches()):
        return None
    changed = moved(home, day)
    if changed is None or not any(changed) or not _games_coming(home, day):
        return None
    told(f"moved since: {changed.quotes} quotes, {changed.statuses} statuses, {changed.games} games")
    return price_day(home, day, told)


def moved(home: Home, day: date) -> Moved | None:
    """What changed about the date's games to come since its last cutoff; None when it was never priced."""
    refresh(home.warehouse)
    since = home.warehouse.query(_PRICED_AT, {"day": day}).item()
    if since is None:
        return None
    asked = {"day": day, "since": since, "now": home.clock.now()}
    return Moved(*(home.warehouse.query(sql, asked).item() for sql in (_QUOTES, _STATUSES, _GAMES)))


def _games_coming(home: Home, day: date) -> int:
    return int(home.warehouse.query(_COMING, {"day": day, "now": home.clock.now()}).item())


_COMING = """
SELECT count(*) FROM analytics.game_versions
WHERE game_date = $day AND known_at <= $now AND $now < superseded_at AND status = 'scheduled'
    AND (tip_at IS NULL OR tip_at > $now)
"""

_PRICED_AT = "SELECT max(cutoff) FROM predictions.player_prop_forecasts WHERE game_date = $day"

# Other lines or prices than those last seen of that source, book and player before: unchanged ones are no news.
_QUOTES = """
WITH coming AS (
    SELECT game_id FROM analytics.game_versions
    WHERE game_date = $day AND known_at <= $now AND $now < superseded_at AND status = 'scheduled'
        AND (tip_at IS NULL OR tip_at > $now)
), said AS (
    SELECT source, game_id, player_id, market, book, captured_at, half_points, over_decimal, under_decimal,
        captured_at > $since AS later
    FROM raw.prop_quotes WHERE game_date = $day AND captured_at <= $now AND game_id IN (SELECT game_id FROM coming)
), standing AS (
    SELECT * FROM said
    QUALIFY captured_at = max(captured_at) OVER (PARTITION BY source, game_id, player_id, market, book, later)
)
SELECT count(*) FROM (
    SELECT source, game_id, player_id, market, book, half_points, over_decimal, under_decimal FROM standing WHERE later
    EXCEPT
    SELECT source, game_id, player_id, market, book, half_points, over_decimal, under_decimal
    FROM standing WHERE NOT later
)
"""

# A status said anew, or one that no longer counts and was not said again.
_STATUSES = """
WITH coming AS (
    SELECT home_team_id, away_team_id FROM analytics.game_versions
    WHERE game_date = $day AND known_at <= $now AND $now < superseded_at AND status = 'scheduled'
        AND (tip_at IS NULL OR tip_at > $now)
), teams AS (
    SELECT home_team_id AS team_id FROM coming UNION SELECT away_team_id FROM coming
), spells AS (
    SELECT * FROM analytics.player_availability
    WHERE EXISTS (SELECT 1 FROM teams) AND (team_id IS NULL OR team_id IN (SELECT team_id FROM teams))
)
SELECT count(*) FROM spells AS one
WHERE (one.known_at > $since AND one.known_at <= $now AND one.status_since > $since)
    OR (one.superseded_at > $since AND one.superseded_at <= $now AND NOT EXISTS (
        SELECT 1 FROM spells AS again
        WHERE again.player_id = one.player_id AND again.source = one.source AND again.known_at = one.superseded_at
    ))
"""

# A game whose date, tip-off or state is another than when it was priced; results are not news here.
_GAMES = """
SELECT count(*) FROM analytics.game_versions AS held
LEFT JOIN analytics.game_versions AS before
    ON before.game_id = held.game_id AND before.known_at <= $since AND $since < before.superseded_at
WHERE held.known_at > $since AND held.known_at <= $now AND $now < held.superseded_at
    AND held.status IN ('scheduled', 'postponed') AND (held.game_date = $day OR before.game_date = $day)
    AND (held.status IS DISTINCT FROM before.status OR held.game_date IS DISTINCT FROM before.game_date
        OR held.tip_at IS DISTINCT FROM before.tip_at)
"""
