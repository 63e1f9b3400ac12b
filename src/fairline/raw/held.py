"""What the warehouse already holds that reading a file needs: games, appearances, aliases."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from importlib import resources

import polars as pl

from fairline.domain.tables import Table
from fairline.platform.warehouse import Warehouse
from fairline.raw.schema import (
    GAMES,
    NAME_ALIASES,
    PLAYER_BOX_SCORES,
    PLAYERS,
    PROVIDER_GAMES,
    ROSTERS,
    SOURCE_PRECEDENCE,
)

PEOPLE = (PLAYER_BOX_SCORES, PLAYERS, ROSTERS)
"""The tables that tell who is who."""

EVER = datetime(9999, 1, 1, tzinfo=UTC)


def latest_games_sql() -> str:
    """One row per game as known at `$cutoff`; see `latest_games.sql`."""
    ranks = " ".join(f"WHEN '{source}' THEN {rank}" for source, rank in SOURCE_PRECEDENCE.items())
    text = resources.files("fairline.raw").joinpath("latest_games.sql").read_text(encoding="utf-8")
    return text.replace("{precedence}", f"CASE source {ranks} ELSE {len(SOURCE_PRECEDENCE) + 1} END")


class Held:
    """The warehouse's facts as frames, as they were when first asked for. Imported history has hindsight: no cutoff."""

    def __init__(self, warehouse: Warehouse) -> None:
        """Look into this warehouse."""
        self._warehouse = warehouse

    @cached_property
    def games(self) -> pl.DataFrame:
        """One row per game: `game_id`, `game_date`, `tip_at`, `home_team_id`, `away_team_id` and what else is known."""
        return self._asked("games", (GAMES,), latest_games_sql(), {"cutoff": EVER})

    @cached_property
    def slots(self) -> pl.DataFrame:
        """Every date a game was ever scheduled for: `game_id`, `slot_date`, `slot_tip`, `home_team_id`, `away_team_id`.

        A postponed game has two. A slot without a tip-off is given the usual one, 19:30 Eastern.
        """
        ranks = " ".join(f"WHEN '{source}' THEN {rank}" for source, rank in SOURCE_PRECEDENCE.items())
        return self._asked(
            "slots",
            (GAMES,),
            f"""
            SELECT
                game_id, game_date AS slot_date, home_team_id, away_team_id,
                coalesce(tip_at, timezone('America/New_York', game_date + INTERVAL '19 hours 30 minutes')) AS slot_tip
            FROM raw.games
            WHERE home_team_id IS NOT NULL AND away_team_id IS NOT NULL
            QUALIFY row_number() OVER (
                PARTITION BY game_id, game_date
                ORDER BY CASE WHEN tip_at IS NULL THEN 1 ELSE 0 END, CASE source {ranks} ELSE 99 END, known_at DESC
            ) = 1
            """,  # noqa: S608 - source names of our own schema
        )

    @cached_property
    def appearances(self) -> pl.DataFrame:
        """Who played where: `player_id`, `player_name`, `team_id`, `game_id`, `game_date`, `known_at`."""
        return self._asked(
            "appearances",
            (PLAYER_BOX_SCORES,),
            """
            SELECT player_id, player_name, team_id, game_id, game_date, min(known_at) AS known_at
            FROM raw.player_box_scores GROUP BY ALL
            """,
        )

    @cached_property
    def people(self) -> pl.DataFrame:
        """Who is who: `player_id`, `player_name`; those who never played yet by NBA.com's index and rosters."""
        return self._asked(
            "people",
            PEOPLE,
            """
            SELECT DISTINCT player_id, player_name FROM raw.player_box_scores
            UNION SELECT player_id, player_name FROM raw.players
            UNION SELECT player_id, player_name FROM raw.rosters WHERE source IN ('nba_roster', 'nba_players')
            """,
        )

    def of_people(self, name: str, make: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
        """What `make` gives of `people`, made again only when they may have changed."""
        # Remembered beyond these facts: so made of the people held now.
        return self._warehouse.remembered(f"people {name}", PEOPLE, lambda: make(Held(self._warehouse).people))

    @cached_property
    def memberships(self) -> pl.DataFrame:
        """Whose player someone was on a day, by games, listings, the index: `player_id`, `team_id`, `day`; by day."""
        return self._asked(
            "memberships",
            (PLAYER_BOX_SCORES, PLAYERS, ROSTERS),
            """
            SELECT player_id, team_id, game_date AS day FROM raw.player_box_scores
            UNION
            SELECT player_id, team_id, CAST(timezone('America/New_York', listed_at) AS DATE) FROM raw.rosters
            UNION
            SELECT player_id, team_id, CAST(timezone('America/New_York', known_at) AS DATE) FROM raw.players
            WHERE team_id IS NOT NULL
            ORDER BY day, player_id, team_id
            """,
        )

    @cached_property
    def rosters(self) -> pl.DataFrame:
        """Whom each listing names: `player_id`, `player_name`, `team_id`, `listed_on` (Eastern date)."""
        return self._asked(
            "rosters",
            (ROSTERS,),
            """
            SELECT DISTINCT
                player_id, player_name, team_id, CAST(timezone('America/New_York', listed_at) AS DATE) AS listed_on
            FROM raw.rosters
            """,
        )

    @cached_property
    def aliases(self) -> pl.DataFrame:
        """Names a person resolved by hand: `name`, `team_id` (0 for any), `player_id`."""
        return self._asked("aliases", (NAME_ALIASES,), "SELECT name, team_id, player_id FROM ops.name_aliases")

    @cached_property
    def provider_games(self) -> pl.DataFrame:
        """Other providers' ids of games as last told: `source`, `provider_game_id`, `game_id`, teams, `commence_at`."""
        return self._asked(
            "provider_games",
            (PROVIDER_GAMES,),
            """
            SELECT source, provider_game_id, game_id, home_team_id, away_team_id, commence_at FROM raw.provider_games
            QUALIFY row_number() OVER (PARTITION BY source, provider_game_id ORDER BY known_at DESC) = 1
            """,
        )

    def _asked(
        self, name: str, tables: Sequence[Table], sql: str, params: Mapping[str, object] | None = None
    ) -> pl.DataFrame:
        """The rows, asked for again only when one of the tables has changed since somebody last did."""
        return self._warehouse.remembered(f"held {name}", tables, lambda: self._warehouse.query(sql, params or {}))
