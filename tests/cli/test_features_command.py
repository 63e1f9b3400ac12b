"""`fairline features explain`: a row taken apart must be the row, and say where each value came from."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import fairline as fl
from fairline.domain.errors import LookAhead, NotFound, Refused
from fairline.features.contract import features, model_features
from fairline.features.evidence import DRAWN_FROM, of_window

Told = Callable[..., str]


def test_every_feature_of_the_game_to_come_says_what_it_reads():
    assert {one.name for one in features() if one.of == "target"} == DRAWN_FROM.keys()


def test_the_row_explained_is_the_row_computed(home: Path):
    explained = fl.explain("Herb Jones", "2024-11-12", as_of="18:00", home=home)
    row = fl.features("2024-11-12", player="Herb Jones", as_of="18:00", home=home).row(0, named=True)
    values = dict(explained.row.values.select("feature", "value").iter_rows())
    assert {name: values[name] for name in (one.name for one in model_features())} == {
        one.name: row[one.name] for one in model_features()
    }
    assert explained.row.about["quality"] == row["quality"]


def test_a_mean_is_the_mean_of_the_games_listed(home: Path):
    explained = fl.explain("Herb Jones", "2024-11-12", home=home)
    window = of_window(next(one for one in features() if one.name == "points_avg_season"), explained.row.evidence)
    assert window is not None
    assert window["game_id"].to_list() == ["0022400104", "0022400101"]
    value = explained.row.values.filter(feature="points_avg_season")
    assert value["value"].item() == window["points"].mean()
    assert value.select("source", "quality", "games").row(0) == ("calculated", 100, 2)


def test_a_game_not_yet_known_at_the_cutoff_is_not_listed(home: Path):
    late = fl.explain("Herb Jones", "2024-11-12", as_of="18:00", home=home)
    early = fl.explain("Herb Jones", "2024-11-12", as_of="2024-11-11 23:00", home=home)
    assert late.row.evidence["player_games"].height == 2
    assert early.row.evidence["player_games"].height == 1


def test_a_null_says_why(answered: Callable[..., Any]):
    told = answered("features", "explain", "Herb Jones", "2024-11-12")
    values = {one["feature"]: one for one in told["values"]}
    assert values["points_avg_last_5"]["value"] is None
    assert values["points_avg_last_5"]["note"] == "needs 3 games, 2 are held"
    assert values["points_avg_last_5"]["game_ids"] == ["0022400104", "0022400101"]
    assert "no injury report" in values["injury_risk"]["note"]
    assert values["market_line"]["value"] == 10.5


def test_a_quote_after_the_cutoff_is_not_shown(answered: Callable[..., Any]):
    told = answered("features", "explain", "903", "2024-11-12", "--as-of", "16:00")
    values = {one["feature"]: one for one in told["values"]}
    assert (values["market_line"]["value"], values["has_line"]["value"]) == (None, 0)
    assert told["evidence"]["quotes"] == []


def test_a_person_reads_values_games_and_quotes(told: Told):
    text = told("features", "explain", "herb jones", "2024-11-12")
    for expected in (
        "Herbert Jones (903), NYK against BOS",
        "points_avg_season",
        "calculated",
        "0022400104",
        "draftkings",
    ):
        assert expected in text, expected


def test_names_are_found_in_any_spelling_and_never_guessed(told: Told):
    assert "Nikola Vučević (901)" in told("features", "explain", "vucevic", "2024-11-12")
    assert "Jaren Jackson Jr. (904)" in told("features", "explain", "Jaren Jackson", "2024-11-12")
    with pytest.raises(Refused) as several:
        told("features", "explain", "Green", "2024-11-12")
    assert "Draymond Green (907)" in several.value.hint
    with pytest.raises(NotFound) as nobody:
        told("features", "explain", "Draymund Grean", "2024-11-12")
    assert "Draymond Green (907)" in nobody.value.hint


def test_what_cannot_be_explained_says_why(told: Told):
    with pytest.raises(NotFound, match="no game on 2024-11-14"):
        told("features", "explain", "Herb Jones", "2024-11-14")
    with pytest.raises(NotFound, match="2024-11-13"):
        told("features", "explain", "Herb Jones", "2024-11-13")
    with pytest.raises(LookAhead):
        told("features", "explain", "Herb Jones", "2024-11-12", "--as-of", "2999-01-01 12:00")
    with pytest.raises(Refused, match="not a time"):
        told("features", "explain", "Herb Jones", "2024-11-12", "--as-of", "noon")


def test_the_contract_is_listed_in_order(told: Told, answered: Callable[..., Any]):
    assert "points_avg_last_5" in told("features", "list")
    assert [one["feature"] for one in answered("features", "list")] == [one.name for one in features()]
    assert {one["contract"] for one in answered("features", "list", "--contract", "market")} == {"market"}
