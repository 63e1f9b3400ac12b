"""The tables beside the ledger's that keep what providers have shown of themselves."""

from sqlalchemy import CheckConstraint, Column, Integer, String, Table

from fairline.platform.ledger.tables import METADATA, Instant

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
