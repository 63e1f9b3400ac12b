"""`fairline quota` and `fairline quota plan`, as a person runs them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fairline.ops.catalogue import open_home
from fairline.platform.ledger.provider_states import Quota
from fairline.platform.settings import load_settings

NOVEMBER = ("--month", "2024-11")


def test_a_plan_counts_the_games_the_schedule_holds(answered: Callable[..., Any]) -> None:
    planned = answered("quota", "plan", *NOVEMBER, "--markets", "points,threes", "--books", "dk")
    assert (planned["games"], planned["game_days"], planned["schedule_held"]) == (6, 5, True)
    assert (planned["markets"], planned["books"], planned["credits_a_game"]) == (
        ["points", "threes"],
        ["draftkings"],
        2,
    )
    assert planned["credits"] == planned["credits_of_full_cadence"]


def test_a_budget_shows_what_it_keeps(told: Callable[..., str], answered: Callable[..., Any]) -> None:
    planned = answered("quota", "plan", *NOVEMBER, "--markets", "points", "--budget", "12", "--no-game-lines")
    assert planned["kept"]["closing"] == {"kept": 6, "of": 6}
    assert planned["kept"]["opening"] == {"kept": 6, "of": 6}
    assert planned["kept"]["between"]["kept"] == 0
    text = told("quota", "plan", *NOVEMBER, "--markets", "points", "--budget", "12", "--date", "2024-11-12")
    assert "6 of 6 closing" in text
    assert "  19:28  1 games" in text


def test_the_credits_a_provider_last_told_are_shown(home: Path, answered: Callable[..., Any]) -> None:
    at = datetime(2025, 11, 28, 17, tzinfo=UTC)
    with open_home("tests", settings=load_settings(home=home)) as opened:
        opened.ledger.providers.note_quota("odds_api", Quota(at, remaining=19841, used=159, last_cost=5))
    (told,) = [each for each in answered("quota") if each["source"] == "odds_api"]
    assert (told["remaining"], told["used"], told["last_cost"]) == (19841, 159, 5)
    assert told["told_at"] == "2025-11-28T17:00:00+00:00"


def test_without_a_home_a_usual_month_is_planned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answered: Callable[..., Any]
) -> None:
    monkeypatch.setenv("FAIRLINE_HOME", str(tmp_path / "none"))
    planned = answered("quota", "plan", "--month", "2026-01")
    assert (planned["schedule_held"], planned["games"], planned["game_days"]) == (False, 248, 31)
    assert not (tmp_path / "none").exists()
