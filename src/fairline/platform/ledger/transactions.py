"""Transactions on a ledger's store: one that writes waits for its turn, one that reads never waits for writers."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Lock

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError, ProgrammingError, TimeoutError

from fairline.domain.errors import FairlineError, Missing, Refused, Transient

UNAVAILABLE = (OperationalError, InterfaceError, InternalError, ProgrammingError, TimeoutError)
"""What drivers raise for a store that cannot be asked now, or not by this Fairline; broken rules are other errors."""


class Transactions:
    """The two kinds of transaction of one store.

    store: its name in messages. writer, reader: one engine as each kind wants it, over one pool. reads_in_turn: of the
    threads of this process one asks at a time.
    """

    def __init__(
        self, store: str, writer: Engine, reader: Engine, *, read_only: bool = False, reads_in_turn: bool = False
    ) -> None:
        """Begin transactions on the engines; with read_only none that writes."""
        self._store = store
        self._writer = writer
        self._reader = reader
        self._read_only = read_only
        self._reads: AbstractContextManager[object] = Lock() if reads_in_turn else nullcontext()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction for the block, kept when it ends well. Raises Transient for a store out of reach or busy."""
        if self._read_only:
            message = f"{self._store} was opened for reading alone"
            raise Refused(message, hint="Write through the command that owns the home.")
        with self._told(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for one question, which asks no other. Raises Transient for a store out of reach."""
        with self._told(), self._reads, self._reader.connect() as connection:
            yield connection

    def close(self) -> None:
        """Release every connection."""
        self._writer.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell what the driver says as an error of ours, without the password and without what was written."""
        try:
            yield
        except UNAVAILABLE as error:
            told = self._as_ours(error)
        else:
            return
        raise told

    def _as_ours(self, error: Exception) -> FairlineError:
        said = next(iter(str(getattr(error, "orig", None) or error).splitlines()), "")
        if password := self._writer.url.password:
            said = said.replace(password, "***")
        if "no such" in said or "does not exist" in said:
            message = f"{self._store} is not one this Fairline can read: {said}"
            return Missing(message, hint="Check its address; any command that writes makes it, or makes it current.")
        message = f"{self._store} is out of reach or busy: {said}"
        return Transient(message, hint="Check that it is up and may be reached, then try again.")
