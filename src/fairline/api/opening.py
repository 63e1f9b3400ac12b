"""The home a verb asks, open while it answers."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fairline.platform.home import Home, Owner
    from fairline.platform.settings import Settings


@contextmanager
def opened(verb: str, home: str | Path | None, *, read_only: bool = True) -> Iterator[Home]:
    """The home given, or the one of the settings, for the block."""
    from fairline.ops.catalogue import open_home

    settings = settings_of(home)

    def ask(owner: Owner | None) -> None:
        """A process that serves from the home gives it up for a while when asked; any other is waited for."""
        if owner is not None:
            from fairline.services.lending import borrow

            borrow(settings.home, owner.pid)

    with open_home(f"fairline.{verb}", settings=settings, read_only=read_only, on_wait=ask) as held:
        yield held


def settings_of(home: str | Path | None) -> Settings:
    """The settings in force for the home given, or for the one they name."""
    from fairline.platform.settings import load_settings

    return load_settings() if home is None else load_settings(home=home)
