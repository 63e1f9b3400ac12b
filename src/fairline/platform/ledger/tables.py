"""The ledger's tables. What must never happen is forbidden here, in the database, and not in the code above it."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.schema import DDL

from fairline.domain.dates import utc


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; SQLite has no zones, so there it is text of one width that sorts by time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the store, in UTC. Raises BrokenContract for a naive instant."""
        del dialect
        return None if value is None else utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the store, aware."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else utc(value)


METADATA = MetaData()

BATCHES = Table(
    "batches",
    METADATA,
    Column("batch_id", String, primary_key=True),
    Column("game_date", Date, nullable=False),
    Column("run_kind", String, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    UniqueConstraint("game_date", "run_kind", "attempt"),
    CheckConstraint("status IN ('open', 'done', 'partial', 'failed')"),
    CheckConstraint("(status = 'open') = (closed_at IS NULL)"),
)
# At most one open batch per date and kind: the guard of "already running", which no restart forgets.
Index(
    "one_open_batch",
    BATCHES.c.game_date,
    BATCHES.c.run_kind,
    unique=True,
    sqlite_where=text("closed_at IS NULL"),
    postgresql_where=text("closed_at IS NULL"),
)

UNITS = Table(
    "units",
    METADATA,
    Column("batch_id", ForeignKey("batches.batch_id"), primary_key=True),
    Column("game_id", String, primary_key=True),
    Column("player_id", BigInteger, primary_key=True),
    Column("market", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("changed_at", Instant, nullable=False),
    CheckConstraint("state IN ('open', 'done', 'skipped', 'failed')"),
    CheckConstraint("state IN ('open', 'done') OR reason <> ''"),
)

TASKS = Table(
    "tasks",
    METADATA,
    Column("task_id", Integer, primary_key=True),
    Column("batch_id", ForeignKey("batches.batch_id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("key", String, nullable=False),
    Column("state", String, nullable=False),
    Column("owner", String),
    Column("deadline", Instant),
    Column("fence", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reason", String, nullable=False),
    UniqueConstraint("batch_id", "kind", "key"),
    CheckConstraint("state IN ('free', 'claimed', 'done', 'failed', 'withdrawn')"),
    CheckConstraint("state <> 'claimed' OR (owner IS NOT NULL AND deadline IS NOT NULL)"),
)
Index("tasks_to_claim", TASKS.c.kind, TASKS.c.state, TASKS.c.task_id)

RUNS = Table(
    "runs",
    METADATA,
    Column("run_id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("trigger", String, nullable=False),
    Column("game_date", Date),
    Column("status", String, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("deadline", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("counts", JSON, nullable=False),
    Column("error", String, nullable=False),
    CheckConstraint("status IN ('running', 'success', 'partial', 'no_data', 'failed')"),
    CheckConstraint("(status = 'running') = (finished_at IS NULL)"),
)

REVISIONS = Table(
    "published_revisions",
    METADATA,
    Column("key", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("digest", String, nullable=False),
    Column("published_at", Instant, nullable=False),
)
HOSTS = Table(
    "hosts",
    METADATA,
    Column("host", String, primary_key=True),
    Column("next_at", Instant),
    Column("failures", Integer, nullable=False, default=0),
    Column("open_until", Instant),
    Column("succeeded_at", Instant),
    Column("failed_at", Instant),
    Column("problem", String, nullable=False, default=""),
    CheckConstraint("failures >= 0"),
)

QUOTAS = Table(
    "quotas",
    METADATA,
    Column("source", String, primary_key=True),
    Column("told_at", Instant, nullable=False),
    Column("remaining", Integer),
    Column("used", Integer),
    Column("last_cost", Integer),
)

VALIDATORS = Table(
    "validators",
    METADATA,
    Column("question", String, primary_key=True),
    Column("etag", String, nullable=False),
    Column("last_modified", String, nullable=False),
    Column("sighting", String, nullable=False),
    CheckConstraint("etag <> '' OR last_modified <> ''"),
)

for verb in ("UPDATE", "DELETE"):
    forbid = DDL(  # type: ignore[no-untyped-call]
        f"CREATE TRIGGER IF NOT EXISTS published_is_published_{verb.lower()} BEFORE {verb} ON published_revisions "
        "BEGIN SELECT RAISE(ABORT, 'what was published stays as it was'); END"
    )
    event.listen(REVISIONS, "after_create", forbid.execute_if(dialect="sqlite"))
