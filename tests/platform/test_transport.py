"""The transport against a real server on the loopback."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from fairline.domain.errors import BrokenContract, Permanent, Transient
from fairline.platform.transport import Declined, Httpx2Transport, Request, TryLater

JSON = ("application/json",)


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
        elif path == "/round":
            self._answer(302, b"", {"Location": "/round"})
        elif path == "/drip":
            self._drip()
        elif path == "/cut":
            self._answer(200, b"half", {"Content-Length": "100"})
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
    transport = Httpx2Transport(read_s=5, total_s=0.5)
    yield transport
    transport.close()


def test_an_answer_comes_whole_with_its_headers(provider: str, transport: Httpx2Transport) -> None:
    answer = transport.send(Request(f"{provider}/odds", params={"market": "points"}, accepts=JSON))
    assert (answer.status, answer.content) == (200, b'{"asked": "/odds?market=points"}')
    assert answer.headers["content-type"].startswith("application/json")


def test_a_redirect_is_followed(provider: str, transport: Httpx2Transport) -> None:
    assert transport.send(Request(f"{provider}/moved", accepts=JSON)).status == 200


def test_an_unchanged_answer_has_no_content_and_needs_no_type(provider: str, transport: Httpx2Transport) -> None:
    answer = transport.send(Request(f"{provider}/unchanged", headers={"If-None-Match": '"v1"'}, accepts=JSON))
    assert (answer.status, answer.content, answer.headers["etag"]) == (304, b"", '"v1"')


def test_an_error_page_with_status_200_breaks_the_contract(provider: str, transport: Httpx2Transport) -> None:
    with pytest.raises(BrokenContract, match="text/html, not application/json"):
        transport.send(Request(f"{provider}/page", accepts=JSON))


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_busy_server_is_tried_later_as_it_says(provider: str, transport: Httpx2Transport, status: int) -> None:
    with pytest.raises(TryLater, match=str(status)) as caught:
        transport.send(Request(f"{provider}/{status}"))
    assert isinstance(caught.value, Transient)
    assert (caught.value.status, caught.value.headers["retry-after"]) == (status, "7")


@pytest.mark.parametrize("status", [401, 403, 404, 422])
def test_a_declined_request_is_not_tried_again(provider: str, transport: Httpx2Transport, status: int) -> None:
    with pytest.raises(Declined, match=str(status)) as caught:
        transport.send(Request(f"{provider}/{status}"))
    assert isinstance(caught.value, Permanent)
    assert caught.value.status == status


def test_a_redirect_in_a_circle_and_an_address_that_is_none_are_declined(
    provider: str, transport: Httpx2Transport
) -> None:
    for url in (f"{provider}/round", "gopher://example.com/x"):
        with pytest.raises(Declined):
            transport.send(Request(url))


def test_an_answer_too_large_is_cut_off(provider: str, transport: Httpx2Transport) -> None:
    with pytest.raises(BrokenContract, match="more than 10 bytes"):
        transport.send(Request(f"{provider}/odds", max_bytes=10))


def test_a_server_that_drips_does_not_hold_us(provider: str, transport: Httpx2Transport) -> None:
    with pytest.raises(TryLater, match="in time"):
        transport.send(Request(f"{provider}/drip"))


def test_half_an_answer_is_no_answer(provider: str, transport: Httpx2Transport) -> None:
    with pytest.raises(TryLater, match="No answer"):
        transport.send(Request(f"{provider}/cut"))


def test_no_error_tells_the_key_in_the_query(transport: Httpx2Transport) -> None:
    with pytest.raises(TryLater) as caught:
        transport.send(Request("http://me:secret@127.0.0.1:9/v4/odds?apiKey=secret"))  # pragma: allowlist secret
    assert "secret" not in f"{caught.value} {caught.value.hint}"
