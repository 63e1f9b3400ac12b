"""The replay: recorded answers at the providers' own addresses, and faults as asked."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fairline.domain.errors import BrokenContract, NotFound, Refused
from fairline.platform.captures import capture_of, land
from fairline.platform.objects import ObstoreObjects
from fairline.platform.transport import Httpx2Transport, Request, Response
from fairline.scrape.addressing import ASKED_HOST
from fairline.sim.faults import Fault, Faults, rates_of
from fairline.sim.recordings import recordings_in
from fairline.sim.replay import Recorded, ReplayServer

NOON = datetime(2025, 11, 28, 17, tzinfo=UTC)
GAMES = Recorded("https://api.made-up.test/v4/games", b'{"games": [1, 2]}', params={"date": "2025-11-28"}, at=NOON)


@pytest.fixture
def transport() -> Iterator[Httpx2Transport]:
    transport = Httpx2Transport(read_s=2, total_s=4)
    yield transport
    transport.close()


def got(server: ReplayServer, transport: Httpx2Transport, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    asked = {ASKED_HOST: "api.made-up.test", **named}
    return transport.send(Request(f"{server.url}/v4/games", params={"date": "2025-11-28"}, headers=asked))


def test_a_recorded_answer_comes_back_to_its_question_alone(transport: Httpx2Transport):
    with ReplayServer([GAMES]) as server:
        assert got(server, transport).content == GAMES.content
        assert got(server, transport, x_forwarded_host="other.test").status == 404
        for params in ({"date": "2025-11-29"}, {}, {"date": "2025-11-28", "page": "2"}):
            request = Request(f"{server.url}/v4/games", params=params, headers={ASKED_HOST: "api.made-up.test"})
            assert transport.send(request).status == 404


def test_a_question_with_an_empty_parameter_finds_its_answer(transport: Httpx2Transport):
    asked = {"College": "", "Season": "2025-26"}
    with ReplayServer([Recorded("https://api.made-up.test/index", b"{}", params=asked)]) as server:
        request = Request(f"{server.url}/index", params=asked, headers={ASKED_HOST: "api.made-up.test"})
        assert transport.send(request).status == 200


def test_a_port_that_is_taken_is_refused_by_number():
    with ReplayServer([GAMES]) as server, pytest.raises(Refused, match=server.url.rpartition(":")[2]):
        ReplayServer([GAMES], port=int(server.url.rpartition(":")[2]))


def test_a_key_is_no_part_of_the_question(transport: Httpx2Transport):
    with ReplayServer([GAMES]) as server:
        params = {"date": "2025-11-28", "apiKey": "x"}
        request = Request(f"{server.url}/v4/games", params=params, headers={ASKED_HOST: "api.made-up.test"})
        assert transport.send(request).status == 200


def test_what_has_not_changed_is_said_so_by_tag_and_by_time(transport: Httpx2Transport):
    with ReplayServer([GAMES]) as server:
        first = got(server, transport)
        again = got(server, transport, if_none_match=first.headers["etag"])
        assert (again.status, again.content) == (304, b"")
        assert got(server, transport, if_modified_since=first.headers["last-modified"]).status == 304
        assert got(server, transport, if_none_match='"other"').status == 200


def test_the_latest_answer_is_given_and_the_earliest_when_it_is_to_be_stale(transport: Httpx2Transport):
    later = Recorded(GAMES.url, b'{"games": [1, 2, 3]}', params=GAMES.params, at=NOON + timedelta(hours=1))
    with ReplayServer([later, GAMES], Faults(script=["", "stale"])) as server:
        assert [got(server, transport).content for _ in range(2)] == [later.content, GAMES.content]


def test_the_same_seed_gives_the_same_faults_and_another_seed_others():
    rates = {"429": 0.3, "html": 0.3}

    def met(seed: int) -> list[Fault | None]:
        faults = Faults(rates, seed=seed)
        return [faults.of(f"/games/{number % 7}") for number in range(60)]

    assert met(1) == met(1) != met(2)
    assert {Fault.THROTTLED, Fault.HTML, None} == set(met(1))


def test_a_fault_is_met_about_as_often_as_asked():
    faults = Faults({"500": 0.2})
    met = sum(faults.of("/games") is Fault.BROKEN for _ in range(1000))
    assert 150 < met < 250


@pytest.mark.parametrize("text", ["429", "429:often", "tired:0.5"])
def test_a_fault_that_is_none_is_refused_with_the_names_there_are(text: str):
    with pytest.raises(Refused) as caught:
        rates_of([text])
    assert "truncated" in caught.value.hint


def test_rates_above_certainty_are_refused():
    with pytest.raises(Refused):
        Faults({"500": 0.7, "429": 0.7})


def test_captures_of_a_home_are_answered_as_they_were_asked(tmp_path: Path, transport: Httpx2Transport):
    objects = ObstoreObjects.local(tmp_path / "objects")
    told = {"source": "made_up", "kind": "games", "url": GAMES.url, "params": dict(GAMES.params)}
    headers = {"content-type": "application/json", "x-requests-remaining": "480"}
    good = capture_of(GAMES.content, at=NOON, status=200, headers=headers, **told)
    bad = capture_of(b"down", at=NOON + timedelta(hours=1), status=500, **told)
    land(GAMES.content, good, objects)
    land(b"down", bad, objects)
    found = recordings_in(tmp_path)
    assert found.left_out == {bad.key: "status 500"}
    with ReplayServer(found.answers) as server:
        answer = got(server, transport)
    assert (answer.content, answer.headers["x-requests-remaining"]) == (GAMES.content, "480")


def test_files_with_routes_are_answered_as_the_routes_say(tmp_path: Path, transport: Httpx2Transport):
    (tmp_path / "games.json").write_bytes(GAMES.content)
    routes = [{"file": "games.json", "url": GAMES.url, "params": {"date": "2025-11-28"}}]
    (tmp_path / "routes.json").write_text(json.dumps(routes))
    with ReplayServer(recordings_in(tmp_path).answers) as server:
        assert got(server, transport).content == GAMES.content


def test_routes_that_make_no_sense_are_refused_by_name(tmp_path: Path):
    (tmp_path / "routes.json").write_text('[{"url": "https://x.test"}]')
    with pytest.raises(BrokenContract, match=r"routes\.json"):
        recordings_in(tmp_path)


def test_a_folder_without_answers_is_not_served(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("nothing of a provider")
    with pytest.raises(NotFound, match="no answer of a provider") as caught:
        recordings_in(tmp_path)
    assert "notes.txt" in caught.value.hint
    with pytest.raises(NotFound, match="no folder"):
        recordings_in(tmp_path / "absent")


def test_real_payloads_are_recognised_and_placed_where_the_scrapers_ask_for_them(shared: Path):
    found = recordings_in(shared / "payloads")
    places = {(answer.url, tuple(sorted(answer.params.items()))): answer.file for answer in found.answers}
    assert places[("https://www.espn.com/nba/boxscore/_/gameId/401585183", ())].startswith("espn/espn_game_boxscore")
    assert places[("https://api.balldontlie.io/v1/box_scores", (("date", "2024-01-15"),))]
    report = "https://ak-static.cms.nba.com/referee/injury/Injury-Report_2024-01-04_12PM.pdf"
    assert places[(report, ())].endswith("raw_f4391904.pdf")
    schedule = "https://stats.nba.com/stats/scheduleleaguev2"
    assert {dict(params)["Season"] for url, params in places if url == schedule} == {"2024-25", "2025-26"}
    odds = "https://api.the-odds-api.com/v4/sports/basketball_nba/events/72d83440ea3e88d46514dd3eed0deddb/odds"
    assert any(url == odds for url, _ in places)
    types = {answer.file: answer.content_type for answer in found.answers}
    assert types["espn/espn_roster_raw_bos.html.gz"] == "text/html"
