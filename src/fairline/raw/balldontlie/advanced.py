"""BallDontLie's advanced statistics: ratings, pace and shares of each player in a game."""

import re

import polars as pl

from fairline.raw.balldontlie.box_scores import name_of
from fairline.raw.balldontlie.games import SIDES_BY_NUMBER, game_fields, games_of, read_games, typed_game
from fairline.raw.balldontlie.pages import records, told_by
from fairline.raw.balldontlie.teams import team_of
from fairline.raw.captured import CaptureKind
from fairline.raw.cells import Cells
from fairline.raw.contracts import Rule, contract, rule, split
from fairline.raw.documents import Document
from fairline.raw.games_of_providers import matched, no_game
from fairline.raw.held import Held
from fairline.raw.listed import resolve
from fairline.raw.listed_games import shown, unknown_teams
from fairline.raw.named_box_scores import result_clocks, unfinished
from fairline.raw.parsed import Parsed, joined, one_per_key, together
from fairline.raw.schema import BOX_SCORE_DETAILS, GAMES, PROVIDER_GAMES

FIELDS = {
    "team": "team.id", "first": "player.first_name", "last": "player.last_name", "part": "period",
    **game_fields("game.", SIDES_BY_NUMBER),
}  # fmt: skip
NO_FIGURES = {"id", "period"}
FIGURE = re.compile(r"[a-z][a-z0-9_]{0,59}")
MARK = "figure "
"""Before the name of a figure's column, so that none can stand for one of ours."""


def fits(document: Document) -> bool:
    """A page of players, each with his game and ratings."""
    return told_by(document, "player.id", "game.id", "pie")


def parse(document: Document, held: Held) -> Parsed:
    """Every figure of players who were on the court, their games and those games' results.

    Who has nothing but zeros is no fact: he was not on the court, and a zero beside his name is no measurement.
    """
    lines = document.sheet(records(document), FIELDS | _figures(records(document)))
    return joined([read_games(games_of(lines), document, held), _details(lines, held, document)])


def _figures(page: list[object]) -> dict[str, str]:
    """The columns and names of all figures of the page, in its order."""
    told = (name for record in page if isinstance(record, dict) for name, cell in record.items() if _is_figure(cell))
    return {f"{MARK}{name}": name for name in dict.fromkeys(told) if FIGURE.fullmatch(name) and name not in NO_FIGURES}


def _is_figure(cell: object) -> bool:
    return isinstance(cell, int | float)


def _details(lines: pl.DataFrame, held: Held, document: Document) -> Parsed:
    at = document.capture.captured_at
    typed = lines.with_columns(
        *typed_game(lines),
        team_id=team_of("team"),
        player_name=name_of("first", "last"),
        game=Cells(lines).whole("part"),
    )
    on_court = pl.any_horizontal(False, *(_given(typed, column) for column in _columns(typed)))
    nameless = pl.col("player_name").fill_null("") == ""
    good, broken = split(typed.filter(on_court | nameless), _rules())
    found = matched(good, held)
    placed, unplaced = split(found, [no_game()])
    resolved, unresolved = resolve(placed.with_columns(reported_at="tip_at"), held)
    key = ["game_id", "team_id", "player_id", "statistic"]
    read, unread = split(_long(resolved).with_columns(**result_clocks(at)), _readable())
    single, conflicting, duplicates = one_per_key(read, key, ["value"], "conflicting_figure")
    waiting = _long(found.join(resolved, on="row_number", how="anti"))
    told = [column for column in BOX_SCORE_DETAILS.column_names if column in single.columns]
    return Parsed(
        {BOX_SCORE_DETAILS: single.select("row_number", *told)},
        together([broken, unplaced, unread, conflicting]),
        unresolved,
        duplicates,
        {BOX_SCORE_DETAILS: shown(BOX_SCORE_DETAILS, waiting)},
    )


def _columns(frame: pl.DataFrame) -> list[str]:
    return [column for column in frame.columns if column.startswith(MARK)]


def _given(frame: pl.DataFrame, column: str) -> pl.Expr:
    """Something other than zero stands there."""
    return pl.col(column).is_not_null() & (Cells(frame).number(column).fill_null(1) != 0)


def _rules() -> list[Rule]:
    part, team = pl.col("game"), pl.col("team_id")
    other = (team != pl.col("home_team_id")) & (team != pl.col("away_team_id"))
    return [
        unfinished(),
        *unknown_teams(),
        rule("missing_team_id", team.is_null(), "the team is none of the thirty"),
        rule("wrong_game", other, "team {} is not in that game", team),
        rule("missing_player_name", pl.col("player_name").fill_null("") == "", "the player has no name"),
        rule("part_of_a_game", part != 0, "figures of period {}", part),
    ]


def _long(wide: pl.DataFrame) -> pl.DataFrame:
    """A row for each figure that stands there."""
    about = ["row_number", "game_id", "game_date", "team_id", "player_id", "player_name", "commence_at", "tip_at"]
    index = [column for column in about if column in wide.columns]
    long = wide.unpivot(_columns(wide), index=index, variable_name="statistic", value_name="given")
    return long.filter(pl.col("given").is_not_null()).with_columns(
        pl.col("statistic").str.strip_prefix(MARK), value=Cells(long).number("given")
    )


def _readable() -> list[Rule]:
    unreadable = pl.col("value").is_null()
    return [
        rule("unreadable_value", unreadable, "{} is {}", pl.col("statistic"), pl.col("given")),
        *contract(BOX_SCORE_DETAILS),
    ]


ADVANCED = CaptureKind(
    "balldontlie", "balldontlie_advanced_stats", "BallDontLie's advanced statistics of players by game",
    (PROVIDER_GAMES, GAMES, BOX_SCORE_DETAILS), fits, parse,
)  # fmt: skip
