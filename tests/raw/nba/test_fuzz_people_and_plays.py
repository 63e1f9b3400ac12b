"""Whatever comes in place of play-by-play, people or a PDF, nothing is raised and every record is accounted for."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.raw.mutations import broken_bytes, mutated, overwritten
from tests.raw.nba.reading import accounted_for, content, holding_games, kind_called, kinds_of, read
from tests.raw.nba.test_gamebook import CELTICS, END, KNICKS, TOP, book
from tests.raw.nba.test_people import player
from tests.raw.nba.test_referees_and_shots import chart, shot
from tests.raw.world import League

from fairline.domain.errors import BrokenContract
from fairline.raw.nba.roster import EMBEDDED

ANSWERS = {
    "nba_play_by_play": "stats_nba_com/nba_api_docs_playbyplayv3.json.gz",
    "nba_play_by_play_live": "cdn_nba_com/nbac_play_by_play_raw_416e8d5c.json.gz",
    "nba_players": "stats_nba_com/nbac_player_list_raw_7af00b51.json.gz",
    "nba_player_movement": "cdn_nba_com/nbac_player_movement_raw_1ecdb80d.json.gz",
    "nba_referees": "cdn_nba_com/nbac_referee_assignments_raw_718e62b3.json",
    "nba_roster": "stats_nba_com/nbac_roster_raw_79002ff4.html.gz",
}
PDFS = {
    "nba_gamebook": "nba_gamebook_pdf/20240410_MEMCLE.pdf",
    "nba_injury_report": "nba_injury_report_pdf/raw_f4391904.pdf",
}
AT = "2025-11-05T14:00:00"
MANY = settings(max_examples=30, suppress_health_check=list(HealthCheck))
FEW = settings(max_examples=12, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> League:
    """A home that holds the games of the payloads, for every example."""
    return holding_games(League.empty(tmp_path_factory.mktemp("files")))


def bears(came: bytes, kind: str, league: League) -> None:
    reading = read(came, kind, AT, league)
    assert accounted_for(reading)
    assert set(reading.parsed.rows) <= set(kind_called(kind).tables)
    with suppress(BrokenContract):
        kinds_of(came)


@pytest.mark.parametrize("kind", ANSWERS)
def test_no_answer_however_broken_raises_or_loses_a_record(kind: str, shared: Path, known: League) -> None:
    @MANY
    @given(mutated(content(shared, ANSWERS[kind]), most_records=4))
    def every(came: bytes) -> None:
        bears(came, kind, known)

    every()


@pytest.mark.parametrize("inside", ["team", "players"])
def test_no_page_with_broken_players_in_it_raises_or_loses_one(inside: str, shared: Path, known: League) -> None:
    start, end = (mark.encode() for mark in EMBEDDED)
    whole = json.loads(content(shared, ANSWERS["nba_roster"]).partition(start)[2].partition(end)[0])
    team = {"roster": whole["props"]["pageProps"]["team"]["roster"]}
    told = {"team": team, "players": [player(), player(PERSON_ID=2)]}
    page = {"props": {"pageProps": {inside: told[inside]}}}

    @MANY
    @given(mutated(json.dumps(page).encode(), most_records=4))
    def every(came: bytes) -> None:
        bears(b"<html>" + start + came + end, "nba_roster", known)

    every()


@MANY
@given(came=mutated(json.dumps(chart(shot(), shot(LOC_X=0), shot(PERIOD=5))).encode()))
def test_no_shot_chart_however_broken_raises_or_loses_a_record(came: bytes, known: League) -> None:
    bears(came, "nba_shots", known)


@pytest.mark.parametrize("kind", PDFS)
def test_no_pdf_however_broken_raises_or_is_lost(kind: str, shared: Path, known: League) -> None:
    plain = content(shared, PDFS[kind])
    places = st.integers(0, len(plain) - 1)

    @FEW
    @given(st.one_of(broken_bytes(plain), st.lists(st.tuples(places, st.binary(min_size=1, max_size=8)), max_size=20)))
    def every(came: bytes | list[tuple[int, bytes]]) -> None:
        whole = plain
        for place, junk in () if isinstance(came, bytes) else came:
            whole = overwritten(whole, place, junk)
        bears(came if isinstance(came, bytes) else whole, kind, known)

    every()


@FEW
@given(
    lines=st.lists(st.sampled_from([*CELTICS, *KNICKS, "", "240:00", "Inactive: Knicks - ((", "HOME: x", "9" * 300]))
)
def test_no_page_of_a_gamebook_however_shuffled_raises_or_loses_a_line(lines: list[str], known: League) -> None:
    bears(book(*TOP, *lines, *END), "nba_gamebook", known)
