"""The frames that cross into and out of an evaluation, and the version of the report."""

from fairline.domain.markets import Market
from fairline.domain.settle import Outcome
from fairline.domain.tables import Column

REPORT_VERSION = 1

KEY = ("game_id", "player_id", "market", "system")
"""One row each. Rows of different systems with the same first three are the same event."""

ANY = float("inf")

ROWS = (
    Column("game_id", "VARCHAR", "Ten digits, as NBA.com writes it", required=True),
    Column("player_id", "BIGINT", "NBA person id", required=True),
    Column("player_name", "VARCHAR", "As NBA.com writes it", required=True),
    Column("game_date", "DATE", "US Eastern date of the game; intervals resample these", required=True),
    Column("cutoff", "TIMESTAMPTZ", "The forecast used nothing known later", required=True),
    Column("market", "VARCHAR", "What is counted", valid=frozenset(Market), required=True),
    Column("system", "VARCHAR", "Who forecast", required=True),
    Column("half_points", "BIGINT", "Main line at the cutoff; null when no book had one", unit="half", valid=(0, 400)),
    Column("market_p_over", "DOUBLE", "De-vigged P(over), given no push; null without both prices", valid=(0, 1)),
    Column("quote_age_minutes", "DOUBLE", "Age of that quote at tip-off", unit="min", valid=(0, ANY)),
    Column(
        "actual", "BIGINT", "What the player counted. Void and postponed rows stay out", valid=(0, 200), required=True
    ),
    Column("role", "DOUBLE", "Mean minutes of the last ten games; null when unknown", unit="min", valid=(0, 70)),
)
"""What `scores.score` takes, in the order of its distributions."""

OPTIONAL = (
    Column(
        "close_p_over",
        "DOUBLE",
        "De-vigged P(over) of this line in a quote at most 30 minutes before tip-off",
        valid=(0, 1),
    ),
    Column(
        "best_decimal_over",
        "DOUBLE",
        "Best price on the over of this line at the cutoff",
        unit="decimal odds",
        valid=(1, ANY),
    ),
    Column(
        "best_decimal_under",
        "DOUBLE",
        "Best price on the under of this line at the cutoff",
        unit="decimal odds",
        valid=(1, ANY),
    ),
    Column("takeable", "BOOLEAN", "Whether the quote was still there at the next capture; null without a next one"),
    Column(
        "next_decimal_over",
        "DOUBLE",
        "Best price on the over of this line at the next capture",
        unit="decimal odds",
        valid=(1, ANY),
    ),
    Column(
        "next_decimal_under",
        "DOUBLE",
        "Best price on the under of this line at the next capture",
        unit="decimal odds",
        valid=(1, ANY),
    ),
)
"""What may be absent from the rows, and is then null."""

SCORES = (
    Column("mean", "DOUBLE", "Mean of the forecast"),
    Column("median", "BIGINT", "Median of the forecast: the point that minimises the expected absolute error"),
    Column("crps", "DOUBLE", "Continuous ranked probability score", valid=(0, ANY)),
    Column(
        "log_score",
        "DOUBLE",
        "Minus the log of the probability of what happened; infinite for the impossible",
        valid=(0, ANY),
    ),
    Column("pit", "DOUBLE", "Randomised probability integral transform", valid=(0, 1)),
    Column("inside_50", "BOOLEAN", "Whether the result fell in the central 50 %, its end counts randomised"),
    Column("inside_80", "BOOLEAN", "Likewise 80 %"),
    Column("inside_90", "BOOLEAN", "Likewise 90 %"),
    Column("absolute_error", "DOUBLE", "Of the median", valid=(0, ANY)),
    Column("absolute_error_mean", "DOUBLE", "Of the mean", valid=(0, ANY)),
    Column("p_over", "DOUBLE", "P(over) at the line; null without one", valid=(0, 1)),
    Column("p_push", "DOUBLE", "P(push) at the line; null without one", valid=(0, 1)),
    Column("p_over_no_push", "DOUBLE", "P(over) given no push: what is compared with the market's", valid=(0, 1)),
    Column(
        "outcome",
        "VARCHAR",
        "How a bet on the line ended; null without a line",
        valid=frozenset((Outcome.OVER, Outcome.UNDER, Outcome.PUSH)),
    ),
    Column("line_error", "DOUBLE", "|line - actual|", valid=(0, ANY)),
    Column(
        "priced_line_error",
        "DOUBLE",
        "|line - actual|, the line first moved half a point to the side its price favours",
        valid=(0, ANY),
    ),
    Column("log_loss", "DOUBLE", "Of p_over_no_push; null for a push", unit="nat", valid=(0, ANY)),
    Column("market_log_loss", "DOUBLE", "Of market_p_over; null for a push", unit="nat", valid=(0, ANY)),
    Column("brier", "DOUBLE", "Of p_over_no_push; null for a push", valid=(0, 1)),
    Column("market_brier", "DOUBLE", "Of market_p_over; null for a push", valid=(0, 1)),
)
"""What `scores.score` adds."""
