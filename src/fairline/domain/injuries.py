"""What an injury report says about a player's next game, in six words.

The wordings were read against the box scores of January - April 2024: the last status within twelve hours before each
tip-off, and how often that player then played (cases, share who played).

| wording | cases | played | reads as |
|---|---|---|---|
| Out, Out (Knee) - ..., Out for season, Out Indefinitely | 1,610 | 1 % | out |
| Injured | 928 | 1 % | out: whoever wrote it named the long absences so |
| Suspended | 26 | 4 % | out |
| Doubtful, Unlikely to play | 126 | 2 % | doubtful |
| Questionable | 1,007 | 51 % | questionable |
| Day To Day (Knee) - ... with no verdict on the next game | 69 | 38 % | questionable |
| Uncertain to play, Game-time decision, Could return | 8 | 63 % | questionable |
| Probable | 341 | 87 % | probable |
| Expected, likely, on track, plans ... to play | 19 | 84 % | probable: someone's expectation, not yet a status |
| Available, Will play, In, Not on injury report | 214 | 85 % | available; the rest sat by the coach's decision |
| TBD | 207 | 28 % | unknown: neither out (he plays too often) nor questionable (too seldom); the source does not say |

A wording never seen is unknown too, and so is silence: an absent word must not make a player healthy.
"""

import re
from enum import StrEnum

from fairline.domain.spelling import spelling


class Availability(StrEnum):
    """Whether a player is expected to play."""

    AVAILABLE = "available"
    PROBABLE = "probable"
    QUESTIONABLE = "questionable"
    DOUBTFUL = "doubtful"
    OUT = "out"
    UNKNOWN = "unknown"


_WORDINGS = {
    Availability.AVAILABLE: (
        "Available", "Available to play", "In", "Active", "Will play", "Not on injury report",
        "Not listed on injury report",
    ),
    Availability.PROBABLE: (
        "Probable", "Expected to play", "Expects to play", "Expected to be available", "Likely to play",
        "On track to play", "Said he'll play", "Optimistic to play", "Plans to play", "Intends to play",
    ),
    Availability.QUESTIONABLE: (
        "Questionable", "Day To Day", "Uncertain to play", "Game-time decision", "GTD", "Could return",
    ),
    Availability.DOUBTFUL: ("Doubtful", "Unlikely to play"),
    Availability.OUT: ("Out", "Out for season", "Out indefinitely", "Injured", "Suspended", "Inactive"),
    Availability.UNKNOWN: ("TBD", "Unknown"),
}  # fmt: skip

AVAILABILITY_NAMES: dict[str, str] = {
    spelling(wording): availability.value for availability, wordings in _WORDINGS.items() for wording in wordings
}
"""Spelling (as `spelling` compares it) of a bare status to availability."""

RISK: dict[str, int] = {
    Availability.AVAILABLE.value: 0,
    Availability.PROBABLE.value: 1,
    Availability.QUESTIONABLE.value: 2,
    Availability.DOUBTFUL.value: 3,
    Availability.OUT.value: 3,
}
"""Injury risk by availability; unknown has none, for a missing fact gets no number."""

# As written: "Day To Day (Heel) - Gordon is Questionable for Tuesday's (Jan.16) game against Philadelphia."
_WITH_DETAILS = re.compile(r"(?P<status>[^(]+?)\s*\([^)]*\)\s*-(?P<details>.*)", re.DOTALL)
_VERDICT = re.compile(r"\bis (Available|Probable|Questionable|Doubtful|Out)\b", re.IGNORECASE)


def find_availability(text: str | None) -> Availability:
    """The availability meant by a bare status, or by a status with its part of the body and details.

    In the second form a "Day To Day" yields to the verdict on the next game, if the details hold one; "Out" stands.

    >>> find_availability("Game-time decision").value
    'questionable'
    >>> find_availability("Out (Knee) - He will be re-evaluated in two weeks.").value
    'out'
    >>> find_availability("Day To Day (Back) - Drummond is Probable for Thursday's (Jan.18) game.").value
    'probable'
    """
    if text is None:
        return Availability.UNKNOWN
    detailed = _WITH_DETAILS.fullmatch(text.strip())
    if detailed is None:
        return _of_status(text)
    verdict = _VERDICT.search(detailed["details"])
    status = _of_status(detailed["status"])
    return _of_status(verdict[1]) if verdict and status is Availability.QUESTIONABLE else status


def _of_status(status: str) -> Availability:
    return Availability(AVAILABILITY_NAMES.get(spelling(status), Availability.UNKNOWN))


def risk(availability: Availability) -> int | None:
    """Injury risk: available 0, probable 1, questionable 2, doubtful or out 3; None when unknown.

    >>> risk(Availability.DOUBTFUL), risk(Availability.UNKNOWN)
    (3, None)
    """
    return RISK.get(availability)
