"""The kinds of file Fairline reads, each recognised by its columns, in any order and case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fairline.domain.errors import BrokenContract

BOX_STATISTICS = (
    "WL", "MATCHUP", "FGM", "FGA", "FG3M", "FG3A", "FTM", "FTA", "OREB", "DREB", "REB", "AST", "STL", "BLK", "TOV",
    "PF",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file.

    required: the columns that make it this kind. optional: those that are read when present and null otherwise.
    turn: its place in an import; names and placement need what earlier turns wrote.
    example: made-up rows, for `fairline import --template`.
    """

    name: str
    means: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    turn: int
    example: tuple[tuple[str, ...], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read."""
        return self.required + self.optional


KINDS = (
    Kind(
        "schedule_with_results", "Schedule with UTC tip-offs, scores and overtime",
        ("game_id", "date_et", "tip_utc", "home_id", "away_id", "home_score", "away_score"),
        ("status_text", "postponed", "arena"),
        1,
        (("0022699991", "2026-10-20", "2026-10-20T23:30:00Z", "1610612738", "1610612752", "112", "104", "Final/OT", "N",
          "Made-up Garden"),),
    ),
    Kind(
        "schedule_published", "Schedule with UTC tip-offs, as published before a season",
        ("GAME_ID", "GAME_DATE_ET", "TIP_UTC", "HOME_ID", "AWAY_ID"),
        ("ARENA",),
        1,
        (("0022699992", "2026-10-21", "2026-10-22 00:00:00+00:00", "1610612744", "1610612747", "Made-up Center"),),
    ),
    Kind(
        "schedule_export", "Schedule with Eastern tip-offs, and scores of the games played by then",
        ("GAME_ID", "GAME_DATE_ET", "TIP_ET", "HOME_ID", "AWAY_ID"),
        ("HOME_PTS", "AWAY_PTS", "STATUS", "ARENA"),
        1,
        (("0022699993", "2026-10-22", "19:30:00", "1610612751", "1610612755", "", "", "7:30 pm ET", "Made-up Arena"),),
    ),
    Kind(
        "leaguegamelog_teams", "Box scores of teams, NBA.com LeagueGameLog",
        ("GAME_ID", "GAME_DATE", "TEAM_ID", "MIN", "PTS"),
        BOX_STATISTICS,
        2,
        (("0022699991", "2026-10-20", "1610612738", "265", "112", "W", "BOS vs. NYK", "41", "88", "14", "38", "16",
          "20", "10", "35", "45", "27", "7", "5", "12", "18"),
         ("0022699991", "2026-10-20", "1610612752", "265", "104", "L", "NYK @ BOS", "39", "90", "11", "33", "15", "19",
          "12", "33", "45", "22", "6", "4", "13", "20")),
    ),
    Kind(
        "leaguegamelog_players", "Box scores of players, NBA.com LeagueGameLog",
        ("GAME_ID", "GAME_DATE", "PLAYER_ID", "PLAYER_NAME", "TEAM_ID", "MIN", "PTS"),
        (*BOX_STATISTICS, "PLUS_MINUS"),
        3,
        (("0022699991", "2026-10-20", "999901", "Exemplary Player", "1610612738", "38", "27", "W", "BOS vs. NYK", "9",
          "19", "3", "8", "6", "6", "1", "6", "7", "5", "2", "1", "3", "2", "11"),
         ("0022699991", "2026-10-20", "999902", "Specimen Guard", "1610612752", "36", "20", "L", "NYK @ BOS", "8",
          "17", "2", "6", "2", "2", "0", "3", "3", "8", "1", "0", "2", "3", "-7")),
    ),
    Kind(
        "exact_minutes", "Decimal minutes per player and date",
        ("PLAYER_ID", "GAME_DATE", "MINUTES"),
        (),
        4,
        (("999901", "2026-10-20", "38.366667"),),
    ),
    Kind(
        "shots", "Shot attempts with clock, distance and place",
        ("GAME_ID", "GAME_DATE", "TEAM_ID", "PLAYER_ID", "SHOT_MADE", "SHOT_TYPE", "SHOT_DISTANCE", "QUARTER",
         "MINS_LEFT", "SECS_LEFT"),
        ("LOC_X", "LOC_Y"),
        4,
        (("0022699991", "2026-10-20", "1610612738", "999901", "true", "3PT Field Goal", "25", "1", "10", "41", "7.8",
          "29.85"),),
    ),
    Kind(
        "quotes", "Quotes of player props",
        ("captured_at", "player_name", "market", "book", "line", "over_american", "under_american"),
        ("tipoff", "home_team", "away_team", "opponent"),
        5,
        (("2026-10-20 17:00:00+00:00", "Exemplary Player", "points", "draftkings", "24.5", "-115", "-105",
          "2026-10-20 23:30:00+00:00", "BOS", "NYK", ""),
         ("2026-10-20 17:00:00+00:00", "Specimen Guard", "assists", "fanduel", "7.5", "105", "",
          "2026-10-20 23:30:00+00:00", "", "", "BOS"),
         ("2026-10-20 17:00:00+00:00", "Exemplary Player", "points_rebounds_assists", "a pick'em app", "35.5", "", "",
          "2026-10-20 23:30:00+00:00", "", "", "")),
    ),
    Kind(
        "game_lines_consensus", "Spreads and totals by event, means over books",
        ("home_team", "away_team", "commence_time", "spread_point", "total_point"),
        (),
        5,
        (("Boston Celtics", "New York Knicks", "2026-10-20T23:30:00Z", "-4.5", "226.5"),),
    ),
    Kind(
        "game_lines_sbr", "Closing spreads and totals by date, with scores",
        ("date", "home", "away", "whos_favored", "spread", "total"),
        (),
        5,
        (("2026-10-20", "bos", "ny", "home", "4.5", "226.5"),),
    ),
    Kind(
        "injury_snapshots", "Statuses of players by snapshot",
        ("Team", "Player", "Status", "snapshot_ts"),
        ("Update", "Details"),
        5,
        (("BOS", "Exemplary Player", "Questionable", "2026-10-20 15:00:00+00:00", "", ""),
         ("NYK", "Specimen Guard", "", "2026-10-20 15:00:00+00:00", "Tue, Oct 20, 2026",
          "Day To Day (Ankle) - Guard is Probable for Tuesday's (Oct. 20) game against Boston.")),
    ),
    Kind(
        "projected_lineups", "Projected starters by snapshot",
        ("Team", "Lineup", "snapshot_ts"),
        (),
        5,
        (("BOS", "Exemplary Player (PG)", "2026-10-20 15:00:00+00:00"),),
    ),
)  # fmt: skip

KINDS_BY_NAME = {kind.name: kind for kind in KINDS}


def kind_named(name: str) -> Kind:
    """The kind of that name. Raises BrokenContract naming them all.

    >>> kind_named("quotes").turn
    5
    """
    if name not in KINDS_BY_NAME:
        message = f"There is no kind of file called {name!r}."
        raise BrokenContract(message, hint=f"The kinds are {', '.join(KINDS_BY_NAME)}.")
    return KINDS_BY_NAME[name]


def recognise(columns: Sequence[str], file: str) -> Kind:
    """The kind of a file by its columns: of the kinds it satisfies, the one that asks for most.

    Raises BrokenContract with the file, its columns and the nearest kind when none fits, or two fit equally.

    >>> recognise(["minutes", "game_date", "player_id"], "m.csv").name
    'exact_minutes'
    """
    given = {_key(column) for column in columns}
    fits = [kind for kind in KINDS if not _lacking(kind, given)]
    best = max((len(kind.required) for kind in fits), default=0)
    widest = [kind for kind in fits if len(kind.required) == best]
    if len(widest) == 1:
        return widest[0]
    if widest:
        message = f"{file} could be {' or '.join(kind.name for kind in widest)}: its columns are {_listed(columns)}."
        raise BrokenContract(message, hint="Leave out the columns of one of them.")
    nearest = min(KINDS, key=lambda kind: (len(_lacking(kind, given)) / len(kind.required), kind.name))
    lacking = [column for column in nearest.required if _key(column) in _lacking(nearest, given)]
    message = f"{file} is no kind of file Fairline knows: its columns are {_listed(columns)}."
    raise BrokenContract(
        message,
        hint=f"The nearest kind is {nearest.name}, which also needs {_listed(lacking)}: "
        f"see `fairline import --template {nearest.name}`.",
    )


def spelt_as(kind: Kind, columns: Iterable[str], file: str) -> dict[str, str]:
    """The file's spelling of each column the kind reads, to the kind's own.

    Raises BrokenContract when two columns differ only in case.

    >>> spelt_as(kind_named("exact_minutes"), ["game_date", " MINUTES", "Player_Id", "SEASON"], "m.csv")
    {'game_date': 'GAME_DATE', ' MINUTES': 'MINUTES', 'Player_Id': 'PLAYER_ID'}
    """
    own = {_key(column): column for column in kind.columns}
    renamed = {column: own[_key(column)] for column in columns if _key(column) in own}
    if len(set(renamed.values())) < len(renamed):
        message = f"{file} has columns that differ only in case: {_listed(renamed)}."
        raise BrokenContract(message, hint="Keep one of each.")
    return renamed


def _key(column: str) -> str:
    return column.strip().lower()


def _lacking(kind: Kind, given: set[str]) -> set[str]:
    return {_key(column) for column in kind.required} - given


def _listed(columns: Iterable[str]) -> str:
    shown = list(columns)
    return ", ".join(shown[:40]) + (f" and {len(shown) - 40} more" if len(shown) > 40 else "") or "none"
