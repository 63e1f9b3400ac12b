"""What a batch needs next, whatever happens in whatever order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.predict.coordinator import (
    STALLED_AFTER,
    BatchState,
    Checked,
    Command,
    DeadlinePassed,
    Ended,
    Event,
    Fail,
    FallBack,
    Merge,
    MergeFailed,
    Requeue,
    Stage,
    Started,
    TaskEnded,
    decide,
)

NOON = datetime(2025, 11, 28, 17, tzinfo=UTC)
TASKS = (("points", "a"), ("points", "b"), ("threes", "a"), ("threes", "b"))
STARTED = Started(TASKS, {"points": 15, "threes": 4}, 1, NOON)


def after(*events: Event) -> tuple[BatchState, list[Command]]:
    state, told = BatchState(), []
    for event in events:
        state, commands = decide(state, event)
        told += commands
    return state, told


def done(*tasks: tuple[str, str], at: datetime = NOON, end: Ended = Ended.DONE) -> list[TaskEnded]:
    return [TaskEnded(market, system, end, at) for market, system in tasks]


def late(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_when_the_last_task_has_ended_the_results_are_merged() -> None:
    assert after(STARTED, *done(*TASKS[:3]))[1] == []
    assert after(STARTED, *done(*TASKS)) == (replace(after(STARTED, *done(*TASKS))[0], stage=Stage.MERGED), [Merge()])


def test_a_failed_system_is_lacking_and_keeps_no_other_from_being_merged() -> None:
    told = after(STARTED, *done(*TASKS[:3]), *done(TASKS[3], end=Ended.FAILED))[1]
    assert told == [Merge(lacking=1)]


def test_a_batch_whose_every_system_failed_is_failed_and_not_merged() -> None:
    assert after(STARTED, *done(*TASKS, end=Ended.FAILED))[1] == [Fail("every system failed")]


def test_a_batch_whose_every_unit_was_filtered_is_merged_at_once() -> None:
    state, told = after(Started((), {}, 12, NOON))
    assert (state.stage, told, state.percent) == (Stage.MERGED, [Merge()], 100)


def test_a_last_end_nobody_was_told_of_is_seen_by_a_check() -> None:
    state = BatchState(Stage.RUNNING, dict.fromkeys(TASKS, Ended.DONE), {"points": 15}, 0, NOON)
    assert decide(state, Checked(NOON))[1] == (Merge(),)


def test_a_batch_that_progresses_is_left_alone_to_the_minute() -> None:
    assert after(STARTED, Checked(NOON + STALLED_AFTER - timedelta(seconds=1)))[1] == []
    assert after(STARTED, *done(TASKS[0], at=late(5)), Checked(late(14.9)))[1] == []


def test_a_stalled_batch_is_requeued_once_and_then_failed() -> None:
    told = after(STARTED, Checked(late(10)), Checked(late(19)), Checked(late(20)), Checked(late(40)))[1]
    assert told == [Requeue(), Fail("no progress for 10 minutes, a second time")]


def test_a_stalled_batch_of_which_95_percent_can_end_well_is_merged_without_the_rest() -> None:
    stuck = Started(TASKS, {"points": 18, "threes": 1}, 1, NOON)
    assert after(stuck, *done(TASKS[0]), Checked(late(10)), Checked(late(20)))[1] == [Requeue(), Merge(lacking=3)]
    fewer = Started(TASKS, {"points": 17, "threes": 2}, 1, NOON)
    assert isinstance(after(fewer, *done(TASKS[0]), Checked(late(10)), Checked(late(20)))[1][-1], Fail)


def test_progress_after_the_requeue_gives_ten_more_minutes_but_no_second_requeue() -> None:
    told = after(STARTED, Checked(late(10)), *done(TASKS[0], at=late(19)), Checked(late(28)), Checked(late(29)))[1]
    assert told[0] == Requeue()
    assert told[1:] == [Fail("no progress for 10 minutes, a second time")]


def test_a_task_told_of_twice_or_of_another_batch_changes_nothing() -> None:
    state, _ = after(STARTED, *done(TASKS[0]))
    assert decide(state, done(TASKS[0], end=Ended.FAILED)[0]) == (state, ())
    assert decide(state, done(("rebounds", "a"))[0]) == (state, ())
    assert decide(state, STARTED) == (state, ())


def test_a_batch_that_cannot_be_merged_is_tried_again_once_and_then_failed_with_the_error() -> None:
    state = BatchState(Stage.RUNNING, dict.fromkeys(TASKS, Ended.DONE), {"points": 15}, 0, NOON)
    assert decide(state, MergeFailed(late(9), "OSError: disk full"))[1] == ()
    state, told = decide(state, MergeFailed(late(10), "OSError: disk full"))
    assert told == (Requeue(),)
    assert decide(state, MergeFailed(late(20), "OSError: disk full"))[1] == (
        Fail("its results cannot be merged: OSError: disk full"),
    )


def test_features_not_there_by_the_deadline_are_fallen_back_from_once_and_then_the_slate_fails() -> None:
    assert after(DeadlinePassed(NOON), STARTED, *done(*TASKS))[1] == [FallBack(), Merge()]
    told = after(DeadlinePassed(NOON), DeadlinePassed(late(15)))[1]
    assert told == [FallBack(), Fail("no features by the deadline, and none kept to fall back on")]
    assert after(STARTED, DeadlinePassed(late(1)))[1] == []


minutes = st.integers(0, 60).map(late)
markets = st.sampled_from(["points", "threes", "rebounds"])
some_event = st.one_of(
    st.just(STARTED),
    st.builds(TaskEnded, markets, st.sampled_from("abc"), st.sampled_from(Ended), minutes),
    st.builds(Checked, minutes),
    st.builds(DeadlinePassed, minutes),
    st.builds(MergeFailed, minutes, st.just("OSError: disk full")),
)


@given(st.lists(some_event, max_size=40))
def test_in_any_order_a_batch_ends_at_most_once_and_is_never_more_than_done(events: list[Event]) -> None:
    state, ends = BatchState(), 0
    for event in events:
        before = state
        state, commands = decide(state, event)
        ends += sum(isinstance(command, Merge | Fail) for command in commands)
        assert ends == state.over
        assert not (before.over and commands)
        assert 0 <= state.percent <= 100
        assert 0 <= state.share_well <= 1
        assert state.requeued <= 1


four_ends = st.lists(st.sampled_from([Ended.DONE, Ended.FAILED]), min_size=4, max_size=4)


@given(st.lists(some_event, max_size=20), st.permutations(TASKS), four_ends)
def test_whatever_came_before_a_batch_whose_tasks_end_or_that_is_checked_for_long_enough_reaches_its_end(
    events: list[Event], order: list[tuple[str, str]], ends: list[Ended]
) -> None:
    told = [TaskEnded(*task, end, late(61)) for task, end in zip(order, ends, strict=True)]
    assert after(*events, STARTED, *told)[0].over
    assert after(*events, STARTED, Checked(late(61)), Checked(late(75)), Checked(late(90)))[0].over


@given(st.permutations(done(*TASKS) * 2))
def test_redelivered_and_reordered_ends_come_to_one_merge(events: list[TaskEnded]) -> None:
    assert after(STARTED, *events)[1] == [Merge()]


@pytest.mark.parametrize("stage", [Stage.MERGED, Stage.FAILED])
def test_what_has_ended_stays_as_it_is(stage: Stage) -> None:
    state = BatchState(stage)
    for event in (STARTED, *done(*TASKS), Checked(late(99)), DeadlinePassed(NOON), MergeFailed(NOON, "")):
        assert decide(state, event) == (state, ())
