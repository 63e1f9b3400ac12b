"""Truth of the data, as far as it is decided at the border: failures 8 to 14, and of 1 and 2 what raw owes them."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.raw.world import BOS, GSW, LAL, NYK, PLAYERS, League, box_scores, quote, quotes, schedule

from fairline.raw.names import read_name
from fairline.raw.schema import GAMES, PLAYER_BOX_SCORES, PROP_QUOTES, QUARANTINE, UNRESOLVED_NAMES

WHEN = "2024-11-04 18:00:00+00:00"
GAME = {"home_team": "BOS", "away_team": "NYK"}


@pytest.fixture
def league(tmp_path: Path) -> League:
    """The small league, its schedule and box scores imported."""
    folder = tmp_path / "files"
    folder.mkdir()
    return League.playing(folder)


# 8. Names


def test_a_name_no_rule_resolves_is_queued_and_counted_never_dropped_and_never_guessed(league: League):
    file = quotes(quote("Nikola Vucevik", WHEN, **GAME), quote("Nikola Vucevik", WHEN, **GAME, line=11.5))
    (report,) = league.take(file)
    assert (report.unresolved_rows, report.written) == (2, 0)
    waiting = league.rows(UNRESOLVED_NAMES).row(0, named=True)
    assert (waiting["problem"], waiting["rows"]) == ("unknown", 2)
    assert "Nikola Vučević (901)" in waiting["candidates"]


def test_a_row_joins_its_player_through_accents_suffixes_hyphens_and_nicknames(league: League):
    spellings = {"Nikola Vucevic": 901, "HERB JONES": 903, "Jaren Jackson": 904, "Karl Anthony Towns": 908}
    for name in list(spellings)[:3]:
        league.take(quotes(quote(name, WHEN, **GAME)))
    league.take(quotes(quote("Karl Anthony Towns", WHEN, home_team="LAL", away_team="GSW")))
    rows = league.rows(PROP_QUOTES).select("player_name", "player_id").rows()
    assert dict(rows) == spellings


@given(st.sampled_from([player[1] for player in PLAYERS]), st.integers(0, 40), st.sampled_from("abcxyz"))
def test_one_letter_too_many_is_another_name(name: str, place: int, letter: str):
    own, changed = read_name(name), read_name(name[: place % len(name)] + letter + name[place % len(name) :])
    assert own is not None
    assert changed is not None
    assert changed.whole != own.whole


# 9. One id


def test_game_ids_of_every_format_meet_in_one(league: League):
    number = box_scores().with_columns(pl.col("GAME_ID").cast(pl.Int64))
    (report,) = league.take(number)
    assert (report.written, report.unchanged) == (0, 24)
    assert set(league.rows(PLAYER_BOX_SCORES)["game_id"].str.len_chars()) == {10}


def test_another_providers_game_id_waits(league: League):
    (report,) = league.take(box_scores().head(1).with_columns(GAME_ID=pl.lit("401584793")))
    assert report.quarantined == {"unreadable_game_id": 1}


# 10. US Eastern dates


def test_a_late_game_belongs_to_its_eastern_date_not_to_the_next_day_in_utc(league: League):
    league.take(quotes(quote("Draymond Green", WHEN, home_team="LAL", away_team="GSW", tipoff="2024-11-05T03:00:00Z")))
    assert league.rows(PROP_QUOTES)["game_date"].to_list() == [date(2024, 11, 4)]
    game = league.rows(GAMES).filter(pl.col("game_id") == "0022400102")
    assert game.select("game_date", "tip_at").rows() == [(date(2024, 11, 4), datetime(2024, 11, 5, 3, tzinfo=UTC))]


# 11. Trades


def test_a_traded_players_quote_goes_to_the_team_he_is_with_at_that_time(tmp_path: Path):
    league = League.empty(tmp_path)
    traded = (
        *PLAYERS,
        (941, "Just Traded", BOS, ("0022400101",)),
        (941, "Just Traded", GSW, ("0022400104", "0022400106")),
    )
    league.take(schedule(), box_scores(traded))
    league.take(quotes(
        quote("Just Traded", "2024-11-04 18:00:00+00:00", opponent="NYK"),
        quote("Just Traded", "2024-11-11 18:00:00+00:00", opponent="NYK"),
    ))  # fmt: skip
    assert league.rows(PROP_QUOTES).sort("captured_at")["team_id"].to_list() == [BOS, GSW]


# 12. Exact lines


@given(st.integers(0, 400).filter(lambda quarters: quarters % 2))
def test_a_line_between_halves_is_never_rounded_to_one(quarters: int):
    from fairline.raw.quotes import _priced

    row = {"line": [quarters / 4], "over_american": [-110.0], "under_american": [-110.0]}
    assert _priced(pl.DataFrame(row))["half_points"].to_list() == [None]


def test_24_and_a_half_and_25_are_two_quotes(league: League):
    league.take(quotes(quote("Herb Jones", WHEN, **GAME, line=24.5), quote("Herb Jones", WHEN, **GAME, line=25.0)))
    assert league.rows(PROP_QUOTES)["half_points"].to_list() == [49, 50]


# 13. Real quotes only


def test_a_placeholder_without_line_or_with_an_impossible_price_is_no_quote(league: League):
    file = quotes(quote("Herb Jones", WHEN, **GAME, line=None), quote("Herb Jones", WHEN, **GAME, over_american=0.0))
    (report,) = league.take(file)
    assert report.quarantined == {"bad_price": 1, "missing_line": 1}


def test_a_quote_captured_after_tip_off_carries_the_time_that_bars_it_from_any_forecast(league: League):
    league.take(quotes(quote("Herb Jones", "2024-11-05 01:00:00+00:00", **GAME)))
    row = league.rows(PROP_QUOTES).join(league.rows(GAMES), on="game_id").row(0, named=True)
    assert row["known_at"] == row["captured_at"] > row["tip_at"]


def test_a_quote_for_a_postponed_game_keeps_the_date_of_the_bet(league: League):
    league.take(schedule([("0022400102", "2024-11-24", "22:00:00", LAL, GSW)]))
    league.take(quotes(quote("Draymond Green", WHEN, home_team="LAL", away_team="GSW", tipoff="2024-11-05T03:00:00Z")))
    assert league.rows(PROP_QUOTES).select("game_id", "game_date").rows() == [("0022400102", date(2024, 11, 4))]


# 14. Source rot


def test_an_error_page_served_as_data_is_refused_and_nothing_is_written(league: League):
    page = league.folder / "boxscores.parquet"
    page.write_text("<html><head><title>Access Denied</title></head></html>", encoding="utf-8")
    before = league.snapshot()
    (report,) = league.take_files(page)
    assert "no kind of file" in report.error
    assert league.snapshot() == before


def test_corrupt_rows_wait_with_their_reasons_and_the_sound_ones_pass(tmp_path: Path):
    league = League.empty(tmp_path)
    sound = box_scores()
    two_of_five = pl.int_range(pl.len()) % 5 < 2
    corrupt = sound.with_columns(pl.when(two_of_five).then(pl.lit(-7)).otherwise("PTS").alias("PTS"))
    (report,) = league.take(corrupt)
    assert report.quarantined == {"impossible_points": 10}
    assert report.written == sound.height - 10
    waiting = league.rows(QUARANTINE)
    assert set(waiting["detail"]) == {"points is -7, outside 0 to 120"}
    assert all('"PTS":-7' in row for row in waiting["row_json"])


# 1 and 2, at the border


def test_no_box_score_is_known_before_its_game_is_over(league: League):
    known = league.rows(PLAYER_BOX_SCORES).join(league.rows(GAMES).select("game_id", "tip_at"), on="game_id")
    assert known.filter(pl.col("known_at") <= pl.col("tip_at")).is_empty()


def test_no_schedule_row_carries_a_score(league: League):
    row = {"GAME_ID": "0022400101", "GAME_DATE": "2024-11-04", "MIN": 240}
    home = row | {"TEAM_ID": BOS, "MATCHUP": "BOS vs. NYK", "PTS": 100}
    teams = pl.DataFrame([home, row | {"TEAM_ID": NYK, "MATCHUP": "NYK @ BOS", "PTS": 90}])
    league.take(teams)
    scored = league.rows(GAMES).filter(pl.col("home_points").is_not_null())
    assert scored["statement"].to_list() == ["result"]
    assert (scored["known_at"] > scored["tip_at"]).all()
