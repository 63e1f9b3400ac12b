"""The prediction tables: distributions by system, and each quote priced against them."""

from fairline.domain.tables import Column, Table

QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)

KEY = (
    Column("batch_id", "VARCHAR", "Slate run: date, kind and cutoff", required=True),
    Column("game_id", "VARCHAR", "NBA's ten-digit game id", required=True),
    Column("player_id", "BIGINT", "NBA person id", required=True),
    Column("market", "VARCHAR", "Market", required=True),
    Column("system", "VARCHAR", "System that forecast it", required=True),
)
ABOUT = (
    Column("game_date", "DATE", "US Eastern date of the game", required=True),
    Column("tip_at", "TIMESTAMPTZ", "Scheduled tip-off as known (UTC)"),
    Column("player_name", "VARCHAR", "Name as NBA.com writes it", required=True),
    Column("team_id", "BIGINT", "His team as known"),
    Column("opponent_id", "BIGINT", "The opponent as known"),
    Column("cutoff", "TIMESTAMPTZ", "Nothing known later was read (UTC)", required=True),
)
TRUST = (
    Column("status", "VARCHAR", "Availability by the last report of 36 hours; null without one"),
    Column("quality", "DOUBLE", "Quality of the feature row", unit="points of 100", valid=(0, 100)),
    Column("row_hash", "UBIGINT", "Hash of the feature row"),
    Column("model_hash", "VARCHAR", "Identity of the model"),
)


def probability(name: str, means: str) -> Column:
    """A probability, null when there is no forecast or no line."""
    return Column(name, "DOUBLE", means, unit="probability", valid=(0, 1))


FORECASTS = Table(
    "predictions", "player_prop_forecasts", ("batch_id", "game_id", "player_id", "market", "system"),
    (
        *KEY, *ABOUT,
        Column("mean", "DOUBLE", "Expected count", unit="count", valid=(0, 200)),
        Column("sd", "DOUBLE", "Standard deviation", unit="count", valid=(0, 100)),
        *(Column(f"q{round(100 * level):02d}", "INTEGER", f"{level:.0%} quantile", unit="count", valid=(0, 300)) for level in QUANTILES),
        Column("pmf", "DOUBLE[]", "Probability of each count from 0; the last stands for itself and above"),
        Column("reason", "VARCHAR", "Why the system has no forecast; null when it has one"),
        *TRUST,
    ),
    means="One distribution per player, market and system of a slate run, or the reason there is none.",
    source="precompute.ml_feature_store, precompute.market_features", known_at="The cutoff.",
)  # fmt: skip

PREDICTIONS = Table(
    "predictions", "player_prop_predictions",
    ("batch_id", "game_id", "player_id", "market", "system", "book", "half_points"),
    (
        *KEY, *ABOUT,
        Column("book", "VARCHAR", "Book of the quote; empty without a line", required=True),
        Column("half_points", "INTEGER", "The quote's line in halves; 0 without a line", unit="half points", valid=(0, 400), required=True),
        Column("line_source", "VARCHAR", "Who recorded the quote"),
        Column("captured_at", "TIMESTAMPTZ", "When the quote was seen (UTC)"),
        Column("over_decimal", "DOUBLE", "Decimal odds of over", unit="decimal odds", valid=(1, 1001)),
        Column("under_decimal", "DOUBLE", "Decimal odds of under", unit="decimal odds", valid=(1, 1001)),
        Column("mean", "DOUBLE", "Expected count", unit="count", valid=(0, 200)),
        probability("p_over", "Probability of over"), probability("p_under", "Probability of under"),
        probability("p_push", "Probability of a push"),
        probability("market_p_over", "The market's de-vigged probability of over at its own line"),
        Column("market_half_points", "INTEGER", "The market's line in halves", unit="half points", valid=(0, 400)),
        Column("side", "VARCHAR", "The side with the higher expected value", valid=frozenset({"over", "under"})),
        Column("price", "DOUBLE", "Decimal odds of that side", unit="decimal odds", valid=(1, 1001)),
        Column("fair_price", "DOUBLE", "Decimal odds at which the side has no edge", unit="decimal odds", valid=(1, 1e9)),
        Column("edge", "DOUBLE", "Our probability of the side, pushes aside, less the price's break-even", unit="probability", valid=(-1, 1)),
        Column("edge_low", "DOUBLE", "Lower end of its 95 % interval; null off the market's line, where none was measured", unit="probability", valid=(-1, 1)),
        Column("edge_high", "DOUBLE", "Upper end of its 95 % interval; likewise", unit="probability", valid=(-1, 1)),
        Column("expected_value", "DOUBLE", "Expected profit per unit staked", unit="units", valid=(-1, 1000)),
        Column("stake", "DOUBLE", "Share of bankroll by fractional Kelly; zero unless earned", unit="share", valid=(0, 1)),
        Column("recommendation", "VARCHAR", "What to do", valid=frozenset({"OVER", "UNDER", "PASS", "NO_LINE", "NO_PRICE"}), required=True),
        Column("reason", "VARCHAR", "The first reason that applies; suspect_price: too far from the other books' to be of this line", required=True),
        *TRUST,
    ),
    means="Each quote of a slate run priced by each system.",
    source="predictions.player_prop_forecasts, raw.prop_quotes", known_at="The cutoff.",
)  # fmt: skip

BEST_BETS = Table(
    "predictions", "best_bets", ("batch_id", "game_id", "player_id", "market", "system"),
    PREDICTIONS.columns,
    means="Of each player, market and system of a slate run, at the books the user can bet at: the bet, else of the quotes of the market's line, else of the others, the one with the highest expected value. Suspect prices are none.",
    source="predictions.player_prop_predictions", known_at="The cutoff.",
)  # fmt: skip

TABLES = (FORECASTS, PREDICTIONS, BEST_BETS)
