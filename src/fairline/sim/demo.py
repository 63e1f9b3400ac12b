"""The demo: the whole platform on the simulated league, in a home of its own, without internet or data.

Two seasons are simulated and imported, models trained on them; then the real scrapers ask a replay of the providers
over HTTP on the loopback, and one evening is priced, published, and graded the next morning. Each stage is noted in the
home's ledger, so that a demo that was broken off goes on where it was.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from fairline.domain.clock import FixedClock
from fairline.domain.errors import Permanent, Refused
from fairline.ops.catalogue import open_home
from fairline.ops.importing import import_paths
from fairline.ops.results import grade_date
from fairline.ops.scraping import client_of, scrape
from fairline.ops.slate import run_slate
from fairline.ops.training import train
from fairline.platform.ledger.contract import RunStatus
from fairline.platform.ledger.recorded import recorded_run
from fairline.sim.answers.answers import answers_of
from fairline.sim.demo_settings import demo_settings
from fairline.sim.evenings import Evening, evening_of
from fairline.sim.league.files import write_files
from fairline.sim.league.league import LABEL, League
from fairline.sim.replay import ReplayServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import date, datetime

    from fairline.platform.home import Home

FOLDER = Path("out/demo")
SEED = 1
MARKETS = ("points", "threes")
MARKER = "demo.json"
"""In the home: whose demo it is. A folder with other things in it is not touched."""
NOTICE = "v1/SIMULATED.txt"
"""Beside the published files, which have no place for it."""
LASTING = timedelta(minutes=30)


class Stage(NamedTuple):
    """One part of the demo. at: where the clock stands. do: does it and counts what came of it."""

    name: str
    says: str
    at: datetime
    do: Callable[[Home, Callable[[str], None]], dict[str, int]]

    @property
    def run_name(self) -> str:
        """Under what name its runs are in the ledger."""
        return f"demo {self.name}"


@dataclass(frozen=True)
class Demo:
    """A demo in a folder. league: by default thirty teams and two seasons, from seed 1."""

    folder: Path = FOLDER
    league: League = field(default_factory=lambda: League(SEED))
    markets: tuple[str, ...] = MARKETS

    @cached_property
    def evening(self) -> Evening:
        """The evening that is shown."""
        return evening_of(self.league)

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """What is done, in order; "tonight" prices the slate."""
        then, day = self.evening, self.evening.day
        return (
            Stage("seasons", "two seasons simulated and imported", then.dawn, self._seasons),
            Stage("models", "models trained on them", then.dawn, self._models),
            Stage("morning", "the morning's answers scraped", then.morning, self._scraping("morning", day)),
            Stage("injuries", "injury reports scraped", then.injuries, self._scraping("injuries", day)),
            Stage("lines", "the books' lines scraped", then.lines, self._scraping("lines", day)),
            Stage("tonight", "tonight priced and published", then.priced, self._tonight),
            Stage("night", "box scores scraped", then.night, self._scraping("post_game", day)),
            Stage("grades", "yesterday graded", then.next_morning, self._grades),
        )

    def run(
        self, ended: Callable[[Stage, float], None], told: Callable[[str], None], *, until: str = "grades"
    ) -> dict[str, float]:
        """Do every stage up to one that the home does not hold yet; the seconds each took, none for one held.

        ended: hears of each stage and its seconds, 0 for one held. told: of the steps within. Raises Refused for a
        folder that holds something else, or another league's demo.
        """
        self.claim()
        seconds = {}
        for stage in self.stages:
            started = time.perf_counter()
            with self.opened(stage.at) as home:
                is_held = any(run.status is RunStatus.SUCCESS for run in home.ledger.runs(stage.run_name))
                if not is_held:
                    told(stage.says)
                    with recorded_run(home.ledger, stage.run_name, lasting=LASTING, game_date=self.evening.day) as run:
                        run.counts |= stage.do(home, told)
                    seconds[stage.name] = time.perf_counter() - started
            ended(stage, seconds.get(stage.name, 0.0))
            if stage.name == until:
                break
        return seconds

    def opened(self, at: datetime, *, read_only: bool = False) -> AbstractContextManager[Home]:
        """The home for a block, its clock standing at a moment."""
        settings = demo_settings(self.folder)
        return open_home("fairline demo", settings=settings, clock=FixedClock(at), read_only=read_only)

    def claim(self) -> None:
        """Make the folder this demo's. Raises Refused when it is not empty and no demo of this league's."""
        league = self.league
        about = {"years": list(league.years), "teams": list(league.teams), "games_each": league.games_each}
        said = {"label": LABEL, "seed": league.seed, **about}
        marker = self.folder / MARKER
        if not marker.exists():
            if self.folder.exists() and any(self.folder.iterdir()):
                message = f"{self.folder} holds something that is no demo's"
                raise Refused(message, hint="Name a new folder with --home.")
            self.folder.mkdir(parents=True, exist_ok=True)
            marker.write_text(json.dumps(said, indent=1), encoding="utf-8")
        held = json.loads(marker.read_text(encoding="utf-8"))
        if held != said:
            message = f"{self.folder} holds another demo, of seed {held.get('seed')}, not of seed {league.seed}"
            raise Refused(message, hint="Name another folder with --home, or remove that one.")

    def _seasons(self, home: Home, told: Callable[[str], None]) -> dict[str, int]:
        with TemporaryDirectory() as folder:
            for year in self.league.years:
                told(f"playing the season of {year}")
                self.league.season(year)
            told("writing files as a user would bring them")
            since = self.league.season(self.league.years[-1]).first
            files = write_files(self.league, Path(folder), self.evening.dawn, quotes_since=since, playoffs=False)
            reports = import_paths(home, files, lambda name, place, of: told(f"import {place + 1}/{of} {name}"))
        for report in reports:
            if report.error or report.quarantined or report.unresolved_rows:
                raise Permanent(f"{report.file}: {report.error or report.quarantined}", hint=report.hint)
        home.objects.put(NOTICE, f"{LABEL}, seed {self.league.seed}. Nothing in these files happened.\n".encode())
        return {"files": len(reports), "rows": sum(each.rows_read for each in reports)}

    def _models(self, home: Home, told: Callable[[str], None]) -> dict[str, int]:
        return {"models": len(train(home, self.markets, told=told))}

    def _scraping(self, name: str, day: date) -> Callable[[Home, Callable[[str], None]], dict[str, int]]:
        def do(home: Home, told: Callable[[str], None]) -> dict[str, int]:
            return self.scraped(home, name, day, told)

        return do

    def scraped(self, home: Home, name: str, day: date, told: Callable[[str], None]) -> dict[str, int]:
        """Run a workflow against the league in the providers' place. Raises Permanent when a step came to nothing."""
        with self.replay(day, home.clock.now()) as server:
            home.settings = home.settings.model_copy(update={"replay": server.url})
            # Politeness is for providers; this one is ours, and its clock stands.
            with client_of(home, sleep=lambda _: None) as client:
                scraped = scrape(home, name, day, told=told, client=client)
        if scraped.failed:
            problems = "; ".join(f"{each.scraper}: {each.problem}" for each in scraped.reports if each.problem)
            raise Permanent(f"the simulated providers did not answer {', '.join(scraped.failed)}: {problems}")
        return {
            "requests": sum(each.requests for each in scraped.reports),
            "rows": sum(each.written for each in scraped.reports),
        }

    def replay(self, day: date, now: datetime) -> ReplayServer:
        """The league in the providers' place: what they answer about the day and the one before, as of an instant."""
        days = (day - timedelta(days=1), day)
        return ReplayServer([each for one in days for each in answers_of(self.league, one, now)])

    def _tonight(self, home: Home, told: Callable[[str], None]) -> dict[str, int]:
        run = run_slate(home, self.evening.day, self.markets, told=told)
        return {"predictions": run.predictions.height, "documents": len(run.published)}

    def _grades(self, home: Home, told: Callable[[str], None]) -> dict[str, int]:
        told("grading")
        return {"graded": grade_date(home, self.evening.day).graded.rows.height}
