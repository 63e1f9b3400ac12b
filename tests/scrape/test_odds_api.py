"""What is asked of The Odds API, and what it will charge."""

from datetime import UTC, date, datetime

import pytest

from fairline.domain.errors import NotFound
from fairline.domain.teams import team
from fairline.scrape.contract import GameWanted, Question, Wanted
from fairline.scrape.credits import quota_in
from fairline.scrape.odds_api import SOURCE, price
from fairline.scrape.scrapers import scraper_named

DAY = date(2025, 11, 28)
AFTERNOON, NIGHT = datetime(2025, 11, 28, 20, tzinfo=UTC), datetime(2025, 11, 29, 2, tzinfo=UTC)
EARLY = GameWanted(
    "0022500073", DAY, team("IND").team_id, team("WAS").team_id, datetime(2025, 11, 29, 0, 40, tzinfo=UTC),
    ids={"odds_api": "72d83440", "espn": "401"},
)  # fmt: skip
LATE = GameWanted(
    "0022500079", DAY, team("LAL").team_id, team("DAL").team_id, datetime(2025, 11, 29, 3, 10, tzinfo=UTC),
    ids={"odds_api": "5fd1"},
)  # fmt: skip
UNLISTED = GameWanted(
    "0022500074", DAY, team("BKN").team_id, team("PHI").team_id, datetime(2025, 11, 29, 1, tzinfo=UTC)
)


def questions(name: str, **given: object) -> list[Question]:
    """What a scraper asks for that evening."""
    wanted = {"games": (EARLY, LATE, UNLISTED), "markets": ("points", "pra"), "now": AFTERNOON} | given
    return list(scraper_named(name).questions(Wanted(DAY, **wanted)))  # type: ignore[arg-type]


def test_the_days_games_are_listed_for_the_day_on_eastern_clocks_and_for_nothing() -> None:
    (question,) = questions("odds_api_events")
    assert question.url == "https://api.the-odds-api.com/v4/sports/basketball_nba/events"
    assert question.params["commenceTimeFrom"] == "2025-11-28T05:00:00Z"
    assert question.params["commenceTimeTo"] == "2025-11-29T05:00:00Z"
    assert question.credits == 0


def test_each_game_the_provider_knows_is_asked_about_by_its_own_id_at_one_credit_a_market() -> None:
    first, second = questions("odds_api_event_odds", books=("draftkings", "caesars"))
    assert first.url.endswith("/sports/basketball_nba/events/72d83440/odds")
    assert second.url.endswith("/events/5fd1/odds")
    assert first.params["markets"] == "player_points,player_points_rebounds_assists"
    assert first.params["bookmakers"] == "draftkings,williamhill_us"
    assert (first.credits, first.day) == (2, DAY)


def test_prices_are_asked_for_as_american_odds_which_decimals_would_round() -> None:
    assert {question.params["oddsFormat"] for question in questions("odds_api_event_odds")} == {"american"}


def test_a_game_that_has_begun_is_not_paid_for() -> None:
    (question,) = questions("odds_api_event_odds", now=NIGHT)
    assert question.url.endswith("/events/5fd1/odds")


def test_more_than_ten_books_cost_as_another_region_and_the_past_ten_times_as_much() -> None:
    eleven = tuple(f"book{number}" for number in range(11))
    assert {question.credits for question in questions("odds_api_event_odds", books=eleven)} == {4}
    assert price(2, eleven, past=True) == 40


def test_without_books_the_us_region_is_asked_for() -> None:
    question = questions("odds_api_event_odds")[0]
    assert question.params["regions"] == "us"
    assert "bookmakers" not in question.params


def test_the_lines_of_all_games_are_one_question() -> None:
    (question,) = questions("odds_api_game_lines")
    assert question.params["markets"] == "h2h,spreads,totals"
    assert (question.url.rpartition("/")[2], question.credits) == ("odds", 3)
    assert questions("odds_api_game_lines", games=()) == []


def test_of_a_past_day_the_closing_quotes_are_asked_for() -> None:
    later = datetime(2026, 2, 1, tzinfo=UTC)
    (listing,) = questions("odds_api_historical_events", now=later)
    assert (listing.params["date"], listing.credits) == ("2025-11-28T15:00:00Z", 1)
    first, second = questions("odds_api_historical_event_odds", now=later)
    assert first.url.endswith("/v4/historical/sports/basketball_nba/events/72d83440/odds")
    assert (first.params["date"], second.params["date"]) == ("2025-11-29T00:35:00Z", "2025-11-29T03:05:00Z")
    assert first.credits == 20


def test_nothing_is_asked_of_days_before_the_provider_kept_props() -> None:
    old = Wanted(date(2023, 4, 1), AFTERNOON, (EARLY,), ("points",))
    assert list(scraper_named("odds_api_historical_event_odds").questions(old)) == []


def test_a_market_that_is_none_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(NotFound):
        questions("odds_api_event_odds", markets=("dunks",))


def test_its_headers_tell_the_credits() -> None:
    said = quota_in(
        {"x-requests-remaining": "19841.0", "x-requests-used": "159", "x-requests-last": "5"}, SOURCE, AFTERNOON
    )
    assert said is not None
    assert (said.remaining, said.used, said.last_cost) == (19841, 159, 5)
