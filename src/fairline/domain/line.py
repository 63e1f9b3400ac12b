"""A betting line: an exact multiple of one half, so that 24.5 never meets 25."""

from dataclasses import dataclass

from fairline.domain.errors import BrokenContract


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """A line over a count, held as whole halves (49 is 24.5), never negative.

    >>> Line.of(24.5), str(Line(halves=50))
    (Line(halves=49), '25')
    """

    halves: int

    def __post_init__(self) -> None:
        """Refuse what is not a whole, non-negative number of halves."""
        if type(self.halves) is not int:
            message = f"A line is held in whole halves, not {self.halves!r}."
            raise BrokenContract(message, hint="Use Line.of(24.5) for a line in points.")
        if self.halves < 0:
            message = f"The line {self.halves / 2:g} is negative."
            raise BrokenContract(message, hint="Player counts start at 0; spreads are not lines of this type.")

    @classmethod
    def of(cls, value: float) -> "Line":
        """The line at a number of points, rebounds ... Raises BrokenContract unless it is a multiple of one half.

        >>> Line.of(25).is_whole
        True
        """
        doubled = 2 * value
        # NaN and infinities fail the first test: their remainder is NaN.
        if doubled % 1 != 0:
            message = f"The line {value} is not a multiple of one half."
            raise BrokenContract(message, hint="Quarantine the row: a line is never rounded.")
        return cls(halves=int(doubled))

    @property
    def value(self) -> float:
        """The line in the unit of its market; exact, halves are binary fractions."""
        return self.halves / 2

    @property
    def is_whole(self) -> bool:
        """A whole-number line can push."""
        return self.halves % 2 == 0

    def __str__(self) -> str:
        """As books write it: 24.5, 25."""
        return f"{self.value:g}"
