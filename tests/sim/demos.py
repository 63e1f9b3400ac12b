"""A small demo that ran through, made once in a process: four teams, two seasons, points alone."""

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp

from tests.sim.leagues import FOUR

from fairline.platform.home import Home
from fairline.sim.demo import Demo
from fairline.sim.league.league import League


@cache
def priced_demo() -> Demo:
    """The same up to its evening's prices. Its home is shared: copy it before changing anything."""
    folder = Path(mkdtemp(prefix="fairline-demo-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    demo = Demo(folder / "home", League(5, teams=FOUR, games_each=40), ("points",))
    demo.run(lambda *_: None, lambda _: None, until="tonight")
    return demo


@cache
def small_demo() -> Demo:
    """Its home is shared: copy it before changing anything."""
    priced = priced_demo()
    demo = Demo(priced.folder.with_name("graded"), priced.league, priced.markets)
    copytree(priced.folder, demo.folder)
    demo.run(lambda *_: None, lambda _: None)
    return demo


@contextmanager
def copied(folder: Path) -> Iterator[tuple[Demo, Home]]:
    """A copy of the small demo, open the morning after."""
    held = small_demo()
    copytree(held.folder, folder)
    demo = Demo(folder, held.league, held.markets)
    with demo.opened(demo.evening.next_morning) as home:
        yield demo, home
