"""NBA.com's LeagueGameLog as the API answers it; the rows are those of the files of the same name."""

from collections.abc import Callable, Sequence

import polars as pl

from fairline.raw import box_scores, known
from fairline.raw.captured import CaptureKind
from fairline.raw.cells import Cells
from fairline.raw.contracts import rule, split
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.kinds import kind_named
from fairline.raw.nba.result_sets import headers_of, resource, result_set
from fairline.raw.nba.rules import not_nba_team, other_league
from fairline.raw.parsed import Parsed, together
from fairline.raw.schema import GAMES, PLAYER_BOX_SCORES, TEAM_BOX_SCORES

SET = "LeagueGameLog"


def fits_players(document: Document) -> bool:
    """A log of players."""
    return resource(document) == "leaguegamelog" and "PLAYER_ID" in headers_of(document, SET)


def fits_teams(document: Document) -> bool:
    """A log of teams."""
    return resource(document) == "leaguegamelog" and "PLAYER_ID" not in headers_of(document, SET)


def parse_players(document: Document, held: Held) -> Parsed:
    """Box scores of players, in whole minutes, and the results they imply."""
    return _parse(document, held, kind_named("leaguegamelog_players").columns, box_scores.parse_players)


def parse_teams(document: Document, held: Held) -> Parsed:
    """Box scores of teams, and the results they state."""
    return _parse(document, held, kind_named("leaguegamelog_teams").columns, box_scores.parse_teams)


def _parse(
    document: Document, held: Held, columns: Sequence[str], parse: Callable[[pl.DataFrame, Held], Parsed]
) -> Parsed:
    sheet = result_set(document, SET, columns)
    told = sheet.with_columns(team=Cells(sheet).whole("TEAM_ID"))
    nobody_won = pl.col("WL").fill_null("").str.strip_chars() == ""
    unfinished = rule("unfinished_game", nobody_won, "game {} has no winner yet", pl.col("GAME_ID"))
    finished, aside = split(told, [other_league("GAME_ID"), not_nba_team("team"), unfinished])
    parsed = parse(finished.drop("team"), held)
    parsed.rows = {table: captured(rows, document) for table, rows in parsed.rows.items()}
    parsed.aside = together([aside, parsed.aside])
    return parsed


def captured(rows: pl.DataFrame, document: Document) -> pl.DataFrame:
    """Rows that carry when imported history would be known, with when these captured ones were."""
    return rows.with_columns(known_at=known.captured_known(document.capture.captured_at, pl.col("known_at")))


PLAYERS = CaptureKind(
    "nba", "leaguegamelog_players", "Box scores of players, NBA.com LeagueGameLog", (PLAYER_BOX_SCORES, GAMES),
    fits_players, parse_players,
)  # fmt: skip
TEAMS = CaptureKind(
    "nba", "leaguegamelog_teams", "Box scores of teams, NBA.com LeagueGameLog", (TEAM_BOX_SCORES, GAMES),
    fits_teams, parse_teams,
)  # fmt: skip
