"""Whose word counts first: every source that states a game, a box score or a shot has its place."""

from fairline.raw.captured import capture_kinds
from fairline.raw.kinds import KINDS
from fairline.raw.schema import GAMES, PLAYER_BOX_SCORES, SHOTS, SOURCE_PRECEDENCE, TEAM_BOX_SCORES

RANKED = {GAMES, PLAYER_BOX_SCORES, TEAM_BOX_SCORES, SHOTS}


def test_every_source_of_games_box_scores_and_shots_has_a_rank_of_its_own() -> None:
    captured = {kind.states for kind in capture_kinds() if RANKED & set(kind.tables)}
    files = {kind.name for kind in KINDS if kind.name.startswith(("schedule", "leaguegamelog", "shots"))}
    assert captured | files == set(SOURCE_PRECEDENCE)
    assert len(set(SOURCE_PRECEDENCE.values())) == len(SOURCE_PRECEDENCE)


def test_box_scores_fall_back_from_nba_com_to_espn_to_balldontlie() -> None:
    orders = ("nba_box_score", "leaguegamelog_players", "espn_box_score", "balldontlie_box_scores")
    ranks = [SOURCE_PRECEDENCE[source] for source in orders]
    assert ranks == sorted(ranks)


def test_a_live_schedule_goes_before_scoreboards_and_both_before_files() -> None:
    ranks = [SOURCE_PRECEDENCE[source] for source in ("nba_schedule", "nba_scoreboard", "schedule_with_results")]
    assert ranks == sorted(ranks)
