"""What each job of the schedule does: by its name, the step or check it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.ops.checks import alert_phase_4, check_stalled, clean_up, heal, predict_without_phase_4
from fairline.ops.retraining import retrain_candidates
from fairline.ops.steps import (
    analytics,
    box_scores_complete,
    grade,
    grade_what_lacked,
    plan_expected,
    precompute,
    predictions,
    publish,
    reconcile,
    reprice,
    reprice_on_news,
    scraping,
    validation_report,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairline.ops.steps import Work

WORKS: Mapping[str, Work] = {
    "plan-expected-outputs": plan_expected,
    "morning": scraping("morning"),
    "yesterday-analytics": analytics,
    "yesterday-grading": grade,
    "yesterday-reconciliation": reconcile,
    "validation-report": validation_report,
    "box-score-completeness": box_scores_complete,
    "grading-readiness": grade_what_lacked,
    "lines": scraping("lines", reprices=True),
    "lines-before-tip": scraping("lines", reprices=True),
    "injuries": scraping("injuries", reprices=True),
    "same-day-phase3": analytics,
    "same-day-phase4": precompute,
    "same-day-predictions": predictions,
    "phase4-failure-alert": alert_phase_4,
    "self-heal": heal,
    "publish-tonight": publish,
    "phase4-timeout-check": predict_without_phase_4,
    "stall-check": check_stalled,
    "cleanup": clean_up,
    "reprice": reprice,
    "reprice-on-news": reprice_on_news,
    "tomorrow-phase3": analytics,
    "tomorrow-phase4": precompute,
    "tomorrow-predictions": predictions,
    "post-game": scraping("post_game"),
    "nightly-precompute": precompute,
    "retrain": retrain_candidates,
}
"""By the job's name, what is done for a game date."""
