"""NBA's gamebook, the official scorer's report: who played, who did not and why, who officiated."""

from datetime import date, datetime

import polars as pl

from fairline.domain.teams import find_team
from fairline.raw import listed, named_box_scores
from fairline.raw.captured import CaptureKind
from fairline.raw.cells import Cells
from fairline.raw.contracts import Rule, contract, rule, split
from fairline.raw.documents import Document
from fairline.raw.games_of_providers import matched, no_game
from fairline.raw.held import Held
from fairline.raw.listed_games import shown
from fairline.raw.named_box_scores import minutes_of
from fairline.raw.nba import surnames
from fairline.raw.nba.pdf import FIRST_PAGES, is_pdf, opened, title_of
from fairline.raw.nba.scorers_report import FIGURES, ScorersReport, is_report, read_report
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import INACTIVES, PLAYER_BOX_SCORES, REFEREE_ASSIGNMENTS

SIDES = ("VISITOR", "HOME")
ABSENCES = {"DNP": "did_not_play", "DND": "did_not_dress", "NWT": "not_with_team", "INACTIVE": "inactive"}
TITLE = "Box Score "

CELLS = ("MIN", *FIGURES, "PLUS_MINUS", "PTS")
"""Of a line of the box score."""

SAME_MINUTES = 0.1
"""By which the players' minutes may miss the team's: each is cut to the second."""

_ABSENT = ("player_name", "team_id", "code", "reason")


def fits(document: Document) -> bool:
    """A PDF with the page of the whole game, or one whose pages are lost and whose title says that it had one."""
    if not is_pdf(document):
        return False
    if title_of(document).startswith(TITLE):
        return True
    return any(is_report(page.lines) for page in opened(document, FIRST_PAGES).pages)


def parse(document: Document, held: Held) -> Parsed:
    """Box lines when they add up to the team's totals, absences with their reasons, and the officials."""
    pages = [page.lines for page in opened(document, FIRST_PAGES).pages]
    page = next((lines for lines in pages if is_report(lines)), None)
    if page is None:
        problem = "no page is the scorer's report on the whole game"
        raise document.broken(problem)
    report = read_report(page)
    teams, day = _teams(report, document), _day(report, document)
    game = _game(teams, day)
    played = document.sheet([{**each, "team_id": teams[str(each["side"])]} for each in report.players], _fields())
    absent = document.sheet([_of_team(each, teams) for each in report.absences], {each: each for each in _ABSENT})
    officials = document.sheet(report.officials, {"official": "official"})
    strange = document.sheet(report.strange, {"line": "line"})
    box = _box_scores(played, game, report, held, document)
    parts = [box, _inactives(absent, game, box, held, document), _officials(officials, game, held, document)]
    unread = strange.select("row_number", reason=pl.lit("unreadable_line"), detail=pl.col("line"))
    return Parsed(
        {table: rows for part in parts for table, rows in part.rows.items()},
        together([unread, *(part.aside for part in parts)]),
        pl.concat([part.unresolved for part in parts], how="diagonal"),
        sum(part.duplicates for part in parts),
        {table: rows for part in parts for table, rows in part.waiting.items()},
    )


def _fields() -> dict[str, str]:
    return {each: each for each in ("PLAYER_NAME", "team_id", "position", *CELLS)}


def _teams(report: ScorersReport, document: Document) -> dict[str, int]:
    """NBA ids by side. Raises BrokenContract when one is not told or none of the thirty."""
    found = {side: find_team(name) for side, name in report.sides.items()}
    teams = {side: team.team_id for side, team in found.items() if team is not None}
    if set(teams) != set(SIDES) or len(set(teams.values())) < len(SIDES):
        problem = f"its teams are not told: {', '.join(report.sides.values()) or 'none'}"
        raise document.broken(problem)
    return teams


def _day(report: ScorersReport, document: Document) -> date:
    try:
        return datetime.strptime(report.day, "%B %d, %Y").date()  # noqa: DTZ007 - a date on Eastern clocks
    except ValueError as error:
        problem = f"its date is {report.day or 'missing'}"
        raise document.broken(problem) from error


def _game(teams: dict[str, int], day: date) -> pl.DataFrame:
    """The game in the columns that games_of_providers matches."""
    columns: dict[str, pl.DataType | type[pl.DataType]] = {
        "home_team_id": pl.Int64, "away_team_id": pl.Int64, "commence_at": pl.Datetime("us", "UTC"),
        "stated_date": pl.Date, "status": pl.String,
    }  # fmt: skip
    return pl.DataFrame([(teams["HOME"], teams["VISITOR"], None, day, "final")], columns, orient="row")


def _of_team(absence: dict[str, str | None], teams: dict[str, int]) -> dict[str, str | int | None]:
    """An absence with its team's id; a list names the team by its nickname."""
    side = absence.get("side")
    named = find_team(absence.get("team") or "")
    return {**absence, "team_id": teams[side] if side else named.team_id if named else None}


def _box_scores(
    played: pl.DataFrame, game: pl.DataFrame, report: ScorersReport, held: Held, document: Document
) -> Parsed:
    """The box lines; none of a report whose lines do not add up to both teams' totals."""
    totals = pl.DataFrame(
        [{"side": side, **told} for side, told in report.totals.items()],
        schema=dict.fromkeys(("side", *CELLS), pl.String),
    )
    at_home = pl.col("team_id") == pl.col("home_team_id")
    lines = (
        played.with_columns(pl.col("team_id").cast(pl.Int64))
        .join(game, how="cross")
        .with_columns(
            side=pl.when(at_home).then(pl.lit("HOME")).otherwise(pl.lit("VISITOR")),
            started=pl.col("position").is_not_null(),
        )
        .join(_winner(totals), on="side", how="left")
    )
    wrong = _missed_totals(lines, totals)
    if wrong:
        aside = played.select("row_number", reason=pl.lit("totals_do_not_add_up"), detail=pl.lit(wrong))
        return Parsed({}, aside)
    return named_box_scores.parse(lines, held, document.capture.captured_at)


def _winner(totals: pl.DataFrame) -> pl.DataFrame:
    points = Cells(totals).whole("PTS")
    return totals.select("side", won=points == points.max())


def _missed_totals(lines: pl.DataFrame, totals: pl.DataFrame) -> str:
    """Which of a team's totals its players' lines miss; "" when they add up.

    Turnovers may be the team's own, and plus-minus has no sum.
    """
    summed = [cell for cell in CELLS if cell not in ("MIN", "TOV", "PLUS_MINUS")]
    read, told = Cells(lines), Cells(totals)
    sums = lines.group_by("side").agg(
        minutes_of(read, "MIN").sum().alias("MIN"), *(read.whole(cell).sum() for cell in summed)
    )
    stated = totals.select("side", minutes_of(told, "MIN").alias("MIN"), *(told.whole(cell) for cell in summed))
    both = stated.join(sums, on="side", how="left", suffix="_summed")
    if both.height < len(SIDES):
        return "the totals of a team are missing"
    missed = {cell: (pl.col(cell) != pl.col(f"{cell}_summed")).fill_null(value=True) for cell in summed}
    missed["MIN"] = ((pl.col("MIN") - pl.col("MIN_summed")).abs() > SAME_MINUTES).fill_null(value=True)
    found = both.select("side", *(broken.alias(cell) for cell, broken in missed.items())).rows(named=True)
    each = [f"{row['side']} {cell}" for row in found for cell in missed if row[cell]]
    return f"the players' lines miss the totals of {', '.join(each)}" if each else ""


def _inactives(absent: pl.DataFrame, game: pl.DataFrame, box: Parsed, held: Held, document: Document) -> Parsed:
    """Those who did not play. Who is on the inactive list is written by his surname."""
    cells = Cells(absent)
    typed = absent.select(
        "row_number",
        player_name=cells.text("player_name"),
        team_id=cells.whole("team_id"),
        absence=pl.col("code").replace_strict(ABSENCES, default=None, return_dtype=pl.String),
        reason=cells.text("reason"),
    ).join(game, how="cross")  # fmt: skip
    good, broken = split(typed, [*contract(INACTIVES, "game_id", "game_date", "player_id"), _wrong_game()])
    placed, unplaced = split(matched(good, held), [no_game()])
    resolved, unresolved = _named(placed, box, held)
    key = ["game_id", "player_id"]
    single, conflicting, duplicates = one_per_key(
        resolved.sort("row_number"), key, ["team_id", "absence", "reason"], "conflicting_absence"
    )
    told = ["row_number", *key, "game_date", "team_id", "player_name", "absence", "reason"]
    waits = good.join(resolved, on="row_number", how="anti")
    return Parsed(
        {INACTIVES: single.select(*told, **named_box_scores.result_clocks(document.capture.captured_at))},
        together([broken, unplaced, conflicting]),
        unresolved,
        duplicates,
        {INACTIVES: shown(INACTIVES, waits)},
    )


def _named(placed: pl.DataFrame, box: Parsed, held: Held) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows whose name tells a person, with `player_id`, and the names that wait.

    By surname counts who was with the team and neither on the court nor on the bench of this game.
    """
    timed = placed.with_columns(reported_at="tip_at", day="game_date")
    by_name, unnamed = listed.resolve(timed, held)
    left = timed.join(by_name, on="row_number", how="anti")
    on_the_list = pl.col("absence") == "inactive"
    boxed = box.rows.get(PLAYER_BOX_SCORES, pl.DataFrame(schema={"player_id": pl.Int64}))
    present = pl.concat([boxed.select("player_id"), by_name.select("player_id")]).unique()
    by_surname, unknown = surnames.resolve(left.filter(on_the_list), present, held)
    listed_names = left.filter(on_the_list).select(name="player_name")
    others = unnamed.join(listed_names, on="name", how="anti")
    columns = [*placed.columns, "player_id"]
    found = pl.concat([by_name.select(columns), by_surname.select(columns)])
    return found, pl.concat([unknown, others.select(unknown.columns)])


def _officials(officials: pl.DataFrame, game: pl.DataFrame, held: Held, document: Document) -> Parsed:
    """The crew, in no told order, as `Kevin Scott (#24)`."""
    written = Cells(officials).text("official").str.replace(r"^#\s*(\d+)\s+(.+)$", "$2 (#$1)")
    typed = officials.select("row_number", official=written, role=pl.lit("unknown")).join(game, how="cross")
    good, broken = split(typed, contract(REFEREE_ASSIGNMENTS, "game_id", "game_date"))
    found = matched(good, held)
    placed, unplaced = split(found, [no_game()])
    single, conflicting, duplicates = one_per_key(placed, ["game_id", "official"], ["role"], "conflicting_official")
    rows = single.select(
        "row_number", "game_id", "game_date", "official", "role",
        **named_box_scores.result_clocks(document.capture.captured_at),
    )  # fmt: skip
    waits = shown(REFEREE_ASSIGNMENTS, good.join(placed, on="row_number", how="anti"))
    aside = together([broken, unplaced, conflicting])
    return Parsed({REFEREE_ASSIGNMENTS: rows}, aside, duplicates=duplicates, waiting={REFEREE_ASSIGNMENTS: waits})


def _wrong_game() -> Rule:
    team = pl.col("team_id")
    other = (team != pl.col("home_team_id")) & (team != pl.col("away_team_id"))
    return rule("wrong_game", other, "team {} is not in that game", team)


GAMEBOOK = CaptureKind(
    "nba", "nba_gamebook", "NBA's gamebook, the official scorer's report (PDF)",
    (PLAYER_BOX_SCORES, INACTIVES, REFEREE_ASSIGNMENTS), fits, parse,
)  # fmt: skip
