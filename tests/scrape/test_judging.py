"""What answers are worth."""

import pytest
from tests.scrape.provider import SOURCE, scraper

from fairline.platform.transport import Response
from fairline.scrape.contract import HTML, JSON, PDF
from fairline.scrape.judging import Outcome, judged


def of(status: int, content: bytes = b"{}", kind: str = "application/json", cut: str = "") -> Response:
    return Response(status, {"content-type": kind}, content, cut)


@pytest.mark.parametrize(
    ("answer", "accepts", "outcome"),
    [
        (of(200), JSON, Outcome.ANSWERED),
        (of(304, b""), JSON, Outcome.ANSWERED),
        (of(200, b"\xef\xbb\xbf {}", "application/json; charset=utf-8"), JSON, Outcome.ANSWERED),
        (of(200, b"<html>", "text/html"), JSON, Outcome.FAILED),
        (of(200, b"<html>"), JSON, Outcome.FAILED),
        (of(200, b"<html>", "text/html"), HTML, Outcome.ANSWERED),
        (of(200, b"%PDF-1.7", "application/pdf"), PDF, Outcome.ANSWERED),
        (of(200, b"<Error/>", "application/octet-stream"), PDF, Outcome.FAILED),
        (of(200, b"anything", "image/png"), (), Outcome.ANSWERED),
        (of(204, b"", ""), JSON, Outcome.FAILED),
        (of(200, b"{", cut="it broke off"), JSON, Outcome.FAILED),
        (of(404), JSON, Outcome.FAILED),
    ],
)
def test_an_answer_is_worth_what_status_type_and_content_say(
    answer: Response, accepts: tuple[str, ...], outcome: Outcome
):
    assert judged(answer, scraper(accepts=accepts)).outcome is outcome


@pytest.mark.parametrize(
    ("status", "again", "healthy", "hopeless"),
    [
        (408, True, False, False), (429, True, False, False), (503, True, False, False), (401, False, False, True),
        (403, False, False, True), (404, False, True, False), (422, False, True, False),
    ],
)  # fmt: skip
def test_a_status_says_whether_to_ask_again_and_whether_the_host_is_well(
    status: int, again: bool, healthy: bool, hopeless: bool
):
    verdict = judged(of(status), scraper())
    assert (verdict.again, verdict.healthy, verdict.hopeless) == (again, healthy, hopeless)
    assert verdict.hint


def test_a_refusal_names_the_setting_to_check():
    from dataclasses import replace

    assert "odds_api_key" in judged(of(401), scraper()).hint
    assert "proxies.odds_api" in judged(of(403), scraper(source=replace(SOURCE, key_setting=""))).hint
