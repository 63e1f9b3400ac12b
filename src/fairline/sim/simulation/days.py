"""A day of the simulated machine: looks at the schedule, messages, workers, in an order of chance; then a calm."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from fairline.domain.dates import EASTERN
from fairline.domain.errors import FairlineError
from fairline.ops.checks import finish_batches
from fairline.ops.slates import slates_around
from fairline.ops.ticking import tick
from fairline.sim.simulation.chaos import Crash
from fairline.sim.simulation.jobs import TABLE, works
from fairline.sim.simulation.user import speak

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from fairline.predict.worker import Worker
    from fairline.sim.simulation.chaos import Life
    from fairline.sim.simulation.machine import Machine, Main

LOOKS = (time(10, 40), time(11, 35), time(12, 50), time(18, 35))
"""When the schedule is looked at on a day, Eastern; each look may come late or not at all."""

PREDICTED_BY = time(11, 30)
MORNING = (time(6, 5), time(10, 5))
LOOKS_TO_END = 3
"""After midnight: what makes no progress is queued once more by the second, and closed by the third."""

MISSED, JUMP, NEWS, MOST_TURNS, SET_BACK_BY_S = 0.15, 0.05, 0.12, 12, 1200
WORKERS = ("worker a", "worker b")


class Days:
    """Processes at work on a machine, day after day."""

    def __init__(self, machine: Machine) -> None:
        """Start them."""
        self._machine, self._chaos = machine, machine.chaos
        self._main: Main = machine.main()
        self._workers: dict[str, tuple[Life, Worker]] = {name: machine.worker(name) for name in WORKERS}
        self._at_work: set[str] = set()
        machine.chaos.meanwhile = self._meanwhile

    def live(self, day: date) -> None:
        """One day with everything that can go wrong, from morning to midnight."""
        self._chaos.calm = False
        for look in LOOKS:
            if self._chaos.happens(MISSED):
                self._chaos.did["look missed"] += 1
                continue
            late = timedelta(minutes=self._chaos.dice.randrange(20))
            self._machine.clock.move_to(datetime.combine(day, look, EASTERN) + late)
            if self._chaos.happens(JUMP):
                self._chaos.did["clock jumped"] += 1
                self._machine.clock.advance(timedelta(minutes=self._chaos.dice.randrange(5, 180)))
            self._look()
            self._maybe_news()
            self._turns()

    def settle(self, day: date) -> None:
        """The calm after a day: what is under way ends, and its results are graded on the morning after."""
        self._chaos.calm = True
        midnight = datetime.combine(day + timedelta(days=1), time(0, 50), EASTERN)
        self._machine.clock.move_to(midnight)
        for _ in range(LOOKS_TO_END):
            self._calm_turns()
            if not self._machine.ledger.open_batches():
                break
            self._machine.clock.advance(timedelta(minutes=16))
        for look in MORNING:
            self._machine.clock.move_to(datetime.combine(day + timedelta(days=1), look, EASTERN))
            self._calm_turns()
        while self._deliver():
            pass

    def _look(self) -> None:
        """A look at the schedule by the process that has the home."""
        with self._process():
            main, before = self._main, self._chaos.did.total()
            now = self._machine.clock.now()
            with main.station.turn() as home:
                known = slates_around(home.warehouse, now)
            # What was before the first day is nobody's to grade.
            slates = {day: games for day, games in known.items() if day >= self._machine.league.first}
            tick(
                main.station.turn, main.station.ledger, now, slates=slates, table=TABLE,
                works=works(self._machine, main),
            )  # fmt: skip
            if self._chaos.did.total() == before:
                self._machine.looked_in_peace.update(day for day in slates if self._in_time(day, now))

    def _in_time(self, day: date, now: datetime) -> bool:
        """Whether the day's predictions were due by then and none of its games had begun."""
        tips = [game.tip_at for game in self._machine.league.of_day(day) if game.postponed_at is None]
        return datetime.combine(day, PREDICTED_BY, EASTERN) <= now < min(tips, default=now)

    def _turns(self) -> None:
        """Messages, workers and what completes batches, any of them next, minutes apart."""
        for _ in range(self._chaos.dice.randrange(MOST_TURNS)):
            self._maybe_set_back()
            self._machine.clock.advance(timedelta(seconds=self._chaos.dice.randrange(300)))
            turn = self._chaos.dice.choice((self._deliver, self._deliver, self._work_a, self._work_b, self._complete))
            turn()

    def _calm_turns(self) -> None:
        while self._deliver() or self._work_a() or self._work_b():
            pass
        self._look()

    def _deliver(self) -> bool:
        left = [True]
        with self._process():
            left = [self._machine.bus.deliver()]
        return left[0]

    def _complete(self) -> None:
        with self._process():
            finish_batches(self._main.home)

    def _work_a(self) -> bool:
        return self._work(WORKERS[0])

    def _work_b(self) -> bool:
        return self._work(WORKERS[1])

    def _work(self, name: str) -> bool:
        """One task by that worker; a worker that dies is replaced, and its lease runs out."""
        if name in self._at_work:
            return False
        self._at_work.add(name)
        try:
            return self._workers[name][1].work_once() is not None
        except Crash:
            self._workers[name] = self._machine.worker(name)
        except (OSError, FairlineError) as error:
            self._chaos.did[f"worker met {type(error).__name__}"] += 1
        finally:
            self._at_work.discard(name)
        return True

    def _meanwhile(self) -> None:
        """Between two steps of a process others work, and time may pass: more than a lease lasts."""
        if self._at_work:
            self._machine.clock.advance(timedelta(seconds=self._chaos.dice.choice((1, 31, 61))))
        self._maybe_set_back()
        self._chaos.did["overtaken"] += 1
        self._work(self._chaos.dice.choice(WORKERS))

    def _maybe_set_back(self) -> None:
        if self._chaos.happens(self._chaos.set_back):
            self._chaos.did["clock set back"] += 1
            self._machine.clock.set_back(timedelta(seconds=self._chaos.dice.randrange(1, SET_BACK_BY_S)))

    def _maybe_news(self) -> None:
        if self._chaos.happens(NEWS):
            self._machine.clock.advance(timedelta(seconds=self._chaos.dice.randrange(1, 300)))
            with self._process(), self._main.station.turn() as home:
                speak(self._machine, home)

    @contextmanager
    def _process(self) -> Iterator[None]:
        """The main process for a turn; when it dies another is started, and what it could not bear is counted."""
        try:
            yield
        except Crash:
            self._main = self._machine.main()
        except (OSError, FairlineError, ExceptionGroup) as error:
            self._chaos.did[f"main met {type(error).__name__}"] += 1
