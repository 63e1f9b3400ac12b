"""BallDontLie's games and teams."""

from datetime import date
from pathlib import Path

import pytest
from tests.raw.answers import answer, content, holding, instant, kinds_that_fit, read, reasons, row
from tests.raw.balldontlie.conftest import (
    ADVANCED,
    BOX_SCORES,
    GAMES_OF_A_DAY,
    INJURIES,
    PLAYERS_ACTIVE,
    STATISTICS,
    TEAMS_EVER,
)  # fmt: skip
from tests.raw.world import League

from fairline.domain.teams import team
from fairline.raw.schema import GAMES, PROVIDER_GAMES


@pytest.fixture
def evening(nothing: League) -> League:
    """A home that holds two games of 20 February 2025."""
    games = (
        ("0022400796", "2025-02-20", "22:00:00", "POR", "LAL"),
        ("0022400792", "2025-02-20", "19:30:00", "NYK", "CHI"),
    )
    return holding(nothing, games, (), date(2025, 2, 12))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (ADVANCED, "balldontlie_advanced_stats"), (BOX_SCORES, "balldontlie_box_scores"),
        (GAMES_OF_A_DAY, "balldontlie_games"), (INJURIES, "balldontlie_injuries"),
        (PLAYERS_ACTIVE, "balldontlie_players"), (STATISTICS, "balldontlie_stats"), (TEAMS_EVER, "balldontlie_teams"),
    ],
)  # fmt: skip
def test_each_answer_is_known_by_its_content(path: str, kind: str, shared: Path) -> None:
    assert kinds_that_fit(content(shared, path)) == [kind]


def test_an_empty_page_could_be_of_any_kind_and_reads_as_the_one_asked_for(nothing: League) -> None:
    empty = b'{"data": [], "meta": {"per_page": 100}}'
    assert sum(kind.startswith("balldontlie") for kind in kinds_that_fit(empty)) == 7
    reading = read(empty, "balldontlie_box_scores", nothing)
    assert (reading.error, reading.came.height) == ("", 0)


def test_a_late_game_in_the_west_belongs_to_the_day_before_its_utc_date(shared: Path, evening: League) -> None:
    reading = read(content(shared, GAMES_OF_A_DAY), "balldontlie_games", evening, "2025-02-21T12:00:00")
    known = row(reading, PROVIDER_GAMES, provider_game_id="15908527")
    assert (known["game_id"], known["game_date"]) == ("0022400796", date(2025, 2, 20))
    assert known["commence_at"] == instant("2025-02-21T03:00:00")
    result = row(reading, GAMES, game_id="0022400796")
    assert (result["home_team_id"], result["home_points"], result["away_points"]) == (team("POR").team_id, 102, 110)
    assert row(reading, GAMES, game_id="0022400792")["overtimes"] == 1
    assert reasons(reading) == {"no_game": 7}


def test_a_status_before_tip_off_is_the_hour_itself(shared: Path, evening: League) -> None:
    told = answer(shared, GAMES_OF_A_DAY)
    game = next(each for each in told["data"] if each["id"] == 15908527)
    expected = {
        "10:00 pm ET": "scheduled", "2025-02-21T03:00:00Z": "scheduled", "3rd Qtr": "live", "Halftime": "live",
        "OT1": "live", "Final": "final", "Postponed": "postponed", "who knows": "unknown",
    }  # fmt: skip
    for status, state in expected.items():
        reading = read({"data": [game | {"status": status}]}, "balldontlie_games", evening, "2025-02-21T05:00:00")
        assert (row(reading, PROVIDER_GAMES)["status"], reading.parsed.rows[GAMES].height) == (state, state == "final")


def test_older_answers_give_a_date_alone(shared: Path, evening: League) -> None:
    told = answer(shared, GAMES_OF_A_DAY)
    game = next(each for each in told["data"] if each["id"] == 15908527)
    del game["datetime"]
    game["date"] = "2025-02-20T00:00:00.000Z"
    known = row(read({"data": [game]}, "balldontlie_games", evening), PROVIDER_GAMES)
    assert (known["game_id"], known["commence_at"]) == ("0022400796", None)


def test_the_first_nuggets_and_the_capitols_are_no_teams_of_today(shared: Path, nothing: League) -> None:
    reading = read(content(shared, TEAMS_EVER), "balldontlie_teams", nothing)
    assert reasons(reading) == {"former_team": 15}
    assert "50 Denver Nuggets is none of the thirty teams" in reading.parsed.aside["detail"].to_list()


def test_a_number_that_comes_to_mean_another_team_is_noticed(shared: Path, nothing: League) -> None:
    told = answer(shared, TEAMS_EVER)
    told["data"][1]["full_name"] = "Seattle SuperSonics"
    told["data"][2]["full_name"] = "Las Vegas Aces"
    assert reasons(read(told, "balldontlie_teams", nothing)) == {"former_team": 15, "wrong_team": 2}
