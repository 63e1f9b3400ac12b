"""Features of the player's own games: states over `analytics.player_game_summary`."""

from fairline.features.contract import Feature
from fairline.features.expressions import ratio

RECENT = 45
"""Days after which a player's recent form says nothing about tonight."""


def mean(
    stat: str, window: str, least: int, valid: tuple[float, float], *, required: bool = False, shrunk: bool = True
) -> Feature:
    """Mean of a box-score count over a window of games played; over the summer half of it gives way to the season's."""
    carry = (0.5, f"{stat}_avg_season") if shrunk and window != "season" else (1.0, f"{stat}_avg_{window}")
    return Feature(
        f"{stat}_avg_{window}", f"sum({stat}) OVER {window} / count({stat}) OVER {window}", of="player", unit=stat,
        valid=valid, least=least, window=window, required=required, max_age=RECENT, this_season=True,
        carry=carry, means=f"Mean {stat.replace('_', ' ')} over {window.replace('_', ' ')} games played and known.",
    )  # fmt: skip


def minutes(window: str, least: int, *, required: bool = False) -> Feature:
    """Mean minutes over a window of games played."""
    return Feature(
        f"minutes_avg_{window}", f"sum(seconds) OVER {window} / (60.0 * count(*) OVER {window})", of="player",
        unit="minutes", valid=(0, 60), least=least, window=window, required=required, max_age=RECENT, this_season=True,
        carry=(0.5, "minutes_avg_season") if window != "season" else (1.0, "minutes_avg_season"),
        means=f"Mean minutes over {window.replace('_', ' ')} games played and known.",
    )  # fmt: skip


def share(name: str, part: str, whole: str, means: str) -> Feature:
    """Part of a whole over those of the last ten games in which both are held, each a sum of whole counts."""
    return Feature(
        name, ratio(part, whole, "last_10"), of="player", unit="share",
        valid=(0, 1), least=3, window="last_10", max_age=RECENT, this_season=True, carry=(1.0, name), means=means,
    )  # fmt: skip


PLAYER = (
    mean("points", "last_5", 3, (0, 80), required=True),
    mean("points", "last_10", 3, (0, 80), required=True),
    mean("points", "season", 1, (0, 80), required=True),
    Feature(
        "points_sd_last_10",
        "sqrt((count(points) OVER last_10 * sum(points * points) OVER last_10"
        " - sum(points) OVER last_10 * sum(points) OVER last_10)"
        " / nullif(1.0 * count(points) OVER last_10 * (count(points) OVER last_10 - 1), 0))",
        of="player", unit="points", valid=(0, 40), least=5, window="last_10", required=True, max_age=RECENT,
        this_season=True, carry=(1.0, "points_sd_last_10"),
        means="Sample standard deviation of points over the last ten games.",
    ),
    Feature(
        "recent_trend",
        "sum(points) OVER last_3 / 3.0 - (sum(points) OVER last_5 - sum(points) OVER last_3) / 2.0",
        of="player", unit="points", valid=(-60, 60), least=5, window="last_5", max_age=RECENT, this_season=True,
        means="Mean points of the last three games less the mean of the two before; positive is rising. A trend is not"
              " carried over the summer.",
    ),
    Feature(
        "minutes_change",
        "CASE WHEN count(*) OVER season >= 5 THEN (sum(seconds) OVER last_10 / (1.0 * count(*) OVER last_10))"
        " / nullif(sum(seconds) OVER season / (1.0 * count(*) OVER season), 0) - 1 END",
        of="player", unit="share", valid=(-1, 30), least=5, window="last_10", max_age=RECENT, this_season=True,
        means="Mean minutes of the last ten games over the season's mean, less one; from the fifth game of a season.",
    ),
    share("share_paint", "paint_attempted", "field_goals_attempted",
          "Shots from 8 feet or nearer (twos) among field-goal attempts, last ten games with shots held."),
    share("share_mid_range", "mid_range_attempted", "field_goals_attempted",
          "Other twos among field-goal attempts, last ten games with shots held."),
    share("share_three", "threes_attempted", "field_goals_attempted", "Threes among field-goal attempts, last ten games."),
    share("share_free_throw", "free_throws_made", "points", "Points from free throws among all points, last ten games."),
    minutes("last_10", 3, required=True),
    Feature(
        "points_per_minute_last_10", "60.0 * sum(points) OVER last_10 / nullif(sum(seconds) OVER last_10, 0)",
        of="player", unit="points per minute", valid=(0, 10), least=3, window="last_10", required=True, max_age=RECENT,
        this_season=True, carry=(0.5, "points_per_minute_season"),
        means="Points over minutes of the last ten games, a ratio of sums.",
    ),
)  # fmt: skip
"""Those of the original contract."""

FORM = (
    mean("points", "last_3", 3, (0, 80)),
    mean("points", "last_20", 10, (0, 80)),
    minutes("last_3", 3),
    minutes("last_5", 3),
    minutes("last_20", 10),
    minutes("season", 1),
    Feature(
        "minutes_trend",
        "sum(seconds) OVER last_5 / (60.0 * count(*) OVER last_5) - sum(seconds) OVER last_20 / (60.0 * count(*) OVER last_20)",
        of="player", unit="minutes", valid=(-48, 48), least=5, window="last_20", max_age=RECENT, this_season=True,
        means="Mean minutes of the last five games less those of the last twenty.",
    ),
    Feature(
        "minutes_sd_last_10",
        "sqrt((count(seconds) OVER last_10 * sum(CAST(seconds AS BIGINT) * seconds) OVER last_10"
        " - sum(seconds) OVER last_10 * sum(seconds) OVER last_10)"
        " / nullif(1.0 * count(seconds) OVER last_10 * (count(seconds) OVER last_10 - 1), 0)) / 60",
        of="player", unit="minutes", valid=(0, 30), least=5, window="last_10", max_age=RECENT, this_season=True,
        carry=(1.0, "minutes_sd_last_10"), means="Volatility: sample standard deviation of minutes over the last ten games.",
    ),
    *(
        Feature(
            f"usage_avg_{window}", f"sum(usage) OVER {window} / nullif(count(usage) OVER {window}, 0)", of="player",
            unit="percent", valid=(0, 400), least=3, window=window, max_age=RECENT, this_season=True,
            carry=(1.0, f"usage_avg_{window}"), means=f"Mean usage over the {window.replace('_', ' ')} games.",
        )
        for window in ("last_5", "last_10")
    ),
    Feature(
        "points_per_minute_season", "60.0 * sum(points) OVER season / nullif(sum(seconds) OVER season, 0)", of="player",
        unit="points per minute", valid=(0, 10), least=1, window="season", max_age=RECENT, this_season=True,
        carry=(1.0, "points_per_minute_season"), means="Points over minutes of the season, a ratio of sums.",
    ),
    *(
        mean(stat, window, least, (0, 60))
        for stat in ("rebounds", "assists", "threes_made")
        for window, least in (("last_5", 3), ("last_10", 3), ("last_20", 10), ("season", 1))
    ),
    *(mean(stat, "last_10", 3, (0, 60), shrunk=False) for stat in ("field_goals_attempted", "free_throws_attempted", "threes_attempted", "turnovers")),
    Feature(
        "minutes_avg_long", "sum(seconds) OVER last_82 / (60.0 * count(*) OVER last_82)", of="player", unit="minutes",
        valid=(0, 60), least=5, window="last_82", max_age=730,
        means="Mean minutes over the last 82 games, seasons back included.",
    ),
    *(
        Feature(
            f"{name}_per_minute_long", f"60 * {ratio(stat, 'seconds', 'last_82')}", of="player",
            unit=f"{name} per minute", valid=(0, 60), least=5, window="last_82", max_age=730,
            means=f"{name.capitalize()} per minute over the last 82 games, seasons back included.",
        )
        for name, stat in (
            ("points", "points"), ("rebounds", "rebounds"), ("assists", "assists"), ("threes", "threes_made"),
        )
    ),
    Feature(
        "career_games", "count(*) OVER career", of="player", unit="games", valid=(1, 2000), window="career",
        means="Games played and known.",
    ),
    Feature(
        "season_games", "count(*) OVER season", of="player", unit="games", valid=(1, 100), window="season", max_age=RECENT,
        this_season=True, means="Games played this season and known.",
    ),
)  # fmt: skip
"""Those added since."""
