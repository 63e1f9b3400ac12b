"""The services under load on the loopback: statuses asked for while a batch is worked at, and a start from fifty."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import time
from contextlib import contextmanager
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from bench import homes
from bench.batches import at_work
from bench.measuring import FAIRLINE, Number, called, finished, middle
from bench.slate import DATE, DAY_BEFORE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEAST_PER_SECOND, MOST_P99_MS = 300.0, 50.0
CALLERS, STARTERS, SECONDS = 4, 50, 10.0
MARKETS = ["points", "rebounds", "assists", "threes", "points_rebounds_assists"]


def numbers(runs: int) -> Iterator[Number]:
    """Statuses a second and their 99th percentile; batches opened by fifty who start at once."""
    with homes.copy_of(homes.trained(DAY_BEFORE)) as home:
        measured: dict[str, Any] = called("services.under_load", home, str(runs)).json()
    note = f"{CALLERS} callers, {SECONDS:g} s a run; {measured['batches']} batches meanwhile, one worker"
    yield Number("GET /status", middle(measured["per_second"]), "/s", least=LEAST_PER_SECOND, note=note)
    yield Number("GET /status, 99th percentile", middle(measured["p99_ms"]), "ms", most=MOST_P99_MS)
    opened = f"answers: {measured['answers']}"
    yield Number(f"batches opened by {STARTERS} starts at once", measured["opened"], "", least=1, most=1, note=opened)


def under_load(home: str, runs: str) -> dict[str, Any]:
    """Serve the coordinator, let a worker work, and ask."""
    from pathlib import Path

    folder = Path(home)
    key = finished(FAIRLINE, "keys", "create", "--name", "bench", "--scope", "admin", "--json", home=folder).json()[
        "key"
    ]
    with _served(folder, "coordinator,worker") as port:
        answers = asyncio.run(_start_at_once(port, key))
        opened = _batches(asyncio.run(_asked(port, key, "GET", "/coordinator/batches")))
        batch_id = opened[0]["batch_id"]
    told: dict[str, Any] = {"answers": answers, "opened": len(opened), "per_second": [], "p99_ms": [], "batches": 0}
    with _served(folder, "coordinator") as port, at_work(folder, 1):
        for _ in range(int(runs)):
            seconds, batches = asyncio.run(_while_batches_run(port, key, batch_id))
            told["per_second"].append(len(seconds) / SECONDS)
            told["p99_ms"].append(1000 * quantiles(seconds, n=100)[98])
            told["batches"] += batches
    return told


@contextmanager
def _served(home: Path, roles: str) -> Iterator[int]:
    """`fairline serve` on a free port for the block."""
    environment = {**os.environ, "FAIRLINE_HOME": str(home)}
    command = [str(FAIRLINE), "serve", roles, "--port", "0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = ""
            while "http://" not in line:
                line = process.stdout.readline()
            yield int(line.split("http://")[1].split()[0].rstrip(".,/").rpartition(":")[2])
        finally:
            process.terminate()


async def _start_at_once(port: int, key: str) -> dict[str, int]:
    """How many of the starters were answered with each status."""
    body = json.dumps({"game_date": DATE, "markets": MARKETS}).encode()
    asked = (_asked(port, key, "POST", "/coordinator/start", body) for _ in range(STARTERS))
    statuses = [answer.split(b" ")[1].decode() for answer in await asyncio.gather(*asked)]
    return {status: statuses.count(status) for status in sorted(set(statuses))}


async def _while_batches_run(port: int, key: str, batch_id: str) -> tuple[list[float], int]:
    """Seconds of each status asked for while batches are started and worked at, and how many of those there were."""
    until, started = time.perf_counter() + SECONDS, 0
    asking = [asyncio.create_task(_keep_asking(port, key, batch_id, until)) for _ in range(CALLERS)]
    body = json.dumps({"game_date": DATE, "markets": MARKETS, "force": True}).encode()
    while time.perf_counter() < until:
        answer = await _asked(port, key, "POST", "/coordinator/start", body)
        assert b" 202 " in answer[:16], answer[:300]
        started += 1
    return [seconds for each in await asyncio.gather(*asking) for seconds in each], started


async def _keep_asking(port: int, key: str, batch_id: str, until: float) -> list[float]:
    """One caller on one connection, a question after the other."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    question = _question(key, "GET", f"/coordinator/status?batch_id={batch_id}")
    seconds: list[float] = []
    while (began := time.perf_counter()) < until:
        writer.write(question)
        answer = await _answer(reader)
        assert answer.startswith(b"HTTP/1.1 200"), answer[:300]
        seconds.append(time.perf_counter() - began)
    writer.close()
    return seconds


async def _asked(port: int, key: str, method: str, path: str, body: bytes = b"") -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_question(key, method, path, body))
    answer = await _answer(reader)
    writer.close()
    return answer


def _question(key: str, method: str, path: str, body: bytes = b"") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: {key}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return head + await reader.readexactly(int(length.split(b":")[1]))


def _batches(answer: bytes) -> list[dict[str, Any]]:
    held: list[dict[str, Any]] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return held
