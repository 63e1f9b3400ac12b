"""Keys as a person makes, sees and revokes them: ledger alone, so it works beside a serving process."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from fairline.domain.errors import BrokenContract
from fairline.platform.auth import is_live, new_key
from fairline.platform.ledger.access import Scope

if TYPE_CHECKING:
    from datetime import datetime

    from fairline.domain.clock import Clock
    from fairline.platform.ledger.access import Access, HeldKey


class NewKey(NamedTuple):
    """A key just made. text: the key itself, which is held nowhere and cannot be shown again."""

    text: str
    held: HeldKey


def create_key(access: Access, clock: Clock, name: str, scope: str = "read", days: int | None = None) -> NewKey:
    """Make a key and hold its hash. days: until it expires; None means never.

    Raises BrokenContract for a name or scope that is none, Refused when two live keys have the name already.
    """
    now = clock.now()
    if scope not in {each.value for each in Scope}:
        message = f"There is no scope {scope!r}"
        raise BrokenContract(message, hint=f"The scopes are {', '.join(Scope)}; each includes those before it.")
    expires_at = None if days is None else now + timedelta(days=days)
    text, held = new_key(name, Scope(scope), now, expires_at)
    access.add_key(held)
    return NewKey(text, held)


def list_keys(access: Access) -> list[HeldKey]:
    """Every key as held, the latest created first."""
    return access.keys()


def revoke_key(access: Access, key_id: str) -> HeldKey:
    """Revoke a key: serving processes refuse it within five seconds. Raises NotFound."""
    return access.revoke_key(key_id)


def state_of(key: HeldKey, now: datetime) -> str:
    """`live`, `revoked` or `expired`."""
    if is_live(key, now):
        return "live"
    return "revoked" if key.revoked_at else "expired"
