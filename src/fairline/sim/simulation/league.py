"""The league of the simulation: four teams of six fictional players, two games a day, all of it from one seed.

It is as small as the platform can be made to work on. What happens is a pure function of the seed and the game, so that
the truth of any moment can be asked for without having been played.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from random import Random
from typing import TYPE_CHECKING

from fairline.domain.dates import EASTERN, season_of
from fairline.domain.teams import Team, team

if TYPE_CHECKING:
    from collections.abc import Mapping

TEAMS = tuple(team(name) for name in ("NYK", "BOS", "LAL", "GSW"))
"""Real teams, for the product knows no others; nobody who plays for them here exists."""

GIVEN = ("Avon", "Birk", "Corin", "Dax")
SURNAMES = ("Marsh", "Quill", "Rowan", "Sable", "Thorn", "Vesper")
FIRST_ID = 9_980_000_001
PAIRINGS = (((0, 1), (2, 3)), ((2, 0), (3, 1)), ((0, 3), (1, 2)))
TIPS = ((time(12, 30), time(19, 30)), (time(19), time(22)), (time(19, 30), time(20)))
LASTS = timedelta(hours=2, minutes=30)
PAST_DAYS = 12
"""Days of games before the first that is simulated: what feature rows need to be good enough."""

SITS_OUT = 0.08
CORRECTED_AT = time(9)
"""On the morning after, Eastern, when a correction of the box score is out."""


@dataclass(frozen=True, slots=True)
class Player:
    """Someone who does not exist. place: his in the team, 0 the best."""

    player_id: int
    name: str
    side: Team
    place: int


@dataclass(frozen=True, slots=True)
class Game:
    """One game. number: its place in the season, from 1. postponed_at: when it was called off, if it was."""

    number: int
    game_id: str
    day: date
    tip_at: datetime
    home: Team
    away: Team
    postponed_at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        """When its box score is out."""
        return self.tip_at + LASTS

    def final(self, at: datetime) -> bool:
        """Whether it is over by then."""
        return self.postponed_at is None and at >= self.ends_at

    def postponed(self, at: datetime) -> bool:
        """Whether it is known by then not to be played."""
        return self.postponed_at is not None and at >= self.postponed_at


@dataclass(frozen=True)
class League:
    """A season up to `days` game days from `first` on, after PAST_DAYS before it."""

    seed: int
    first: date
    days: int
    teams: tuple[Team, ...] = field(default=TEAMS)

    @cached_property
    def games(self) -> tuple[Game, ...]:
        """Every game, in order of tip-off within its day."""
        return tuple(game for ordinal in range(-PAST_DAYS, self.days) for game in self._of_day(ordinal))

    def of_day(self, day: date) -> tuple[Game, ...]:
        """The games first scheduled for that date."""
        return tuple(game for game in self.games if game.day == day)

    @cached_property
    def players(self) -> tuple[Player, ...]:
        """Everyone."""
        return tuple(
            Player(FIRST_ID + 100 * number + place, f"{GIVEN[number]} {surname}", side, place)
            for number, side in enumerate(self.teams)
            for place, surname in enumerate(SURNAMES)
        )

    def of_team(self, side: Team) -> tuple[Player, ...]:
        """Its players, the best first."""
        return tuple(player for player in self.players if player.side == side)

    def plays(self, game: Game, player: Player) -> bool:
        """Whether he takes part, of which no word is said before. In the past all did; the last of a team always."""
        if game.day < self.first or player.place == len(SURNAMES) - 1:
            return True
        return Random(f"{self.seed}/{game.number}/{player.player_id}/plays").random() >= SITS_OUT  # noqa: S311 - it must be repeatable

    def side(self, game: Game, side: Team) -> tuple[Player, ...]:
        """Who of the team takes part, the best first."""
        return tuple(player for player in self.of_team(side) if self.plays(game, player))

    def box(self, game: Game, player: Player, at: datetime) -> dict[str, int]:
        """What he who takes part did in a game that is over, as told at that moment: a correction changes it once."""
        played, more = dict(_played(game.number, player)), self._more(game, player, at)
        for count, by in (("FTM", more), ("FTA", more), ("PTS", more)):
            played[count] += by
        return played

    def score(self, game: Game, side: Team, at: datetime) -> int:
        """Its points."""
        return sum(self.box(game, player, at)["PTS"] for player in self.side(game, side))

    def half_points(self, game: Game, player: Player, at: datetime) -> int:
        """The line of his points, which moves once before tip-off in half of the games."""
        chance = Random(f"{self.seed}/{game.number}/{player.player_id}/line")  # noqa: S311 - it must be repeatable
        opened, moves, hours = 2 * (16 - 2 * player.place) + 1, chance.randrange(4) - 1, 1 + chance.random() * 8
        moved = self._moves(game) and at >= game.tip_at - timedelta(hours=hours)
        return opened + 2 * moves * moved

    def corrected(self, game: Game) -> bool:
        """Whether its box score is corrected on the morning after. The past stands."""
        return game.day >= self.first and Random(f"{self.seed}/{game.number}/corrected").random() < 0.3  # noqa: S311 - it must be repeatable

    def _more(self, game: Game, player: Player, at: datetime) -> int:
        """Free throws that no game needs to end drawn, and those that a correction adds."""
        if player.place != len(SURNAMES) - 1:
            return 0
        others = game.away if player.side == game.home else game.home
        mine, theirs = (self._plain(game, side) for side in (player.side, others))
        drawn = 1 if mine == theirs and player.side == game.home else 0
        out = datetime.combine(game.day + timedelta(days=1), CORRECTED_AT, EASTERN)
        added = 2 if self.corrected(game) and at >= out and player.side == game.home else 0
        # A correction never turns who won.
        return drawn + (added if mine > theirs or drawn else 0)

    def _plain(self, game: Game, side: Team) -> int:
        return sum(_played(game.number, player)["PTS"] for player in self.side(game, side))

    def _moves(self, game: Game) -> bool:
        return game.number % 2 == 0

    def _of_day(self, ordinal: int) -> tuple[Game, ...]:
        day = self.first + timedelta(days=ordinal)
        ahead = ordinal >= 0
        chance = Random(f"{self.seed}/{ordinal}")  # noqa: S311 - it must be repeatable
        tips = chance.choice(TIPS) if ahead else TIPS[-1]
        off = chance.randrange(8) if ahead else 8
        games = []
        for place, (pair, tip) in enumerate(zip(PAIRINGS[ordinal % len(PAIRINGS)], tips, strict=True)):
            number = 2 * (ordinal + PAST_DAYS) + place + 1
            home, away = (self.teams[one] for one in pair)
            tip_at = datetime.combine(day, tip, EASTERN).astimezone(UTC)
            called_off = tip_at - timedelta(hours=3) if off == place else None
            game_id = f"002{season_of(day) % 100:02d}0{number:04d}"
            games.append(Game(number, game_id, day, tip_at, home, away, called_off))
        return tuple(games)


@cache
def _played(number: int, player: Player) -> Mapping[str, int]:
    """What he did in the game of that number, but for what a correction adds or what keeps it from ending drawn."""
    chance = Random(f"{number}/{player.player_id}")  # noqa: S311 - it must be repeatable
    twos, threes = 2 + chance.randrange(5) + (5 - player.place) // 2, chance.randrange(4)
    frees = chance.randrange(5)
    offensive, defensive = chance.randrange(3), chance.randrange(6)
    return {
        "MIN": 40, "FGM": twos + threes, "FGA": 2 * (twos + threes) + chance.randrange(3), "FG3M": threes,
        "FG3A": 2 * threes + 1, "FTM": frees, "FTA": frees + chance.randrange(2), "OREB": offensive,
        "DREB": defensive, "REB": offensive + defensive, "AST": chance.randrange(8), "STL": chance.randrange(3),
        "BLK": chance.randrange(2), "TOV": chance.randrange(4), "PF": chance.randrange(5),
        "PTS": 2 * twos + 3 * threes + frees,
    }  # fmt: skip
