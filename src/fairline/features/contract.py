"""What a feature is, and the ordered contract that training, backtest and tonight's run share."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from fairline.domain.errors import NotFound

Origin = Literal["player", "team", "opponent", "target", "market"]

CALCULATED, CARRIED, STALE, MISSING = "c", "f", "s", "m"
"""How a value came about: calculated at the cutoff; carried from last season (fallback); too old; not there."""
BEGUN = "b"
"""Of a state, not of a value: he has played this season and the last, and a window still lacks games of this one."""
FIRST_DAYS = 14
"""Days from a season's start on which the form of who has not played yet is carried."""

QUALITY = {CALCULATED: 100, CARRIED: 87, STALE: 0, MISSING: 0}
"""Quality of one feature by source, in points of 100."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One named number of the contract.

    expression: SQL. Of a state (`player`, `team`, `opponent`): over the windows of `states.py`, one row per game
        played and known. Of the `target`: over the features of states and the row of the game to come.
    least: games the feature's window must hold; fewer gives null.
    window: the window `least` counts; also what `explain` lists.
    max_age: days from the state's last game to the target; older is stale. None: age does not matter.
    this_season: a state of an earlier season is stale, but in the first 14 days carried (`carry`).
    carry: (weight kept, expression it is shrunk towards) when carried over the summer.
    usual: the column of the state that says the same of his last 82 games: early in a season it stands in for each game
        the window lacks, and the season's own (`carry`) for those it holds.
    constant: why a season may hold a single value; else such a season fails the build.
    """

    name: str
    expression: str
    of: Origin
    unit: str
    valid: tuple[float, float]
    means: str
    least: int = 0
    window: str = ""
    required: bool = False
    max_age: int | None = None
    this_season: bool = False
    carry: tuple[float, str] | None = None
    usual: str = ""
    constant: str = ""

    @property
    def contract(self) -> str:
        """`market` may use quotes as of the cutoff; `model` may not."""
        return "market" if self.of == "market" else "model"


@lru_cache(maxsize=1)
def features() -> tuple[Feature, ...]:
    """Every feature, in the order of the contract. Names are unique."""
    from fairline.features.catalogue import ALL

    names = [feature.name for feature in ALL]
    if len(set(names)) != len(names):
        repeated = sorted({name for name in names if names.count(name) > 1})
        message = f"features named twice: {repeated}"
        raise ValueError(message)
    return ALL


def model_features() -> tuple[Feature, ...]:
    """The `model` contract: no feature of it has seen a quote."""
    return tuple(feature for feature in features() if feature.contract == "model")


def market_features() -> tuple[Feature, ...]:
    """What the `market` contract adds."""
    return tuple(feature for feature in features() if feature.contract == "market")


def feature(name: str) -> Feature:
    """The feature of that name. Raises NotFound."""
    for one in features():
        if one.name == name:
            return one
    message = f"no feature is named {name!r}"
    raise NotFound(message, hint="`fairline describe ml_feature_store` lists them")


def names(of: Iterable[Feature]) -> list[str]:
    """Their names, in order."""
    return [one.name for one in of]


def contract_hash(of: Iterable[Feature]) -> str:
    """Identity of an ordered set of features: names, order and definitions. A model carries it and refuses another."""
    text = json.dumps(
        [
            (one.name, one.expression, one.of, one.least, one.max_age, one.this_season, one.carry, one.usual)
            for one in of
        ]
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]
