"""Candidates on a simulated season: fitted like any model, compared with the one in use, used only when they pass."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.evaluate.seasons import quoted, season
from tests.ops.slates import DAY, TIP, opened
from tests.predict.models import a_model

from fairline.evaluate import frames
from fairline.ops import retraining
from fairline.ops.alerts import open_alerts
from fairline.ops.retraining import Judged, of_judged, retrain, retrain_by_hand, retrain_candidates
from fairline.platform.home import Home
from fairline.platform.ledger.contract import RunStatus
from fairline.predict import registry

ROWS = season(dates=86)
KNOWN_TO = datetime(2024, 12, 21, 6, tzinfo=UTC)
"""After sixty dates: two windows, of which the second teaches. A model of then never saw the 26 that follow."""
MONDAY = datetime(2025, 1, 20, 10, tzinfo=UTC)
HIGH_LINES = quoted(ROWS)
"""Lines at the mean, which medians of counts lie below: every honest forecast stands off them."""
FAIR_LINES = HIGH_LINES.with_columns(half_points=2 * (0.92 * pl.col("points_avg_season")).floor().cast(pl.Int32) + 1)
POOR = 1.3
"""What the model in use puts on every mean."""


def hold(monkeypatch: pytest.MonkeyPatch, quotes: pl.DataFrame, rows: pl.DataFrame = ROWS) -> None:
    """The rows as those of the warehouse."""
    monkeypatch.setattr(frames, "training_rows", lambda _: rows)
    monkeypatch.setattr(frames, "quoted_rows", lambda *_: quotes)


def use(home: Home, level: float = POOR, known_to: datetime = KNOWN_TO) -> str:
    """A model in use that knows to that moment."""
    model = a_model()
    model.levels = dict.fromkeys(model.centres, level)
    return registry.save(home.objects, model, {"metrics": {}}, known_to)


def judged(home: Home) -> Judged:
    [one] = retrain(home, ["points"], by="schedule", told=lambda _: None)
    return one


@pytest.fixture(scope="module")
def folds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the candidate's windows say, fitted once for the module."""
    folder = tmp_path_factory.mktemp("folds") / "home"
    with pytest.MonkeyPatch.context() as patched, opened(folder, now=MONDAY) as home:
        hold(patched, FAIR_LINES)
        use(home)
        judged(home)
    return folder / "objects" / "folds"


@pytest.fixture
def at(folds: Path, tmp_path: Path) -> Iterator[Home]:
    shutil.copytree(folds, tmp_path / "home" / "objects" / "folds")
    with opened(tmp_path / "home", now=MONDAY) as home:
        yield home


def test_a_candidate_better_than_a_poor_model_is_used_and_its_card_says_why(
    at: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(monkeypatch, FAIR_LINES)
    before = use(at)
    one = judged(at)
    assert (one.outcome, one.current) == ("accepted", before), one.why
    assert registry.latest(at.objects, "points", MONDAY) == one.candidate != before
    gate = registry.card_of(at.objects, "points", str(one.candidate))["about"]["gate"]
    assert {name: gate[name] for name in ("by", "at", "current", "outcome", "tries")} == {
        "by": "schedule", "at": MONDAY.isoformat(), "current": before, "outcome": "accepted", "tries": 1,
    }  # fmt: skip
    assert [check["name"] for check in gate["checks"]] == [check.name for check in one.checks]
    assert of_judged([one]).counts == {"accepted": 1, "rejected": 0}


def test_a_rejected_candidate_is_kept_and_never_picked(at: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(monkeypatch, HIGH_LINES)
    before = use(at)
    one = judged(at)
    assert one.outcome == "rejected"
    assert "bias" in one.why
    assert registry.latest(at.objects, "points", MONDAY) == before
    model, card, _ = registry.named(at.objects, "points", str(one.candidate))
    assert (model.season, card["about"]["gate"]["outcome"]) == (2024, "rejected")
    assert of_judged([one]).status is RunStatus.PARTIAL


def test_what_is_rejected_raises_one_alert_that_the_next_acceptance_clears(
    at: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(monkeypatch, HIGH_LINES)
    use(at)
    rejected = [judged(at), judged(at)]
    [alert] = open_alerts(at.warehouse).to_dicts()
    assert (alert["alert"], alert["subject"]) == ("candidate_rejected", "points model")
    assert str(rejected[1].candidate) in alert["detail"]
    hold(monkeypatch, FAIR_LINES)
    one = judged(at)
    assert one.outcome == "accepted", one.why
    assert registry.card_of(at.objects, "points", str(one.candidate))["about"]["gate"]["tries"] == 3
    assert open_alerts(at.warehouse).is_empty()


def test_the_model_in_use_is_judged_only_on_what_it_never_saw(at: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(monkeypatch, FAIR_LINES)
    use(at)
    after = FAIR_LINES.filter(pl.col("cutoff") > KNOWN_TO).height
    assert after == 26 * 24
    assert all(f"on {after} rows since" in check.found for check in judged(at).checks if "crps" in check.name)


def test_with_too_few_games_since_nothing_is_fitted_and_the_run_is_no_data(
    at: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(monkeypatch, FAIR_LINES)
    before = use(at, known_to=KNOWN_TO + timedelta(days=23))
    one = judged(at)
    assert (one.outcome, one.candidate) == ("too few games", None)
    assert of_judged([one]).counts == {"accepted": 0, "rejected": 0}
    assert [*registry.cards(at.objects, "points")] == [before]
    assert open_alerts(at.warehouse).is_empty()


def test_after_an_acceptance_the_same_games_are_not_judged_again(at: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(monkeypatch, FAIR_LINES)
    use(at)
    first = judged(at)
    assert (judged(at).outcome, judged(at).current) == ("too few games", first.candidate)


def test_what_is_known_after_the_moment_reaches_no_candidate(at: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(monkeypatch, FAIR_LINES)
    use(at)
    [alone] = retrain(at, ["points"], by="schedule", told=lambda _: None)
    later = season(dates=3, seed=9, first=date(2025, 1, 22)).with_columns(season=pl.lit(2024, pl.Int32))
    shutil.rmtree(at.path / "objects" / "models")
    use(at)
    hold(monkeypatch, pl.concat([FAIR_LINES, quoted(later)]), pl.concat([ROWS, later]))
    assert judged(at).candidate == alone.candidate


def test_a_model_of_another_contract_can_neither_be_compared_with_nor_replaced_unasked(
    at: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(monkeypatch, FAIR_LINES)
    model = a_model()
    model.contract_hash = "another"
    before = registry.save(at.objects, model, {"metrics": {}}, KNOWN_TO)
    one = judged(at)
    assert (one.outcome, one.candidate, registry.latest(at.objects, "points", MONDAY)) == ("rejected", None, before)
    assert "follows contract another" in open_alerts(at.warehouse)["detail"].item()


def test_markets_without_a_model_are_left_alone(at: Home) -> None:
    assert retrain(at, ["points", "rebounds"], by="schedule", told=lambda _: None) == []
    assert of_judged([]).status is RunStatus.NO_DATA


def test_what_a_person_asks_for_is_a_run_of_its_own(at: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(monkeypatch, HIGH_LINES)
    use(at)
    [one] = retrain_by_hand(at, ["points"], told=lambda _: None)
    [run] = at.ledger.runs("retrain")
    assert (run.status, run.counts["rejected"], run.due_at) == (RunStatus.PARTIAL, 1, None)
    assert one.why in run.error
    assert registry.cards(at.objects, "points")[str(one.candidate)]["about"]["gate"]["by"] == "person"


def test_while_models_are_fitted_others_may_have_the_home(at: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(monkeypatch, FAIR_LINES)
    use(at)
    taken = []

    def look(step: str) -> None:
        if "the model in use" in step:
            with opened(at.path, now=MONDAY) as other:
                taken.append(other.warehouse.query("SELECT count(*) FROM ops.alerts").item())

    retrain(at, ["points"], by="schedule", told=look)
    assert taken == [0]


@pytest.mark.parametrize(("minutes", "note"), [(29, "a tip-off is near"), (31, "no model is in use")])
def test_shortly_before_a_tip_off_the_schedule_leaves_the_time_to_closing_lines(
    home: Path, minutes: int, note: str
) -> None:
    with opened(home, now=TIP - timedelta(minutes=minutes)) as at:
        done = retrain_candidates(at, DAY, lambda _: None)
    assert (done.status, note in done.note) == (RunStatus.NO_DATA, True)


def test_a_long_time_since_the_model_in_use_costs_no_more_fits_than_a_week() -> None:
    for days in (1, 6, 7, 8, 30, 200):
        first = date(2024, 12, 1)
        windows = retraining._windows(first, first + timedelta(days=days - 1))
        assert len(windows) <= retraining.MOST_FITS
        assert (windows[0].first, windows[-1].last) == (first, first + timedelta(days=days - 1))
