"""Seasons as files that `fairline import` reads, so that a league's past is in a home at once.

Nothing in them is later than the time given: games to come have no scores, quotes are those of games begun.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from fairline.domain.dates import EASTERN, season_label, utc
from fairline.sim.league.books import prop_quotes
from fairline.sim.league.game_lines import game_lines
from fairline.sim.league.league import LABEL, League
from fairline.sim.league.reports import reported
from fairline.sim.league.seasons import Season, Stretch
from fairline.sim.league.shots import shots
from fairline.sim.league.tables import OF_PLAYERS, OF_TEAMS, games, player_log, team_log

FINAL_AFTER = timedelta(hours=4)
"""After tip-off, when every game is over and told."""

QUOTED_BEFORE = (timedelta(hours=6), timedelta(minutes=40))
"""Before tip-off, when the kept quotes were seen."""
SNAPSHOTS = (time(11, 45), time(18, 20))
"""Eastern, on days with games."""


def write_files(
    league: League, folder: Path, until: datetime, *, quotes_since: date | None = None, playoffs: bool = True
) -> list[Path]:
    """Write all that is known at a time (UTC) of every season begun; the files, in the order of writing.

    quotes_since: the first day of quotes and injury snapshots, which are the bulk; the whole of the seasons without
    one. playoffs: also the play-offs that begin by then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written, known = [], set[str]()
    for year in league.years:
        season = league.season(year)
        if season.first > until.date():
            continue
        tables = _season(league, season, until, quotes_since or season.first, playoffs=playoffs)
        known |= set(tables["leaguegamelog_player"]["PLAYER_NAME"])
        for name, frame in _of_known(tables, known).items():
            if frame.height:
                written.append(folder / f"simulated_{name}_{season_label(year)}.parquet")
                frame.write_parquet(written[-1], metadata={"label": LABEL})
    return written


def _of_known(tables: dict[str, pl.DataFrame], known: set[str]) -> dict[str, pl.DataFrame]:
    """The tables without quotes and reports on people no box score names: files tell of people nowhere else."""
    of = {"quotes": "player_name", "injuries": "Player"}
    return {
        name: frame.filter(pl.col(of[name]).is_in(sorted(known))) if name in of and frame.height else frame
        for name, frame in tables.items()
    }


def _season(
    league: League, season: Season, until: datetime, quotes_since: date, *, playoffs: bool
) -> dict[str, pl.DataFrame]:
    over = season.regular.calendar.tip_at[-1] + FINAL_AFTER < until
    stretches = league.stretches(season.year) if playoffs and over else (season.regular,)
    tables: dict[str, list[pl.DataFrame]] = {}
    for stretch in stretches:
        done = np.array([tip + FINAL_AFTER <= until for tip in stretch.calendar.tip_at])
        if stretch is not season.regular and not done.all():
            continue
        for name, frame in _told(league, season, stretch, until, done, quotes_since).items():
            tables.setdefault(name, []).append(frame)
    return {name: pl.concat(frames) for name, frames in tables.items()}


def _told(
    league: League, season: Season, stretch: Stretch, until: datetime, done: np.ndarray, quotes_since: date
) -> dict[str, pl.DataFrame]:
    over = pl.DataFrame({"row": np.flatnonzero(done)})
    players = player_log(season, stretch, league.seed, until).join(over, on="row", how="semi")
    teams = team_log(season, stretch, league.seed, until).join(over, on="row", how="semi")
    quoted = np.array([
        row for row, day in enumerate(stretch.calendar.dates())
        if day >= quotes_since and stretch.calendar.tip_at[row] <= until
    ], np.int64)  # fmt: skip
    exact = players.select("PLAYER_ID", GAME_DATE=pl.col("GAME_DATE").str.to_date(), MINUTES="MINUTES")
    return {
        "schedule": _schedule(season, stretch, done),
        "leaguegamelog_player": players.select(OF_PLAYERS),
        "leaguegamelog_team": teams.select(OF_TEAMS),
        "exact_minutes": exact,
        "shots": _shots(season, stretch, league.seed).join(over, on="row", how="semi").drop("row"),
        "quotes": _quotes(season, stretch, quoted, league.seed),
        "game_lines": _game_lines(season, stretch, quoted, league.seed),
        "injuries": _snapshots(season, stretch, quoted, until),
    }


def _schedule(season: Season, stretch: Stretch, done: np.ndarray) -> pl.DataFrame:
    final = pl.Series(done)
    told = games(season, stretch)
    number = pl.when(pl.col("overtimes") > 1).then(pl.col("overtimes").cast(pl.String)).otherwise(pl.lit(""))
    ended = pl.when(pl.col("overtimes") == 0).then(pl.lit("Final")).otherwise(pl.format("Final/OT{}", number))
    return told.select(
        "game_id", date_et=pl.col("game_date").cast(pl.String),
        tip_utc=pl.col("tip_at").dt.strftime("%Y-%m-%dT%H:%M:%SZ"), home_id="home_team_id", away_id="away_team_id",
        home_score=pl.when(final).then("home_points"), away_score=pl.when(final).then("away_points"),
        status_text=pl.when(final).then(ended).otherwise(pl.lit("")), postponed=pl.lit("N"), arena="arena",
    )  # fmt: skip


def _shots(season: Season, stretch: Stretch, seed: int) -> pl.DataFrame:
    told = games(season, stretch).select("row", GAME_ID="game_id", GAME_DATE=pl.col("game_date").cast(pl.String))
    teams = np.array([place.team.team_id for place in season.where])
    taken = shots(stretch, seed)
    return taken.join(told, on="row").select(
        "row", "GAME_ID", "GAME_DATE", TEAM_ID=pl.Series(teams[taken["team"].to_numpy()]),
        PLAYER_ID=pl.Series(season.people.ids[taken["player"].to_numpy()]), SHOT_MADE="made",
        SHOT_TYPE=pl.when("three").then(pl.lit("3PT Field Goal")).otherwise(pl.lit("2PT Field Goal")),
        SHOT_DISTANCE="distance", QUARTER="period", MINS_LEFT=pl.col("clock") // 60, SECS_LEFT=pl.col("clock") % 60,
        LOC_X="x", LOC_Y="y",
    )  # fmt: skip


def _quotes(season: Season, stretch: Stretch, rows: np.ndarray, seed: int) -> pl.DataFrame:
    tips = [stretch.calendar.tip_at[row] for row in rows]
    if not tips:
        return pl.DataFrame()
    seen = [
        prop_quotes(season, stretch, rows, [tip - before for tip in tips], seed).drop("game_id", "player_id")
        for before in QUOTED_BEFORE
    ]
    return pl.concat(seen)


def _game_lines(season: Season, stretch: Stretch, rows: np.ndarray, seed: int) -> pl.DataFrame:
    """Means over the books as they close, as the files of the real league have them."""
    tips = [stretch.calendar.tip_at[row] for row in rows]
    if not tips:
        return pl.DataFrame()
    closing = game_lines(season, stretch, rows, [tip - QUOTED_BEFORE[-1] for tip in tips], seed)
    key = ["home_team", "away_team", pl.col("tipoff").dt.strftime("%Y-%m-%dT%H:%M:%SZ").alias("commence_time")]
    return closing.group_by(key, maintain_order=True).agg(
        spread_point=pl.median("home_spread"), total_point=pl.median("total")
    )


def _snapshots(season: Season, stretch: Stretch, rows: np.ndarray, until: datetime) -> pl.DataFrame:
    days = sorted({stretch.calendar.dates()[row] for row in rows})
    short = [place.team.abbreviation for place in season.where]
    names, told = season.people.names, []
    for at in (utc(datetime.combine(day, clock, EASTERN)) for day in days for clock in SNAPSHOTS):
        if at > until:
            break
        for each in reported(season, stretch, at)[1]:
            team = short[stretch.sides[each.row, each.side]]
            told.append((team, names[each.player], each.status, at))
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "Team": pl.String,
        "Player": pl.String,
        "Status": pl.String,
        "snapshot_ts": pl.Datetime("us", "UTC"),
    }
    return pl.DataFrame(told, schema=schema, orient="row").unique(
        ["Player", "snapshot_ts"], keep="first", maintain_order=True
    )
