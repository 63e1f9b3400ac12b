"""What people see. The rows are SIMULATED, and the page says so."""

import json
import re
from dataclasses import replace
from io import StringIO
from typing import Any

import jsonschema_rs
import numpy as np
import polars as pl
import pytest
from rich.console import Console
from tests.evaluate.simulated import CONDITIONS, LEAK_CHECK, USUAL, league
from tests.evaluate.test_scores import rows
from tests.evaluate.test_summary import SCHEMA

from fairline.domain.pmf import Pmf
from fairline.evaluate.report import report_html, report_json
from fairline.evaluate.scores import score
from fairline.evaluate.summary import Conditions, Summary, summarise
from fairline.evaluate.terminal import WIDTH, summary_table


@pytest.fixture(scope="module")
def summary() -> Summary:
    """Three systems in two markets, one of which has seen the results."""
    parts = []
    for market in ("points", "points_rebounds_assists"):
        events = league(900, dates=40, market=market)
        seen = (events.mean + events.events["actual"].to_numpy()) / 2 + 0.1
        means = {"gradient_boosting": events.off_by(0.1), "leak": seen, "moving_average": events.off_by(0.4)}
        parts += [events.scored(system, mean) for system, mean in means.items()]
    return summarise(pl.concat(parts), conditions=CONDITIONS, leak_check=LEAK_CHECK)


def without_library(html: str) -> str:
    """The page without the plotly.js it carries."""
    return re.sub(r"<script>.{1000000,}?</script>", "<script></script>", html, flags=re.DOTALL)


def words_of(html: str) -> str:
    """The page without any script."""
    return re.sub(r"<script.*?</script>", "", without_library(html), flags=re.DOTALL)


@pytest.fixture(scope="module")
def page(summary: Summary) -> str:
    """The page without the library it carries."""
    return without_library(report_html(summary))


def test_the_page_carries_all_it_needs(summary: Summary, page: str) -> None:
    assert len(report_html(summary)) > 4_000_000
    assert len(page) < 500_000
    assert not re.search(r"""(src|href)\s*=|@import|url\(""", page)
    assert "$" not in words_of(page)


def test_the_same_summary_gives_the_same_page(summary: Summary, page: str) -> None:
    assert without_library(report_html(summary)) == page


def test_the_page_tells_what_was_evaluated_and_that_it_is_simulated(page: str) -> None:
    for words in (
        CONDITIONS.note,
        CONDITIONS.cutoff_rule,
        CONDITIONS.refit,
        CONDITIONS.tip_off,
        "Median age of the quote",
    ):
        assert words in page


def test_verdicts_are_printed_verbatim_and_the_leak_is_marked(page: str) -> None:
    assert "<span class='verdict fail'>FAIL</span>" in page
    assert "<span class='verdict insufficient'>INSUFFICIENT</span>" in page, "no closes: no CLV"
    assert "Tripwires: promotion is blocked" in page
    assert "leak !" in page


def test_every_chart_of_every_market_is_there_with_a_sentence_on_how_to_read_it(page: str) -> None:
    charts = re.findall(r'id="([a-z]+(?:-[a-z_]+)?)" class="plotly-graph-div"', page)
    kinds = ("tiers", "calibration", "pit", "equity")
    markets = ("points", "points_rebounds_assists")
    assert sorted(charts) == sorted(["forest", *(f"{kind}-{market}" for kind in kinds for market in markets)])
    assert page.count("<figcaption>") == len(charts)


def test_an_honest_report_has_a_quiet_banner() -> None:
    events = league(900, dates=40)
    quiet = summarise(events.scored("honest", events.off_by(0.05)), conditions=CONDITIONS, leak_check=LEAK_CHECK)
    assert "No tripwire" in report_html(quiet)


def test_a_search_for_leaks_that_was_not_passed_heads_the_page() -> None:
    events = league(900, dates=40)
    found = {"passed": False, "differences": ["points_avg_last_5: 20.1, rebuilt 19.8"]}
    page = words_of(report_html(summarise(events.scored("honest"), conditions=CONDITIONS, leak_check=found)))
    assert page.index("The search for leaks was not passed") < page.index("Every market and system")
    assert "points_avg_last_5: 20.1, rebuilt 19.8" in page


def test_forecasts_of_one_half_and_of_certainty_draw_their_charts() -> None:
    events = league(400, dates=30)
    for mean in (np.full(400, 0.1), np.full(400, 200.0)):
        page = report_html(summarise(events.scored("odd", mean), conditions=CONDITIONS, leak_check={}))
        assert "calibration-points" in page


def test_a_system_far_better_or_worse_than_the_rest_is_written_at_the_edge_of_the_forest() -> None:
    events = league(900, dates=40)
    seen = (events.mean + events.events["actual"].to_numpy()) / 2 + 0.1
    means = {"leak": seen, "hopeless": events.off_by(1.5)} | {f"honest_{i}": events.off_by(0.03, i) for i in range(6)}
    scored = pl.concat([events.scored(system, mean) for system, mean in means.items()])
    page = report_html(summarise(scored, conditions=CONDITIONS, leak_check={}))
    edges = [text.encode().decode("unicode_escape") for text in re.findall(r'"text":"([^"]*\\u219[02][^"]*)"', page)]
    assert len(edges) >= 2, "one arrow left, one right, and the axis title"


def test_when_every_row_pushes_the_calibration_chart_says_so() -> None:
    scored = score(rows(*[{"half_points": 4, "actual": 2}] * 3), Pmf([[0.1, 0.2, 0.3, 0.4]] * 3))
    assert "no decided rows" in report_html(summarise(scored, conditions=CONDITIONS, leak_check={}))


def test_words_from_outside_cannot_become_markup() -> None:
    hostile = Conditions("<b>cutoff", "refit", "tip", note="<script>alert(1)</script>")
    events = league(400, dates=30)
    made = summarise(events.scored("<i>system</i>"), conditions=hostile, leak_check={"<u>x": "<u>y"})
    text = words_of(report_html(made))
    assert not re.search(r"<(b>cutoff|i>system|u>)", text)
    assert "alert(1)&lt;/script&gt;" in text


def test_hindsight_is_said_wherever_a_reader_looks_and_proves_nothing() -> None:
    events = league(900, dates=40)
    seen = (events.mean + events.events["actual"].to_numpy()) / 2 + 0.1
    scored = events.scored("ahead of the market", seen)
    honest = summarise(scored, conditions=CONDITIONS, leak_check=LEAK_CHECK)
    assert honest["markets"]["points"]["ahead of the market"]["verdict"] == "PASS"
    read = replace(CONDITIONS, hindsight="who played")
    made = summarise(scored, conditions=read, leak_check=LEAK_CHECK)
    jsonschema_rs.Draft202012Validator(SCHEMA).validate(json.loads(report_json(made)))
    assert made["evaluated"]["hindsight"] == "who played"
    result = made["markets"]["points"]["ahead of the market"]
    assert (result["verdict"], result["clv"]["verdict"]) == ("HINDSIGHT", "HINDSIGHT")
    for told in (words_of(report_html(made)), printed(made)):
        assert "HINDSIGHT of who played, no forecast" in told
        assert not re.search(r">PASS<| PASS +\d", told)


@pytest.mark.parametrize("gone", [["half_points", "market_p_over", "quote_age_minutes"], ["market_p_over"], []])
def test_a_report_with_little_in_it_still_opens(gone: list[str]) -> None:
    events = league(60, dates=1)
    bare = type(events)(events.events.with_columns(pl.lit(None).alias(name) for name in gone), events.mean)
    for scored in (bare.scored("truth"), bare.scored("truth").clear()):
        made = summarise(scored, conditions=CONDITIONS, leak_check={})
        assert "</html>" in report_html(made)
        assert "None" not in words_of(report_html(made))
        printed(made)


def printed(made: Summary) -> str:
    """The terminal's table at its width."""
    console = Console(width=WIDTH, record=True, file=StringIO())
    console.print(summary_table(made))
    return console.export_text()


def test_the_terminals_table_fits_and_cuts_nothing_off(summary: Summary) -> None:
    text = printed(summary)
    assert max(len(line) for line in text.splitlines()) <= WIDTH
    assert "…" not in text
    for words in ("points_rebounds_assists", "gradient_boosting", "leak !", "FAIL", "TRIPWIRE points, leak"):
        assert words in text


def test_the_terminals_table_fits_with_every_market_and_the_longest_numbers(summary: Summary) -> None:
    systems: dict[str, Any] = summary["markets"]["points"]
    wide = systems["leak"] | {"n": 123_456, "delta_log_loss": {"mean": -0.2405, "low": -0.2491, "high": -0.2316}}
    assert set(USUAL) >= set(summary["markets"])
    text = printed(
        summary | {"markets": {"points_rebounds_assists": {"gradient_boosting": wide | {"verdict": "INSUFFICIENT"}}}}
    )
    assert "−240.5 [−249.1, −231.6]" in text
    assert "INSUFFICIENT" in text
    assert "…" not in text
