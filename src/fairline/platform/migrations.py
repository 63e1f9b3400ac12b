"""The version of a home's schema, and how an older home becomes a newer one, after a backup."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fairline.domain.clock import Clock
from fairline.domain.errors import Permanent, Refused
from fairline.platform.files import write_whole

if TYPE_CHECKING:
    from fairline.platform.ledger.contract import Ledger
    from fairline.platform.warehouse import Warehouse

HOME_FILE = "home.json"
WAREHOUSE_FILE = "warehouse.duckdb"
LEDGER_FILE = "ledger.sqlite"
FIRST_VERSION = 1


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema, to `version`; `apply` must bear to be run again after a crash."""

    version: int
    means: str
    apply: Callable[["Warehouse", "Ledger"], None]


def newest_version(migrations: tuple[Migration, ...]) -> int:
    """The version this code keeps.

    >>> newest_version(())
    1
    """
    return migrations[-1].version if migrations else FIRST_VERSION


def version_of(folder: Path, migrations: tuple[Migration, ...]) -> int | None:
    """The home's version; None for a home not made, or left half-made.

    Raises Refused for a home that a newer Fairline has made or migrated.
    """
    try:
        version = int(json.loads((folder / HOME_FILE).read_bytes())["schema_version"])
    except FileNotFoundError:
        return None
    if version > newest_version(migrations):
        message = f"{folder} has schema version {version}, this Fairline knows {newest_version(migrations)}"
        raise Refused(message, hint="Upgrade Fairline, or point FAIRLINE_HOME at another folder.")
    return version


def note_version(folder: Path, version: int) -> None:
    """Write the version: the last step of making or migrating a home."""
    write_whole(folder / HOME_FILE, json.dumps({"schema_version": version}).encode())


def back_up(folder: Path, version: int, clock: Clock) -> Path:
    """Copy warehouse and ledger to `backups/{version}-{time}`, whole or not at all; returns that folder."""
    backup = folder / "backups" / f"{version}-{clock.now():%Y%m%dT%H%M%SZ}"
    unfinished = backup.with_name(f".{backup.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    _copy_warehouse(folder / WAREHOUSE_FILE, unfinished / WAREHOUSE_FILE)
    _copy_ledger(folder / LEDGER_FILE, unfinished / LEDGER_FILE)
    unfinished.replace(backup)
    return backup


def migrate(
    folder: Path, version: int, migrations: tuple[Migration, ...], backup: Path, stores: tuple["Warehouse", "Ledger"]
) -> None:
    """Apply the steps above `version`, noting each; a failed one leaves the version of the last that succeeded."""
    for step in migrations:
        if step.version <= version:
            continue
        try:
            step.apply(*stores)
        except Exception as error:
            message = f"Migration of {folder} to version {step.version} ({step.means}) failed: {error}"
            raise Permanent(message, hint=f"What was there before is in {backup}.") from error
        note_version(folder, step.version)


def _copy_warehouse(held: Path, copy: Path) -> None:
    from fairline.platform.warehouse import DuckWarehouse

    warehouse = DuckWarehouse(held)
    # Without it, the latest rows may stand in the write-ahead log beside the file.
    warehouse.execute("CHECKPOINT")
    warehouse.close()
    shutil.copy2(held, copy)


def _copy_ledger(held: Path, copy: Path) -> None:
    import sqlite3
    from contextlib import closing

    if not held.exists():  # the ledger is in PostgreSQL, whose keeper backs it up
        return
    with closing(sqlite3.connect(held)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
