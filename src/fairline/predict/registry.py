"""Models at rest: immutable by hash in the object store, with a card that says what each was trained on and how it did.

Safe formats only: JSON, CatBoost's own, NumPy arrays without pickles.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from fairline.domain.errors import NotFound
from fairline.predict.forecasting import MarketModel
from fairline.predict.spread import Spread
from fairline.predict.systems import CENTRES

if TYPE_CHECKING:
    from fairline.platform.objects import Objects

Card = dict[str, Any]
"""What is said of a model: contract, training range, rows, weights, spreads, metrics."""


def save(objects: Objects, model: MarketModel, about: Card) -> str:
    """Store the model and make it the market's current one. Returns its hash; the same model is stored once."""
    files = {f"{name}/{part}": content for name, centre in model.centres.items() for part, content in centre.parts().items()}
    card = _card(model) | {"about": about, "files": {name: _digest(content) for name, content in sorted(files.items())}}
    text = json.dumps(card, sort_keys=True, indent=1).encode()
    model_hash = _digest(text)
    for name, content in files.items():
        objects.put_new(f"models/{model.market}/{model_hash}/{name}", content)
    objects.put_new(f"models/{model.market}/{model_hash}/card.json", text)
    # Last, so that a run never sees a current model that is not whole.
    objects.put(f"models/{model.market}/current", model_hash.encode())
    return model_hash


def load(objects: Objects, market: str, model_hash: str | None = None) -> tuple[MarketModel, Card, str]:
    """The market's current model (or the one named), its card and hash. Raises NotFound; there is no stand-in."""
    pointer = f"models/{market}/current"
    if model_hash is None and not objects.exists(pointer):
        message = f"no model is trained for {market}"
        raise NotFound(message, hint=f"fairline train --markets {market}")
    model_hash = model_hash or objects.get(pointer).decode()
    folder = f"models/{market}/{model_hash}"
    card: Card = json.loads(objects.get(f"{folder}/card.json"))
    parts: dict[str, dict[str, bytes]] = {name: {} for name in card["centres"]}
    for path in card["files"]:
        name, part = path.split("/", 1)
        parts[name][part] = objects.get(f"{folder}/{path}")
    features = tuple(card["features"])
    model = MarketModel(
        market=market,
        contract_hash=card["contract_hash"],
        features=features,
        centres={name: CENTRES[name].from_parts(market, features, held) for name, held in parts.items()},
        spreads={name: Spread(**numbers) for name, numbers in card["spreads"].items()},
        levels=card["levels"],
        stack=card["stack"],
        pool=card["pool"],
    )
    return model, card, model_hash


def _card(model: MarketModel) -> Card:
    return {
        "market": model.market,
        "contract_hash": model.contract_hash,
        "features": list(model.features),
        "centres": {name: centre.version for name, centre in model.centres.items()},
        "spreads": {name: asdict(spread) for name, spread in model.spreads.items()},
        "levels": model.levels,
        "stack": model.stack,
        "pool": model.pool,
    }


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
