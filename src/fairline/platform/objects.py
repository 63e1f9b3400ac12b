"""Objects: immutable bytes under a key, such as captures, models and published files."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from fairline.domain.errors import NotFound, Refused

if TYPE_CHECKING:
    from obstore.store import ObjectStore


class Objects(Protocol):
    """Bytes by key. Keys are relative paths with `/`: `captures/odds_api/events/2025-11-28/ab12.zst`.

    Every method raises Refused for a key that is empty, absolute, or leaves the store.
    """

    def put(self, key: str, content: bytes) -> None:
        """Write the object, replacing the one held; a reader sees the old or the new, whole."""
        ...

    def put_new(self, key: str, content: bytes) -> bool:
        """Write the object unless the key is held; True when written. Of many concurrent callers one writes."""
        ...

    def get(self, key: str) -> bytes:
        """The object's bytes. Raises NotFound."""
        ...

    def exists(self, key: str) -> bool:
        """Whether the key is held."""
        ...

    def list(self, prefix: str = "") -> list[str]:
        """Sorted keys under a folder, at any depth; all keys without a prefix."""
        ...

    def delete(self, key: str) -> None:
        """Remove the object; a key that is not held is already removed."""
        ...


def check_key(key: str) -> str:
    r"""The key itself when it is sound.

    >>> check_key("models/catboost/points.cbm")
    'models/catboost/points.cbm'

    Raises Refused otherwise: `../secrets`, `/etc/passwd`, `a//b`, `a\b` and the empty key.
    """
    parts = key.split("/")
    if any(part in {"", ".", ".."} for part in parts) or "\\" in key or not key.isprintable():
        message = f"{key!r} is not an object key"
        raise Refused(message, hint="Use a relative path with '/' and without '.', '..' or empty parts.")
    return key


class ObstoreObjects:
    """Objects on any store of the obstore library: a local folder here, a bucket elsewhere."""

    def __init__(self, store: "ObjectStore") -> None:
        """Keep objects in the given store."""
        self._store = store

    @classmethod
    def local(cls, folder: Path) -> "ObstoreObjects":
        """Keep objects as files below a folder, which is made when absent."""
        from obstore.store import LocalStore

        return cls(LocalStore(prefix=folder, mkdir=True))

    def put(self, key: str, content: bytes) -> None:
        """Write the object, replacing the one held."""
        # In one part: a large object sent in several could neither be refused when held nor appear at once.
        self._store.put(check_key(key), content, use_multipart=False)

    def put_new(self, key: str, content: bytes) -> bool:
        """Write the object unless the key is held; True when written."""
        from obstore.exceptions import AlreadyExistsError

        try:
            self._store.put(check_key(key), content, mode="create", use_multipart=False)
        except AlreadyExistsError:
            return False
        return True

    def get(self, key: str) -> bytes:
        """The object's bytes. Raises NotFound."""
        try:
            return bytes(self._store.get(check_key(key)).bytes())
        except FileNotFoundError as error:
            message = f"No object {key!r}"
            raise NotFound(message, hint="List what is held with the key's folder as prefix.") from error

    def exists(self, key: str) -> bool:
        """Whether the key is held."""
        try:
            self._store.head(check_key(key))
        except FileNotFoundError:
            return False
        return True

    def list(self, prefix: str = "") -> list[str]:
        """Sorted keys under a folder, at any depth."""
        folder = check_key(prefix.removesuffix("/")) if prefix else None
        return sorted(held["path"] for batch in self._store.list(folder) for held in batch)

    def delete(self, key: str) -> None:
        """Remove the object; a key that is not held is already removed."""
        try:
            self._store.delete(check_key(key))
        except FileNotFoundError:
            return
