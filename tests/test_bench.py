"""The bench judges fairly: a missed target and a differing cell are told, whatever the speed."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from bench import features
from bench.measuring import Number, finished

from fairline.features.contract import model_features, names


def rows(**changed: list[float | None]) -> pl.DataFrame:
    """Two player-games with every feature of the contract at 1, but for those changed."""
    keys = {"game_id": ["0022500001"] * 2, "player_id": [1, 2], "cutoff": [0, 0]}
    contract = {name: [1.0, 1.0] for name in names(model_features())}
    return pl.DataFrame(keys | contract | changed, strict=False)


@pytest.fixture
def compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(features, "OURS", tmp_path / "ours.parquet")
    monkeypatch.setattr(features, "THEIRS", tmp_path / "theirs.parquet")

    def compare(ours: pl.DataFrame, theirs: pl.DataFrame) -> dict[str, int]:
        ours.write_parquet(features.OURS)
        theirs.drop("cutoff").write_parquet(features.THEIRS)
        return features.compared()["different"]

    return compare


def test_equal_cells_differ_nowhere_and_two_nulls_are_equal(compared):
    assert compared(rows(home=[None, 1.0]), rows(home=[None, 1.0 + 1e-8])) == {}


def test_a_value_where_the_other_has_none_is_a_difference(compared):
    assert compared(rows(home=[0.0, 1.0]), rows(home=[None, 1.0])) == {"home": 1}


def test_a_feature_that_pandas_does_not_know_yet_is_wrong_in_every_row(compared):
    assert compared(rows(), rows().drop("fatigue")) == {"fatigue": 2}


def test_rows_of_other_players_are_no_comparison(compared):
    with pytest.raises(AssertionError, match="player-games"):
        compared(rows(), rows(player_id=[1, 3]))


def test_a_number_passes_within_its_target_and_has_no_verdict_without_one():
    assert Number("import", 89.0, most=90).passed
    assert Number("faster", 2.9, "times", least=3).passed is False
    assert Number("peak", 1.0, "GiB").passed is None
    assert Number("features", 5.0, alternative=15.0).ratio == 3.0


def test_a_command_that_fails_is_an_error_not_a_fast_run():
    with pytest.raises(subprocess.CalledProcessError):
        finished(sys.executable, "-c", "raise SystemExit(3)")


def test_an_unknown_bench_is_refused_with_those_there_are():
    answer = subprocess.run([sys.executable, "-m", "bench", "speed"], capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert "startup" in answer.stderr
