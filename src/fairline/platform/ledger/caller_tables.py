"""The tables beside the ledger's that keep keys, as their hashes, and the audit."""

from sqlalchemy import CheckConstraint, Column, Identity, Integer, String, Table, UniqueConstraint

from fairline.platform.ledger.tables import METADATA, Instant

# A live key holds one of its name's two slots: the database itself has no room for a third. Revoked ones hold none.
KEYS = Table(
    "api_keys",
    METADATA,
    Column("key_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("slot", Integer),
    Column("scope", String, nullable=False),
    Column("digest", String, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    Column("last_used_at", Instant),
    UniqueConstraint("name", "slot"),
    CheckConstraint("slot IN (1, 2)"),
    CheckConstraint("slot IS NULL OR revoked_at IS NULL"),
    CheckConstraint("scope IN ('read', 'write', 'admin')"),
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("audit_id", Integer, Identity(), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("caller", String, nullable=False),
    Column("key_id", String, nullable=False),
    Column("method", String, nullable=False),
    Column("path", String, nullable=False),
    Column("status", Integer, nullable=False),
    Column("correlation_id", String, nullable=False),
)
