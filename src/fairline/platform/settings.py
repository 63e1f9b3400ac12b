"""Every setting with its default, meaning and environment name (`FAIRLINE_` + the field in capitals).

Precedence: arguments, environment, `settings.toml` in the home, defaults.
"""

import os
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

HOME_VARIABLE = "FAIRLINE_HOME"
SETTINGS_FILE = "settings.toml"


def default_home() -> Path:
    """The folder named by FAIRLINE_HOME, else `~/.fairline`."""
    return Path(os.environ.get(HOME_VARIABLE) or "~/.fairline").expanduser()


class Settings(BaseSettings):
    """What a user may choose."""

    model_config = SettingsConfigDict(env_prefix="FAIRLINE_", extra="forbid", frozen=True)

    home: Path = Field(default_factory=default_home, description="Folder that holds everything Fairline keeps.")
    books: tuple[str, ...] = Field(
        default=(),
        description="Books the user can bet at, as Fairline's keys (draftkings, fanduel ...); empty means all.",
    )
    stake_system: str = Field(
        default="market_pooled", description="The one system whose edges may carry a stake, once it has earned it."
    )
    kelly_fraction: float = Field(default=0.25, gt=0, le=1, description="Share of the full Kelly stake that is bet.")
    bankroll: float = Field(default=1.0, gt=0, description="Money that stakes are shares of; 1 shows them as shares.")
    zone: str = Field(default="America/New_York", description="Time zone in which times are shown to the reader.")
    threads: int = Field(default=2, ge=1, le=256, description="Threads the warehouse may use. Models always use two.")
    pickem_break_even: dict[str, float] = Field(
        default_factory=dict,
        description="Break-even probability of a pick'em leg at each pick'em book, from its payout table; "
        "a book that is absent has no price. Example: {prizepicks = 0.5425}.",
    )

    ledger: SecretStr | None = Field(
        default=None,
        description="Address of a PostgreSQL database that keeps the ledger, for workers on several machines; without "
        "one it is a file of the home. Example: postgresql://fairline@db.example.com/fairline.",
    )

    odds_api_key: SecretStr | None = Field(default=None, description="Key of The Odds API (the-odds-api.com).")
    balldontlie_key: SecretStr | None = Field(default=None, description="Key of BallDontLie (balldontlie.io).")
    bettingpros_key: SecretStr | None = Field(default=None, description="Key of BettingPros' API.")
    monthly_credits: dict[str, int] = Field(
        default_factory=dict,
        description="Credits that may be spent at a provider in a calendar month; without one, what it grants. "
        "Example: {odds_api = 20000}.",
    )
    proxies: dict[str, SecretStr] = Field(
        default_factory=dict,
        description="Proxy through which a provider is asked, by its name. Example: {nba_stats = 'http://proxy:3128'}.",
    )
    replay: str = Field(
        default="",
        description="Address of a `fairline replay serve`, which then answers in place of every provider.",
    )

    @field_validator("replay")
    @classmethod
    def _an_address(cls, replay: str) -> str:
        if replay and not replay.startswith(("http://", "https://")):
            message = f"{replay!r} is no address; an example is http://127.0.0.1:8000"
            raise ValueError(message)
        return replay.rstrip("/")

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            message = f"{zone!r} is not a time zone; an example is Europe/Berlin"
            raise ValueError(message) from error
        return zone

    @field_validator("pickem_break_even")
    @classmethod
    def _probabilities(cls, table: dict[str, float]) -> dict[str, float]:
        for book, share in table.items():
            if not 0 < share < 1:
                message = f"the break-even of {book} must lie between 0 and 1, not {share}"
                raise ValueError(message)
        return table

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature; no .env file is read
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - likewise no secrets folder
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments first, then the environment, then the home's file."""
        given = init_settings().get("home")
        home = Path(str(given)).expanduser() if given else default_home()
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, home / SETTINGS_FILE)


def load_settings(**chosen: Any) -> Settings:  # noqa: ANN401 - pydantic checks each value against its field
    """The settings in force, with `chosen` fields over everything else. Raises Refused for a value no field allows."""
    from pydantic import ValidationError

    from fairline.domain.errors import Refused

    try:
        return Settings(**chosen)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = f"Setting {where}: {first['msg']}"
        hint = f"Correct it in {SETTINGS_FILE} of the home or in the environment's FAIRLINE_{where.upper()}."
        raise Refused(message, hint=hint) from error
