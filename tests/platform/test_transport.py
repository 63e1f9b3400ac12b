"""The transport against a real server on the loopback."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from fairline.domain.errors import Permanent, Transient
from fairline.platform.transport import Httpx2Transport, NoSuchAddress, Request, TryLater


class Provider(BaseHTTPRequestHandler):
    """Answers by path."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/odds":
            self._answer(
                200, b'{"asked": "%s"}' % self.path.encode(), {"Content-Type": "application/json; charset=utf-8"}
            )
        elif path == "/page":
            self._answer(200, b"<html>Service unavailable</html>", {"Content-Type": "text/html"})
        elif path == "/unchanged":
            self._answer(304, b"", {"ETag": self.headers.get("If-None-Match", "")})
        elif path == "/moved":
            self._answer(302, b"", {"Location": "/odds"})
        elif path == "/elsewhere":
            self._answer(302, b"", {"Location": f"http://localhost:{self.server.server_port}/told"})
        elif path == "/back":
            self._answer(302, b"", {"Location": "/told"})
        elif path == "/told":
            self._answer(200, str(self.headers).lower().encode(), {})
        elif path == "/round":
            self._answer(302, b"", {"Location": "/round"})
        elif path == "/drip":
            self._drip()
        elif path == "/cut":
            self._answer(200, b"half", {"Content-Length": "100"})
        elif path == "/damaged":
            self._answer(200, b"no gzip at all", {"Content-Encoding": "gzip"})
        elif path == "/silent":
            time.sleep(1)
        else:
            self._answer(int(path.strip("/")), b"", {"Retry-After": "7"})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(50):
                self.wfile.write(b".")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def transport() -> Iterator[Httpx2Transport]:
    transport = Httpx2Transport(read_s=0.4, total_s=0.5)
    yield transport
    transport.close()


def test_an_answer_comes_whole_with_its_headers(provider: str, transport: Httpx2Transport) -> None:
    answer = transport.send(Request(f"{provider}/odds", params={"market": "points"}))
    assert (answer.status, answer.content, answer.whole) == (200, b'{"asked": "/odds?market=points"}', True)
    assert answer.content_type == "application/json"


def test_a_redirect_is_followed(provider: str, transport: Httpx2Transport) -> None:
    assert transport.send(Request(f"{provider}/moved")).status == 200


def test_the_key_is_told_to_no_other_host_by_a_redirect(provider: str, transport: Httpx2Transport) -> None:
    keys = {"X-Api-Key": "hush-hush", "Authorization": "hush-hush", "User-Agent": "fairline"}
    elsewhere = transport.send(Request(f"{provider}/elsewhere", headers=keys)).content
    assert b"hush-hush" not in elsewhere
    assert b"user-agent: fairline" in elsewhere
    assert b"x-api-key: hush-hush" in transport.send(Request(f"{provider}/back", headers=keys)).content


def test_an_unchanged_answer_has_no_content(provider: str, transport: Httpx2Transport) -> None:
    answer = transport.send(Request(f"{provider}/unchanged", headers={"If-None-Match": '"v1"'}))
    assert (answer.status, answer.content, answer.headers["etag"], answer.whole) == (304, b"", '"v1"', True)


def test_an_error_page_with_status_200_is_an_answer_to_be_judged(provider: str, transport: Httpx2Transport) -> None:
    answer = transport.send(Request(f"{provider}/page"))
    assert (answer.status, answer.content_type, answer.whole) == (200, "text/html", True)
    assert b"unavailable" in answer.content


@pytest.mark.parametrize("status", [401, 403, 404, 408, 422, 429, 500, 503])
def test_an_error_is_an_answer_with_all_the_server_said(provider: str, transport: Httpx2Transport, status: int) -> None:
    answer = transport.send(Request(f"{provider}/{status}"))
    assert (answer.status, answer.headers["retry-after"], answer.whole) == (status, "7", True)


def test_a_redirect_in_a_circle_and_an_address_that_is_none_never_answer(
    provider: str, transport: Httpx2Transport
) -> None:
    for url in (f"{provider}/round", "gopher://example.com/x"):
        with pytest.raises(NoSuchAddress) as caught:
            transport.send(Request(url))
        assert isinstance(caught.value, Permanent)


def test_an_answer_too_large_is_kept_up_to_the_cap_and_says_so(provider: str, transport: Httpx2Transport) -> None:
    answer = transport.send(Request(f"{provider}/odds", max_bytes=10))
    assert (answer.content, answer.cut) == (b'{"asked": ', "it has more than 10 bytes")


def test_a_server_that_drips_does_not_hold_us(provider: str, transport: Httpx2Transport) -> None:
    started = time.monotonic()
    answer = transport.send(Request(f"{provider}/drip"))
    assert time.monotonic() - started < 2
    assert (answer.cut, set(answer.content)) == ("it did not end in time", {ord(".")})


def test_of_half_an_answer_what_came_is_kept(provider: str, transport: Httpx2Transport) -> None:
    answer = transport.send(Request(f"{provider}/cut"))
    assert (answer.status, answer.content, answer.whole) == (200, b"half", False)


def test_an_answer_with_damaged_compression_is_not_whole(provider: str, transport: Httpx2Transport) -> None:
    assert transport.send(Request(f"{provider}/damaged")).cut == "its compression is damaged"


def test_a_server_that_says_nothing_has_not_answered(provider: str, transport: Httpx2Transport) -> None:
    with pytest.raises(TryLater, match="No answer") as caught:
        transport.send(Request(f"{provider}/silent"))
    assert isinstance(caught.value, Transient)


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    provider: str, transport: Httpx2Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert transport.send(Request(f"{provider}/odds")).status == 200


def test_no_error_tells_the_key_in_the_query(transport: Httpx2Transport) -> None:
    with pytest.raises(TryLater) as caught:
        transport.send(Request("http://me:secret@127.0.0.1:9/v4/odds?apiKey=secret"))  # pragma: allowlist secret
    assert "secret" not in f"{caught.value} {caught.value.hint}"
