"""Failures 1 to 7 and 11 of the design, each as the story of what would have gone wrong."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl
import pytest
from tests.features.league import BOS, DELAY, GSW, LAL, NYK, League, asking, evening, row

from fairline.domain.errors import LookAhead
from fairline.evaluate.frames import training_rows
from fairline.features import assemble, contract, quality
from fairline.features.contract import contract_hash, feature, model_features, names
from fairline.features.market import quotes_as_of
from fairline.predict.whatif import standing_quotes
from fairline.raw.quote_history import latest_before

START = date(2023, 11, 1)
TONIGHT, DAY = "0022300050", date(2023, 12, 1)
CUTOFF = evening(DAY, 18)


@pytest.fixture
def league() -> League:
    """Fifteen games of Boston against New York, ten points a player each; tonight they meet again."""
    league = League()
    for place in range(15):
        _played(league, f"00223000{place:02d}", START + timedelta(days=2 * place))
    league.game(TONIGHT, DAY, BOS, NYK)
    return league


def _played(
    league: League,
    game_id: str,
    day: date,
    players: tuple[tuple[int, int], ...] = ((1, BOS), (2, BOS), (3, NYK), (4, NYK)),
    **counts: object,
) -> None:
    league.game(game_id, day, *dict.fromkeys(team for _, team in players))
    for player, team in players:
        league.box(game_id, day, player, team, minutes=120.0, **counts)


def features_of(league: League, player: int = 1, game: str = TONIGHT, cutoff: datetime = CUTOFF) -> dict[str, object]:
    return row(league.warehouse(), game, cutoff, player)


# 1. Leakage through a window.


def test_a_game_struck_from_his_record_tomorrow_is_still_in_yesterdays_form(league: League):
    yesterday = features_of(league)
    day = START + timedelta(days=28)
    for player, team in ((9, BOS), (2, BOS), (3, NYK), (4, NYK)):
        league.box(
            "0022300014", day, player, team, known_at=CUTOFF + timedelta(days=1), minutes=120.0, source="nba_box_score"
        )
    assert features_of(league) == yesterday
    assert features_of(league, cutoff=CUTOFF + timedelta(days=2))["season_games"] == yesterday["season_games"] - 1


def test_a_box_score_corrected_tomorrow_does_not_change_yesterdays_forecast(league: League):
    last, tip = "0022300014", evening(START + timedelta(days=28))
    yesterday = features_of(league)
    league.box(last, START + timedelta(days=28), 1, BOS, known_at=CUTOFF + timedelta(days=1), points=40, minutes=120.0)
    assert features_of(league) == yesterday
    # Between the two revisions a cutoff sees the first, after the second the second.
    between, after = tip + DELAY + timedelta(hours=1), CUTOFF + timedelta(days=1, minutes=1)
    assert features_of(league, cutoff=between)["points_avg_last_5"] == 10.0
    assert features_of(league, cutoff=after)["points_avg_last_5"] == 16.0


def test_tonights_own_points_are_not_among_the_form_they_are_to_be_predicted_from(league: League):
    before = features_of(league)
    _played(league, TONIGHT, DAY, points=50)
    del league.rows["games"][-1]
    assert features_of(league) == before


def test_a_cutoff_after_the_games_own_result_is_refused(league: League):
    _played(league, TONIGHT, DAY, points=50)
    del league.rows["games"][-1]
    with pytest.raises(LookAhead, match=TONIGHT):
        features_of(league, cutoff=evening(DAY) + DELAY)


def test_a_game_learnt_days_late_counts_from_then_on_and_in_its_place(league: League):
    learnt = CUTOFF + timedelta(days=20)
    for one in league.rows["player_box_scores"]:
        if one["game_id"] == "0022300013":
            one["known_at"], one["points"] = learnt, 40
    league.game("0022300060", DAY + timedelta(days=21), BOS, NYK)
    before = features_of(league, game="0022300060", cutoff=learnt - timedelta(minutes=1))
    since = features_of(league, game="0022300060", cutoff=learnt)
    assert (before["career_games"], before["points_avg_last_3"]) == (14.0, 10.0)
    # In its place: that of 29 November was played after it, so the last three games are 10, 40 and 10.
    assert (since["career_games"], since["points_avg_last_3"], since["days_since_last_game"]) == (15.0, 20.0, 23.0)


# 2. Post-game knowledge in pre-game inputs.


def test_who_played_tonight_is_not_known_before_the_game(league: League):
    cutoffs, nobody = asking((TONIGHT, CUTOFF, 1))[0], asking()[1]
    before = assemble.build(league.warehouse(), cutoffs, nobody)
    # Tonight's box score has a player nobody had heard of, and not the second one.
    _played(league, TONIGHT, DAY, ((1, BOS), (9, BOS), (3, NYK)))
    del league.rows["games"][-1]
    after = assemble.build(league.warehouse(), cutoffs, nobody)
    assert after.equals(before)
    assert after["player_id"].to_list() == [1, 2, 3, 4]


def test_a_star_who_returns_after_two_months_is_not_betrayed_by_the_box_score(league: League):
    # He last played for Boston long ago; training asks for everyone who played, a slate for whoever is quoted.
    _played(league, "0022300080", date(2023, 10, 10), ((7, BOS), (3, NYK)))
    warehouse = league.warehouse()
    alone = assemble.build(warehouse, *asking((TONIGHT, CUTOFF, 1)), rosters=False).row(0, named=True)
    both = assemble.build(warehouse, *asking((TONIGHT, CUTOFF, 1), (TONIGHT, CUTOFF, 7, BOS)), rosters=False)
    assert both.filter(pl.col("player_id") == 1).row(0, named=True) == alone
    assert both.filter(pl.col("player_id") == 7)["career_games"].item() == 1.0


def test_a_report_is_read_as_of_the_cutoff(league: League):
    league.report(CUTOFF - timedelta(hours=3), {2: "probable"})
    league.report(CUTOFF + timedelta(minutes=1), {2: "out"})
    assert features_of(league, 2)["status"] == "probable"
    assert features_of(league, 2, cutoff=CUTOFF + timedelta(minutes=2))["status"] == "out"


def test_a_line_of_a_report_that_was_had_later_is_not_read_earlier(league: League):
    league.report(CUTOFF - timedelta(hours=3), {2: "out"})
    league.rows["injury_reports"][-1]["known_at"] = CUTOFF + timedelta(hours=1)
    assert features_of(league, 2)["status"] == "available"


@pytest.mark.parametrize(("one", "other", "status"), [
    ("available", "out", "out"), ("probable", "doubtful", "doubtful"), ("questionable", "probable", "questionable"),
    ("unknown", "out", "out"), ("available", "unknown", "available"),
])  # fmt: skip
def test_of_two_sources_the_graver_word_counts_not_the_first_in_the_alphabet(
    league: League, one: str, other: str, status: str
):
    league.report(CUTOFF - timedelta(hours=3), {2: one}, source="official")
    league.report(CUTOFF - timedelta(hours=2), {2: other}, source="snapshots")
    assert features_of(league, 2)["status"] == status


@pytest.mark.parametrize(("hours", "status"), [(35.9, "available"), (36.0, None), (60.0, None)])
def test_a_report_of_36_hours_ago_makes_nobody_healthy(league: League, hours: float, status: str | None):
    league.report(CUTOFF - timedelta(hours=hours), {2: "out"})
    assert features_of(league, 1)["status"] == status
    assert features_of(league, 1)["absent_teammates_minutes"] == (None if status is None else 120.0)


def test_an_empty_report_is_a_healthy_league_and_no_report_is_not(league: League):
    assert features_of(league)["status"] is None
    league.report(CUTOFF - timedelta(hours=1), {})
    assert (features_of(league)["status"], features_of(league)["absent_teammates_minutes"]) == ("available", 0.0)


# 3. Default values that look like data.


def test_a_player_never_seen_has_nulls_and_no_average_of_anyone(league: League):
    unseen = features_of(league, 99)
    of_form = [one.name for one in model_features() if one.of == "player"]
    assert {unseen[name] for name in of_form} == {None}
    assert unseen["form_source"] == contract.MISSING


def test_a_missing_feature_costs_quality_and_an_absent_row_of_them_is_not_ready(league: League):
    warehouse = league.warehouse()
    rows = quality.scored(
        assemble.build(warehouse, *asking((TONIGHT, CUTOFF, 1), (TONIGHT, CUTOFF, 99)), rosters=False)
    )
    seen, unseen = rows.sort("player_id").iter_rows(named=True)
    assert seen["quality"] == 100.0
    assert (seen["tier"], seen["is_production_ready"]) == ("gold", True)
    assert unseen["quality"] < 50
    assert (unseen["tier"], unseen["is_production_ready"]) == ("critical", False)


def test_what_is_carried_over_the_summer_scores_87_and_what_is_stale_0():
    assert contract.QUALITY == {contract.CALCULATED: 100, contract.CARRIED: 87, contract.STALE: 0, contract.MISSING: 0}


# 4. Features stubbed or of the wrong sign.


def test_back_to_back_is_true_on_the_second_night_and_the_opponents_rest_is_his(league: League):
    day = START + timedelta(days=29)
    league.game("0022300070", day, BOS, LAL)
    second = features_of(league, game="0022300070", cutoff=evening(day, 12))
    assert (second["back_to_back"], second["rest_advantage"]) == (1.0, None)
    league.game("0022300069", day - timedelta(days=3), LAL, GSW)
    assert features_of(league, game="0022300070", cutoff=evening(day, 12))["rest_advantage"] == -2.0


def test_a_rising_player_has_a_positive_trend_and_a_tired_one_is_less_fresh(league: League):
    for one in league.rows["player_box_scores"]:
        if one["player_id"] == 1 and one["game_id"] >= "0022300012":
            one["points"] = 30
    rising = features_of(league)
    assert (rising["recent_trend"], rising["points_avg_last_3"]) == (20.0, 30.0)
    league.game("0022300070", START + timedelta(days=29), BOS, LAL)
    tired = features_of(league, game="0022300070", cutoff=evening(START + timedelta(days=29), 12))
    assert tired["fatigue"] < rising["fatigue"] <= 100


# 5. Train/serve skew.


def test_one_function_makes_the_rows_of_training_backtest_and_tonight(league: League):
    _played(league, TONIGHT, DAY, points=33)
    del league.rows["games"][-1]
    warehouse = league.warehouse()
    trained = training_rows(warehouse).filter(pl.col("game_id") == TONIGHT).sort("player_id")
    tip = evening(DAY)
    slate = assemble.build(warehouse, *asking((TONIGHT, tip, 1)), rosters=True)
    columns = names(model_features())
    assert slate["player_id"].to_list() == trained["player_id"].to_list()
    assert trained.select(columns).equals(slate.select(columns))
    assert trained["actual_points"].to_list() == [33] * 4


def test_a_changed_definition_changes_the_identity_of_the_contract():
    ours = model_features()
    changed = [replace(one, expression=f"{one.expression} + 0") if one.name == "fatigue" else one for one in ours]
    identities = {contract_hash(ours), contract_hash(changed), contract_hash(ours[::-1]), contract_hash(ours[1:])}
    assert len(identities) == 4


def test_no_feature_of_the_model_contract_has_seen_a_quote():
    assert not {one.name for one in model_features()} & {"market_line", "opening_line", "line_move", "has_line"}
    assert feature("market_line").contract == "market"


# 6. Overtime: tests/analytics/test_definitions.py has the real games; here, the definition itself.


@pytest.mark.parametrize("overtimes", [0, 1, 2, 4])
def test_longer_games_do_not_make_a_faster_pace_or_a_larger_usage(overtimes: int):
    league, day, minutes = League(), START, (240 + 25 * overtimes) / 4
    league.game("0022300000", day, BOS, NYK)
    longer = (48 + 5 * overtimes) / 48
    for player, team in ((1, BOS), (2, BOS), (3, BOS), (4, BOS), (11, NYK), (12, NYK), (13, NYK), (14, NYK)):
        counts = {
            "field_goals_attempted": round(2400 * longer),
            "free_throws_attempted": 0,
            "turnovers": 0,
            "offensive_rebounds": 0,
        }
        league.box("0022300000", day, player, team, minutes=minutes, **counts)
    warehouse = league.warehouse()
    team = warehouse.query(
        "SELECT overtimes, pace, possession_hundredths FROM analytics.team_offense_game_summary LIMIT 1"
    ).row(0)
    usage = warehouse.query("SELECT DISTINCT usage FROM analytics.player_game_summary")["usage"].to_list()
    assert team[0] == overtimes
    assert float(team[1]) == pytest.approx(9600, rel=1e-4)
    # Four alike fill five places, each ends a quarter of the plays: a fifth of them per place.
    assert [float(one) for one in usage] == [20.0]


# 7. DNPs in averages.


def test_a_night_off_is_no_zero_in_the_average(league: League):
    kept = [
        one
        for one in league.rows["player_box_scores"]
        if not (one["player_id"] == 1 and one["game_id"] == "0022300014")
    ]
    league.rows["player_box_scores"] = kept
    rested = features_of(league)
    assert (rested["points_avg_last_5"], rested["career_games"], rested["days_since_last_game"]) == (10.0, 14.0, 4.0)
    assert rested["share_of_team_games"] == pytest.approx(0.9)


# 11. Trades and stale rosters.


@pytest.fixture
def traded(league: League) -> League:
    """Player 2 leaves Boston for Los Angeles, for which he plays on 30 November."""
    _played(league, "0022300060", DAY - timedelta(days=1), ((2, LAL), (5, LAL), (6, GSW)), points=22)
    league.game("0022300062", DAY + timedelta(days=1), BOS, LAL)
    return league


def test_a_traded_player_belongs_to_his_new_team_from_its_first_evidence(traded: League):
    spells = "SELECT team_id, known_at FROM analytics.roster_spells WHERE player_id = 2 ORDER BY known_at"
    assert [team for team, _ in traded.warehouse().query(spells).rows()] == [BOS, LAL]
    cutoff = evening(DAY + timedelta(days=1), 12)
    moved = features_of(traded, 2, "0022300062", cutoff)
    assert (moved["team_id"], moved["opponent_id"], moved["points_avg_last_3"]) == (LAL, BOS, 14.0)


def test_a_correction_of_a_game_before_the_trade_does_not_send_him_back(traded: League):
    corrected = evening(DAY) - timedelta(hours=3)
    traded.box("0022300003", START + timedelta(days=6), 2, BOS, known_at=corrected, points=12, minutes=120.0)
    moved = features_of(traded, 2, "0022300062", evening(DAY + timedelta(days=1), 12))
    assert (moved["team_id"], moved["career_games"]) == (LAL, 16.0)


def test_a_projected_line_up_tells_the_new_team_before_he_has_played_for_it(league: League):
    at = CUTOFF - timedelta(hours=6)
    league.add("projected_lineups", at, reported_at=at, team_id=NYK, player_id=2, player_name="Player 2")
    assert features_of(league, 2)["team_id"] == NYK
    assert features_of(league, 2, cutoff=at - timedelta(minutes=1))["team_id"] == BOS


def test_a_quote_that_states_his_opponent_tells_the_new_team_to_his_teammates_too(league: League):
    before = features_of(league, 3)["vacated_minutes"]
    league.quote(TONIGHT, DAY, 2, CUTOFF - timedelta(hours=1), 21, team_id=NYK)
    assert features_of(league, 2)["team_id"] == NYK
    # New York gains 120 minutes of a player it did not have in its last ten games, who plays 95 times in 100.
    assert features_of(league, 3)["vacated_minutes"] == pytest.approx(before - 120 * 0.95)


def test_games_for_the_old_team_are_none_of_the_new_ones(traded: League):
    for place in range(9):
        _played(traded, f"00223001{place:02d}", DAY - timedelta(days=20 - 2 * place), ((5, LAL), (6, GSW)))
    moved = features_of(traded, 2, "0022300062", evening(DAY + timedelta(days=1), 12))
    assert moved["share_of_team_games"] == pytest.approx(0.1)


# A source may tell this evening what a line had been this morning.


def _told_late(league: League) -> datetime:
    """A line that opened in the morning, and was first heard of after the cutoff."""
    opened = CUTOFF - timedelta(hours=8)
    league.add(
        "prop_quotes", CUTOFF + timedelta(minutes=30), source="bettingpros", game_id=TONIGHT, game_date=DAY,
        player_id=1, captured_at=opened, half_points=41, player_name="Player 1", market="points", book="draftkings",
        over_decimal=1.9, under_decimal=1.9,
    )  # fmt: skip
    return opened


def test_1_a_line_that_opened_before_the_cutoff_and_was_heard_of_after_it_is_not_read(league: League):
    _told_late(league)
    league.quote(TONIGHT, DAY, 1, CUTOFF - timedelta(hours=1), 43)
    asked = asking((TONIGHT, CUTOFF, 1))[1]
    rows = quotes_as_of(league.warehouse(), asked, "points")
    assert rows.select("half_points", "latest", "opening").rows() == [(43, True, True)]


def test_1_what_was_heard_of_late_is_no_latest_quote_of_a_moment_before(league: League):
    _told_late(league)
    moments = pl.DataFrame({"game_id": [TONIGHT], "at": [CUTOFF]}, schema_overrides={"at": pl.Datetime("us", "UTC")})
    assert latest_before(league.warehouse(), moments).is_empty()


def test_1_a_what_if_does_not_offer_a_price_heard_of_later(league: League):
    _told_late(league)
    about = {"game_id": TONIGHT, "player_id": 1, "market": "points", "tip_at": evening(DAY)}
    assert standing_quotes(league.warehouse(), about, (), CUTOFF).is_empty()
