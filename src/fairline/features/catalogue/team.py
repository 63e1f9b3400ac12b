"""Features of the two teams: states over their games, joined once for each side."""

from fairline.features.contract import Feature, Origin
from fairline.features.expressions import ratio

RECENT = 45


def of_team(
    name: str, expression: str, of: Origin, unit: str, valid: tuple[float, float], window: str, least: int, means: str,
    league: str = "",
) -> Feature:  # fmt: skip
    """A team's state; over the summer two thirds of it are kept and the rest is the league's (regression to the mean)."""
    return Feature(
        name, expression, of=of, unit=unit, valid=valid, least=least, window=window, max_age=RECENT, this_season=True,
        required=True, carry=(2 / 3, league) if league else None, means=means,
    )  # fmt: skip


PACE = "sum(pace) OVER last_10 / nullif(count(pace) OVER last_10, 0)"

TEAM = (
    of_team("opponent_defensive_rating",
            f"10000 * {ratio('points_allowed', 'possession_hundredths_allowed', 'last_15')}",
            "opponent", "points per 100 possessions", (60, 160), "last_15", 5,
            "Points the opponent allowed per 100 possessions over its last fifteen games.", "league_rating"),
    of_team("opponent_pace", PACE, "opponent", "possessions per 48", (70, 140), "last_10", 3,
            "Mean pace of the opponent's last ten games.", "league_pace"),
    of_team("team_pace", PACE, "team", "possessions per 48", (70, 140), "last_10", 3,
            "Mean pace of the player's team's last ten games.", "league_pace"),
    of_team("team_offensive_rating",
            f"10000 * {ratio('points', 'possession_hundredths', 'last_10')}",
            "team", "points per 100 possessions", (60, 160), "last_10", 3,
            "Points the player's team scored per 100 possessions over its last ten games.", "league_rating"),
    of_team("team_win_share", "sum(CASE WHEN won THEN 1 ELSE 0 END) OVER season / nullif(1.0 * count(won) OVER season, 0)",
            "team", "share", (0, 1), "season", 1, "Wins over games of the player's team this season.", "0.5"),
    *(
        of_team(f"opponent_{stat}_allowed",
                f"sum({stat}_allowed) OVER last_15 / (1.0 * count({stat}_allowed) OVER last_15)", "opponent", stat,
                (0, 200), "last_15", 5, f"Mean {stat.replace('_', ' ')} the opponent allowed over its last fifteen games.",
                f"league_{stat}")
        for stat in ("points", "rebounds", "assists", "threes_made")
    ),
)  # fmt: skip
