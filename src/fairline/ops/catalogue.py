"""The tables of every stage, and the home that holds them: what commands and the API open."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module

from fairline.domain.clock import Clock
from fairline.domain.tables import Table
from fairline.ops.migrations import MIGRATIONS
from fairline.platform.clock import SystemClock
from fairline.platform.home import DEFAULT_WAIT_S, Home, OnWait
from fairline.platform.home import open_home as open_stores
from fairline.platform.settings import Settings, load_settings

STAGES = ("raw", "analytics", "features", "predict", "grade", "ops")
DERIVED = ("analytics", "features")
"""Stages whose every row can be rebuilt from raw: their tables are made anew when their declaration changes."""


def tables(stages: Iterable[str] = STAGES) -> tuple[Table, ...]:
    """Every declared table of the stages, in order."""
    return tuple(table for stage in stages for table in import_module(f"fairline.{stage}.schema").TABLES)


@contextmanager
def open_home(
    command: str,
    *,
    settings: Settings | None = None,
    clock: Clock | None = None,
    wait_s: float = DEFAULT_WAIT_S,
    read_only: bool = False,
    on_wait: OnWait | None = None,
) -> Iterator[Home]:
    """The home of the settings in force, with every table, for the block. Raises as platform.home.open_home."""
    kept = [stage for stage in STAGES if stage not in DERIVED]
    with open_stores(
        settings or load_settings(), command=command, clock=clock or SystemClock(), tables=tables(kept), wait_s=wait_s,
        read_only=read_only, on_wait=on_wait, migrations=MIGRATIONS,
    ) as home:  # fmt: skip
        if not read_only:
            home.warehouse.remake(*tables(DERIVED))
        yield home
