"""The real files: what their README says of them, checked after an import of all."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from fairline.platform.warehouse import DuckWarehouse
from fairline.raw.loading import files_in, import_files


@pytest.fixture(scope="module")
def raw(imported: Path) -> Iterator[DuckWarehouse]:
    """The tables of the imported home."""
    warehouse = DuckWarehouse(imported / "warehouse.duckdb", read_only=True)
    yield warehouse
    warehouse.close()


def one(raw: DuckWarehouse, sql: str) -> tuple[object, ...]:
    return raw.query(sql).row(0)


def test_every_box_score_shot_and_team_row_is_held(raw: DuckWarehouse, shared: Path):
    assert shared
    counts = {table: one(raw, f"SELECT count(*) FROM raw.{table}")[0] for table in
              ("player_box_scores", "team_box_scores", "exact_minutes", "shots")}  # fmt: skip
    assert counts == {
        "player_box_scores": 262_133,
        "team_box_scores": 23_958,
        "exact_minutes": 64_109,
        "shots": 655_448,
    }


def test_nothing_waits_but_what_should(raw: DuckWarehouse, shared: Path):
    assert shared
    rows = raw.query("SELECT kind, reason, count(*) AS rows FROM ops.quarantine GROUP BY ALL ORDER BY ALL").rows()
    assert rows == [
        ("game_lines_consensus", "conflicting_line", 28),
        ("game_lines_consensus", "no_game", 10),
        ("game_lines_sbr", "no_game", 1_313),  # the season before the schedules begin, and two misdated games
        ("injury_snapshots", "listed_twice", 530),
        ("injury_snapshots", "unreadable_team_id", 3),
        ("projected_lineups", "unreadable_team_id", 26),
        ("quotes", "conflicting_price", 1),
        ("quotes", "no_line", 21_199),
        ("schedule_export", "unfinished_game", 2),
    ]


def test_all_but_a_handful_of_quoted_names_resolve(raw: DuckWarehouse, shared: Path):
    assert shared
    (waiting,) = one(raw, "SELECT CAST(sum(rows) AS BIGINT) FROM ops.unresolved_names WHERE source = 'quotes'")
    (held,) = one(raw, "SELECT count(*) FROM raw.prop_quotes")
    assert held == 992_514
    assert waiting == 9


def test_quotes_of_just_after_midnight_lie_in_the_night_before(raw: DuckWarehouse, shared: Path):
    assert shared
    midnight = "team_id IS NOT NULL AND hour(timezone('America/New_York', captured_at)) = 0"
    counted = one(raw, f"""
        SELECT count(*), count(commence_at),
            count(*) FILTER (game_date < CAST(timezone('America/New_York', captured_at) AS DATE))
        FROM raw.prop_quotes WHERE {midnight}
    """)  # fmt: skip
    assert counted == (736, 0, 736)


def test_quotes_captured_after_the_stated_tip_off_are_kept_and_told(raw: DuckWarehouse, shared: Path):
    assert shared
    late = "captured_at >= commence_at AND team_id IS NOT NULL"
    assert one(raw, f"SELECT count(*) FROM raw.prop_quotes WHERE {late}") == (43_417,)


def test_quotes_of_the_three_postponed_games_stay_on_the_date_they_were_for(raw: DuckWarehouse, shared: Path):
    assert shared
    moved = raw.query("""
        SELECT DISTINCT quote.game_id, quote.game_date, game.game_date AS played
        FROM raw.prop_quotes AS quote
        JOIN raw.games AS game ON game.game_id = quote.game_id AND game.source = 'schedule_with_results'
        WHERE quote.game_date <> game.game_date ORDER BY 1
    """)
    assert [(game, str(quoted), str(played)) for game, quoted, played in moved.rows()] == [
        ("0022400524", "2025-01-09", "2025-02-19"),
        ("0022400532", "2025-01-11", "2025-01-28"),
        ("0022400617", "2025-01-22", "2025-04-06"),
    ]


def test_about_one_quoted_player_in_twenty_did_not_play(raw: DuckWarehouse, shared: Path):
    assert shared
    # A quote placed in the wrong game, or given the wrong person, would show here first.
    (played,) = one(raw, """
        WITH graded AS (SELECT DISTINCT game_id FROM raw.player_box_scores)
        SELECT count(box.player_id) / count(*) FROM raw.prop_quotes AS quote JOIN graded USING (game_id)
        LEFT JOIN raw.player_box_scores AS box USING (game_id, player_id)
    """)  # fmt: skip
    assert isinstance(played, float)
    assert 0.94 < played < 0.96


def test_results_from_schedule_teams_and_players_agree(raw: DuckWarehouse, shared: Path):
    assert shared
    assert one(raw, """
        SELECT count(*) FROM (
            SELECT game_id FROM raw.games WHERE statement = 'result' AND home_points IS NOT NULL
            GROUP BY game_id HAVING count(DISTINCT (home_points, away_points)) > 1
        )
    """) == (0,)  # fmt: skip


def test_home_spreads_point_the_way_games_went(raw: DuckWarehouse, shared: Path):
    assert shared
    (correlation,) = one(raw, """
        SELECT corr(line.home_spread, game.away_points - game.home_points)
        FROM raw.game_line_quotes AS line
        JOIN raw.games AS game ON game.game_id = line.game_id AND game.statement = 'result'
    """)  # fmt: skip
    assert isinstance(correlation, float)
    assert correlation > 0.35


def test_importing_one_file_of_each_sort_again_changes_nothing(imported: Path, shared: Path, tmp_path: Path):
    from fairline.ops.catalogue import open_home
    from fairline.platform.settings import load_settings

    again = [
        "schedule/schedule_2024_25_with_results.parquet", "box_scores/leaguegamelog_player_2025-26.parquet",
        "injuries/injury_snapshots_2024.parquet", "odds/quotes_2023_2025_points_rebounds_assists.parquet",
        "odds/game_lines_consensus_2019_2025.parquet",
    ]  # fmt: skip
    own = copytree(imported, tmp_path / "home")
    with open_home("tests", settings=load_settings(home=own)) as home:
        reports = import_files(files_in([shared / "data" / name for name in again]), warehouse=home.warehouse,
                               objects=home.objects, clock=home.clock)  # fmt: skip
    assert [(report.written, report.error) for report in reports] == [(0, "")] * len(again)
