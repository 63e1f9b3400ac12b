"""One history small enough to do by hand: twenty games of Boston in forty days, then New York comes.

Boston plays every second day from 1 November 2023, Los Angeles but for two games against New York; always 240 minutes
and 100 plays (FGA 78 + 0.44 x 25 FTA + 11 turnovers), of which 4 offensive rebounds make 96 possessions. New York plays
Golden State fifteen times after that, last on the eve; both have 100 possessions (80 + 11 + 14 - 5). The target is 11
December.
"""

from datetime import UTC, date, datetime, timedelta

from tests.features.league import BOS, GSW, LAL, NYK, League, evening

ACE, MATE, CENTRE, WING, GUARD = 1, 2, 3, 4, 5
VISITOR, KNICK, WARRIOR = 21, 31, 41
TARGET, NEXT_SEASON, LATER, LATEST = "0022300900", "0022400010", "0022301000", "0022301001"
TONIGHT = date(2023, 12, 11)
CUTOFF = evening(TONIGHT, 18)

POINTS = (10, 10, 10, 14, 6, 10, 10, 10, 10, 10, 20, 22, 18, 20, 20, 25, 15, 20, 30, 40)
MINUTES = (20,) * 10 + (28, 32, 28, 32, 28, 32, 28, 32, 30, 30)
REBOUNDS = (4,) * 10 + (6,) * 5 + (8,) * 5
ASSISTS = (2,) * 10 + (3,) * 5 + (5,) * 5
THREES = (1,) * 10 + (2,) * 5 + (3,) * 5


def boston_day(game: int) -> date:
    """The date of Boston's n-th game, from 1."""
    return date(2023, 11, 1) + timedelta(days=2 * (game - 1))


def history() -> League:
    """All of it, with tonight's reports, quotes and game line."""
    league = League()
    for game in range(1, 21):
        _boston(league, game)
    for meeting in range(15):
        _new_york(league, meeting)
    league.game(TARGET, TONIGHT, BOS, NYK)
    league.report(CUTOFF - timedelta(hours=2), {ACE: "questionable", MATE: "out"})
    league.add(
        "game_line_quotes",
        CUTOFF - timedelta(hours=1),
        game_id=TARGET,
        game_date=TONIGHT,
        home_spread=-4.5,
        total=221.5,
    )
    # Much later: a game 45 days after Boston's last, one a day later, and two of the next season.
    league.game(LATER, date(2024, 1, 23), BOS, NYK)
    league.game(LATEST, date(2024, 1, 24), BOS, NYK)
    league.game("0022400001", date(2024, 10, 22), LAL, GSW)
    league.game(NEXT_SEASON, date(2024, 10, 24), BOS, NYK)
    league.game("0022400020", date(2024, 11, 6), BOS, NYK)
    return league


def _boston(league: League, game: int) -> None:
    day, game_id, opponent = boston_day(game), f"00223000{game:02d}", NYK if game in (3, 4) else LAL
    won, late = game > 8, game > 10
    league.game(game_id, day, BOS, opponent)
    ace = MINUTES[game - 1]
    shared = {
        "won": won,
        "offensive_rebounds": 0,
        "free_throws_attempted": 0,
        "turnovers": 0,
        "rebounds": 5,
        "assists": 4,
    }
    league.box(
        game_id, day, ACE, BOS, won=won, minutes=float(ace), points=POINTS[game - 1], field_goals_attempted=16,
        free_throws_attempted=5, free_throws_made=4 if late else 0, turnovers=2, threes_attempted=4,
        threes_made=THREES[game - 1], offensive_rebounds=0, rebounds=REBOUNDS[game - 1], assists=ASSISTS[game - 1],
    )  # fmt: skip
    league.box(game_id, day, MATE, BOS, **shared | {"minutes": 40.0, "field_goals_attempted": 5})
    league.box(
        game_id,
        day,
        CENTRE,
        BOS,
        **shared
        | {"minutes": 60.0, "points": 20, "field_goals_attempted": 29, "turnovers": 1, "offensive_rebounds": 4},
    )
    league.box(
        game_id, day, WING, BOS, **shared | {"minutes": 60.0, "points": 20, "field_goals_attempted": 24, "turnovers": 6}
    )
    league.box(
        game_id,
        day,
        GUARD,
        BOS,
        **shared | {"minutes": 80.0 - ace, "field_goals_attempted": 4, "free_throws_attempted": 20, "turnovers": 2},
    )
    _alone(league, game_id, day, VISITOR if opponent == LAL else KNICK, opponent, won=not won, points=96)
    if late:
        # Ace: seven from the paint, four of them made, five from mid-range, four threes.
        for shot in range(16):
            three, distance = shot >= 12, 4 if shot < 7 else 15
            league.shot(game_id, day, ACE, BOS, shot, three=three, distance=25 if three else distance, made=shot < 4)


def _alone(league: League, game_id: str, day: date, player: int, team: int, **counts: object) -> None:
    """A team of one, who plays all five positions for 48 minutes and has 100 possessions."""
    usual = {
        "minutes": 240.0, "points": 100, "field_goals_attempted": 80, "free_throws_attempted": 25, "turnovers": 14,
        "offensive_rebounds": 5, "rebounds": 40, "assists": 25, "threes_made": 12, "threes_attempted": 30,
    }  # fmt: skip
    league.box(game_id, day, player, team, **usual | counts)


def _new_york(league: League, meeting: int) -> None:
    day = TONIGHT - timedelta(days=1) if meeting == 14 else date(2023, 11, 8) + timedelta(days=2 * meeting)
    game_id = f"00223001{meeting:02d}"
    league.game(game_id, day, NYK, GSW)
    _alone(league, game_id, day, KNICK, NYK, won=True)
    first = {"points": 115, "threes_made": 27, "rebounds": 55, "assists": 40} if meeting == 0 else {}
    _alone(league, game_id, day, WARRIOR, GSW, **{"won": False} | first)
    if meeting == 0:
        # Golden State in the paint: six of ten.
        for shot in range(10):
            league.shot(game_id, day, WARRIOR, GSW, shot, made=shot < 6)


QUOTED_AT = datetime(2023, 12, 11, 22, tzinfo=UTC)
