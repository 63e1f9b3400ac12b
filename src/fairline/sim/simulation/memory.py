"""An object store in memory, for one process: the durable half of a simulated machine."""

from __future__ import annotations

from bisect import bisect_left, insort

from fairline.domain.errors import NotFound
from fairline.platform.objects import check_key


class MemoryObjects:
    """Objects in a dict that outlives every simulated crash; keeps what `Objects` promises."""

    def __init__(self, held: dict[str, bytes] | None = None) -> None:
        """Begin with these objects, or none."""
        self.held = dict(held or {})
        self._keys = sorted(self.held)

    def put(self, key: str, content: bytes) -> None:
        """Write the object, replacing the one held."""
        if check_key(key) not in self.held:
            insort(self._keys, key)
        self.held[key] = bytes(content)

    def put_new(self, key: str, content: bytes) -> bool:
        """Write the object unless the key is held; True when written."""
        if check_key(key) in self.held:
            return False
        self.put(key, content)
        return True

    def get(self, key: str) -> bytes:
        """The object's bytes. Raises NotFound."""
        try:
            return self.held[check_key(key)]
        except KeyError as error:
            message = f"No object {key!r}"
            raise NotFound(message, hint="List what is held with the key's folder as prefix.") from error

    def exists(self, key: str) -> bool:
        """Whether the key is held."""
        return check_key(key) in self.held

    def list(self, prefix: str = "") -> list[str]:
        """Sorted keys under a folder, at any depth."""
        if not prefix:
            return list(self._keys)
        folder = check_key(prefix.removesuffix("/")) + "/"
        first = bisect_left(self._keys, folder)
        last = bisect_left(self._keys, folder[:-1] + chr(ord("/") + 1))
        return self._keys[first:last]

    def delete(self, key: str) -> None:
        """Remove the object; a key that is not held is already removed."""
        if self.held.pop(check_key(key), None) is not None:
            del self._keys[bisect_left(self._keys, key)]
