"""States: what the games played and known by a moment say of a player, a team or the league.

A state holds from the moment a game became known until the next one did. Corrections and games learnt late rewrite the
past of their entity; each such moment opens an epoch, in which the entity's windows run over the revisions held then.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from fairline.features.calls import GAME, SIZES, Call, called, named, of_season
from fairline.features.catalogue.player import ANCHORS
from fairline.features.contract import Feature, features
from fairline.features.expressions import ratio
from fairline.features.windows import computed, lasting

if TYPE_CHECKING:
    from datetime import datetime

    from fairline.platform.warehouse import Warehouse

    Within = tuple[datetime | None, datetime | None]

FOREVER = "TIMESTAMPTZ '9999-01-01 00:00:00+00'"
EVER = "TIMESTAMPTZ '1900-01-01 00:00:00+00'"

WINDOWS = {
    name: "ROWS UNBOUNDED PRECEDING" if size is None else f"ROWS BETWEEN {size - 1} PRECEDING AND CURRENT ROW"
    for name, size in SIZES.items()
}

DATES_CARRIED = 10


@dataclass(frozen=True, slots=True)
class State:
    """How one kind of state is computed.

    source: the relation of revisions, with `known_at`, `superseded_at`, `valid_at`, `game_id`, `season`.
    entity: the column that says whose state it is.
    carried: columns beside the features, as (name, expression). among: a relation whose entities alone matter, so that
    tonight's slate does not compute the whole league's history.
    """

    name: str
    source: str
    entity: str
    origins: tuple[str, ...]
    carried: tuple[tuple[str, str], ...] = ()
    among: str = ""

    def features(self) -> list[Feature]:
        """Those of the contract that this state computes."""
        return [feature for feature in features() if feature.of in self.origins]

    @property
    def relation(self) -> str:
        """The relation that holds its rows."""
        return f"{self.name}_state"

    def sql(self) -> str:
        """One row per entity and moment: `known_from`, `known_until` and every feature."""
        used = {call.window for call in self.calls().values()} - {GAME}
        states = _STATES.format(
            entity=self.entity,
            calls=",\n        ".join(f"{call.sql()} AS {call.name}" for call in self.calls().values()),
            windows=",\n    ".join(f"{name} AS ({self._partition(name)} {WINDOWS[name]})" for name in sorted(used)),
        )
        return f"{self._held()},\n{states}\n{self._of_states()}"

    def make(self, warehouse: Warehouse, within: Within | None = None) -> None:
        """Make its relation: the rows that `sql` says, with the windows taken from prefix sums.

        within: the first and the last moment of which it is asked; only what holds at some time between them is made,
        and told to hold within that time alone, so that tonight's slate computes no states of years ago.
        """
        bounds = dict(zip(("first", "last"), within, strict=True)) if within else ()
        games = warehouse.query(self._games(within), bounds, many=within is None or within[0] != within[1])
        states = computed(games, self.calls().values(), self.entity, lasting(games, self.entity))
        with warehouse.frame("states", states):
            warehouse.execute(f"CREATE OR REPLACE TEMP TABLE {self.relation} AS {self._of_states()}")

    def calls(self) -> dict[str, Call]:
        """The functions over windows that its columns are made of, by name."""
        return _calls(tuple(self._columns().values()))

    def _columns(self) -> dict[str, str]:
        """Expressions over the games held, by column."""
        told = {
            "known_from": "known_from", "known_until": _KNOWN_UNTIL, "last_game_date": "game_date",
            "last_season": "season",
        }  # fmt: skip
        return told | dict(self.carried) | {feature.name: _at_least(feature) for feature in self.features()}

    def _games(self, within: Within | None) -> str:
        """The games held in each epoch, in order, with what the calls are over."""
        columns = {name: name for name in (self.entity, "since", "season", "game_date", "known_from", "until")}
        columns |= {call.column: call.argument for call in self.calls().values() if call.column}
        told = ", ".join(f"{argument} AS {name}" for name, argument in columns.items())
        return f"{self._held(within)}\nSELECT {told} FROM held ORDER BY {self.entity}, since, valid_at, game_id"

    def _of_states(self) -> str:
        """The rows, of the relation `states`: games held, with a column for each call."""
        columns = ",\n    ".join(f"{named(expression)} AS {name}" for name, expression in self._columns().items())
        return f"SELECT\n    {self.entity},\n    {columns}\nFROM states\nWHERE known_from < {named(_KNOWN_UNTIL)}"

    def _held(self, within: Within | None = None) -> str:
        among = f"\n    WHERE {self.entity} IN (SELECT {self.entity} FROM {self.among})" if self.among else ""  # noqa: S608 - likewise
        about = {"source": self.source, "among": among, "entity": self.entity, "forever": FOREVER}
        if within is None:
            return _HELD.format(**about, revised="", between="", first=EVER, end=FOREVER)
        bounds = {"first": _FIRST, "end": _END}
        if within[0] == within[1]:
            return _HELD_AT.format(**about, **bounds)
        revised = _REVISED.format(entity=self.entity, **bounds)
        return _HELD.format(**about, **bounds, revised=revised, between=_BETWEEN.format(**bounds))

    def _partition(self, window: str) -> str:
        season = ", season" if of_season(window) else ""
        return f"PARTITION BY {self.entity}, since{season} ORDER BY valid_at, game_id"


@cache
def _calls(expressions: tuple[str, ...]) -> dict[str, Call]:
    return called(expressions)


def _at_least(feature: Feature) -> str:
    if not feature.least:
        return feature.expression
    return f"CASE WHEN count(*) OVER {feature.window} >= {feature.least} THEN {feature.expression} END"


_KNOWN_UNTIL = "coalesce(lead(known_from, 1) OVER game, until)"

_FIRST, _END = "CAST($first AS TIMESTAMPTZ)", "CAST($last AS TIMESTAMPTZ) + INTERVAL 1 MICROSECOND"

# Of moments, an epoch that began before the first begins with it: only what is rewritten from then on opens another.
_BETWEEN = """
    WHERE {first} <= since AND since < {end}"""

_REVISED = """
    WHERE {entity} IN (
        SELECT {entity} FROM games
        WHERE ({first} < known_at AND known_at < {end}) OR ({first} < superseded_at AND superseded_at < {end})
    )"""

_HELD = """
WITH games AS (
    SELECT * FROM {source} AS games{among}
),
revisions AS (
    SELECT
        {entity},
        known_at,
        superseded_at,
        row_number() OVER (PARTITION BY {entity}, game_id ORDER BY known_at) AS revision,
        lead(known_at) OVER (PARTITION BY {entity}, game_id ORDER BY known_at) AS next_known_at,
        min(known_at) OVER (
            PARTITION BY {entity} ORDER BY valid_at, game_id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS later_game_known
    FROM games{revised}
),
rewrites AS (
    SELECT DISTINCT {entity}, known_at AS since FROM revisions WHERE revision > 1 OR later_game_known < known_at
    UNION
    -- A game struck from the record: it was held until then.
    SELECT DISTINCT {entity}, superseded_at AS since
    FROM revisions
    WHERE superseded_at < {forever} AND superseded_at < coalesce(next_known_at, {forever})
    UNION
    SELECT DISTINCT {entity}, {first} AS since FROM games
),
epochs AS (
    SELECT
        {entity},
        since,
        coalesce(lead(since) OVER (PARTITION BY {entity} ORDER BY since), {end}) AS until
    FROM rewrites{between}
),
held AS (
    SELECT
        games.*,
        epochs.since,
        epochs.until,
        greatest(games.known_at, epochs.since) AS known_from,
        lag(games.season) OVER (
            PARTITION BY games.{entity}, epochs.since ORDER BY games.valid_at, games.game_id
        ) AS season_before
    FROM games
    JOIN epochs
        ON epochs.{entity} = games.{entity}
        AND games.known_at < epochs.until
        AND games.superseded_at >= epochs.until
)"""

# At one moment nothing is rewritten: there is one epoch, of what was held then.
_HELD_AT = """
WITH games AS (
    SELECT * FROM {source} AS games{among}
),
held AS (
    SELECT
        *,
        {first} AS since,
        {end} AS until,
        {first} AS known_from,
        lag(season) OVER (PARTITION BY {entity} ORDER BY valid_at, game_id) AS season_before
    FROM games
    WHERE known_at <= {first} AND {first} < superseded_at
)"""

_STATES = """\
states AS (
    SELECT
        {entity},
        known_from,
        until,
        game_date,
        season,
        {calls}
    FROM held
    WINDOW
    {windows},
    game AS (PARTITION BY {entity}, since ORDER BY valid_at, game_id)
)"""

_ZONES = ("paint", "mid_range", "three")


def _zone_shares(suffix: str, window: str) -> tuple[tuple[str, str], ...]:
    columns = {"paint": "paint", "mid_range": "mid_range", "three": "threes"}
    return tuple(
        (
            f"{zone}{suffix}",
            ratio(f"{column}_made_allowed", f"{column}_attempted_allowed", window),
        )
        for zone, column in columns.items()
    )


def _decimal(expression: str) -> str:
    """To be added up over teammates: sums of doubles would differ in the last bits with the rows around them."""
    return f"CAST({expression} AS DECIMAL(12, 4))"


RECENT = "last_10_of_season"

LIKELY = """(
    SELECT player_id
    FROM player_context
    WHERE asked OR player_id IN (
        SELECT player_id
        FROM analytics.player_game_summary
        WHERE season >= (SELECT min(season) FROM team_context) - 1
    )
)"""
"""Who is asked for, or has played this season or the last: `people` takes nobody else, however long a roster is."""

PLAYER = State(
    "player", "analytics.player_game_summary", "player_id", ("player",),
    carried=(
        *((f"date_{back + 1}", f"lag(game_date, {back}) OVER game") for back in range(DATES_CARRIED)),
        *((f"played_for_{back + 1}", f"lag(team_id, {back}) OVER game") for back in range(DATES_CARRIED)),
        *((f"seconds_{back + 1}", f"lag(seconds, {back}) OVER game") for back in range(6)),
        ("shots_avg", f"sum(field_goals_attempted) OVER {RECENT} / (1.0 * count(field_goals_attempted) OVER {RECENT})"),
        ("usage_minutes", _decimal(f"sum(usage * seconds) OVER {RECENT} / (60.0 * count(usage) OVER {RECENT})")),
        ("recent_minutes_avg", _decimal(f"sum(seconds) OVER {RECENT} / (60.0 * count(*) OVER {RECENT})")),
        # One game of a season has another season's before it: the sum is that season.
        ("season_before", "sum(CASE WHEN season_before <> season THEN season_before END) OVER season"),
        *ANCHORS,
    ),
    among=LIKELY,
)  # fmt: skip

TEAM_GAMES = """(
    SELECT
        own.*,
        allowed.* EXCLUDE (
            game_id, game_date, season, game_type, team_id, opponent_id, valid_at, known_at, superseded_at
        )
    FROM analytics.team_offense_game_summary AS own
    JOIN analytics.team_defense_game_summary AS allowed
        ON allowed.game_id = own.game_id AND allowed.team_id = own.team_id AND allowed.known_at = own.known_at
)"""

TEAM = State(
    "team", TEAM_GAMES, "team_id", ("team", "opponent"),
    carried=(
        *_zone_shares("_allowed_share", "last_15"),
        *((f"team_date_{back + 1}", f"lag(game_date, {back}) OVER game") for back in range(DATES_CARRIED)),
    ),
)  # fmt: skip

_LEAGUE_COUNTS = (
    "points", "rebounds", "assists", "threes_made", "possession_hundredths", "pace",
    *(f"{zone}_{kind}_allowed" for zone in ("paint", "mid_range", "threes") for kind in ("made", "attempted")),
)  # fmt: skip
# Of both teams or of neither: half a game is no smaller game.
_OF_BOTH = ", ".join(f"CASE WHEN count({one}) = count(*) THEN sum({one}) END AS {one}" for one in _LEAGUE_COUNTS)

LEAGUE_GAMES = f"""(
    SELECT
        1 AS league, game_id, max(game_date) AS game_date, max(season) AS season, max(valid_at) AS valid_at, known_at,
        superseded_at, {_OF_BOTH}
    FROM {TEAM_GAMES}
    GROUP BY game_id, known_at, superseded_at
)"""  # noqa: S608 - names of our own schema

LEAGUE = State(
    "league", LEAGUE_GAMES, "league", (),
    carried=(
        *_zone_shares("_share", "last_225"),
        ("league_pace", "sum(pace) OVER last_225 / (2.0 * count(pace) OVER last_225)"),
        ("league_rating", f"10000 * {ratio('points', 'possession_hundredths', 'last_225')}"),
        *(
            (f"league_{stat}", f"sum({stat}) OVER last_225 / (2.0 * count({stat}) OVER last_225)")
            for stat in ("points", "rebounds", "assists", "threes_made")
        ),
    ),
)  # fmt: skip

STATES = (PLAYER, TEAM, LEAGUE)
