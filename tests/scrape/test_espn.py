"""What is asked of ESPN."""

from datetime import UTC, date, datetime

from fairline.domain.teams import TEAMS, find_team, team
from fairline.scrape.contract import GameWanted, Wanted
from fairline.scrape.espn import OWN_ABBREVIATIONS, SCRAPERS, SOURCE, TEAM_NUMBERS, box_scores, scoreboard

DAY = date(2024, 1, 15)
EVENING = datetime(2024, 1, 15, 22, tzinfo=UTC)
EARLY, LATE = datetime(2024, 1, 15, 18, tzinfo=UTC), datetime(2024, 1, 16, 3, 30, tzinfo=UTC)


def game(game_id: str, tip_at: datetime | None, **ids: str) -> GameWanted:
    return GameWanted(game_id, DAY, team("PHI").team_id, team("HOU").team_id, tip_at, ids=ids)


def test_the_scoreboard_is_asked_for_by_the_eastern_date() -> None:
    (question,) = scoreboard(Wanted(DAY, EVENING))
    assert question.url == "https://site.api.espn.com/apis/site/v2/sports/basketball/nba/scoreboard"
    assert (question.params, question.day) == ({"dates": "20240115"}, DAY)


def test_a_box_score_is_asked_for_once_the_game_may_be_over_and_its_id_is_known() -> None:
    over = game("0022300555", EARLY, espn_scoreboard="401585183", balldontlie_games="1038184")
    games = (over, game("0022300565", LATE, espn_scoreboard="401585193"), game("0022300556", EARLY))
    (question,) = box_scores(Wanted(DAY, EVENING, games))
    assert question.url == "https://www.espn.com/nba/boxscore/_/gameId/401585183"
    assert (question.day, question.what) == (DAY, "box score 0022300555")


def test_every_team_has_its_roster_asked_for_under_espn_s_number_and_abbreviation() -> None:
    by_name = {each.name: list(each.questions(Wanted(DAY, EVENING))) for each in SCRAPERS}
    assert sorted(TEAM_NUMBERS) == sorted(each.abbreviation for each in TEAMS)
    assert sorted(TEAM_NUMBERS.values()) == list(range(1, 31))
    api = {question.what: question for question in by_name["espn_roster"]}
    assert api["roster BOS"].url.endswith("/nba/teams/2")
    assert api["roster BOS"].params == {"enable": "roster"}
    assert len({question.url for question in by_name["espn_roster_page"]}) == 30
    assert all(find_team(own) is team(nba) for nba, own in OWN_ABBREVIATIONS.items())


def test_every_question_goes_to_a_host_of_the_source() -> None:
    wanted = Wanted(DAY, EVENING, (game("0022300555", EARLY, espn_scoreboard="401585183"),))
    asked = [question.url.split("/")[2] for each in SCRAPERS for question in each.questions(wanted)]
    assert set(asked) == set(SOURCE.hosts)
