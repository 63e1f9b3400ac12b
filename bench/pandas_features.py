"""The `model` contract at tip-off in pandas, as a competent analyst would write it: groupby, rolling, merge_asof.

It is what `make bench` times Fairline against, and the oracle its SQL is judged by: written from the definitions, in
other words and another order. It takes no part in the product.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from bench import pandas_states as states
from bench.pandas_summaries import half_up
from fairline.features.availability import APPEARED, BEFORE_FIRST_GAME, BY_MISSED, BY_STATUS

TARGET = ["game_id", "player_id"]
DAY = pd.Timedelta(days=1)
PLAYED_FOR_REAL = ("regular", "play_in", "playoffs", "cup_final")
RISK = {"available": 0.0, "probable": 1.0, "questionable": 2.0, "doubtful": 3.0, "out": 3.0}
NOT_CARRIED = ("recent_trend", "minutes_change", "minutes_trend", "season_games")
FOR_THE_LONG_RUN = (
    "minutes_avg_long", "points_per_minute_long", "rebounds_per_minute_long", "assists_per_minute_long",
    "threes_per_minute_long",
)  # fmt: skip
TEAM_STATE = {
    "team_pace": ("own", "pace", "league_pace"),
    "team_offensive_rating": ("own", "offensive_rating", "league_rating"),
    "team_win_share": ("own", "win_share", None),
    "opponent_pace": ("other", "pace", "league_pace"),
    "opponent_defensive_rating": ("other", "defensive_rating", "league_rating"),
    "opponent_points_allowed": ("other", "points_allowed", "league_points"),
    "opponent_rebounds_allowed": ("other", "rebounds_allowed", "league_rebounds"),
    "opponent_assists_allowed": ("other", "assists_allowed", "league_assists"),
    "opponent_threes_made_allowed": ("other", "threes_made_allowed", "league_threes_made"),
}
"""Feature: whose state, which column, and the league's average it gives way to over the summer (none: 0.5)."""
NEEDED_LATER = {f"other_{zone}_allowed_share" for zone in ("paint", "mid_range", "three")} | {
    f"own_team_date_{back}" for back in range(1, states.LAGS + 1)
}


def build(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Every feature of every player-game held, as known at its tip-off: game_id, player_id, then the features.

    tables: as `pandas_summaries.summarised` returns them.
    """
    played, teams = tables["played"], tables["teams"]
    sides = _sides(played, tables["versions"], states.team_form(teams), states.league_form(teams))
    people = _people(sides, tables)
    form = states.player_form(played)
    people = _expected(_with_form(people, form))
    rows = people[people["asked"]].merge(_absences(people), on=["game_id", "team_id"], how="left")
    rows = rows.merge(_meetings(rows, played), on=TARGET, how="left")
    rows = rows.merge(_lines(sides, tables["game_line_quotes"]), on="game_id", how="left")
    of_form = _form_features(rows, form)
    of_game = _target_features(pd.concat([rows, of_form], axis=1))
    return pd.concat([rows[[*TARGET, *TEAM_STATE]], of_form, of_game], axis=1)


def _as_of(left: pd.DataFrame, right: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """Each left row with the right row last known at its cutoff; in the order of the cutoffs."""
    return pd.merge_asof(
        left.sort_values("cutoff", kind="stable"), right.sort_values("known_at", kind="stable"), left_on="cutoff",
        right_on="known_at", by=by,
    )  # fmt: skip


def _sides(played: pd.DataFrame, versions: pd.DataFrame, team: pd.DataFrame, league: pd.DataFrame) -> pd.DataFrame:
    """Both sides of every game at tip-off: schedule, rest, and the two teams' features; the teams' last ten dates."""
    cutoffs = played[["game_id", "valid_at"]].drop_duplicates().rename(columns={"valid_at": "cutoff"})
    games = _as_of(cutoffs, versions.assign(version=1), by="game_id").dropna(subset=["home_team_id", "away_team_id"])
    games = games.drop(columns=["known_at", "superseded_at", "status", "tip_at"])
    games = _with_season_start(games, versions)
    home = games.rename(columns={"home_team_id": "team_id", "away_team_id": "opponent_id"})
    away = games.rename(columns={"away_team_id": "team_id", "home_team_id": "opponent_id"})
    sides = pd.concat([home.assign(hosts=True, home=~home["neutral"]), away.assign(hosts=False, home=False)])
    ids = ["team_id", "opponent_id"]
    sides[ids] = sides[ids].astype("int64")
    rest = _days_rest(sides, versions)
    sides = sides.merge(rest, on=["game_id", "team_id"], how="left").merge(
        rest.rename(columns={"team_id": "opponent_id", "days_rest": "opponent_days_rest"}),
        on=["game_id", "opponent_id"], how="left",
    )  # fmt: skip
    own = _as_of(sides[["game_id", "team_id", "cutoff"]], team, by="team_id").drop(columns=["cutoff", "known_at"])
    sides = sides.merge(_prefixed(own, "own_", ["game_id", "team_id"]), on=["game_id", "team_id"], how="left")
    other = own.drop(columns=[f"team_date_{back}" for back in range(1, states.LAGS + 1)])
    other = other.rename(columns={"team_id": "opponent_id"})
    other = _prefixed(other, "other_", ["game_id", "opponent_id"])
    sides = sides.merge(other, on=["game_id", "opponent_id"], how="left")
    return _team_features(_as_of(sides, league).drop(columns="known_at"))


def _prefixed(frame: pd.DataFrame, prefix: str, but: list[str]) -> pd.DataFrame:
    return frame.rename(columns={name: f"{prefix}{name}" for name in frame if name not in but})


def _with_season_start(games: pd.DataFrame, versions: pd.DataFrame) -> pd.DataFrame:
    """The season's first regular-season date, as known at the cutoff."""
    regular = versions[versions["game_type"] == "regular"].sort_values(["game_id", "known_at"])
    moved = regular[regular["game_date"] != regular.groupby("game_id")["game_date"].shift()]
    moments = moved[["season", "known_at"]].drop_duplicates().rename(columns={"known_at": "moment"})
    then = moments.merge(regular, on="season").query("known_at <= moment < superseded_at")
    starts = then.groupby(["season", "moment"], as_index=False)["game_date"].min()
    starts = starts.rename(columns={"game_date": "season_start", "moment": "known_at"})
    return _as_of(games, starts, by="season").drop(columns="known_at")


def _days_rest(sides: pd.DataFrame, versions: pd.DataFrame) -> pd.DataFrame:
    """Days since the team's game before, by the schedule of the season as known at the cutoff."""
    listed = versions[versions["game_type"].isin(PLAYED_FOR_REAL) & (versions["status"] != "postponed")]
    listed = pd.concat([
        listed.rename(columns={side: "team_id"})[["season", "team_id", "game_date", "known_at", "superseded_at"]]
        for side in ("home_team_id", "away_team_id")
    ])  # fmt: skip
    pairs = sides[["game_id", "team_id", "season", "game_date", "cutoff"]].merge(
        listed.rename(columns={"game_date": "earlier"}), on=["season", "team_id"]
    )
    pairs = pairs.query("earlier < game_date and known_at <= cutoff < superseded_at")
    before = pairs.groupby(["game_id", "team_id", "game_date"], as_index=False)["earlier"].max()
    before["days_rest"] = (before["game_date"] - before["earlier"]) / DAY
    return before[["game_id", "team_id", "days_rest"]]


def _source(frame: pd.DataFrame, last_date: str, last_season: str) -> np.ndarray:
    """c: of this season and at most 45 days old; f: of last season, in the first 14 days of this one; else empty."""
    current = (frame[last_season] == frame["season"]) & ((frame["game_date"] - frame[last_date]) <= 45 * DAY)
    carried = (frame[last_season] == frame["season"] - 1) & (frame["game_date"] < frame["season_start"] + 14 * DAY)
    return np.select([current, carried], ["c", "f"], "")


def _team_features(sides: pd.DataFrame) -> pd.DataFrame:
    source = {whose: _source(sides, f"{whose}_game_date", f"{whose}_season") for whose in ("own", "other")}
    for name, (whose, column, league) in TEAM_STATE.items():
        value = sides[f"{whose}_{column}"]
        shrunk = value * 2 / 3 + (sides[league] if league else 0.5) / 3
        sides[name] = np.select([source[whose] == "c", source[whose] == "f"], [value, shrunk], np.nan)
    for zone in ("paint", "mid_range", "three"):
        share = f"other_{zone}_allowed_share"
        sides[share] = sides[share].where(source["other"] != "")
    used = [name for name in sides if name.startswith(("own_", "other_")) and name not in NEEDED_LATER]
    return sides.drop(columns=used)


def _people(sides: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Whoever may play in each game: on a roster, stated by a quote, or asked for because he did; with his status."""
    slots = sides[["game_id", "team_id", "cutoff"]]
    rostered = slots.merge(tables["spells"], on="team_id").query("known_at <= cutoff < superseded_at")
    stated = tables["prop_quotes"].dropna(subset=["team_id"]).astype({"team_id": "int64"})
    stated = stated.groupby(["game_id", "player_id", "team_id"], as_index=False)["known_at"].min()
    stated = slots.merge(stated, on=["game_id", "team_id"]).query("known_at <= cutoff")
    stated = stated.sort_values(["known_at", "team_id"], ascending=[False, True]).drop_duplicates(TARGET)
    members = pd.concat([stated, rostered])[[*TARGET, "team_id"]].drop_duplicates(TARGET).assign(rostered=True)
    asked = tables["played"][TARGET].assign(asked=True)
    people = members.merge(asked, on=TARGET, how="outer")
    people[["rostered", "asked"]] = people[["rostered", "asked"]].eq(True)
    games = sides[["game_id", "cutoff", "game_date", "season", "season_start", "game_type"]].drop_duplicates("game_id")
    of_side = sides.drop(columns=[name for name in games if name != "game_id"])
    people = people.merge(games, on="game_id").merge(of_side, on=["game_id", "team_id"], how="left")
    return people.merge(_statuses(people, tables), on=["cutoff", "player_id"], how="left")


def _statuses(people: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Availability by the last snapshot of the 36 hours before the cutoff; who is not listed there is available."""
    moments = people[["cutoff"]].drop_duplicates()
    last = _as_of(moments, tables["injury_snapshots"])
    last = last[last["reported_at"] > last["cutoff"] - 1.5 * DAY]
    wanted = people[["cutoff", "player_id"]].drop_duplicates().merge(last[["cutoff", "reported_at"]], on="cutoff")
    listed = tables["injury_reports"][["reported_at", "player_id", "status"]]
    found = wanted.merge(listed, on=["reported_at", "player_id"], how="left")
    found["status"] = found["status"].fillna("available")
    return found[["cutoff", "player_id", "status"]]


def _with_form(people: pd.DataFrame, form: pd.DataFrame) -> pd.DataFrame:
    """Each person's form as known at the cutoff: the columns needed of everyone, and where the rest stand."""
    needed = ["player_id", "known_at", "game_date", "season", "shots_avg", "usage_minutes", "recent_minutes"]
    lags = [f"{name}_{back}" for name in ("date", "team", "seconds") for back in range(1, states.LAGS + 1)]
    held = form[[*needed, *lags]].rename(columns={"game_date": "last_date", "season": "last_season"})
    held["form_row"] = np.arange(len(form))
    return _as_of(people, held, by="player_id").drop(columns="known_at")


def _expected(people: pd.DataFrame) -> pd.DataFrame:
    """Whoever has appeared lately, his share of the team's last ten games, and what his absence would leave."""
    backs = range(1, states.LAGS + 1)
    recent = (people["game_date"] - people["last_date"]) <= 45 * DAY
    summer = (people["last_season"] == people["season"] - 1) & (people["game_date"] < people["season_start"] + 14 * DAY)
    people["counted"] = people["rostered"] & (recent | summer)
    people = people[people["asked"] | people["counted"]].copy()
    tenth = people["own_team_date_10"]
    since_tenth = {back: people[f"date_{back}"] >= tenth for back in backs}
    for_team = {back: since_tenth[back] & (people[f"team_{back}"] == people["team_id"]) for back in backs}
    people["games_of_team"] = sum(games.astype(float) for games in for_team.values()).where(tenth.notna())
    appeared = sum(games.astype(float) for games in since_tenth.values())
    missed = sum((people[f"own_team_date_{back}"] > people["last_date"]).astype(int) for back in backs)
    missed_first = sum((people[f"own_team_date_{back}"] >= people["season_start"]).astype(int) for back in backs)
    not_yet = people["last_season"] < people["season"]
    chance = missed.map(BY_MISSED).fillna((APPEARED[0] + APPEARED[1] * appeared).round(3))
    chance = chance.mask(not_yet, _before_first_game(people["recent_minutes"], missed_first))
    chance = people["status"].map(BY_STATUS).fillna(chance)
    at_first = _before_first_game(people["recent_minutes"], missed_first * 0)
    share = (people["games_of_team"] / 10).mask(not_yet, (10 - missed_first) / 10 * at_first).where(people["counted"])
    for name, column in (("minutes", "recent_minutes"), ("shots", "shots_avg")):
        people[f"vacated_{name}"] = half_up(people[column] * (share - chance), 4)
    people["tonight_minutes"] = half_up(people["recent_minutes"] * share, 4)
    people["tonight_shots"] = half_up(people["shots_avg"] * share, 4)
    people["tonight_usage_minutes"] = half_up(people["usage_minutes"] * share, 4)
    return people


def _before_first_game(minutes: pd.Series, missed: pd.Series) -> pd.Series:
    """Chance of playing of who has not played this season: by his minutes and how many games of it his team has."""
    tiers = [minutes >= least for least in BEFORE_FIRST_GAME]
    by_missed = [np.take(shares, missed.clip(upper=5)) for shares in BEFORE_FIRST_GAME.values()]
    return pd.Series(np.select(tiers, by_missed, np.nan), index=minutes.index)


def _absences(people: pd.DataFrame) -> pd.DataFrame:
    """Per game and team: usage-minutes of all, what those reported out leave, what all are expected to leave."""
    mates = people[people["counted"] & people["team_id"].notna()]
    absent = mates["status"].isin(["out", "doubtful"]).astype(float).where(mates["status"].notna())
    named = {f"absent_{name}": absent * mates[f"tonight_{name}"] for name in ("minutes", "shots", "usage_minutes")}
    parts = mates[["game_id", "team_id"]].assign(
        team_usage_minutes=mates["tonight_usage_minutes"], team_vacated_minutes=mates["vacated_minutes"],
        team_vacated_shots=mates["vacated_shots"], **named,
    )  # fmt: skip
    return parts.groupby(["game_id", "team_id"], as_index=False).sum(min_count=1)


def _meetings(rows: pd.DataFrame, played: pd.DataFrame) -> pd.DataFrame:
    """Games and points against this opponent in the three years before the game, known by its tip-off."""
    asked = rows[[*TARGET, "opponent_id", "game_date", "cutoff"]].dropna(subset=["opponent_id"])
    earlier = played[["player_id", "opponent_id", "game_date", "known_at", "points"]]
    pairs = asked.merge(earlier.rename(columns={"game_date": "earlier"}), on=["player_id", "opponent_id"])
    recent = pairs["earlier"] >= pairs["game_date"] - pd.DateOffset(years=3)
    pairs = pairs[recent & (pairs["earlier"] < pairs["game_date"]) & (pairs["known_at"] <= pairs["cutoff"])]
    return pairs.groupby(TARGET, as_index=False).agg(met_points=("points", "sum"), met_games=("points", "size"))


def _lines(sides: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """The median over books of the spread and the total that each last stated by the cutoff."""
    cutoffs = sides[["game_id", "cutoff"]].drop_duplicates()
    known = cutoffs.merge(lines, on="game_id").query("known_at <= cutoff")
    known = known.sort_values(["known_at", "source"], ascending=[False, True])
    medians = [
        known.dropna(subset=[name]).drop_duplicates(["game_id", "book"]).groupby("game_id")[name].median()
        for name in ("home_spread", "total")
    ]
    return pd.concat(medians, axis=1).reset_index(names="game_id")


def _form_features(rows: pd.DataFrame, form: pd.DataFrame) -> pd.DataFrame:
    """The features of his form, unless too old.

    Over the summer nine tenths of what the last games say give way to the whole season's; early in a season his
    long-run play stands in for each game that a window still lacks.
    """
    at = rows["form_row"].fillna(0).astype(int).to_numpy()
    known = rows["form_row"].notna()
    age = rows["game_date"] - rows["last_date"]
    source = _source(rows, "last_date", "last_season")

    def of_form(name: str) -> pd.Series:
        return pd.Series(form[name].to_numpy()[at], index=rows.index, dtype="float64").where(known)

    told = {name: of_form(name).where(age <= 730 * DAY) for name in FOR_THE_LONG_RUN}
    told |= {name: of_form(name).where(source == "c") for name in NOT_CARRIED}
    told |= {name: of_form(name).where(source != "") for name in states.SEASON}
    told["career_games"] = of_form("career_games")
    begun = (source == "c") & (of_form("season_before") == rows["season"] - 1)
    for name, (stem, size) in states.LAST_GAMES.items():
        value = of_form(name).where(source != "")
        value = value.mask(source == "f", 0.1 * value + 0.9 * of_form(f"{stem}_season"))
        told[name] = value.mask(begun & (of_form("season_games") < size), of_form(f"{name}_early"))
    return pd.DataFrame(told)


def _target_features(rows: pd.DataFrame) -> pd.DataFrame:
    """The features of the game to come, beside those of form and teams."""
    seen, of_team = rows["last_date"].notna(), rows["team_id"].notna()
    ago = {back: (rows["game_date"] - rows[f"date_{back}"]) / DAY for back in range(1, states.LAGS + 1)}
    games_in_7 = sum((ago[back] <= 7).astype(float) for back in range(1, 10))
    told = {
        "games_in_7_days": games_in_7.where(seen),
        "fatigue": _fatigue(rows, ago, games_in_7).where(seen),
        "shot_zone_mismatch": _mismatch(rows),
        "pace_score": ((rows["opponent_pace"] - rows["team_pace"]) / 4).clip(-3, 3),
        "rest_advantage": (rows["days_rest"] - rows["opponent_days_rest"]).clip(-2, 2),
        "injury_risk": rows["status"].map(RISK),
        "home": rows["home"].astype("boolean").astype("Float64").astype("float64").where(of_team),
        "back_to_back": (rows["days_rest"] == 1).astype(float).where(of_team),
        "playoff": rows["game_type"].isin(["playoffs", "play_in"]).astype(float),
        "points_avg_vs_opponent": rows["met_points"] / rows["met_games"],
        "games_vs_opponent": rows["met_games"].fillna(0).where(of_team),
        "spread": rows["home_spread"] * np.select([rows["hosts"].eq(True), rows["hosts"].eq(False)], [1, -1], np.nan),
        "total": rows["total"],
        "days_since_last_game": ago[1].clip(1, 365),
        "season_day": (rows["game_date"] - rows["season_start"]) / DAY,
        "share_of_team_games": rows["games_of_team"] / 10,
    }
    return pd.DataFrame(told | _absence_features(rows))


def _fatigue(rows: pd.DataFrame, ago: dict[int, pd.Series], games_in_7: pd.Series) -> pd.Series:
    """100 is fresh; the design's deductions, without the term for age."""
    seconds = sum(rows[f"seconds_{back}"].where(ago[back] <= 7, 0) for back in range(1, 7))
    back_to_backs = sum(((ago[back + 1] <= 14) & (ago[back + 1] - ago[back] == 1)).astype(int) for back in range(1, 9))
    rest = np.select([ago[1] == 1, ago[1] >= 3], [-15, 5], 0)
    tired = (
        rest - 10 * (games_in_7 >= 4) - 10 * (seconds > 240 * 60) - 8 * (seconds > 35 * 60 * games_in_7)
        - np.select([back_to_backs >= 2, back_to_backs == 1], [12, 5], 0)
    )  # fmt: skip
    return (100 + tired).clip(0, 100)


def _mismatch(rows: pd.DataFrame) -> pd.Series:
    """How much weaker than the league the opponent defends his main zone, in points, times min(share / 50 %, 1)."""
    zones = ("paint", "mid_range", "three")
    shares = rows[[f"share_{zone}" for zone in zones]]
    weaker = [100 * (rows[f"other_{zone}_allowed_share"] - rows[f"league_{zone}_share"]) for zone in zones]
    main = shares.max(axis=1)
    of_main = np.select([shares[f"share_{zone}"] == main for zone in zones], weaker, np.nan)
    mismatch = pd.Series(of_main, index=rows.index) * (main / 0.5).clip(upper=1)
    return mismatch.clip(-10, 10).where(rows["share_paint"].notna() & (main > 0))


def _absence_features(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """What the teammates leave: the team's sums less the player's own part."""
    out = rows["status"].isin(["out", "doubtful"])
    own = {name: rows[f"tonight_{name}"].where(out, 0).fillna(0) for name in ("minutes", "shots", "usage_minutes")}
    absent = rows["absent_usage_minutes"] - own["usage_minutes"]
    left = rows["team_usage_minutes"] - absent
    spike = 0.3 * rows["usage_avg_last_10"] * (rows["team_usage_minutes"] / left.where(left != 0) - 1)
    return {
        "usage_spike": spike.clip(-3, 3),
        "absent_teammates_minutes": rows["absent_minutes"] - own["minutes"],
        "absent_teammates_shots": rows["absent_shots"] - own["shots"],
        "vacated_minutes": rows["team_vacated_minutes"] - rows["vacated_minutes"].fillna(0),
        "vacated_shots": rows["team_vacated_shots"] - rows["vacated_shots"].fillna(0),
    }
