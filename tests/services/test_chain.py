"""The chain in one process: what rings what, and what becomes of a message twice told, or that nobody could bear."""

import random
from datetime import timedelta
from pathlib import Path

import pytest
from tests.ops.players import landed
from tests.ops.slates import DAY, QUOTED_AT
from tests.ops.test_phases import everyone_is_forecast, held
from tests.services.league import learned, message, stationed

from fairline.domain.errors import BrokenContract, NotFound
from fairline.ops.coordinating import start_batch
from fairline.platform.bus import Message
from fairline.platform.ledger.contract import BatchStatus
from fairline.services import chain
from fairline.services.station import Station

__all__ = ["everyone_is_forecast"]

EVERY_PHASE = ("capture-landed", "raw-loaded", "analytics-ready", "features-ready", "batch-open", "task-done")


def heard_at(place: Station) -> list[Message]:
    """Every message the station's bus carries from now on."""
    heard: list[Message] = []
    for phase in EVERY_PHASE:
        place.bus.subscribe(phase, heard.append)
    return heard


def test_a_capture_goes_through_every_step_to_the_features(home: Path):
    with stationed(home) as place:
        heard = heard_at(place)
        chain.subscribe(place)
        with place.turn() as at:
            landed(at)
        place.bus.publish(message("capture-landed"))
        assert [one.phase for one in heard] == ["capture-landed", "raw-loaded", "analytics-ready", "features-ready"]
        assert {one.correlation_id for one in heard} == {"chain-1"}
        assert {run.name for run in place.ledger.runs()} >= {"raw", "analytics", "precompute"}
        with place.turn() as at:
            assert at.warehouse.query("SELECT count(*) FROM precompute.ml_feature_store").item() == 4
        assert place.ledger.dead_messages() == []


def test_every_message_delivered_again_late_and_shuffled_changes_nothing(home: Path):
    with stationed(home) as place:
        heard = heard_at(place)
        chain.subscribe(place)
        with place.turn() as at:
            landed(at)
        place.bus.publish(message("capture-landed"))
        with place.turn() as at:
            before = held(at)
        again = heard[:] * 2
        random.Random(11).shuffle(again)
        for one in again:
            place.bus.publish(one)
        with place.turn() as at:
            assert held(at) == before


def test_a_message_of_nothing_new_calls_nobody(home: Path):
    with stationed(home) as place:
        for role, phase in (("raw", "capture-landed"), ("analytics", "raw-loaded"), ("precompute", "analytics-ready")):
            assert chain.deliver(place, role, message(phase, status="no_data")).status == "no_data"
        assert [run.name for run in place.ledger.runs() if run.name != "import"] == []


def test_yesterdays_box_scores_make_todays_features_and_not_yesterdays(home: Path):
    with stationed(home) as place:
        chain.deliver(place, "precompute", message("analytics-ready", game_date=DAY - timedelta(days=1)))
        assert place.ledger.runs("precompute")[0].game_date == DAY


def test_a_step_that_fails_is_buried_and_who_rang_has_done_his_own(home: Path):
    with stationed(home) as place:
        chain.subscribe(place)
        with place.turn() as at:
            landed(at)
            at.warehouse.execute("ALTER TABLE raw.shots RENAME TO shots_gone")
        place.bus.publish(message("capture-landed"))
        assert place.ledger.runs("raw")[0].status == "success"
        [letter] = place.ledger.dead_messages()
        assert letter.subscriber == "analytics"
        assert letter.message["phase"] == "raw-loaded"
        assert "shots" in letter.error


def test_a_buried_message_is_delivered_after_the_fix_and_buried_no_more(home: Path):
    with stationed(home) as place:
        chain.subscribe(place)
        with place.turn() as at:
            landed(at)
            at.warehouse.execute("ALTER TABLE raw.shots RENAME TO shots_gone")
        place.bus.publish(message("capture-landed"))
        [letter] = place.ledger.dead_messages()
        with pytest.raises(Exception, match="shots"):
            chain.replay_dead(place, letter.letter_id)
        assert place.ledger.dead_messages() == [letter]
        with place.turn() as at:
            at.warehouse.execute("ALTER TABLE raw.shots_gone RENAME TO shots")
        assert chain.replay_dead(place, letter.letter_id).status == "success"
        assert place.ledger.dead_messages() == []
        assert place.ledger.runs("precompute")[0].status == "success"


def test_a_message_nobody_buried_cannot_be_replayed(home: Path):
    with stationed(home) as place, pytest.raises(NotFound):
        chain.replay_dead(place, 4711)


def test_a_role_refuses_a_message_meant_for_another(home: Path):
    with stationed(home) as place, pytest.raises(BrokenContract, match="does not hear raw-loaded"):
        chain.deliver(place, "raw", message("raw-loaded"))


def test_a_process_of_one_role_leaves_the_others_their_messages(home: Path):
    with stationed(home) as place:
        chain.subscribe(place, ["raw"])
        with place.turn() as at:
            landed(at)
        place.bus.publish(message("capture-landed"))
        assert place.ledger.runs("raw")
        assert place.ledger.runs("analytics") == []


def test_an_open_batch_is_worked_at_and_completed_by_its_messages_alone(home: Path):
    with stationed(learned(home)) as place:
        heard = heard_at(place)
        chain.subscribe(place)
        with place.turn() as at:
            started = start_batch(at, DAY, ["points"])
        place.bus.publish(message("batch-open", table="tasks"))
        assert place.ledger.batch(started.batch_id).status == BatchStatus.DONE
        assert place.objects.exists(f"v1/predictions/{DAY}.json")
        assert [one.phase for one in heard].count("task-done") == started.tasks
        assert place.ledger.dead_messages() == []


def test_task_done_told_too_early_twice_or_too_late_completes_a_batch_once(home: Path):
    with stationed(learned(home)) as place:
        chain.subscribe(place, ["coordinator"])
        with place.turn() as at:
            started = start_batch(at, DAY, ["points"])
        place.bus.publish(message("task-done", table="tasks"))
        assert place.ledger.batch(started.batch_id).status == BatchStatus.OPEN
        assert chain.deliver(place, "worker", message("batch-open", table="tasks")).counts == {"done": started.tasks}
        published = {key: place.objects.get(key) for key in place.objects.list("v1")}
        with place.turn() as at:
            before = held(at)
        for _ in range(3):
            place.bus.publish(message("task-done", table="tasks", at=QUOTED_AT + timedelta(hours=5)))
        with place.turn() as at:
            assert held(at) == before
        assert {key: place.objects.get(key) for key in place.objects.list("v1")} == published
        assert place.ledger.dead_messages() == []
