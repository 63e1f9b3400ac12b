"""The ledger in a PostgreSQL database, for processes on several machines."""

from pydantic import SecretStr
from sqlalchemy import URL, create_engine, make_url
from sqlalchemy.exc import ArgumentError

from fairline.domain.clock import Clock
from fairline.domain.errors import Missing, Refused
from fairline.platform.ledger.sql import SqlLedger
from fairline.platform.ledger.transactions import Transactions
from fairline.platform.ledger.upgrade import make_current

CONNECT_WITHIN_S = 10
ANSWER_WITHIN = "30s"
"""Longest statement, wait for a lock, and silence within a transaction: a paused process holds nobody up for longer."""

WITHIN = f"-c statement_timeout={ANSWER_WITHIN} -c idle_in_transaction_session_timeout={ANSWER_WITHIN}"
DRIVERS = frozenset({"postgresql", "postgres", "postgresql+psycopg"})


def open_postgresql(address: SecretStr, clock: Clock, *, read_only: bool = False) -> SqlLedger:
    """The ledger in the database at the address, given the tables it lacks unless read_only.

    Raises Refused for what is no address of PostgreSQL, Transient for a database out of reach. No message holds the
    password.
    """
    url = _url(address)
    options = " ".join(part for part in (_text(url, "options"), WITHIN, _reading(read_only=read_only)) if part)
    within = {"connect_timeout": CONNECT_WITHIN_S, "keepalives_idle": CONNECT_WITHIN_S, "options": options}
    try:
        # A connection that died in the pool is found before it is lent, not by the transaction it would have carried.
        engine = create_engine(
            url.difference_update_query(["options"]), connect_args=within, pool_pre_ping=True, hide_parameters=True
        )
    except ImportError as error:
        message = f"The ledger is in PostgreSQL and its driver cannot be loaded: {error}"
        raise Missing(message, hint="Install Fairline with its locked dependencies: `make install`.") from error
    reader = engine.execution_options(isolation_level="AUTOCOMMIT")
    transactions = Transactions(f"The ledger at {_place(url)}", engine, reader, read_only=read_only)
    if not read_only:
        make_current(transactions)
    return SqlLedger(transactions, clock)


def _url(address: SecretStr) -> URL:
    try:
        url = make_url(address.get_secret_value())
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in DRIVERS:
        # What was given may be a password in the wrong place, so it is not repeated.
        message = "The setting `ledger` is no address of a PostgreSQL database"
        raise Refused(message, hint="An example is postgresql://fairline@db.example.com/fairline (FAIRLINE_LEDGER).")
    return url.set(drivername="postgresql+psycopg")


def _place(url: URL) -> str:
    """Where the database is, for messages: host and name, never the user's password."""
    return f"{url.host or _text(url, 'host') or 'this machine'}/{url.database or ''}"


def _text(url: URL, name: str) -> str:
    """A part of the address's query; the last, when it is given twice."""
    value = url.query.get(name, "")
    return value if isinstance(value, str) else value[-1]


def _reading(*, read_only: bool) -> str:
    return "-c default_transaction_read_only=on" if read_only else ""
