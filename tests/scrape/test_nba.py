"""What NBA.com is asked: its own addresses and parameters, and nothing before there can be an answer."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fairline.domain.dates import EASTERN
from fairline.scrape import nba
from fairline.scrape.contract import GameWanted, Question, Wanted

BOS, NYK, LAL, GSW = 1610612738, 1610612752, 1610612747, 1610612744
DAY = date(2025, 11, 28)
EARLY = GameWanted("0022500101", DAY, BOS, NYK, datetime(2025, 11, 29, 0, 30, tzinfo=UTC))
LATE = GameWanted("0022500102", DAY, LAL, GSW, datetime(2025, 11, 29, 3, 0, tzinfo=UTC))


def eastern(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    """A time of the day on Eastern clocks, in UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=EASTERN).astimezone(UTC)


def asked(name: str, now: datetime, *games: GameWanted, day: date = DAY) -> list[Question]:
    """The questions of one scraper."""
    scraper = next(each for each in nba.SCRAPERS if each.name == name)
    return list(scraper.questions(Wanted(day, now, games)))


def test_a_box_score_is_asked_for_when_its_game_may_be_over_and_not_before() -> None:
    def games(now: datetime) -> list[str]:
        return [each.params["GameID"] for each in asked("nba_box_score", now, EARLY, LATE)]

    assert games(eastern(21)) == []
    assert games(eastern(22)) == ["0022500101"]
    assert games(eastern(23, 59) + timedelta(hours=2)) == ["0022500101", "0022500102"]


def test_a_postponed_game_and_one_without_a_tip_off_today_have_no_box_score() -> None:
    postponed = GameWanted("0022500103", DAY, BOS, NYK, EARLY.tip_at, status="postponed")
    undated = GameWanted("0022500104", DAY, BOS, NYK, None)
    assert asked("nba_box_score", eastern(23), postponed, undated) == []
    assert len(asked("nba_box_score", eastern(6) + timedelta(days=1), postponed, undated)) == 1


def test_the_log_is_asked_once_for_each_kind_of_game_of_the_day() -> None:
    final = GameWanted("0062500001", DAY, BOS, NYK, EARLY.tip_at)
    questions = asked("nba_game_log_players", eastern(23), EARLY, final)
    assert [each.params["SeasonType"] for each in questions] == ["Regular Season", "IST"]
    assert {each.params["Season"] for each in questions} == {"2025-26"}
    assert questions[0].params["DateFrom"] == questions[0].params["DateTo"] == "2025-11-28"
    assert [each.params["SeasonType"] for each in asked("nba_game_log_teams", eastern(23))] == ["Regular Season"]


def test_the_season_of_a_day_in_june_is_the_one_that_began_the_year_before() -> None:
    assert asked("nba_schedule", eastern(9), day=date(2025, 6, 22))[0].params["Season"] == "2024-25"


def test_a_gamebook_lies_under_the_date_and_the_visitors_first() -> None:
    (question,) = asked("nba_gamebook", eastern(23), EARLY)
    assert question.url == "https://statsdmz.nba.com/pdfs/20251128/20251128_NYKBOS.pdf"
    assert question.day == DAY


@pytest.mark.parametrize(
    ("day", "last", "count"),
    [
        (date(2025, 12, 22), "Injury-Report_2025-12-22_05PM.pdf", 18),
        (date(2025, 12, 23), "Injury-Report_2025-12-23_05_30PM.pdf", 71),
    ],
)
def test_injury_reports_change_their_names_and_come_every_quarter_of_an_hour_from_23_december(
    day: date, last: str, count: int
) -> None:
    questions = asked("nba_injury_report", eastern(17, 31, day), day=day)
    assert questions[0].url.rpartition("/")[2] == last
    assert len(questions) == count
    assert len({each.url for each in questions}) == count


def test_no_report_of_a_day_to_come_is_asked_for_and_a_past_day_is_asked_for_whole() -> None:
    assert asked("nba_injury_report", eastern(9), day=DAY + timedelta(days=1)) == []
    assert len(asked("nba_injury_report", eastern(9), day=DAY - timedelta(days=3))) == 24


def test_a_report_not_yet_published_is_absent_and_not_a_failure() -> None:
    scraper = next(each for each in nba.SCRAPERS if each.name == "nba_injury_report")
    assert scraper.absent == {403, 404}


def test_the_clocks_going_back_name_no_report_twice() -> None:
    urls = [nba.report_url(at) for at in nba.report_times(date(2026, 11, 1))]
    assert len(set(urls)) == 96


def test_the_live_scoreboard_is_asked_for_today_alone() -> None:
    assert len(asked("nba_scoreboard_live", eastern(20))) == 1
    assert asked("nba_scoreboard_live", eastern(20), day=DAY - timedelta(days=1)) == []


def test_every_question_goes_to_a_host_of_its_source_and_carries_no_secret() -> None:
    from urllib.parse import urlsplit

    for scraper in nba.SCRAPERS:
        questions = list(scraper.questions(Wanted(DAY, eastern(23, 30) + timedelta(hours=2), (EARLY, LATE))))
        hosts = {urlsplit(each.url).hostname for each in questions}
        assert hosts <= set(scraper.source.hosts), scraper.name
        assert all(each.what for each in questions)


def test_each_kind_that_is_scraped_has_a_parser_and_each_scraper_a_name_of_its_own() -> None:
    from fairline.raw.nba import KINDS

    assert len({each.name for each in nba.SCRAPERS}) == len(nba.SCRAPERS)
    assert {kind.name for kind in KINDS} <= {each.kind for each in nba.SCRAPERS}
