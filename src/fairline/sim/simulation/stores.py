"""The stores of one process, over those that last: at each call it may die, find no room, or be overtaken."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fairline.platform.ledger.contract import Ledger
    from fairline.platform.objects import Objects
    from fairline.platform.warehouse import Warehouse
    from fairline.sim.simulation.chaos import Chaos, Life
    from fairline.sim.simulation.watch import Watch

WRITES = frozenset({
    "open", "reopen", "requeue", "withdraw", "close", "end_units", "claim", "renew", "finish", "replay", "bury",
    "replayed", "start_due", "start_run", "finish_run", "publish_revision",
})  # fmt: skip
"""Methods of the ledger that change it."""


class SteppedObjects:
    """Objects of which each write is a step before and after."""

    def __init__(self, objects: Objects, life: Life, chaos: Chaos, watch: Watch) -> None:
        """Over the lasting objects, for one process."""
        self._objects, self._life, self._chaos, self._watch = objects, life, chaos, watch

    def put(self, key: str, content: bytes) -> None:
        """Write, between two steps."""
        with self._step(f"put {_folder(key)}"):
            self._watch.putting(key, content)
            self._objects.put(key, content)

    def put_new(self, key: str, content: bytes) -> bool:
        """Write a new one, between two steps."""
        with self._step(f"put new {_folder(key)}"):
            self._watch.putting(key, content)
            return self._objects.put_new(key, content)

    def get(self, key: str) -> bytes:
        """Read: what is dead reads nothing."""
        self._chaos.step(self._life, f"get {_folder(key)}")
        return self._objects.get(key)

    def exists(self, key: str) -> bool:
        """Whether the key is held."""
        return self._objects.exists(key)

    def list(self, prefix: str = "") -> list[str]:
        """Keys under a folder."""
        return self._objects.list(prefix)

    def delete(self, key: str) -> None:
        """Remove, between two steps."""
        with self._step(f"delete {_folder(key)}"):
            self._objects.delete(key)

    @contextmanager
    def _step(self, what: str) -> Iterator[None]:
        self._chaos.step(self._life, f"before {what}", writes=True)
        yield
        self._chaos.step(self._life, f"after {what}")


class SteppedLedger:
    """A ledger of which each write is a step before and after, and reported to the watch."""

    def __init__(self, ledger: Ledger, life: Life, chaos: Chaos, watch: Watch) -> None:
        """Over the lasting ledger, for one process."""
        self._ledger, self._life, self._chaos, self._watch = ledger, life, chaos, watch

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - every method of the ledger, as it is
        """The ledger's own, a writing method between two steps."""
        held = getattr(self._ledger, name)
        return self._stepped(name, held) if name in WRITES else held

    def _stepped(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def between(*args: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the method takes and gives
            self._chaos.step(self._life, f"before {name}")
            result = call(*args, **named)
            self._watch.told(name, args, result)
            self._chaos.step(self._life, f"after {name}")
            return result

        return between


class SteppedWarehouse:
    """A warehouse of which the beginning, the end and each write of a transaction are steps."""

    def __init__(self, warehouse: Warehouse, life: Life, chaos: Chaos) -> None:
        """Over the lasting warehouse, for one process."""
        self._warehouse, self._life, self._chaos = warehouse, life, chaos
        self._depth = 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - every method of the warehouse, as it is
        """The warehouse's own; a write is a transaction."""
        held = getattr(self._warehouse, name)
        if name not in {"append_new", "append_revisions", "append_statements", "replace", "upsert", "execute"}:
            return held

        def within(*args: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the method takes and gives
            with self.transaction():
                return held(*args, **named)

        return within

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: a process that dies before its end has written nothing."""
        outermost = self._depth == 0
        if outermost:
            self._chaos.step(self._life, "before a transaction")
        self._depth += 1
        try:
            with self._warehouse.transaction():
                yield
                if outermost:
                    self._chaos.step(self._life, "before a commit", writes=True)
        finally:
            self._depth -= 1
        if outermost:
            self._chaos.step(self._life, "after a commit")


def _folder(key: str) -> str:
    """What kind of object it is: its first two folders, without dates and hashes."""
    return "/".join(key.split("/")[:2])
