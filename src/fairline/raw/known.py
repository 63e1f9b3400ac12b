"""When imported facts count as known, where no capture tells. The second of the two clocks."""

from datetime import UTC, datetime, timedelta

import polars as pl

RESULT_DELAY = timedelta(hours=4)
"""From tip-off until a box score is taken to have been had."""

HISTORY_AFTER = timedelta(days=3)
"""A result captured this long after it was to be had is history, known by the rule for imported history."""

SCHEDULE_MONTH = 9
DECIDED_BY_RESULTS = ("play_in", "playoffs", "cup_final", "all_star")
DECIDED_BEFORE_TIP = timedelta(hours=24)

EASTERN = "America/New_York"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(at: datetime) -> pl.Expr:
    """An aware instant as a value of a column of instants, in microseconds: `pl.lit` of one takes twenty times longer.

    >>> pl.select(instant(datetime(2025, 11, 29, 3, 30, tzinfo=UTC))).item()
    datetime.datetime(2025, 11, 29, 3, 30, tzinfo=zoneinfo.ZoneInfo(key='UTC'))
    """
    return pl.lit((at - EPOCH) // timedelta(microseconds=1)).cast(pl.Datetime("us", "UTC"))


def eastern(day: pl.Expr, hour: int) -> pl.Expr:
    """The instant of an hour (0 to 47) of a day on Eastern clocks, in UTC."""
    local = day.cast(pl.Datetime("us")) + pl.duration(hours=hour)
    return local.dt.replace_time_zone(EASTERN, ambiguous="latest", non_existent="null").dt.convert_time_zone("UTC")


def eastern_date(instant: pl.Expr) -> pl.Expr:
    """US Eastern date of an instant."""
    return instant.dt.convert_time_zone(EASTERN).dt.date()


def result_known(tip_at: pl.Expr, game_date: pl.Expr) -> pl.Expr:
    """When a result was known: tip-off + 4 h; without a tip-off 4:00 Eastern the morning after, all games over.

    The later guess is the safe one: a result known too early leaks into forecasts of its own evening.
    """
    return pl.coalesce(tip_at + RESULT_DELAY, eastern(game_date, 28))


def captured_known(captured_at: datetime, rule: pl.Expr) -> pl.Expr:
    """When a captured result was known: when captured; if that is days after `rule`, when imported history would be.

    A result captured before its tip-off comes from a wrong clock (NBA.com writes Eastern times as if they were UTC):
    it too is known by `rule`, or it would leak into forecasts of its own evening.
    """
    captured = instant(captured_at)
    early, late = captured < rule - RESULT_DELAY, captured - rule > HISTORY_AFTER
    return pl.when(early | late).then(rule).otherwise(captured)


def captured_result_known(captured_at: datetime, tip_at: pl.Expr, game_date: pl.Expr) -> pl.Expr:
    """When a captured result was known, by `captured_known`."""
    return captured_known(captured_at, result_known(tip_at, game_date))


def schedule_known(season: pl.Expr, game_type: pl.Expr, tip_at: pl.Expr, game_date: pl.Expr) -> pl.Expr:
    """When a game was on the schedule: 1 September before its season.

    Where earlier results decide who plays (play-in, play-offs, cup final, all-star): a day before tip-off.
    """
    published = eastern(pl.date(season, SCHEDULE_MONTH, 1), 0)
    decided = pl.coalesce(tip_at, eastern(game_date, 12)) - DECIDED_BEFORE_TIP
    return pl.when(game_type.is_in(DECIDED_BY_RESULTS)).then(pl.max_horizontal(published, decided)).otherwise(published)


def by_tip_off(tip_at: pl.Expr, game_date: pl.Expr) -> pl.Expr:
    """When a closing line was known: tip-off; without one, the end of the game's date."""
    return pl.coalesce(tip_at, eastern(game_date, 24))
