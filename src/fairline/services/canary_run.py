"""The canary's routes: each role does for it, in the canary's home, what it does for everyone else.

scrapers land its captures; raw, analytics and precompute bring them to a feature row; the coordinator opens a batch, a
worker works its tasks, the coordinator completes it; publishing finds it in the published file, grading grades it once
its box score is posted; and the scrapers role removes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from fairline.domain.dates import utc
from fairline.domain.errors import BrokenContract
from fairline.platform.captures import capture_of, land
from fairline.platform.ledger.access import Scope
from fairline.raw.captured import capture_kind
from fairline.services import canary_home
from fairline.services.canary_steps import STEPS, StepAsked, StepDone
from fairline.services.given import Moment, Strict, Utf8
from fairline.services.guard import needs
from fairline.services.problems import PROBLEMS

if TYPE_CHECKING:
    from fairline.platform.objects import Objects
    from fairline.services.canary_home import CanaryHome
    from fairline.services.station import Station

CanaryId = Annotated[str, Path(pattern=canary_home.ID, description="Twelve hexadecimal digits.")]
_Text = Annotated[Utf8, Field(max_length=500)]


class CaptureGiven(Strict):
    """One recorded answer of a provider."""

    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
    url: _Text
    params: Annotated[dict[str, _Text], Field(max_length=50)] = Field(default_factory=dict)
    content: Utf8
    captured_at: Moment


class CapturesGiven(Strict):
    """What is replayed for a canary. now: where its clock stands."""

    now: Moment
    captures: Annotated[list[CaptureGiven], Field(min_length=1, max_length=50)]


class CanaryRemoved(Strict):
    """Whether it was there."""

    removed: bool


class CanariesThere(Strict):
    """The canaries at work, or left behind within the hour."""

    role: str
    canaries: list[str]


def routes(role: str, station: Station) -> APIRouter:
    """The canary's routes of a role, with bare paths."""
    router = APIRouter(responses=PROBLEMS, tags=[role])

    @router.get("/canary", dependencies=[needs(Scope.READ)])
    def list_canaries() -> CanariesThere:
        """List the canaries there are."""
        return CanariesThere(role=role, canaries=canary_home.canaries(station))

    if role == "scrapers":
        _scrapers_routes(router, station)
    elif role in STEPS:

        @router.post("/canary/{canary_id}", dependencies=[needs(Scope.ADMIN)])
        def step(canary_id: CanaryId, asked: StepAsked) -> StepDone:
            """Do this role's part for a canary, in the canary's own home."""
            home = canary_home.found(station, canary_id, asked.now)
            if abs((asked.day - home.now.date()).days) > canary_home.NEAR.days:
                message = f"{asked.day} is not a day of the canary"
                raise BrokenContract(message, hint="Its game is tonight.")
            return STEPS[role](station, home, asked)

    return router


def _scrapers_routes(router: APIRouter, station: Station) -> None:
    @router.post("/canary/{canary_id}", dependencies=[needs(Scope.ADMIN)])
    def take(canary_id: CanaryId, given: CapturesGiven) -> StepDone:
        """Land recorded answers as captures in the canary's own home, made if need be."""
        kinds = {capture.kind for capture in given.captures}
        for kind in kinds:
            capture_kind(kind)
        home = canary_home.made(station, canary_id, given.now)
        with home.workplace() as (_, objects):
            landed = [_landed(capture, home, objects) for capture in given.captures]
        return StepDone(role="scrapers", did=f"landed {len(landed)} captures", counts={"bytes": sum(landed)})

    @router.delete("/canary/{canary_id}", dependencies=[needs(Scope.ADMIN)])
    def remove(canary_id: CanaryId) -> CanaryRemoved:
        """Remove a canary's home with all that is in it."""
        return CanaryRemoved(removed=canary_home.removed(station, canary_id))


def _landed(given: CaptureGiven, home: CanaryHome, objects: Objects) -> int:
    """Keep one answer as its scraper would have; its bytes. Raises BrokenContract for one from the canary's future."""
    at = utc(given.captured_at)
    if not home.now - 200 * canary_home.NEAR <= at <= home.now:
        message = f"The capture of {given.kind} is of {at:%Y-%m-%d %H:%M} UTC, not of the year before the canary's now"
        raise BrokenContract(message, hint="`fairline smoke` makes the captures that fit.")
    content = given.content.encode()
    capture = capture_of(
        content, source=given.source, kind=given.kind, at=at, url=given.url, params=given.params, status=200,
        headers={"x-fairline-canary": home.folder.name}, scraper="canary",
    )  # fmt: skip
    land(content, capture, objects)
    return len(content)
