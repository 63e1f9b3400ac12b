"""Generated leagues full of what goes wrong: games learnt late and out of order, corrections, postponements, trades,
corrected shots, two injury sources, reports known late, projected line-ups, quotes that tell a team, the user's news.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

import polars as pl
from hypothesis import strategies as st
from tests.features.league import BOS, DELAY, GSW, HELD, LAL, NYK, League, evening

KNOWN_LATER_OF = 3
"""One fact in so many is learnt late, corrected or moved."""
STATUSES = ("out", "doubtful", "questionable", "probable", "available", "unknown")
FIRST_DAYS = (date(2023, 3, 20), date(2023, 10, 24))
"""Of the end of one season and the start of the next."""


@dataclass
class Generated:
    """A league and who could be asked for in it: (game, tip-off, player, his team)."""

    league: League
    askable: list[tuple[str, datetime, int, int]]


@st.composite
def leagues(draw: st.DrawFn) -> Generated:
    """Two to four teams, tens of games over two seasons; the details from one seed."""
    teams = (BOS, NYK, LAL, GSW)[: draw(st.integers(2, 4))]
    games = draw(st.integers(12, 40))
    chance = Random(draw(st.integers(0, 2**32 - 1)))
    made = Generated(League(), [])
    squads = {team: [10 * place + number for number in range(1, 5)] for place, team in enumerate(teams, start=1)}
    for place in range(games):
        season = place * len(FIRST_DAYS) // games
        within = place - season * games // len(FIRST_DAYS)
        day = FIRST_DAYS[season] + timedelta(days=within + chance.randrange(2))
        _game(made, f"002{22 + season}{place:05d}", day, teams, squads, chance)
        if len(teams) > 1 and chance.randrange(5) == 0:
            _trade(squads, chance)
    return made


def _trade(squads: dict[int, list[int]], chance: Random) -> None:
    old, new = chance.sample(sorted(squads), 2)
    if len(squads[old]) > 2:
        squads[new].append(squads[old].pop(chance.randrange(len(squads[old]))))


def _rarely(chance: Random) -> bool:
    return chance.randrange(KNOWN_LATER_OF) == 0


def _game(
    made: Generated, game_id: str, day: date, teams: tuple[int, ...], squads: dict[int, list[int]], chance: Random
) -> None:
    league = made.league
    home, away = chance.sample(teams, 2)
    tip = evening(day, chance.choice((12, 19, 22)))
    published = datetime(2000 + int(game_id[3:5]), 9, 1, tzinfo=UTC)
    moved = _rarely(chance)
    first_tip = tip - timedelta(days=2) if moved else tip
    first_day = day - timedelta(days=2) if moved else day
    league.game(
        game_id,
        first_day,
        home,
        away,
        known_at=published,
        tip_at=first_tip,
        arena=chance.choice(("Garden", "Accor Arena")),
    )
    if moved:
        if _rarely(chance):
            told = {"statement": "result", "status": "postponed"}
            league.game(
                game_id, first_day, home, away, known_at=first_tip - timedelta(hours=1), tip_at=first_tip, **told
            )
        league.game(game_id, day, home, away, known_at=tip - timedelta(hours=chance.choice((30, 4))), tip_at=tip)
    for team in (home, away):
        _news(league, day, team, squads[team], tip, chance)
    known = tip + DELAY + timedelta(days=chance.randrange(1, 9) if _rarely(chance) else 0)
    score = {"home_points": chance.randrange(80, 130), "away_points": chance.randrange(80, 130)}
    league.game(game_id, day, home, away, known_at=known, tip_at=tip, statement="result", status="final", **score)
    _reports(league, squads, tip, chance)
    for team in (home, away):
        for player in squads[team]:
            if chance.randrange(4):
                _appearance(league, game_id, day, player, team, tip, known, chance)
            made.askable.append((game_id, tip, player, team))
            if _rarely(chance):
                _quotes(league, game_id, day, player, team, tip, chance)
        if _rarely(chance):
            at = tip - timedelta(hours=3)
            league.add(
                "projected_lineups", at, reported_at=at, team_id=team, player_id=squads[team][0], player_name="Starter"
            )
    if _rarely(chance):
        for book in ("consensus", "draftkings", "fanduel")[: chance.randrange(1, 4)]:
            lines = {"home_spread": chance.choice((-3.5, 4.0, None)), "total": chance.choice((220.5, 218.0, None))}
            at = tip - timedelta(hours=chance.choice((0, 5)))
            league.add("game_line_quotes", at, game_id=game_id, game_date=day, book=book, home_moneyline=1.5, **lines)


def _news(league: League, day: date, team: int, squad: list[int], tip: datetime, chance: Random) -> None:
    """What a user says of some of a squad, and sometimes takes back or says otherwise, until after the tip-off."""
    for player in squad:
        at = tip - timedelta(hours=chance.choice((50, 26, 5, 2)), minutes=chance.randrange(60))
        for status in (chance.choice(("out", "questionable", "available")), chance.choice(("withdrawn", "available")))[
            : chance.choice((0, 0, 1, 2))
        ]:
            news_id = len(league.rows["user_news"]) + 1
            league.add(
                "user_news", at, source="user_news", news_id=news_id, player_id=player, player_name=f"Player {player}",
                team_id=team, game_date=day, status=status, words="beat writer",
            )  # fmt: skip
            at += timedelta(hours=chance.choice((1, 4, 30)))


def _counts(chance: Random) -> dict[str, object]:
    lacking = chance.randrange(12) == 0
    return {
        "points": chance.randrange(40), "minutes": float(chance.randrange(0, 48)), "rebounds": chance.randrange(15),
        "field_goals_attempted": chance.randrange(25), "free_throws_attempted": chance.randrange(10),
        "offensive_rebounds": None if lacking else chance.randrange(5), "turnovers": chance.randrange(6),
    }  # fmt: skip


def _appearance(
    league: League, game_id: str, day: date, player: int, team: int, tip: datetime, known: datetime, chance: Random
) -> None:
    league.box(game_id, day, player, team, known_at=known, tip_at=tip, **_counts(chance))
    later = known + timedelta(days=chance.randrange(1, 20), hours=chance.randrange(24))
    if _rarely(chance):
        tip_told_then = tip + timedelta(hours=chance.choice((0, 1)))
        league.box(game_id, day, player, team, known_at=later, tip_at=tip_told_then, **_counts(chance))
    for shot in range(chance.randrange(3)):
        told = {"distance": chance.choice((2, 15)), "three": chance.randrange(3) == 0}
        league.shot(game_id, day, player, team, shot, known_at=known, made=True, **told)
        if _rarely(chance):
            league.shot(game_id, day, player, team, shot, known_at=later, made=False, **told)
    if _rarely(chance):
        minutes = chance.randrange(2880) / 60
        league.add(
            "exact_minutes", chance.choice((known, later)), tip, player_id=player, game_date=day, minutes=minutes
        )


def _quotes(league: League, game_id: str, day: date, player: int, team: int, tip: datetime, chance: Random) -> None:
    for hours in (20, 6, 1):
        told = {"team_id": team if _rarely(chance) else None, "book": chance.choice(("draftkings", "fanduel"))}
        at = tip - timedelta(hours=hours)
        league.quote(game_id, day, player, at, chance.randrange(10, 60), commence_at=chance.choice((None, tip)), **told)


def _reports(league: League, squads: dict[int, list[int]], tip: datetime, chance: Random) -> None:
    for source in ("official", "snapshots"):
        if _rarely(chance):
            continue
        at = tip - timedelta(hours=chance.choice((1, 3, 8, 24, 40)), minutes=chance.randrange(60))
        everyone = [player for squad in squads.values() for player in squad]
        listed = {player: chance.choice(STATUSES) for player in everyone if _rarely(chance)}
        league.report(at, listed, source=source)
        for one in league.rows["injury_reports"][-len(listed) :] if listed else ():
            # Part of a report may be had later than the rest of it.
            one["known_at"] = at + timedelta(hours=chance.choice((0, 0, 2, 12)))


def unique(frames: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """One row per natural key: chance may tell a fact twice at one moment."""
    return {table.name: frames[table.name].unique(list(table.key), keep="first", maintain_order=True) for table in HELD}


def known_by(frames: dict[str, pl.DataFrame], cutoff: datetime) -> dict[str, pl.DataFrame]:
    """The world in which nothing after the cutoff has happened yet."""
    return {name: frame.filter(pl.col("known_at") <= cutoff) for name, frame in frames.items()}


def otherwise_after(frames: dict[str, pl.DataFrame], cutoff: datetime, seed: int) -> dict[str, pl.DataFrame]:
    """The world in which everything after the cutoff happened otherwise: each column told then is shuffled."""
    return {table.name: _shuffled(frames[table.name], table.key, cutoff, seed) for table in HELD}


def _shuffled(frame: pl.DataFrame, key: tuple[str, ...], cutoff: datetime, seed: int) -> pl.DataFrame:
    later = frame.filter(pl.col("known_at") > cutoff)
    told = [name for name in frame.columns if name not in {*key, "known_at", "content_hash"}]
    shuffled = later.with_columns(later[name].shuffle(seed=seed + place) for place, name in enumerate(told))
    return pl.concat([frame.filter(pl.col("known_at") <= cutoff), shuffled])
