"""`fairline parse`: any payload recognised by its content, shown whole, and nothing written."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fairline.cli import app
from fairline.domain.errors import BrokenContract, NotFound

# What each file says where nothing is held: its kind, its records, and rows by table, those that wait included.
REAL: dict[str, tuple[str, int, dict[str, int]]] = {
    "balldontlie/bdl_active_players_raw_ac3e7bd3.json": ("balldontlie_players", 100, {"players": 100}),
    "balldontlie/bdl_box_scores_raw_7a649e12.json.gz": (
        "balldontlie_box_scores", 395, {"games": 11, "player_box_scores": 229}
    ),
    "balldontlie/bdl_game_adv_stats_raw_b3f29455.json": (
        "balldontlie_advanced_stats", 29, {"games": 1, "provider_games": 1, "box_score_details": 360}
    ),
    "balldontlie/bdl_games_raw_278cb9ed.json": ("balldontlie_games", 9, {"games": 9, "provider_games": 9}),
    "balldontlie/bdl_injuries_raw_49fd60fb.json.gz": ("balldontlie_injuries", 100, {"injury_reports": 100}),
    "balldontlie/bdl_player_box_scores_raw_1db4c01e.json": (
        "balldontlie_stats", 30, {"games": 1, "provider_games": 1, "player_box_scores": 24}
    ),
    "balldontlie/bdl_teams_raw_cf664c89.json": ("balldontlie_teams", 45, {}),
    "bettingpros/bp_events_raw_75470647.json.gz": ("bettingpros_events", 3, {"games": 3, "provider_games": 3}),
    # Filed under NBA.com, but it is ESPN's: a day without games.
    "cdn_nba_com/nbac_game_ids_core_raw_20250214.json": ("espn_scoreboard", 0, {}),
    "cdn_nba_com/nbac_play_by_play_raw_416e8d5c.json.gz": ("nba_play_by_play_live", 506, {"play_by_play": 506}),
    "cdn_nba_com/nbac_player_movement_raw_1ecdb80d.json.gz": ("nba_player_movement", 8730, {"player_movements": 8256}),
    "cdn_nba_com/nbac_referee_assignments_raw_718e62b3.json": ("nba_referees", 11, {"referee_assignments": 24}),
    "cdn_nba_com/nbac_schedule_api_raw_80cb1fd6.json.gz": ("nba_schedule", 1400, {"games": 2780}),
    "cdn_nba_com/nbac_schedule_cdn_raw_68953816.json.gz": ("nba_schedule", 13, {"games": 11}),
    "espn/espn_game_boxscore_raw_6f34c64b.html.gz": (
        "espn_box_score", 28,
        {"games": 1, "provider_games": 1, "player_box_scores": 23, "inactives": 2, "team_box_scores": 2},
    ),
    "espn/espn_roster_api_raw_2.json.gz": ("espn_roster", 17, {"rosters": 17, "injury_reports": 2}),
    "espn/espn_roster_raw_bos.html.gz": ("espn_roster_page", 17, {"rosters": 17}),
    "espn/espn_scoreboard_api_raw_20250214.json": ("espn_scoreboard", 0, {}),
    "espn/espn_scoreboard_api_raw_92de7c9a.json.gz": ("espn_scoreboard", 11, {"games": 11, "provider_games": 11}),
    "nba_injury_report_pdf/raw_f4391904.pdf": (
        "nba_injury_report", 43, {"injury_reports": 14, "injury_report_teams": 32, "injury_snapshots": 1}
    ),
    # Of the WNBA: every record is set aside.
    "stats_nba_com/nba_api_docs_boxscoreadvancedv3.json.gz": ("nba_box_score_advanced", 26, {}),
    "stats_nba_com/nba_api_docs_boxscorescoringv3.json": ("nba_box_score_scoring", 26, {}),
    "stats_nba_com/nba_api_docs_boxscoremiscv3.json": ("nba_box_score_misc", 29, {"box_score_details": 336}),
    "stats_nba_com/nba_api_docs_boxscoreplayertrackv3.json.gz": (
        "nba_box_score_player_track", 29, {"box_score_details": 558}
    ),
    "stats_nba_com/nba_api_docs_boxscoretraditionalv3.json.gz": (
        "nba_box_score", 31, {"player_box_scores": 27, "team_box_scores": 2, "inactives": 2}
    ),
    "stats_nba_com/nba_api_docs_boxscoreusagev3.json": ("nba_box_score_usage", 27, {"box_score_details": 378}),
    "stats_nba_com/nba_api_docs_playbyplayv3.json.gz": ("nba_play_by_play", 475, {"play_by_play": 475}),
    "stats_nba_com/nba_api_docs_scoreboardv3.json.gz": ("nba_scoreboard", 11, {"games": 22}),
    "stats_nba_com/nbac_player_boxscore_raw_2ad17718.json": (
        "leaguegamelog_players", 157, {"player_box_scores": 157, "games": 8}
    ),
    "stats_nba_com/nbac_player_list_raw_7af00b51.json.gz": ("nba_players", 594, {"players": 594, "rosters": 594}),
    "stats_nba_com/nbac_roster_raw_79002ff4.html.gz": ("nba_roster", 18, {"players": 18, "rosters": 18}),
    "stats_nba_com/nbac_team_boxscore_raw_12f99055.json": (
        "nba_box_score_v2", 27, {"player_box_scores": 17, "team_box_scores": 2, "inactives": 8}
    ),
    "the_odds_api/RECONSTRUCTED_v4_event_odds_player_props_20251128.json": (
        "odds_api_event_odds", 569, {"provider_games": 1, "prop_quotes": 568}
    ),
    "the_odds_api/odds_api_historical_game_lines_raw_9221b91f.json": (
        "odds_api_historical_event_odds", 3, {"provider_games": 1, "game_line_quotes": 2}
    ),
    "the_odds_api/oddsa_events_his_raw_4c3bc8f6.json": ("odds_api_historical_events", 10, {"provider_games": 10}),
    "the_odds_api/oddsa_game_lines_his_raw_b722994c.json": (
        "odds_api_historical_event_odds", 3, {"provider_games": 1, "game_line_quotes": 2}
    ),
    # It is called props, and holds game lines.
    "the_odds_api/oddsa_player_props_his_raw_815b3ee3.json": (
        "odds_api_historical_event_odds", 3, {"provider_games": 1, "game_line_quotes": 2}
    ),
}  # fmt: skip
DAMAGED = "nba_gamebook_pdf/20240410_MEMCLE.pdf"


def ran(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["parse", *arguments], env={"FAIRLINE_HOME": str(home), "COLUMNS": "140"})


def rows_by_table(told: dict[str, Any]) -> dict[str, int]:
    """Rows stated and waiting, of tables that have any."""
    counted: dict[str, int] = {}
    for table, rows in [*told["rows"].items(), *told["waiting"].items()]:
        name = table.partition(".")[2]
        counted[name] = counted.get(name, 0) + len(rows)
    return {name: rows for name, rows in counted.items() if rows}


def test_every_real_payload_has_its_row_here(shared: Path):
    payloads = shared / "payloads"
    files = {path.relative_to(payloads).as_posix() for path in payloads.rglob("*") if path.is_file()}
    assert files == {*REAL, DAMAGED}


@pytest.mark.parametrize("file", REAL)
def test_a_real_payload_is_known_by_its_content_and_shows_its_rows_where_nothing_is_held(
    shared: Path, tmp_path: Path, file: str
):
    kind, records, rows = REAL[file]
    # Under a name that tells nothing: what a payload is must not hang on it.
    payload = tmp_path / "payload"
    payload.write_bytes((shared / "payloads" / file).read_bytes())
    result = ran(tmp_path / "none", str(payload), "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["kind"], told["records"], told["error"]) == (kind, records, "")
    assert rows_by_table(told) == rows
    assert not (tmp_path / "none").exists()


def test_a_gamebook_that_lost_its_bytes_says_so_and_exits_with_1(shared: Path, tmp_path: Path):
    result = ran(tmp_path / "none", str(shared / "payloads" / DAMAGED))
    assert result.exit_code == 1
    assert "nba nba_gamebook" in result.output
    assert "the PDF is damaged, 9654 of its bytes are missing" in result.output


def test_what_is_held_names_the_games_and_the_people(shared: Path, imported: Path):
    told = json.loads(
        ran(imported, str(shared / "payloads" / "balldontlie/bdl_box_scores_raw_7a649e12.json.gz"), "--json").stdout
    )
    assert {name: len(rows) for name, rows in told["rows"].items()} == {"raw.games": 11, "raw.player_box_scores": 229}
    assert (told["waiting"].get("raw.player_box_scores", []), told["quarantined"], told["unresolved"]) == ([], [], [])


GARBAGE: dict[str, bytes] = {
    "nothing": b"",
    "no text": b"\xff\xfe\x00\x01" * 50,
    "a page of an error": b"<!DOCTYPE html><html><body>Access Denied</body></html>",
    "half an answer": b'{"data": [{"id": 1, "full_na',
    "another's answer": b'{"weather": [{"city": "Boston", "celsius": 4}]}',
    "a number": b"42",
    "gzip cut short": gzip.compress(b'{"data": []}' * 100)[:40],
    "a PDF of nothing": b"%PDF-1.7\nnothing\n%%EOF\n",
    "too deep": b"[" * 50_000,
    "Parquet cut short": b"PAR1" + b"\x00" * 40,
}


@pytest.mark.parametrize("garbage", GARBAGE)
def test_garbage_is_an_error_that_names_the_file_and_the_next_step(
    home: Path, tmp_path: Path, garbage: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    from fairline import cli

    payload = tmp_path / "garbage.bin"
    payload.write_bytes(GARBAGE[garbage])
    monkeypatch.setenv("FAIRLINE_HOME", str(home))
    monkeypatch.setattr("sys.argv", ["fairline", "parse", str(payload)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    message, _, hint = capsys.readouterr().err.strip().partition("\n")
    assert ended.value.code == 1
    assert "garbage.bin" in message
    assert hint


def test_a_file_that_is_not_there_is_named(home: Path, tmp_path: Path):
    missing = ran(home, str(tmp_path / "none.json")).exception
    assert isinstance(missing, BrokenContract)
    assert "none.json is not a file" in str(missing)


TEAMS = {"data": [{"id": 1, "full_name": "Atlanta Hawks", "conference": "East", "division": "Southeast"}]}


@pytest.fixture
def teams(tmp_path: Path) -> Path:
    payload = tmp_path / "teams"
    payload.write_text(json.dumps(TEAMS))
    return payload


def test_a_kind_that_a_payload_is_not_is_refused(home: Path, teams: Path):
    wrong = ran(home, str(teams), "--kind", "espn_scoreboard").exception
    assert isinstance(wrong, BrokenContract)
    assert "this is no espn_scoreboard" in str(wrong)
    assert isinstance(ran(home, str(teams), "--kind", "espn_scoreborad").exception, NotFound)
    assert isinstance(ran(home, str(teams), "--source", "espn").exception, BrokenContract)


def test_an_empty_page_could_be_of_several_kinds_until_one_is_named(home: Path, teams: Path):
    teams.write_text('{"data": [], "meta": {"per_page": 100}}')
    undecided = ran(home, str(teams)).exception
    assert isinstance(undecided, BrokenContract)
    assert undecided.hint == "Say which with --kind."
    assert ran(home, str(teams), "--kind", "balldontlie_injuries").exit_code == 0


def test_parsing_writes_nothing(home: Path, teams: Path, answered: Callable[..., Any]):
    stores = {path: path.read_bytes() for path in (home / "warehouse.duckdb", home / "ledger.sqlite")}
    assert ran(home, str(teams)).exit_code == 0
    assert {path: path.read_bytes() for path in stores} == stores
    assert answered("captures", "list")["total"] == 0


def test_a_long_text_does_not_hide_the_columns_before_it(home: Path, tmp_path: Path):
    hurt = {
        "player": {"id": 1, "first_name": "Herbert", "last_name": "Jones", "team_id": 20}, "status": "Out",
        "return_date": "Nov 20", "description": "Nov 12: Jones is out for the game tonight because " + "of this " * 60,
    }  # fmt: skip
    payload = tmp_path / "injuries"
    payload.write_text(json.dumps({"data": [hurt]}))
    shown = ran(home, str(payload)).stdout
    assert "Herbert Jones" in shown
    assert "1610612752" in shown
    assert "Out (Nov 20) - Nov 12" in shown
