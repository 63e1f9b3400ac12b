"""NBA.com's other box scores of one game: advanced, miscellaneous, scoring, usage and tracking figures."""

import re
from collections.abc import Callable, Iterable

import polars as pl

from fairline.raw import known
from fairline.raw.captured import CaptureKind
from fairline.raw.cells import Cells
from fairline.raw.contracts import contract, rule, split
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.nba.game_log import captured
from fairline.raw.nba.one_game import no_game, not_for_us, records_of_players, records_of_teams, with_game
from fairline.raw.nba.rules import decimal_minutes
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import BOX_SCORE_DETAILS

FAMILIES = {
    "nba_box_score_advanced": ("boxScoreAdvanced", "Ratings, pace and possessions of a game, boxscoreadvancedv3"),
    "nba_box_score_misc": ("boxScoreMisc", "Points in the paint, off turnovers and the like, boxscoremiscv3"),
    "nba_box_score_scoring": ("boxScoreScoring", "Where a game's points came from, boxscorescoringv3"),
    "nba_box_score_usage": ("boxScoreUsage", "Each player's shares of his team's figures, boxscoreusagev3"),
    "nba_box_score_player_track": ("boxScorePlayerTrack", "Touches, passes, distance run, boxscoreplayertrackv3"),
}  # fmt: skip
"""Kind to the name of its part of the answer, and what it means."""

TEAM_ITSELF = 0
SHARED = {"GAME_ID": "gameId", "TEAM_ID": "teamId", "MIN": "statistics.minutes"}
OF_PLAYERS = {"PLAYER_ID": "personId", "COMMENT": "comment"}


def statistic(name: str) -> str:
    """A figure as we write it.

    >>> statistic("estimatedOffensiveRating"), statistic("percentageFieldGoalsAttempted2pt"), statistic("PIE")
    ('estimated_offensive_rating', 'percentage_field_goals_attempted_2pt', 'pie')
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[a-zA-Z])(?=[0-9])", "_", name).lower()


def fitting(box: str) -> Callable[[Document], bool]:
    """Recognises answers that hold this part."""
    return lambda document: isinstance(document.at(f"{box}.gameId", str), str)


def parsing(box: str) -> Callable[[Document, Held], Parsed]:
    """Reads answers that hold this part."""
    return lambda document, held: _parse(box, document, held)


def _parse(box: str, document: Document, held: Held) -> Parsed:
    """Every figure but minutes, which are the box score's to state.

    A player who did not play is no fact here: the zeros beside his name are no measurements.
    """
    players, teams = list(records_of_players(document, box)), list(records_of_teams(document, box))
    names = {statistic(name): f"statistics.{name}" for name in _figures([*players, *teams]) if "." not in name}
    of_players = document.sheet(players, {**SHARED, **OF_PLAYERS, **names}).with_columns(decimal_minutes("MIN"))
    itself = [pl.lit(str(TEAM_ITSELF)).alias("PLAYER_ID"), pl.lit(None, pl.String).alias("COMMENT")]
    of_teams = document.sheet(teams, {**SHARED, **names}).with_columns(decimal_minutes("MIN"), *itself)
    both = pl.concat([of_players, of_teams], how="diagonal")
    placed, strangers = split(with_game(both, of_teams, held, document), not_for_us())
    present = placed.filter(Cells(placed).number("MIN").fill_null(0) > 0)
    long = present.unpivot(
        list(names), index=["row_number", "GAME_ID", "team", "PLAYER_ID", "game_date", "tip_at"],
        variable_name="statistic", value_name="given",
    )  # fmt: skip
    parsed = _stated(long.filter(pl.col("given").is_not_null()), document)
    parsed.aside = together([strangers, parsed.aside])
    return parsed


def _figures(records: Iterable[object]) -> list[str]:
    """The names of all figures told of any player or team, in the order of the answer."""
    stated = (each.get("statistics") for each in records if isinstance(each, dict))
    named = (figures for figures in stated if isinstance(figures, dict))
    return [name for name in dict.fromkeys(name for figures in named for name in figures) if name != "minutes"]


def _stated(long: pl.DataFrame, document: Document) -> Parsed:
    cells = Cells(long)
    typed = long.select(
        "row_number", "game_date", "tip_at", "statistic", "given",
        game_id=cells.game("GAME_ID"), team_id=pl.col("team"), player_id=cells.whole("PLAYER_ID"),
        value=cells.number("given"),
    )  # fmt: skip
    unreadable = rule("unreadable_value", pl.col("value").is_null(), "{} is {}", pl.col("statistic"), pl.col("given"))
    good, broken = split(typed, [unreadable, *contract(BOX_SCORE_DETAILS, "game_date")])
    key = ["game_id", "team_id", "player_id", "statistic"]
    single, conflicting, duplicates = one_per_key(good, key, ["value"], "conflicting_figure")
    rows = single.with_columns(
        valid_at=pl.coalesce("tip_at", known.eastern(pl.col("game_date"), 12)),
        known_at=known.result_known(pl.col("tip_at"), pl.col("game_date")),
    ).drop("tip_at", "given")
    waiting = rows.filter(pl.col("game_date").is_null())
    placed = captured(rows.filter(pl.col("game_date").is_not_null()), document)
    return Parsed(
        {BOX_SCORE_DETAILS: placed},
        together([broken, conflicting, no_game(waiting)]),
        duplicates=duplicates,
        waiting={BOX_SCORE_DETAILS: waiting},
    )


DETAILS = tuple(
    CaptureKind("nba", name, f"{means}, NBA.com", (BOX_SCORE_DETAILS,), fitting(box), parsing(box))
    for name, (box, means) in FAMILIES.items()
)
