"""BallDontLie's box scores: of a date by game, or as a page of players' statistics."""

from collections.abc import Iterator

import polars as pl

from fairline.raw import named_box_scores
from fairline.raw.balldontlie.games import SIDES, SIDES_BY_NUMBER, game_fields, games_of, read_games, typed_game
from fairline.raw.balldontlie.pages import records, told_by
from fairline.raw.balldontlie.teams import team_of
from fairline.raw.captured import CaptureKind
from fairline.raw.documents import Document, place_in
from fairline.raw.held import Held
from fairline.raw.parsed import Parsed, joined
from fairline.raw.schema import GAMES, PLAYER_BOX_SCORES, PROVIDER_GAMES

LINE = {
    "first": "player.first_name", "last": "player.last_name", "MIN": "min", "PTS": "pts", "FGM": "fgm", "FGA": "fga",
    "FG3M": "fg3m", "FG3A": "fg3a", "FTM": "ftm", "FTA": "fta", "OREB": "oreb", "DREB": "dreb", "REB": "reb",
    "AST": "ast", "STL": "stl", "BLK": "blk", "TOV": "turnover", "PF": "pf", "PLUS_MINUS": "plus_minus",
}  # fmt: skip
STATISTICS = {"team": "team.id", **LINE, **game_fields("game.", SIDES_BY_NUMBER)}
BOX_LINE = {
    "team": "team", **{ours: f"line.{theirs}" for ours, theirs in LINE.items()}, **game_fields("game.", SIDES),
}  # fmt: skip


def name_of(first: str, last: str) -> pl.Expr:
    """A full name from its two cells."""
    return pl.concat_str(first, last, separator=" ", ignore_nulls=True).str.strip_chars()


def fits_box_scores(document: Document) -> bool:
    """Games with their players."""
    return told_by(document, "home_team.players", "visitor_team.players")


def fits_statistics(document: Document) -> bool:
    """A page of players, each with his game and counts."""
    return told_by(document, "player.id", "game.id", "pts", "min")


def parse_box_scores(document: Document, held: Held) -> Parsed:
    """The results of a date's games and the players who played. Here games have no ids.

    Who has no minutes and no counts is no row: the source lists whole rosters and does not tell who sat out.
    """
    games = records(document)
    listed = document.sheet([_without_players(game) for game in games], game_fields("", SIDES))
    lines = document.sheet(_lines(games), BOX_LINE)
    return joined(
        [read_games(listed, document, held, identified=False), _players(lines, document, held)],
    )


def parse_statistics(document: Document, held: Held) -> Parsed:
    """The players who played, their games and those games' results."""
    lines = document.sheet(records(document), STATISTICS)
    return joined([read_games(games_of(lines), document, held), _players(lines, document, held)])


def _without_players(game: object) -> object:
    """The game's own record. The players of its teams are records of their own."""
    if not isinstance(game, dict):
        return game
    return {
        key: {part: cell for part, cell in value.items() if part != "players"} if isinstance(value, dict) else value
        for key, value in game.items()
    }


def _lines(games: list[object]) -> Iterator[object]:
    """Each player's line beside his team and game; what is no line stays as it is, to be set aside."""
    for game in games:
        told = _without_players(game)
        for side in ("home_team", "visitor_team"):
            players = place_in(game, f"{side}.players")
            for line in players if isinstance(players, list) else [[players]]:
                beside = {"team": place_in(game, f"{side}.id"), "line": line, "game": told}
                yield beside if isinstance(line, dict) else line


def _players(lines: pl.DataFrame, document: Document, held: Held) -> Parsed:
    home, won = pl.col("team_id") == pl.col("home_team_id"), pl.col("home_points") > pl.col("away_points")
    typed = lines.with_columns(
        *typed_game(lines),
        team_id=team_of("team"),
        PLAYER_NAME=name_of("first", "last"),
        started=pl.lit(None, pl.Boolean),
    ).with_columns(won=pl.when(home).then(won).otherwise(~won))
    return named_box_scores.parse(typed, held, document.capture.captured_at)


BOX_SCORES = CaptureKind(
    "balldontlie", "balldontlie_box_scores", "BallDontLie's box scores of a date", (GAMES, PLAYER_BOX_SCORES),
    fits_box_scores, parse_box_scores,
)  # fmt: skip
STATS = CaptureKind(
    "balldontlie", "balldontlie_stats", "BallDontLie's statistics of players by game",
    (PROVIDER_GAMES, GAMES, PLAYER_BOX_SCORES), fits_statistics, parse_statistics,
)  # fmt: skip
