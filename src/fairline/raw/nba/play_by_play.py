"""What happened in a game, action by action: stats.nba.com's playbyplayv3 and the live file on the CDN."""

from functools import partial

import polars as pl

from fairline.raw import known
from fairline.raw.captured import CaptureKind
from fairline.raw.cells import Cells
from fairline.raw.contracts import contract, readable, split, stated
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.listed_games import shown
from fairline.raw.nba.one_game import no_game
from fairline.raw.nba.rules import not_nba_team, other_league
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schedules import NBA_TEAMS
from fairline.raw.schema import PLAY_BY_PLAY

FIELDS = {
    "game_id": "gameId", "number": "number", "period": "period", "clock": "clock", "at": "timeActual",
    "team": "teamId", "person": "personId", "action": "actionType", "detail": "subType", "result": "shotResult",
    "home": "scoreHome", "away": "scoreAway", "words": "description",
}  # fmt: skip

GIVEN = {
    "action_number": "number", "period": "period", "seconds_left": "clock", "home_points": "home",
    "away_points": "away",
}  # fmt: skip

CLOCK = r"^PT(\d{1,2})M(\d{1,2}(?:\.\d+)?)S$"
UNLABELLED = r"\b(BLOCK|STEAL)\b"
"""The third version leaves blocks and steals without a kind; its words have it."""

LIVE, STATS = "actionNumber", "actionId"
"""What numbers an action. In the third version several share an `actionNumber`: a shot and its block."""


def fits_stats(document: Document) -> bool:
    """Actions numbered by `actionId`."""
    return _first_action(document).get(STATS) is not None


def fits_live(document: Document) -> bool:
    """Actions in the order of `orderNumber`, each with the time of day."""
    first = _first_action(document)
    return first.get(STATS) is None and "orderNumber" in first


def parse(document: Document, held: Held, number: str) -> Parsed:
    """The actions of a game in the schedule held. An edited action is a revision when it is captured again."""
    frame = document.sheet(_actions(document, number), FIELDS)
    typed = frame.select("row_number", "game_id", *stated(GIVEN), *_typed(frame))
    rules = [other_league("game_id"), not_nba_team("team_id"), *readable(frame, GIVEN)]
    good, broken = split(typed, [*rules, *contract(PLAY_BY_PLAY, "game_date")])
    key = ["game_id", "action_number"]
    statement = [name for name in PLAY_BY_PLAY.column_names if name in good.columns and name not in key]
    single, conflicting, duplicates = one_per_key(good, key, statement, "conflicting_action")
    games = held.games.select("game_id", "game_date", "tip_at")
    dated = single.with_columns(game_id=Cells(single).game("game_id")).join(games, on="game_id", how="left")
    unplaced = dated.filter(pl.col("game_date").is_null())
    day, tip = pl.col("game_date"), pl.col("tip_at")
    rows = dated.filter(day.is_not_null()).select(
        "row_number", *key, "game_date", *statement,
        valid_at=pl.coalesce("at", tip, known.eastern(day, 12)),
        known_at=known.captured_result_known(document.capture.captured_at, tip, day),
    )  # fmt: skip
    return Parsed(
        {PLAY_BY_PLAY: rows},
        together([broken, conflicting, no_game(unplaced)]),
        duplicates=duplicates,
        waiting={PLAY_BY_PLAY: shown(PLAY_BY_PLAY, unplaced)},
    )


def _first_action(document: Document) -> dict[str, object]:
    document.at("game.gameId", str)
    first = next(iter(document.at("game.actions", list)), None)
    return first if isinstance(first, dict) else {}


def _actions(document: Document, number: str) -> list[object]:
    """Each action with its game, and under `number` what numbers it; what is no object comes as it is."""
    game = document.at("game.gameId", str)
    actions = document.at("game.actions", list)
    return [
        {**action, "gameId": game, "number": action.get(number)} if isinstance(action, dict) else action
        for action in actions
    ]


def _typed(frame: pl.DataFrame) -> list[pl.Expr]:
    """Team 0 is none. A team's own rebound or timeout has the team's id where the person's stands."""
    cells = Cells(frame)
    team, person = cells.whole("team"), cells.whole("person")
    person_is_team = person.is_in(NBA_TEAMS)
    clock = cells.text("clock").str
    unlabelled = cells.text("words").str.extract(UNLABELLED).str.to_lowercase()
    return [
        cells.whole("number").alias("action_number"),
        cells.whole("period").alias("period"),
        (60 * clock.extract(CLOCK, 1).cast(pl.Float64) + clock.extract(CLOCK, 2).cast(pl.Float64)).alias(
            "seconds_left"
        ),
        pl.coalesce(pl.when(team != 0).then(team), pl.when(person_is_team).then(person)).alias("team_id"),
        pl.when((person != 0) & ~person_is_team).then(person).alias("player_id"),
        pl.coalesce(cells.text("action"), unlabelled, pl.lit("unlabelled")).alias("action"),
        cells.text("detail").alias("action_detail"),
        _made(cells).alias("made"),
        cells.whole("home").alias("home_points"),
        cells.whole("away").alias("away_points"),
        cells.text("words").alias("words"),
        cells.instant("at").alias("at"),
    ]


def _made(cells: Cells) -> pl.Expr:
    """Of free throws the third version tells only in words whether they went in."""
    result, words = cells.text("result"), cells.text("words")
    free_throw = cells.text("action") == "Free Throw"
    return (
        pl.when(result == "Made").then(pl.lit(value=True))
        .when(result == "Missed").then(pl.lit(value=False))
        .when(free_throw).then(~words.str.starts_with("MISS"))
    )  # fmt: skip


PLAYS = (
    CaptureKind(
        "nba", "nba_play_by_play", "Play-by-play of a game, NBA.com playbyplayv3", (PLAY_BY_PLAY,), fits_stats,
        partial(parse, number=STATS),
    ),
    CaptureKind(
        "nba", "nba_play_by_play_live", "Play-by-play of a game on NBA.com's CDN, also while it is on",
        (PLAY_BY_PLAY,), fits_live, partial(parse, number=LIVE),
    ),
)  # fmt: skip
