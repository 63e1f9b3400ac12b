"""The settings of a demo: nothing of the user's is in them, for nothing of the user's is to be touched."""

from pathlib import Path
from typing import Any

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from fairline.platform.settings import Settings


class DemoSettings(Settings):
    """The defaults and what is given, whatever the environment and `settings.toml` say."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the user's keys, ledger and proxies are not the demo's
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - likewise
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - likewise
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments alone."""
        return (init_settings,)


def demo_settings(home: Path, **chosen: Any) -> Settings:  # noqa: ANN401 - pydantic checks each value
    """Settings of a home that is a demo's.

    >>> demo_settings(Path("/demo")).ledger is None
    True
    """
    return DemoSettings(home=home, **chosen)
