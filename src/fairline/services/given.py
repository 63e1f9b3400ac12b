"""What callers send and are told, in the types that all routes share: all bounded, nothing unknown let in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from fairline.domain.dates import game_date, parse_game_date
from fairline.domain.errors import NotFound, Refused
from fairline.domain.markets import market
from fairline.predict.systems import SYSTEMS
from fairline.predict.systems.centre import STEMS

if TYPE_CHECKING:
    from fastapi import Request

    from fairline.domain.clock import Clock
    from fairline.ops.announcing import PhaseResult

FIRST_YEAR, LAST_YEAR = 1946, 2100
AnyDate = TypeVar("AnyDate", bound=date)


class Strict(BaseModel):
    """A body of which every member is known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _of_our_time(when: AnyDate) -> AnyDate:
    """Of a year in which the game was or will be played: further away, reckoning with it ends beyond the calendar."""
    if not FIRST_YEAR <= when.year <= LAST_YEAR:
        message = f"{when:%Y-%m-%d} is not between {FIRST_YEAR} and {LAST_YEAR}"
        raise ValueError(message)
    return when


Moment = Annotated[AwareDatetime, AfterValidator(_of_our_time)]
"""A moment, with its zone."""
Played = Annotated[date, AfterValidator(_of_our_time)]
"""A game date as messages carry it."""


def _a_day(text: str) -> str:
    """The text itself when it names a day there is, of a year in which the game was or will be played."""
    try:
        day = parse_game_date(text, date(FIRST_YEAR + 1, 1, 1))
    except Refused as refused:
        raise ValueError(str(refused)) from refused
    _of_our_time(day)
    return text


Day = Annotated[
    str,
    Field(
        max_length=10, pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2}|TODAY|TOMORROW|YESTERDAY|today|tomorrow|yesterday)$",
        description="YYYY-MM-DD, TODAY, TOMORROW or YESTERDAY, US Eastern", examples=["2025-11-28", "TODAY"],
    ),
    AfterValidator(_a_day),
]  # fmt: skip
"""A game date as callers give it; `day_of` says which it is."""


def day_of(given: str, clock: Clock) -> date:
    """The game date meant now."""
    return parse_game_date(given, game_date(clock.now()))


def _a_market(name: str) -> str:
    try:
        known = market(name).value
    except NotFound as unknown:
        raise ValueError(f"{unknown} {unknown.hint}") from unknown
    if known not in STEMS:
        message = f"no system forecasts {name}; choose among {', '.join(STEMS)}"
        raise ValueError(message)
    return known


def _a_system(name: str) -> str:
    if name not in SYSTEMS:
        message = f"there is no system {name}; choose among {', '.join(SYSTEMS)}"
        raise ValueError(message)
    return name


def _utf8(text: str) -> str:
    """Half of a surrogate pair, which JSON can write, is no text that could be kept."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        message = f"no text: {error.reason} at character {error.start}"
        raise ValueError(message) from error
    return text


Utf8 = Annotated[str, AfterValidator(_utf8)]
"""Any text."""
Word = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
"""A name of ours: a scraper, a workflow, a table, a reason."""
Market = Annotated[Word, AfterValidator(_a_market)]
System = Annotated[Word, AfterValidator(_a_system)]
BatchId = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/+-]*$")]
RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]
Several = Annotated[int, Field(ge=1, le=500)]


class Done(BaseModel):
    """How a step ended. status: success, partial (some is set aside or still to come) or no_data."""

    phase: str
    game_date: date
    status: Literal["success", "partial", "no_data", "failed"]
    counts: dict[str, int]

    @classmethod
    def of(cls, result: PhaseResult) -> Done:
        """The result of a step as it is told."""
        return cls(phase=result.phase, game_date=result.game_date, status=result.status, counts=result.counts)


def correlation_of(request: Request) -> str:
    """The correlation id of a request, under which its messages go on."""
    return str(getattr(request.state, "correlation_id", ""))
