"""A user's own news at work: kept once and for good, priced at once, marked in grades, undone without a trace lost."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.features.league import NYK
from tests.ops.slates import DAY, QUOTED_AT, TIP, forecast_anyone, keep_model, opened

from fairline.domain.errors import FairlineError, LookAhead, NotFound, Refused
from fairline.ops import reading
from fairline.ops.availability import availability
from fairline.ops.news import listed, tell, withdraw
from fairline.ops.results import grade_date
from fairline.ops.slate import run_slate
from fairline.platform.home import Home

HERB, JAREN = 903, 904
MINUTE = timedelta(minutes=1)
TOLD_AT = QUOTED_AT + 30 * MINUTE


@pytest.fixture(autouse=True)
def _anyone(monkeypatch: pytest.MonkeyPatch) -> None:
    forecast_anyone(monkeypatch)


@pytest.fixture
def priced(home: Path) -> Path:
    """The small league's slate priced when its one quote was seen; Herbert Jones is quoted."""
    with opened(home, now=QUOTED_AT) as at:
        keep_model(at)
        run_slate(at, DAY, ["points"])
    return home


def out(home: Home, player: str = "herb jones", **told: object) -> object:
    return tell(home, player, "out", source="beat writer", **told)  # type: ignore[arg-type]


def test_news_is_priced_at_once_and_published_as_a_new_revision(priced: Path) -> None:
    with opened(priced, now=TOLD_AT) as at:
        told = tell(at, "herb jones", "out", source="beat writer")
    assert told.news[1:] == (HERB, "Herbert Jones", NYK, DAY, "out", None, "beat writer")
    assert told.repriced is not None
    herb = told.repriced.changes.filter(player="Herbert Jones", system="gradient_boosting").row(0, named=True)
    assert (herb["status_before"], herb["status"], herb["after"]) == (None, "out", None)
    assert herb["before"] > 0
    assert [(one.revision, one.written) for one in told.repriced.published] == [(2, True), (2, True)]
    assert told.repriced.compared_with == QUOTED_AT


def test_whom_the_user_says_to_be_out_is_no_pick_and_the_other_team_is_not_told_of(priced: Path) -> None:
    with opened(priced, now=TOLD_AT) as at:
        told = tell(at, "herb jones", "out", source="beat writer")
        assert told.repriced is not None
        rows = at.warehouse.query(
            "SELECT recommendation, reason FROM predictions.player_prop_predictions"
            " WHERE batch_id = ? AND player_id = ?",
            [told.repriced.batch_id, HERB],
        )
        assert set(rows.rows()) == {("PASS", "out")}
        assert set(told.repriced.changes["player"]) <= {"Herbert Jones", "Jaren Jackson Jr."}


def test_taking_it_back_prices_again_as_before(priced: Path) -> None:
    with opened(priced, now=TOLD_AT) as at:
        out(at)
    with opened(priced, now=TOLD_AT + MINUTE) as at:
        back = withdraw(at, "herb jones")
        assert (back.news.status, back.news.news_id) == ("withdrawn", 1)
        means = at.warehouse.query(
            "SELECT cutoff, mean FROM predictions.player_prop_forecasts"
            " WHERE player_id = ? AND system = 'gradient_boosting' ORDER BY cutoff",
            [HERB],
        )
        assert means["cutoff"].to_list() == [QUOTED_AT, TOLD_AT, TOLD_AT + MINUTE]
        assert means["mean"][0] == means["mean"][2]
        assert availability(at, str(HERB)).rows["status"].to_list() == ["unknown"]


def test_nothing_is_deleted_by_taking_it_back(priced: Path) -> None:
    with opened(priced, now=TOLD_AT) as at:
        out(at)
    with opened(priced, now=TOLD_AT + MINUTE) as at:
        withdraw(at, news_id=1)
        held = at.warehouse.query("SELECT news_id, status, known_at, words FROM raw.user_news ORDER BY known_at").rows()
        assert held == [(1, "out", TOLD_AT, "beat writer"), (1, "withdrawn", TOLD_AT + MINUTE, "beat writer")]
        assert listed(at).select("news_id", "counts", "ended_by", "until").rows() == [
            (1, False, "you", TOLD_AT + MINUTE)
        ]
        assert len([key for key in at.objects.list("captures/import/user_news/") if key.endswith(".zst")]) == 2
        with pytest.raises(NotFound, match="No news 1 of yours counts"):
            withdraw(at, news_id=1)


def test_grades_tell_which_forecasts_were_made_under_news_and_score_them_apart(priced: Path) -> None:
    with opened(priced, now=TOLD_AT) as at:
        tell(at, "jaren", "questionable", source="beat writer")
    with opened(priced) as at:
        day = grade_date(at, DAY)
        everything = reading.period(DAY, None, None, at.clock.now())
        graded = reading.grades(at.warehouse, reading.Filters(everything, player=HERB, system="market_pooled"))
        made = reading.predictions(at.warehouse, reading.Filters(everything), every_run=True)
    # His own forecast before the news is not marked, the one after it is, and no forecast of the other team ever.
    assert graded.sort("cutoff").select("cutoff", "news").rows() == [(QUOTED_AT, None), (TOLD_AT, "1")]
    assert set(made.filter(pl.col("news").is_not_null())["player_id"]) == {HERB, JAREN}
    apart = day.graded.performance.filter(slice_by="news", system="gradient_boosting")
    assert dict(apart.select("slice", "expected").iter_rows()) == {"under": 1, "without": 0}


def test_a_day_without_news_is_not_split_by_it(priced: Path) -> None:
    with opened(priced) as at:
        assert grade_date(at, DAY).graded.performance.filter(slice_by="news").is_empty()


def test_news_of_a_day_nobody_priced_is_kept_and_prices_nothing(home: Path) -> None:
    with opened(home, now=TOLD_AT) as at:
        keep_model(at)
        assert tell(at, "herb jones", "out", source="beat writer").repriced is None
        run = run_slate(at, DAY, ["points"])
        assert set(run.predictions.filter(player_id=HERB)["reason"]) == {"out"}


def test_news_is_not_lost_when_pricing_fails(priced: Path) -> None:
    with opened(priced, now=TOLD_AT) as at:
        for key in list(at.objects.list("models/")):
            at.objects.delete(key)
        with pytest.raises(FairlineError, match="News 1 is kept, but 2024-11-12 could not be priced again"):
            out(at)
        assert listed(at)["counts"].to_list() == [True]


def test_news_is_of_the_next_game_that_has_not_begun(priced: Path) -> None:
    with opened(priced, now=TIP + 9 * MINUTE) as at:
        assert tell(at, "herb jones", "out", source="x").news.game_date == DAY
    with opened(priced, now=TIP + 11 * MINUTE) as at:
        with pytest.raises(LookAhead, match="has begun"):
            tell(at, "herb jones", "questionable", source="x", day=DAY)
        with pytest.raises(NotFound, match="No game of Herbert Jones on 2024-11-13"):
            tell(at, "herb jones", "out", source="x", day=date(2024, 11, 13))


def test_a_status_that_is_so_already_is_no_news_and_makes_no_quote_stale(priced: Path) -> None:
    with opened(priced, now=TOLD_AT) as at:
        out(at)
    said = pytest.raises(Refused, match="is out already, by user_news: beat writer")
    with opened(priced, now=TOLD_AT + MINUTE) as at, said:
        out(at)


@pytest.mark.parametrize(
    ("status", "told", "said"),
    [
        ("injured", {"source": "x"}, "nothing to say"),
        ("out", {"source": "  "}, "where it is from"),
        ("out", {"source": "x", "minutes": 20.0}, "mean nothing"),
        ("plays", {"source": "x", "minutes": 61.0}, "mean nothing"),
        ("plays", {"source": "x", "minutes": float("nan")}, "mean nothing"),
    ],
)
def test_news_that_cannot_be_meant_is_refused_before_it_is_kept(
    priced: Path, status: str, told: dict[str, object], said: str
) -> None:
    with opened(priced, now=TOLD_AT) as at:
        with pytest.raises(Refused, match=said):
            tell(at, "herb jones", status, **told)  # type: ignore[arg-type]
        assert listed(at).is_empty()


def test_two_who_tell_at_one_instant_are_two_news(priced: Path) -> None:
    with opened(priced, now=TOLD_AT) as at:
        out(at)
        tell(at, "jaren", "questionable", source="x")
        assert sorted(listed(at)["news_id"].to_list()) == [1, 2]
