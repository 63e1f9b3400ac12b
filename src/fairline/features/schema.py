"""The feature store's tables, their columns generated from the contract."""

from fairline.domain.tables import Column, Table
from fairline.features.contract import Feature, market_features, model_features


def _column(feature: Feature) -> Column:
    return Column(feature.name, "DOUBLE", feature.means, unit=feature.unit, valid=feature.valid)


KEY = (
    Column("game_id", "VARCHAR", "NBA's ten-digit game id", required=True),
    Column("player_id", "BIGINT", "NBA person id", required=True),
    Column("cutoff", "TIMESTAMPTZ", "Nothing known later was read (UTC)", required=True),
)
CODES = "c calculated, f carried from last season, s stale, m missing"
OF_FORM = f"{CODES}, b begun: f where a window lacks games of the season, else c"

ML_FEATURE_STORE = Table(
    "precompute", "ml_feature_store", ("game_id", "player_id", "cutoff"),
    (
        *KEY,
        Column("game_date", "DATE", "US Eastern date of the game", required=True),
        Column("season", "INTEGER", "Year the season began", unit="year", valid=(1946, 2100), required=True),
        Column("tip_at", "TIMESTAMPTZ", "Scheduled tip-off as known (UTC)"),
        Column("team_id", "BIGINT", "His team as known; null when not known"),
        Column("opponent_id", "BIGINT", "The opponent, where his team is known"),
        Column("status", "VARCHAR", "Availability by the last report of 36 hours; null without one"),
        Column("form_source", "VARCHAR", f"Source of his form: {OF_FORM}"),
        Column("team_source", "VARCHAR", f"Source of his team's state: {CODES}; null without a team"),
        Column("opponent_source", "VARCHAR", f"Source of the opponent's state: {CODES}; null without a team"),
        Column("games_scheduled", "INTEGER", "His team's games of the 30 days before", unit="games", valid=(0, 30)),
        Column("games_held", "INTEGER", "Of those, with box scores held", unit="games", valid=(0, 30)),
        *(_column(feature) for feature in model_features()),
        Column("quality", "DOUBLE", "Mean quality of required features and optional ones present", unit="points of 100", valid=(0, 100)),
        Column("completeness", "DOUBLE", "Share of the contract's features present", unit="share", valid=(0, 1)),
        Column("tier", "VARCHAR", "gold, silver, bronze, poor or critical"),
        Column("is_production_ready", "BOOLEAN", "All required features present; own and upstream completeness 70 % or more"),
        Column("row_hash", "UBIGINT", "Hash of the features, in contract order"),
        Column("contract_hash", "VARCHAR", "Identity of the contract"),
    ),
    means="One row per game, player and cutoff: the `model` contract, each value with its source and the row's quality.",
    source="analytics, raw.injury_reports, raw.game_line_quotes", known_at="The cutoff.",
)  # fmt: skip

MARKET_FEATURES = Table(
    "precompute", "market_features", ("game_id", "player_id", "market", "cutoff"),
    (
        *KEY, Column("market", "VARCHAR", "Market", required=True),
        Column("half_points", "INTEGER", "The market line in halves", unit="half points", valid=(0, 400)),
        Column("books", "INTEGER", "Books with a two-sided quote", unit="count", valid=(0, 100)),
        Column("quoted_at", "TIMESTAMPTZ", "Latest capture among the books at the line (UTC)"),
        *(_column(feature) for feature in market_features()),
    ),
    means="What the `market` contract adds: the quotes of one market as of the cutoff.",
    source="raw.prop_quotes", known_at="The cutoff.",
)  # fmt: skip

TABLES = (ML_FEATURE_STORE, MARKET_FEATURES)
