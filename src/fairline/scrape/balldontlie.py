"""Questions to BallDontLie's API, version 1: pages of at most a hundred records, each telling where the next begins.

What a key may ask depends on its tier: teams, players and games are free; statistics, injuries and active players need
the second; box scores of a date and advanced statistics the third.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from fairline.domain.errors import BrokenContract
from fairline.scrape.contract import JSON, Question, Scraper, Source, Wanted
from fairline.scrape.nba import begun

API = "https://api.balldontlie.io/v1"
MOST_RECORDS = {"per_page": "100"}

FREE_REQUESTS_A_MINUTE = 5
"""Of the free tier; the paid ones allow 60 and 600. A key does not tell its tier, so the slowest pace is kept."""

SOURCE = Source(
    "balldontlie", "BallDontLie", ("api.balldontlie.io",), apart=timedelta(minutes=1) / FREE_REQUESTS_A_MINUTE,
    late=timedelta(minutes=15), key_setting="balldontlie_key", key_header="Authorization",
)  # fmt: skip


def next_page(content: bytes) -> Mapping[str, str] | None:
    """The cursor of the next page; None after the last. Raises BrokenContract for what is no page.

    >>> next_page(b'{"data": [], "meta": {"next_cursor": 277, "per_page": 100}}')
    {'cursor': '277'}
    >>> next_page(b'{"data": [], "meta": {"per_page": 100}}')
    """
    try:
        page = json.loads(content)
        meta = page.get("meta") or {}
        cursor = meta.get("next_cursor")
        records = page["data"]
    except (ValueError, KeyError, AttributeError, RecursionError) as error:
        message = f"BallDontLie's answer is no page of records: {error!r}"
        raise BrokenContract(message, hint="`fairline captures show` prints what came.") from error
    if not isinstance(records, list) or not isinstance(cursor, int | str | None):
        message = "BallDontLie's answer is no page of records: its data is no list, or its cursor no number."
        raise BrokenContract(message, hint="`fairline captures show` prints what came.")
    return None if cursor in (None, "") else {"cursor": str(cursor)}


def games(wanted: Wanted) -> Iterable[Question]:
    """The day's games."""
    yield _of_the_day("games", wanted)


def box_scores(wanted: Wanted) -> Iterator[Question]:
    """All box scores of the day in one answer, once a game may be over."""
    if _something_to_tell(wanted):
        yield Question(f"{API}/box_scores", {"date": wanted.day.isoformat()}, wanted.day, f"box scores {wanted.day}")


def statistics(wanted: Wanted) -> Iterator[Question]:
    """The players' statistics of the day, once a game may be over."""
    if _something_to_tell(wanted):
        yield _of_the_day("stats", wanted)


def advanced(wanted: Wanted) -> Iterator[Question]:
    """The players' advanced statistics of the day, once a game may be over."""
    if _something_to_tell(wanted):
        yield _of_the_day("stats/advanced", wanted)


def injuries(wanted: Wanted) -> Iterable[Question]:  # noqa: ARG001 - the list is the present one
    """Everyone injured."""
    yield Question(f"{API}/player_injuries", MOST_RECORDS, what="injuries")


def players(wanted: Wanted) -> Iterable[Question]:  # noqa: ARG001 - likewise
    """Everyone on a roster."""
    yield Question(f"{API}/players/active", MOST_RECORDS, what="active players")


def teams(wanted: Wanted) -> Iterable[Question]:  # noqa: ARG001 - likewise
    """The teams, to see that their numbers still mean the same."""
    yield Question(f"{API}/teams", what="teams")


def _of_the_day(endpoint: str, wanted: Wanted) -> Question:
    params = {"dates[]": wanted.day.isoformat(), **MOST_RECORDS}
    return Question(f"{API}/{endpoint}", params, wanted.day, f"{endpoint} {wanted.day}")


def _something_to_tell(wanted: Wanted) -> bool:
    """Some game may be over, or none of the day's is held yet."""
    return not wanted.games or any(True for _ in begun(wanted))


SCRAPERS: tuple[Scraper, ...] = (
    Scraper("balldontlie_games", SOURCE, "balldontlie_games", "Games of the day", JSON, games, timedelta(hours=24),
            next_page),
    Scraper("balldontlie_box_scores", SOURCE, "balldontlie_box_scores", "Box scores of the day", JSON, box_scores,
            timedelta(hours=24), next_page),
    Scraper("balldontlie_stats", SOURCE, "balldontlie_stats", "Players' statistics of the day", JSON, statistics,
            timedelta(hours=24), next_page),
    Scraper("balldontlie_advanced_stats", SOURCE, "balldontlie_advanced_stats",
            "Players' advanced statistics of the day", JSON, advanced, timedelta(hours=24), next_page),
    Scraper("balldontlie_injuries", SOURCE, "balldontlie_injuries", "Everyone injured", JSON, injuries,
            timedelta(hours=6), next_page),
    Scraper("balldontlie_players", SOURCE, "balldontlie_players", "Everyone on a roster", JSON, players,
            timedelta(hours=24), next_page),
    Scraper("balldontlie_teams", SOURCE, "balldontlie_teams", "The teams", JSON, teams, timedelta(days=30)),
)  # fmt: skip
