"""The three forms of schedule file. Each row states a schedule and, once the game is over, a result."""

import polars as pl

from fairline.domain.ids import FIRST_SEASON, GAME_TYPES
from fairline.domain.teams import TEAMS
from fairline.raw import known
from fairline.raw.cells import Cells
from fairline.raw.contracts import Rule, contract, readable, rule, split, stated
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import GAMES

GIVEN = {
    "schedule_export": {
        "game_id": "GAME_ID", "game_date": "GAME_DATE_ET", "tip_at": "TIP_ET", "home_team_id": "HOME_ID",
        "away_team_id": "AWAY_ID", "home_points": "HOME_PTS", "away_points": "AWAY_PTS",
    },
    "schedule_published": {
        "game_id": "GAME_ID", "game_date": "GAME_DATE_ET", "tip_at": "TIP_UTC", "home_team_id": "HOME_ID",
        "away_team_id": "AWAY_ID",
    },
    "schedule_with_results": {
        "game_id": "game_id", "game_date": "date_et", "tip_at": "tip_utc", "home_team_id": "home_id",
        "away_team_id": "away_id", "home_points": "home_score", "away_points": "away_score",
    },
}  # fmt: skip

STATEMENT = (
    "game_date", "season", "game_type", "tip_at", "home_team_id", "away_team_id", "home_points", "away_points",
    "status", "overtimes", "arena", "neutral",
)  # fmt: skip

NBA_TEAMS = [team.team_id for team in TEAMS]


def parse(frame: pl.DataFrame, kind: str) -> Parsed:
    """Games of a schedule file of that kind.

    A row whose status says the game was still going on states its schedule; its score is set aside as
    `unfinished_game`: BOS-CLE of 19 Nov 2024 was exported at 12-4, in the first quarter.
    """
    given = GIVEN[kind]
    typed = frame.select("row_number", *stated(given), *_typed(frame, kind), *_outcome(frame, kind))
    typed = typed.with_columns(game_kind())
    good, broken = split(typed, [*readable(frame, given), *contract(GAMES, "statement", "status"), *_one_game()])
    good, conflicting, duplicates = one_per_key(_undetermined(good, kind), ["game_id"], STATEMENT, "conflicting_game")
    unfinished = good.filter(pl.col("status") == "unknown", pl.col("home_points").is_not_null())
    unfinished = unfinished.select(
        "row_number", reason=pl.lit("unfinished_game"),
        detail=pl.format("{}-{} with status {}", "home_points", "away_points", "given_status"),
    )  # fmt: skip
    return Parsed({GAMES: _statements(good)}, together([broken, conflicting, unfinished]), duplicates=duplicates)


def game_kind() -> list[pl.Expr]:
    """`season` and `game_type` of a `game_id`: what domain.ids reads from one id, for a frame of them."""
    year = pl.col("game_id").str.slice(3, 2).cast(pl.Int64)
    kinds = {prefix: kind.value for prefix, kind in GAME_TYPES.items()}
    return [
        (year + pl.when(year >= FIRST_SEASON % 100).then(1900).otherwise(2000)).alias("season"),
        pl.col("game_id").str.slice(0, 3).replace_strict(kinds, default=None).alias("game_type"),
    ]


def _typed(frame: pl.DataFrame, kind: str) -> list[pl.Expr]:
    cells, given = Cells(frame), GIVEN[kind]
    points = [
        (cells.whole(given[side]) if side in given else pl.lit(None, dtype=pl.Int64)).alias(side)
        for side in ("home_points", "away_points")
    ]
    return [
        cells.game(given["game_id"]).alias("game_id"),
        cells.day(given["game_date"]).alias("game_date"),
        _tip_at(frame, kind).alias("tip_at"),
        cells.whole(given["home_team_id"]).alias("home_team_id"),
        cells.whole(given["away_team_id"]).alias("away_team_id"),
        *points,
        cells.text("arena" if kind == "schedule_with_results" else "ARENA").alias("arena"),
        pl.lit(None, dtype=pl.Boolean).alias("neutral"),
    ]


def _tip_at(frame: pl.DataFrame, kind: str) -> pl.Expr:
    """Scheduled tip-off, in UTC whether the file's is or Eastern."""
    cells = Cells(frame)
    if kind != "schedule_export":
        return cells.instant(GIVEN[kind]["tip_at"])
    local = cells.day("GAME_DATE_ET").dt.to_string("%Y-%m-%d") + " " + cells.text("TIP_ET")
    eastern = local.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)
    return eastern.dt.replace_time_zone(known.EASTERN, ambiguous="latest", non_existent="null").dt.convert_time_zone(
        "UTC"
    )


def _undetermined(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Null for what a file writes when it is not yet set: team 0, and midnight Eastern where tip-offs are in UTC.

    In the export, midnight and one o'clock are real: preseason games on Hawaii and in Asia.
    """
    home, away, tip = pl.col("home_team_id"), pl.col("away_team_id"), pl.col("tip_at")
    unset = pl.lit(kind != "schedule_export") & (tip.dt.convert_time_zone(known.EASTERN).dt.time() == pl.time(0))
    return frame.with_columns(
        pl.when(home != 0).then(home), pl.when(away != 0).then(away), pl.when(~unset).then(tip)
    )  # fmt: skip


def _outcome(frame: pl.DataFrame, kind: str) -> list[pl.Expr]:
    """`status` as far as the row tells it, and `overtimes`."""
    if kind == "schedule_published":
        return [
            pl.lit("scheduled").alias("status"),
            pl.lit("").alias("given_status"),
            pl.lit(None, pl.Int64).alias("overtimes"),
        ]
    cells = Cells(frame)
    said = cells.text("STATUS" if kind == "schedule_export" else "status_text")
    postponed = said.str.contains("(?i)^(ppd|postponed)") | _flagged_postponed(cells, kind)
    final, overtime = said.str.contains("(?i)^final"), said.str.extract(r"(?i)^final/OT(\d*)", 1)
    scored = cells.number(GIVEN[kind]["home_points"]).is_not_null()
    status = (
        pl.when(postponed).then(pl.lit("postponed"))
        .when(final & scored).then(pl.lit("final"))
        .when(scored).then(pl.lit("unknown"))
        .otherwise(pl.lit("scheduled"))
    )  # fmt: skip
    overtimes = pl.when(overtime == "").then(1).when(overtime.is_not_null()).then(overtime.cast(pl.Int64, strict=False))
    told = overtimes if kind == "schedule_export" else overtimes.fill_null(0)
    return [status.alias("status"), said.alias("given_status"), pl.when(final).then(told).alias("overtimes")]


def _flagged_postponed(cells: Cells, kind: str) -> pl.Expr:
    return (
        cells.text("postponed").str.to_uppercase().eq("Y").fill_null(value=False)
        if kind == "schedule_with_results"
        else pl.lit(False)
    )


def _one_game() -> list[Rule]:
    home, away = pl.col("home_team_id"), pl.col("away_team_id")
    one_score = pl.col("home_points").is_null() != pl.col("away_points").is_null()
    drawn = (pl.col("status") == "final") & (pl.col("home_points") == pl.col("away_points"))
    other_day = known.eastern_date(pl.col("tip_at")) != pl.col("game_date")
    return [
        rule("same_team_twice", (home == away) & (home != 0), "both teams are {}", home),
        rule("half_a_score", one_score, "only one team has points"),
        rule(
            "drawn_game",
            drawn & pl.col("game_type").is_in(["regular", "playoffs"]),
            "both have {} points",
            pl.col("home_points"),
        ),
        rule(
            "tip_on_another_date",
            other_day,
            "the tip-off {} is not on {} Eastern",
            pl.col("tip_at"),
            pl.col("game_date"),
        ),
    ]


def _statements(good: pl.DataFrame) -> pl.DataFrame:
    """What was known beforehand of every game, and the result of each that is over."""
    nothing_yet = {column: pl.lit(None, pl.Int64) for column in ("home_points", "away_points", "overtimes")}
    beforehand = good.with_columns(
        statement=pl.lit("schedule"),
        status=pl.lit("scheduled"),
        known_at=known.schedule_known(pl.col("season"), pl.col("game_type"), pl.col("tip_at"), pl.col("game_date")),
        **nothing_yet,
    )
    over = pl.when(pl.col("status") == "final").then(known.result_known(pl.col("tip_at"), pl.col("game_date")))
    results = good.filter(pl.col("status").is_in(["final", "postponed"])).with_columns(
        statement=pl.lit("result"),
        known_at=over.otherwise(known.by_tip_off(pl.col("tip_at"), pl.col("game_date"))),
    )
    both = pl.concat([beforehand, results], how="vertical_relaxed")
    return both.select(
        "row_number", "game_id", "statement", *STATEMENT, "known_at",
        valid_at=pl.coalesce("tip_at", known.eastern(pl.col("game_date"), 12)),
    )  # fmt: skip
