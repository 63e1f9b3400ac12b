"""A real PostgreSQL server for tests: the one named by FAIRLINE_TEST_POSTGRESQL, else a new one in a temporary folder.

The new one listens on a socket in its folder alone, keeps nothing safe against a power cut, and ends with the session.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy import make_url

from fairline.domain.clock import Clock
from fairline.platform.ledger.postgresql import open_postgresql

GIVEN = "FAIRLINE_TEST_POSTGRESQL"
REQUIRED = "FAIRLINE_REQUIRE_POSTGRESQL"
DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian and its kin put the programs, outside PATH."""

SERVER_ACCOUNT = "postgres"
HASTY = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=32MB",
    "listen_addresses=", "autovacuum=off",
)  # fmt: skip


class Server:
    """A server with a database `made` that holds the ledger's tables, copied for each test."""

    def __init__(self, address: str, clock: Clock) -> None:
        """Make the tables once; `address` is of a database whose user may create others."""
        self.address = address
        self._made = self._create("template0")
        open_postgresql(self._made, clock).close_connection()
        self._number = 0

    @contextmanager
    def database(self, *, empty: bool = False) -> Iterator[SecretStr]:
        """A database of its own for the block: its address."""
        copied = "template0" if empty else str(make_url(self._made.get_secret_value()).database)
        address = self._create(copied)
        try:
            yield address
        finally:
            self._drop(address)

    def close(self) -> None:
        """Drop what was made for all."""
        self._drop(self._made)

    def _create(self, template: str) -> SecretStr:
        name = f"fairline_{os.getpid()}_{os.urandom(6).hex()}"
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        self._execute(create)
        return SecretStr(make_url(self.address).set(database=name).render_as_string(hide_password=False))

    def _drop(self, address: SecretStr) -> None:
        name = sql.Identifier(str(make_url(address.get_secret_value()).database))
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))

    def _execute(self, statement: sql.Composed) -> None:
        with closing(psycopg.connect(self.address, autocommit=True)) as connection:
            connection.execute(statement)


@contextmanager
def server(clock: Clock) -> Iterator[Server]:
    """A server for the block. Skips the test without one, or fails it where one is required."""
    if given := os.environ.get(GIVEN):
        with closing(Server(given, clock)) as made:
            yield made
        return
    programs = _programs()
    if isinstance(programs, str):
        if os.environ.get(REQUIRED):
            pytest.fail(f"{REQUIRED} is set and there is no PostgreSQL: {programs}")
        pytest.skip(f"no PostgreSQL: {programs}; {GIVEN} may name a server")
    with _cluster(programs) as address, closing(Server(address, clock)) as made:
        yield made


def _programs() -> Path | str:
    """The folder of initdb and pg_ctl, or why there is none to use."""
    found = shutil.which("initdb")
    newest = sorted(DEBIAN.glob("*/bin"), key=lambda folder: int(folder.parent.name.split(".")[0]))
    folder = Path(found).resolve().parent if found else newest[-1] if newest else None
    if folder is None:
        return "initdb is not installed"
    if os.geteuid() == 0:
        try:
            pwd.getpwnam(SERVER_ACCOUNT)
        except KeyError:
            return f"it refuses to run as root, and there is no user {SERVER_ACCOUNT}"
    return folder


@contextmanager
def _cluster(programs: Path) -> Iterator[str]:
    """A new cluster, running for the block: the address of its database `postgres`."""
    folder = Path(tempfile.mkdtemp(prefix="fairline-pg-"))
    as_root = os.geteuid() == 0
    if as_root:
        shutil.chown(folder, SERVER_ACCOUNT)
    account = ["runuser", "-u", SERVER_ACCOUNT, "--"] if as_root else []
    held, log = folder / "held", folder / "log"

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [*account, str(programs / program), "-D", str(held), *arguments],
            check=False, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip
        if done.returncode:
            said = log.read_text() if log.exists() else ""
            pytest.fail(f"{program} failed: {done.stdout}{said}")

    try:
        run("initdb", "--username=fairline", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        options = " ".join(f"-c {option}" for option in (*HASTY, f"unix_socket_directories={folder}"))
        run("pg_ctl", "start", "--wait", "--silent", f"--log={log}", f"--options={options}")
        try:
            yield f"postgresql://fairline@/postgres?host={folder}"
        finally:
            run("pg_ctl", "stop", "--wait", "--silent", "--mode=immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
