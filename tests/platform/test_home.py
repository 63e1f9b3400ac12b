"""The home: one owner across processes, versions, backups, half-made homes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from fairline.domain.clock import FixedClock
from fairline.domain.errors import Busy, NotFound, Permanent, Refused
from fairline.domain.tables import Column, Table
from fairline.platform.home import Home, OnWait, Owner, open_home
from fairline.platform.ledger.contract import Ledger
from fairline.platform.migrations import Migration
from fairline.platform.settings import Settings
from fairline.platform.warehouse import DuckWarehouse, Warehouse

NOTES = Table("ops", "notes", ("note",), (Column("note", "VARCHAR", "Note"),), "Notes.", "tests", "When added.")
NOON = datetime(2025, 11, 28, 17, tzinfo=UTC)

OTHER_COMMAND = """
import sys
from pathlib import Path
from fairline.platform.clock import SystemClock
from fairline.platform.home import open_home
from fairline.platform.settings import Settings
folder, read_only = Path(sys.argv[1]), sys.argv[2] == "read"
with open_home(
    Settings(home=folder), command="fairline other", clock=SystemClock(), tables=(), read_only=read_only
) as home:
    print("open", flush=True)
    for line in sys.stdin:
        home.release_warehouse()
        print("released", flush=True)
"""

Opener = Callable[..., AbstractContextManager[Home]]


@pytest.fixture
def opened(tmp_path: Path) -> Opener:
    def open_here(
        *,
        read_only: bool = False,
        wait_s: float = 0,
        on_wait: OnWait | None = None,
        migrations: tuple[Migration, ...] = (),
        clock: FixedClock | None = None,
    ) -> AbstractContextManager[Home]:
        return open_home(
            Settings(home=tmp_path / "home"), command="fairline test", clock=clock or FixedClock(NOON),
            tables=(NOTES,), wait_s=wait_s, read_only=read_only, on_wait=on_wait, migrations=migrations,
        )  # fmt: skip

    return open_here


@contextmanager
def other_command(folder: Path, how: str = "write") -> Iterator[subprocess.Popen[bytes]]:
    """Another process that has the home open within the block."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", OTHER_COMMAND, str(folder), how], **pipes) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        yield other
        if other.poll() is None:
            other.communicate()


def note(home: Home, text: str) -> None:
    home.warehouse.upsert(NOTES, pl.DataFrame({"note": [text]}))


def notes(home: Home) -> list[str]:
    return home.warehouse.query("SELECT note FROM ops.notes ORDER BY 1")["note"].to_list()


# One owner


def test_a_home_keeps_what_was_written(opened: Opener, tmp_path: Path) -> None:
    with opened() as home:
        note(home, "kept")
        home.objects.put("a/b", b"kept")
        home.ledger.publish_revision("p", "aa")
        assert (home.path, home.clock.now()) == (tmp_path / "home", NOON)
    with opened(read_only=True) as home:
        assert notes(home) == ["kept"]
        assert home.objects.get("a/b") == b"kept"
        assert len(home.ledger.revisions("p")) == 1


def test_a_second_command_is_told_who_has_the_home(opened: Opener, tmp_path: Path) -> None:
    with opened():
        pass
    waited_for: list[Owner | None] = []
    with other_command(tmp_path / "home") as other:
        told = rf"`fairline other` \(process {other.pid}\) has had this home since"
        with pytest.raises(Busy, match=told), opened(wait_s=0.3, on_wait=waited_for.append):
            pass
        with pytest.raises(Busy), opened(read_only=True):
            pass
    assert [owner.command for owner in waited_for if owner] == ["fairline other"]


def test_a_waiting_command_goes_on_when_the_owner_ends(opened: Opener, tmp_path: Path) -> None:
    with opened():
        pass
    with other_command(tmp_path / "home") as other:

        def end_the_other(owner: Owner | None) -> None:
            assert owner is not None
            other.communicate()

        with opened(wait_s=20, on_wait=end_the_other) as home:
            assert notes(home) == []


def test_a_killed_owners_home_is_taken_over_at_once(opened: Opener, tmp_path: Path) -> None:
    with opened():
        pass
    with other_command(tmp_path / "home") as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        assert json.loads((tmp_path / "home" / "owner.json").read_text())["pid"] == other.pid
        with opened() as home:
            note(home, "taken over")


def test_readers_share_the_home_and_a_writer_waits_for_them(opened: Opener, tmp_path: Path) -> None:
    with opened():
        pass
    with other_command(tmp_path / "home", "read"):
        with opened(read_only=True) as home:
            assert notes(home) == []
        with pytest.raises(Busy, match="reading"), opened():
            pass


def test_a_reader_that_leaves_does_not_hide_another_that_stays(opened: Opener, tmp_path: Path) -> None:
    with opened():
        pass
    later = FixedClock(NOON + timedelta(minutes=5))
    with opened(read_only=True, clock=later) as home, ExitStack() as first:
        first.enter_context(opened(read_only=True))
        (tmp_path / "home" / "owner.json").write_text(
            json.dumps({"command": "fairline stays", "pid": 1, "since": NOON.isoformat()})
        )
        first.close()
        with pytest.raises(Busy, match="fairline stays"), opened():
            pass
        assert notes(home) == []


def test_a_backtest_that_released_the_warehouse_lets_others_work(opened: Opener, tmp_path: Path) -> None:
    with opened():
        pass
    with other_command(tmp_path / "home") as other:
        assert other.stdin is not None
        assert other.stdout is not None
        other.stdin.write(b"release\n")
        other.stdin.flush()
        assert other.stdout.readline() == b"released\n"
        with opened() as home:
            note(home, "meanwhile")


def test_a_released_warehouse_is_asked_for_in_vain(opened: Opener) -> None:
    with opened() as home:
        home.release_warehouse()
        home.release_warehouse()
        with pytest.raises(Refused, match="released"):
            _ = home.warehouse
        assert home.ledger.open_batches() == []


def test_while_a_command_is_elsewhere_another_owns_the_home_and_afterwards_it_sees_what_that_wrote(
    opened: Opener,
) -> None:
    with opened() as home:
        note(home, "before")
        with home.elsewhere(), opened() as other:
            note(other, "meanwhile")
            with pytest.raises(Refused, match="released"):
                _ = home.warehouse
        assert home.warehouse.query("SELECT note FROM ops.notes ORDER BY note")["note"].to_list() == [
            "before", "meanwhile",
        ]  # fmt: skip
        with pytest.raises(Busy), opened():
            pass


def test_a_command_that_fails_gives_the_home_up(opened: Opener, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), opened():
        raise ZeroDivisionError
    assert not (tmp_path / "home" / "owner.json").exists()
    with opened() as home:
        assert notes(home) == []


# Versions


def test_there_is_nothing_to_read_where_no_home_was_made(opened: Opener) -> None:
    with pytest.raises(NotFound, match="no Fairline home"), opened(read_only=True):
        pass


def test_a_half_made_home_is_completed(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    DuckWarehouse(tmp_path / "home" / "warehouse.duckdb").close()
    with pytest.raises(NotFound), opened(read_only=True):
        pass
    with opened() as home:
        note(home, "complete")
    with opened(read_only=True) as home:
        assert notes(home) == ["complete"]


def test_a_newer_home_is_refused_and_left_alone(opened: Opener, tmp_path: Path) -> None:
    with opened():
        pass
    (tmp_path / "home" / "home.json").write_text('{"schema_version": 99}')
    for read_only in (False, True):
        with pytest.raises(Refused, match="version 99") as caught, opened(read_only=read_only):
            pass
        assert "Upgrade" in caught.value.hint


def add_a_note(warehouse: Warehouse, ledger: Ledger) -> None:
    warehouse.upsert(NOTES, pl.DataFrame({"note": ["migrated"]}))
    ledger.publish_revision("p", "bb")


def fail(warehouse: Warehouse, ledger: Ledger) -> None:
    add_a_note(warehouse, ledger)
    message = "disk full"
    raise OSError(message)


def test_an_older_home_is_migrated_after_a_backup_and_only_once(opened: Opener, tmp_path: Path) -> None:
    steps = (Migration(2, "a note", add_a_note),)
    with opened() as home:
        note(home, "before")
        home.ledger.publish_revision("p", "aa")
    with pytest.raises(Refused, match="must be migrated"), opened(read_only=True, migrations=steps):
        pass
    for _ in range(2):
        with opened(migrations=steps) as home:
            assert notes(home) == ["before", "migrated"]
            assert [revision.digest for revision in home.ledger.revisions("p")] == ["aa", "bb"]
    backups = list((tmp_path / "home" / "backups").iterdir())
    assert [backup.name for backup in backups] == ["1-20251128T170000Z"]
    backed_up = DuckWarehouse(backups[0] / "warehouse.duckdb", read_only=True)
    assert backed_up.query("SELECT note FROM ops.notes")["note"].to_list() == ["before"]
    backed_up.close()
    assert (backups[0] / "ledger.sqlite").stat().st_size > 0


def test_a_migration_that_fails_says_where_the_backup_is_and_is_tried_again(opened: Opener, tmp_path: Path) -> None:
    with opened():
        pass
    broken = (Migration(2, "a note", add_a_note), Migration(3, "too much", fail))
    with (
        pytest.raises(Permanent, match=r"to version 3 \(too much\) failed: disk full") as caught,
        opened(migrations=broken),
    ):
        pass
    assert str(tmp_path / "home" / "backups") in caught.value.hint
    assert json.loads((tmp_path / "home" / "home.json").read_text()) == {"schema_version": 2}
    mended = (broken[0], Migration(3, "too much", add_a_note))
    with opened(migrations=mended) as home:
        assert notes(home) == ["migrated"]
