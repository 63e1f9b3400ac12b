"""Sources that disagree raise an alert for the game; when they agree again it is cleared."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from fairline.ops.alerts import Change, open_alerts
from fairline.ops.catalogue import open_home
from fairline.ops.reconciling import reconcile
from fairline.platform.home import Home
from fairline.platform.settings import load_settings
from fairline.raw.schema import PLAYER_BOX_SCORES

GAME, JONES = "0022400105", 903


def _espn(home: Home, points: int, at: datetime) -> None:
    """ESPN's box score of the game: the league's own, but for the points of Herbert Jones."""
    his = pl.when(player_id=JONES).then(points).otherwise("points").cast(pl.Int32)
    stated = home.warehouse.query(
        "SELECT * EXCLUDE (content_hash) FROM raw.player_box_scores WHERE game_id = ? AND source LIKE 'leaguegamelog%'",
        [GAME],
    ).with_columns(source=pl.lit("espn_box_score"), points=his, known_at=pl.lit(at))
    home.warehouse.append_statements(PLAYER_BOX_SCORES, stated, at)


def test_an_alert_is_raised_for_the_game_and_cleared_by_the_correction(home: Path):
    with open_home("tests", settings=load_settings(home=home)) as opened:
        assert [change.raised for change in reconcile(opened).alerts.values()] == [0, 0, 0]
        _espn(opened, 12, datetime(2024, 11, 13, 6, tzinfo=UTC))
        assert reconcile(opened, "2024-11-12").alerts["box_scores_disagree"].raised == 1
        told = open_alerts(opened.warehouse).row(0, named=True)
        assert told["subject"] == f"2024-11-12 {GAME}"
        assert told["detail"] == "points of Herbert Jones: leaguegamelog_players 10, espn_box_score 12"
        assert reconcile(opened, "2024-11-11").alerts["box_scores_disagree"] == Change(0, 0, 0)
        _espn(opened, 10, datetime(2024, 11, 15, 6, tzinfo=UTC))
        assert reconcile(opened, "2024-11-12").alerts["box_scores_disagree"] == Change(0, 0, 1)
