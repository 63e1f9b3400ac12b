"""Names: every rule, and that a likeness is never one."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.raw.world import BOS, GSW, LAL, NYK, PLAYERS, League, box_scores, quote, quotes, schedule

from fairline.raw.held import Held
from fairline.raw.names import Rule, candidates, read_name
from fairline.raw.schema import PROP_QUOTES, UNRESOLVED_NAMES

BEFORE = "2024-11-04 18:00:00+00:00"


def resolved(league: League, written: str, home: str = "BOS", away: str = "NYK") -> int | None:
    league.take(quotes(quote(written, BEFORE, home_team=home, away_team=away)))
    held = league.rows(PROP_QUOTES).filter(pl.col("player_name") == written.strip())
    return held["player_id"].item() if held.height else None


@pytest.mark.parametrize(
    ("written", "person"),
    [
        ("Nikola Vucevic", 901), ("NIKOLA VUČEVIĆ", 901), ("Vucevic, Nikola", 901), ("Vucevic Nikola", 901),
        ("N. Vucevic", 901), ("Nik. Vucevic", 901), ("Nikola Vucevic Jr.", 901), ("Nikola (1990) Vucevic", 901),
        ("Jalen (2001) Johnson", 902), ("Jalen Johnson (BOS)", 902), ("Jalen Tyrese Johnson", 902),
        ("Herb Jones", 903), ("Jones, Herbert", 903), ("Jaren Jackson", 904), ("Jaren Jackson Jr", 904),
        ("Jaren Jackson, Jr.", 904), ("Jaren Jackson’", 904),
    ],
)  # fmt: skip
def test_a_name_is_one_person_however_a_book_writes_it(league: League, written: str, person: int):
    assert resolved(league, written) == person


def test_an_initial_that_two_teammates_share_waits_and_names_both(league: League):
    assert resolved(league, "J. Green", "LAL", "GSW") is None
    waiting = league.rows(UNRESOLVED_NAMES)
    assert waiting.select("name", "problem", "rows").rows() == [("J. Green", "ambiguous", 1)]
    assert waiting["candidates"].item() == "Jalen Green (905); Jeff Green (906)"


def test_an_initial_is_enough_where_the_game_has_one_such_player(league: League):
    assert resolved(league, "D. Green", "LAL", "GSW") == 907


def test_a_misspelled_name_is_proposed_but_not_resolved(league: League):
    assert resolved(league, "Nikola Vucevitch") is None
    waiting = league.rows(UNRESOLVED_NAMES)
    assert waiting["problem"].item() == "unknown"
    assert waiting["candidates"].item().startswith("Nikola Vučević (901)")


def test_two_players_of_one_name_are_told_apart_by_their_teams(nothing: League):
    twins = (*PLAYERS, (911, "Sam Twin", BOS, ()), (912, "Sam Twin", LAL, ()))
    nothing.take(schedule(), box_scores(twins))
    assert resolved(nothing, "Sam Twin", "BOS", "NYK") == 911


def test_two_players_of_one_name_in_one_game_wait(nothing: League):
    twins = (*PLAYERS, (911, "Sam Twin", BOS, ()), (912, "Sam Twin", NYK, ()))
    nothing.take(schedule(), box_scores(twins))
    assert resolved(nothing, "Sam Twin", "BOS", "NYK") is None
    assert nothing.rows(UNRESOLVED_NAMES)["problem"].item() == "ambiguous"


def test_a_stated_opponent_tells_such_players_apart(nothing: League):
    twins = (*PLAYERS, (911, "Sam Twin", BOS, ()), (912, "Sam Twin", NYK, ()))
    nothing.take(schedule(), box_scores(twins))
    nothing.take(quotes(quote("Sam Twin", BEFORE, opponent="BOS", tipoff="2024-11-05 00:30:00+00:00")))
    assert nothing.rows(PROP_QUOTES)["player_id"].to_list() == [912]


def test_a_suffix_tells_father_and_son_apart_and_its_absence_does_not(nothing: League):
    family = (*PLAYERS, (921, "Al Senior", BOS, ()), (922, "Al Senior Jr.", BOS, ()))
    nothing.take(schedule(), box_scores(family))
    assert resolved(nothing, "Al Senior, Jr.") == 922
    assert resolved(nothing, "Al Senior") is None


def test_an_abbreviation_never_stands_for_someone_whose_namesake_is_active(nothing: League):
    # "Al Green" is a player of the other game; he must not become "Alan Green" of this one.
    players = (*PLAYERS, (931, "Al Green", GSW, ()), (932, "Alan Green", BOS, ()))
    nothing.take(schedule(), box_scores(players))
    (report,) = nothing.take(quotes(quote("Al Green", BEFORE, home_team="BOS", away_team="NYK")))
    assert report.quarantined == {"wrong_game": 1}


def test_a_player_without_any_box_score_is_unknown(league: League):
    assert resolved(league, "Future Draftee") is None
    assert league.rows(UNRESOLVED_NAMES)["problem"].item() == "unknown"


def test_a_player_who_came_after_others_were_looked_up_is_found(league: League):
    assert resolved(league, "Late Signing") is None
    late = Held(league.warehouse)
    assert not late.people.is_empty()  # as they were before he came
    league.take(box_scores([(941, "Late Signing", BOS, ())]))
    assert candidates(["Late Signing"], late)["player_id"].unique().to_list() == [941]
    assert resolved(league, "Late Signing") == 941


@given(st.text(max_size=40))
def test_any_text_is_a_name_or_none(text: str):
    name = read_name(text)
    assert name is None or (name.words and all(word.isascii() and word.islower() for word in name.words))


@given(st.sampled_from([player[1] for player in PLAYERS]), st.sampled_from(["", " Jr.", " III", ", Sr.", " (BOS)"]))
def test_suffixes_accents_and_notes_leave_the_name_itself(name: str, behind: str):
    plain, decorated = read_name(name), read_name(name.upper() + behind)
    assert plain is not None
    assert decorated is not None
    assert decorated.whole == plain.whole


def test_only_the_loosest_rules_need_a_team():
    assert [rule.name for rule in Rule if rule.needs_team] == ["WITHOUT_MIDDLE", "ABBREVIATED"]


def test_an_alias_wins_and_the_next_import_of_the_file_resolves(league: League):
    from fairline.raw.waiting_room import add_alias

    file = quotes(quote("The Joker", BEFORE, home_team="BOS", away_team="NYK"))
    (first,) = league.take(file)
    assert (first.unresolved_rows, first.unresolved_names) == (1, 1)
    assert add_alias(league.warehouse, "The Joker", 901, now=league.clock.now()) == "Nikola Vučević"
    (second,) = league.take(file)
    assert (second.written, second.unresolved_rows) == (1, 0)
    assert league.rows(UNRESOLVED_NAMES).is_empty()


def test_an_alias_for_one_team_is_for_that_team_alone(league: League):
    from fairline.raw.waiting_room import add_alias

    add_alias(league.warehouse, "J. Green", 906, team_id=LAL, now=league.clock.now())
    assert resolved(league, "J. Green", "LAL", "GSW") == 906
    add_alias(league.warehouse, "J. Jackson", 904, team_id=BOS, now=league.clock.now())
    assert NYK != BOS
    assert resolved(league, "J. Jackson") == 904  # by its initial: the alias is for another team
