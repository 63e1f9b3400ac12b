"""What every test shares: where the real data lies, and how Hypothesis searches."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from tests.ledgers import Store
    from tests.postgresql import Server

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("FAIRLINE_SHARED", REPOSITORY.parent / "shared")).resolve()
SLOW = {"cli", "e2e", "evaluate", "features", "ops", "scrape", "services", "sim"}
"""Folders of tests that start servers, play seasons, or build the features of one."""

LONG = {
    "test_a_seed_does_the_same_whatever_the_process_hashes_by", "test_verify.py",
    "test_league_truth.py", "test_replaying_days.py", "test_answers.py", "test_notebook.py", "test_planted_bugs.py",
    "test_demo_commands.py", "test_fallback_answers.py", "test_nineteen_of_twenty_other_seeds_are_within_tolerance",
}  # fmt: skip
"""Files and tests that `make test` and a soak run, and the gate, which has to end within minutes, does not."""

# No deadline: the machine is shared, and a slow example is not a wrong one. In CI the same examples every time, so that
# a red run can be repeated; elsewhere new ones, so that they keep finding.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the real data, and keep it on one worker, so that what it imports is imported once.

    What takes long and says nothing about a version of Python is slow: the gate runs it on the first alone.
    """
    for item in items:
        if SLOW & set(item.path.relative_to(REPOSITORY).parts[1:2]) and item.path.is_relative_to(REPOSITORY / "tests"):
            item.add_marker(pytest.mark.slow)
        if LONG & {item.path.name, getattr(item, "originalname", item.name)}:
            item.add_marker(pytest.mark.long)
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.shared)
            item.add_marker(pytest.mark.xdist_group("shared"))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the repository (FAIRLINE_SHARED overrides); the test is skipped without it."""
    if not (SHARED / "data").is_dir():
        pytest.skip(f"no real data at {SHARED}/data; FAIRLINE_SHARED names another folder")
    return SHARED


@pytest.fixture(scope="session")
def postgresql() -> Iterator["Server"]:
    """A real PostgreSQL server, one for each process that runs tests; the test is skipped without one."""
    from tests.postgresql import server

    from fairline.platform.clock import SystemClock

    with server(SystemClock()) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator["Store"]:
    """A new ledger's store of each kind, for as many openers as a test likes."""
    from tests.ledgers import Store

    if request.param == "sqlite":
        with closing(Store(str(tmp_path / "ledger.sqlite"))) as store:
            yield store
        return
    server: Server = request.getfixturevalue("postgresql")
    with server.database() as address, closing(Store(address.get_secret_value())) as store:
        yield store


@pytest.fixture(scope="session")
def imported(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with all of the real data, imported once. Every test of the session shares it: open it read-only."""
    from fairline.ops.catalogue import open_home
    from fairline.platform.settings import load_settings
    from fairline.raw.loading import files_in, import_files

    folder = tmp_path_factory.mktemp("imported") / "home"
    with open_home("tests", settings=load_settings(home=folder)) as home:
        files = files_in([shared / "data"])
        reports = import_files(files, warehouse=home.warehouse, objects=home.objects, clock=home.clock)
    assert [report.error for report in reports if report.error] == []
    return folder


@pytest.fixture(scope="session")
def small_league(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with four teams, a week of games and one quote; copied by `home` for each test."""
    from tests.raw import world

    from fairline.ops.catalogue import open_home
    from fairline.platform.settings import load_settings
    from fairline.raw.loading import import_files

    folder = tmp_path_factory.mktemp("small")
    quoted = world.quotes(
        world.quote("Herb Jones", "2024-11-12T22:00:00Z", opponent="BOS", tipoff="2024-11-13T00:30:00Z")
    )
    files = []
    for name, frame in (("schedule", world.schedule()), ("box_scores", world.box_scores()), ("quotes", quoted)):
        files.append(folder / f"{name}.parquet")
        frame.write_parquet(files[-1])
    with open_home("tests", settings=load_settings(home=folder / "home")) as home:
        reports = import_files(files, warehouse=home.warehouse, objects=home.objects, clock=home.clock)
    assert [(report.error, report.quarantined) for report in reports if report.error or report.quarantined] == []
    return folder / "home"


@pytest.fixture
def home(small_league: Path, tmp_path: Path) -> Path:
    """A home of the small league that the test may change."""
    import shutil

    return Path(shutil.copytree(small_league, tmp_path / "home"))
