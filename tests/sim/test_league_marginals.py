"""The simulated league beside the real one: every statistic of the page within its tolerance, both measured again."""

import math
from pathlib import Path

import pytest
from tests.sim.leagues import whole_league

from fairline.sim.league.league import League
from fairline.sim.league.marginals import MARGINALS, misses, of_the_files, of_the_league, with_table

PAGE = Path("docs") / "simulated-league.md"


@pytest.fixture(scope="module")
def simulated() -> dict[str, float]:
    return of_the_league(whole_league())


def test_the_page_tells_what_the_league_is_today(repository: Path, simulated: dict[str, float]):
    written = (repository / PAGE).read_text(encoding="utf-8")
    assert written == with_table(written, simulated), "write it anew: marginals.with_table of League(1)"


def test_the_simulated_league_is_within_tolerance_of_the_real_one(simulated: dict[str, float]):
    assert len(MARGINALS) >= 20
    assert misses(simulated) == {}


def test_another_seed_is_within_tolerance_too():
    assert misses(of_the_league(League(2026, years=(2024, 2025)))) == {}


def test_nineteen_of_twenty_other_seeds_are_within_tolerance():
    missed = {seed: found for seed in range(7001, 7021) if (found := misses(of_the_league(League(seed))))}
    assert len(missed) <= 1, missed


def test_the_real_statistics_of_the_page_are_those_of_the_real_seasons(shared: Path):
    measured = of_the_files(shared / "data" / "box_scores")
    assert {name: round(value, 4) for name, value in measured.items()} == {
        name: pytest.approx(marginal.real, abs=1e-4) for name, marginal in MARGINALS.items()
    }


def test_a_league_that_misses_is_told_by_how_much(simulated: dict[str, float]):
    assert misses({**simulated, "pace": 110.0}) == {"pace": pytest.approx(110 - MARGINALS["pace"].real)}
    assert math.isnan(misses({**simulated, "pace": math.nan})["pace"])
