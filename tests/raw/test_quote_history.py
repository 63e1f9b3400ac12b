"""Quotes over time: what stood before a moment, how a line opened, moved and closed, and which are alternates."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.features.real import whole
from tests.raw.world import BOS, GAMES, LAL, League, box_scores, quote, quotes, schedule

from fairline.features.market import _main_quotes, quotes_as_of
from fairline.raw import quote_history
from fairline.raw.quote_history import closing, history, latest_before, moves, opening
from fairline.raw.schema import PROP_QUOTES

GAME, DAY = "0022400105", date(2024, 11, 12)
TIP = datetime(2024, 11, 13, 0, 30, tzinfo=UTC)
JONES, VUCEVIC = 903, 901


def seen(minutes_before_tip: float, line: float = 10.5, player: str = "Herb Jones", **given: Any) -> dict[str, object]:
    """A quote of the game on 12 November, seen so long before its scheduled tip-off; negative: after."""
    at = TIP - timedelta(minutes=minutes_before_tip)
    told = {"opponent": "BOS" if player == "Herb Jones" else "NYK", "tipoff": f"{TIP:%Y-%m-%dT%H:%M:%SZ}", "line": line}
    return quote(player, f"{at:%Y-%m-%dT%H:%M:%SZ}", **(told | given))


def take(league: League, *rows: dict[str, object]) -> None:
    (report,) = league.take(quotes(*rows))
    assert (report.error, report.quarantined, report.unresolved_rows) == ("", {}, 0)


def of(frame: pl.DataFrame, *columns: str) -> list[Any]:
    rows = frame.select(columns).rows()
    return [row[0] for row in rows] if len(columns) == 1 else rows


def before(minutes: float, game: str = GAME) -> pl.DataFrame:
    return pl.DataFrame({"game_id": [game], "at": [TIP - timedelta(minutes=minutes)]})


def test_the_latest_quote_before_a_moment_is_of_each_book_its_own(league: League):
    take(
        league,
        seen(300, 9.5), seen(120, 10.5), seen(60, 11.5),
        seen(200, 10.5, book="fanduel"), seen(30, 12.5, book="fanduel"),
    )  # fmt: skip
    assert of(latest_before(league.warehouse, before(90)), "book", "half_points") == [
        ("draftkings", 21),
        ("fanduel", 21),
    ]
    # Before means before: what was seen at that very moment was not yet.
    assert of(latest_before(league.warehouse, before(60)), "book", "half_points") == [
        ("draftkings", 21),
        ("fanduel", 21),
    ]
    assert of(latest_before(league.warehouse, before(59)), "book", "half_points") == [
        ("draftkings", 23),
        ("fanduel", 21),
    ]
    assert latest_before(league.warehouse, before(301)).is_empty()


def test_many_moments_are_one_question(league: League):
    take(league, seen(300, 9.5), seen(120, 10.5), seen(300, 14.5, "Nikola Vucevic"))
    asked = pl.concat([before(200), before(60), before(60), before(60, "0022400101")])
    rows = latest_before(league.warehouse, asked)
    assert of(rows, "before", "player_id", "half_points") == [
        (TIP - timedelta(minutes=200), VUCEVIC, 29),
        (TIP - timedelta(minutes=200), JONES, 19),
        (TIP - timedelta(minutes=60), VUCEVIC, 29),
        (TIP - timedelta(minutes=60), JONES, 21),
    ]


def test_a_line_opens_before_tip_off_and_closes_before_the_tip_off_that_was(league: League):
    take(league, seen(300, 9.5), seen(60, 10.5), seen(-5, 11.5), seen(-40, 15.5))
    # Five minutes after the scheduled time the game has not begun: tip-off is taken ten minutes later.
    assert of(opening(league.warehouse, DAY, DAY), "half_points") == [19]
    assert of(closing(league.warehouse, DAY, DAY), "half_points") == [23]


def test_a_tip_off_put_back_moves_the_close(league: League):
    late = f"{TIP + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    take(league, seen(60, 10.5), seen(-45, 11.5, tipoff=late), seen(-75, 15.5, tipoff=late))
    assert of(closing(league.warehouse, DAY, DAY), "half_points", "before") == [(23, TIP + timedelta(hours=1))]
    flags = history(league.warehouse, JONES, "points", first=DAY, last=DAY)
    assert of(flags, "half_points", "in_game") == [(21, False), (23, False), (31, True)]


def test_a_line_first_seen_in_the_game_has_neither_opened_nor_closed(league: League):
    take(league, seen(-40, 15.5))
    assert opening(league.warehouse, DAY, DAY).is_empty()
    assert closing(league.warehouse, DAY, DAY).is_empty()
    rows = moves(history(league.warehouse, JONES, "points", first=DAY, last=DAY))
    assert of(rows, "in_game", "opened", "last") == [(True, False, False)]


def test_a_book_with_several_lines_counts_with_the_one_priced_nearest_even(league: League):
    take(
        league,
        seen(60, 8.5, book="bovada", over_american=-250.0, under_american=190.0),
        seen(60, 10.5, book="bovada", over_american=-115.0, under_american=-105.0),
        seen(60, 12.5, book="bovada", over_american=200.0, under_american=-260.0),
        seen(60, 20.5, book="bovada", over_american=900.0, under_american=None),
        seen(60, 11.5),
    )
    assert of(latest_before(league.warehouse, before(0)), "book", "half_points") == [("bovada", 21), ("draftkings", 23)]
    flags = history(league.warehouse, JONES, "points", "bovada", first=DAY, last=DAY)
    assert of(flags, "half_points", "alternate") == [(17, True), (21, False), (25, True), (41, True)]
    (main,) = moves(flags).to_dicts()
    assert (main["half_points"], main["alternates"]) == (21, 3)


def test_an_only_line_is_the_main_line_even_when_one_sided(league: League):
    take(league, seen(60, 10.5, under_american=None))
    assert of(latest_before(league.warehouse, before(0)), "half_points", "under_decimal") == [(21, None)]


def test_several_lines_of_which_none_is_two_sided_are_all_alternates(league: League):
    take(league, *(seen(60, line, over_american=150.0, under_american=None) for line in (15.5, 20.5)))
    assert latest_before(league.warehouse, before(0)).is_empty()
    flags = history(league.warehouse, JONES, "points", first=DAY, last=DAY)
    assert of(flags, "alternate") == [True, True]


def test_one_line_told_by_two_sources_is_one_line(league: League):
    take(league, seen(60, 10.5))
    league.warehouse.append_new(
        PROP_QUOTES, league.warehouse.query("SELECT * REPLACE ('another' AS source) FROM raw.prop_quotes")
    )
    rows = latest_before(league.warehouse, before(0))
    assert of(rows, "half_points", "source") == [(21, "quotes")]


@pytest.mark.parametrize(("minutes", "standing"), [
    # The Odds API counts though it was seen earlier; not when it is 21 minutes older.
    (30, (23, "odds_api")), (50, (23, "odds_api")), (51, (21, "quotes")),
])  # fmt: skip
def test_of_two_sources_seen_at_about_the_same_time_the_better_ranked_counts_whole(
    league: League, minutes: int, standing: tuple[int, str]
):
    take(league, seen(60, 9.5), seen(30, 10.5))
    stated = (
        "SELECT * REPLACE ('odds_api' AS source, captured_at - INTERVAL {} MINUTE AS captured_at, half_points + 2 AS"
    )
    stated += " half_points) FROM raw.prop_quotes WHERE half_points = 21"
    league.warehouse.append_new(PROP_QUOTES, league.warehouse.query(stated.format(minutes - 30)))
    rows = latest_before(league.warehouse, before(0))
    assert of(rows, "half_points", "source") == [standing]


def test_a_moved_games_quotes_for_its_first_date_are_the_line_of_no_game(nothing: League):
    nothing.take(schedule((*GAMES, ("0022400108", "2024-11-20", "19:30:00", BOS, LAL))), box_scores())
    columns = ["game_id", "date_et", "tip_utc", "home_id", "away_id", "home_score", "away_score", "status_text"]
    played = ("0022400108", "2024-12-27", "2024-12-28T00:30:00Z", BOS, LAL, 110, 100, "Final")
    nothing.take(pl.DataFrame([played], schema=columns, orient="row"))
    teams = {"home_team": "BOS", "away_team": "LAL"}
    take(
        nothing,
        quote("Jalen Johnson", "2024-11-20T18:00:00Z", tipoff="2024-11-21T00:30:00Z", line=9.5, **teams),
        quote("Jalen Johnson", "2024-12-27T18:00:00Z", tipoff="2024-12-28T00:30:00Z", line=12.5, **teams),
    )
    for edge in (opening, closing):
        rows = edge(nothing.warehouse, date(2024, 11, 1), date(2024, 12, 31))
        assert of(rows, "game_date", "half_points") == [(date(2024, 12, 27), 25)]
    first = date(2024, 11, 20)
    flags = history(nothing.warehouse, 902, "points", first=first, last=first)
    assert of(flags, "half_points", "tipped_at", "in_game") == [(19, None, False)]


def test_only_what_changed_is_a_move(league: League):
    take(
        league,
        seen(300, 9.5), seen(240, 9.5), seen(180, 9.5, over_american=-120.0), seen(120, 10.5), seen(60, 10.5),
        seen(-40, 14.5), seen(-50, 14.5),
    )  # fmt: skip
    rows = moves(history(league.warehouse, JONES, "points", first=DAY, last=DAY))
    told = [(row["half_points"], row["opened"], row["moved"], row["last"], row["in_game"]) for row in rows.to_dicts()]
    assert told == [
        (19, True, False, False, False),
        (19, False, True, False, False),
        (21, False, True, False, False),
        (21, False, False, True, False),
        (29, False, True, False, True),
    ]


def test_a_history_is_of_one_player_market_and_period(league: League):
    take(league, seen(60), seen(60, market="rebounds"), seen(60, player="Nikola Vucevic"), seen(60, book="fanduel"))
    assert of(history(league.warehouse, JONES, "points", first=DAY, last=DAY), "book") == ["draftkings", "fanduel"]
    assert history(league.warehouse, JONES, "points", "fanduel", first=DAY, last=DAY).height == 1
    assert history(league.warehouse, JONES, "points", first=DAY + timedelta(1), last=date.max).is_empty()


@pytest.mark.parametrize("market", ["points", "points_rebounds_assists"])
def test_on_real_quotes_the_latest_main_lines_are_those_the_market_features_stand_on(imported: Path, market: str):
    warehouse, cutoff = whole(imported), datetime(2025, 12, 5, 23, 30, tzinfo=UTC)
    asked = warehouse.query(
        """
        SELECT DISTINCT quote.game_id, quote.player_id, $cutoff::TIMESTAMPTZ AS cutoff
        FROM raw.prop_quotes AS quote
        JOIN analytics.game_versions AS game ON game.game_id = quote.game_id AND game.tip_at > $cutoff
        WHERE quote.market = $market AND quote.captured_at <= $cutoff
            AND game.known_at <= $cutoff AND $cutoff < game.superseded_at
        """,
        {"market": market, "cutoff": cutoff},
    )
    columns = ["game_id", "player_id", "book", "half_points", "over_decimal", "under_decimal", "captured_at"]
    theirs = _main_quotes(quotes_as_of(warehouse, asked, market).filter("latest")).select(columns)
    moments = asked.select("game_id", at=pl.col("cutoff") + timedelta(microseconds=1)).unique()
    ours = latest_before(warehouse, moments).filter(pl.col("market") == market).select(columns).drop_nulls()
    assert theirs.height > 300
    assert_frame_equal(ours.sort(columns), theirs.sort(columns))


def test_on_real_quotes_openings_precede_closes_and_closes_tip_offs(imported: Path):
    warehouse = whole(imported)
    first, last = date(2024, 2, 1), date(2024, 2, 29)
    opened, closed = opening(warehouse, first, last), closing(warehouse, first, last)
    assert opened.height == closed.height > 20_000
    both = opened.join(closed, on=list(quote_history.OFFER), suffix="_close", validate="1:1")
    assert both.height == opened.height
    assert both.filter(pl.col("captured_at") > pl.col("captured_at_close")).is_empty()
    assert closed.filter(pl.col("captured_at") >= pl.col("before")).is_empty()
    assert 0.2 < both.select((pl.col("half_points") != pl.col("half_points_close")).mean()).item() < 0.6
