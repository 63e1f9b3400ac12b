"""What sets aside a record of NBA.com that is well formed and yet no fact for us; how its clocks are read."""

import polars as pl

from fairline.raw.contracts import Rule, rule
from fairline.raw.schedules import NBA_TEAMS


def other_league(game: str) -> Rule:
    """Games of the provider's other leagues: their ids begin with 10 (WNBA), 20 (G League) and so on, NBA's with 00.

    game: the column of the game id as it came.
    """
    padded = pl.col(game).str.strip_chars().str.zfill(10)
    another = padded.str.contains(r"^[1-9]\d{9}$")
    return rule("other_league", another, "game {} is another league's", pl.col(game))


def not_nba_team(*teams: str) -> Rule:
    """Exhibition sides, guests of the preseason and teams of the all-star games. 0 and null are no team yet."""
    strangers = [~pl.col(team).is_in([0, *NBA_TEAMS]) for team in teams]
    words = f"{' and '.join('{}' for _ in teams)}: not two of the thirty teams"
    return rule("not_nba_team", pl.any_horizontal(*strangers), words, *(pl.col(team) for team in teams))


def decimal_minutes(column: str) -> pl.Expr:
    """A playing time as decimal minutes, in text: of `31:15`, `240:00`, `31.000000:15` and `PT31M15.00S`.

    What is written otherwise is left as it is, for the parser that follows to read or to set aside.

    >>> import polars as pl
    >>> pl.DataFrame({"MIN": ["31:15", "PT31M15.00S", "31.000000:15", "35", "soon", "", None]}).select(
    ...     decimal_minutes("MIN")
    ... )["MIN"].to_list()
    ['31.25', '31.25', '31.25', '35', 'soon', None, None]
    """
    given = pl.col(column).str.strip_chars()
    clock, lasting = r"^(\d{1,3})(?:\.0+)?:([0-5]\d)$", r"^PT(\d{1,3})M([0-5]?\d(?:\.\d+)?)S$"
    whole = pl.coalesce(given.str.extract(clock, 1), given.str.extract(lasting, 1)).cast(pl.Float64)
    seconds = pl.coalesce(given.str.extract(clock, 2), given.str.extract(lasting, 2)).cast(pl.Float64)
    return pl.coalesce((whole + seconds / 60).cast(pl.String), pl.when(given != "").then(given)).alias(column)
