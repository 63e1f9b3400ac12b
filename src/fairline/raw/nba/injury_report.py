"""NBA's official injury report: who may miss his team's next games, and which teams have not said yet."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

import polars as pl

from fairline.domain.dates import EASTERN
from fairline.domain.injuries import find_availability
from fairline.domain.teams import TEAM_NAMES
from fairline.raw import known
from fairline.raw.captured import CaptureKind
from fairline.raw.cells import Cells
from fairline.raw.contracts import Rule, contract, readable, rule, split, stated
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.listed import resolve
from fairline.raw.listed_games import shown
from fairline.raw.nba.injury_table import COLUMNS, columns_of, table_lines
from fairline.raw.nba.pdf import FIRST_PAGES, Pdf, is_pdf, opened
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import INJURY_REPORT_TEAMS, INJURY_REPORTS, INJURY_SNAPSHOTS, LATER_INJURY_REPORTS

GIVEN = {"game_date": "game_date", "away": "away", "home": "home", "team_id": "team"}
TITLE = re.compile(r"Injury\s*Report:\s*(\d{1,2}/\d{1,2}/\d{2,4})\s*(\d{1,2}:\d{2})\s*([AP]M)")
PAGE = re.compile(r"Page\s*(\d{1,3})\s*of\s*(\d{1,3})")


def fits(document: Document) -> bool:
    """A PDF whose first page has the report's title."""
    return is_pdf(document) and bool(TITLE.search("\n".join(opened(document, FIRST_PAGES).pages[0].lines)))


def parse(document: Document, held: Held) -> Parsed:
    """The statuses for each team's next game, those for later ones, and of which teams the report speaks.

    The report's own time is the time of all of it. The lines of a table leave out what they share with the line above.
    """
    pdf = opened(document)
    sheet = document.sheet(_lines(document, pdf), {column: column for column in COLUMNS})
    filled = _filled(sheet)
    at = known.instant(_reported_at(document, pdf))
    lines = filled.select("row_number", *stated(GIVEN), *_typed(filled)).with_columns(reported_at=at)
    told, broken = split(lines, [*readable(filled, GIVEN), *_rules()])
    good, twice = split(_with_first_opponents(told), [_two_games_a_day()])
    broken = together([broken, twice])
    players, nameless = split(good.filter(pl.col("status_words").is_not_null()), _of_players())
    rows, waits, unresolved, aside, duplicates = _statuses(players.join(_next_games(good), on="team_id"), held)
    unread = lines.join(together([broken, nameless]), on="row_number", how="semi")
    # Whoever a line set aside was about must not count as fit.
    teams = _teams(good).with_columns(pl.col("submitted") & ~pl.col("team_id").is_in(unread["team_id"].implode()))
    clocks = {"valid_at": at, "known_at": at}
    rows = {table: frame.with_columns(**clocks) for table, frame in rows.items()}
    report = players.select(row_number=pl.col("row_number").min().fill_null(0), players_listed=pl.len().cast(pl.Int64))
    stated_rows = {
        **rows,
        INJURY_REPORT_TEAMS: teams.with_columns(reported_at=at, **clocks),
        INJURY_SNAPSHOTS: report.with_columns(reported_at=at, **clocks),
    }
    silent = good.filter(pl.col("status_words").is_null())
    duplicates += silent.height - silent.select("game_date", "team_id").n_unique()
    return Parsed(stated_rows, together([broken, nameless, aside]), unresolved, duplicates, waits)


def _lines(document: Document, pdf: Pdf) -> list[dict[str, str]]:
    """Raises BrokenContract when the heading of the table or the last pages are missing."""
    columns = columns_of(pdf.pages)
    if columns is None:
        problem = "the table's heading is missing"
        raise document.broken(problem, "The report has a new layout.")
    numbers = [PAGE.search("\n".join(page.lines)) for page in pdf.pages]
    told = [(int(number[1]), int(number[2])) for number in numbers if number]
    if told and told != [(place, len(numbers)) for place in range(1, len(numbers) + 1)]:
        # Players of a team may stand on the missing page: no one left unnamed here could be called fit.
        problem = f"its {len(numbers)} pages say they are {', '.join(f'{page} of {of}' for page, of in told)}"
        raise document.broken(problem, "Ask the provider for it again.")
    return list(table_lines(pdf.pages, columns))


def _reported_at(document: Document, pdf: Pdf) -> datetime:
    """The time in the title, which is Eastern. Raises BrokenContract."""
    title = TITLE.search("\n".join(pdf.pages[0].lines))
    if title is None:
        problem = "its title tells no time"
        raise document.broken(problem)
    day, clock, half = title.groups()
    year = "%y" if len(day.rpartition("/")[2]) == len("24") else "%Y"
    try:
        local = datetime.strptime(f"{day} {clock} {half}", f"%m/%d/{year} %I:%M %p").replace(tzinfo=EASTERN)
    except ValueError as error:
        problem = f"its title tells no time: {error}"
        raise document.broken(problem) from error
    return local.astimezone(UTC)


def _filled(sheet: pl.DataFrame) -> pl.DataFrame:
    """Each line with the date, the game and the team of the line that tells them; the visitors are named first."""
    shared = pl.col("game_date", "game_time", "matchup", "team").replace("", None).forward_fill()
    sides = pl.col("matchup").str.split_exact("@", 1).struct
    return sheet.with_columns(shared).with_columns(away=sides["field_0"], home=sides["field_1"])


def _typed(frame: pl.DataFrame) -> list[pl.Expr]:
    cells = Cells(frame)
    status = cells.text("status")
    wordings = frame["status"].unique().drop_nulls()
    read = {text.strip(): find_availability(text).value for text in wordings if text.strip()}
    return [
        cells.text("game_date").str.to_date("%m/%d/%Y", strict=False).alias("game_date"),
        *(cells.named(side, TEAM_NAMES) for side in ("away", "home")),
        cells.named("team", TEAM_NAMES).alias("team_id"),
        cells.text("player").alias("player_name"),
        status.alias("status_words"),
        status.replace_strict(read, default="unknown", return_dtype=pl.String).alias("status"),
        cells.text("reason").alias("reason"),
    ]


def _rules() -> list[Rule]:
    """Of every line: its game and its team are told, and belong together."""
    team = pl.col("team_id")
    other = (team != pl.col("home")) & (team != pl.col("away"))
    nobody = pl.col("status_words").is_null() & pl.col("player_name").is_not_null()
    return [
        *contract(INJURY_REPORT_TEAMS, "reported_at", "submitted", "players_listed"),
        *(rule(f"missing_{side}", pl.col(side).is_null(), f"the {side} team is missing") for side in ("home", "away")),
        rule(
            "wrong_game",
            other,
            "{} is not in {}@{}",
            *(pl.col(f"given_{each}") for each in ("team_id", "away", "home")),
        ),
        rule("missing_status", nobody, "{} has no status", pl.col("player_name")),
    ]


def _with_first_opponents(lines: pl.DataFrame) -> pl.DataFrame:
    """Each line with the game its team is first listed in on that date."""
    here = pl.struct("away", "home")
    first = here.sort_by("row_number").first().over("game_date", "team_id")
    return lines.with_columns(game=here, first_game=first)


def _two_games_a_day() -> Rule:
    """A date that was lost on the way leaves tomorrow's games under today's."""
    another = pl.col("game") != pl.col("first_game")
    return rule("two_games_a_day", another, "{} plays another game that day", pl.col("given_team_id"))


def _of_players() -> Sequence[Rule]:
    return contract(INJURY_REPORTS, "reported_at", "player_id")


def _next_games(good: pl.DataFrame) -> pl.DataFrame:
    """Of each team, the date of the first game the report speaks of."""
    return good.group_by("team_id").agg(next_date=pl.col("game_date").min())


_Statuses = tuple[dict, dict, pl.DataFrame, pl.DataFrame, int]  # type: ignore[type-arg]


def _statuses(players: pl.DataFrame, held: Held) -> _Statuses:
    """Rows by table, rows that wait by table, names that wait, rows set aside, duplicates."""
    resolved, unresolved = resolve(players, held)
    key, statement = ["game_date", "player_id"], ["status", "reason", "team_id"]
    ordered = resolved.sort("fits", "row_number", descending=[True, False])
    single, repeated, duplicates = one_per_key(ordered, key, statement, "listed_twice")
    unknown = players.join(resolved, on="row_number", how="anti")
    told = ["row_number", "reported_at", "player_id", "team_id", "player_name", "status", "reason"]
    following, later = pl.col("game_date") == pl.col("next_date"), pl.col("game_date") > pl.col("next_date")
    rows = {
        INJURY_REPORTS: single.filter(following).select(told),
        LATER_INJURY_REPORTS: single.filter(later).select(*told, "game_date"),
    }
    waits = {
        INJURY_REPORTS: shown(INJURY_REPORTS, unknown.filter(following)),
        LATER_INJURY_REPORTS: shown(LATER_INJURY_REPORTS, unknown.filter(later)),
    }
    return rows, waits, unresolved, repeated, duplicates


def _teams(good: pl.DataFrame) -> pl.DataFrame:
    """Both teams of each game: whether they submitted, by their own lines, and how many players they list."""
    key = ["game_date", "team_id"]
    of_player = pl.col("status_words").is_not_null()
    not_yet = ~of_player & pl.col("reason").is_not_null()
    listed = good.group_by(key).agg(
        submitted=~not_yet.any(),
        players_listed=of_player.sum().cast(pl.Int64),
        own_row=pl.coalesce(pl.col("row_number").filter(~of_player).min(), pl.col("row_number").min()),
    )
    sides = [good.group_by("game_date", team_id=side).agg(pl.col("row_number").min()) for side in ("away", "home")]
    return (
        pl.concat(sides).group_by(key).agg(pl.col("row_number").min())
        .join(listed, on=key, how="left")
        .select(
            *key,
            pl.col("submitted").fill_null(value=False),
            pl.col("players_listed").fill_null(0),
            row_number=pl.coalesce("own_row", "row_number"),
        )
        .sort("row_number", "team_id")
    )  # fmt: skip


INJURY_REPORT = CaptureKind(
    "nba", "nba_injury_report", "NBA's official injury report (PDF)",
    (INJURY_REPORTS, LATER_INJURY_REPORTS, INJURY_REPORT_TEAMS, INJURY_SNAPSHOTS), fits, parse,
)  # fmt: skip
