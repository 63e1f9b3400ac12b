"""The home: one folder that holds everything Fairline keeps, opened by one owner or by several readers.

home.json         schema version; written last, so its absence means not made or half-made
settings.toml     the user's settings
warehouse.duckdb  tables        ledger.sqlite  the process
objects/          captures, models, published files
backups/          warehouse and ledger before each migration
owner.lock, owner.json   who is at work
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from fairline.domain.clock import Clock
from fairline.domain.errors import NotFound, Refused
from fairline.domain.tables import Table
from fairline.platform.bus import Bus, InProcessBus
from fairline.platform.lock import OnWait, Owner, owner_lock
from fairline.platform.migrations import (
    LEDGER_FILE,
    WAREHOUSE_FILE,
    Migration,
    back_up,
    migrate,
    newest_version,
    note_version,
    version_of,
)
from fairline.platform.objects import Objects, ObstoreObjects
from fairline.platform.settings import Settings

if TYPE_CHECKING:
    from fairline.platform.ledger.contract import Ledger
    from fairline.platform.warehouse import Warehouse

__all__ = ["Home", "OnWait", "Owner", "open_home"]

DEFAULT_WAIT_S = 30.0

Stores: TypeAlias = 'tuple["Warehouse", "Ledger", Objects]'
OpenStores: TypeAlias = Callable[[], Stores]
Retake: TypeAlias = 'Callable[[float], "Warehouse"]'

RETAKE_WAIT_S = 600.0
"""How long a command that let others have the home waits to have it again."""


class Home:
    """An open home. `open_home` makes one."""

    def __init__(
        self, settings: Settings, clock: Clock, stores: Stores, owned: ExitStack, retake: "Retake | None" = None
    ) -> None:
        """Hold open stores; `owned` closes the warehouse and gives up the lock, `retake` takes both again."""
        self.path: Path = settings.home
        self.settings = settings
        self.clock = clock
        self.bus: Bus = InProcessBus()
        self._warehouse: Warehouse | None
        self._warehouse, self.ledger, self.objects = stores
        self._owned = owned
        self._retake = retake
        self.elsewhere: Callable[[], AbstractContextManager[None]] = self._released
        """Lets others have the home for the block, as while a provider is waited for; no table is to be asked then."""

    @property
    def warehouse(self) -> "Warehouse":
        """The tables. Raises Refused once they were released."""
        if self._warehouse is None:
            message = "This command has released the warehouse"
            raise Refused(message, hint="Read what is needed, or export it, before releasing.")
        return self._warehouse

    def release_warehouse(self) -> None:
        """Close the warehouse and let other commands own the home, as a long backtest does after its export.

        Ledger and objects stay open: both bear several processes. Releasing twice is releasing.
        """
        self._warehouse = None
        self._owned.close()

    def retake_warehouse(self, wait_s: float = RETAKE_WAIT_S) -> None:
        """Own the home again, and open the tables; nothing when they are open.

        Raises Busy when another has the home for longer than `wait_s` seconds.
        """
        if self._warehouse is None and self._retake is not None:
            self._warehouse = self._retake(wait_s)

    @contextmanager
    def _released(self) -> Iterator[None]:
        if self._retake is None or self._warehouse is None:
            yield
            return
        self.release_warehouse()
        try:
            yield
        finally:
            self.retake_warehouse()


@contextmanager
def open_home(
    settings: Settings,
    *,
    command: str,
    clock: Clock,
    tables: Iterable[Table],
    wait_s: float = DEFAULT_WAIT_S,
    read_only: bool = False,
    on_wait: OnWait | None = None,
    migrations: tuple[Migration, ...] = (),
) -> Iterator[Home]:
    """Open the home in `settings.home` for the block, as its owner or, read_only, as one of its readers.

    An owner makes what is absent, completes what was left half-made, and migrates an older home after a backup.
    Raises Busy when another has it for longer than `wait_s` seconds (`on_wait` is told of each owner waited for),
    Refused for a home of a newer version, NotFound for a reader when there is none.
    """
    if read_only:
        _check_readable(settings.home, migrations)
    else:
        settings.home.mkdir(parents=True, exist_ok=True)
    with ExitStack() as opened:
        owned = opened.enter_context(ExitStack())
        lock = partial(owner_lock, settings.home, command=command, clock=clock, shared=read_only, on_wait=on_wait)
        owned.enter_context(lock(wait_s=wait_s))
        open_stores = partial(_open_stores, settings, clock, opened, owned, read_only=read_only)
        # The version is asked for under the lock: another owner may just have made or migrated the home.
        if read_only:
            _check_readable(settings.home, migrations)
            stores = open_stores()
        else:
            stores = _made_current(settings.home, clock, tuple(tables), migrations, open_stores)

        def retake(seconds: float) -> "Warehouse":
            owned.enter_context(lock(wait_s=seconds))
            return _open_warehouse(settings, owned, read_only=read_only)

        yield Home(settings, clock, stores, owned, retake)


def _check_readable(folder: Path, migrations: tuple[Migration, ...]) -> None:
    version = version_of(folder, migrations)
    if version is None:
        message = f"There is no Fairline home in {folder}"
        raise NotFound(message, hint="`fairline import PATH...` makes one; FAIRLINE_HOME names another folder.")
    if version < newest_version(migrations):
        message = f"{folder} has schema version {version} and must be migrated before it can be read"
        raise Refused(message, hint="Any command that writes migrates it, after a backup.")


def _made_current(
    folder: Path, clock: Clock, tables: tuple[Table, ...], migrations: tuple[Migration, ...], open_stores: OpenStores
) -> Stores:
    """The stores of a home with every declared table and the newest version, made or migrated if need be."""
    version, newest = version_of(folder, migrations), newest_version(migrations)
    # The backup copies files, so it comes before anything opens them.
    backup = back_up(folder, version, clock) if version is not None and version < newest else None
    stores = open_stores()
    warehouse, ledger, _ = stores
    if version is not None and backup is not None:
        migrate(folder, version, migrations, backup, (warehouse, ledger))
    warehouse.ensure(*tables)
    if version is None:
        note_version(folder, newest)
    return stores


def open_workplace(settings: Settings, clock: Clock, *, read_only: bool = False) -> tuple["Ledger", Objects]:
    """The ledger and the object store alone, which bear any number of processes: all that a worker needs."""
    if not read_only:
        settings.home.mkdir(parents=True, exist_ok=True)
    return _open_ledger(settings, clock, read_only=read_only), ObstoreObjects.local(settings.home / "objects")


def _open_ledger(settings: Settings, clock: Clock, *, read_only: bool) -> "Ledger":
    """The ledger of the settings: PostgreSQL where an address is given, else a file of the home."""
    if settings.ledger is not None:
        from fairline.platform.ledger.postgresql import open_postgresql

        return open_postgresql(settings.ledger, clock, read_only=read_only)
    from fairline.platform.ledger.sqlite import open_sqlite

    return open_sqlite(settings.home / LEDGER_FILE, clock, read_only=read_only)


def _open_stores(settings: Settings, clock: Clock, opened: ExitStack, owned: ExitStack, *, read_only: bool) -> Stores:
    warehouse = _open_warehouse(settings, owned, read_only=read_only)
    ledger, objects = open_workplace(settings, clock, read_only=read_only)
    opened.callback(ledger.close_connection)
    return warehouse, ledger, objects


def _open_warehouse(settings: Settings, owned: ExitStack, *, read_only: bool) -> "Warehouse":
    from fairline.platform.warehouse import DuckWarehouse

    warehouse = DuckWarehouse(settings.home / WAREHOUSE_FILE, read_only=read_only, threads=settings.threads)
    owned.callback(warehouse.close)
    return warehouse
