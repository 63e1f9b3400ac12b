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
    Identity,
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
    Column("progressed_at", Instant),
    Column("requeued", Integer, nullable=False, server_default=text("0")),
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
# A batch is asked how its units stand far more often than they change.
Index("units_by_state", UNITS.c.batch_id, UNITS.c.state)

TASKS = Table(
    "tasks",
    METADATA,
    Column("task_id", Integer, Identity(), primary_key=True),
    Column("batch_id", ForeignKey("batches.batch_id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("key", String, nullable=False),
    Column("state", String, nullable=False),
    Column("owner", String),
    Column("deadline", Instant),
    Column("fence", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reason", String, nullable=False),
    Column("result", String, nullable=False, server_default=text("''")),
    UniqueConstraint("batch_id", "kind", "key"),
    CheckConstraint("state IN ('free', 'claimed', 'done', 'failed', 'withdrawn')"),
    CheckConstraint("state <> 'claimed' OR (owner IS NOT NULL AND deadline IS NOT NULL)"),
)
IN_PLAY = text("state IN ('free', 'claimed')")
DEAD = text("state = 'failed'")
# Claims and dead letters are found among the tasks that matter, however many have been done.
Index("tasks_in_play", TASKS.c.kind, TASKS.c.task_id, sqlite_where=IN_PLAY, postgresql_where=IN_PLAY)
Index("dead_letters", TASKS.c.task_id, sqlite_where=DEAD, postgresql_where=DEAD)

RUNS = Table(
    "runs",
    METADATA,
    Column("run_id", Integer, Identity(), primary_key=True),
    Column("name", String, nullable=False),
    Column("trigger", String, nullable=False),
    Column("game_date", Date),
    Column("status", String, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("deadline", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("counts", JSON, nullable=False),
    Column("error", String, nullable=False),
    Column("due_at", Instant),
    Column("attempt", Integer, nullable=False, server_default=text("1")),
    CheckConstraint("status IN ('running', 'success', 'partial', 'no_data', 'failed')"),
    CheckConstraint("(status = 'running') = (finished_at IS NULL)"),
)

# A due time is answered once, by however many processes; runs without one are not compared.
Index("one_run_of_a_due_time", RUNS.c.name, RUNS.c.due_at, unique=True)
Index("latest_runs", RUNS.c.started_at, RUNS.c.run_id)

DEAD_MESSAGES = Table(
    "dead_messages",
    METADATA,
    Column("letter_id", Integer, Identity(), primary_key=True),
    Column("subscriber", String, nullable=False),
    Column("message", JSON, nullable=False),
    Column("error", String, nullable=False),
    Column("buried_at", Instant, nullable=False),
    Column("replayed_at", Instant),
)
NOT_REPLAYED = text("replayed_at IS NULL")
Index("messages_to_replay", DEAD_MESSAGES.c.letter_id, sqlite_where=NOT_REPLAYED, postgresql_where=NOT_REPLAYED)

REVISIONS = Table(
    "published_revisions",
    METADATA,
    Column("key", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("digest", String, nullable=False),
    Column("published_at", Instant, nullable=False),
)

FORBIDDEN = "what was published stays as it was"
for verb in ("UPDATE", "DELETE"):
    forbid = DDL(  # type: ignore[no-untyped-call]
        f"CREATE TRIGGER IF NOT EXISTS published_is_published_{verb.lower()} BEFORE {verb} ON published_revisions "
        f"BEGIN SELECT RAISE(ABORT, '{FORBIDDEN}'); END"
    )
    event.listen(REVISIONS, "after_create", forbid.execute_if(dialect="sqlite"))
REFUSE = f"RAISE EXCEPTION '{FORBIDDEN}' USING ERRCODE = 'integrity_constraint_violation'"
FUNCTION = f"FUNCTION published_is_published() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {REFUSE}; END $$"
TRIGGER = "TRIGGER published_is_published BEFORE UPDATE OR DELETE OR TRUNCATE ON published_revisions"
for statement in (f"CREATE OR REPLACE {FUNCTION}", f"CREATE {TRIGGER} EXECUTE FUNCTION published_is_published()"):
    forbid = DDL(statement)  # type: ignore[no-untyped-call]
    event.listen(REVISIONS, "after_create", forbid.execute_if(dialect="postgresql"))
