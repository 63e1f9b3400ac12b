"""A stored day replayed: identical to the last hash, and not when one byte or row of it was altered."""

from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest
from tests.sim.demos import copied, priced_demo

from fairline.domain.errors import BrokenContract, NotFound
from fairline.ops.comparing import Compared
from fairline.ops.news import tell
from fairline.ops.replaying_days import replay_day
from fairline.ops.slate import run_slate
from fairline.platform.captures import captures_in
from fairline.platform.home import Home
from fairline.sim.demo import Demo

pytestmark = pytest.mark.xdist_group("demo")


def replayed(demo: Demo, home: Home, folder: Path) -> dict[str, Compared]:
    return {one.part: one for one in replay_day(home, demo.evening.day, folder)}


def test_a_day_replayed_from_its_captures_is_identical_hash_by_hash(tmp_path: Path):
    with copied(tmp_path / "home") as (demo, home):
        parts = replayed(demo, home, tmp_path / "again")
        day = demo.evening.day
    assert set(parts) == {
        "precompute.ml_feature_store", "predictions.player_prop_forecasts", "predictions.player_prop_predictions",
        f"v1/predictions/{day}/r1", f"v1/best-bets/{day}/r1", f"v1/results/{day}.json",
    }  # fmt: skip
    assert [one for one in parts.values() if one.different or one.stored != one.replayed] == []
    assert min(one.rows for one in parts.values()) > 0
    assert parts["predictions.player_prop_forecasts"].rows > 100


def test_one_altered_row_and_one_altered_byte_are_each_found_and_named(tmp_path: Path):
    with copied(tmp_path / "home") as (demo, home):
        altered = "SELECT min(player_id) FROM precompute.ml_feature_store WHERE cutoff = ?"
        player = home.warehouse.query(altered, [demo.evening.priced]).item()
        home.warehouse.execute(
            "UPDATE precompute.ml_feature_store SET points_avg_last_5 = points_avg_last_5 + 1e-9"
            " WHERE player_id = ? AND cutoff = ?", [player, demo.evening.priced],
        )  # fmt: skip
        key = f"v1/predictions/{demo.evening.day}.json"
        home.objects.put(key, home.objects.get(key).replace(b'"quality":1', b'"quality":2', 1))
        parts = replayed(demo, home, tmp_path / "again")
    wrong = {part: one for part, one in parts.items() if one.different}
    assert set(wrong) == {"precompute.ml_feature_store", f"v1/predictions/{demo.evening.day}/r1"}
    assert wrong["precompute.ml_feature_store"].different == 1
    assert f"player_id {player}" in wrong["precompute.ml_feature_store"].first
    assert "points_avg_last_5" in wrong["precompute.ml_feature_store"].first
    assert '"quality":2' in wrong[f"v1/predictions/{demo.evening.day}/r1"].first


def test_a_capture_that_was_altered_is_refused_by_name(tmp_path: Path):
    with copied(tmp_path / "home") as (demo, home):
        one, other = sorted({each.bytes_key for each in captures_in(home.objects, kind="", source="odds_api")})[:2]
        home.objects.put(one, home.objects.get(other))
        with pytest.raises(BrokenContract, match="Capture captures/odds_api"):
            replayed(demo, home, tmp_path / "again")


def test_a_day_that_was_never_priced_cannot_be_replayed(tmp_path: Path):
    with copied(tmp_path / "home") as (demo, home), pytest.raises(NotFound, match="no batch of 2025-12-31"):
        replay_day(home, demo.evening.day.replace(month=12, day=31), tmp_path / "again")


def test_a_day_of_four_batches_two_of_them_upon_news_is_identical_too(tmp_path: Path):
    """Priced at 12:05, on the news of 12:20 and 12:25 and the lines of 12:40; then its games are told and graded."""
    held = priced_demo()
    copytree(held.folder, tmp_path / "home")
    demo = Demo(tmp_path / "home", held.league, held.markets)
    day, priced = demo.evening.day, demo.evening.priced
    with demo.opened(priced) as home:
        best = home.warehouse.query(
            "SELECT player_id, any_value(player_name) AS name FROM predictions.player_prop_predictions"
            " WHERE game_date = ? GROUP BY player_id ORDER BY count(*) DESC, player_id LIMIT 2", [day],
        )  # fmt: skip
    for minutes, name in zip((15, 20), best["name"], strict=True):
        with demo.opened(priced + timedelta(minutes=minutes)) as home:
            assert tell(home, name, "out", source="a beat writer", day=day).repriced is not None
    with demo.opened(priced + timedelta(minutes=35)) as home:
        assert demo.scraped(home, "lines", day, lambda _: None)["rows"] > 0
        run_slate(home, day, demo.markets, told=lambda _: None)
    demo.run(lambda *_: None, lambda _: None)
    with demo.opened(demo.evening.next_morning) as home:
        parts = replay_day(home, day, tmp_path / "again")
    batches = {one.batch_id for one in parts if one.part == "predictions.player_prop_predictions"}
    assert len(batches) == 4
    assert {f"v1/predictions/{day}/r{revision}" for revision in (1, 2, 3, 4)} <= {one.part for one in parts}
    assert [one for one in parts if one.different or one.stored != one.replayed] == []
