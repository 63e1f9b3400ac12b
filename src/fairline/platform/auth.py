"""API keys: made once, held as hashes, compared in constant time.

A key reads `fl_{key_id}_{secret}_{check}`: the id it is held under, 256 random bits, and a checksum over both, so that
a slip of the pen is told without asking the ledger and a scanner knows a leaked key when it sees one.
"""

import hashlib
import hmac
import re
import secrets
import time
from base64 import b32encode
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from zlib import crc32

from fairline.domain.clock import Clock
from fairline.domain.errors import BrokenContract, Stranger
from fairline.platform.ledger.access import Access, HeldKey, Scope

PREFIX = "fl"
ID_BYTES, SECRET_BYTES = 5, 32
REMEMBERED_S = 5.0
"""How long a key that was found good is taken as good: a revocation is seen everywhere within it."""

_KEY = re.compile(rf"{PREFIX}_([a-z2-7]{{8}})_([a-z2-7]{{52}})_([0-9a-f]{{8}})", re.ASCII)
_IN_TEXT = re.compile(rf"{PREFIX}_[a-z2-7]{{8}}_\w*", re.ASCII)
_MOST_REMEMBERED = 1024
_RENEW = "`fairline keys create --name NAME --scope read` makes one; send it in the header X-API-Key."


def new_key(name: str, scope: Scope, now: datetime, expires_at: datetime | None = None) -> tuple[str, HeldKey]:
    """A new key: its text, to be shown once, and what is held of it. Raises BrokenContract for a name that is none."""
    if not name.strip() or not name.isprintable() or len(name) > 64:
        message = f"{name!r} names no holder of a key"
        raise BrokenContract(message, hint="Give a name of 1 to 64 printable characters: whose key it is.")
    key_id, secret = _random(ID_BYTES), _random(SECRET_BYTES)
    text = f"{PREFIX}_{key_id}_{secret}_{_check(key_id, secret)}"
    return text, HeldKey(key_id, name.strip(), scope, digest_of(text), now, expires_at)


def digest_of(text: str) -> str:
    """SHA-256 of a key in hex. The key is 256 random bits, so no slow hash is needed."""
    return hashlib.sha256(text.encode()).hexdigest()


def id_in(text: str) -> str | None:
    """The id in a well-formed key, None in anything else.

    >>> id_in("fl_aaaaaaaa_secret") is None
    True
    """
    parts = _KEY.fullmatch(text)
    if parts is None or not hmac.compare_digest(_check(parts[1], parts[2]), parts[3]):
        return None
    return parts[1]


def without_keys(text: str) -> str:
    """The text with every key in it struck out, down to its id.

    >>> without_keys("/status/fl_aaaaaaaa_bbbb")
    '/status/fl_…'
    """
    return _IN_TEXT.sub(f"{PREFIX}_…", text)


def is_live(key: HeldKey, now: datetime) -> bool:
    """Whether the key is neither revoked nor expired."""
    return key.revoked_at is None and (key.expires_at is None or now < key.expires_at)


class Keyring:
    """Tells callers by their keys. Safe to share between threads.

    A key found good is remembered, by its hash, for REMEMBERED_S; when it was last used is noted by `flush`.
    """

    def __init__(self, access: Access, clock: Clock, *, seconds: Callable[[], float] = time.monotonic) -> None:
        """Look keys up in the access of a ledger; `seconds` never goes back."""
        self._access, self._clock, self._seconds = access, clock, seconds
        self._good: dict[str, tuple[HeldKey, float]] = {}
        self._used: dict[str, datetime] = {}
        self._lock = Lock()

    def remembered(self, text: str) -> HeldKey | None:
        """The caller when the key was found good a moment ago, without asking the ledger. Stranger if expired."""
        with self._lock:
            found = self._good.get(digest_of(text))
        if found is None or found[1] <= self._seconds():
            return None
        return self._let_in(found[0])

    def caller(self, text: str) -> HeldKey:
        """Whose key this is. Raises Stranger for a malformed, unknown, wrong, revoked or expired one."""
        key_id = id_in(text)
        held = self._access.key(key_id) if key_id else None
        digest = digest_of(text)
        # An unknown id is compared too, so that it takes as long as a wrong secret.
        if not hmac.compare_digest(held.digest if held else "0" * len(digest), digest) or held is None:
            raise Stranger("This is no key", hint=_RENEW)
        self._let_in(held)
        with self._lock:
            if len(self._good) >= _MOST_REMEMBERED:
                self._good.clear()
            self._good[digest] = (held, self._seconds() + REMEMBERED_S)
        return held

    def flush(self) -> None:
        """Note in the ledger when keys were last used, in one write; what cannot be noted is noted the next time."""
        with self._lock:
            used, self._used = self._used, {}
        try:
            if used:
                self._access.used(used.items())
        except Exception:
            with self._lock:
                self._used = used | self._used
            raise

    def _let_in(self, key: HeldKey) -> HeldKey:
        now = self._clock.now()
        if not is_live(key, now):
            how = "is revoked" if key.revoked_at else "has expired"
            raise Stranger(f"The key {key.key_id} of {key.name} {how}", hint=_RENEW)
        with self._lock:
            self._used[key.key_id] = now
        return key


def _random(size: int) -> str:
    return b32encode(secrets.token_bytes(size)).decode().rstrip("=").lower()


def _check(key_id: str, secret: str) -> str:
    return f"{crc32(f'{key_id}_{secret}'.encode()):08x}"
