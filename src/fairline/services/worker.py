"""The worker service: forecasts, task by task. It needs the ledger and the object store, and no warehouse."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from fastapi import APIRouter

from fairline.domain.errors import BrokenContract
from fairline.features.contract import contract_hash, model_features
from fairline.platform.ledger.access import Scope
from fairline.predict import registry
from fairline.services.canary import latest_models, ledger_answers, models_load, there_and_back, tried
from fairline.services.given import Done
from fairline.services.guard import needs
from fairline.services.problems import PROBLEMS
from fairline.services.push import Pushed
from fairline.services.pushing import answered

if TYPE_CHECKING:
    import polars as pl

    from fairline.services.contract import Check
    from fairline.services.station import Station

NAME = "worker"


def routes(station: Station) -> APIRouter:
    """`POST /predict`."""
    router = APIRouter(tags=[NAME], responses=PROBLEMS)

    @router.post("/predict", dependencies=[needs(Scope.WRITE)])
    def predict(pushed: Pushed) -> Done:
        """Do every task that is free, at the message batch-open; how each ended is in the ledger."""
        return answered(station, NAME, pushed)

    return router


def ready(station: Station) -> list[Check]:
    """The models load, and one forecasts a row that came from the object store."""
    return [
        ledger_answers(station), models_load(station),
        tried("forecast", lambda: _forecast(station)),
    ]  # fmt: skip


def _forecast(station: Station) -> str:
    """Raises BrokenContract for a forecast that is no distribution."""
    import polars as pl

    name, model_hash = next(iter(latest_models(station.objects).items()))
    model, _, _ = registry.named(station.objects, name, model_hash)
    written = BytesIO()
    _row(model.season).write_parquet(written)
    row = pl.read_parquet(BytesIO(there_and_back(station.objects, written.getvalue())))
    forecasts = model.forecast(row, None, contract_hash(model_features()))
    able = [system for system, one in forecasts.items() if one.able.any()]
    sums = [float(forecasts[system].pmf.p.sum()) for system in able]
    if not able or not np.allclose(sums, 1.0):
        message = f"Of the {name} model's systems {able} forecast the canary, their distributions sum to {sums}"
        raise BrokenContract(message, hint=f"fairline train --markets {name}")
    return f"{name} by {', '.join(able)}"


def _row(season: int) -> pl.DataFrame:
    """A player in the middle of every feature's range who is none."""
    import polars as pl

    features = {each.name: [float(sum(each.valid) / 2)] for each in model_features()}
    about = {"game_id": ["0000000000"], "player_id": [1], "season": [season]}
    return pl.DataFrame(about | features)
