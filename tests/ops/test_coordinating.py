"""Batches from start to end on a small home: what is written before they open, and what is made good afterwards."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.ops.slates import DAY, LATER, QUOTED_AT, forecast_anyone, keep_model, opened

from fairline.domain.errors import AlreadyOpen, ContractMismatch, LookAhead, NotFound, Transient
from fairline.ops import merging, starting
from fairline.ops.alerts import open_alerts
from fairline.ops.coordinating import Started, batch_status, check_stalled, complete_batch, start_batch
from fairline.ops.slate import run_slate
from fairline.platform.home import Home
from fairline.platform.ledger.contract import BatchStatus, TaskEnd, TaskOutcome, TaskState, UnitState
from fairline.predict.schema import TABLES
from fairline.predict.systems import SYSTEMS
from fairline.predict.worker import Worker
from fairline.publish.exports import check

TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def _anyone(monkeypatch: pytest.MonkeyPatch) -> None:
    forecast_anyone(monkeypatch)


def start(home: Home, **told: Any) -> Started:
    return start_batch(home, DAY, ["points"], **told)


def work_off(home: Home, owner: str = "worker 1") -> int:
    worker, done = Worker(home.ledger, home.objects, home.clock, owner, first_rest_s=0), 0
    while worker.work_once() is not None:
        done += 1
    return done


def fail_task(home: Home, system: str, error: str = "ValueError: no trees") -> None:
    """The worker that has this system comes to grief; the others are done."""
    while (claim := home.ledger.claim("predict", "unlucky", TEN_MINUTES)) is not None:
        if claim.task.key.endswith(system):
            home.ledger.finish(claim, TaskOutcome(TaskEnd.FAILED, error))
            return


def rows_of(home: Home) -> dict[str, list[tuple[object, ...]]]:
    return {one.name: home.warehouse.query(f"SELECT * FROM {one.full_name} ORDER BY ALL").rows() for one in TABLES}


def published(home: Home) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(home.objects.get(f"v1/predictions/{DAY}.json"))
    return document


def breaks(error: Exception) -> Callable[..., None]:
    def broken(*_: object, **__: object) -> None:
        raise error

    return broken


def test_a_start_settles_everything_its_workers_read_and_opens_the_batch(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        started = start(at)
        assert started.batch_id == f"{DAY}/slate/20241112T220000Z"
        assert (started.as_of, started.expected, started.tasks) == (QUOTED_AT, 4, len(SYSTEMS))
        names = [key.rpartition("/")[2].split(".")[0] for key in at.objects.list(f"batches/{started.batch_id}")]
        assert names == ["features", "lines", "plan", "players", "quotes"]
        assert at.ledger.batch(started.batch_id).status == BatchStatus.OPEN
        assert len(at.ledger.open_units_of(started.batch_id)) == 4
        assert [held.task.key for held in at.ledger.tasks_of(started.batch_id)] == [f"points/{one}" for one in SYSTEMS]


def test_only_the_systems_asked_for_have_tasks_and_one_there_is_not_is_not_found(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        with pytest.raises(NotFound, match="no system is named oracle"):
            start(at, systems=["oracle"])
        started = start(at, systems=["ensemble", "ensemble"])
        assert [held.task.key for held in at.ledger.tasks_of(started.batch_id)] == ["points/ensemble"]


def test_a_second_start_is_refused_before_anything_is_computed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(home) as at:
        keep_model(at)
        started = start(at)
        monkeypatch.setattr(starting, "refresh", breaks(AssertionError("computed")))
        with pytest.raises(AlreadyOpen, match=started.batch_id):
            start(at)


def test_what_a_restart_finds_open_is_refused_too(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        start(at)
    with opened(home) as at, pytest.raises(AlreadyOpen):
        start(at)


def test_a_race_is_decided_by_the_database_and_not_by_what_was_seen_before(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(home) as at:
        keep_model(at)
        first = start(at, systems=["ensemble"])
        monkeypatch.setattr(starting, "refuse_open", lambda *_: None)
        with pytest.raises(AlreadyOpen, match=first.batch_id):
            start(at, systems=["similarity"])
        assert len(at.ledger.open_batches()) == 1


def test_force_supersedes_the_open_batch_and_is_the_next_attempt(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        first = start(at)
        again = start(at, force=True)
        assert again.batch_id == first.batch_id
        assert (at.ledger.batch(again.batch_id).attempt, again.tasks) == (2, len(SYSTEMS))
        other = start(at, force=True, systems=["ensemble"])
        assert other.batch_id == f"{first.batch_id}.2"
        assert at.ledger.batch(first.batch_id).status == BatchStatus.FAILED
        assert [held.batch_id for held in at.ledger.open_batches()] == [other.batch_id]


def test_a_late_result_of_a_superseded_batch_is_nobodys(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        first = start(at)
        claim = at.ledger.claim("predict", "slow", TEN_MINUTES)
        assert claim is not None
        start(at, force=True, systems=["ensemble"])
        assert complete_batch(at, first.batch_id) is None
        assert at.objects.list("v1/") == []


@pytest.mark.parametrize(
    ("asked", "error", "told"),
    [
        ({"day": date(2024, 11, 13)}, NotFound, "no games are held"),
        ({"markets": ["rebounds"]}, NotFound, "no model is trained for rebounds"),
        ({"as_of": LATER + timedelta(minutes=1)}, LookAhead, "lies in the future"),
    ],
)
def test_what_cannot_be_started_leaves_nothing_behind(
    home: Path, asked: dict[str, Any], error: type[Exception], told: str
) -> None:
    with opened(home) as at:
        keep_model(at)
        with pytest.raises(error, match=told):
            start_batch(at, **{"day": DAY, "markets": ["points"], **asked})
        assert at.ledger.batches() == []
        assert at.objects.list("batches/") == []


def test_a_start_that_dies_at_any_write_leaves_nothing_in_the_way_of_the_next(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(home) as at:
        keep_model(at)
        put_new, writes = at.objects.put_new, iter(range(99))
        for survived in range(5):
            left = survived

            def dying(key: str, content: bytes) -> bool:
                nonlocal left
                left -= 1
                if left < 0:
                    raise KeyboardInterrupt
                return put_new(key, content)

            monkeypatch.setattr(at.objects, "put_new", dying)
            with pytest.raises(KeyboardInterrupt):
                start(at)
            assert at.ledger.open_batches() == []
            next(writes)
        monkeypatch.setattr(at.objects, "put_new", put_new)
        monkeypatch.setattr(at.ledger, "open", breaks(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            start(at)
    with opened(home) as at:
        started = start(at)
        assert started.batch_id == f"{DAY}/slate/20241112T220000Z"
        work_off(at)
        assert complete_batch(at, started.batch_id) is not None


def test_a_batch_is_complete_when_its_last_task_has_ended_and_not_before(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        batch_id = start(at).batch_id
        assert complete_batch(at, batch_id) is None
        assert at.objects.list("v1/") == []
        assert work_off(at) == len(SYSTEMS)
        run = complete_batch(at, batch_id)
        assert run is not None
        assert (run.status, run.games, run.skipped) == (BatchStatus.DONE, 1, {})
        assert {one.written for one in run.published} == {True}
        check("predictions", published(at))


def test_start_worker_and_complete_come_to_what_one_run_comes_to(home: Path, tmp_path: Path) -> None:
    import shutil

    twin = Path(shutil.copytree(home, tmp_path / "twin"))
    with opened(home) as at:
        keep_model(at)
        batch_id = start(at).batch_id
        work_off(at)
        complete_batch(at, batch_id)
        apart, told_apart = rows_of(at), published(at)
    with opened(twin) as at:
        keep_model(at)
        run_slate(at, DAY, ["points"])
        assert (rows_of(at), published(at)) == (apart, told_apart)


def test_completing_twice_or_by_two_at_once_changes_nothing(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        batch_id = start(at).batch_id
        work_off(at)
        first = complete_batch(at, batch_id)
        before, closed_at = rows_of(at), at.ledger.batch(batch_id).closed_at
        second = complete_batch(at, batch_id)
        assert first is not None
        assert second is not None
        assert second.predictions.equals(first.predictions)
        assert [(one.revision, one.written) for one in second.published] == [(1, False), (1, False)]
        assert (rows_of(at), at.ledger.batch(batch_id).closed_at) == (before, closed_at)


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (merging, "price"), (merging, "best"), (merging, "ended"), (merging, "publish"), (merging, "best_sides"),
        (merging, "documents"), (merging, "_published_key"), (merging, "_run"),
    ],
)  # fmt: skip
def test_a_completer_that_dies_at_any_step_leaves_the_rest_to_the_next(
    home: Path, monkeypatch: pytest.MonkeyPatch, where: Any, name: str
) -> None:
    with opened(home) as at:
        keep_model(at)
        batch_id = start(at).batch_id
        work_off(at)
        with monkeypatch.context() as dying:
            dying.setattr(where, name, breaks(KeyboardInterrupt()))
            with pytest.raises(KeyboardInterrupt):
                complete_batch(at, batch_id)
    with opened(home) as at:
        run = complete_batch(at, batch_id)
        assert run is not None
        assert run.status == at.ledger.batch(batch_id).status == BatchStatus.DONE
        assert [one.number for one in at.ledger.revisions(f"v1/predictions/{DAY}")] == [1]
        assert published(at)["revision"] == 1


def test_a_failed_system_says_so_in_its_own_rows_and_the_batch_is_partial(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        batch_id = start(at).batch_id
        fail_task_only(at, "similarity")
        run = complete_batch(at, batch_id)
        assert run is not None
        assert run.status == BatchStatus.PARTIAL
        assert run.notes == ("similarity on points has no forecasts: ValueError: no trees",)
        assert set(run.predictions.filter(pl.col("system") == "similarity")["reason"]) == {"system_failed"}
        quoted = run.predictions.filter(pl.col("system") == "market_pooled", pl.col("player_id") == 903)
        assert quoted["mean"].null_count() == 0
        systems = [one["system"] for one in published(at)["players"][0]["markets"][0]["systems"]]
        assert set(systems) == set(SYSTEMS)


def fail_task_only(home: Home, system: str) -> None:
    """Do every task but the system's, which fails."""
    claims = []
    while (claim := home.ledger.claim("predict", "unlucky", TEN_MINUTES)) is not None:
        if claim.task.key.endswith(system):
            home.ledger.finish(claim, TaskOutcome(TaskEnd.FAILED, "ValueError: no trees"))
        else:
            claims.append(claim)
    for claim in claims:
        home.ledger.finish(claim, TaskOutcome(TaskEnd.RETRY, "not mine"))
    work_off(home)


def test_what_failed_is_planned_anew_by_the_same_start_and_published_as_a_new_revision(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        batch_id = start(at).batch_id
        fail_task_only(at, "gradient_boosting")
        complete_batch(at, batch_id)
        again = start(at)
        assert (again.batch_id, at.ledger.batch(batch_id).attempt) == (batch_id, 2)
        assert work_off(at) == 1
        run = complete_batch(at, batch_id)
        assert run is not None
        assert run.status == BatchStatus.DONE
        assert published(at)["revision"] == 2
        assert "system_failed" not in set(run.predictions["reason"])


def test_the_same_start_after_a_good_end_is_that_batch_and_leaves_nothing_to_do(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        first = start(at)
        work_off(at)
        complete_batch(at, first.batch_id)
        again = start(at)
        assert (again.batch_id, again.tasks) == (first.batch_id, 0)
        assert at.ledger.open_batches() == []


def test_when_every_system_failed_nothing_is_published_and_an_alert_tells_of_it(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        batch_id = start(at, systems=["ensemble", "similarity"]).batch_id
        for system in ("ensemble", "similarity"):
            fail_task(at, system)
        assert complete_batch(at, batch_id) is None
        assert at.ledger.batch(batch_id).status == BatchStatus.FAILED
        assert at.objects.list("v1/") == []
        alerts = open_alerts(at.warehouse)
        assert alerts.select("alert", "subject").rows() == [("batch_stalled", str(DAY))]
        assert complete_batch(at, batch_id) is None
        start(at)
        work_off(at)
        run_slate(at, DAY, ["points"])
        assert open_alerts(at.warehouse).is_empty()


def test_a_slate_of_which_everybody_is_filtered_opens_and_closes_done_and_nobody_disappears(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    with opened(home) as at:
        keep_model(at)
        started = start(at)
        assert (started.expected, started.skipped, started.tasks) == (4, {"quality": 4}, 0)
        assert batch_status(at.ledger, started.batch_id).percent_done == 0
        run = complete_batch(at, started.batch_id)
        assert run is not None
        assert (run.status, run.skipped) == (BatchStatus.DONE, {"quality": 4})
        assert {one["player_id"] for one in published(at)["players"]} == {901, 902, 903, 904}
        assert set(run.predictions["reason"]) == {"quality"}
        assert batch_status(at.ledger, started.batch_id).percent_done == 100


def test_the_status_is_the_ledgers_alone_and_says_who_has_what(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        batch_id = start(at, systems=["ensemble", "similarity"]).batch_id
        at.ledger.claim("predict", "worker 7", TEN_MINUTES)
        work_off(at)
    with opened(home) as at:
        view = batch_status(at.ledger, batch_id)
        assert view.units == {"open": 4, "done": 0, "skipped": 0, "failed": 0}
        assert [(one.task.key, one.state, one.owner) for one in view.tasks] == [
            ("points/ensemble", TaskState.CLAIMED, "worker 7"), ("points/similarity", TaskState.DONE, "worker 1"),
        ]  # fmt: skip
        assert view.percent_done == 50
        with pytest.raises(NotFound):
            batch_status(at.ledger, "another")


def test_a_stalled_batch_is_freed_once_and_then_failed_with_an_alert(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        batch_id = start(at).batch_id
        at.ledger.claim("predict", "gone", timedelta(hours=2))
        assert [one.action for one in check_stalled(at)] == ["waiting"]
        at.clock.advance(TEN_MINUTES)  # type: ignore[attr-defined]
        assert [(one.action, one.detail) for one in check_stalled(at)] == [("requeued", "1 tasks freed")]
        assert [one.action for one in check_stalled(at)] == ["waiting"]
        at.clock.advance(TEN_MINUTES)  # type: ignore[attr-defined]
        assert [one.action for one in check_stalled(at)] == ["failed"]
        assert at.ledger.batch(batch_id).status == BatchStatus.FAILED
        assert check_stalled(at) == []
        assert open_alerts(at.warehouse)["detail"].to_list() == [
            f"{batch_id}: no progress for 10 minutes, a second time"
        ]


def requeued(home: Home, systems: list[str]) -> str:
    """A batch whose worker on the first system was gone for ten minutes: that is free again, the rest is done."""
    batch_id = start(home, systems=systems).batch_id
    home.ledger.claim("predict", "gone", timedelta(hours=2))
    work_off(home)
    home.clock.advance(TEN_MINUTES)  # type: ignore[attr-defined]
    check_stalled(home)
    return batch_id


def test_a_stalled_batch_with_an_answer_for_everyone_is_merged_without_the_rest(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        batch_id = requeued(at, ["similarity", "gradient_boosting"])
        at.ledger.claim("predict", "gone too", timedelta(hours=2))
        at.clock.advance(TEN_MINUTES)  # type: ignore[attr-defined]
        (verdict,) = check_stalled(at)
        assert (verdict.action, verdict.detail) == ("completed", "1 tasks without a result")
        assert at.ledger.batch(batch_id).status == BatchStatus.PARTIAL
        assert at.ledger.tally(batch_id)[UnitState.DONE] == 4
        assert published(at)["revision"] == 1
        assert [one.state for one in at.ledger.tasks_of(batch_id)] == [TaskState.WITHDRAWN, TaskState.DONE]


def test_what_a_worker_would_bring_after_a_merge_without_it_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seed 41569: published without the rest, dead before the close; then the rest came, and was kept alone."""
    with opened(home) as at:
        keep_model(at)
        batch_id = requeued(at, ["gradient_boosting", "similarity"])
        at.clock.advance(TEN_MINUTES)  # type: ignore[attr-defined]
        with monkeypatch.context() as dying:
            dying.setattr(type(at.ledger), "close", breaks(KeyboardInterrupt()))
            with pytest.raises(KeyboardInterrupt):
                check_stalled(at)
        assert work_off(at) == 0
        assert [one.action for one in check_stalled(at)] == ["completed"]
        kept = at.warehouse.query("SELECT player_id, system, mean FROM predictions.player_prop_forecasts").rows()
        assert means(published(at)) == {(player, system): mean for player, system, mean in kept}
        assert published(at)["revision"] == 1
        assert at.ledger.batch(batch_id).status == BatchStatus.FAILED
        start(at, systems=["gradient_boosting", "similarity"])
        assert work_off(at) == 1
        assert [one.action for one in check_stalled(at)] == ["completed"]
        assert at.ledger.batch(batch_id).status == BatchStatus.DONE
        assert means(published(at))[901, "gradient_boosting"] is not None


def means(document: dict[str, Any]) -> dict[tuple[int, str], float | None]:
    return {
        (player["player_id"], system["system"]): system["mean"]
        for player in document["players"]
        for market in player["markets"]
        for system in market["systems"]
    }


def test_a_completion_nobody_asked_for_is_made_by_the_next_check(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        batch_id = start(at).batch_id
        work_off(at)
        assert [one.action for one in check_stalled(at)] == ["completed"]
        assert at.ledger.batch(batch_id).status == BatchStatus.DONE


def test_a_batch_that_cannot_be_merged_does_not_stay_open_for_ever(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        batch_id = start(at).batch_id
        work_off(at)
        (result,) = [one.result for one in at.ledger.tasks_of(batch_id) if one.task.key.endswith("ensemble")]
        at.objects.delete(result)
        actions = []
        for _ in range(4):
            actions += [one.action for one in check_stalled(at)]
            at.clock.advance(TEN_MINUTES)  # type: ignore[attr-defined]
        assert actions == ["merge_failed", "merge_failed", "failed"]
        assert at.ledger.batch(batch_id).status == BatchStatus.FAILED


def test_without_leave_to_fall_back_features_that_cannot_be_built_are_an_error(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(home) as at:
        keep_model(at)
        monkeypatch.setattr(starting, "slate_rows", breaks(Transient("no memory", hint="Try again.")))
        with pytest.raises(Transient, match="no memory"):
            start(at)
        with pytest.raises(NotFound, match="nothing to fall back on"):
            start(at, fallback=True)
        assert at.ledger.batches() == []


def test_a_slate_falls_back_on_rows_kept_earlier_at_their_lower_quality(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(home) as at:
        keep_model(at)
        earlier = start(at, as_of=QUOTED_AT - timedelta(hours=2))
        built = at.warehouse.query("SELECT player_id, quality, row_hash FROM precompute.ml_feature_store")
        monkeypatch.setattr(starting, "slate_rows", breaks(Transient("no memory", hint="Try again.")))
        started = start(at, fallback=True, force=True)
        assert started.batch_id != earlier.batch_id
        work_off(at)
        run = complete_batch(at, started.batch_id)
        assert run is not None
        assert run.notes[0].startswith("features as kept earlier, for they could not be built (Transient: no memory")
        rows = run.predictions.filter(pl.col("system") == "gradient_boosting").unique("player_id")
        both = rows.join(built, on="player_id", suffix="_built")
        assert both.height == 4
        assert (both["row_hash"] == both["row_hash_built"]).all()
        assert (both["quality"] < both["quality_built"]).all()
        assert set(rows["cutoff"]) == {QUOTED_AT}
        # What was not quoted two hours before is priced at the quote of now.
        assert run.predictions.filter(pl.col("book") == "draftkings").height > 0


def test_what_no_error_of_the_features_explains_is_not_fallen_back_from(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(home) as at:
        keep_model(at)
        start(at, as_of=QUOTED_AT - timedelta(hours=2))
        monkeypatch.setattr(starting, "slate_rows", breaks(LookAhead("the box score was known", hint="Earlier.")))
        with pytest.raises(LookAhead):
            start(at, fallback=True, force=True)


def test_a_batch_left_open_by_a_run_that_died_is_taken_up_with_what_it_had(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        batch_id = start(at).batch_id
        claim = at.ledger.claim("predict", "died", timedelta(hours=2))
        assert claim is not None
        assert Worker(at.ledger, at.objects, at.clock, "died too").work_once() is not None
    with opened(home) as at:
        run = run_slate(at, DAY, ["points"])
        assert (run.batch_id, run.status) == (batch_id, BatchStatus.DONE)
        held = at.ledger.batch(batch_id)
        assert (held.attempt, held.requeued) == (1, 1)


def test_a_run_at_another_moment_supersedes_what_was_left_open(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        left = start(at, as_of=QUOTED_AT - timedelta(hours=1)).batch_id
        run = run_slate(at, DAY, ["points"])
        assert at.ledger.batch(left).status == BatchStatus.FAILED
        assert run.status == BatchStatus.DONE
        again = run_slate(at, DAY, ["points"], as_of=QUOTED_AT - timedelta(hours=1))
        assert (again.batch_id, again.status, at.ledger.batch(left).attempt) == (left, BatchStatus.DONE, 3)


def test_a_model_of_other_features_is_refused_before_the_batch_is_opened(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(home) as at:
        keep_model(at)
        monkeypatch.setattr(starting, "contract_hash", lambda _: "another")
        with pytest.raises(ContractMismatch, match="the rows follow another"):
            start(at)
        assert at.ledger.batches() == []


def test_a_moment_is_kept_to_the_microsecond_though_the_id_tells_seconds(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        moment = QUOTED_AT + timedelta(minutes=1)
        first = start(at, as_of=moment)
        second = start(at, as_of=moment + timedelta(microseconds=1), force=True)
        assert second.batch_id == f"{first.batch_id}.2"
        assert second.as_of == datetime(2024, 11, 12, 22, 1, 0, 1, tzinfo=QUOTED_AT.tzinfo)
