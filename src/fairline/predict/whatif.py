"""What if: a stored forecast asked about any line, more or fewer minutes, or a teammate's absence. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from fairline.domain.books import find_book
from fairline.domain.consensus import suspect_prices
from fairline.domain.errors import NotFound, Refused
from fairline.domain.pmf import Pmf
from fairline.domain.settle import settle
from fairline.predict.board import named

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from fairline.domain.line import Line
    from fairline.domain.markets import Market
    from fairline.platform.warehouse import Warehouse

USAGE_PASSED_ON = 0.3
"""Share of an absent teammate's usage that raises a player's own: the definition of the feature usage_spike."""

STEEPEST_TILT = 50.0
"""At this exponent all of the chance lies on the last count held, at its negative on the first."""

ROUNDING = 1e-12
"""Probabilities below it are not told apart from none."""

NOT_PLAYING = ("out", "doubtful")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. day: None takes the slate nearest today. out: teammates supposed absent.

    minutes: expected; without them those of the user's own news of the game, if it tells any.
    """

    player: str
    market: Market
    line: Line
    system: str
    day: date | None = None
    minutes: float | None = None
    out: tuple[str, ...] = ()
    books: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Probabilities at the line and their fair decimal odds (None for a side that cannot win).

    about: the stored forecast's row. quotes: the standing quotes at the line: book, over_decimal, under_decimal,
    captured_at. notes: what was approximated, and what a reader should know.
    """

    about: dict[str, Any]
    mean: float
    p_over: float
    p_under: float
    p_push: float
    fair_over: float | None
    fair_under: float | None
    quotes: pl.DataFrame
    notes: tuple[str, ...]


def what_if(warehouse: Warehouse, question: Question, now: datetime, today: date) -> Answer:
    """Answer from the stored forecast. Raises NotFound without one, Refused for a name that means several players."""
    about = _forecast(warehouse, question, today)
    notes: list[str] = []
    pmf = Pmf(about.pop("pmf"))
    if about["status"] == "questionable":
        notes.append("He is questionable: this holds if he plays.")
    team = _team(warehouse, about)
    if question.minutes is not None:
        factor, note = _for_minutes(team, about, question.minutes)
        notes.append(note)
    else:
        factor, said = _for_told_minutes(warehouse, team, about, now)
        notes += said
    for name in question.out:
        passed_on, note = _without(team, about, name)
        factor *= passed_on
        notes.append(note)
    if factor != 1:
        pmf = rescaled(pmf, factor)
    over, under, push = (float(p) for p in settle(pmf, question.line))
    quotes = standing_quotes(warehouse, about, question.books, now)
    at_line, said = _at_line(quotes, question.line)
    fair_over, fair_under = ((1 - push) / p if p > 0 else None for p in (over, under))
    return Answer(about, float(pmf.mean), over, under, push, fair_over, fair_under, at_line, (*notes, *said))


def rescaled(pmf: Pmf, factor: float) -> Pmf:
    """The distribution moved to a mean `factor` times its own: p(k) x exp(theta k), the least change that does it.

    Of a negative binomial this keeps the size: it is the same count at another rate (Csiszar 1975). More never makes an
    over less likely. Raises Refused for a mean that the counts held cannot have.

    >>> one = Pmf.negative_binomial(10.0, 15.0, size=90)
    >>> two = rescaled(one, 1.2)
    >>> round(float(two.mean), 3), round(float(two.variance), 3)
    (12.0, 19.2)
    """
    from scipy.optimize import brentq

    # What rounding leaves far out in the tail must not be taken for chance when it is raised exponentially.
    counts = np.flatnonzero(pmf.p > ROUNDING)
    wanted = factor * float(pmf.mean)
    if not counts[0] < wanted < counts[-1]:
        message = f"An expected count of {wanted:g} lies outside what was forecast, {counts[0]} to {counts[-1]}."
        raise Refused(message, hint="Ask for minutes nearer his usual ones.")
    logs = np.log(pmf.p[counts])

    def tilted(theta: float) -> NDArray[np.float64]:
        weights: NDArray[np.float64] = np.exp(logs + theta * counts - np.max(logs + theta * counts))
        weights /= weights.sum()
        return weights

    theta = brentq(lambda theta: float(tilted(theta) @ counts) - wanted, -STEEPEST_TILT, STEEPEST_TILT)
    p = np.zeros(pmf.size)
    p[counts] = tilted(theta)
    return Pmf(p)


def _forecast(warehouse: Warehouse, question: Question, today: date) -> dict[str, Any]:
    """The last forecast of the player on the date asked for, or on the date nearest today."""
    found = warehouse.query(
        "SELECT batch_id, game_id, game_date, tip_at, cutoff, player_id, player_name, team_id, market, system, status,"
        " quality, mean, pmf, reason FROM predictions.player_prop_forecasts"
        " WHERE market = $market AND system = $system AND game_date = coalesce($day, game_date)"
        " ORDER BY abs(game_date - $today), game_date DESC, cutoff DESC, batch_id DESC, player_id",
        {"market": question.market.value, "system": question.system, "day": question.day, "today": today},
    ).filter(named(question.player))
    if found.is_empty():
        message = f"{question.system} has forecast no {question.market} of a player named {question.player!r}."
        raise NotFound(message, hint=f"`fairline run --date {question.day or 'today'}` forecasts a slate.")
    _require_one(found, question.player)
    row = found.row(0, named=True)
    if row["pmf"] is None:
        message = (
            f"{question.system} has no distribution for {row['player_name']} on {row['game_date']}: {row['reason']}."
        )
        raise NotFound(message, hint="Ask another system with --system, such as ensemble.")
    return row


def _require_one(found: pl.DataFrame, text: str) -> None:
    people = found["player_name"].unique().sort().to_list()
    if found["player_id"].n_unique() > 1:
        message = f"{text!r} may be {', '.join(people)}."
        raise Refused(message, hint="Give more of the name.")


def _team(warehouse: Warehouse, about: dict[str, Any]) -> pl.DataFrame:
    """The stored feature rows of the player's side: minutes, and usage-minutes (usage x minutes), of the last ten."""
    return warehouse.query(
        "SELECT feature.player_id, name.player_name, feature.team_id, feature.status, feature.minutes_avg_last_10,"
        " feature.usage_avg_last_10 * feature.minutes_avg_last_10 AS usage_minutes"
        " FROM precompute.ml_feature_store AS feature JOIN ("
        " SELECT DISTINCT player_id, player_name FROM predictions.player_prop_forecasts WHERE batch_id = $batch_id"
        ") AS name ON name.player_id = feature.player_id"
        " WHERE feature.game_id = $game_id AND feature.cutoff = $cutoff"
        " AND (feature.team_id = $team_id OR feature.player_id = $player_id) ORDER BY feature.player_id",
        {name: about[name] for name in ("batch_id", "game_id", "cutoff", "team_id", "player_id")},
    )


def _for_told_minutes(
    warehouse: Warehouse, team: pl.DataFrame, about: dict[str, Any], now: datetime
) -> tuple[float, list[str]]:
    """The factor of the minutes that the user's own news of the game expects, if any, known now and by tip-off."""
    told = warehouse.query(
        "SELECT said.news_id, said.minutes, said.words FROM analytics.player_availability AS news"
        " JOIN raw.user_news AS said ON said.news_id = news.news_id AND said.known_at = news.known_at"
        " WHERE news.player_id = $player_id AND news.game_date = $game_date AND said.minutes IS NOT NULL"
        " AND news.known_at <= $at AND $at < news.superseded_at",
        {
            "player_id": about["player_id"], "game_date": about["game_date"],
            "at": now if about["tip_at"] is None else min(now, about["tip_at"]),
        },
    )  # fmt: skip
    if told.is_empty():
        return 1.0, []
    news_id, minutes, words = told.row(0)
    said = f"Your news {news_id} expects {minutes:g} minutes ({words}); --minutes supposes others."
    if not _usual_minutes(team, about):
        return 1.0, [said, "No recent minutes of his are held to compare them with, so they change nothing."]
    factor, note = _for_minutes(team, about, minutes)
    return factor, [said, note]


def _usual_minutes(team: pl.DataFrame, about: dict[str, Any]) -> float | None:
    own = team.filter(player_id=about["player_id"])["minutes_avg_last_10"].drop_nulls()
    return None if own.is_empty() else float(own.item())


def _for_minutes(team: pl.DataFrame, about: dict[str, Any], minutes: float) -> tuple[float, str]:
    usual = _usual_minutes(team, about)
    if not usual:
        message = f"No recent minutes of {about['player_name']} are held to compare {minutes:g} with."
        raise Refused(message, hint="Ask without --minutes.")
    return (
        minutes / usual,
        f"Approximation: the mean is scaled by {minutes:g} minutes over his last ten games' {usual:.1f}.",
    )


def _without(team: pl.DataFrame, about: dict[str, Any], name: str) -> tuple[float, str]:
    """How much more he counts when a teammate's recent usage-minutes fall to those expected to play."""
    matches = team.filter(named(name) & (pl.col("player_id") != about["player_id"]))
    if matches.is_empty():
        message = f"No teammate of {about['player_name']} in this game is named {name!r}."
        raise NotFound(message, hint="Name a player of his own team.")
    _require_one(matches, name)
    absent = matches.row(0, named=True)
    if absent["status"] in NOT_PLAYING:
        return 1.0, f"{absent['player_name']} is {absent['status']} already: the forecast knows."
    expected = team.filter(pl.col("status").is_in(NOT_PLAYING).fill_null(value=False).not_())["usage_minutes"].sum()
    if absent["usage_minutes"] is None or absent["usage_minutes"] >= expected:
        message = f"No recent usage of {absent['player_name']} and his team is held to share out."
        raise Refused(message, hint="Ask without --out.")
    factor = 1 + USAGE_PASSED_ON * (expected / (expected - absent["usage_minutes"]) - 1)
    return factor, (
        f"Approximation: without {absent['player_name']} his usage-minutes fall to those expected to play, and"
        f" {USAGE_PASSED_ON:.0%} of that raises the mean by {factor - 1:.1%}; features are not recomputed."
    )


def standing_quotes(warehouse: Warehouse, about: dict[str, Any], books: Collection[str], now: datetime) -> pl.DataFrame:
    """Each book's last quotes of the player's market before tip-off, as of now, and whether a price is `suspect`."""
    quotes = warehouse.query(
        "WITH known AS (SELECT * FROM raw.prop_quotes WHERE game_id = $game_id AND player_id = $player_id"
        " AND market = $market AND captured_at <= $now AND known_at <= $now"
        " AND captured_at < coalesce($tip_at + INTERVAL 10 MINUTE, $now)"
        " QUALIFY captured_at = max(captured_at) OVER (PARTITION BY book))"
        " SELECT book, half_points, over_decimal, under_decimal, captured_at FROM known"
        " QUALIFY row_number() OVER (PARTITION BY book, half_points ORDER BY source) = 1 ORDER BY book, half_points",
        {**{name: about[name] for name in ("game_id", "player_id", "market", "tip_at")}, "now": now},
    )
    prices = (quotes[name].to_numpy() for name in ("half_points", "over_decimal", "under_decimal"))
    quotes = quotes.with_columns(pl.Series("suspect", suspect_prices(*prices), dtype=pl.Boolean))
    return quotes.filter(pl.col("book").is_in([find_book(book) for book in books])) if books else quotes


def _at_line(quotes: pl.DataFrame, line: Line) -> tuple[pl.DataFrame, list[str]]:
    """The quotes at the line that can be believed, and what to say of the others."""
    at_line = quotes.filter(pl.col("half_points") == line.halves).drop("half_points")
    if at_line.is_empty():
        return at_line.drop("suspect"), [_lines_quoted(quotes)]
    books = ", ".join(at_line.filter("suspect")["book"])
    said = [f"Left out, too far from the other books' price of this line: {books}."] if books else []
    return at_line.filter(~pl.col("suspect")).drop("suspect"), said


def _lines_quoted(quotes: pl.DataFrame) -> str:
    lines = (quotes["half_points"].unique().sort() / 2).to_list()
    if not lines:
        return "No quote of his is held."
    return f"No book quotes this line; quoted are {', '.join(f'{line:g}' for line in lines)}."
