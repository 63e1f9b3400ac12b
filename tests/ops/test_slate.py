"""`run_slate` on a small home: what it prices, what it refuses, and that doing it again changes nothing."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.features.league import BOS, GSW, LAL, NYK, League, evening
from tests.ops.slates import DAY, LATER, QUOTED_AT, TIP, forecast_anyone, keep_model, opened

from fairline.domain.errors import BrokenContract, LookAhead, NotFound
from fairline.ops import merging, starting
from fairline.ops.slate import run_slate
from fairline.ops.slate_rows import cutoffs_of
from fairline.platform.home import Home
from fairline.platform.ledger.contract import BatchStatus, RunStatus
from fairline.predict.schema import TABLES
from fairline.publish.exports import check

HERB = 903


@pytest.fixture(autouse=True)
def _anyone(monkeypatch: pytest.MonkeyPatch) -> None:
    forecast_anyone(monkeypatch)


def held(home: Home) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every prediction table, and every published file."""
    tables = {
        table.name: home.warehouse.query(f"SELECT * FROM {table.full_name} ORDER BY ALL").rows() for table in TABLES
    }
    return {**tables, "published": [(key, home.objects.get(key)) for key in sorted(home.objects.list("v1/"))]}


def test_a_slate_is_forecast_priced_kept_and_published(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        run = run_slate(at, DAY, ["points"])
        assert (run.as_of, run.games, run.notes) == (QUOTED_AT, 1, ())
        quoted = run.predictions.filter(pl.col("book") == "draftkings")
        assert quoted.select("player_id", "half_points").unique().rows() == [(HERB, 21)]
        assert {"gradient_boosting", "market_pooled"} <= set(quoted["system"])
        document = json.loads(at.objects.get(f"v1/predictions/{DAY}.json"))
        check("predictions", document)
        assert {player["player_id"] for player in document["players"]} == {901, 902, 903, 904}
        assert at.ledger.batch(run.batch_id).status == BatchStatus.DONE
        assert at.ledger.runs("run")[0].status == RunStatus.SUCCESS


def test_running_it_again_changes_nothing(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        first, before = run_slate(at, DAY, ["points"]), held(at)
    with opened(home) as at:
        second = run_slate(at, DAY, ["points"])
        assert held(at) == before
        assert second.batch_id == first.batch_id
        assert [(one.revision, one.written) for one in second.published] == [(1, False), (1, False)]


def test_nobody_unquoted_or_unable_is_lost(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        run = run_slate(at, DAY, ["points"])
        reasons = dict(run.predictions.filter(pl.col("system") == "market_pooled").select("player_id", "reason").rows())
        assert set(reasons) == {901, 902, 903, 904}
        assert {reasons[player] for player in (901, 902, 904)} == {"no_quotes"}


def test_without_quotes_the_board_says_so(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        run = run_slate(at, DAY, ["points"], as_of=QUOTED_AT - timedelta(hours=1))
        assert run.notes == ("no quotes are held for 2024-11-12 before 21:00 UTC",)
        assert set(run.predictions["book"]) == {""}


def test_a_day_gone_by_without_quotes_is_priced_at_its_first_tip_off(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        run = run_slate(at, date(2024, 11, 14), ["points"])
        assert run.as_of == datetime.fromisoformat("2024-11-15T03:40:00+00:00")


def test_tonight_is_priced_as_of_now_and_a_game_begun_as_of_its_tip_off(home: Path) -> None:
    now = QUOTED_AT + timedelta(minutes=30)
    with opened(home, now=now) as at:
        keep_model(at)
        assert run_slate(at, DAY, ["points"]).as_of == now
    with opened(home) as at:
        begun = run_slate(at, DAY, ["points"], as_of=TIP + timedelta(hours=1))
        assert begun.predictions["cutoff"].unique().to_list() == [TIP + timedelta(minutes=10)]


def test_no_games_that_day_names_the_nearest_days(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        with pytest.raises(NotFound, match="no games are held for 2024-11-13") as missing:
            run_slate(at, date(2024, 11, 13), ["points"])
        assert "2024-11-12 and 2024-11-14" in missing.value.hint
        assert at.ledger.runs("run")[0].status == RunStatus.FAILED


def test_a_moment_in_the_future_is_refused(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        with pytest.raises(LookAhead, match="lies in the future"):
            run_slate(at, DAY, ["points"], as_of=LATER + timedelta(minutes=1))


def test_a_moment_without_a_zone_is_refused(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        with pytest.raises(BrokenContract):
            run_slate(at, DAY, ["points"], as_of=QUOTED_AT.replace(tzinfo=None))


def test_a_run_that_breaks_is_failed_and_the_next_one_makes_it_good(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        message = "the disk is full"
        raise OSError(message)

    with opened(home) as at:
        keep_model(at)
        with monkeypatch.context() as broken:
            broken.setattr(merging, "price", breaks)
            with pytest.raises(OSError, match="the disk is full"):
                run_slate(at, DAY, ["points"])
        assert at.ledger.runs("run")[0].status == RunStatus.FAILED
        assert at.objects.list("v1/") == []
        run = run_slate(at, DAY, ["points"])
        assert at.ledger.batch(run.batch_id).status == BatchStatus.DONE


def trains(asked: list[list[str]]) -> Callable[..., None]:
    """Stands for training: notes what was asked, and keeps a model that knows no more than it may."""

    def train(home: Home, markets: list[str], *, known_by: datetime, told: Callable[[str], None]) -> None:
        asked.append(list(markets))
        told("fitting")
        keep_model(home, known_to=known_by)

    return train


def test_models_that_know_the_games_after_are_fitted_as_of_the_slate_first(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    steps: list[str] = []
    monkeypatch.setattr(starting, "train", trains(asked))
    with opened(home) as at:
        newer = keep_model(at, known_to=LATER)
        run = run_slate(at, DAY, ["points"], told=steps.append)
        assert asked == [["points"]]
        assert steps[0].startswith("the models of points learned from later outcomes")
        assert newer not in set(run.predictions["model_hash"])
        run_slate(at, DAY, ["points"])
        assert len(asked) == 1


def test_a_game_postponed_moved_away_or_not_yet_known_at_the_moment_is_left_out() -> None:
    league, day = League(), date(2023, 1, 12)
    league.game("0022200611", day, NYK, BOS)
    league.game("0022200612", day, LAL, GSW)
    noon, evening_before = evening(day, 12), evening(day - timedelta(days=1))
    league.game("0022200612", day, LAL, GSW, known_at=noon, status="postponed", statement="result")
    league.game("0022200613", day, GSW, NYK, known_at=noon)
    games = pl.DataFrame({"game_id": [f"002220061{last}" for last in (1, 2, 3)]}).with_columns(
        assumed_tip_at=evening(day)
    )
    games = games.with_columns(pl.col("assumed_tip_at").cast(pl.Datetime("us", "UTC")))
    warehouse = league.warehouse()
    assert cutoffs_of(warehouse, day, games, noon)["game_id"].to_list() == ["0022200611", "0022200613"]
    assert cutoffs_of(warehouse, day, games, evening_before)["game_id"].to_list() == ["0022200611", "0022200612"]
    assert cutoffs_of(warehouse, day + timedelta(days=1), games, noon).is_empty()
