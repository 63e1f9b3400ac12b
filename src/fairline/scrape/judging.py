"""What an answer is worth: an answer, nothing there yet, or a failure, and whether asking again may help."""

from dataclasses import dataclass
from enum import StrEnum

from fairline.platform.transport import Response
from fairline.scrape.contract import JSON, PDF, Scraper

NOT_CHANGED, NOT_THERE = 304, 404
TRY_AGAIN = frozenset({408, 425, 429})
REFUSES_US = frozenset({401, 402, 403})


class Outcome(StrEnum):
    """How a question ended. Absent: nothing is there yet, which is no failure."""

    ANSWERED = "answered"
    ABSENT = "absent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one answer.

    again: asking again may help. healthy: the host does what it should, whatever it said. hopeless: another question
    to the same host would fare no better.
    """

    outcome: Outcome
    problem: str = ""
    hint: str = ""
    again: bool = False
    healthy: bool = True
    hopeless: bool = False


ANSWERED = Verdict(Outcome.ANSWERED)


def judged(response: Response, scraper: Scraper) -> Verdict:
    """What an answer is worth to the scraper that asked. 304 is an answer: the question was conditional."""
    status = response.status
    if status in scraper.absent:
        return Verdict(Outcome.ABSENT, f"nothing there yet (status {status})")
    if status == NOT_CHANGED:
        return ANSWERED
    if not 200 <= status < 300:
        return _refusal(status, scraper)
    if response.cut:
        again = len(response.content) < scraper.source.max_bytes
        hint = "Try again later." if again else "Ask for less, or raise the source's cap."
        return _failure(f"the answer is not whole: {response.cut}", hint, again=again)
    if scraper.accepts and response.content_type not in scraper.accepts:
        stated = response.content_type or "no content type"
        return _failure(f"the answer is {stated}, not {' or '.join(scraper.accepts)}", _LOOK)
    if disguise := _disguise(response.content, scraper):
        return _failure(f"the answer is {disguise} under the type {response.content_type}", _LOOK)
    return ANSWERED


_LOOK = "An error page, or the provider changed its answer: `fairline captures show` prints what came."
_NOT_THERE = "It is not there, or its address has changed; `fairline captures show` prints what came."


def _refusal(status: int, scraper: Scraper) -> Verdict:
    source = scraper.source
    problem = f"status {status}"
    if status in TRY_AGAIN or status >= 500:
        return _failure(problem, "Try again later.", again=True)
    if status in REFUSES_US:
        setting = source.key_setting or f"proxies.{source.name}"
        hint = f"{source.title} refuses us: check the setting {setting}."
        return Verdict(Outcome.FAILED, problem, hint, healthy=False, hopeless=True)
    return Verdict(Outcome.FAILED, problem, _NOT_THERE if status == NOT_THERE else _LOOK)


def _failure(problem: str, hint: str, *, again: bool = False) -> Verdict:
    return Verdict(Outcome.FAILED, problem, hint, again=again, healthy=False)


def _disguise(content: bytes, scraper: Scraper) -> str:
    """What the content is when it cannot be what its type says."""
    start = content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if set(scraper.accepts) <= set(JSON) and scraper.accepts and start.startswith(b"<"):
        return "a page"
    if set(scraper.accepts) <= set(PDF) and scraper.accepts and not start.startswith(b"%PDF"):
        return "no PDF"
    return ""
