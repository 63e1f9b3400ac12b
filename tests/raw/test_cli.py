"""The commands import, quarantine and names, as a person types them."""

import json
from pathlib import Path

import pytest
from tests.raw.world import box_scores, quote, quotes, schedule
from typer.testing import CliRunner, Result

from fairline.cli import app
from fairline.domain.errors import BrokenContract, NotFound, Refused
from fairline.raw.kinds import KINDS

WHEN = "2024-11-04 18:00:00+00:00"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the small league and four quotes, and an empty home."""
    monkeypatch.setenv("FAIRLINE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "files"
    folder.mkdir()
    schedule().write_csv(folder / "schedule.csv")
    box_scores().write_parquet(folder / "box.parquet")
    quotes(
        quote("Herb Jones", WHEN, home_team="BOS", away_team="NYK"),
        quote("The Joker", WHEN, home_team="BOS", away_team="NYK"),
        quote("Draymond Green", WHEN, home_team="BOS", away_team="NYK"),
    ).write_csv(folder / "quotes.csv")
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


def test_import_prints_what_became_of_every_file(files: Path):
    shown = run("import", str(files))
    assert shown.exit_code == 0
    assert "quotes.csv: quarantined wrong_game 1" in shown.output
    assert "1 names wait" in shown.output
    assert "[system]" not in shown.output


def test_import_says_the_same_in_json_and_twice_is_once(files: Path):
    first = json.loads(run("import", str(files), "--json").output)
    second = json.loads(run("import", str(files), "--json").output)
    assert first["totals"]["written"] > 0
    assert second["totals"]["written"] == 0
    assert second["totals"]["unchanged"] == first["totals"]["written"]
    assert [file["kind"] for file in first["files"]] == ["schedule_export", "leaguegamelog_players", "quotes"]
    assert first["totals"]["quarantined"] == second["totals"]["quarantined"] == 1


def test_a_file_that_cannot_be_read_makes_the_command_fail_after_the_others(files: Path):
    (files / "strange.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    shown = run("import", str(files), "--json")
    answer = json.loads(shown.output)
    assert shown.exit_code == 1
    assert answer["totals"]["failed_files"] == 1
    assert answer["totals"]["written"] > 0


def test_an_alias_resolves_the_next_import_of_the_file(files: Path):
    run("import", str(files))
    waiting = json.loads(run("names", "--json").output)
    assert [(name["name"], name["rows"]) for name in waiting["names"]] == [("The Joker", 1)]
    assert "Nikola Vučević (901)" in run("names", "alias", "The Joker", "901").output
    again = json.loads(run("import", str(files / "quotes.csv"), "--json").output)
    assert (again["totals"]["written"], again["totals"]["unresolved_rows"]) == (1, 0)
    assert json.loads(run("names", "--json").output)["total"] == 0


def test_an_alias_needs_a_person_who_exists(files: Path):
    run("import", str(files))
    with pytest.raises(NotFound) as absent:
        run("names", "alias", "Nikola Vucevich", "1")
    assert "Nikola Vučević (901)" in absent.value.hint


def test_quarantine_lists_rows_as_they_came(files: Path):
    run("import", str(files))
    answer = json.loads(run("quarantine", "--reason", "wrong_game", "--json").output)
    assert answer["total"] == 1
    assert json.loads(answer["rows"][0]["row_json"])["player_name"] == "Draymond Green"
    assert "Draymond Green" in run("quarantine").output
    assert json.loads(run("quarantine", "--kind", "shots", "--json").output) == {"total": 0, "reasons": [], "rows": []}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_template_of_each_kind_is_written_once(files: Path, kind):
    assert run("import", "--template", kind.name).exit_code == 0
    assert (files.parent / f"{kind.name}.csv").read_text(encoding="utf-8").startswith(",".join(kind.columns))
    with pytest.raises(Refused):
        run("import", "--template", kind.name)


@pytest.mark.usefixtures("files")
def test_mistakes_are_told_plainly():
    with pytest.raises(BrokenContract, match="no kind of file"):
        run("import", "--template", "poems")
    with pytest.raises(NotFound):
        run("import", "absent.parquet")
    with pytest.raises(NotFound):
        run("quarantine")
    assert all(kind.name in run("import", "--template", "all").output for kind in KINDS)
    assert run("import", "--out", "x.csv").exit_code == 2


@pytest.mark.parametrize("command", [["import"], ["quarantine"], ["names"], ["names", "alias"]])
def test_every_command_helps_with_an_example(command: list[str]):
    assert f"Example: fairline {' '.join(command)}" in run(*command, "--help").output
