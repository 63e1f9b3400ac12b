"""A user's own news of who plays: told, taken back, listed. Known from the moment it is told, and priced at once."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from fairline.analytics.build import refresh
from fairline.domain.dates import game_date
from fairline.domain.errors import FairlineError, LookAhead, NotFound, Refused
from fairline.ops.availability import availability
from fairline.ops.moments import game_day
from fairline.ops.people import Person, find_person
from fairline.ops.repricing import Repriced, reprice
from fairline.raw.landing import land
from fairline.raw.schema import USER_NEWS

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from fairline.platform.home import Home

STATUSES = {"out": "out", "questionable": "questionable", "plays": "available"}
"""What a user may say of a player, and the status that is in our vocabulary."""

WITHDRAWN, SOURCE = "withdrawn", "user_news"
LONGEST = 60.0
"""Minutes nobody plays more than."""

TIP_DELAY = timedelta(minutes=10)
"""Games begin so long after the scheduled tip-off."""


class News(NamedTuple):
    """One statement. status: in our vocabulary, or withdrawn. words: where the user has it from."""

    news_id: int
    player_id: int
    player_name: str
    team_id: int
    game_date: date
    status: str
    minutes: float | None
    words: str


class Told(NamedTuple):
    """What was kept, and what re-pricing made of it; None when the date had not been priced yet."""

    news: News
    known_at: datetime
    repriced: Repriced | None


def tell(
    home: Home,
    player: str,
    status: str,
    *,
    source: str,
    minutes: float | None = None,
    day: date | str | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> Told:
    """Keep the user's news of a player's game, known from now, and price its date again if it had been priced.

    status: one of STATUSES. source: where he has it from. day: of the game; without it his next. What he said of that
    game before no longer counts. Raises Refused for another status, no source, impossible minutes or what
    is so already, LookAhead for a game that has begun, NotFound without a game, and as find_person for the name. When
    pricing fails, the error says that the news is kept.
    """
    _check(status, source, minutes)
    now = home.clock.now()
    refresh(home.warehouse)
    wanted = None if day is None else game_day(day, now)
    person = find_person(home.warehouse, player, wanted or game_date(now))
    team_id = _team_of(home, person, now)
    of = _game(home, person, team_id, wanted, now)
    if minutes is None and of == _game(home, person, team_id, None, now):
        _refuse_known(home, person, STATUSES[status])
    news = News(_next_id(home), *person, team_id, of, STATUSES[status], minutes, source.strip())
    return _kept(home, news, now, told)


def withdraw(
    home: Home, player: str | None = None, *, news_id: int | None = None, told: Callable[[str], None] = lambda _: None
) -> Told:
    """Take news back: by its number, or the last that counts of a player. It ends now; nothing is deleted.

    A forecast with an earlier cutoff still saw it. What it had replaced does not come back. Raises NotFound when there
    is none that counts, Refused when neither is given.
    """
    if player is None and news_id is None:
        message = "Which news to take back is not said."
        raise Refused(message, hint="Name the player, or the number that `fairline news list` shows.")
    rows = listed(home, player).filter(counts=True)
    if news_id is not None:
        rows = rows.filter(news_id=news_id)
    if rows.is_empty():
        which = f"No news {news_id}" if news_id is not None else f"No news of {player}"
        raise NotFound(f"{which} of yours counts now.", hint="`fairline news list` shows yours and what ended them.")
    held = News(*rows.select(News._fields).row(0))
    return _kept(home, held._replace(status=WITHDRAWN), home.clock.now(), told)


def listed(home: Home, player: str | None = None) -> pl.DataFrame:
    """Everything the user has told, the last first: News, known_at, until, counts, and `ended_by` where it does not.

    ended_by: you (taken back or replaced), a report (which said something new), the game (which is over).
    """
    refresh(home.warehouse)
    now = home.clock.now()
    person = None if player is None else find_person(home.warehouse, player, game_date(now)).player_id
    query = files("fairline.ops").joinpath("news.sql").read_text(encoding="utf-8")
    return home.warehouse.query(query, {"now": now, "player": person})


def _check(status: str, source: str, minutes: float | None) -> None:
    if status not in STATUSES:
        message = f"{status!r} is nothing to say of a player."
        raise Refused(message, hint=f"Say {', '.join(list(STATUSES)[:-1])} or {list(STATUSES)[-1]}.")
    if not source.strip():
        message = "News needs to say where it is from."
        raise Refused(message, hint='Add --source, such as --source "beat writer".')
    if minutes is not None and (status == "out" or not 0 < minutes <= LONGEST):
        message = f"{minutes:g} minutes of a player who is {status} mean nothing."
        raise Refused(message, hint=f"--minutes takes up to {LONGEST:g}, of a player who plays or is questionable.")


def _team_of(home: Home, person: Person, now: datetime) -> int:
    found = home.warehouse.query(
        "SELECT team_id FROM analytics.roster_spells"
        " WHERE player_id = ? AND known_at <= ? AND ? < superseded_at AND team_id IS NOT NULL",
        [person.player_id, now, now],
    )
    if found.is_empty():
        message = f"Of which team {person.name} is now is not known, so neither is his next game."
        raise NotFound(message, hint="`fairline scrape morning` brings the rosters.")
    return int(found.item())


def _game(home: Home, person: Person, team_id: int, day: date | None, now: datetime) -> date:
    """The date of his next game, or that day when he has one then that has not begun."""
    games = home.warehouse.query(
        "SELECT game_date, tip_at FROM analytics.game_versions"
        " WHERE $team IN (home_team_id, away_team_id) AND known_at <= $now AND $now < superseded_at"
        " AND status <> 'postponed' AND game_date BETWEEN $first AND $last ORDER BY game_date, tip_at",
        {"team": team_id, "now": now, "first": day or game_date(now), "last": day or date.max},
    )
    of: date
    for of, tip_at in games.iter_rows():
        if tip_at is None or now < tip_at + TIP_DELAY:
            return of
    if day is not None and games.height:
        message = f"The game of {person.name} on {day} has begun: no forecast of it may know more."
        raise LookAhead(message, hint="Leave --date out to speak of his next game.")
    message = f"No game of {person.name} {'to come' if day is None else f'on {day}'} is held."
    raise NotFound(message, hint="`fairline scrape morning` brings the schedule; --date names another day.")


def _refuse_known(home: Home, person: Person, status: str) -> None:
    """What is so already is no news: as a change of status it would make every quote before it stale."""
    row = availability(home, str(person.player_id)).rows.row(0, named=True)
    # Of whom no report lists, `available` is an assumption that the user can better.
    if row["status"] == status != "available":
        message = f"{person.name} is {status} already, by {row['source']}: {row['words']}."
        raise Refused(message, hint="There is nothing to tell.")


def _next_id(home: Home) -> int:
    last = home.warehouse.query("SELECT coalesce(max(news_id), 0) AS last FROM raw.user_news")
    return int(last.item()) + 1


def _kept(home: Home, news: News, now: datetime, told: Callable[[str], None]) -> Told:
    """Write the statement, with its bytes beside it, and price its date again."""
    import polars as pl

    said = {**news._asdict(), "known_at": now}
    content = json.dumps(said, default=str, sort_keys=True).encode()
    capture_id = land(content, kind=SOURCE, file="fairline news", at=now, objects=home.objects)
    row = {**said, "source": SOURCE, "valid_at": now, "capture_id": capture_id}
    instants: dict[str, Any] = {
        "known_at": pl.Datetime("us", "UTC"),
        "valid_at": pl.Datetime("us", "UTC"),
        "minutes": pl.Float64,
    }
    if not home.warehouse.append_new(USER_NEWS, pl.DataFrame([row], schema_overrides=instants)).written:
        message = f"News {news.news_id} was told at this very moment."
        raise Refused(message, hint="Try again; if it stays so, the clock stands still.")
    refresh(home.warehouse)
    try:
        return Told(news, now, reprice(home, news.game_date, news.team_id, told))
    except FairlineError as error:
        error.args = (f"News {news.news_id} is kept, but {news.game_date} could not be priced again: {error}",)
        raise
