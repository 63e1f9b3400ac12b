"""NBA.com's box score of one game: who played how much, who started, who did not play and why, how it ended."""

from collections.abc import Callable

import polars as pl

from fairline.domain.tables import Table
from fairline.raw import box_scores, known
from fairline.raw.captured import CaptureKind
from fairline.raw.cells import Cells
from fairline.raw.contracts import contract, rule, split
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.nba.game_log import captured
from fairline.raw.nba.one_game import no_game, not_for_us, records_of_players, records_of_teams, with_game
from fairline.raw.nba.result_sets import headers_of, resource, result_set
from fairline.raw.nba.rules import decimal_minutes
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import GAMES, INACTIVES, PLAYER_BOX_SCORES, TEAM_BOX_SCORES

TABLES = (PLAYER_BOX_SCORES, TEAM_BOX_SCORES, INACTIVES, GAMES)
BOX = "boxScoreTraditional"

FIGURES = {
    "MIN": "statistics.minutes", "PTS": "statistics.points", "FGM": "statistics.fieldGoalsMade",
    "FGA": "statistics.fieldGoalsAttempted", "FG3M": "statistics.threePointersMade",
    "FG3A": "statistics.threePointersAttempted", "FTM": "statistics.freeThrowsMade",
    "FTA": "statistics.freeThrowsAttempted", "OREB": "statistics.reboundsOffensive",
    "DREB": "statistics.reboundsDefensive", "REB": "statistics.reboundsTotal", "AST": "statistics.assists",
    "STL": "statistics.steals", "BLK": "statistics.blocks", "TOV": "statistics.turnovers",
    "PF": "statistics.foulsPersonal", "PLUS_MINUS": "statistics.plusMinusPoints",
}  # fmt: skip
IDENTITY = {"GAME_ID": "gameId", "TEAM_ID": "teamId"}
PLAYER = {
    "PLAYER_ID": "personId", "FIRST": "firstName", "FAMILY": "familyName", "START_POSITION": "position",
    "COMMENT": "comment",
}  # fmt: skip

ABSENCES = {"DNP": "did_not_play", "DND": "did_not_dress", "NWT": "not_with_team"}
"""By the code a comment begins with: `DND - Injury/Illness`."""

COMMENT = r"^\s*(DNP|DND|NWT)\b[\s-]*(.*?)\s*$"


def fits(document: Document) -> bool:
    """A traditional box score of the third version."""
    return isinstance(document.at(f"{BOX}.gameId", str), str)


def parse(document: Document, held: Held) -> Parsed:
    """What the box score states of players, teams and the game."""
    players = document.sheet(records_of_players(document, BOX), {**IDENTITY, **PLAYER, **FIGURES})
    teams = document.sheet(records_of_teams(document, BOX), {**IDENTITY, **FIGURES})
    name = pl.concat_str("FIRST", "FAMILY", separator=" ", ignore_nulls=True)
    return _stated(document, held, players.with_columns(PLAYER_NAME=name), teams)


def fits_v2(document: Document) -> bool:
    """A box score of the second version."""
    return resource(document) == "boxscore" and bool(headers_of(document, "PlayerStats"))


def parse_v2(document: Document, held: Held) -> Parsed:
    """As `parse`. `TeamStarterBenchStats` sums the players again, under shifted headers: it is not read."""
    figures = [*(each for each in FIGURES if each != "TOV"), "TO"]
    players = ("PLAYER_ID", "PLAYER_NAME", "START_POSITION", "COMMENT")
    player_stats = result_set(document, "PlayerStats", [*IDENTITY, *players, *figures]).rename({"TO": "TOV"})
    team_stats = result_set(document, "TeamStats", [*IDENTITY, *figures]).rename({"TO": "TOV"})
    return _stated(document, held, player_stats, team_stats)


def _stated(document: Document, held: Held, players: pl.DataFrame, teams: pl.DataFrame) -> Parsed:
    """What players and teams in the columns of LeagueGameLog state, players with `START_POSITION` and `COMMENT`."""
    players, teams = (sheet.with_columns(decimal_minutes("MIN")) for sheet in (players, teams))
    players, teams = (with_game(sheet, teams, held, document) for sheet in (players, teams))
    (players, strangers), (teams, strange_teams) = (split(sheet, not_for_us()) for sheet in (players, teams))
    present, (absent, unexplained) = players.filter(_played(players)), _absent(players.filter(~_played(players)))
    parts = [
        _box_scores(present, box_scores.parse_players, PLAYER_BOX_SCORES, document, held),
        _box_scores(teams, box_scores.parse_teams, TEAM_BOX_SCORES, document, held),
        _inactives(absent, document),
    ]
    whole = Parsed({}, together([strangers, strange_teams, unexplained, *(part.aside for part in parts)]))
    for part in parts:
        whole.rows |= part.rows
        whole.waiting |= part.waiting
        whole.duplicates += part.duplicates
    return whole


def _played(players: pl.DataFrame) -> pl.Expr:
    """Some time or some figure is told; a player who did not play has none, or zeros."""
    cells = Cells(players)
    some = [cells.number(figure).fill_null(1) != 0 for figure in FIGURES if figure != "MIN"]
    told = [pl.col(figure).is_not_null() for figure in FIGURES]
    minutes = cells.number("MIN").fill_null(0) > 0
    return minutes | (pl.any_horizontal(told) & pl.any_horizontal(some) & (pl.col("COMMENT").fill_null("") == ""))


def _box_scores(
    sheet: pl.DataFrame, parse: Callable[[pl.DataFrame, Held], Parsed], table: Table, document: Document, held: Held
) -> Parsed:
    """Box scores by the rules of the game log, with what it lacks: who started, how many overtimes."""
    at_home = pl.col("team") == pl.col("home_team_id")
    logged = sheet.with_columns(
        GAME_DATE=pl.col("game_date").dt.to_string("%Y-%m-%d"),
        WL=pl.when("won").then(pl.lit("W")).when(~pl.col("won")).then(pl.lit("L")),
        MATCHUP=pl.when(at_home).then(pl.lit("vs.")).otherwise(pl.lit("@")),
    )
    parsed = parse(logged.filter(pl.col("GAME_DATE").is_not_null()), held)
    results = parsed.rows.pop(GAMES).drop("overtimes", "neutral")
    of_game = sheet.select("row_number", "overtimes")
    parsed.rows[table] = captured(_with_starters(parsed.rows[table], sheet), document)
    if table is TEAM_BOX_SCORES:
        told = results.join(of_game, on="row_number", how="left").with_columns(neutral=pl.lit(None, pl.Boolean))
        parsed.rows[GAMES] = captured(told, document)
    # Shown with a date that stands in, then without: a game that no schedule holds may be of any day.
    some_day = pl.lit(document.capture.day.isoformat()).alias("GAME_DATE")
    lost = parse(logged.filter(pl.col("GAME_DATE").is_null()).with_columns(some_day), held)
    waiting = _with_starters(lost.rows[table], sheet).with_columns(
        game_date=pl.lit(None, pl.Date), valid_at=_never(), known_at=_never()
    )
    parsed.waiting[table] = waiting
    parsed.duplicates += lost.duplicates
    parsed.aside = together([parsed.aside, lost.aside, no_game(waiting)])
    return parsed


def _with_starters(rows: pl.DataFrame, sheet: pl.DataFrame) -> pl.DataFrame:
    if "started" not in rows.columns:
        return rows
    position = sheet.select("row_number", started=pl.col("START_POSITION").fill_null("").str.strip_chars() != "")
    return rows.drop("started").join(position, on="row_number", how="left", maintain_order="left")


def _absent(players: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Those who did not play, typed, and those of whom neither time nor reason is told."""
    cells = Cells(players)
    typed = players.select(
        "row_number", "team", "game_date", "tip_at",
        game_id=cells.game("GAME_ID"),
        player_id=cells.whole("PLAYER_ID"),
        team_id=pl.col("team"),
        player_name=cells.text("PLAYER_NAME"),
        absence=pl.col("COMMENT").str.extract(COMMENT, 1).replace_strict(ABSENCES, default=None),
        reason=pl.col("COMMENT").str.extract(COMMENT, 2),
        told=cells.text("COMMENT"),
    )  # fmt: skip
    unexplained = rule("no_minutes", pl.col("absence").is_null(), "no minutes, and the comment is {}", pl.col("told"))
    return split(typed, [unexplained, *contract(INACTIVES, "game_date")])


def _inactives(absent: pl.DataFrame, document: Document) -> Parsed:
    key = ["game_id", "player_id"]
    single, conflicting, duplicates = one_per_key(absent, key, ["team_id", "absence", "reason"], "conflicting_absence")
    placed = pl.col("game_date").is_not_null()
    rule_of_history = known.result_known(pl.col("tip_at"), pl.col("game_date"))
    rows = single.with_columns(
        valid_at=pl.coalesce("tip_at", known.eastern(pl.col("game_date"), 12)), known_at=rule_of_history
    ).drop("team", "tip_at", "told")
    waiting = rows.filter(~placed)
    return Parsed(
        {INACTIVES: captured(rows.filter(placed), document)},
        together([conflicting, no_game(waiting)]),
        duplicates=duplicates,
        waiting={INACTIVES: waiting},
    )


def _never() -> pl.Expr:
    return pl.lit(None, pl.Datetime("us", "UTC"))


TRADITIONAL = CaptureKind(
    "nba", "nba_box_score", "Box score of a game with starters and absences, NBA.com boxscoretraditionalv3",
    TABLES, fits, parse,
)  # fmt: skip
TRADITIONAL_V2 = CaptureKind(
    "nba", "nba_box_score_v2", "Box score of a game with starters and absences, NBA.com boxscoretraditionalv2",
    TABLES, fits_v2, parse_v2,
)  # fmt: skip
