"""A slate of fifteen games in five markets, from start to complete, with workers that are processes of their own."""

from __future__ import annotations

import csv
import os
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bench import homes
from bench.measuring import FAIRLINE, OUT, Number, called, finished, middle
from bench.slate import DATE, DAY_BEFORE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_S = 3.0
LATER_S = 60
"""Between two starts' moments, so that each is a batch of its own."""


def numbers(runs: int) -> Iterator[Number]:
    """Seconds from start to complete with one worker beside two."""
    one, two = (_measured(workers, runs) for workers in (1, 2))
    for workers, measured in (("1 worker", one), ("2 workers", two)):
        yield Number(
            f"{measured['games']} games, {measured['players']} players, 5 markets, start to complete, {workers}",
            middle(measured["seconds"]), most=MOST_S if workers == "1 worker" else max(MOST_S, middle(one["seconds"])),
            note=", ".join(f"{step} {middle(spent):.2f}" for step, spent in measured["steps"].items()),
        )  # fmt: skip


def _measured(workers: int, runs: int) -> dict[str, Any]:
    """In a home of its own: the same moment priced again would be the same batch, and nothing to do."""
    with homes.copy_of(homes.trained(DAY_BEFORE)) as home:
        _fill_the_slate(home)
        measured: dict[str, Any] = called("batches.from_start_to_complete", home, str(workers), str(runs)).json()
        return measured


def from_start_to_complete(home: str, workers: str, runs: str) -> dict[str, Any]:
    """Seconds of each run, the first of which warms the workers and does not count."""
    from datetime import date, timedelta
    from pathlib import Path

    from fairline.ops.catalogue import open_home
    from fairline.ops.coordinating import complete_batch, start_batch
    from fairline.ops.frames import DEFAULT_MARKETS
    from fairline.platform.settings import load_settings

    seconds: list[float] = []
    steps: dict[str, list[float]] = {"start": [], "work": [], "complete": []}
    with open_home("bench", settings=load_settings(home=Path(home))) as held, at_work(Path(home), int(workers)):
        moment = start_batch(held, date.fromisoformat(DATE), DEFAULT_MARKETS, force=True).as_of
        for run in range(int(runs) + 1):
            began = time.perf_counter()
            moment += timedelta(seconds=LATER_S)
            batch = start_batch(held, date.fromisoformat(DATE), DEFAULT_MARKETS, as_of=moment, force=True)
            started = time.perf_counter()
            while any(task.state in {"free", "claimed"} for task in held.ledger.tasks_of(batch.batch_id)):
                time.sleep(0.02)
            worked = time.perf_counter()
            done = complete_batch(held, batch.batch_id)
            assert done is not None
            assert done.status == "done"
            ended = time.perf_counter()
            if run:
                seconds.append(ended - began)
                for step, spent in (
                    ("start", started - began),
                    ("work", worked - started),
                    ("complete", ended - worked),
                ):
                    steps[step].append(spent)
        players = done.predictions["player_id"].n_unique()
    return {"seconds": seconds, "steps": steps, "games": done.games, "players": players}


@contextmanager
def at_work(home: Path, workers: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """So many `fairline worker` processes for the block, ended as a person would."""
    environment = {**os.environ, "FAIRLINE_HOME": str(home)}
    command = [str(FAIRLINE), "worker"]
    running = [subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) for _ in range(workers)]
    try:
        yield running
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


def _fill_the_slate(home: Path) -> None:
    """Four made-up games of the eight teams that were idle: with the eleven real ones every team plays."""
    file = OUT / "made-up-schedule.csv"
    idle = called("batches.idle_teams", home).json()
    with file.open("w", newline="") as text:
        rows = csv.writer(text)
        rows.writerow(["GAME_ID", "GAME_DATE_ET", "TIP_UTC", "HOME_ID", "AWAY_ID"])
        for number, (host, guest) in enumerate(zip(idle[::2], idle[1::2], strict=True)):
            rows.writerow([f"002250990{number}", DATE, "2025-11-29 00:30:00+00:00", host, guest])
    finished(FAIRLINE, "import", file, home=home)


def idle_teams(home: str) -> list[int]:
    """Teams without a game on the date."""
    from datetime import date
    from pathlib import Path

    from fairline.domain.teams import TEAMS
    from fairline.ops.catalogue import open_home
    from fairline.ops.frames import games_of
    from fairline.platform.settings import load_settings

    with open_home("bench", settings=load_settings(home=Path(home))) as held:
        games = games_of(held.warehouse, date.fromisoformat(DATE))
    playing = {*games["home_team_id"], *games["away_team_id"]}
    return sorted(team.team_id for team in TEAMS if team.team_id not in playing)
