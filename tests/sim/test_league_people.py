"""What the people of the simulated league do is what they can: rotations, zones, rates, and how all of it drifts."""

from datetime import date

import numpy as np
import pytest
from tests.sim.leagues import whole_league

from fairline.sim.league.form import ROLE_DAYS
from fairline.sim.league.levels import BY_MINUTES, FREE_THROW, MADE, levelled
from fairline.sim.league.people import People
from fairline.sim.league.plans import ROTATION, SPARE
from fairline.sim.league.seasons import Season, Stretch
from fairline.sim.league.shots import shots
from fairline.sim.league.talents import THREES, ZONES, Floats, Whole, drawn_talents
from fairline.sim.league.tally import AT


def totals(season: Season, name: str) -> Floats:
    """What each player counted in the regular season."""
    slots, counts = season.regular.slate.slots, season.regular.played.counts[..., AT[name]]
    sat = slots >= 0
    return np.bincount(slots[sat], counts[sat], minlength=len(season.people.ids))


def regulars(season: Season) -> Whole:
    """Who played a thousand minutes."""
    return np.flatnonzero(totals(season, "seconds") > 60_000)


def test_a_side_plays_its_rotation_and_a_few_more_at_most(regular: Stretch):
    played = (regular.played.counts[..., AT["seconds"]] > 0).sum(axis=2)
    # With fewer than eight fit a real team would sign somebody for the night; here they play on.
    assert (played < 8).mean() < 0.01
    assert played.max() <= ROTATION.max() + SPARE
    assert 9.5 < played.mean() < 11.5


def test_five_start_and_play_more_than_those_who_come_in_for_them(regular: Stretch):
    seconds, started = regular.played.counts[..., AT["seconds"]], regular.played.started
    assert (started.sum(axis=2) == 5).all()
    assert (seconds[started] > 0).all()
    assert seconds[started].mean() > 1.8 * seconds[~started & (seconds > 0)].mean()


def test_shots_are_taken_where_their_zone_is_and_threes_count_from_behind_the_arc(season: Season, regular: Stretch):
    taken = shots(regular.only(np.arange(400, 460)), whole_league().seed)
    feet = {zone: taken.filter(zone=place)["distance"] for place, zone in enumerate(ZONES)}
    assert all(len(distances) > 300 for distances in feet.values())
    assert feet["rim"].max() <= 5 < feet["mid"].min()
    assert (taken["three"] == taken["zone"].is_in(THREES)).all()
    assert taken.filter("three")["distance"].min() >= 21
    centres = season.people.position[taken["player"].to_numpy()] == 2
    at_rim = (taken["zone"] == 0).to_numpy()
    assert at_rim[centres].mean() > 1.3 * at_rim[~centres].mean()


@pytest.mark.parametrize(
    ("counted", "talent"),
    [("oreb", "oreb"), ("dreb", "dreb"), ("assists", "passing"), ("blocks", "block"), ("steals", "steal"),
     ("fouls", "foul"), ("fga", "use")],
)  # fmt: skip
def test_whoever_can_do_a_thing_better_does_more_of_it(season: Season, counted: str, talent: str):
    some = regulars(season)
    rate = totals(season, counted)[some] / totals(season, "seconds")[some]
    assert np.corrcoef(rate, getattr(season.people.talents, talent)[some])[0, 1] > 0.7


def test_good_free_throwers_make_theirs_and_those_fouled_more_shoot_more(season: Season):
    some = regulars(season)
    tried, hit = (totals(season, name)[some] for name in ("fta", "ftm"))
    often = tried > 60
    talents = season.people.talents
    assert np.corrcoef((hit / np.maximum(tried, 1))[often], talents.free_throw[some][often])[0, 1] > 0.75
    a_play = tried / (totals(season, "fga")[some] + 0.44 * tried)
    assert np.corrcoef(a_play, talents.drawn[some])[0, 1] > 0.5


def test_roles_and_form_drift_slowly_and_apart_for_each(season: Season):
    form, some = season.form, regulars(season)
    for drifting in (form.minutes[:, some], form.use[:, some], form.shooting[:, some]):
        apart = drifting - drifting.mean(axis=0)
        assert (apart.std(axis=0) > 0).all()
        day, month, season_long = (_correlation(apart, lag) for lag in (1, 30, int(4 * ROLE_DAYS)))
        assert day > 0.9
        assert day > month > season_long
    assert np.ptp(form.minutes[:170, some], axis=0).mean() > 4


def _correlation(apart: Floats, lag: int) -> float:
    return float(np.corrcoef(apart[:-lag].ravel(), apart[lag:].ravel())[0, 1])


def test_a_year_changes_what_people_can_and_takes_minutes_from_the_old():
    before, after = (whole_league().season(year).people for year in (2024, 2025))
    both = np.intersect1d(before.ids, after.ids)
    then, now = (np.flatnonzero(np.isin(people.ids, both)) for people in (before, after))
    then, now = then[np.argsort(before.ids[then])], now[np.argsort(after.ids[now])]
    grown = after.talents.use[now] / before.talents.use[then]
    assert 0.05 < np.log(grown).std() < 0.3
    ages = before.ages(date(2024, 10, 1))[then]
    minutes = after.talents.minutes[now] - before.talents.minutes[then]
    assert minutes[ages < 23].mean() > minutes[ages > 32].mean() + 1
    assert len(after.ids) - len(both) > 15


def test_the_league_as_a_whole_stays_at_its_level_over_the_seasons():
    for year in (2024, 2025):
        people = whole_league().season(year).people
        for name, mean in BY_MINUTES.items():
            own = np.average(getattr(people.talents, name), weights=people.talents.minutes)
            assert own == pytest.approx(mean, rel=1e-9)
        assert _free_throws(people) == pytest.approx(FREE_THROW, abs=0.002)


def _free_throws(people: People) -> float:
    talents = people.talents
    return float(np.average(talents.free_throw, weights=talents.minutes * talents.use * talents.drawn))


def test_levelling_moves_everyone_alike_and_a_levelled_league_not_at_all():
    rng = np.random.default_rng(3)
    drawn = drawn_talents(rng, rng.integers(0, 3, 480), np.tile(np.arange(16), 30))
    level = levelled(drawn)
    assert np.ptp(level.block / drawn.block) == pytest.approx(0)
    assert np.ptp((level.make - drawn.make)[:, 0]) == pytest.approx(0)
    again = levelled(level)
    # But for the few chances that were cut off at the edges of what is possible.
    assert again.make == pytest.approx(level.make, abs=1e-4)
    assert np.average(again.make[:, 2], weights=level.minutes * level.use * level.zones[:, 2]) == pytest.approx(
        MADE[2], abs=1e-4
    )
