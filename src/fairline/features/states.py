"""States: what the games played and known by a moment say of a player, a team or the league.

A state holds from the moment a game became known until the next one did. Corrections and games learnt late rewrite the
past of their entity; each such moment opens an epoch, in which the entity's windows run over the revisions held then.
"""

from dataclasses import dataclass

from fairline.features.contract import Feature, features
from fairline.features.expressions import ratio

FOREVER = "TIMESTAMPTZ '9999-01-01 00:00:00+00'"
EVER = "TIMESTAMPTZ '1900-01-01 00:00:00+00'"

WINDOWS = {
    **{f"last_{size}": f"ROWS BETWEEN {size - 1} PRECEDING AND CURRENT ROW" for size in (3, 5, 10, 15, 20, 82, 225)},
    "season": "ROWS UNBOUNDED PRECEDING",
    "career": "ROWS UNBOUNDED PRECEDING",
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

    def sql(self) -> str:
        """One row per entity and moment: `known_from`, `known_until` and every feature."""
        columns = [f"{expression} AS {name}" for name, expression in self.carried]
        columns += [f"{_at_least(feature)} AS {feature.name}" for feature in self.features()]
        used = [name for name in WINDOWS if any(f"OVER {name}" in column for column in columns)]
        windows = ",\n    ".join(f"{name} AS ({self._partition(name)} {WINDOWS[name]})" for name in used)
        return _STATE.format(
            source=self._source(), entity=self.entity, columns=",\n        ".join(columns), windows=windows,
            ever=EVER, forever=FOREVER,
        )  # fmt: skip

    def _source(self) -> str:
        if not self.among:
            return self.source
        return f"{self.source} WHERE {self.entity} IN (SELECT {self.entity} FROM {self.among})"  # noqa: S608 - names of our own

    def _partition(self, window: str) -> str:
        season = ", season" if window == "season" else ""
        return f"PARTITION BY {self.entity}, since{season} ORDER BY valid_at, game_id"


def _at_least(feature: Feature) -> str:
    if not feature.least:
        return feature.expression
    return f"CASE WHEN count(*) OVER {feature.window} >= {feature.least} THEN {feature.expression} END"


_STATE = """
WITH revisions AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY {entity}, game_id ORDER BY known_at) AS revision,
        min(known_at) OVER (
            PARTITION BY {entity} ORDER BY valid_at, game_id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS later_game_known
    FROM {source}
),
rewrites AS (
    SELECT DISTINCT {entity}, known_at AS since FROM revisions WHERE revision > 1 OR later_game_known < known_at
    UNION
    SELECT DISTINCT {entity}, {ever} AS since FROM revisions
),
epochs AS (
    SELECT
        {entity},
        since,
        coalesce(lead(since) OVER (PARTITION BY {entity} ORDER BY since), {forever}) AS until
    FROM rewrites
),
held AS (
    SELECT revisions.*, epochs.since, epochs.until
    FROM revisions
    JOIN epochs
        ON epochs.{entity} = revisions.{entity}
        AND revisions.known_at < epochs.until
        AND revisions.superseded_at >= epochs.until
),
states AS (
    SELECT
        {entity},
        since,
        until,
        valid_at,
        game_id,
        greatest(known_at, since) AS known_from,
        game_date AS last_game_date,
        season AS last_season,
        {columns}
    FROM held
    WINDOW
    {windows},
    game AS (PARTITION BY {entity}, since ORDER BY valid_at, game_id)
),
bounded AS (
    SELECT
        *,
        coalesce(
            lead(known_from) OVER (PARTITION BY {entity}, since ORDER BY valid_at, game_id), until
        ) AS known_until
    FROM states
)
SELECT * EXCLUDE (since, until, valid_at, game_id) FROM bounded WHERE known_from < known_until
"""

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


PLAYER = State(
    "player", "analytics.player_game_summary", "player_id", ("player",),
    carried=(
        *((f"date_{back + 1}", f"lag(game_date, {back}) OVER game") for back in range(DATES_CARRIED)),
        *((f"played_for_{back + 1}", f"lag(team_id, {back}) OVER game") for back in range(DATES_CARRIED)),
        *((f"seconds_{back + 1}", f"lag(seconds, {back}) OVER game") for back in range(6)),
        ("shots_avg", "sum(field_goals_attempted) OVER last_10 / (1.0 * count(field_goals_attempted) OVER last_10)"),
        ("usage_minutes", _decimal("sum(usage * seconds) OVER last_10 / (60.0 * count(usage) OVER last_10)")),
        ("recent_minutes_avg", _decimal("sum(seconds) OVER last_10 / (60.0 * count(*) OVER last_10)")),
    ),
    among="player_context",
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
