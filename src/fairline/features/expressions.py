"""SQL that several features and states share."""


def over(expression: str, window: str, another: str) -> str:
    """The expression over another window.

    >>> over("sum(a) OVER last_5_of_season / 5", "last_5_of_season", "season")
    'sum(a) OVER season / 5'
    """
    return expression.replace(f"OVER {window}", f"OVER {another}")


def where_held(expression: str, part: str) -> str:
    """The expression in games in which the part is held, null elsewhere: a ratio's two sums are of the same games.

    >>> where_held("points", "possession_hundredths")
    '(CASE WHEN possession_hundredths IS NOT NULL THEN points END)'
    """
    return f"(CASE WHEN {part} IS NOT NULL THEN {expression} END)"


def ratio(part: str, whole: str, window: str) -> str:
    """Sum of the part over the sum of the whole, in the games of the window in which both are held.

    >>> ratio("threes_made", "threes_attempted", "last_15")
    'sum((CASE WHEN threes_attempted IS NOT NULL THEN threes_made END)) OVER last_15 / nullif(1.0 * sum((CASE WHEN
    threes_made IS NOT NULL THEN threes_attempted END)) OVER last_15, 0)'
    """
    above, below = where_held(part, whole), where_held(whole, part)
    return f"sum({above}) OVER {window} / nullif(1.0 * sum({below}) OVER {window}, 0)"
