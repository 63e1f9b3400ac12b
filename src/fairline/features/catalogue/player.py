"""Features of the player's own games: states over `analytics.player_game_summary`."""

from fairline.features.calls import LONG
from fairline.features.contract import Feature
from fairline.features.expressions import over, ratio

RECENT = 45
"""Days after which a player's recent form says nothing about tonight."""
LAST_10 = "last_10_of_season"
MADE_UP = "Games it lacks are as his last 82."
"""Said of every window of a season's last games (`Feature.usual`)."""


SHRUNK = 0.1
"""What is kept over the summer of the last games of a season; the rest gives way to the whole season's. Least squares on
points of 2016-17 to 2025-26: 0.10 of the last ten's mean, 0.83 of the season's (2,811 first games)."""


def recent(
    name: str, expression: str, window: str, least: int, unit: str, valid: tuple[float, float], means: str, *,
    season: str, required: bool = False,
) -> Feature:  # fmt: skip
    """What the last games of a season say; `season` names the same of the whole season."""
    return Feature(
        name, expression, of="player", unit=unit, valid=valid, least=least, window=window, required=required,
        max_age=RECENT, this_season=True, carry=(SHRUNK, season), usual=season.replace("_season", "_usual"),
        means=f"{means} {MADE_UP}",
    )  # fmt: skip


def so_far(
    name: str, expression: str, unit: str, valid: tuple[float, float], means: str, *, required: bool = False
) -> Feature:
    """What the season so far says; carried whole over the summer."""
    return Feature(
        name, expression, of="player", unit=unit, valid=valid, least=1, window="season", required=required,
        max_age=RECENT, this_season=True, carry=(1.0, name), means=means,
    )  # fmt: skip


def mean(stat: str, size: int | None, least: int, valid: tuple[float, float], *, required: bool = False) -> Feature:
    """Mean of a box-score count over the season's last games played, of so many, or all of them."""
    window = f"last_{size}_of_season" if size else "season"
    expression = f"sum({stat}) OVER {window} / count({stat}) OVER {window}"
    means = f"Mean {stat.replace('_', ' ')} over {_games(size)} played and known."
    if size is None:
        return so_far(f"{stat}_avg_season", expression, stat, valid, means, required=required)
    season = f"{stat}_avg_season"
    return recent(
        f"{stat}_avg_last_{size}", expression, window, least, stat, valid, means, season=season, required=required
    )


def minutes(size: int | None, least: int, *, required: bool = False) -> Feature:
    """Mean minutes over the season's last games played, of so many, or all of them."""
    window = f"last_{size}_of_season" if size else "season"
    expression = f"sum(seconds) OVER {window} / (60.0 * count(*) OVER {window})"
    means, valid = f"Mean minutes over {_games(size)} played and known.", (0, 60)
    if size is None:
        return so_far("minutes_avg_season", expression, "minutes", valid, means)
    season = "minutes_avg_season"
    return recent(
        f"minutes_avg_last_{size}", expression, window, least, "minutes", valid, means, season=season, required=required
    )


def _games(size: int | None) -> str:
    return f"the season's last {size} games" if size else "the season's games"


def share(name: str, part: str, whole: str, means: str) -> Feature:
    """Part of a whole over those of the season's last ten games in which both are held, each a sum of whole counts."""
    return recent(name, ratio(part, whole, LAST_10), LAST_10, 3, "share", (0, 1), means, season=f"{name}_season")


def deviation(column: str, squared: str) -> str:
    """Sample standard deviation over the season's last ten games, from sums: n, the values and their squares."""
    held, total = f"count({column}) OVER {LAST_10}", f"sum({column}) OVER {LAST_10}"
    return (
        f"sqrt(({held} * sum({squared}) OVER {LAST_10} - {total} * {total}) / nullif(1.0 * {held} * ({held} - 1), 0))"
    )


PLAYER = (
    mean("points", 5, 3, (0, 80), required=True),
    mean("points", 10, 3, (0, 80), required=True),
    mean("points", None, 1, (0, 80), required=True),
    recent(
        "points_sd_last_10", deviation("points", "points * points"), LAST_10, 5, "points", (0, 40),
        "Sample standard deviation of points over the season's last ten games.", season="points_sd_season", required=True,
    ),
    Feature(
        "recent_trend",
        "sum(points) OVER last_3_of_season / 3.0"
        " - (sum(points) OVER last_5_of_season - sum(points) OVER last_3_of_season) / 2.0",
        of="player", unit="points", valid=(-60, 60), least=5, window="last_5_of_season", max_age=RECENT, this_season=True,
        means="Mean points of the season's last three games less the mean of the two before; positive is rising. A trend is"
              " not carried over the summer.",
    ),
    Feature(
        "minutes_change",
        f"CASE WHEN count(*) OVER season >= 5 THEN (sum(seconds) OVER {LAST_10} / (1.0 * count(*) OVER {LAST_10}))"
        " / nullif(sum(seconds) OVER season / (1.0 * count(*) OVER season), 0) - 1 END",
        of="player", unit="share", valid=(-1, 30), least=5, window=LAST_10, max_age=RECENT, this_season=True,
        means="Mean minutes of the season's last ten games over the season's mean, less one; from the fifth game of a"
              " season, and nothing before the eleventh.",
    ),
    share("share_paint", "paint_attempted", "field_goals_attempted",
          "Shots from 8 feet or nearer (twos) among field-goal attempts, the season's last ten games with shots held."),
    share("share_mid_range", "mid_range_attempted", "field_goals_attempted",
          "Other twos among field-goal attempts, the season's last ten games with shots held."),
    share("share_three", "threes_attempted", "field_goals_attempted",
          "Threes among field-goal attempts, the season's last ten games."),
    share("share_free_throw", "free_throws_made", "points",
          "Points from free throws among all points, the season's last ten games."),
    minutes(10, 3, required=True),
    recent(
        "points_per_minute_last_10", f"60.0 * sum(points) OVER {LAST_10} / nullif(sum(seconds) OVER {LAST_10}, 0)",
        LAST_10, 3, "points per minute", (0, 10), "Points over minutes of the season's last ten games, a ratio of sums.",
        season="points_per_minute_season", required=True,
    ),
)  # fmt: skip
"""Those of the original contract."""

FORM = (
    mean("points", 3, 3, (0, 80)),
    mean("points", 20, 10, (0, 80)),
    minutes(3, 3),
    minutes(5, 3),
    minutes(20, 10),
    minutes(None, 1),
    Feature(
        "minutes_trend",
        "sum(seconds) OVER last_5_of_season / (60.0 * count(*) OVER last_5_of_season)"
        " - sum(seconds) OVER last_20_of_season / (60.0 * count(*) OVER last_20_of_season)",
        of="player", unit="minutes", valid=(-48, 48), least=5, window="last_20_of_season", max_age=RECENT, this_season=True,
        means="Mean minutes of the season's last five games less those of its last twenty.",
    ),
    recent(
        "minutes_sd_last_10", f"{deviation('seconds', 'CAST(seconds AS BIGINT) * seconds')} / 60", LAST_10, 5, "minutes",
        (0, 30), "Volatility: sample standard deviation of minutes over the season's last ten games.",
        season="minutes_sd_season",
    ),
    *(
        recent(
            f"usage_avg_last_{size}",
            f"sum(usage) OVER last_{size}_of_season / nullif(count(usage) OVER last_{size}_of_season, 0)",
            f"last_{size}_of_season", 3, "percent", (0, 400), f"Mean usage over the season's last {size} games.",
            season="usage_season",
        )
        for size in (5, 10)
    ),
    so_far("points_per_minute_season", "60.0 * sum(points) OVER season / nullif(sum(seconds) OVER season, 0)",
           "points per minute", (0, 10), "Points over minutes of the season, a ratio of sums."),
    *(
        mean(stat, size, least, (0, 60))
        for stat in ("rebounds", "assists", "threes_made")
        for size, least in ((5, 3), (10, 3), (20, 10), (None, 1))
    ),
    *(
        mean(stat, 10, 3, (0, 60))
        for stat in ("field_goals_attempted", "free_throws_attempted", "threes_attempted", "turnovers")
    ),
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


def _anchors() -> dict[str, str]:
    of_windows = [one for one in (*PLAYER, *FORM) if one.usual and one.carry]
    seasons = {one.carry[1]: over(one.expression, one.window, "season") for one in of_windows if one.carry}
    told = {one.name for one in (*PLAYER, *FORM)}
    usual = {one.usual: over(one.expression, one.window, LONG) for one in of_windows}
    return {name: expression for name, expression in seasons.items() if name not in told} | usual


ANCHORS = tuple(_anchors().items())
"""What gives way to, or stands in for, the last games: the whole season where that is no feature, and usual play, each as
(column of the state, expression)."""
