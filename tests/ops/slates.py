"""The small league's home opened at a moment of its own, with or without a model of points."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.predict.models import a_model

from fairline.analytics.build import rebuild
from fairline.domain.clock import FixedClock
from fairline.ops.catalogue import open_home
from fairline.platform.home import Home
from fairline.platform.settings import load_settings
from fairline.predict import registry

DAY = date(2024, 11, 12)
"""New York at home to Boston; one player is quoted."""
QUOTED_AT = datetime(2024, 11, 12, 22, tzinfo=UTC)
TIP = datetime(2024, 11, 13, 0, 30, tzinfo=UTC)
LATER = datetime(2024, 12, 31, tzinfo=UTC)
TRAINED_TO = datetime(2024, 11, 12, 7, tzinfo=UTC)


def forecast_anyone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the league's players be forecast: a week of games makes rows of 50 points, where 70 are asked for."""
    monkeypatch.setattr("fairline.ops.units.LEAST_QUALITY", 0)


@contextmanager
def opened(folder: Path, *, now: datetime = LATER) -> Iterator[Home]:
    """The home, owned for the block."""
    with open_home("tests", settings=load_settings(home=folder), clock=FixedClock(now)) as home:
        yield home


def keep_model(home: Home, *, known_to: datetime = TRAINED_TO, metrics: dict[str, Any] | None = None) -> str:
    """Keep the simulated model of points as one trained to that moment."""
    return registry.save(home.objects, a_model(), {"metrics": metrics or {}}, known_to)


def end_games(home: Home) -> None:
    """The games of the date end, as the schedule file alone would never tell."""
    home.warehouse.execute("UPDATE raw.games SET status = 'final' WHERE game_date = ?", [DAY])
    rebuild(home.warehouse)
