"""Who may call: API keys as their hashes, when they were last used, and what was done with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Scope(StrEnum):
    """What a key allows; each includes those before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A key as held: never the key itself. digest: SHA-256 of the whole key in hex. name: whose it is."""

    key_id: str
    name: str
    scope: Scope
    digest: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Audited:
    """One call that changed something or was refused. caller: the key's name, empty for a stranger."""

    at: datetime
    caller: str
    key_id: str
    method: str
    path: str
    status: int
    correlation_id: str = ""


class Access(Protocol):
    """Keys and audit, in a durable store that any process may ask."""

    def add_key(self, key: HeldKey) -> None:
        """Keep a key. Raises Refused when two live ones have its name already: rotation needs two and no more."""
        ...

    def key(self, key_id: str) -> HeldKey | None:
        """The key of that id, live or not."""
        ...

    def keys(self) -> list[HeldKey]:
        """Every key, the latest created first."""
        ...

    def revoke_key(self, key_id: str) -> HeldKey:
        """Revoke a key; one revoked stays as it was. Raises NotFound."""
        ...

    def used(self, last_used: Iterable[tuple[str, datetime]]) -> None:
        """Note when keys were last used, in one write; an earlier time than the one held changes nothing."""
        ...

    def note(self, calls: Iterable[Audited]) -> None:
        """Keep calls in the audit, in one write."""
        ...

    def audited(self, limit: int = 100) -> list[Audited]:
        """The latest calls, the latest first."""
        ...
