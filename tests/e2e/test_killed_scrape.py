"""Killed at any point between question and rows, a scrape leaves every capture and every row exactly once.

The gate kills 20 times; FAIRLINE_KILLS sets another number, as `make soak` does.
"""

import gzip
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e import scraping_process

from fairline.ops.catalogue import open_home, tables
from fairline.platform.captures import captures_in, content_of
from fairline.platform.settings import load_settings
from fairline.sim.placing import placed
from fairline.sim.recordings import content_type_of
from fairline.sim.replay import Recorded, ReplayServer

KILLS = int(os.environ.get("FAIRLINE_KILLS", "20"))
SEED = int(os.environ.get("FAIRLINE_KILL_SEED", "1"))

PAYLOADS = (
    "cdn_nba_com/nbac_schedule_api_raw_80cb1fd6.json.gz",
    "cdn_nba_com/nbac_referee_assignments_raw_718e62b3.json",
    "stats_nba_com/nbac_player_boxscore_raw_2ad17718.json",
    "cdn_nba_com/nbac_player_movement_raw_1ecdb80d.json.gz",
    "espn/espn_scoreboard_api_raw_92de7c9a.json.gz",
)


def plain(content: bytes) -> bytes:
    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


@pytest.fixture(scope="module")
def replay(shared: Path) -> Iterator[str]:
    """The providers' real answers, replayed."""
    answers = []
    for name in PAYLOADS:
        content = plain((shared / "payloads" / name).read_bytes())
        kind = content_type_of(content)
        answers += [
            Recorded(question.url, content, kind, question.params, file=name)
            for question in placed(content, scraping_process.NOW)
        ]
    with ReplayServer(answers) as server:
        yield server.url


def held(home: Path) -> dict[str, object]:
    """Everything a home holds of it: each table's rows in order, and each capture with the hash of its bytes."""
    found: dict[str, object] = {}
    with open_home("tests", settings=load_settings(home=home), read_only=True) as opened:
        for table in tables(("raw", "analytics")):
            rows = opened.warehouse.query(f"SELECT * FROM {table.full_name} ORDER BY ALL")
            found[table.full_name] = rows.hash_rows(seed=7).to_list()
        captures = list(captures_in(opened.objects))
        found["captures"] = [each.key for each in captures]
        assert all(content_of(each, opened.objects) for each in captures)
        found["stray bytes"] = sorted(
            set(opened.objects.list("captures"))
            - {each.key for each in captures}
            - {each.bytes_key for each in captures}
        )
    return found


def started(home: Path, replay: str) -> "subprocess.Popen[str]":
    """The process, ready to scrape."""
    repository = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.scraping_process", str(home), replay],
        stdout=subprocess.PIPE, text=True, cwd=repository,
    )  # fmt: skip
    assert process.stdout is not None
    with process.stdout as said:
        assert said.readline() == "ready\n"
    return process


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed") / "empty"
    with open_home("tests", settings=load_settings(home=folder)):
        pass
    return folder


@pytest.fixture(scope="module")
def undisturbed(empty: Path, replay: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], float]:
    """What an undisturbed process leaves, and the seconds it took."""
    home = Path(shutil.copytree(empty, tmp_path_factory.mktemp("undisturbed") / "home"))
    process = started(home, replay)
    began = time.monotonic()
    assert process.wait(timeout=120) == 0
    return held(home), time.monotonic() - began


@pytest.mark.parametrize("kill", range(KILLS))
def test_a_scrape_killed_anywhere_and_started_again_has_every_capture_and_row_once(
    kill: int, empty: Path, replay: str, undisturbed: tuple[dict[str, object], float], tmp_path: Path
):
    expected, seconds = undisturbed
    home = Path(shutil.copytree(empty, tmp_path / "home"))
    process = started(home, replay)
    time.sleep(random.Random(f"{SEED}/{kill}").uniform(0, seconds))
    process.kill()
    process.wait()
    scraping_process.run(home, replay)
    assert held(home) == expected


def test_the_undisturbed_scrape_states_what_the_answers_hold(undisturbed: tuple[dict[str, object], float]):
    """The comparison above is of something."""
    found, _ = undisturbed
    rows = {name: len(values) for name, values in found.items() if isinstance(values, list)}
    assert rows["raw.games"] > 2000
    assert rows["raw.player_movements"] > 8000
    assert rows["raw.player_box_scores"] == 157
    assert rows["captures"] == len(scraping_process.SCRAPES)
    assert rows["stray bytes"] == 0
