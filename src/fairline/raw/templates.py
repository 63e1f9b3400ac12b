"""An example file of each kind, with made-up rows: what to write to be read."""

import csv
import io

from fairline.raw.kinds import kind_named


def example(kind_name: str) -> str:
    """The kind's columns and made-up rows as CSV. Raises BrokenContract for an unknown kind.

    >>> print(example("exact_minutes"), end="")
    PLAYER_ID,GAME_DATE,MINUTES
    999901,2026-10-20,38.366667
    """
    kind = kind_named(kind_name)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([kind.columns, *kind.example])
    return text.getvalue()
