"""What a finished demo has to show, read from its home."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fairline.features.availability import BY_STATUS
from fairline.ops.frames import games_of
from fairline.predict.board import Selection, board_rows, conclusion, last_batch, predictions_of, selected

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from fairline.sim.demo import Demo


class DemoView(NamedTuple):
    """The evening's board as it stood when it was priced, how each system did on it, and the files published."""

    batch_id: str
    games: int
    board: pl.DataFrame
    conclusion: str
    grades: pl.DataFrame
    published: list[Path]


def demo_view(demo: Demo) -> DemoView:
    """What the home of a demo that ran through holds. Raises NotFound when it was broken off before."""
    day = demo.evening.day
    with demo.opened(demo.evening.next_morning, read_only=True) as home:
        batch, selection = last_batch(home.warehouse, day), Selection()
        chosen = selected(predictions_of(home.warehouse, batch), selection)
        board = board_rows(chosen, selection, demo.evening.priced, BY_STATUS)
        grades = home.warehouse.query(_GRADES, [day])
        published = [home.path / "objects" / key for key in home.objects.list("v1") if "schemas" not in key]
        games = games_of(home.warehouse, day).height
    return DemoView(batch, games, board, conclusion(chosen, board), grades, published)


_GRADES = """
SELECT system, forecasts, round(crps, 3) AS crps, picks, round(hit_rate, 3) AS hit_rate, round(mae, 2) AS mae,
    round(line_mae, 2) AS line_mae, void, ungraded
FROM predictions.system_daily_performance
WHERE game_date = ? AND slice_by = 'all' ORDER BY crps
"""
