"""What a role is: its routes, and the real path its readiness walks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import APIRouter

    from fairline.services.station import Station


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a role needs, tried: ok, or what was wrong and what to do. busy: the same may work in a while."""

    name: str
    ok: bool
    detail: str = ""
    hint: str = ""
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """One service. phase: 1 to 6. routes: makes its router on a station. ready: walks its real path on a canary.

    needs_home: false for what works with ledger and object store alone.
    """

    name: str
    phase: int
    means: str
    routes: "Callable[[Station], APIRouter]"
    ready: "Callable[[Station], list[Check]]"
    needs_home: bool = True
