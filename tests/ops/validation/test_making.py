"""The daily report: what it tells of a date, that it is the same when nothing changed, and what its checks find."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.ops.slates import DAY, LATER, QUOTED_AT, end_games, forecast_anyone, keep_model, opened

from fairline.ops.alerts import open_alerts
from fairline.ops.jobs import WORKS
from fairline.ops.results import grade_date
from fairline.ops.slate import run_slate
from fairline.ops.validation.making import Validation, validate
from fairline.platform.home import Home
from fairline.platform.ledger.contract import RunStatus
from fairline.raw.schema import PLAYER_BOX_SCORES, QUARANTINE

GAME, JONES = "0022400105", 903
MORNING = datetime(2024, 11, 13, 11, 30, tzinfo=UTC)


@pytest.fixture
def graded(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose slate of the date was priced and graded."""
    forecast_anyone(monkeypatch)
    with opened(home, now=QUOTED_AT) as at:
        keep_model(at)
        run_slate(at, DAY, ("points",))
    with opened(home, now=MORNING) as at:
        end_games(at)
        grade_date(at, DAY)
    return home


def correct(home: Home, points: int, at: datetime) -> None:
    """The league corrects the points of Herbert Jones."""
    his = pl.when(player_id=JONES).then(points).otherwise("points").cast(pl.Int32)
    stated = home.warehouse.query(
        "SELECT * EXCLUDE (content_hash) FROM raw.player_box_scores WHERE game_id = ? AND source LIKE 'league%'", [GAME]
    ).with_columns(points=his, known_at=pl.lit(at))
    home.warehouse.append_statements(PLAYER_BOX_SCORES, stated, at)


def rows(made: Validation, section: str) -> list[dict[str, object]]:
    return made.frames[section].to_dicts()


def test_it_tells_games_coverage_quality_timings_and_what_was_published(graded: Path):
    with opened(graded, now=LATER) as at:
        made = validate(at, DAY)
    [game] = rows(made, "games")
    assert (game["game"], game["status"], game["players"], game["quoted"]) == ("BOS @ NYK", "final", 4, 1)
    coverage = {row["output"]: row["share"] for row in rows(made, "coverage")}
    assert coverage["predictions.prediction_accuracy"] == coverage["v1/results"] == 1
    assert coverage["raw.shots"] == 0
    assert [row["output"] for row in rows(made, "gaps")] == ["raw.shots"]
    assert made.wrong == (f"1 of {made.facts['outputs']} outputs are due and lacking.",)
    assert {"run", "grade"} <= {row["step"] for row in rows(made, "timings")}
    assert [row["document"] for row in rows(made, "revisions")] == ["v1/predictions", "v1/best-bets", "v1/results"]


def test_what_the_sources_cost_is_what_the_mean_lacks_of_a_hundred(graded: Path):
    with opened(graded, now=LATER) as at:
        made = validate(at, DAY)
    lost = sum(float(str(row["costs"])) for row in rows(made, "quality"))
    assert lost == pytest.approx(100 - made.facts["quality"], abs=0.02)
    total = next(row for row in rows(made, "tiers") if row["tier"] == "all")
    assert total["rows"] == made.facts["feature_rows"] == 4
    assert total["mean_at_75"] == total["mean_quality"] == made.facts["quality"]


def test_what_carried_values_are_worth_is_measured_at_75_and_at_87(graded: Path):
    with opened(graded, now=LATER) as at:
        before = validate(at, DAY)
        at.warehouse.execute("UPDATE precompute.ml_feature_store SET form_source = 'f'")
        made = validate(at, DAY)
    carried = next(row for row in rows(made, "quality") if row["source"] == "carried from last season")
    total = next(row for row in rows(made, "tiers") if row["tier"] == "all")
    assert (before.facts["carried"], made.facts["carried"]) == (0, carried["share"])
    lost_at_75 = before.facts["quality"] - float(str(total["mean_at_75"]))
    assert lost_at_75 > 3
    assert float(str(carried["costs"])) == pytest.approx(lost_at_75 * (100 - 87) / (100 - 75), abs=0.02)


def test_made_again_from_the_same_tables_it_is_the_same_revision(graded: Path):
    with opened(graded, now=LATER) as at:
        first = validate(at, DAY)
    with opened(graded, now=LATER + timedelta(hours=1)) as at:
        again = validate(at, DAY)
        held = at.warehouse.query("SELECT revision, made_at, lacking FROM ops.validation_reports")
        objects = at.objects.list("reports")
    assert (first.revision, first.written, again.revision, again.written) == (1, True, 1, False)
    assert held.rows() == [(1, LATER, 1)]
    folder = f"reports/{DAY}"
    assert objects == [f"{folder}/validation{name}" for name in (".html", ".md", ".r1.html", ".r1.md")]


def test_a_corrected_box_score_is_named_and_makes_a_new_revision(graded: Path):
    with opened(graded, now=MORNING) as at:
        assert validate(at, DAY).facts["corrections"] == 0
        correct(at, 12, datetime(2024, 11, 13, 10, tzinfo=UTC))
        made = validate(at, DAY)
        text = at.objects.get(f"reports/{DAY}/validation.md").decode()
        first = at.objects.get(f"reports/{DAY}/validation.r1.md").decode()
    assert (made.revision, made.facts["corrections"]) == (2, 1)
    [corrected] = rows(made, "corrected")
    named = tuple(corrected[name] for name in ("player_name", "statistic", "before", "after"))
    assert named == ("Herbert Jones", "points", 10, 12)
    assert "| points | 10 | 12 |" in text
    assert "| points | 10 | 12 |" not in first


def test_every_value_drawn_is_recomputed_as_it_was_kept(graded: Path):
    with opened(graded, now=LATER) as at:
        checks = validate(at, DAY).frames["spot_checks"]
    assert checks.height == 8
    assert set(checks["feature"]) == {"points_avg_season", "season_games"}
    assert checks["agrees"].all()
    assert checks["cutoff"].unique().to_list() == [QUOTED_AT]


def test_a_kept_value_that_raw_does_not_say_is_named_and_alerted_until_it_agrees(graded: Path):
    with opened(graded, now=LATER) as at:
        drawn = validate(at, DAY).frames["spot_checks"].row(0, named=True)
        feature = drawn["feature"]
        change = f"UPDATE precompute.ml_feature_store SET {feature} = {feature} + ? WHERE player_id = ?"
        at.warehouse.execute(change, [0.5, drawn["player_id"]])
        made = validate(at, DAY)
        assert made.facts["differences"] >= 1
        assert any(f"{feature} of {drawn['player_name']} in {GAME}" in words for words in made.wrong)
        [alert] = open_alerts(at.warehouse).to_dicts()
        assert (alert["alert"], alert["subject"]) == ("spot_check_differs", DAY.isoformat())
        done = WORKS["validation-report"](at, DAY, lambda _: None)
        assert done.status is RunStatus.PARTIAL
        at.warehouse.execute(change, [-0.5, drawn["player_id"]])
        validate(at, DAY)
        assert open_alerts(at.warehouse).is_empty()


def test_what_became_known_after_the_cutoff_is_no_part_of_a_spot_check(graded: Path):
    with opened(graded, now=LATER) as at:
        later = "UPDATE raw.player_box_scores SET points = 50 WHERE known_at > ?"
        at.warehouse.execute(later, [QUOTED_AT])
        assert validate(at, DAY).facts["differences"] == 0


def test_records_set_aside_between_the_two_mornings_are_counted_by_reason(graded: Path):
    aside = {"capture_id": "a", "kind": "quotes", "detail": "", "row_json": "{}"}
    times = (datetime(2024, 11, 12, 10, 59, tzinfo=UTC), QUOTED_AT, QUOTED_AT, MORNING)
    waiting = [aside | {"row_number": n, "reason": "no_line", "quarantined_at": at} for n, at in enumerate(times)]
    with opened(graded, now=LATER) as at:
        at.warehouse.append_new(QUARANTINE, pl.DataFrame(waiting))
        made = validate(at, DAY)
    assert [(row["reason"], row["records"]) for row in rows(made, "quarantine")] == [("no_line", 2)]


def test_a_date_of_which_nothing_is_kept_has_a_report_that_says_so(home: Path):
    with opened(home, now=LATER) as at:
        made = validate(at, DAY)
        text = at.objects.get(made.markdown).decode()
        page = at.objects.get(made.html).decode()
    assert (made.facts["feature_rows"], made.facts["quality"], made.facts["spot_checks"]) == (0, None, 0)
    assert "No feature row of the date is kept." in text
    assert "No feature row of the date is kept." in page


def test_the_page_tells_the_same_and_loads_nothing(graded: Path):
    with opened(graded, now=LATER) as at:
        made = validate(at, DAY)
        page = at.objects.get(made.html).decode()
    assert [one.title for one in made.sections if f"<h2>{one.title}</h2>" not in page] == []
    assert "BOS @ NYK" in page
    assert [link for link in ("<script", "http://", "https://", "src=") if link in page] == []
