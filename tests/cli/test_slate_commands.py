"""`board`, `price` and `grade` on a small home, as a person runs them."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import typer
from rich.console import Console
from tests.grade.held import MORNING, finish, line, padded, predict
from tests.predict.frames import CUTOFF, TIP, consensus, forecast, forecasts, games, quote, quotes, rules
from tests.predict.test_whatif import features, seen
from typer.testing import CliRunner

from fairline.cli import grades, slate
from fairline.cli.tables import before_tip, board_table
from fairline.domain.clock import FixedClock
from fairline.domain.dates import EASTERN
from fairline.domain.errors import FairlineError, NotFound, Refused
from fairline.features.schema import ML_FEATURE_STORE
from fairline.ops import catalogue
from fairline.platform.settings import load_settings
from fairline.predict.board import SHOWN, Selection, board_rows, selected, with_games
from fairline.predict.pricing import price

OFFERED = [quote(1), quote(1, book="betmgm", over=1.95), quote(2, 2.5)]


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    """The commands over a home with one slate priced and played, the morning after."""
    monkeypatch.setenv("FAIRLINE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(catalogue, "SystemClock", lambda: FixedClock(MORNING))
    with catalogue.open_home("test", settings=load_settings()) as home:
        predict(home.warehouse, [
            forecast(1, player_name="Jalen Brunson", status="questionable"), forecast(2, player_name="Josh Hart"),
            forecast(1, player_name="Jalen Brunson", status="questionable", system="gradient_boosting"),
            forecast(3, player_name="Mitchell Robinson", status="out"),
        ], OFFERED)  # fmt: skip
        home.warehouse.upsert(ML_FEATURE_STORE, padded(ML_FEATURE_STORE, [features(1, 30.0, 30.0)]))
        from fairline.raw.schema import PROP_QUOTES

        home.warehouse.upsert(PROP_QUOTES, padded(PROP_QUOTES, [seen("fanduel", 1.5, 1.9, 1.9)]).drop("content_hash"))
        finish(home.warehouse, line(1, 3), line(2, 1))
    built = typer.Typer()
    slate.register(built)
    grades.register(built)
    return built


def say(app: typer.Typer, *words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    if isinstance(result.exception, FairlineError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_the_board_shows_the_last_prices_again(app: typer.Typer) -> None:
    told = say(app, "board")
    assert told.startswith("Fri 28 Nov 2025, as of 14:30 ET, 5 h before tip; 1 game, 2 books")
    assert " ".join(told.split("Jalen Brunson")[1].split()).startswith("NYK @ BOS over 1.5 3pm -105 betmgm")
    assert "* if he plays" in told
    assert say(app, "board") == told


def test_the_board_in_json_and_csv_holds_the_same_rows(app: typer.Typer) -> None:
    answer = json.loads(say(app, "board", "--json", "--systems", "all"))
    rows = list(csv.DictReader(io.StringIO(say(app, "board", "--csv", "--systems", "all"))))
    assert len(rows) == len(answer["rows"]) == 3
    assert tuple(rows[0]) == SHOWN
    assert answer["rows"][0]["captured_at"].endswith("+00:00")
    assert [row["player_name"] for row in rows] == [row["player_name"] for row in answer["rows"]]


def test_a_board_cut_short_says_how_many_rows_are_left_off_and_json_holds_them(app: typer.Typer) -> None:
    told = say(app, "board", "--systems", "all", "--limit", "1")
    assert "Jalen Brunson" in told
    assert "Josh Hart" not in told
    assert "2 more rows; --json and --csv hold all" in told
    assert "more row" not in say(app, "board", "--systems", "all", "--limit", "3")
    assert "3 more rows" in say(app, "board", "--systems", "all", "--limit", "0")
    assert len(json.loads(say(app, "board", "--systems", "all", "--limit", "1", "--json"))["rows"]) == 3
    assert say(app, "board", "--limit", "1", "--csv") == say(app, "board", "--csv")


def test_the_books_asked_for_are_the_only_ones(app: typer.Typer) -> None:
    answer = json.loads(say(app, "board", "--json", "--books", "BetMGM"))
    assert {row["book"] for row in answer["rows"]} == {"betmgm"}


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["board", "--date", "2025-11-29"], NotFound), (["board", "--date", "someday"], Refused),
        (["board", "--game", "LAL"], NotFound), (["board", "--sort", "luck"], Refused),
        (["grade", "--date", "2025-01-01"], NotFound), (["run", "--as-of", "noon"], Refused),
        (["price", "nobody", "threes", "1.5"], NotFound), (["price", "brunson", "luck", "1.5"], NotFound),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_plainly_with_the_next_step(
    app: typer.Typer, words: list[str], error: type[FairlineError]
) -> None:
    with pytest.raises(error) as raised:
        say(app, *words)
    assert raised.value.hint


def test_price_answers_any_line(app: typer.Typer) -> None:
    told = say(app, "price", "brunson", "threes", "1.5", "--minutes", "33")
    assert "Jalen Brunson, threes 1.5 on 2025-11-28: market_pooled as of 14:30 ET, 5 h before tip" in told
    assert "He is questionable" in told
    assert "Approximation" in told
    answer = json.loads(say(app, "price", "brunson", "3pt", "2", "--json"))
    assert (answer["p_over"], answer["p_push"], answer["fair_over"]) == pytest.approx((0.3, 0.4, 2.0))


def test_grade_tells_each_systems_day_and_changes_nothing_the_second_time(app: typer.Typer) -> None:
    told = say(app, "grade", "--date", "2025-11-28")
    # Three quotes, two of them priced by two systems.
    assert "5 grades written, 0 unchanged" in told
    assert "Hit rate and ROI decide nothing" in told
    again = json.loads(say(app, "grade", "--json"))
    assert (again["date"], again["written"], again["unchanged"]) == ("2025-11-28", 0, 5)
    pooled = next(row for row in again["systems"] if row["system"] == "market_pooled")
    assert [pooled[name] for name in ("expected", "over", "under", "coverage")] == [3, 2, 1, 1.0]
    assert again["published"]["revision"] == 1
    assert not again["published"]["written"]


def test_every_command_explains_itself_with_an_example(app: typer.Typer) -> None:
    for command in ("run", "board", "price", "grade"):
        assert f"Example: fairline {command}" in say(app, command, "--help")


@pytest.mark.parametrize(("width", "headings"), [(120, 13), (100, 10)])
def test_the_board_fits_its_window(width: int, headings: int) -> None:
    made = forecasts(
        forecast(1, player_name="Shai Gilgeous-Alexander", status="questionable"),
        forecast(2, player_name="Karl-Anthony Towns", system="gradient_boosting"),
    )
    worst = [
        quote(1, 60.5, 31.0, 1.02, book="draftkings"), quote(2, 60.5, 1.02, 31.0, book="betonline"),
    ]  # fmt: skip
    priced = with_games(price(made, quotes(*worst), consensus(1), rules()), games())
    rows = board_rows(selected(priced, Selection()), Selection(), CUTOFF - timedelta(days=2))
    rows = rows.with_columns(market=pl.lit("points_rebounds_assists"), reason=pl.lit("edge_within_error"))
    screen = Console(width=width, file=io.StringIO(), record=True)
    table = board_table(rows, width)
    screen.print(table)
    lines = screen.export_text().splitlines()
    assert len(table.columns) == headings
    assert max(len(one.rstrip()) for one in lines) <= width
    assert "PASS within error" in lines[1]
    assert "60.5 pra" in lines[1]


def test_times_are_told_from_tip_off() -> None:
    told: list[Any] = [before_tip(TIP + timedelta(hours=hours), TIP, EASTERN) for hours in (-5, 0, 2)]
    assert told == ["14:30 ET, 5 h before tip", "19:30 ET, at tip", "21:30 ET, 2 h after tip"]
    assert before_tip(TIP, None, EASTERN) == "19:30 ET"
