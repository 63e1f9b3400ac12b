"""The smoke test: a canary goes through every role and leaves nothing; what does not work is red, with what to do."""

import os
import socket
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import APIRouter
from tests.ops.slates import QUOTED_AT
from tests.ops.test_phases import held
from tests.services.canaries import CANARY_ID, answering, asking, replay_of, smoked
from tests.services.conftest import Served, Serving, role
from tests.services.league import learned, playing

from fairline.domain.errors import BrokenContract, Busy, Refused
from fairline.platform.api_client import ApiClient
from fairline.platform.auth import new_key
from fairline.platform.bus import Message
from fairline.platform.clock import SystemClock
from fairline.platform.ledger.access import Scope
from fairline.services.contract import Check
from fairline.services.roles import ROLES
from fairline.services.smoke import MOST_WAITS
from fairline.services.smoke_canary import WAY, canary_walk
from fairline.services.smoke_rows import Row
from fairline.services.station import Station

CANARY = f"/scrapers/canary/{CANARY_ID}"


def red(rows: list[Row]) -> list[Row]:
    """Those that are not well."""
    return [row for row in rows if not row.ok]


def everything_of(place: Station) -> list[object]:
    """Tables, objects, runs and batches of the real home."""
    with place.turn() as real:
        tables = held(real)
    objects = {key: place.objects.get(key) for key in place.objects.list()}
    return [tables, objects, place.ledger.runs(limit=1000), place.ledger.batches()]


def captures() -> dict[str, object]:
    """A canary's captures as they are posted."""
    replay = replay_of(QUOTED_AT)
    return {"now": QUOTED_AT.isoformat(), "captures": list(replay.before)}


def test_a_sound_home_is_well_in_every_role_and_the_canary_reaches_the_published_file(home: Path):
    with playing(learned(home)) as served, asking(served) as client:
        rows = smoked(client, QUOTED_AT)
    assert red(rows) == []
    assert {row.role for row in rows} == {"service", *(each.name for each in ROLES)}
    assert [row.check for row in rows if row.role == "worker"] == [
        "health", "ready", "read with key", "read without key", "canary forecast",
    ]  # fmt: skip
    walked = {row.check: row.detail for row in rows}
    assert walked["canary published"].startswith("published 5 priced systems")
    assert walked["canary graded"] == "graded 10 predictions"
    assert walked["canary gone"] == "nothing of it is left"


def test_nothing_a_canary_does_appears_in_the_real_home(home: Path):
    with playing(learned(home)) as served, asking(served) as client:
        place = served.station
        heard: list[Message] = []
        for phase in ("capture-landed", "raw-loaded", "analytics-ready", "features-ready", "batch-complete"):
            place.bus.subscribe(phase, heard.append)
        before = everything_of(place)
        serving = {each.name: client for each in ROLES}
        assert red(list(canary_walk(serving, replay_of(QUOTED_AT)))) == []
        assert heard == []
        assert everything_of(place) == before
        assert not (home / "canary").exists()


def test_without_a_model_the_roles_that_need_one_are_red_and_the_canary_is_removed_all_the_same(home: Path):
    with playing(home) as served, asking(served) as client:
        rows = smoked(client, QUOTED_AT)
    wrong = {(row.role, row.check): row for row in red(rows)}
    assert set(wrong) == {("coordinator", "ready"), ("worker", "ready"), ("coordinator", "canary's batch")}
    assert all("fairline train" in row.hint for row in wrong.values())
    assert [row.check for row in rows[-2:]] == ["canary removed", "canary gone"]
    assert not (home / "canary").exists()


def test_a_key_of_another_ledger_is_red_and_no_role_is_asked_with_it(home: Path):
    stranger, _ = new_key("elsewhere", Scope.ADMIN, QUOTED_AT)
    with playing(home) as served, closing(ApiClient(served.url, stranger)) as client:
        rows = smoked(client, QUOTED_AT)
    assert [(row.check, row.ok) for row in rows] == [("health", True), ("version", False)]
    assert "401" in rows[-1].detail
    assert "fairline keys create" in rows[-1].hint
    assert not any(stranger in f"{row} {client!r}" for row in rows)


def test_a_key_that_may_only_read_sends_no_canary_and_is_told_which_it_needs(home: Path):
    with playing(learned(home)) as served, asking(served, Scope.READ) as client:
        rows = smoked(client, QUOTED_AT)
    assert "403" in red(rows)[0].detail
    assert "--scope admin" in red(rows)[0].hint
    assert not (home / "canary").exists()


def test_an_address_where_nobody_listens_is_red_with_how_to_start_one():
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        with closing(ApiClient(f"http://127.0.0.1:{taken.getsockname()[1]}", "fl_key")) as client:
            (row,) = smoked(client, QUOTED_AT)
    assert not row.ok
    assert "No answer" in row.detail
    assert "fairline up" in row.hint


@pytest.mark.parametrize(
    ("status", "content", "kind", "told"),
    [
        (500, b"{}", "application/json", "500 Internal Server Error"),
        (200, b"<html>Sign in</html>", "text/html", "it is text/html"),
        (200, b"{not json", "application/json", "no JSON"),
        (200, b"[]", "application/json", "lacks what it should tell"),
        (302, b"", "text/html", "302 Found"),
    ],
)
def test_whatever_else_answers_at_the_address_is_red(status: int, content: bytes, kind: str, told: str):
    with answering(status, content, kind) as (url, _), closing(ApiClient(url, "fl_key")) as client:
        (row,) = smoked(client, QUOTED_AT)
    assert not row.ok
    assert told in row.detail
    assert row.hint


def test_a_service_that_does_not_answer_in_time_is_red_and_holds_nobody_up():
    hold = threading.Event()
    with (
        answering(200, b"{}", hold=hold) as (url, _),
        closing(ApiClient(url, "fl_key", read_s=0.2)) as client,
    ):
        (row,) = smoked(client, QUOTED_AT)
        assert not hold.is_set()
    assert not row.ok
    assert "ReadTimeout" in row.detail


@pytest.mark.parametrize(("busy_for", "ok"), [(2, True), (99, False)])
def test_a_role_that_is_merely_busy_is_asked_again_before_it_is_red(
    served: Serving, monkeypatch: pytest.MonkeyPatch, busy_for: int, ok: bool
):
    monkeypatch.setattr("fairline.services.common.READY_FOR_S", 0.0)
    asked: list[Station] = []

    def ready(place: Station) -> list[Check]:
        asked.append(place)
        if len(asked) <= busy_for:
            raise Busy("Other work has the home", hint="Ask again.")
        return [Check("home", ok=True)]

    pauses: list[float] = []
    serves = served(role("raw", APIRouter(), ready))
    with asking(serves) as client:
        rows = {row.check: row for row in smoked(client, QUOTED_AT, pauses.append)}
    assert rows["ready"].ok is ok
    assert len(pauses) == min(busy_for, MOST_WAITS)


def test_an_answer_too_large_is_cut_and_red():
    with answering(200, b'"' + 5_000_000 * b"x" + b'"') as (url, _), closing(ApiClient(url, "fl_key")) as client:
        (row,) = smoked(client, QUOTED_AT)
    assert not row.ok
    assert "more than 4194304 bytes" in row.detail


def test_a_service_that_lets_strangers_read_is_red():
    told = b'{"status": "alive", "version": "1", "commit": "", "roles": ["raw"], "checks": [], "canaries": []}'
    with answering(200, told) as (url, _), closing(ApiClient(url, "fl_key")) as client:
        rows = {row.check: row for row in smoked(client, QUOTED_AT)}
    assert not rows["read without key"].ok
    assert "strangers" in rows["read without key"].hint
    # Nor does a role without a check of its own count as ready.
    assert not rows["ready"].ok


def test_an_answer_that_points_elsewhere_is_not_followed_with_the_key():
    with answering(200, b"{}") as (elsewhere, asked_there):
        headers = {"Location": f"{elsewhere}/health"}
        with answering(302, b"", headers=headers) as (url, asked), closing(ApiClient(url, "fl_key")) as client:
            assert client.ask("GET", "/version").status == 302
    assert asked[0]["x-api-key"] == "fl_key"
    assert asked_there == []


def test_the_key_travels_in_the_header_alone_and_only_when_it_is_to():
    with answering(200, b"{}") as (url, asked), closing(ApiClient(url, "fl_key")) as client:
        client.ask("GET", "/health", key=False)
        client.ask("GET", "/version")
    assert "x-api-key" not in asked[0]
    assert "fl_key" not in str(asked[0])
    assert asked[1]["x-api-key"] == "fl_key"


@pytest.mark.parametrize(
    "url",
    [
        "http://me:pw@127.0.0.1",  # pragma: allowlist secret
        "http://fairline.example.com", "ftp://127.0.0.1", "127.0.0.1:8470", "http://[::1",
        "https://fairline.example.com/?key=fl_key", "http://127.0.0.1:99999", "",
    ],
)  # fmt: skip
def test_an_address_that_would_betray_the_key_or_is_none_is_refused_without_naming_it(url: str):
    with pytest.raises(Refused) as refused:
        ApiClient(url, "fl_key")
    assert "fl_key" not in f"{refused.value} {refused.value.hint}"
    assert refused.value.hint


def test_a_smoke_test_that_is_broken_off_leaves_no_canary(home: Path):
    with playing(learned(home)) as served, asking(served) as client:
        walk = canary_walk({each.name: client for each in ROLES}, replay_of(QUOTED_AT))
        next(walk)
        assert (home / "canary").is_dir()
        walk.close()
        assert not (home / "canary").exists()


def test_a_canary_left_behind_is_removed_by_the_next_after_an_hour_and_not_before(home: Path):
    now = SystemClock().now()
    for name, age in (("aaaaaaaaaaaa", timedelta(hours=2)), ("bbbbbbbbbbbb", timedelta(minutes=50))):
        folder = home / "canary" / name
        folder.mkdir(parents=True)
        then = (now - age).timestamp()
        os.utime(folder, (then, then))
    with playing(home) as served:
        assert served.ask("POST", CANARY, Scope.ADMIN, json=captures()).status_code == 200
        there = served.ask("GET", "/scrapers/canary", Scope.READ).json()["canaries"]
    assert there == [CANARY_ID, "bbbbbbbbbbbb"]


def test_no_more_than_four_canaries_are_at_work_at_once(home: Path):
    with playing(home) as served:
        answers = [
            served.ask("POST", f"/scrapers/canary/{number:012x}", Scope.ADMIN, json=captures()) for number in range(5)
        ]
        again = served.ask("POST", f"/scrapers/canary/{0:012x}", Scope.ADMIN, json=captures())
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 409]
    assert "removed after an hour" in answers[-1].json()["hint"]
    assert again.status_code == 200


@pytest.mark.parametrize(
    "canary_id", ["..%2f..%2fobjects", "%2e%2e", "ABCDEFABCDEF", "0123456789a", "0123456789ab%0a", "*"]
)
def test_an_id_that_is_none_reaches_no_folder(home: Path, canary_id: str):
    def names() -> list[str]:
        return sorted(str(each.relative_to(home)) for each in home.rglob("*") if "ledger" not in each.name)

    with playing(home) as served:
        served.ask("GET", "/scrapers/canary", Scope.READ)
        before = names()
        for method, body in (("POST", captures()), ("DELETE", None)):
            answer = served.ask(method, f"/scrapers/canary/{canary_id}", Scope.ADMIN, json=body)
            assert answer.status_code in {404, 405, 422}
        assert names() == before


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"now": (QUOTED_AT + timedelta(days=3)).isoformat()}, "more than two days"),
        ({"now": (QUOTED_AT - timedelta(hours=1)).isoformat()}, "not of the year before"),
        ({"captures": [{**captures()["captures"][0], "kind": "horoscope"}]}, "no kind of capture"),
        ({"captures": [{**captures()["captures"][0], "source": "../nba"}]}, "source"),
        ({"captures": []}, "captures"),
    ],
)
def test_captures_that_no_canary_could_have_are_refused(home: Path, changed: dict[str, object], told: str):
    with playing(home) as served:
        answer = served.ask("POST", CANARY, Scope.ADMIN, json=captures() | changed)
    assert answer.status_code in {404, 422}
    assert told in answer.json()["detail"]


def test_a_step_of_a_canary_that_is_not_there_is_not_found(home: Path):
    step = {"now": QUOTED_AT.isoformat(), "day": QUOTED_AT.date().isoformat(), "player_id": 1}
    with playing(home) as served:
        for name in {each.role for each in WAY} - {"scrapers"}:
            answer = served.ask("POST", f"/{name}/canary/{CANARY_ID}", Scope.ADMIN, json=step)
            assert answer.status_code == 404, name
    assert not (home / "canary").exists()


def test_a_canary_is_for_admins_alone(home: Path):
    def asked(served: Served, method: str, path: str, scope: Scope | None) -> int:
        return served.ask(method, path, scope, json={}).status_code

    with playing(home) as served:
        for method, path in (("POST", CANARY), ("DELETE", CANARY), ("POST", f"/raw/canary/{CANARY_ID}")):
            assert [asked(served, method, path, scope) for scope in (None, Scope.READ, Scope.WRITE)] == [401, 403, 403]


def test_what_a_stale_parser_makes_of_the_canary_is_red(home: Path):
    replay = replay_of(QUOTED_AT)
    broken = [{**each, "content": each["content"].replace('"PTS"', '"POINTS"')} for each in replay.before]
    with playing(learned(home)) as served, asking(served) as client:
        spoilt = type(replay)(replay.day, replay.player_id, replay.priced_at, replay.graded_at, broken, replay.after)
        rows = list(canary_walk({each.name: client for each in ROLES}, spoilt))
    assert [row.check for row in red(rows)] == ["canary loaded"]
    assert not (home / "canary").exists()


def test_an_answer_that_is_no_json_says_how_it_begins():
    with answering(502, b"<h1>Bad gateway</h1>", "text/html") as (url, _), closing(ApiClient(url)) as client:
        answer = client.ask("GET", "/health")
    with pytest.raises(BrokenContract, match="Bad gateway"):
        _ = answer.json
