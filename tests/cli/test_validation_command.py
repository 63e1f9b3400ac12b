"""`fairline validate`: the report's tables, as text and as JSON, and where it is kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import fairline as fl


def test_it_prints_the_tables_and_where_the_report_is(told: Callable[..., str], home: Path):
    text = told("validate", "2024-11-12", "--open", "no")
    assert "Expected against actual" in text
    assert "BOS @ NYK" in text
    assert f"{home / 'objects' / 'reports' / '2024-11-12' / 'validation.r1.html'}" in text
    assert "Revision 1, as it was" in told("validate", "2024-11-12")


def test_its_times_are_on_the_readers_clock(told: Callable[..., str], monkeypatch: pytest.MonkeyPatch):
    assert "12 Nov 2024 19:30 ET, " in told("validate", "2024-11-12")
    monkeypatch.setenv("FAIRLINE_ZONE", "Europe/Berlin")
    assert "13 Nov 2024 01:30 CET, " in told("validate", "2024-11-12")


def test_as_json_it_is_the_facts_and_every_table_and_python_has_the_same(answered: Callable[..., Any], home: Path):
    found = answered("validate", "2024-11-12")
    assert (found["date"], found["revision"], found["facts"]["games"]) == ("2024-11-12", 1, 1)
    frames = fl.validate("2024-11-12", home=home)
    assert list(frames) == list(found["tables"])
    assert frames["coverage"].height == len(found["tables"]["coverage"])


def test_open_yes_shows_the_page(told: Callable[..., str], monkeypatch: Any):
    shown: list[str] = []
    monkeypatch.setattr("webbrowser.open", shown.append)
    told("validate", "2024-11-12", "--open", "yes")
    [address] = shown
    assert address.startswith("file://")
    assert Path(address.removeprefix("file://")).is_file()
