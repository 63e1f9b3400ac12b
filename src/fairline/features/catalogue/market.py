"""Features that have seen a quote: the `market` contract alone (evaluation rule 2)."""

from fairline.features.contract import Feature


def quoted(name: str, column: str, unit: str, valid: tuple[float, float], means: str, *, constant: str = "") -> Feature:
    """A feature of the quotes as of the cutoff."""
    return Feature(name, f"market_{column}", of="market", unit=unit, valid=valid, means=means, constant=constant)


MARKET = (
    quoted("market_line", "line", "points", (0, 200), "The line most books share at the cutoff; ties: the median."),
    quoted("opening_line", "opening_line", "points", (0, 200), "The same of the first capture of the game."),
    quoted("line_move", "line_move", "points", (-60, 60), "Market line less opening line."),
    quoted("has_line", "has_line", "flag", (0, 1), "A two-sided quote is known at the cutoff.",
           constant="a player without a line has no row of the market contract"),
    quoted("line_dispersion", "line_dispersion", "points", (0, 60), "Standard deviation of the line over books; null with one."),
    quoted("market_p_over", "p_over", "probability", (0, 1),
           "De-vigged probability of over at the market line: mean over books in log-odds."),
)  # fmt: skip
