"""Settings: where they come from and what they refuse."""

from pathlib import Path

import pytest

from fairline.domain.errors import Refused
from fairline.platform.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FAIRLINE_HOME", str(tmp_path))
    return tmp_path


def test_the_home_is_where_the_environment_says(home: Path) -> None:
    assert load_settings().home == home


def test_arguments_precede_the_environment_which_precedes_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "settings.toml").write_text('bankroll = 100\nbooks = ["draftkings"]\nthreads = 4\n')
    monkeypatch.setenv("FAIRLINE_BANKROLL", "200")
    settings = load_settings(threads=1)
    assert (settings.bankroll, settings.books, settings.threads) == (200, ("draftkings",), 1)


def test_the_file_read_is_that_of_the_home_named_in_arguments(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "settings.toml").write_text("kelly_fraction = 0.5\n[pickem_break_even]\nprizepicks = 0.5425\n")
    settings = load_settings(home=other)
    assert settings.kelly_fraction == 0.5
    assert settings.pickem_break_even == {"prizepicks": 0.5425}


@pytest.mark.parametrize(
    ("file", "named"),
    [
        ('zone = "Mars/Olympus"', "zone"),
        ("kelly_fraction = 1.5", "kelly_fraction"),
        ("kely_fraction = 0.2", "kely_fraction"),
        ("pickem_break_even = {prizepicks = 54}", "pickem_break_even"),
        ('replay = "127.0.0.1:8000"', "replay"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_by_name(home: Path, file: str, named: str) -> None:
    (home / "settings.toml").write_text(file)
    with pytest.raises(Refused, match=named):
        load_settings()


def test_every_setting_says_what_it_means() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_a_key_is_never_printed(home: Path) -> None:
    (home / "settings.toml").write_text(
        'odds_api_key = "hush-hush"\n[proxies]\nnba = "http://me:hush-hush@proxy:3128"\n'  # pragma: allowlist secret
    )
    settings = load_settings()
    assert "hush-hush" not in f"{settings!r} {settings} {settings.model_dump_json()}"
    assert settings.odds_api_key is not None
    assert settings.odds_api_key.get_secret_value() == "hush-hush"  # pragma: allowlist secret
