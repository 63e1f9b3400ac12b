"""Models at rest: immutable by hash in the object store, with a card that says what each was trained on and how it did.

Safe formats only: JSON, CatBoost's own, NumPy arrays without pickles.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from fairline.domain.errors import BrokenContract, ContractMismatch, LookAhead, NotFound
from fairline.predict.forecasting import MarketModel, needed
from fairline.predict.spread import Spread
from fairline.predict.systems import CENTRES

if TYPE_CHECKING:
    from datetime import datetime

    from fairline.platform.objects import Objects

Card = dict[str, Any]
"""What is said of a model: contract, training range, rows, weights, spreads, metrics."""

MOMENT = "%Y%m%dT%H%M%S%fZ"
"""How a moment is written in a key: in order of time, to the microsecond."""


def save(objects: Objects, model: MarketModel, about: Card, known_to: datetime) -> str:
    """Store the model as the market's for forecasts from `known_to` on. Returns its hash; the same one is stored once.

    known_to: when the last outcome it learned from was known (UTC). A model fitted again to that moment replaces it.
    """
    model_hash = keep(objects, model, about, known_to)
    # Last, so that a run never sees a model that is not whole.
    objects.put(f"{_moments(model.market)}{known_to:{MOMENT}}", model_hash.encode())
    return model_hash


def keep(objects: Objects, model: MarketModel, about: Card, known_to: datetime) -> str:
    """Store the model and its card without putting it to use: by its hash alone it is found. Otherwise as `save`."""
    files = {
        f"{name}/{part}": content for name, centre in model.centres.items() for part, content in centre.parts().items()
    }
    digests = {name: _digest(content) for name, content in sorted(files.items())}
    card = _card(model) | {"known_to": known_to.isoformat(), "about": about, "files": digests}
    text = json.dumps(card, sort_keys=True, indent=1).encode()
    model_hash = _digest(text)
    for name, content in files.items():
        objects.put_new(f"models/{model.market}/{model_hash}/{name}", content)
    objects.put_new(f"models/{model.market}/{model_hash}/card.json", text)
    return model_hash


def has_honest(objects: Objects, market: str, known_by: datetime) -> bool:
    """Whether a model is kept of which every outcome was known by the moment. Raises NotFound when none is kept."""
    return bool(_honest(objects, market, known_by))


def load(objects: Objects, market: str, known_by: datetime) -> tuple[MarketModel, Card, str]:
    """The market's latest model of which every outcome was known by a moment; its card and hash.

    Raises as `latest`.
    """
    return named(objects, market, latest(objects, market, known_by))


def latest(objects: Objects, market: str, known_by: datetime) -> str:
    """The hash of the market's latest model of which every outcome was known by a moment.

    Raises NotFound when none is trained, LookAhead when all that are know more than a forecast of that moment may.
    There is no stand-in.
    """
    honest = _honest(objects, market, known_by)
    if not honest:
        message = f"every {market} model kept learned from outcomes after {known_by:%Y-%m-%d %H:%M} UTC"
        raise LookAhead(message, hint=f"fairline train --markets {market} --until an earlier date")
    return objects.get(f"{_moments(market)}{honest[-1]}").decode()


def _honest(objects: Objects, market: str, known_by: datetime) -> list[str]:
    """The moments models kept know to, as far as they are not after `known_by`, the latest last."""
    kept = sorted(key.removeprefix(_moments(market)) for key in objects.list(_moments(market)))
    if not kept:
        message = f"no model is trained for {market}"
        raise NotFound(message, hint=f"fairline train --markets {market}")
    return [moment for moment in kept if moment <= f"{known_by:{MOMENT}}"]


def named(objects: Objects, market: str, model_hash: str, system: str | None = None) -> tuple[MarketModel, Card, str]:
    """The model of that hash, its card and the hash again. system: with the centres alone that this one rests on.

    Raises NotFound, BrokenContract when what is stored has changed, ContractMismatch for systems of other versions.
    """
    folder, card = f"models/{market}/{model_hash}", card_of(objects, market, model_hash)
    wanted = card["centres"] if system is None else needed(system, card["stack"])
    parts: dict[str, dict[str, bytes]] = {name: {} for name in wanted}
    for path, digest in card["files"].items():
        name, part = path.split("/", 1)
        if name in parts:
            parts[name][part] = _intact(objects, f"{folder}/{path}", digest)
    features = tuple(card["features"])
    model = MarketModel(
        market=market,
        contract_hash=card["contract_hash"],
        features=features,
        season=card["season"],
        centres={name: CENTRES[name].from_parts(market, features, held) for name, held in parts.items()},
        spreads={name: Spread(**numbers) for name, numbers in card["spreads"].items()},
        levels=card["levels"],
        stack=card["stack"],
        pool=card["pool"],
    )
    return model, card, model_hash


def card_of(objects: Objects, market: str, model_hash: str) -> Card:
    """The card of the model of that hash. Raises as `named`."""
    card: Card = json.loads(_intact(objects, f"models/{market}/{model_hash}/card.json", model_hash))
    _check_versions(market, card)
    return card


def in_use(objects: Objects, market: str) -> bool:
    """Whether any model was ever put to use for the market."""
    return bool(objects.list(_moments(market)))


def cards(objects: Objects, market: str) -> dict[str, Card]:
    """The card of every model kept for the market by its hash, in use or not, of whatever version."""
    found: dict[str, Card] = {}
    for key in objects.list(f"models/{market}"):
        model_hash, _, name = key.removeprefix(f"models/{market}/").partition("/")
        if name == "card.json":
            found[model_hash] = json.loads(_intact(objects, key, model_hash))
    return found


def _moments(market: str) -> str:
    return f"models/{market}/known-to/"


def _intact(objects: Objects, key: str, digest: str) -> bytes:
    content = objects.get(key)
    if _digest(content) != digest:
        message = f"{key} is not what was stored: its hash is {_digest(content)}, not {digest}"
        raise BrokenContract(message, hint="restore it from a backup, or train again")
    return content


def _check_versions(market: str, card: Card) -> None:
    current = {name: kind.version for name, kind in CENTRES.items()}
    if card["centres"] != current:
        message = f"the {market} model's systems are {card['centres']}, this Fairline's are {current}"
        raise ContractMismatch(message, hint=f"fairline train --markets {market}")


def _card(model: MarketModel) -> Card:
    return {
        "market": model.market,
        "contract_hash": model.contract_hash,
        "features": list(model.features),
        "season": model.season,
        "centres": {name: centre.version for name, centre in model.centres.items()},
        "spreads": {name: asdict(spread) for name, spread in model.spreads.items()},
        "levels": model.levels,
        "stack": model.stack,
        "pool": model.pool,
    }


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
