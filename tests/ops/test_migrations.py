"""A home of an older version becomes one of the newest: rows keep what they said, importing again changes nothing."""

import json
import shutil
from pathlib import Path

import pytest
from tests.raw import world

from fairline.domain.errors import Refused
from fairline.ops.catalogue import open_home
from fairline.platform.settings import load_settings
from fairline.raw.loading import import_files
from fairline.raw.schema import GAME_LINE_QUOTES, PLAYER_BOX_SCORES


@pytest.fixture
def first_version(home: Path) -> Path:
    """The small league's home as version 1 kept it: no starters, and game lines without book and moneylines."""
    with open_home("tests", settings=load_settings(home=home)) as opened:
        for table, lacking in (
            (PLAYER_BOX_SCORES, ["started"]),
            (GAME_LINE_QUOTES, ["book", "home_moneyline", "away_moneyline"]),
        ):
            opened.warehouse.execute(
                f"CREATE TEMP TABLE kept AS SELECT * EXCLUDE ({', '.join(lacking)}) FROM {table.full_name}"
            )
            opened.warehouse.execute(f"DROP TABLE {table.full_name}")
            opened.warehouse.execute(f"CREATE TABLE {table.full_name} AS FROM kept")
            opened.warehouse.execute("DROP TABLE kept")
    (home / "home.json").write_text(json.dumps({"schema_version": 1}))
    shutil.rmtree(home / "backups", ignore_errors=True)
    return home


def test_a_home_of_the_first_version_is_migrated_after_a_backup_and_loses_no_row(first_version):
    with open_home("tests", settings=load_settings(home=first_version)) as opened:
        rows = opened.warehouse.query("SELECT points, started FROM raw.player_box_scores")
        assert rows.height > 0
        assert rows["started"].null_count() == rows.height
    assert [folder.name.startswith("1-") for folder in (first_version / "backups").iterdir()] == [True]


def test_importing_again_into_a_migrated_home_changes_nothing(first_version, tmp_path):
    world.box_scores().write_parquet(tmp_path / "box_scores.parquet")
    with open_home("tests", settings=load_settings(home=first_version)) as opened:
        (report,) = import_files(
            [tmp_path / "box_scores.parquet"], warehouse=opened.warehouse, objects=opened.objects, clock=opened.clock
        )
    assert (report.written, report.error) == (0, "")


def test_a_reader_of_an_older_home_is_told_to_migrate_it(first_version):
    with (
        pytest.raises(Refused, match="must be migrated"),
        open_home("tests", settings=load_settings(home=first_version), read_only=True),
    ):
        pass
