"""Every answer of NBA.com that tells of people and plays is written, and written once."""

from pathlib import Path

import pytest
from tests.raw.nba.reading import content, read
from tests.raw.nba.test_fuzz_people_and_plays import ANSWERS, PDFS
from tests.raw.nba.test_gamebook import NIGHT, book
from tests.raw.world import League

from fairline.raw.capture_loading import write_reading


@pytest.mark.parametrize("kind", [*ANSWERS, *PDFS])
def test_an_answer_loaded_twice_is_loaded_once(kind: str, shared: Path, held: League) -> None:
    came = content(shared, (ANSWERS | PDFS)[kind])
    reading = read(came, kind, "2025-11-05T14:00:00", held)
    first, second = (write_reading(held.warehouse, reading, held.clock.now()) for _ in range(2))
    assert second.written == 0
    assert first.written == sum(rows.height for rows in reading.parsed.rows.values())
    assert first.quarantined == second.quarantined


def test_a_gamebook_loaded_twice_is_loaded_once(league: League) -> None:
    reading = read(book(), "nba_gamebook", NIGHT, league)
    first, second = (write_reading(league.warehouse, reading, league.clock.now()) for _ in range(2))
    assert (first.written, second.written) == (7, 0)
