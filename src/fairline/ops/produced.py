"""What a game date produced beside what it was to produce: one set-based question for each phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.grade.schema import FACT
from fairline.ops.expected import OUTPUTS, PHASES

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from fairline.platform.home import Home

LACKING, TOO_MANY, NOT_DUE = "lacking", "too many", "not due"
"""Verdicts of what is not as planned: too few though due; more; too few, but not due yet."""


def compared(home: Home, day: date) -> pl.DataFrame:
    """Every planned output of a date: phase, output, game_id, expected, actual, verdict, why, due_at. Plans nothing.

    verdict: one of those above, or `complete`, `some` of a number not known beforehand, `none expected` where none is.
    """
    import polars as pl

    asked = {"day": day, "now": home.clock.now()}
    with home.warehouse.frame("documents", _documents(home, day)):
        stages = [
            home.warehouse.query(_COMPARED.format(produced=PRODUCED[phase]), {**asked, "phase": phase})
            for phase in PHASES
        ]
    return pl.concat(stages)


def _documents(home: Home, day: date) -> pl.DataFrame:
    """The documents of the date that are published."""
    import polars as pl

    keys = {output.name: f"{output.name}/{day.isoformat()}.json" for output in OUTPUTS if output.phase == "publish"}
    held = [name for name, key in keys.items() if home.objects.exists(key)]
    return pl.DataFrame({"output": held}, schema={"output": pl.String})


_COMPARED = """
WITH planned AS (
    SELECT phase, output, game_id, expected, why, due_at
    FROM ops.expected_outputs
    WHERE game_date = $day AND phase = $phase
    QUALIFY row_number() OVER (PARTITION BY output, game_id ORDER BY known_at DESC) = 1
),
produced AS ({produced}),
beside AS (
    SELECT planned.*, coalesce(produced.actual, 0) AS actual
    FROM planned
    LEFT JOIN produced ON produced.output = planned.output AND produced.game_id = planned.game_id
)
SELECT phase, output, game_id, expected, actual,
    CASE
        WHEN expected = 0 AND actual = 0 THEN 'none expected'
        WHEN actual > expected THEN 'too many'
        WHEN actual = expected THEN 'complete'
        WHEN expected IS NULL AND actual > 0 THEN 'some'
        WHEN due_at > $now THEN 'not due'
        ELSE 'lacking'
    END AS verdict,
    why, due_at
FROM beside
ORDER BY output, game_id
"""


def _counted(table: str, what: str = "count(*)", where: str = "") -> str:
    """SQL: how many rows of a table each game of the date has."""
    return (
        f"SELECT '{table}' AS output, game_id, {what} AS actual FROM {table}"  # noqa: S608 - names of our own
        f" WHERE game_date = $day{where} GROUP BY game_id"
    )


# A forecast or a price counts once, however often the slate was priced again.
_FORECASTS = "count(DISTINCT (player_id, market))"
_PRICES = "count(DISTINCT (player_id, market, system, book, half_points))"
_STANDING = " AND superseded_at = TIMESTAMPTZ '9999-01-01 00:00:00+00'"
_GRADED = " AND book <> '' AND outcome <> 'ungraded'"
_GRADES = f"count(DISTINCT ({', '.join(FACT)}))"

PRODUCED = {
    "raw": " UNION ALL ".join((
        _counted("raw.prop_quotes"), _counted("raw.games", "count(DISTINCT game_id)", " AND status = 'final'"),
        _counted("raw.player_box_scores", "count(DISTINCT player_id)"), _counted("raw.shots"),
    )),
    "analytics": " UNION ALL ".join(
        _counted(f"analytics.{name}", where=_STANDING)
        for name in ("team_offense_game_summary", "team_defense_game_summary", "player_game_summary")
    ),
    "precompute": _counted("precompute.ml_feature_store", "count(DISTINCT player_id)"),
    "predict": " UNION ALL ".join((
        _counted("predictions.player_prop_forecasts", _FORECASTS, " AND reason IS NULL"),
        _counted("predictions.player_prop_predictions", _PRICES),
    )),
    "grade": _counted("predictions.prediction_accuracy", _GRADES, _GRADED),
    "publish": "SELECT output, '' AS game_id, count(*) AS actual FROM documents GROUP BY output",
}  # fmt: skip
"""By phase, the SQL of what the date `$day` produced: output, game_id, actual."""
