from pathlib import Path

import polars as pl
import pytest

from fairline.domain.dates import season_of
from fairline.domain.errors import BrokenContract
from fairline.domain.ids import GameType, game_id, game_type_of, season_of_game


@pytest.mark.parametrize("written", ["0022400001", "22400001", 22400001, " 0022400001 "])
def test_one_game_has_one_id_however_a_source_writes_it(written: str | int) -> None:
    assert game_id(written) == "0022400001"


@pytest.mark.parametrize(
    "written",
    ["401705000", "2400001", "0072400001", "1022400001", "00224000011", "002240000x", "LAL@BOS", "", -22400001],
)
def test_another_providers_id_is_not_taken_for_ours(written: str | int) -> None:
    with pytest.raises(BrokenContract, match="not an NBA game id") as refused:
        game_id(written)
    assert "ten digits" in refused.value.hint


def test_the_id_tells_the_kind_of_game() -> None:
    kinds = [game_type_of(f"00{n}2400001") for n in range(1, 7)]
    assert kinds == ["preseason", "regular", "all_star", "playoffs", "play_in", "cup_final"]
    assert set(kinds) == set(GameType)


def test_the_id_tells_the_season_across_the_century() -> None:
    assert season_of_game("0020000001") == 2000
    assert season_of_game("0029900001") == 1999
    assert season_of_game("0024600001") == 1946


def test_every_game_held_has_an_id_whose_season_agrees_with_its_date(shared: Path) -> None:
    games = pl.read_parquet(shared / "data/schedule/schedule_2015_2025.parquet").select("GAME_ID", "GAME_DATE_ET")
    assert all(season_of_game(game) == season_of(day) for game, day in games.iter_rows())
