"""The tables of every stage, and the home that holds them: what commands and the API open."""

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from fairline.domain.clock import Clock
from fairline.domain.tables import Table
from fairline.platform.clock import SystemClock
from fairline.platform.home import DEFAULT_WAIT_S, Home, OnWait
from fairline.platform.home import open_home as open_stores
from fairline.platform.settings import Settings, load_settings

STAGES = ("raw", "analytics", "features", "predict", "grade")


def tables() -> tuple[Table, ...]:
    """Every declared table, in the order of the stages."""
    schemas = [f"fairline.{stage}.schema" for stage in STAGES]
    return tuple(
        table for schema in schemas if importlib.util.find_spec(schema) for table in import_module(schema).TABLES
    )


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
    with open_stores(
        settings or load_settings(), command=command, clock=clock or SystemClock(), tables=tables(), wait_s=wait_s,
        read_only=read_only, on_wait=on_wait,
    ) as home:  # fmt: skip
        yield home
