"""The demo on a small league: it runs through on the real path, goes on where it was, and touches nothing else."""

import json
from pathlib import Path

import pytest
from tests.sim.demos import copied, small_demo
from tests.sim.leagues import FOUR

from fairline.cli.demo import show
from fairline.domain.errors import Refused
from fairline.sim.demo import NOTICE, Demo
from fairline.sim.demo_settings import demo_settings
from fairline.sim.demo_view import demo_view
from fairline.sim.league.league import LABEL, League

pytestmark = pytest.mark.xdist_group("demo")


class BrokenOff(Exception):
    """The power went."""


def test_an_evening_is_scraped_priced_published_and_graded():
    demo = small_demo()
    view = demo_view(demo)
    assert view.games == 2
    assert view.board["line_source"].unique().to_list() == ["odds_api"]
    assert view.board["cutoff"].unique().to_list() == [demo.evening.priced]
    assert view.grades["forecasts"].min() > 10
    assert view.grades["ungraded"].sum() == 0
    assert [path for path in view.published if not path.is_file()] == []
    assert {path.parent.name for path in view.published} >= {"predictions", "best-bets", "results", "v1"}


def test_nothing_of_a_demo_is_taken_for_real(capsys: pytest.CaptureFixture[str]):
    demo = small_demo()
    show(demo, demo_view(demo))
    said = capsys.readouterr().out
    assert said.count("SIMULATED") == 3
    assert LABEL in (demo.folder / "objects" / NOTICE).read_text()
    assert "fairline up" in said


def test_a_second_run_does_nothing_again(tmp_path: Path):
    with copied(tmp_path / "home") as (demo, home):
        before = home.objects.list()
    held = []
    assert demo.run(lambda stage, seconds: held.append((stage.name, seconds)), lambda _: None) == {}
    assert held == [(stage.name, 0.0) for stage in demo.stages]
    with demo.opened(demo.evening.next_morning) as home:
        assert home.objects.list() == before


def test_a_demo_broken_off_goes_on_and_nothing_is_there_twice(tmp_path: Path):
    demo = Demo(tmp_path / "home", League(5, teams=FOUR, games_each=12), ("points",))

    def break_off(step: str) -> None:
        if step.startswith("import 8"):
            raise BrokenOff

    with pytest.raises(BrokenOff):
        demo.run(lambda *_: None, break_off, until="seasons")
    assert list(demo.run(lambda *_: None, lambda _: None, until="seasons")) == ["seasons"]
    assert demo.run(lambda *_: None, lambda _: None, until="seasons") == {}
    with demo.opened(demo.evening.dawn) as home:
        rows = home.warehouse.query("SELECT count(*), count(DISTINCT (game_id, player_id)) FROM raw.player_box_scores")
        assert len(set(rows.row(0))) == 1


def test_a_folder_that_is_no_demos_is_left_alone(tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(Refused, match="no demo"):
        Demo(tmp_path, small_demo().league).claim()
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_the_demo_of_another_seed_is_not_taken_for_this_one(tmp_path: Path):
    Demo(tmp_path, League(5, teams=FOUR, games_each=12)).claim()
    assert json.loads((tmp_path / "demo.json").read_text())["seed"] == 5
    with pytest.raises(Refused, match="of seed 5, not of seed 6"):
        Demo(tmp_path, League(6, teams=FOUR, games_each=12)).claim()


def test_the_users_ledger_books_and_keys_are_not_the_demos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name, value in (("LEDGER", "postgresql://real/one"), ("BOOKS", '["fanduel"]'), ("ODDS_API_KEY", "mine")):
        monkeypatch.setenv(f"FAIRLINE_{name}", value)
    settings = demo_settings(tmp_path)
    assert (settings.home, settings.ledger, settings.books, settings.odds_api_key) == (tmp_path, None, (), None)
