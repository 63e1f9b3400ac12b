"""Games of the simulated league: what basketball does not allow never happens, and equal seeds give equal games."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from tests.sim.leagues import FOUR, small_league, whole_league

from fairline.domain.dates import EASTERN
from fairline.domain.errors import NotFound, Refused
from fairline.domain.ids import GameType, game_type_of
from fairline.sim.league.calendar import without_games
from fairline.sim.league.league import League
from fairline.sim.league.matchups import matchups
from fairline.sim.league.people import SIZES
from fairline.sim.league.places import places
from fairline.sim.league.seasons import Season, Stretch
from fairline.sim.league.talents import Whole
from fairline.sim.league.tally import AT

DIGEST = """
import hashlib
from fairline.sim.league.league import League
season = League(5, years=(2025,), teams=("BOS", "NYK", "LAL", "DEN"), games_each=12).season(2025)
print(hashlib.sha256(season.regular.played.counts.tobytes() + repr(season.people.names).encode()).hexdigest())
"""


def sums(stretch: Stretch, name: str) -> Whole:
    return stretch.played.counts[..., AT[name]].astype(np.int64).sum(axis=2)


def test_the_minutes_of_a_side_are_those_of_five_players_to_the_second(regular: Stretch):
    whole = 5 * (48 * 60 + 300 * regular.played.overtimes)
    assert (sums(regular, "seconds") == whole[:, None]).all()


def test_every_game_has_a_winner_and_some_need_overtime(regular: Stretch):
    points = sums(regular, "points")
    assert (points[:, 0] != points[:, 1]).all()
    assert 0 < (regular.played.overtimes > 0).mean() < 0.1


def test_points_are_what_the_shots_say(regular: Stretch):
    counts = {name: regular.played.counts[..., AT[name]] for name in AT}
    assert (counts["points"] == 2 * counts["fgm"] + counts["fg3m"] + counts["ftm"]).all()
    for made, tried in (("fgm", "fga"), ("fg3m", "fg3a"), ("ftm", "fta"), ("fg3a", "fga")):
        assert (counts[made] <= counts[tried]).all()


def test_nobody_plays_on_after_his_sixth_foul_and_somebody_has_six(regular: Stretch):
    fouls = regular.played.counts[..., AT["fouls"]]
    assert fouls.max() == 6


def test_what_one_side_wins_by_its_five_players_share(regular: Stretch):
    points = sums(regular, "points")
    margin = points[:, 0] - points[:, 1]
    assert (sums(regular, "plus_minus") == 5 * np.stack([margin, -margin], axis=1)).all()


def test_the_plays_kept_add_up_to_the_box_score(regular: Stretch):
    events, slots = regular.played.events, regular.slate.slots.shape[2]
    player = (events["game"] * 2 + events["side"]) * slots + events["slot"]
    scored = events["hit"] + events["made"] * np.where(events["zone"] >= 3, 3, 2)
    some = events["slot"] >= 0
    told = np.bincount(player[some], scored[some], minlength=regular.slate.slots.size)
    assert (told == regular.played.counts[..., AT["points"]].ravel()).all()


def test_more_cannot_be_helped_blocked_or_rebounded_than_was_shot(regular: Stretch):
    missed = sums(regular, "fga") - sums(regular, "fgm")
    assert (sums(regular, "assists") <= sums(regular, "fgm")).all()
    assert (sums(regular, "blocks") <= missed[:, ::-1]).all()
    assert (sums(regular, "steals") <= sums(regular, "turnovers")[:, ::-1]).all()


def test_whoever_is_out_does_not_play_and_an_empty_seat_counts_nothing(regular: Stretch):
    absent = ~regular.slate.plays
    assert absent.sum() > 1000
    assert (regular.played.counts[absent] == 0).all()


def test_whoever_is_hurt_for_good_plays_no_minute_after(regular: Stretch):
    counts, leaves = regular.played.counts[..., AT["seconds"]] / 60, regular.slate.leaves
    hurt = regular.slate.plays & (leaves < 30)
    assert hurt.sum() > 50
    # He comes off at the next look at the line-up, a few plays later.
    assert (counts[hurt] <= leaves[hurt] + 3).all()


def test_every_team_plays_82_games_half_of_them_at_home(season: Season, regular: Stretch):
    assert (np.bincount(regular.sides.ravel()) == 82).all()
    assert (np.bincount(regular.calendar.home) == 41).all()
    pairs, a_year_before = (
        np.unique(np.sort(sides, axis=1), axis=0, return_counts=True)[1]
        for sides in (regular.sides, matchups(season.where, 82, 2024))
    )
    assert set(pairs) == {2, 3, 4}
    assert not np.array_equal(pairs, a_year_before)


def test_no_team_plays_twice_a_day_or_three_days_running_and_holidays_are_free(season: Season, regular: Stretch):
    calendar = regular.calendar
    for team in range(30):
        days = np.sort(calendar.day[(calendar.home == team) | (calendar.away == team)])
        assert np.diff(days).min() >= 1
        assert (days[2:] - days[:-2]).min() > 2 or (days[2:] - days[:-2] == 2).sum() == 0
    assert not set(calendar.dates()) & without_games(season.year)


def test_games_tip_off_from_noon_to_half_past_ten_on_the_date_they_are_of(regular: Stretch):
    local = [tip.astimezone(EASTERN) for tip in regular.calendar.tip_at]
    assert [each.date() for each in local] == regular.calendar.dates()
    clocks = {(each.hour, each.minute) for each in local}
    assert {(12, 0), (19, 0), (22, 30)} <= clocks
    assert min(clocks) >= (12, 0)
    assert max(clocks) <= (22, 30)


def test_a_trade_changes_the_team_from_its_day_on_and_no_team_grows(season: Season, regular: Stretch):
    moved, team = season.form.moved, season.form.team
    assert len(moved) >= 20
    for day, player, left, joined in moved:
        assert (team[day - 1, player], team[day, player]) == (left, joined)
        mine = (regular.slate.slots == player).any(axis=2)
        games, side = np.nonzero(mine)
        expected = np.where(regular.calendar.day[games] < day, left, joined)
        assert (regular.sides[games, side] == expected).all()
    for day in (0, 120, 200):
        assert set(np.bincount(team[day])) <= set(SIZES)


def test_people_are_made_up_and_keep_their_ids_over_the_seasons():
    first, second = (whole_league().season(year).people for year in (2024, 2025))
    assert first.ids.min() > 9_000_000
    assert len(set(first.names)) == len(first.names)
    kept = set(first.ids.tolist()) & set(second.ids.tolist())
    assert 0.8 < len(kept) / len(first.ids) < 1
    named = dict(zip(first.ids.tolist(), first.names, strict=True))
    again = dict(zip(second.ids.tolist(), second.names, strict=True))
    assert all(named[person] == again[person] for person in kept)


def test_equal_seeds_give_equal_bytes_in_another_process_and_other_seeds_other_games():
    told = {
        subprocess.run(
            [sys.executable, "-c", DIGEST], check=True, capture_output=True, text=True,
            env={**os.environ, "PYTHONHASHSEED": salt},
        ).stdout
        for salt in ("0", "1")
    }  # fmt: skip
    assert len(told) == 1
    season = small_league().season(2025)
    other = League(6, years=(2025,), teams=FOUR, games_each=12).season(2025)
    assert season.people.names != other.people.names
    assert not np.array_equal(season.regular.played.counts, other.regular.played.counts)


def test_a_small_league_has_its_games_and_no_playoffs():
    league = small_league()
    assert (np.bincount(league.season(2025).regular.sides.ravel()) == 12).all()
    assert league.playoffs(2025) == ()
    with pytest.raises(NotFound, match="no season that began in 2030"):
        league.season(2030)
    with pytest.raises(NotFound, match="no game 0022599999"):
        league.game("0022599999")


def test_a_league_of_one_team_is_refused():
    with pytest.raises(Refused, match="plays no games"):
        matchups(places(("BOS",)), 82, 2025)


def test_the_playoffs_end_every_series_with_four_wins_and_one_champion():
    league = whole_league()
    evenings = league.playoffs(2024)
    last = league.season(2024).regular.calendar.dates()[-1]
    won: dict[str, list[int]] = {}
    for stretch in evenings:
        assert min(stretch.calendar.dates()) > last + timedelta(days=3)
        points = sums(stretch, "points")
        for row, game in enumerate(stretch.ids):
            assert game_type_of(game) is GameType.PLAYOFFS
            home = points[row, 0] > points[row, 1]
            winner = stretch.calendar.home[row] if home else stretch.calendar.away[row]
            won.setdefault(game[:9], []).append(int(winner))
    assert len(won) == 15
    for winners in won.values():
        assert winners.count(winners[-1]) == 4
        assert len(winners) == 4 + sum(winner != winners[-1] for winner in winners) <= 7
    assert league.game(evenings[0].ids[0])[1] is evenings[0]


def test_games_taken_out_of_a_season_are_the_same_games(regular: Stretch):
    rows = np.array([700, 12])
    few = regular.only(rows)
    assert few.ids == (regular.ids[700], regular.ids[12])
    assert (few.played.counts == regular.played.counts[rows]).all()
    points = np.bincount(few.played.events["game"], few.played.events["hit"])
    assert points.tolist() == sums(few, "ftm").sum(axis=1).tolist()
    assert replace(few.slate, playoffs=True).playoffs
