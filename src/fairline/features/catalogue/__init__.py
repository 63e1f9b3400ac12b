"""The ordered contract, by origin. The first 33 are the platform's original ones; each later one has an ablation."""

from fairline.features.catalogue.market import MARKET
from fairline.features.catalogue.player import FORM, PLAYER
from fairline.features.catalogue.target import TARGET
from fairline.features.catalogue.team import TEAM
from fairline.features.contract import Feature

FIRST_33 = (
    "points_avg_last_5", "points_avg_last_10", "points_avg_season", "points_sd_last_10", "games_in_7_days",
    "fatigue", "shot_zone_mismatch", "pace_score", "usage_spike",
    "rest_advantage", "injury_risk", "recent_trend", "minutes_change",
    "opponent_defensive_rating", "opponent_pace",
    "home", "back_to_back", "playoff",
    "share_paint", "share_mid_range", "share_three", "share_free_throw",
    "team_pace", "team_offensive_rating", "team_win_share",
    "market_line", "opening_line", "line_move", "has_line",
    "points_avg_vs_opponent", "games_vs_opponent", "minutes_avg_last_10", "points_per_minute_last_10",
)  # fmt: skip


def _ordered() -> tuple[Feature, ...]:
    by_name = {one.name: one for one in (*PLAYER, *FORM, *TEAM, *TARGET, *MARKET)}
    return tuple([by_name.pop(name) for name in FIRST_33] + list(by_name.values()))


ALL = _ordered()
