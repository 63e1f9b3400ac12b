import polars as pl
import pytest

from fairline.domain.markets import Market
from fairline.evaluate.groups import LINE_TIERS, role, tier_of_line


def test_a_line_on_an_edge_belongs_to_the_tier_above() -> None:
    lines = pl.DataFrame({"half_points": [19, 20, 49, 50, None]})
    assert lines.select(tier_of_line(Market.POINTS)).to_series().to_list() == [
        "under 10",
        "10-15",
        "20-25",
        "25+",
        None,
    ]


def test_every_market_has_its_tiers() -> None:
    assert {*LINE_TIERS} == {*Market}


def test_tiers_sort_by_size_and_not_by_spelling() -> None:
    lines = pl.DataFrame({"half_points": [50, 9, 19, 30]}).with_columns(tier=tier_of_line(Market.POINTS_REBOUNDS))
    assert lines.sort("tier")["half_points"].to_list()[-1] == 50


@pytest.mark.parametrize(("minutes", "name"), [(9.99, "under 10"), (20.0, "20-30"), (38.0, "30+"), (None, "unknown")])
def test_a_player_without_recent_minutes_has_an_unknown_role(minutes: float | None, name: str) -> None:
    players = pl.DataFrame({"role": [minutes]}, schema={"role": pl.Float64})
    assert players.select(role()).item() == name


def test_a_market_without_lines_has_one_tier() -> None:
    assert pl.DataFrame({"half_points": [1]}).select(tier_of_line(Market.DOUBLE_DOUBLE)).item() == "all"
