"""The tables of grades: each prediction against its result, and each system's day."""

from fairline.domain.settle import Outcome
from fairline.domain.tables import Column, Table
from fairline.predict.schema import KEY

OUTCOMES = tuple(outcome.value for outcome in Outcome)
SLICES = ("all", "market", "tier", "quality", "book", "news")

FACT = (*(column.name for column in KEY), "book", "half_points")
"""What is graded: the key of a prediction."""

PREDICTION_ACCURACY = Table(
    "predictions", "prediction_accuracy", (*FACT, "known_at"),
    (
        *KEY,
        Column("book", "VARCHAR", "Book of the quote; empty without a line", required=True),
        Column("half_points", "INTEGER", "The quote's line in halves; 0 without a line", unit="half points", valid=(0, 400), required=True),
        Column("known_at", "TIMESTAMPTZ", "When what it is graded by was known: the later of the game's state and its box score (UTC)", required=True),
        Column("game_date", "DATE", "US Eastern date the prediction was for", required=True),
        Column("tip_at", "TIMESTAMPTZ", "Tip-off assumed: ten minutes after the scheduled one, as known now (UTC)"),
        Column("player_name", "VARCHAR", "Name as NBA.com writes it", required=True),
        Column("cutoff", "TIMESTAMPTZ", "Nothing known later was read by the forecast (UTC)", required=True),
        Column("line_source", "VARCHAR", "Who recorded the quote"),
        Column("side", "VARCHAR", "The side with the higher expected value", valid=frozenset({"over", "under"})),
        Column("price", "DOUBLE", "Decimal odds of that side", unit="decimal odds", valid=(1, 1001)),
        Column("recommendation", "VARCHAR", "What the prediction said to do", required=True),
        Column("stake", "DOUBLE", "Share of bankroll it staked", unit="share", valid=(0, 1)),
        Column("quality", "VARCHAR", "Tier of the feature row: gold, silver, bronze, poor, critical; null when it is not held"),
        Column("market_half_points", "INTEGER", "The market's line in halves", unit="half points", valid=(0, 400)),
        Column("mean", "DOUBLE", "Expected count", unit="count", valid=(0, 200)),
        Column("actual", "INTEGER", "What he counted; null when he was not in the game or no result is held", unit="count", valid=(0, 300)),
        Column("outcome", "VARCHAR", "How a bet on the line ended; null without a line", valid=frozenset(OUTCOMES)),
        Column("is_bet", "BOOLEAN", "A real quote with a price, seen before tip-off", required=True),
        Column("is_best", "BOOLEAN", "The best quote of its player, market and system at the user's books", required=True),
        Column("profit", "DOUBLE", "Profit of one unit on the side; 0 for push, void and no action; null for no bet and while ungraded", unit="units", valid=(-1, 1000)),
        Column("clv", "DOUBLE", "Price times the close's de-vigged probability of the side, less 1; null without a close", unit="units", valid=(-1, 1000)),
        Column("absolute_error", "DOUBLE", "Distance of the mean from what he counted", unit="count", valid=(0, 300)),
        Column("line_error", "DOUBLE", "Distance of the market's line from what he counted", unit="count", valid=(0, 300)),
        Column("crps", "DOUBLE", "Continuous ranked probability score of the distribution", unit="count", valid=(0, 300)),
        Column("log_score", "DOUBLE", "Minus the logarithm of the probability of what he counted", unit="nats"),
    ),
    means="Each prediction graded, once per revision of what is known of its result.",
    source="predictions.player_prop_predictions, analytics.game_versions, analytics.player_game_summary",
    known_at="When its result was.",
)  # fmt: skip


def count(name: str, means: str) -> Column:
    """A number of rows."""
    return Column(name, "INTEGER", means, unit="count", valid=(0, 10_000_000), required=True)


SYSTEM_DAILY_PERFORMANCE = Table(
    "predictions", "system_daily_performance", ("game_date", "system", "slice_by", "slice"),
    (
        Column("game_date", "DATE", "US Eastern date of the games", required=True),
        Column("system", "VARCHAR", "System", required=True),
        Column("slice_by", "VARCHAR", "What the rows are split by", valid=frozenset(SLICES), required=True),
        Column("slice", "VARCHAR", "Which of them: a market, a band of its line, a quality tier, a book; under or without the user's news, on dates that have any", required=True),
        count("expected", "Quotes priced: what is expected to be graded"),
        *(count(outcome, f"Of those, ended as {outcome}") for outcome in OUTCOMES),
        Column("coverage", "DOUBLE", "Over, under, push and void among the expected", unit="share", valid=(0, 1)),
        count("picks", "Best quotes, seen before tip-off, that ended over or under"),
        count("hits", "Of those, on the right side"),
        Column("hit_rate", "DOUBLE", "Hits over picks; it decides nothing", unit="share", valid=(0, 1)),
        Column("roi", "DOUBLE", "Profit of one unit on each pick over picks; it decides nothing", unit="units", valid=(-1, 1000)),
        count("bets", "Picks that were recommended"),
        Column("bets_profit", "DOUBLE", "Profit of one unit on each bet", unit="units"),
        count("forecasts", "Distributions of players who played"),
        count("lined", "Of those, beside a market line"),
        Column("mae", "DOUBLE", "Mean absolute error of the mean, beside a line", unit="count", valid=(0, 300)),
        Column("line_mae", "DOUBLE", "The market line's on the same rows", unit="count", valid=(0, 300)),
        Column("crps", "DOUBLE", "Mean continuous ranked probability score", unit="count", valid=(0, 300)),
        Column("log_score", "DOUBLE", "Mean log score", unit="nats"),
        count("closes", "Picks with a close: a quote at most 30 minutes before tip-off"),
        Column("clv", "DOUBLE", "Mean closing line value of those", unit="units", valid=(-1, 1000)),
    ),
    means="Each system's day, by the last slate run before each tip-off.", source="predictions.prediction_accuracy",
    known_at="When its latest result was.",
)  # fmt: skip

TABLES = (PREDICTION_ACCURACY, SYSTEM_DAILY_PERFORMANCE)
