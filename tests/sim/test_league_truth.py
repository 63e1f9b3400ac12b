"""The truth and those who guess at it: reports, books, distributions."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from tests.sim.leagues import small_league, whole_league

from fairline.domain.errors import LookAhead, Refused
from fairline.domain.markets import Market
from fairline.sim.league.books import BOOKS, prop_quotes
from fairline.sim.league.corrections import CORRECTED_AFTER, correction_of, counts_told
from fairline.sim.league.game_lines import game_lines
from fairline.sim.league.health import FROM_EVENING, PLAYS, Word
from fairline.sim.league.possessions import play
from fairline.sim.league.reports import listed_for, reported
from fairline.sim.league.seasons import Season, Stretch
from fairline.sim.league.streams import stream
from fairline.sim.league.tally import AT
from fairline.sim.league.truth import amounts, report_times, truth

HOURS = timedelta(hours=1)


def before(stretch: Stretch, row: int, hours: float = 6) -> datetime:
    return stretch.calendar.tip_at[row] - hours * HOURS


def test_the_truth_is_calibrated_against_what_then_happens(season: Season, regular: Stretch):
    rng, levels = np.random.default_rng(1), []
    for row in range(200, 1100, 45):
        told = truth(whole_league(), [regular.ids[row]], before(regular, row), draws=200, markets=[Market.POINTS])
        seats = {
            int(season.people.ids[who]): seat for seat, who in enumerate(regular.slate.slots[row].ravel()) if who >= 0
        }
        counts = regular.played.counts[row].reshape(-1, len(AT))
        for place, person in enumerate(told.player_ids):
            own = counts[seats[int(person)]]
            if own[AT["seconds"]]:
                pmf = told.pmfs[Market.POINTS][place]
                levels.append(float(pmf.pit(int(amounts(own, Market.POINTS)), rng.random())))
    in_fifths = np.histogram(levels, bins=5, range=(0, 1))[0] / len(levels)
    assert len(levels) > 380
    assert np.abs(in_fifths - 0.2).max() < 0.06


def test_the_truth_is_told_before_tip_off_only_and_not_before_anybody_reports(regular: Stretch):
    game, tip = regular.ids[300], regular.calendar.tip_at[300]
    with pytest.raises(LookAhead):
        truth(whole_league(), [game], tip, draws=50)
    with pytest.raises(Refused, match="Nothing is reported yet"):
        truth(whole_league(), [game], tip - 72 * HOURS, draws=50)


def test_the_truth_knows_nothing_of_what_will_come_of_a_report(regular: Stretch):
    slate = regular.slate.only(np.array([300]))
    otherwise = replace(slate, plays=~slate.plays, leaves=np.zeros_like(slate.leaves))
    nights = [play(each.nights(1, 40, stream(3, "x")), stream(4, "x")).counts for each in (slate, otherwise)]
    assert np.array_equal(*nights)


def test_whoever_is_out_by_the_report_is_in_no_night_of_it(season: Season, regular: Stretch):
    told = truth(whole_league(), [regular.ids[400]], before(regular, 400, 0.5), draws=60)
    listed = listed_for(season, regular, 400, before(regular, 400, 0.5))
    out = {int(season.people.ids[each.player]) for each in listed if each.word is Word.OUT}
    assert out
    assert not out & set(told.player_ids.tolist())
    person = int(told.player_ids[told.plays.argmax()])
    found = told.of(regular.ids[400], person, Market.POINTS)
    assert found is not None
    assert found.p.sum() == pytest.approx(1)
    assert told.of(regular.ids[400], min(out), Market.POINTS) is None


def test_a_game_asked_about_with_others_has_the_same_truth_as_alone():
    league = small_league()
    regular = league.season(2025).regular
    day = [row for row in range(len(regular.ids)) if regular.calendar.day[row] == regular.calendar.day[4]]
    cutoff = before(regular, day[0], 3)
    together = truth(league, [regular.ids[row] for row in day], cutoff, draws=60)
    alone = truth(league, [regular.ids[day[-1]]], cutoff, draws=60)
    person = int(alone.player_ids[0])
    one, other = (each.of(regular.ids[day[-1]], person, Market.POINTS) for each in (together, alone))
    assert one is not None
    assert other is not None
    assert np.array_equal(one.p[: other.size], other.p)


def test_a_word_keeps_its_meaning_from_the_evening_to_the_morning():
    assert FROM_EVENING.sum(axis=1) == pytest.approx(1)
    assert FROM_EVENING @ PLAYS[1] == pytest.approx(PLAYS[0], abs=1e-3)


def test_of_those_reported_so_in_the_morning_as_many_play_as_the_word_means(regular: Stretch):
    words, plays = regular.slate.words[..., 1], regular.slate.plays
    there = regular.slate.slots >= 0
    for word in (Word.PROBABLE, Word.QUESTIONABLE):
        said = there & (words == word)
        assert said.sum() > 300
        assert plays[said].mean() == pytest.approx(PLAYS[1, word], abs=0.06)
    assert not plays[there & (regular.slate.words[..., 2] == Word.OUT)].any()


def test_reports_speak_of_games_to_come_and_grow_surer(season: Season, regular: Stretch):
    at = before(regular, 500, 2)
    spoken, listed = reported(season, regular, at)
    assert all(regular.calendar.tip_at[row] > at for row in spoken)
    assert {each.row for each in listed} <= set(spoken)
    evening, _, final = report_times(regular.calendar.tip_at[500])
    assert listed_for(season, regular, 500, evening - HOURS) == []
    unsure = {Word.PROBABLE, Word.QUESTIONABLE, Word.DOUBTFUL}
    assert not unsure & {each.word for each in listed_for(season, regular, 500, final)}


def test_books_quote_half_lines_near_the_median_with_their_own_hold(season: Season, regular: Stretch):
    rows = np.arange(300, 420)
    quotes = prop_quotes(season, regular, rows, [before(regular, row, 1) for row in rows], 1)
    assert (quotes["line"] % 1 == 0.5).all()
    assert set(quotes["book"]) == {book.key for book in BOOKS}
    decimal = {side: decimals(quotes[f"{side}_american"].to_numpy()) for side in ("over", "under")}
    hold = 1 / decimal["over"] + 1 / decimal["under"] - 1
    for book in BOOKS:
        assert hold[(quotes["book"] == book.key).to_numpy()].mean() == pytest.approx(book.hold, abs=0.004)
    points = quotes.filter(quotes["market"] == "points")
    scored = points_of(season, regular)
    bets = points.select("game_id", "player_id", "line").iter_rows()
    over = [scored[game, person] > line for game, person, line in bets if (game, person) in scored]
    assert np.mean(over) == pytest.approx(0.5, abs=0.04)


def test_books_move_towards_tip_off_and_towards_each_other(season: Season, regular: Stretch):
    rows = np.arange(300, 360)
    apart = []
    for hours in (12, 0.5):
        quotes = prop_quotes(season, regular, rows, [before(regular, row, hours) for row in rows], 1)
        points = quotes.filter(quotes["market"] == "points")
        lines = points.pivot(on="book", index=["game_id", "player_id"], values="line").drop("game_id", "player_id")
        apart.append(float(np.nanmean(np.nanstd(lines.to_numpy().astype(float), axis=1))))
    assert apart[1] < 0.75 * apart[0]


def test_a_quote_is_the_same_whichever_games_are_asked_about_with_it(season: Season, regular: Stretch):
    rows = np.array([300, 301, 302])
    at = [before(regular, row, 2) for row in rows]
    several = prop_quotes(season, regular, rows, at, 1)
    alone = prop_quotes(season, regular, rows[1:2], at[1:2], 1)
    assert several.filter(several["game_id"] == regular.ids[301]).equals(alone)


def test_spreads_and_totals_are_about_right(season: Season, regular: Stretch):
    rows = np.arange(len(regular.ids))
    lines = game_lines(season, regular, rows, [before(regular, row, 1) for row in rows], 1)
    points = regular.played.counts[..., AT["points"]].sum(axis=2)
    first = lines.unique("game_id", keep="first", maintain_order=True)
    assert (points[:, 0] - points[:, 1] + first["home_spread"].to_numpy()).mean() == pytest.approx(0, abs=1.0)
    assert (points.sum(axis=1) - first["total"].to_numpy()).mean() == pytest.approx(0, abs=3.0)


def test_a_correction_moves_one_count_and_no_score(regular: Stretch):
    wrong = [row for row in range(len(regular.ids)) if correction_of(regular, row, 1) is not None]
    assert 0.04 < len(wrong) / len(regular.ids) < 0.12
    row = wrong[10]
    tip = regular.calendar.tip_at[row]
    at_first, later = counts_told(regular, 1, tip + 3 * HOURS), counts_told(regular, 1, tip + CORRECTED_AFTER)
    assert np.abs(at_first[row] - later[row]).sum() == 2
    assert (at_first[row].sum(axis=1) == later[row].sum(axis=1)).all()
    assert (at_first >= 0)[..., : AT["plus_minus"]].all()
    assert np.array_equal(later[row], regular.played.counts[row])


def decimals(american: np.ndarray) -> np.ndarray:
    return 1 + np.where(american > 0, american / 100, 100 / np.abs(american))


def points_of(season: Season, stretch: Stretch) -> dict[tuple[str, int], int]:
    counts, found = stretch.played.counts, {}
    for row, side, slot in np.argwhere(counts[..., AT["seconds"]] > 0):
        person = int(season.people.ids[stretch.slate.slots[row, side, slot]])
        found[stretch.ids[row], person] = int(counts[row, side, slot, AT["points"]])
    return found
