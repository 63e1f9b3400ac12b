"""Which game a quote is about, and who its player is: the two questions answer each other.

A quote may name both teams, or the player's opponent, or neither; it may give a tip-off, which is a hint. A question is
one distinct (name, teams, tip-off, capture time). Its possible games are those its words allow; its possible persons
those its name allows; a pair counts when the person's team at that time plays in the game, on the side the quote leaves
open. The rest is order: the game at the stated tip-off, then the next not yet over at the capture.
"""

from datetime import timedelta

import polars as pl

from fairline.raw import known
from fairline.raw.held import Held
from fairline.raw.names import Rule, answered, candidates, narrowed
from fairline.raw.rosters import teams_at

CONTEXT = ["home_team_id", "away_team_id", "opponent_id", "commence_at", "captured_at"]

NIGHT_ENDS = timedelta(hours=5)
"""Until five in the morning, Eastern, the slate is still last night's: quotes seen just after midnight belong to it."""

GAME_LASTS = timedelta(hours=4)
BOOKED_AHEAD = timedelta(days=7)
POSTPONED_WITHIN = timedelta(days=90)
HINT_WITHIN = timedelta(hours=12)
"""A stated tip-off points to a game this close to it: schedules move by hours, a team's games by more."""


def place(quotes: pl.DataFrame, held: Held) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Quotes placed; those set aside (`no_game`, `wrong_game`); and those whose name waits.

    Placed rows gain `game_id`, `game_date`, `player_id` and `team_id` (when the opponent was stated), and lose a
    `commence_at` that was wrong.
    """
    contexts = quotes.select(CONTEXT).unique(maintain_order=True).with_row_index("context")
    asks = (
        quotes.select("player_name", *CONTEXT).unique(maintain_order=True)
        .join(contexts, on=CONTEXT, nulls_equal=True)
        .with_row_index("ask")
    )  # fmt: skip
    games = possible_games(contexts, held)
    found = _pairs(asks, games, held)
    answers = asks.join(_best(found), on="ask", how="left").join(_reasons(asks, games, found), on="ask", how="left")
    answered = quotes.join(answers.drop("context"), on=["player_name", *CONTEXT], how="left", nulls_equal=True)
    placed = answered.filter(pl.col("player_id").is_not_null())
    aside = answered.filter(pl.col("reason").is_not_null()).select("row_number", "reason", "detail")
    unnamed = answered.filter(pl.col("player_id").is_null() & pl.col("reason").is_null())
    return _finished(placed), aside, _as_listed(unnamed)


def possible_games(contexts: pl.DataFrame, held: Held) -> pl.DataFrame:
    """`context`, `game_id`, `slot_date`, `slot_tip`, `team_id` (a side the player may be on) and `order` (best first).

    Slots are the dates a game was ever scheduled for, so a quote for a postponed game is placed on the date it was for.
    """
    sides = _sides(_slots_near(contexts, held), home="slot_home")
    home, opponent = pl.col("home_team_id"), pl.col("opponent_id")
    both = contexts.filter(home.is_not_null())
    # Home and away may be swapped on neutral ground: the pair is looked up either way round.
    found = _sides(both, home="stated_home").join(sides, on=["team_id", "other"])
    matched = [_possible(found, "both", pl.col("stated_home"))]
    if both.height < contexts.height:
        one = contexts.filter(home.is_null() & opponent.is_not_null())
        none = contexts.filter(home.is_null() & opponent.is_null() & pl.col("commence_at").is_not_null())
        on_its_date = none.with_columns(slot_date=known.eastern_date(pl.col("commence_at"))).join(sides, on="slot_date")
        matched += [
            _possible(one.join(sides, left_on="opponent_id", right_on="other"), "opponent"),
            _possible(on_its_date, "tip-off"),
        ]
    return _ordered(pl.concat(matched))


def _possible(found: pl.DataFrame, names: str, stated_home: pl.Expr | None = None) -> pl.DataFrame:
    """Possible games in one shape. names: what the quote names, by which they were found."""
    home = pl.lit(None, pl.Int64) if stated_home is None else stated_home
    slot = ["game_id", "slot_date", "slot_tip", "slot_home", "team_id"]
    return found.select(
        "context", *slot, "captured_at", "commence_at", names=pl.lit(names), stated_home=home
    )  # fmt: skip


def _sides(games: pl.DataFrame, *, home: str) -> pl.DataFrame:
    """Each row twice, seen from its home team and from its visitor: `team_id` and `other`, the home team as `home`."""
    kept = pl.exclude("home_team_id", "away_team_id")
    views = [("home_team_id", "away_team_id"), ("away_team_id", "home_team_id")]
    return pl.concat(
        games.select(kept, pl.col("home_team_id").alias(home), team_id=own, other=other) for own, other in views
    )


def _slots_near(contexts: pl.DataFrame, held: Held) -> pl.DataFrame:
    """The slots any of the contexts could mean."""
    first, last = contexts.select(
        first=pl.min_horizontal("captured_at", "commence_at").min() - timedelta(days=2),
        last=pl.max_horizontal("captured_at", "commence_at").max() + POSTPONED_WITHIN,
    )
    return held.slots.filter(pl.col("slot_tip").is_between(first, last))


def _ordered(matched: pl.DataFrame) -> pl.DataFrame:
    """Possible games with their `order`, and whether the stated tip-off points to them (`hinted`).

    0: at the stated tip-off. 1: not over at the capture. 2: over that night. 3: long after the stated tip-off with the
    same team at home: postponed, where the schedule holds the new date alone.
    A tip-off that contradicts a stated opponent leaves only the night before, for captures just after midnight; the
    quote then names the opponent's next game. Where only the tip-off is stated it must be right.
    """
    captured, commence, tip = pl.col("captured_at"), pl.col("commence_at"), pl.col("slot_tip")
    both, opponent = pl.col("names") == "both", pl.col("names") == "opponent"
    hinted = ((commence - tip).abs() <= HINT_WITHIN).fill_null(value=False)
    after_midnight = pl.col("slot_date") < known.eastern_date(captured)
    # What was postponed is played later than it was to be.
    not_before = (pl.col("slot_date") >= known.eastern_date(commence)).fill_null(value=True)
    trusted = (both & not_before) | (opponent & (commence.is_null() | after_midnight))
    that_night = trusted & (pl.col("slot_date") >= known.eastern_date(captured - NIGHT_ENDS))
    soon = that_night & (tip <= captured + BOOKED_AHEAD)
    put_off = that_night & (pl.col("stated_home") == pl.col("slot_home")) & (tip <= commence + POSTPONED_WITHIN)
    order = (
        pl.when(hinted).then(0)
        .when(soon & (captured < tip + GAME_LASTS)).then(1)
        .when(soon).then(2)
        .when(put_off).then(3)
    )  # fmt: skip
    return matched.with_columns(order=order, hinted=hinted).filter(pl.col("order").is_not_null())


def _pairs(asks: pl.DataFrame, games: pl.DataFrame, held: Held) -> pl.DataFrame:
    """Every person a question's name allows, with his team at that time and its possible games (null without one)."""
    dated = asks.select("ask", "context", "player_name", day=known.eastern_date(pl.col("captured_at") - NIGHT_ENDS))
    people = dated.join(candidates(asks["player_name"].unique(), held), left_on="player_name", right_on="name")
    on_teams = people.join(teams_at(people, held), on=["player_id", "day"])
    return narrowed(on_teams).join(games.drop("captured_at", "commence_at"), on=["context", "team_id"], how="left")


def _best(found: pl.DataFrame) -> pl.DataFrame:
    """`ask`, `player_id`, `game_id`, `slot_date`, `team_id`, `order`, `hinted`: the best game of the surest person.

    When two people bear the name, the better game decides; when both fit it equally, `problem` is ambiguous.
    """
    fitting = found.filter(pl.col("game_id").is_not_null())
    nearest = (
        fitting.filter(pl.col("rule") == pl.col("rule").min().over("ask"))
        .filter(pl.col("order") == pl.col("order").min().over("ask"))
        .with_columns(fits=pl.lit(value=True))
    )
    who = answered(nearest).drop("fits")
    games = nearest.sort("ask", "slot_tip", "game_id").unique(["ask", "player_id"], keep="first", maintain_order=True)
    return who.join(
        games.select("ask", "player_id", "game_id", "slot_date", "team_id", "order", "hinted", "names"),
        on=["ask", "player_id"], how="left",
    )  # fmt: skip


def _reasons(asks: pl.DataFrame, games: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Why a question whose full name is someone's has no game: `ask`, `reason`, `detail`.

    `no_game`: no game fits the words. `wrong_game`: the player's team is not in the one that does.
    """
    if not found["game_id"].null_count():
        return found.clear().select("ask", reason=pl.lit(None, pl.String), detail=pl.lit(None, pl.String))
    known_name = found.filter(pl.col("rule") < Rule.WITHOUT_MIDDLE)
    unplaced = known_name.group_by("ask", "context").agg(
        nowhere=pl.col("game_id").is_null().all(),
        team_id=pl.col("team_id").first(),
        player_id=pl.col("player_id").first(),
    )
    nowhere = unplaced.filter(pl.col("nowhere")).join(asks.select("ask", "player_name"), on="ask")
    some_game = games.select("context").unique().with_columns(some_game=pl.lit(value=True))
    asked = nowhere.join(some_game, on="context", how="left").with_columns(pl.col("some_game").fill_null(value=False))
    return asked.select(
        "ask",
        reason=pl.when("some_game").then(pl.lit("wrong_game")).otherwise(pl.lit("no_game")),
        detail=pl.when("some_game")
        .then(pl.format("{} ({}) was with team {}, which is not in that game", "player_name", "player_id", "team_id"))
        .otherwise(pl.lit("no game held fits the teams and times stated")),
    )


def _finished(placed: pl.DataFrame) -> pl.DataFrame:
    """The columns of raw.prop_quotes."""
    stated, names = pl.col("commence_at"), pl.col("names")
    postponed = (names == "both") & ~pl.col("hinted")
    return placed.with_columns(
        game_date=pl.coalesce(pl.when(postponed).then(known.eastern_date(stated)), "slot_date"),
        team_id=pl.when(names == "opponent").then("team_id"),
        commence_at=pl.when((names == "both") | pl.col("hinted")).then(stated),
    )


def _as_listed(unnamed: pl.DataFrame) -> pl.DataFrame:
    """Rows whose name waits, as listed.waiting counts them. A quote tells the game, not the player's team: team 0."""
    return unnamed.select(
        "row_number", "player_name", "problem", "people", team_id=pl.lit(0, pl.Int64), reported_at="captured_at"
    )
