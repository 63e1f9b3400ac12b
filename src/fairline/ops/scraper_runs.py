"""One scraper's run: its questions asked, every answer landed and read into the tables, and how it went noted."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from fairline.domain.errors import FairlineError
from fairline.ops.alerts import SOURCE_UNHEALTHY
from fairline.ops.alerts import report as raise_or_clear
from fairline.platform.captures import captures_in
from fairline.platform.ledger.contract import RunStatus
from fairline.platform.ledger.recorded import recorded_run
from fairline.raw.capture_loading import load_captures, unloaded
from fairline.scrape.judging import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fairline.platform.home import Home
    from fairline.raw.capture_loading import LoadReport
    from fairline.scrape.client import Asked, Client
    from fairline.scrape.contract import Question, Scraper, Wanted

LASTING = timedelta(minutes=30)
"""A run still at work after this long is overdue."""

BREAKS_ITS_CONTRACT = ("missing_", "unreadable_", "impossible_", "not_a_")
"""How the reasons begin of records that are not what the provider used to send."""

HEALTH_BOUND = 0.2
"""Share of such records above which a scraper's answers count as unreadable, and the next provider is asked."""

OnStep: TypeAlias = "Callable[[str], None]"
"""Told of each question about to be asked, and of the load."""

COUNTS = (
    "questions", "answered", "absent", "failed", "not_asked", "requests", "captures", "bytes", "rows_read", "written",
    "unchanged", "quarantined", "unresolved",
)  # fmt: skip


@dataclass(slots=True)
class ScraperReport:
    """How a scraper fared: its questions by outcome, what landed, and what the load made of all that was not loaded.

    problem, hint: the first thing that went wrong, and the next step. capture_ids: what this run brought. unreadable:
    answers of it are not what the provider used to send.
    """

    scraper: str
    source: str
    kind: str
    day: date
    status: RunStatus = RunStatus.RUNNING
    questions: int = 0
    answered: int = 0
    absent: int = 0
    failed: int = 0
    not_asked: int = 0
    requests: int = 0
    captures: int = 0
    bytes: int = 0
    rows_read: int = 0
    written: int = 0
    unchanged: int = 0
    quarantined: int = 0
    unresolved: int = 0
    waited_s: float = 0.0
    problem: str = ""
    hint: str = ""
    capture_ids: set[str] = field(default_factory=set)
    unreadable: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """As the ledger keeps them."""
        return {name: getattr(self, name) for name in COUNTS}


def run_name(scraper: str) -> str:
    """Under what name a scraper's runs are in the ledger."""
    return f"scrape {scraper}"


def run_scraper(
    home: Home, scraper: Scraper, wanted: Wanted, client: Client, told: OnStep, *, load: bool
) -> ScraperReport:
    """Ask all of a scraper's questions and load what landed. What fails is in the report, and in the ledger."""
    report = ScraperReport(scraper.name, scraper.source.name, scraper.kind, wanted.day)
    with recorded_run(home.ledger, run_name(scraper.name), lasting=LASTING, game_date=wanted.day) as run:
        try:
            questions = _open_questions(home, scraper, wanted)
            # Asking takes as long as politeness and the network do, and needs no table.
            with home.elsewhere() if questions else nullcontext():
                _ask(questions, scraper, client, report, told)
            if load:
                _load(home, report, told)
        except FairlineError as error:
            _blame(report, str(error), error.hint)
            report.status = RunStatus.FAILED
        else:
            report.status = _status(report)
        run.counts, run.status, run.error = report.counts, report.status, report.problem
        _alert(home, report)
    return report


def _alert(home: Home, report: ScraperReport) -> None:
    """Raise the scraper's alert when it came to nothing or could not be read; clear it when it is well."""
    if report.status is RunStatus.NO_DATA:
        return
    subject = f"{report.scraper} {report.source}"
    ill = report.status is RunStatus.FAILED or report.unreadable
    seen = {subject: report.problem} if ill else {}
    raise_or_clear(home.warehouse, SOURCE_UNHEALTHY, seen, home.clock.now(), among=subject)


def _open_questions(home: Home, scraper: Scraper, wanted: Wanted) -> list[Question]:
    """The scraper's questions, without those whose answer is held and settled."""
    questions = list(scraper.questions(wanted))
    if not scraper.settled:
        return questions
    held = captures_in(home.objects, source=scraper.source.name, kind=scraper.kind, day=wanted.day)
    answered = {(each.url, *sorted(each.params.items())) for each in held if each.answered}
    return [each for each in questions if (each.url, *sorted(each.params.items())) not in answered]


def _ask(questions: list[Question], scraper: Scraper, client: Client, report: ScraperReport, told: OnStep) -> None:
    report.questions = report.not_asked = len(questions)
    for number, question in enumerate(questions, start=1):
        told(f"{scraper.name} {number}/{len(questions)} {question.what}".rstrip())
        report.not_asked -= 1
        asked = client.ask(question, scraper)
        _count(report, asked)
        if asked.hopeless:
            return


def _count(report: ScraperReport, asked: Asked) -> None:
    report.requests += asked.requests
    report.captures += len(asked.captures)
    report.bytes += sum(capture.bytes for capture in asked.captures)
    report.waited_s += asked.waited.total_seconds()
    report.capture_ids |= {capture.capture_id for capture in asked.captures if capture.answered}
    report.answered += asked.outcome is Outcome.ANSWERED
    report.absent += asked.outcome is Outcome.ABSENT
    if asked.outcome is Outcome.FAILED:
        report.failed += 1
        what = f"{asked.question.what}: " if asked.question.what else ""
        _blame(report, f"{what}{asked.problem}", asked.hint)


def _load(home: Home, report: ScraperReport, told: OnStep) -> None:
    """Read all that is not in the tables: what landed now, and what an earlier process landed before it died."""
    waiting = unloaded(home.warehouse, home.objects)
    loads = load_captures(
        waiting, warehouse=home.warehouse, objects=home.objects, now=home.clock.now(),
        on_capture=lambda kind, place, count: told(f"load {place + 1}/{count} {kind}"),
    )  # fmt: skip
    for load in loads:
        report.rows_read += load.rows_read
        report.written += load.written
        report.unchanged += load.unchanged
        report.quarantined += sum(load.quarantined.values())
        report.unresolved += load.unresolved
    _judge(report, {load.capture_id: load for load in loads if load.capture_id in report.capture_ids})


def _judge(report: ScraperReport, loads: dict[str, LoadReport]) -> None:
    """Answers that cannot be read, wholly or for the most part, are failures, whatever their status said."""
    records = sum(load.rows_read for load in loads.values())
    broken = sum(
        count
        for load in loads.values()
        for reason, count in load.quarantined.items()
        if reason.startswith(BREAKS_ITS_CONTRACT)
    )
    problems = [load.problem for load in loads.values() if load.problem]
    if not problems and broken > HEALTH_BOUND * records:
        problems = [f"{broken:,} of {records:,} records break their contract"]
    if problems:
        report.unreadable = True
        # What the client failed already, such as a page of HTML, is not counted twice.
        unread = min(len(problems), report.answered)
        report.failed, report.answered = report.failed + unread, report.answered - unread
        _blame(report, problems[0], "`fairline quarantine` shows what came; `fairline quarantine replay` after a fix.")


def _blame(report: ScraperReport, problem: str, hint: str) -> None:
    if not report.problem:
        report.problem, report.hint = problem, hint


def _status(report: ScraperReport) -> RunStatus:
    """No data when nothing was asked or nothing is there yet."""
    if report.failed or report.not_asked:
        return RunStatus.PARTIAL if report.answered else RunStatus.FAILED
    return RunStatus.SUCCESS if report.answered else RunStatus.NO_DATA
