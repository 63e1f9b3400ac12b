"""Scrape, parse and load a few providers' answers from a replay, as a process of its own that a test may kill.

Arguments: the home, the replay's address.
"""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from fairline.domain.clock import FixedClock
from fairline.ops.catalogue import open_home
from fairline.ops.scraping import client_of, scrape
from fairline.platform.settings import load_settings

NOW = datetime(2025, 3, 16, 15, tzinfo=UTC)
"""The clock stands still, so that a run that was killed and one that was not can be compared to the last column."""

SCRAPES = (
    ("nba_schedule", date(2025, 3, 15)),
    ("nba_referees", date(2025, 1, 8)),
    ("nba_game_log_players", date(2025, 3, 15)),
    ("nba_player_movement", date(2025, 3, 15)),
    ("espn_scoreboard", date(2024, 1, 15)),
)


def run(home: Path, replay: str) -> None:
    """Ask every scraper's questions and load the answers."""
    settings = load_settings(home=home, replay=replay)
    with open_home("fairline scrape", settings=settings, clock=FixedClock(NOW)) as opened:
        print("ready", flush=True)  # noqa: T201 - the test waits for it
        with client_of(opened, sleep=lambda _: None) as client:
            for name, day in SCRAPES:
                scrape(opened, name, day, told=lambda _: None, client=client)


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[2])
