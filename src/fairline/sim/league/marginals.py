"""How near the simulated league is to the real one: statistics of both, and how far apart they may be.

The real numbers were measured on the regular seasons 2022-23 to 2024-25 (players' and teams' LeagueGameLog); a test
measures them again where the data lies beside the repository.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from fairline.domain.dates import season_label
from fairline.sim.league.league import League
from fairline.sim.league.marginals_of_games import of_games
from fairline.sim.league.marginals_of_players import of_players
from fairline.sim.league.tables import player_log, team_log

HEADING = "| statistic | real | simulated | tolerance |"

REAL_SEASONS = (2022, 2023, 2024)


@dataclass(frozen=True, slots=True)
class Marginal:
    """A statistic of the real league, and by how much the simulated one may miss it, both ways."""

    real: float
    tolerance: float


MARGINALS = {
    "points mean, star": Marginal(21.3328, 1.5),
    "points SD, star": Marginal(9.1188, 0.9),
    "scoreless share, star": Marginal(0.0029, 0.004),
    "points mean, starter": Marginal(12.6652, 1.3),
    "points SD, starter": Marginal(7.2546, 0.6),
    "scoreless share, starter": Marginal(0.0238, 0.01),
    "points mean, rotation": Marginal(7.8972, 0.7),
    "points SD, rotation": Marginal(5.9083, 0.7),
    "scoreless share, rotation": Marginal(0.1007, 0.035),
    "points mean, bench": Marginal(4.3328, 0.6),
    "points SD, bench": Marginal(4.6831, 0.75),
    "scoreless share, bench": Marginal(0.2936, 0.035),
    "minutes mean": Marginal(22.6801, 0.8),
    "minutes SD": Marginal(10.9288, 1.0),
    "minutes SD of a player": Marginal(5.8344, 0.4),
    "correlation of minutes and points": Marginal(0.7430, 0.04),
    "correlation of minutes and points of a player": Marginal(0.4936, 0.05),
    "points variance over mean, star and starter": Marginal(3.0327, 0.3),
    "points autocorrelation, next game": Marginal(0.1032, 0.04),
    "points average SD among players": Marginal(6.7011, 0.6),
    "points average of the best": Marginal(33.4841, 4.0),
    "rebounds mean": Marginal(4.1028, 0.2),
    "rebounds SD": Marginal(3.4550, 0.2),
    "assists mean": Marginal(2.4580, 0.15),
    "assists SD": Marginal(2.6333, 0.25),
    "threes mean": Marginal(1.2117, 0.12),
    "threes SD": Marginal(1.5025, 0.1),
    "fouled-out share": Marginal(0.0094, 0.005),
    "field-goal percentage": Marginal(0.4723, 0.01),
    "three-point percentage": Marginal(0.3622, 0.008),
    "free-throw percentage": Marginal(0.7819, 0.012),
    "three-point share of attempts": Marginal(0.4012, 0.025),
    "free throws per attempt": Marginal(0.2512, 0.025),
    "absence share, star and starter": Marginal(0.2034, 0.03),
    "team points mean": Marginal(114.2408, 2.0),
    "team points SD": Marginal(12.5176, 1.4),
    "home edge": Marginal(2.1134, 0.9),
    "home win share": Marginal(0.5560, 0.03),
    "margin SD": Marginal(15.0787, 1.5),
    "average margin SD among teams": Marginal(5.1982, 1.3),
    "correlation of both teams' points": Marginal(0.2690, 0.1),
    "overtime share": Marginal(0.0537, 0.02),
    "pace": Marginal(100.5603, 1.0),
    "pace SD": Marginal(4.9858, 0.6),
    "turnovers of a team": Marginal(13.2782, 0.7),
    "steals of a team": Marginal(7.6564, 0.6),
    "blocks of a team": Marginal(4.8905, 0.6),
    "fouls of a team": Marginal(19.1015, 1.0),
    "assists of a team": Marginal(26.1790, 1.0),
    "offensive share of rebounds": Marginal(0.2449, 0.015),
    "back-to-back share": Marginal(0.1746, 0.015),
    "players of a team in a game": Marginal(10.6507, 0.3),
}
"""By name, in the order of the page.

A tolerance covers what two seasons differ by from seed to seed, and is wider than the SD among the real seasons. Two
are of few people or teams: the best scorer (SD 1.5 among seeds, 2.0 among the real seasons since 2015), and the average
margin of thirty teams (0.5; 0.6, and 1.0 in the three seasons measured).
"""


def of_the_league(league: League) -> dict[str, float]:
    """The statistics of the regular seasons of a league, all of them together."""
    regular = [(league.season(year), league.season(year).regular) for year in league.years]
    players = pl.concat([player_log(*each, league.seed) for each in regular]).with_columns(season="SEASON")
    teams = pl.concat([team_log(*each, league.seed) for each in regular]).with_columns(season="SEASON")
    return {**of_players(players), **of_games(teams, players)}


def of_the_files(folder: Path, seasons: Sequence[int] = REAL_SEASONS) -> dict[str, float]:
    """The statistics of the real seasons, read from the folder of box scores."""
    labels = [season_label(season) for season in seasons]
    players = pl.concat([
        pl.read_parquet(folder / f"leaguegamelog_player_{label}.parquet").with_columns(season=pl.lit(label))
        for label in labels
    ])  # fmt: skip
    teams = pl.read_parquet(folder / "leaguegamelog_team_2015_2025.parquet").filter(pl.col("SEASON").is_in(labels))
    whole = players.with_columns(pl.col(pl.Int8).cast(pl.Int64))
    return {**of_players(whole), **of_games(teams.with_columns(season="SEASON"), whole)}


def misses(simulated: Mapping[str, float]) -> dict[str, float]:
    """The statistics outside their tolerance: by how much the simulated league misses the real one."""
    apart = {name: simulated[name] - marginal.real for name, marginal in MARGINALS.items()}
    return {name: miss for name, miss in apart.items() if not abs(miss) <= MARGINALS[name].tolerance}


def table(simulated: Mapping[str, float]) -> str:
    """The comparison in Markdown: statistic, real, simulated, tolerance."""
    rows = [
        f"| {name} | {marginal.real:.3f} | {simulated[name]:.3f} | ± {marginal.tolerance:.3f} |"
        for name, marginal in MARGINALS.items()
    ]
    return "\n".join([HEADING, "|---|---:|---:|---:|", *rows])


def with_table(page: str, simulated: Mapping[str, float]) -> str:
    """The page `docs/simulated-league.md` with its table, which is its end, written anew."""
    prose, _, _ = page.partition(HEADING)
    return f"{prose}{table(simulated)}\n"
