"""Every feature of the contract, worked out by hand for one small history (tests/features/history.py).

The numbers are written as a person would write them on paper, never derived with the feature's own expression.
"""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from tests.features.history import (
    ACE,
    CUTOFF,
    KNICK,
    LATER,
    LATEST,
    MATE,
    NEXT_SEASON,
    QUOTED_AT,
    TARGET,
    TONIGHT,
    history,
)
from tests.features.league import BOS, NYK, League, asking, evening, row

from fairline.features import assemble, market
from fairline.features.contract import feature, features, market_features, model_features, names
from fairline.features.quality import scored, source
from fairline.platform.warehouse import DuckWarehouse

BY_HAND = {
    # 25, 15, 20, 30, 40; before them 20, 22, 18, 20, 20; before those ten games of 100 points together.
    "points_avg_last_3": 30.0,
    "points_avg_last_5": 26.0,
    "points_avg_last_10": 23.0,
    "points_avg_last_20": 16.5,
    "points_avg_season": 16.5,
    # Off 23 by 3, 1, 5, 3, 3, 2, 8, 3, 7, 17: squares sum to 468; 468 / 9 = 52, its root
    "points_sd_last_10": 7.21110255,
    "recent_trend": 10.0,  # 30 after 20, the mean of 25 and 15
    "points_avg_vs_opponent": 12.0,  # 10 and 14, on 5 and 7 November
    "games_vs_opponent": 2.0,
    # 20 minutes ten times; then 28 and 32 four times in turn and 30 twice.
    "minutes_avg_last_3": 30.6666667,
    "minutes_avg_last_5": 30.4,
    "minutes_avg_last_10": 30.0,
    "minutes_avg_last_20": 25.0,
    "minutes_avg_season": 25.0,
    "minutes_avg_long": 25.0,
    "minutes_change": 0.2,  # 30 / 25
    "minutes_trend": 5.4,  # 30.4 - 25
    "minutes_sd_last_10": 1.88561808,  # eight games off by 2: 32 / 9
    "points_per_minute_last_10": 0.766666667,  # 230 / 300
    "points_per_minute_season": 0.66,  # 330 / 500
    "points_per_minute_long": 0.66,
    "rebounds_per_minute_long": 0.22,  # 110 / 500
    "assists_per_minute_long": 0.12,  # 60 / 500
    "threes_per_minute_long": 0.07,  # 35 / 500
    # He ends 16 + 0.44 x 5 + 2 = 20.2 of 100 plays: 20.2 x 48 / minutes is 34.6286, 30.3 and 32.32 per cent.
    "usage_avg_last_5": 31.97372,  # (30.3 + 34.6286 + 30.3 + 32.32 + 32.32) / 5
    "usage_avg_last_10": 32.43544,  # (4 x 34.6286 + 4 x 30.3 + 2 x 32.32) / 10
    # Mate ends 5 of 100 plays: without him 95 are shared out. 0.3 x 32.43544 x (100 / 95 - 1)
    "usage_spike": 0.512138,
    "rebounds_avg_last_5": 8.0,
    "rebounds_avg_last_10": 7.0,
    "rebounds_avg_last_20": 5.5,
    "rebounds_avg_season": 5.5,
    "assists_avg_last_5": 5.0,
    "assists_avg_last_10": 4.0,
    "assists_avg_last_20": 3.0,
    "assists_avg_season": 3.0,
    "threes_made_avg_last_5": 3.0,
    "threes_made_avg_last_10": 2.5,
    "threes_made_avg_last_20": 1.75,
    "threes_made_avg_season": 1.75,
    "field_goals_attempted_avg_last_10": 16.0,
    "free_throws_attempted_avg_last_10": 5.0,
    "threes_attempted_avg_last_10": 4.0,
    "turnovers_avg_last_10": 2.0,
    "career_games": 20.0,
    "season_games": 20.0,
    "share_paint": 0.4375,  # 7 of 16
    "share_mid_range": 0.3125,  # 5 of 16
    "share_three": 0.25,  # 4 of 16
    "share_free_throw": 0.173913043,  # 40 of 230 points
    # In the paint New York allowed 6 of 10; the league 46 of 80, Ace's 40 of 70 among them: 2.5 points x 0.4375 / 0.5.
    "shot_zone_mismatch": 2.1875,
    # Boston: 600 by the others and 230 points in ten games of 96 possessions; it has lost its first eight of twenty.
    "team_offensive_rating": 86.4583333,
    "team_pace": 96.0,
    "team_win_share": 0.6,
    # New York allowed 100 points fourteen times, once 115, in 100 possessions each.
    "opponent_defensive_rating": 101.0,
    "opponent_pace": 100.0,
    "opponent_points_allowed": 101.0,
    "opponent_rebounds_allowed": 41.0,  # 14 x 40 and 55
    "opponent_assists_allowed": 26.0,  # 14 x 25 and 40
    "opponent_threes_made_allowed": 13.0,  # 14 x 12 and 27
    "pace_score": 1.0,  # 98 expected, 96 usual, halved
    # The calendar: Boston on 9, 7 and 5 December, New York on the 10th; tonight, the 11th, is 40 days after 1 November.
    "games_in_7_days": 3.0,
    "fatigue": 100.0,  # two days of rest, three games, 90 minutes of the week's 240, 30 a game
    "rest_advantage": 1.0,
    "back_to_back": 0.0,
    "days_since_last_game": 2.0,
    "season_day": 40.0,
    "home": 1.0,
    "playoff": 0.0,
    "share_of_team_games": 1.0,
    # He is questionable, Mate is out: 40 minutes and 5 shots a game are gone.
    "injury_risk": 2.0,
    "absent_teammates_minutes": 40.0,
    "absent_teammates_shots": 5.0,
    # Mate 40 x (1 - 0.05); the 60, 60 and 50 minutes of those not listed, who play 95 times in 100: 38 + 3 + 3 + 2.5.
    "vacated_minutes": 46.5,
    "vacated_shots": 7.6,  # 4.75 + 1.45 + 1.2 + 0.2
    "spread": -4.5,
    "total": 221.5,
    # 24.5 at two books and 25.5 at a third, both prices alike; 23.5 when the first opened.
    "market_line": 24.5,
    "opening_line": 23.5,
    "line_move": 1.0,
    "has_line": 1.0,
    "line_dispersion": 0.577350269,  # off 24.833 by a third, a third and two thirds: the root of (6 / 9) / 2
    "market_p_over": 0.5,
}


@pytest.fixture(scope="module")
def warehouse() -> DuckWarehouse:
    league = history()
    opened = QUOTED_AT - timedelta(hours=6)
    league.quote(TARGET, TONIGHT, ACE, opened, 47)
    for book, half_points in (("draftkings", 49), ("fanduel", 49), ("betmgm", 51)):
        league.quote(TARGET, TONIGHT, ACE, QUOTED_AT, half_points, book=book)
    return league.warehouse()


@pytest.fixture(scope="module")
def worked_out(warehouse: DuckWarehouse) -> dict[str, float | None]:
    """Ace's row, with the market's features."""
    asked = asking((TARGET, CUTOFF, ACE))[1].drop("team_id")
    quoted = market.consensus(market.quotes_as_of(warehouse, asked, "points")).row(0, named=True)
    priced = {one.name: quoted[one.expression.removeprefix("market_")] for one in market_features()}
    return row(warehouse, TARGET, CUTOFF, ACE) | priced


def test_every_feature_of_the_contract_has_a_golden_example():
    assert set(BY_HAND) == set(names(features()))


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_the_feature_is_what_a_person_works_out(worked_out: dict[str, float | None], name: str):
    # Usage is kept in four decimals, so what is made of it agrees to about six digits; all else to nine.
    precision = 2e-6 if "usage" in name else 1e-9
    assert worked_out[name] == pytest.approx(BY_HAND[name], rel=precision, abs=1e-9)


def test_every_golden_value_lies_in_the_declared_range():
    for one in features():
        low, high = one.valid
        assert low <= BY_HAND[one.name] <= high, one.name


DAYS_AGO = tuple[int, ...]
FATIGUE = (
    # days ago of his games, minutes of each, points of 100 and why
    ((2, 4, 6), 30, 100, "rested as usual"),
    ((3, 6, 9), 30, 100, "three days of rest would be 105"),
    ((1, 4, 6), 30, 85, "back-to-back -15"),
    ((1, 3, 5, 7), 30, 75, "back-to-back -15, four in seven days -10"),
    ((2, 4, 6, 7), 30, 85, "four in seven days -10, a back-to-back six days ago -5"),
    ((2, 3, 5, 6), 30, 78, "four in seven days -10, two back-to-backs -12"),
    ((2, 4, 6, 7), 61, 67, "and 244 minutes -10, 61 a game -8"),
    ((2, 4, 6), 36, 92, "36 minutes a game -8"),
    ((2, 4, 6), 35, 100, "35 a game are not more than 35"),
    ((2, 13, 14), 30, 95, "a back-to-back fourteen days ago -5"),
    ((2, 14, 15), 30, 100, "one that began fifteen days ago is over"),
    ((60,), 36, 100, "a summer off"),
)


@pytest.mark.parametrize(("days_ago", "minutes", "expected", "why"), FATIGUE, ids=[case[3] for case in FATIGUE])
def test_fatigue_is_the_sum_of_its_deductions(days_ago: DAYS_AGO, minutes: int, expected: int, why: str):
    played = dict(enumerate(days_ago, start=1))
    dates = {
        f"player_date_{game}": TONIGHT - timedelta(days=played[game]) if game in played else None
        for game in range(1, 11)
    }
    seconds = {f"player_seconds_{game}": 60 * minutes if game in played else None for game in range(1, 7)}
    last = TONIGHT - timedelta(days=days_ago[0])
    frame = pl.DataFrame(
        {"game_date": [TONIGHT], "player_last_game_date": [last], **{k: [v] for k, v in {**dates, **seconds}.items()}},
        schema_overrides=dict.fromkeys(dates, pl.Date) | dict.fromkeys(seconds, pl.Int32),
    )
    warehouse = DuckWarehouse(threads=1)
    with warehouse.frame("tonight", frame):
        assert warehouse.query(f"SELECT {feature('fatigue').expression} FROM tonight").item() == expected, why


def test_fatigue_of_a_player_never_seen_is_missing_not_fresh(warehouse: DuckWarehouse):
    unseen = row(warehouse, TARGET, CUTOFF, 777)
    assert (unseen["fatigue"], unseen["games_in_7_days"], unseen["form_source"]) == (None, None, "m")


def test_form_is_used_for_45_days_and_stale_on_the_46th(warehouse: DuckWarehouse):
    last_day = row(warehouse, LATER, evening(date(2024, 1, 23), 12), ACE)
    after = row(warehouse, LATEST, evening(date(2024, 1, 24), 12), ACE)
    assert (last_day["form_source"], last_day["points_avg_last_5"]) == ("c", 26.0)
    assert (after["form_source"], after["points_avg_last_5"], after["minutes_avg_last_10"]) == ("s", None, None)
    # What is said of a career does not age in six weeks.
    assert (after["career_games"], after["points_per_minute_long"]) == (20.0, 0.66)


def test_in_the_first_14_days_last_season_is_carried_over_and_shrunk(warehouse: DuckWarehouse):
    carried = row(warehouse, NEXT_SEASON, evening(date(2024, 10, 24), 12), ACE)
    assert carried["form_source"] == carried["team_source"] == carried["opponent_source"] == "f"
    assert carried["points_avg_last_5"] == 17.45  # a tenth of 26, the rest of the season's 16.5
    assert carried["minutes_avg_last_3"] == pytest.approx(25.5666667, rel=1e-9)  # a tenth of 30.667, the rest of 25
    # Of the season he took 330 points in 500 minutes, of the last ten 230 in 300.
    assert carried["points_per_minute_last_10"] == pytest.approx(0.670666667, rel=1e-9)
    assert carried["team_win_share"] == pytest.approx(0.566666667, rel=1e-9)  # two thirds of 0.6, a third of 0.5
    # The league's pace over all 35 games: 18 of 98 against Los Angeles, 2 against New York likewise, 15 of 100.
    assert carried["team_pace"] == pytest.approx(2 / 3 * 96 + 1 / 3 * 98.8571429, rel=1e-8)
    # A trend of April says nothing in October, nor does a share of a season not begun.
    assert (carried["recent_trend"], carried["minutes_change"], carried["minutes_trend"]) == (None, None, None)
    assert carried["season_games"] is None


SEASON_GAMES = ("0022400010", "0022400011", "0022400012", "0022400013", "0022400014", "0022400015")
"""Boston's games of the next season, from 24 October every second day; 0022400020 is on 6 November."""


def season_day(game: int) -> date:
    """The date of the n-th of them, from 1."""
    return date(2024, 10, 24) + timedelta(days=2 * (game - 1))


def after(games: int, *, league: League | None = None, player: int = ACE) -> DuckWarehouse:
    """The league once he has played so many of them, each 30 points in 36 minutes."""
    league = league or history()
    for game, game_id in enumerate(SEASON_GAMES, start=1):
        if game > 1:
            league.game(game_id, season_day(game), BOS, NYK)
        if game <= games:
            league.box(game_id, season_day(game), player, BOS, points=30, minutes=36.0)
            league.box(game_id, season_day(game), KNICK, NYK)
    return league.warehouse()


def sources(one: dict[str, Any]) -> dict[str, str]:
    """How each feature of his own games came about, one letter each."""
    of_form = [each for each in model_features() if each.of == "player"]
    frame = pl.DataFrame([{name: one[name] for name in (*names(of_form), "form_source")}], infer_schema_length=None)
    return frame.select(source(each).alias(each.name) for each in of_form).row(0, named=True)


def test_after_the_first_game_of_a_season_what_the_windows_lack_is_made_up_and_flagged():
    second = row(after(1), SEASON_GAMES[1], evening(season_day(2), 12), ACE)
    # 330 + 30 points of 21 games are 17.142857 each; 500 + 36 minutes 25.5238095.
    assert second["points_avg_last_5"] == pytest.approx(19.7142857, rel=1e-9)  # 30 and four times that
    assert second["points_avg_last_10"] == pytest.approx(18.4285714, rel=1e-9)
    assert second["points_avg_last_20"] == pytest.approx(17.7857143, rel=1e-9)
    assert second["minutes_avg_last_3"] == pytest.approx(29.015873, rel=1e-9)
    assert second["points_per_minute_last_10"] == pytest.approx(0.687810945, rel=1e-9)  # 30 / 36, nine times 360 / 536
    # One game has no deviation, so that of all 21 stands: squares sum to 7690, (21 x 7690 - 360 x 360) / (21 x 20)
    assert second["points_sd_last_10"] == pytest.approx(8.71370020, rel=1e-8)
    # What says of itself that it is of this season is so, and no trend leads from one season into the next.
    assert (second["points_avg_season"], second["season_games"]) == (30.0, 1.0)
    assert (second["recent_trend"], second["minutes_change"], second["minutes_trend"]) == (None, None, None)
    told = sources(second)
    assert {told[name] for name in told if "_last_" in name or name.startswith("share_")} == {"f"}
    assert {told[name] for name in ("points_avg_season", "season_games", "points_per_minute_long")} == {"c"}


def test_a_window_that_is_full_of_the_season_is_calculated_beside_one_that_is_not():
    sixth = row(after(5), SEASON_GAMES[5], evening(season_day(6), 12), ACE)
    told = sources(sixth)
    assert (sixth["points_avg_last_5"], told["points_avg_last_5"]) == (30.0, "c")
    assert (sixth["recent_trend"], sixth["minutes_trend"]) == (0.0, 0.0)
    # 330 + 150 points of 25 games are 19.2 each: five times 30 and five times that.
    assert (sixth["points_avg_last_10"], told["points_avg_last_10"]) == (24.6, "f")


def test_made_up_values_lower_the_quality_of_the_row_they_stand_in():
    warehouse = after(1)
    second = scored(
        assemble.build(warehouse, *asking((SEASON_GAMES[1], evening(season_day(2), 12), ACE)), rosters=False)
    )
    assert 87 < second["quality"].item() < 100


def test_who_missed_the_whole_last_season_starts_anew_and_so_does_a_rookie():
    league = history()
    for number in range(1, 5):
        game_id, day = f"002250000{number}", date(2025, 10, 21) + timedelta(days=2 * number)
        league.game(game_id, day, BOS, NYK)
        if number < 4:
            for player in (ACE, 99):
                league.box(game_id, day, player, BOS, points=30, minutes=36.0)
    warehouse = league.warehouse()
    for player in (ACE, 99):
        third = row(warehouse, "0022500003", evening(date(2025, 10, 27), 12), player)
        assert (third["form_source"], third["points_avg_last_5"], third["points_avg_season"]) == ("c", None, 30.0)
        fourth = row(warehouse, "0022500004", evening(date(2025, 10, 29), 12), player)
        assert (fourth["points_avg_last_5"], sources(fourth)["points_avg_last_5"]) == (30.0, "c")


def chance(warehouse: DuckWarehouse, player: int) -> tuple[float, float]:
    """Chance of playing of a teammate of the row built last, and the minutes he is expected to leave."""
    told = "CAST(chance_of_playing AS DOUBLE) AS chance, CAST(vacated_minutes AS DOUBLE) AS vacated"
    return warehouse.query(f"SELECT {told} FROM people WHERE player_id = {player}").row(0)


def test_games_missed_in_april_say_nothing_of_the_first_game_in_october():
    warehouse = history().warehouse()
    row(warehouse, NEXT_SEASON, evening(date(2024, 10, 24), 12), MATE)
    # 30 minutes a game: seven in ten such players open the season, and that he may is nothing to be left.
    assert chance(warehouse, ACE) == (0.724, 0.0)


def test_who_has_missed_the_first_two_games_of_a_season_will_hardly_play_the_third():
    warehouse = after(2, player=MATE)
    row(warehouse, SEASON_GAMES[2], evening(season_day(3), 12), MATE)
    # Eight of the last ten games were last season's: 30 x (0.8 x 0.724 - 0.043)
    assert chance(warehouse, ACE) == (0.043, 16.086)


def test_after_14_days_last_season_is_stale(warehouse: DuckWarehouse):
    late = row(warehouse, "0022400020", evening(date(2024, 11, 6), 12), ACE)
    assert (late["form_source"], late["team_source"], late["opponent_source"]) == ("s", "s", "s")
    assert (late["points_avg_last_10"], late["team_pace"], late["opponent_defensive_rating"]) == (None, None, None)
    assert late["shot_zone_mismatch"] is None


def lines_of(*stated: tuple[int, str, float | None, float | None]) -> tuple[float | None, float | None]:
    """Spread and total from rows of (hours before the cutoff, book, home spread, total)."""
    league = history()
    league.rows["game_line_quotes"].clear()
    for hours, book, home_spread, total in stated:
        league.add(
            "game_line_quotes", CUTOFF - timedelta(hours=hours), game_id=TARGET, game_date=TONIGHT, book=book,
            home_spread=home_spread, total=total, home_moneyline=1.5,
        )  # fmt: skip
    tonight = row(league.warehouse(), TARGET, CUTOFF, ACE)
    return tonight["spread"], tonight["total"]


def test_the_spread_is_the_median_of_what_each_book_last_said():
    latest = ((2, "draftkings", -5.0, 222.0), (3, "fanduel", -6.0, 223.5), (4, "betmgm", -3.5, 221.0))
    earlier, later = (9, "draftkings", -9.0, 230.0), (-1, "fanduel", 1.0, 210.0)
    assert lines_of(*latest, earlier, later) == (-5.0, 222.0)
    assert lines_of(*latest[:2]) == (-5.5, 222.75)


def test_a_moneyline_alone_hides_no_spread_and_a_total_without_a_spread_counts():
    assert lines_of((1, "draftkings", None, None), (2, "draftkings", -5.0, None), (3, "draftkings", None, 222.0)) == (
        -5.0, 222.0,
    )  # fmt: skip
    assert lines_of((1, "draftkings", None, None)) == (None, None)


def test_a_mean_over_books_that_stands_alone_is_told_as_it_is():
    assert lines_of((0, "consensus", -4.733333333, 221.3)) == (-4.73333333, 221.3)


def test_without_a_report_of_36_hours_nobody_is_called_absent_or_healthy():
    league = history()
    reported_at = league.rows["injury_snapshots"][0]["reported_at"]
    warehouse = league.warehouse()
    fresh = row(warehouse, TARGET, CUTOFF, ACE)
    league.rows["injury_snapshots"][0]["reported_at"] = CUTOFF - timedelta(hours=36)
    league.rows["injury_snapshots"][0]["known_at"] = CUTOFF - timedelta(hours=36)
    stale = row(league.warehouse(), TARGET, CUTOFF, ACE)
    assert reported_at > CUTOFF - timedelta(hours=36)
    assert (fresh["injury_risk"], fresh["status"]) == (2.0, "questionable")
    gone = ("injury_risk", "absent_teammates_minutes", "absent_teammates_shots", "usage_spike", "status")
    assert [stale[name] for name in gone] == [None] * len(gone)
    # By appearances all five play 95 times in 100: 40 + 60 + 60 + 50 minutes, a twentieth of them.
    assert stale["vacated_minutes"] == pytest.approx(10.5)


def test_a_player_reported_out_is_no_absent_teammate_of_his_own(warehouse: DuckWarehouse):
    own = row(warehouse, TARGET, CUTOFF, MATE)
    assert (own["status"], own["injury_risk"]) == ("out", 3.0)
    assert (own["absent_teammates_minutes"], own["usage_spike"]) == (0.0, 0.0)


def test_a_star_who_returns_counts_against_what_is_vacated():
    league = history()
    # Mate has missed the last ten, and is now available again.
    kept = [
        one
        for one in league.rows["player_box_scores"]
        if not (one["player_id"] == MATE and one["game_date"] > date(2023, 11, 20))
    ]
    league.rows["player_box_scores"] = kept
    league.report(CUTOFF - timedelta(hours=1), {MATE: "questionable"})
    returning = row(league.warehouse(), TARGET, CUTOFF, ACE)
    # 40 x (0 - 0.61), and a twentieth of 60, 60 and 50.
    assert returning["vacated_minutes"] == pytest.approx(-24.4 + 8.5)
    assert returning["absent_teammates_minutes"] == 0.0


def test_rows_come_in_the_order_of_the_contract(warehouse: DuckWarehouse):
    rows = assemble.build(warehouse, *asking((TARGET, CUTOFF, ACE)))
    assert rows.columns == [*assemble.KEYS, *assemble.ABOUT, *names(model_features())]
