"""The bus within one process."""

from datetime import UTC, date, datetime

import pytest

from fairline.platform.bus import InProcessBus, Message
from fairline.platform.clock import SystemClock

RAW_LOADED = Message(
    "m1", "m1", "raw-loaded", date(2025, 11, 28), "raw.prop_quotes", "success", "manual",
    datetime(2025, 11, 28, 17, tzinfo=UTC), {"written": 3},
)  # fmt: skip


def test_a_message_reaches_the_subscribers_of_its_phase_alone() -> None:
    bus, heard = InProcessBus(), []
    bus.subscribe("raw-loaded", lambda message: heard.append(("raw", message.message_id)))
    bus.subscribe("analytics-ready", lambda message: heard.append(("analytics", message.message_id)))
    bus.publish(RAW_LOADED)
    assert heard == [("raw", "m1")]


def test_a_subscriber_that_fails_keeps_no_other_from_hearing_and_is_not_silenced() -> None:
    bus, heard = InProcessBus(), []

    def fail(message: Message) -> None:
        raise ValueError(message.phase)

    bus.subscribe("raw-loaded", fail)
    bus.subscribe("raw-loaded", heard.append)
    with pytest.raises(ExceptionGroup, match="1 handlers of raw-loaded failed") as caught:
        bus.publish(RAW_LOADED)
    assert caught.group_contains(ValueError)
    assert heard == [RAW_LOADED]


def test_the_machines_clock_tells_utc() -> None:
    assert SystemClock().now().tzinfo == UTC
