"""Systems beside the truth: what is planted is found, and the truth itself is found well."""

from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.sim.demos import copied
from tests.sim.leagues import small_league

from fairline.domain.markets import Market
from fairline.domain.odds import decimal_from_american
from fairline.domain.pmf import Pmf
from fairline.sim.closeness import Quotes, Truths, bets, closeness
from fairline.sim.league.books import prop_quotes
from fairline.sim.verify import AGAIN, CUTOFF, Material, Verdict, material_of, verify

pytestmark = pytest.mark.xdist_group("demo")

GAMES, SIZE = 12, 120


@cache
def material() -> Material:
    """Twelve games of a small league, as everyone in them is judged."""
    league = small_league()
    season = league.season(2025)
    regular, rows = season.regular, np.arange(GAMES)
    at = [regular.calendar.tip_at[row] - CUTOFF for row in rows]
    told = prop_quotes(season, regular, rows, at, league.seed).filter(market="points")
    over, under = (
        pl.col(f"{side}_american").map_elements(decimal_from_american, pl.Float64).alias(f"{side}_decimal")
        for side in ("over", "under")
    )
    quotes = told.select("game_id", "player_id", (2 * pl.col("line")).cast(pl.Int64).alias("half_points"), over, under)
    seats = [(row, who) for row in rows for who in regular.slate.slots[row].ravel() if who >= 0]
    asked = pl.DataFrame({
        "game_id": [regular.ids[row] for row, _ in seats],
        "player_id": [int(season.people.ids[who]) for _, who in seats], "cutoff": [at[row] for row, _ in seats],
    })  # fmt: skip
    return material_of(league, Market.POINTS, asked, quotes, 250, lambda _: None)[0]


def judged(said: Pmf) -> Verdict:
    held = material()
    return held.judged("planted", said, np.ones(len(held.truths.games), bool))


def planted(mean_times: float = 1.0, sd_times: float = 1.0) -> Pmf:
    """A system that knows the truth, but for what is planted."""
    true = material().again
    return Pmf.negative_binomial(true.mean * mean_times, true.variance * sd_times**2, SIZE)


def test_the_truth_drawn_again_is_found_well():
    close = judged(material().again).closeness
    assert close.found == ()
    assert close.skill > 0.98
    assert abs(close.slope - 1) < 0.03
    assert abs(close.sd_ratio - 1) < 0.03


def test_a_system_whose_means_are_a_tenth_too_high_is_found_biased():
    assert "biased up" in judged(planted(mean_times=1.1)).closeness.found
    assert "biased down" in judged(planted(mean_times=0.9)).closeness.found


def test_a_system_too_sure_of_itself_is_found_overconfident_and_one_too_unsure_timid():
    assert "overconfident" in judged(planted(sd_times=0.7)).closeness.found
    assert "timid" in judged(planted(sd_times=1.4)).closeness.found


def test_a_system_as_wide_as_the_truth_about_wrong_centres_is_overconfident():
    true = material().again
    shuffled = true.mean * np.random.default_rng(1).lognormal(-0.045, 0.3, len(true.mean))
    found = judged(Pmf.negative_binomial(shuffled, true.variance, SIZE)).closeness
    assert "overconfident" in found.found
    assert found.slope < 0.97


def test_who_knows_nobody_has_no_skill():
    true = material().truths.pmf
    climate = Pmf(np.broadcast_to(true.p.mean(axis=0), true.p.shape))
    assert judged(climate).closeness.skill == pytest.approx(0, abs=0.01)


def test_the_truths_own_bets_are_regretted_least_and_no_bet_is_worth_what_a_biased_system_sees():
    true, biased = judged(material().truths.pmf).bets, judged(planted(mean_times=1.25)).bets
    assert true.regret == pytest.approx(0, abs=1e-12)
    assert true.claimed == pytest.approx(true.true)
    assert biased.regret > 0.05
    assert biased.claimed > biased.true + 0.1


def test_distance_is_the_expected_score_above_the_truths():
    """By hand: a coin said to show heads always loses (0.5)^2; the nights' own noise is taken off."""
    truths = Truths(Pmf([[0.5, 0.5]]), np.array([1]), np.array([1e12]))
    assert closeness(Pmf([[0.0, 1.0]]), truths).crps_lost == pytest.approx(0.25)
    few = Truths(Pmf([[0.5, 0.5]]), np.array([1]), np.array([11.0]))
    assert closeness(Pmf([[0.0, 1.0]]), few).crps_lost == pytest.approx(0.25 - 0.25 / 10)


def test_a_side_without_a_price_is_not_bet():
    quotes = Quotes(np.array([0]), np.array([1]), np.array([np.nan]), np.array([2.2]))
    said, true = Pmf([[0.2, 0.8]]), Pmf([[0.5, 0.5]])
    assert bets(said, true, quotes) == (0, 0.0, 0.0, pytest.approx(0.1))


def test_every_system_of_a_home_is_held_against_the_truth(tmp_path: Path):
    with copied(tmp_path / "home") as (demo, home):
        verdicts = verify(home, demo.league, games=4, draws=150)
    assert verdicts[0].system == AGAIN
    assert {each.system for each in verdicts} >= {"moving_average", "gradient_boosting", "ensemble", "market_pooled"}
    assert [each.system for each in verdicts if each.closeness.skill > verdicts[0].closeness.skill] == []
    assert [each.games for each in verdicts] == [4] * len(verdicts)
