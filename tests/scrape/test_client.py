"""The client against a replayed provider over the loopback, with each of the faults providers have."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.scrape.provider import KEY, NOON, PAGED, SOURCE, TONIGHT, World, question, recorded, scraper

from fairline.domain.errors import Missing
from fairline.platform.transport import Request, Response, TryLater
from fairline.scrape.client import Asked
from fairline.scrape.credits import OverBudget
from fairline.scrape.judging import Outcome
from fairline.scrape.waiting import MOST_ATTEMPTS
from fairline.sim.faults import Faults
from fairline.sim.replay import Recorded, ReplayServer

GAMES = recorded("games", {"games": [1, 2]}, at=NOON - timedelta(hours=1), headers={"x-requests-remaining": "480"})


def asked_with(world: World, *script: str, **faults: float) -> tuple[Asked, ReplayServer]:
    """The games asked for while the provider fails as scripted."""
    with ReplayServer([GAMES], Faults(faults or None, script=list(script), slow_s=5)) as server:
        return world.client(replay=server.url).ask(question("games"), scraper()), server


class Recording:
    """A transport that answers from a list and keeps what it was asked."""

    def __init__(self, *answers: Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []

    def send(self, request: Request) -> Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def good(**headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(200, {"content-type": "application/json", **named}, b'{"games": []}')


def test_an_answer_is_a_capture_with_its_question_time_status_and_headers(world: World):
    asked, _ = asked_with(world)
    [capture] = world.landed()
    assert asked.captures == [capture]
    assert asked.outcome is Outcome.ANSWERED
    assert (capture.source, capture.kind, capture.scraper) == ("odds_api", "made_up_games", "made_up_games")
    assert (capture.url, capture.status, capture.day) == ("https://api.made-up.test/v4/games", 200, TONIGHT)
    assert (capture.captured_at, capture.headers["x-requests-remaining"]) == (NOON, "480")
    assert json.loads(world.bytes_of(capture)) == {"games": [1, 2]}
    assert capture.answered


@pytest.mark.parametrize("fault", ["500", "429", "truncated"])
def test_an_answer_that_may_be_better_later_is_kept_and_asked_for_again(world: World, fault: str):
    asked, server = asked_with(world, fault)
    first, second = world.landed()
    assert asked.outcome is Outcome.ANSWERED
    assert (first.answered, second.answered, len(server.asked)) == (False, True, 2)
    assert world.landed() == asked.captures


def test_what_came_of_a_broken_off_answer_is_kept(world: World):
    asked_with(world, "truncated")
    first, _ = world.landed()
    assert (first.whole, first.status) == (False, 200)
    assert b'{"games": [1, 2]}'.startswith(world.bytes_of(first))


def test_without_any_answer_nothing_lands_and_it_is_asked_again(world: World):
    asked, server = asked_with(world, "dropped")
    assert (asked.outcome, asked.requests, len(server.asked)) == (Outcome.ANSWERED, 2, 2)
    assert len(world.landed()) == 1


def test_a_slow_provider_is_given_up_in_time_and_asked_again(world: World):
    asked, _ = asked_with(world, "slow")
    assert (asked.outcome, asked.requests) == (Outcome.ANSWERED, 2)


@pytest.mark.parametrize(
    ("fault", "told"),
    [("403", "status 403"), ("html", "text/html, not application/json")],
)
def test_what_asking_again_cannot_mend_is_kept_and_fails_at_once(world: World, fault: str, told: str):
    asked, server = asked_with(world, fault)
    [capture] = world.landed()
    assert (asked.outcome, len(server.asked)) == (Outcome.FAILED, 1)
    assert told in asked.problem
    assert asked.hint
    assert asked.captures == [capture]


def test_a_page_that_calls_itself_json_is_found_out(world: World):
    page = Response(200, {"content-type": "application/json"}, b"\n <html>Down for maintenance</html>")
    asked = world.client(Recording(page), odds_api_key=KEY).ask(question("games"), scraper())
    assert (asked.outcome, asked.problem) == (
        Outcome.FAILED,
        "the answer is a page under the type application/json",
    )
    assert len(world.landed()) == 1


def test_a_changed_schema_is_an_answer_which_the_parser_will_judge(world: World):
    asked, _ = asked_with(world, "changed")
    assert asked.outcome is Outcome.ANSWERED
    assert json.loads(world.bytes_of(world.landed()[0])) == {"games_v2": [1, 2]}


def test_a_report_not_yet_published_is_no_failure(world: World):
    with ReplayServer([]) as server:
        asked = world.client(replay=server.url).ask(question("report"), scraper(absent=frozenset({404})))
    assert (asked.outcome, len(asked.captures), asked.captures[0].status) == (Outcome.ABSENT, 1, 404)
    assert world.ledger.providers.host("api.made-up.test (replay)").failures == 0


def test_a_question_that_was_never_recorded_fails_and_its_404_is_kept(world: World):
    with ReplayServer([GAMES]) as server:
        asked = world.client(replay=server.url).ask(question("games", date="2025-11-27"), scraper())
    assert (asked.outcome, asked.problem) == (Outcome.FAILED, "status 404")
    assert [each.status for each in world.landed()] == [404]


def test_attempts_are_bounded_and_the_waits_grow_and_differ(world: World):
    asked, server = asked_with(world, *["500"] * 10)
    assert (asked.outcome, len(server.asked), len(world.waits)) == (Outcome.FAILED, MOST_ATTEMPTS, MOST_ATTEMPTS - 1)
    assert all(0 <= wait <= 2**attempt for attempt, wait in enumerate(world.waits))
    assert len(set(world.waits)) == len(world.waits)


def test_the_same_seed_waits_the_same(world: World, tmp_path):
    asked_with(world, *["500"] * 4)
    other = World(tmp_path / "other")
    asked_with(other, *["500"] * 4)
    other.close()
    assert other.waits == world.waits


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("7", 7), ("Fri, 28 Nov 2025 17:00:20 GMT", 20)],
)
def test_the_rest_a_provider_asks_for_is_kept_to(world: World, said: str, seconds: int):
    throttled = Response(429, {"retry-after": said}, b"")
    world.client(Recording(throttled, good()), odds_api_key=KEY).ask(question("games"), scraper())
    assert world.waits == [seconds]


def test_a_rest_longer_than_our_patience_is_given_by_not_asking(world: World):
    throttled = Response(429, {"retry-after": "1800"}, b"")
    transport = Recording(throttled, good(), good())
    client = world.client(transport, odds_api_key=KEY)
    assert client.ask(question("games"), scraper()).problem == "status 429"
    world.clock.advance(timedelta(minutes=29))
    assert client.ask(question("games"), scraper()).hopeless
    assert len(transport.requests) == 1
    world.clock.advance(timedelta(minutes=2))
    assert client.ask(question("games"), scraper()).outcome is Outcome.ANSWERED


def test_an_unreadable_rest_is_no_rest(world: World):
    throttled = Response(429, {"retry-after": "soon"}, b"")
    asked = world.client(Recording(throttled, good()), odds_api_key=KEY).ask(question("games"), scraper())
    assert asked.outcome is Outcome.ANSWERED


def test_one_host_is_not_asked_faster_than_its_source_allows_even_by_the_next_command(world: World):
    for _ in range(3):
        world.client(Recording(good()), odds_api_key=KEY).ask(question("games"), scraper())
    assert world.waits == [2.0, 2.0]
    other = replace(question("games"), url="https://other.made-up.test/v4/games")
    world.client(Recording(good()), odds_api_key=KEY).ask(other, scraper())
    assert len(world.waits) == 2


def test_a_clock_set_back_does_not_make_us_wait_for_it(world: World):
    world.clock.advance(timedelta(days=2))
    world.client(Recording(good()), odds_api_key=KEY).ask(question("games"), scraper())
    world.clock.advance(timedelta(days=-2))
    world.client(Recording(good()), odds_api_key=KEY).ask(question("games"), scraper())
    assert world.waits == []


def test_not_changed_is_one_more_sighting_of_the_same_bytes(world: World):
    with ReplayServer([GAMES]) as server:
        client = world.client(replay=server.url)
        client.ask(question("games"), scraper())
        world.clock.advance(timedelta(minutes=30))
        asked = client.ask(question("games"), scraper())
    first, second = world.landed()
    assert [first.status, second.status] == [200, 304]
    assert first.capture_id == second.capture_id
    assert second.captured_at == NOON + timedelta(minutes=30)
    assert (second.answered, world.bytes_of(second)) == (True, GAMES.content)
    assert asked.outcome is Outcome.ANSWERED


def test_not_changed_since_yesterday_has_its_bytes_in_todays_folder_too(world: World):
    with ReplayServer([GAMES]) as server:
        client = world.client(replay=server.url)
        client.ask(question("games", day=None), scraper())
        world.clock.advance(timedelta(days=1))
        client.ask(question("games", day=None), scraper())
    _, second = world.landed()
    assert (second.status, second.day.isoformat()) == (304, "2025-11-29")
    assert world.bytes_of(second) == GAMES.content


def test_when_the_earlier_bytes_are_gone_they_are_asked_for_in_full(world: World):
    with ReplayServer([GAMES]) as server:
        client = world.client(replay=server.url)
        client.ask(question("games"), scraper())
        world.objects.delete(world.landed()[0].bytes_key)
        world.clock.advance(timedelta(minutes=30))
        client.ask(question("games"), scraper())
    assert [each.status for each in world.landed()] == [200, 200]


def test_an_error_page_is_never_what_not_changed_means(world: World):
    page = Response(200, {"content-type": "text/html", "etag": '"page"'}, b"<html>")
    transport = Recording(page, good())
    client = world.client(transport, odds_api_key=KEY)
    for _ in range(2):
        client.ask(question("games"), scraper())
    assert "if-none-match" not in transport.requests[1].headers


PAGES = [
    recorded("stats", {"rows": [1], "next": 25}, params={"date": "2025-11-28"}),
    recorded("stats", {"rows": [2], "next": 50}, params={"date": "2025-11-28", "cursor": "25"}),
    recorded("stats", {"rows": [3], "next": None}, params={"date": "2025-11-28", "cursor": "50"}),
]


def test_pages_are_followed_to_the_last(world: World):
    with ReplayServer(PAGES) as server:
        asked = world.client(replay=server.url).ask(question("stats", date="2025-11-28"), PAGED)
    assert asked.outcome is Outcome.ANSWERED
    assert [json.loads(world.bytes_of(each))["rows"] for each in asked.captures] == [[1], [2], [3]]
    assert [each.params.get("cursor") for each in asked.captures] == [None, "25", "50"]


def test_a_page_that_is_missing_is_a_failure_and_those_before_are_kept(world: World):
    with ReplayServer(PAGES[:2]) as server:
        asked = world.client(replay=server.url).ask(question("stats", date="2025-11-28"), PAGED)
    assert (asked.outcome, asked.problem) == (Outcome.FAILED, "page 3: status 404")
    assert sorted(each.status for each in world.landed()) == [200, 200, 404]


def test_paging_is_bounded_and_a_cursor_that_stands_still_is_noticed(world: World):
    with ReplayServer(PAGES) as server:
        few = replace(PAGED, most_pages=2)
        assert "more than 2 pages" in world.client(replay=server.url).ask(
            question("stats", date="2025-11-28"), few
        ).problem  # fmt: skip
    still = [
        recorded("stats", {"next": 1}, params={}), recorded("stats", {"next": 1}, params={"cursor": "1"}),
    ]  # fmt: skip
    with ReplayServer(still) as server:
        asked = world.client(replay=server.url).ask(question("stats"), PAGED)
    assert (asked.outcome, asked.requests) == (Outcome.FAILED, 2)
    assert "already read" in asked.problem


def test_a_page_that_cannot_be_read_is_a_failure_after_it_landed(world: World):
    with ReplayServer([recorded("stats", [1, 2])]) as server:
        asked = world.client(replay=server.url).ask(question("stats"), PAGED)
    assert (asked.outcome, len(world.landed())) == (Outcome.FAILED, 1)
    assert "no next page" in asked.problem


def test_the_key_is_sent_and_appears_nowhere_else(world: World):
    echo = Response(401, {"content-type": "application/json", "x-echo": f"bad {KEY}", "set-cookie": "s=1"}, b"{}")
    transport = Recording(echo, TryLater("No answer"), good())
    client = world.client(transport, odds_api_key=KEY)
    told = [client.ask(question("games", regions="us"), scraper()) for _ in range(2)]
    assert all(request.params["apiKey"] == KEY for request in transport.requests)
    kept = b"".join(world.objects.get(key) for key in world.objects.list() if key.endswith(".json"))
    assert KEY.encode() not in kept
    assert b"set-cookie" not in kept
    assert KEY not in repr(told)
    assert world.landed()[0].params == {"regions": "us"}


def test_a_key_can_go_in_a_header(world: World):
    by_header = replace(SOURCE, key_param="", key_header="Authorization")
    transport = Recording(good())
    world.client(transport, odds_api_key=KEY).ask(question("games"), scraper(source=by_header))
    assert transport.requests[0].headers["Authorization"] == KEY
    assert transport.requests[0].params == {}


def test_without_its_key_a_source_is_not_asked_and_the_setting_is_named(world: World):
    transport = Recording()
    with pytest.raises(Missing, match="The Made-Up Odds needs a key") as caught:
        world.client(transport).ask(question("games"), scraper())
    assert "FAIRLINE_ODDS_API_KEY" in caught.value.hint
    assert world.landed() == []


def test_a_replay_is_told_no_key_and_its_faults_are_not_the_providers(world: World):
    with ReplayServer([GAMES], Faults(script=["403"])) as server:
        world.client(replay=server.url, odds_api_key=KEY).ask(question("games"), scraper())
        place, _ = server.asked[0]
    assert place == ("api.made-up.test", "/v4/games", ())
    assert world.ledger.providers.host("api.made-up.test").failures == 0
    assert world.ledger.providers.host("api.made-up.test (replay)").failures == 1


def test_a_source_is_asked_through_its_own_proxy(world: World):
    transport = Recording(good())
    proxies = {"odds_api": "http://proxy:3128", "espn": "http://other:3128"}
    world.client(transport, odds_api_key=KEY, proxies=proxies).ask(question("games"), scraper())
    assert transport.requests[0].proxy == "http://proxy:3128"


def test_credits_are_kept_as_the_provider_tells_them(world: World):
    answer = good(x_requests_remaining="480", x_requests_used="20.0", x_requests_last="none")
    world.client(Recording(answer), odds_api_key=KEY).ask(question("games"), scraper())
    quota = world.ledger.providers.quota("odds_api")
    assert quota is not None
    assert (quota.remaining, quota.used, quota.last_cost, quota.told_at) == (480, 20, None, NOON)


def test_a_question_that_cannot_be_paid_for_is_not_asked(world: World):
    transport = Recording(good(x_requests_remaining="3"), good(x_requests_remaining="500"))
    client = world.client(transport, odds_api_key=KEY)
    client.ask(question("games", credits=10), scraper())
    with pytest.raises(OverBudget, match="3 credits left; this question costs 10"):
        client.ask(question("games", credits=10), scraper())
    world.clock.advance(timedelta(days=1))
    assert client.ask(question("games", credits=10), scraper()).outcome is Outcome.ANSWERED


def test_a_months_budget_is_kept_and_a_new_month_begins_at_nothing(world: World):
    transport = Recording(good(x_requests_used="95"), good(x_requests_used="10"))
    client = world.client(transport, odds_api_key=KEY, monthly_credits={"odds_api": 100})
    client.ask(question("games", credits=10), scraper())
    with pytest.raises(OverBudget, match="95 of the 100 credits"):
        client.ask(question("games", credits=10), scraper())
    world.clock.advance(datetime(2025, 12, 1, 1, tzinfo=UTC) - world.clock.now())
    assert client.ask(question("games", credits=10), scraper()).outcome is Outcome.ANSWERED


def test_an_answer_larger_than_its_cap_is_kept_to_the_cap_and_not_asked_for_again(world: World):
    large = Recorded("https://api.made-up.test/v4/games", b"[" + b"1," * 100_000 + b"1]")
    with ReplayServer([large]) as server:
        asked = world.client(replay=server.url).ask(question("games"), scraper())
    [capture] = world.landed()
    assert (capture.whole, capture.bytes, asked.requests) == (False, SOURCE.max_bytes, 1)
    assert "100000 bytes" in asked.problem
