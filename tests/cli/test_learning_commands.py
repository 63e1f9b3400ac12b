"""`train` and `backtest`: what a person types is what the operation is asked."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from fairline.domain.errors import Refused
from fairline.evaluate.promotion import Check
from fairline.ops import backtesting, retraining, training
from fairline.ops.retraining import Judged
from fairline.ops.training import Trained

Told = Callable[..., str]
KEPT = Trained("points", "99d558cc", 141_954, date(2019, 10, 22), date(2024, 11, 11), {})
JUDGED = Judged(
    "points", "99d558cc", "1234abcd", "rejected", "bias: -0.67", (Check("bias", passed=False, found="-0.67"),)
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the operations were asked, instead of minutes of work."""
    heard: dict[str, Any] = {}

    def train(_home: object, markets: object, **terms: Any) -> list[Trained]:
        heard.update(terms, markets=markets)
        return [KEPT]

    def backtest(_home: object, first: date, last: date, _markets: object, **terms: Any) -> dict[str, Any]:
        heard.update(terms, period=(first, last))
        return {}

    def judged(_home: object, markets: object, **_terms: Any) -> list[Judged]:
        heard.update(gated=markets)
        return [JUDGED]

    monkeypatch.setattr(training, "train", train)
    monkeypatch.setattr(retraining, "retrain_by_hand", judged)
    monkeypatch.setattr(backtesting, "backtest", backtest)
    return heard


def test_a_model_is_trained_between_the_dates_typed(told: Told, asked: dict[str, Any]) -> None:
    shown = told("train", "--markets", "pts, threes", "--since", "2019-10-22", "--until", "2024-11-11")
    assert (asked["markets"], asked["since"], asked["until"]) == (
        ("points", "threes"), date(2019, 10, 22), date(2024, 11, 11),
    )  # fmt: skip
    assert "141,954" in shown
    assert "INSUFFICIENT" in shown, "no quoted rows judged it"


def test_without_dates_a_model_learns_from_everything_held(answered: Callable[..., Any], asked: dict[str, Any]) -> None:
    answer = answered("train")
    assert (asked["since"], asked["until"], len(asked["markets"])) == (None, None, 5)
    assert (answer[0]["market"], answer[0]["first"]) == ("points", "2019-10-22")


def test_gated_training_compares_and_tells_each_check(
    told: Told, answered: Callable[..., Any], asked: dict[str, Any]
) -> None:
    shown = told("train", "--gated", "--markets", "points")
    assert asked == {"gated": ("points",)}
    assert all(text in shown for text in ("1234abcd", "rejected", "bias", "NO", "-0.67"))
    assert answered("train", "--gated")[0]["checks"] == [{"name": "bias", "passed": False, "found": "-0.67"}]


def test_a_gate_is_for_all_that_is_known_so_bounds_are_refused(told: Told, asked: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="everything known now"):
        told("train", "--gated", "--until", "2024-11-11")
    assert asked == {}


def test_game_lines_are_read_in_hindsight_only_when_typed(told: Told, asked: dict[str, Any]) -> None:
    period = ("backtest", "--from", "2024-11-11", "--to", "2024-11-12", "--json")
    told(*period)
    assert (asked["game_lines"], asked["period"]) == ("known", (date(2024, 11, 11), date(2024, 11, 12)))
    told(*period, "--game-lines", "hindsight")
    assert asked["game_lines"] == "hindsight"


def test_a_period_typed_backwards_is_refused(told: Told, asked: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="before it begins"):
        told("backtest", "--from", "2024-11-12", "--to", "2024-11-11")
    assert asked == {}
