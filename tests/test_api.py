"""The verbs for Python: what is public, how light it is, and that no command can do what they cannot."""

import inspect
import json
import re
import subprocess
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import typer.main

import fairline as fl
from fairline import api
from fairline.api import facts, providers, slates
from fairline.cli import app
from fairline.domain.errors import NotFound, Refused
from fairline.ops import (
    capture_keeping,
    day_status,
    dictionary,
    keys,
    replaying_days,
    results,
    retraining,
    slate,
    table_sql,
    training,
    working,
)
from fairline.platform import api_client
from fairline.raw import loading, templates, waiting_room
from fairline.services import running
from fairline.services.app import roles_named
from fairline.services.upkeep import Upkeep
from fairline.sim import faults, recordings, replay, verify
from fairline.sim.demo import Demo
from fairline.sim.league.league import League
from fairline.sim.serving import serve_demo

PRESENTATION = {"json", "csv", "parquet", "markdown", "help", "open"}
"""Options that say how an answer is shown: a function returns it whole."""

BEHIND: dict[str, tuple[Callable[..., Any], ...]] = {
    "import": (loading.files_in, templates.example),
    "scrape": (api.scrape,),
    "scrapers": (api.scrapers,),
    "parse": (api.parse,),
    "captures list": (api.captures,),
    "captures show": (capture_keeping.shown,),
    "captures verify": (capture_keeping.verified,),
    "captures prune": (capture_keeping.prune,),
    "quarantine": (api.quarantined,),
    "quarantine replay": (api.replay_quarantined,),
    "names": (waiting_room.waiting_names,),
    "names alias": (waiting_room.add_alias,),
    "train": (training.train, retraining.retrain_by_hand),
    "backtest": (api.backtest,),
    "run": (slate.run_slate, api.slate),
    "board": (api.slate,),
    "price": (api.price,),
    "grade": (results.grade_date,),
    "lines": (api.lines,),
    "news": (api.news,),
    "availability": (api.availability,),
    "reconcile": (api.reconcile,),
    "alerts": (api.alerts,),
    "validate": (api.validate,),
    "quota": (api.quota,),
    "quota plan": (api.quota_plan,),
    "replay serve": (recordings.recordings_in, faults.Faults, replay.ReplayServer),
    "demo": (League, Demo, serve_demo),
    "sim verify": (League, verify.verify),
    "replay day": (replaying_days.replay_day,),
    "query": (api.query,),
    "describe": (dictionary.find,),
    "sql": (table_sql.sql_behind,),
    "features list": (api.contract,),
    "features explain": (api.explain,),
    "worker": (working.work, working.work_in_processes),
    "serve": (roles_named, running.serve),
    "up": (running.serve, Upkeep),
    "status": (day_status.day_status,),
    "smoke": (api_client.ApiClient,),
    "keys create": (keys.create_key,),
    "keys list": (keys.list_keys,),
    "keys revoke": (keys.revoke_key,),
}
"""The functions behind each command; together they take every option of it."""

SPELT = {
    ("import", "template"): "kind_name",
    ("demo", "home"): "folder",
    ("names alias", "team"): "team_id",
    ("grade", "date"): "day",
    ("status", "date"): "day",
    ("backtest", "from"): "from_",
    ("captures show", "capture"): "capture_id",
    ("captures prune", "yes"): "dry",
    ("replay serve", "fault"): "rates",
    ("replay serve", "slow"): "slow_s",
}
"""Where a parameter cannot be spelt as its option is, or is told by id."""

SHOWN_IN_PART = {
    ("quarantine", "limit"), ("run", "limit"), ("board", "limit"), ("parse", "limit"), ("captures list", "limit"),
    ("captures show", "content"), ("quota plan", "date"), ("replay serve", "list"), ("import", "out"),
    ("up", "schedule"), ("demo", "serve"), ("train", "gated"),
}  # fmt: skip
"""How much of the answer a terminal shows, where an example file goes, and which of its functions a command calls."""


def commands(command: Any = None, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every command that does something, with its name as typed."""
    command = command or typer.main.get_command(app)
    within = getattr(command, "commands", {})
    if not within or (name and getattr(command, "invoke_without_command", False)):
        yield name, command
    for part, one in within.items():
        yield from commands(one, f"{name} {part}".strip())


def options(command: Any) -> list[str]:
    """The long names of a command's options and arguments, as a parameter would spell them."""
    names = [max(param.opts, key=len) for param in command.params if not getattr(param, "hidden", False)]
    return [name.lstrip("-").replace("-", "_") for name in names]


def test_every_command_has_its_function():
    assert sorted(name for name, _ in commands()) == sorted(BEHIND)


@pytest.mark.parametrize("name", BEHIND)
def test_every_option_of_a_command_exists_in_the_function_behind_it(name: str):
    command = dict(commands())[name]
    known = {parameter for function in BEHIND[name] for parameter in inspect.signature(function).parameters}
    lacking = [
        option
        for option in options(command)
        if option not in PRESENTATION
        and (name, option) not in SHOWN_IN_PART
        and SPELT.get((name, option), option) not in known
    ]
    assert lacking == []


def test_no_hint_names_an_option_that_no_command_has(repository: Path):
    known = {name for _, command in commands() for param in command.params for name in param.opts} | {"--help"}
    hints = [
        hint
        for source in (repository / "src/fairline").rglob("*.py")
        for hint in re.findall(r"hint\s*=\s*[^\n]*", source.read_text(encoding="utf-8"), flags=re.IGNORECASE)
    ]
    assert [hint for hint in hints if set(re.findall(r"(?<![-\w])--[a-z][a-z-]+", hint)) - known] == []


@pytest.mark.parametrize("name", BEHIND)
def test_every_command_shows_how_it_is_used(name: str):
    assert f"Example: fairline {name}" in " ".join((dict(commands())[name].help or "").split())


def test_what_is_public_is_listed_and_nothing_else():
    assert sorted(fl.__all__) == sorted([*api.__all__, "__version__"])
    assert dir(fl) == sorted(fl.__all__)
    own = {
        name
        for module in (facts, providers, slates)
        for name, value in vars(module).items()
        if isinstance(value, types.FunctionType) and value.__module__ == module.__name__ and not name.startswith("_")
    }
    assert own == set(api.__all__)
    assert [name for name in api.__all__ if getattr(fl, name) is not getattr(api, name)] == []


def test_every_verb_speaks_one_grammar():
    grammar = {"date", "from_", "to", "market", "markets", "player", "home"}
    for name in api.__all__:
        parameters = inspect.signature(getattr(api, name)).parameters
        wrong = {"day", "first", "last", "start", "end", "since", "until", "players", "home_path"} & parameters.keys()
        assert not wrong, f"{name} says {wrong} where the grammar has {grammar}"
        assert name == "contract" or parameters["home"].default is None, name


def test_an_unknown_verb_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'slaet'"):
        fl.slaet  # noqa: B018 - reading it is the test


@pytest.mark.parametrize(("verb", "module"), [("features", "facts"), ("scrape", "providers")])
def test_a_verb_is_found_after_the_folder_of_that_name_was_imported(verb: str, module: str):
    code = (
        f"import fairline as fl, fairline.{verb}.contract, sys; from fairline.{verb} import contract; "
        f"assert callable(fl.{verb}) and fl.{verb}.__module__ == 'fairline.api.{module}'; "
        f"assert sys.modules['fairline.{verb}'].__doc__"
    )
    answer = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr


def test_naming_a_verb_loads_no_heavy_library():
    heavy = ("catboost", "duckdb", "numpy", "polars", "plotly", "scipy", "sqlalchemy")
    loaded = f"print(*(sys.modules.keys() & {set(heavy)!r}))"
    code = f"import fairline as fl, sys; fl.slate, fl.features, fl.scrape, fl.parse; {loaded}"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert answer.stdout.strip() == "", answer.stderr


def test_the_contract_is_a_frame_in_order():
    both = fl.contract()
    assert both["feature"][0] == "points_avg_last_5"
    assert both.filter(pl.col("expression") == "").is_empty()
    assert set(fl.contract("market")["contract"]) == {"market"}
    with pytest.raises(NotFound, match="no contract 'markets'"):
        fl.contract("markets")


def test_quotes_of_a_player_and_market_come_with_their_line(home: Any):
    rows = fl.quotes("2024-11-12", market="pts", player="herb jones", home=home)
    assert rows.select("player_id", "market", "book", "line").rows() == [(903, "points", "draftkings", 10.5)]
    assert fl.quotes(from_="2024-11-13", home=home).is_empty()


def test_a_misspelt_name_is_an_error_and_not_no_rows(home: Any):
    with pytest.raises(NotFound, match="no market 'pointz'"):
        fl.quotes(market="pointz", home=home)
    with pytest.raises(NotFound) as unknown:
        fl.quotes(player="Herb Janes", home=home)
    assert "Herbert Jones (903)" in unknown.value.hint


def test_a_date_and_a_period_at_once_are_refused(home: Any):
    with pytest.raises(Refused, match="not both"):
        fl.quotes("2024-11-12", to="2024-11-12", home=home)
    with pytest.raises(Refused, match="ends"):
        fl.grades(from_="2024-11-12", to="2024-11-11", home=home)


def test_a_slate_nobody_priced_says_how_to_price_it(home: Any):
    with pytest.raises(NotFound) as nothing:
        fl.slate("2024-11-12", home=home)
    assert "fairline run --date 2024-11-12" in nothing.value.hint
    assert fl.predictions("2024-11-12", home=home).is_empty()
    with pytest.raises(NotFound, match="forecast no points"):
        fl.price("Jones", "points", 10.5, home=home)


def test_features_of_any_period_come_in_one_pass(home: Any):
    rows = fl.features(from_="2024-11-11", to="2024-11-12", market="points", home=home)
    jones = rows.filter(player_id=903)
    assert jones["game_id"].to_list() == ["0022400104", "0022400105"]
    assert jones["points_avg_season"].to_list() == [10, 10]
    assert jones.select("market_line", "has_line").rows() == [(None, 0), (10.5, 1)]
    assert fl.features("2024-11-12", player="Jones", home=home).height == 1


def test_features_as_of_noon_have_not_seen_the_evenings_quote(home: Any):
    noon = fl.features("2024-11-12", market="points", player="Jones", as_of="12:00", home=home)
    assert noon["has_line"].to_list() == [0]
    assert noon["cutoff"].dt.hour().to_list() == [17]


def test_the_future_is_refused_and_a_day_without_games_is_told(home: Any):
    with pytest.raises(Refused, match="future"):
        fl.features("2024-11-12", as_of="2999-01-01", home=home)
    with pytest.raises(NotFound, match="No game"):
        fl.features("2024-11-13", home=home)


def test_a_query_is_a_frame(home: Any):
    assert fl.query("SELECT count(*) AS n FROM raw.prop_quotes", home=home)["n"].to_list() == [1]
    with pytest.raises(Refused):
        fl.query("DELETE FROM raw.prop_quotes", home=home)


def test_lines_tell_how_a_players_line_opened_and_closed(home: Any):
    rows = fl.lines("herb jones", date="2024-11-12", home=home)
    assert rows.select("book", "line", "opened", "last").rows() == [("draftkings", 10.5, True, True)]
    with pytest.raises(NotFound, match="No rebounds line"):
        fl.lines("herb jones", market="rebounds", home=home)


def test_availability_of_a_team_is_a_row_for_each_of_its_players(home: Any):
    rows = fl.availability("NYK", at="2024-11-12 18:00", home=home)
    assert rows["player"].sort().to_list() == ["Herbert Jones", "Jaren Jackson Jr."]
    assert rows["status"].unique().to_list() == ["unknown"]


def test_scrapers_that_never_ran_are_rows_too(home: Any):
    assert set(fl.scrapers(home=home)["freshness"]) == {"never"}
    assert fl.captures(home=home).is_empty()
    assert fl.alerts(home=home).is_empty()
    assert fl.quota(home=home)["source"].to_list() == ["odds_api"]


def test_what_was_scraped_is_a_row_per_scraper_and_its_answer_a_capture(home: Any, monkeypatch: Any):
    teams = {"data": [{"id": 1, "full_name": "Chicago Stags", "conference": "", "division": ""}]}
    recorded = replay.Recorded("https://api.balldontlie.io/v1/teams", json.dumps(teams).encode())
    with replay.ReplayServer([recorded]) as server:
        monkeypatch.setenv("FAIRLINE_REPLAY", server.url)
        rows = fl.scrape("balldontlie_teams", "2024-11-12", home=home)
    assert rows.select("status", "answered", "captures", "quarantined").rows() == [("success", 1, 1, 1)]
    [capture] = fl.captures(source="balldontlie", home=home).iter_rows(named=True)
    assert (capture["outcome"], capture["quarantined"]) == ("loaded", 1)
    [aside] = fl.quarantined(kind="balldontlie_teams", home=home).iter_rows(named=True)
    assert (aside["reason"], aside["capture_id"]) == ("wrong_team", capture["capture_id"])
    assert fl.replay_quarantined(home=home).row(0, named=True) == {
        "captures": 1, "written": 0, "waited": 1, "wait_still": 1
    }  # fmt: skip


def test_parsing_a_payload_writes_nothing(home: Any, tmp_path: Path):
    payload = tmp_path / "answer"
    payload.write_text(
        json.dumps({"data": [{"id": 1, "full_name": "Chicago Stags", "conference": "", "division": ""}]})
    )
    read = fl.parse(payload, home=home)
    assert (read.kind, read.records, read.quarantined["reason"].to_list()) == ("balldontlie_teams", 1, ["wrong_team"])
    assert fl.quarantined(home=home).is_empty()


def test_reconciling_sources_that_agree_is_a_frame_without_rows(home: Any):
    assert fl.reconcile("2024-11-12", home=home).is_empty()


def test_a_quota_plan_is_a_row_per_scraper(home: Any):
    costs = fl.quota_plan("2024-11", markets="points", books="fanduel", game_lines=False, home=home)
    asked = costs.filter(scraper="odds_api_event_odds").row(0, named=True)
    assert asked["credits_a_month"] == asked["requests_a_month"] == asked["full_credits"] > 0
