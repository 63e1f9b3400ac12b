"""The client: asks a question politely until it is answered, and lands every answer before anything looks at it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from fairline.domain.clock import Clock
from fairline.domain.errors import FairlineError, Permanent
from fairline.platform.captures import Capture, capture_of, content_of, land, read_sighting
from fairline.platform.ledger.provider_states import ProviderStates, Validator
from fairline.platform.objects import Objects
from fairline.platform.settings import Settings
from fairline.platform.transport import Response, Transport, TryLater
from fairline.scrape.addressing import host_of, kept_headers, lane, question_key, request_of
from fairline.scrape.contract import Question, Scraper
from fairline.scrape.credits import check_credits, quota_in
from fairline.scrape.judging import NOT_CHANGED, Outcome, Verdict, judged
from fairline.scrape.waiting import MOST_ATTEMPTS, PATIENCE, backoff, retry_after

Sleep = Callable[[float], None]
"""Waits that many seconds."""


@dataclass(slots=True)
class Asked:
    """What became of a question: every capture landed for it, error answers too, and how it ended.

    hopeless: another question to the same host would fare no better. requests: sent in all. waited: time spent being
    polite or patient.
    """

    question: Question
    captures: list[Capture] = field(default_factory=list)
    outcome: Outcome = Outcome.FAILED
    problem: str = ""
    hint: str = ""
    hopeless: bool = False
    requests: int = 0
    waited: timedelta = timedelta(0)


class Client:
    """Asks providers. Clock, randomness, waiting and the transport are given, so that a run can be repeated exactly."""

    def __init__(
        self,
        *,
        transport: Transport,
        objects: Objects,
        states: ProviderStates,
        settings: Settings,
        clock: Clock,
        sleep: Sleep,
        random: Random,
    ) -> None:
        """Land captures in `objects` and keep what is learned of the providers in `states`."""
        self._transport = transport
        self._objects = objects
        self._states = states
        self._settings = settings
        self._clock = clock
        self._sleep = sleep
        self._random = random

    def ask(self, question: Question, scraper: Scraper) -> Asked:
        """Ask a question and the pages that follow.

        Failures of the provider are in what is returned. Raises Missing without the key it needs, OverBudget when it
        cannot be paid for.
        """
        asked = Asked(question)
        page, turned = question, {tuple(sorted(question.params.items()))}
        while True:
            verdict, content = self._answer(page, scraper, asked)
            if verdict.outcome is not Outcome.ANSWERED:
                return _ended(asked, verdict, len(turned))
            try:
                following = scraper.following(content) if scraper.following else None
            except Permanent as error:
                return _ended(asked, Verdict(Outcome.FAILED, f"no next page: {error}", error.hint), len(turned))
            if following is None:
                asked.outcome = Outcome.ANSWERED
                return asked
            page = replace(question, params={**question.params, **following})
            place = tuple(sorted(page.params.items()))
            if place in turned or len(turned) >= scraper.most_pages:
                problem = "the next page is one already read" if place in turned else f"more than {len(turned)} pages"
                return _ended(asked, Verdict(Outcome.FAILED, problem, "The provider changed its paging."), len(turned))
            turned.add(place)

    def _answer(self, page: Question, scraper: Scraper, asked: Asked) -> tuple[Verdict, bytes]:
        """Ask for one page until it is answered or asking again makes no sense."""
        attempt = 0
        while True:
            verdict, content, rest = self._attempt(page, scraper, asked)
            attempt += 1
            if not verdict.again or attempt == MOST_ATTEMPTS or rest > PATIENCE:
                return verdict, content
            self._wait(max(backoff(attempt - 1, self._random), rest), asked)

    def _attempt(self, page: Question, scraper: Scraper, asked: Asked) -> tuple[Verdict, bytes, timedelta]:
        """One request: the verdict on its answer, the content, and how long the server wants to be left alone."""
        source, host = scraper.source, lane(host_of(page.url), self._settings)
        if not self._states.admitted(host):
            return self._left_alone(host), b"", timedelta(0)
        budget = self._settings.monthly_credits.get(source.name)
        quota = self._states.quota(lane(source.name, self._settings))
        check_credits(source, page.credits, quota, budget, self._clock.now())
        conditions, earlier = self._conditions(page, scraper)
        request = request_of(page, scraper, self._settings, conditions)
        # A replay is our own server and in no hurry to be spared.
        self._wait(self._states.reserve(host, timedelta(0) if self._settings.replay else source.apart), asked)
        asked.requests += 1
        try:
            response = self._transport.send(request)
        except TryLater as error:
            self._states.failed(host, str(error))
            return Verdict(Outcome.FAILED, str(error), error.hint, again=True, healthy=False), b"", timedelta(0)
        if response.status == NOT_CHANGED and earlier is not None:
            response = replace(response, content=earlier)
        capture = self._landed(response, page, scraper)
        asked.captures.append(capture)
        verdict = judged(response, scraper)
        rest = retry_after(response.headers, self._clock.now())
        self._learn(host, scraper, response, verdict, rest)
        if verdict.outcome is Outcome.ANSWERED and response.status != NOT_CHANGED:
            self._keep_validator(page, scraper, response, capture)
        return verdict, response.content, rest

    def _landed(self, response: Response, page: Question, scraper: Scraper) -> Capture:
        capture = capture_of(
            response.content, source=scraper.source.name, kind=scraper.kind, at=self._clock.now(), day=page.day,
            url=page.url, params=dict(page.params), status=response.status, whole=response.whole,
            headers=kept_headers(response.headers, scraper.source, self._settings), scraper=scraper.name,
        )  # fmt: skip
        land(response.content, capture, self._objects)
        return capture

    def _learn(self, host: str, scraper: Scraper, response: Response, verdict: Verdict, rest: timedelta) -> None:
        """Keep what the answer shows of the host and says of credits."""
        if quota := quota_in(response.headers, scraper.source, self._clock.now()):
            self._states.note_quota(lane(scraper.source.name, self._settings), quota)
        if verdict.healthy:
            self._states.succeeded(host)
        else:
            self._states.failed(host, verdict.problem, rest if rest > PATIENCE else None)

    def _conditions(self, page: Question, scraper: Scraper) -> tuple[Mapping[str, str], bytes | None]:
        """Headers that let the server say "not changed", and the bytes which that would mean."""
        held = self._states.validator(question_key(page, scraper, self._settings))
        if held is None:
            return {}, None
        try:
            earlier = content_of(read_sighting(self._objects, held.sighting), self._objects)
        except FairlineError:
            # Pruned or damaged: what it said must come again.
            return {}, None
        conditions = {"if-none-match": held.etag, "if-modified-since": held.last_modified}
        return {name: value for name, value in conditions.items() if value}, earlier

    def _keep_validator(self, page: Question, scraper: Scraper, response: Response, capture: Capture) -> None:
        etag, last_modified = response.headers.get("etag", ""), response.headers.get("last-modified", "")
        if etag or last_modified:
            key = question_key(page, scraper, self._settings)
            self._states.note_validator(key, Validator(etag, last_modified, capture.key))

    def _left_alone(self, host: str) -> Verdict:
        state = self._states.host(host)
        problem = f"{host} failed {state.failures} times in a row ({state.problem}) and is left alone"
        until = f" until {state.open_until:%H:%M:%S} UTC" if state.open_until else ""
        hint = "One question probes it then; `fairline scrapers` tells."
        return Verdict(Outcome.FAILED, f"{problem}{until}", hint, hopeless=True)

    def _wait(self, span: timedelta, asked: Asked) -> None:
        if span > timedelta(0):
            asked.waited += span
            self._sleep(span.total_seconds())


def _ended(asked: Asked, verdict: Verdict, pages: int) -> Asked:
    """The question ended short of its last page. A later page that is absent is a failure: it was promised."""
    later = pages > 1
    asked.outcome = Outcome.FAILED if later else verdict.outcome
    asked.problem = f"page {pages}: {verdict.problem}" if later else verdict.problem
    asked.hint, asked.hopeless = verdict.hint, verdict.hopeless
    return asked
