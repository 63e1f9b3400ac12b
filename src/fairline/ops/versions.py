"""What runs here: version, commit, settings, models and schema, so that a command can tell two installations apart."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from pydantic import SecretStr

from fairline.domain.markets import Market
from fairline.ops.migrations import MIGRATIONS
from fairline.platform.migrations import newest_version, version_of

if TYPE_CHECKING:
    from fairline.platform.objects import Objects
    from fairline.platform.settings import Settings

UNKNOWN = "unknown"
OF_THE_MACHINE = frozenset({"home", "threads"})
"""Settings that may differ between two machines that should agree."""


@dataclass(frozen=True, slots=True)
class Versions:
    """What runs here. models: the latest model's hash by market. home_schema: null while no home is made."""

    version: str
    commit: str
    config_hash: str
    models: dict[str, str]
    schema_version: int
    home_schema: int | None


def versions(objects: Objects, settings: Settings) -> Versions:
    """What runs here, on these stores and settings."""
    return Versions(
        version=version(),
        commit=commit(),
        config_hash=config_hash(settings),
        models=latest_models(objects),
        schema_version=newest_version(MIGRATIONS),
        home_schema=version_of(settings.home, MIGRATIONS),
    )


def config_hash(settings: Settings) -> str:
    """A hash over every setting that is neither secret nor a matter of the machine; 16 hex digits."""
    fields = type(settings).model_fields
    open_ones = {name for name, field in fields.items() if not _secret(field.annotation)} - OF_THE_MACHINE
    told = settings.model_dump(include=open_ones)
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]


def latest_models(objects: Objects) -> dict[str, str]:
    """The hash of each market's model that learned from the latest outcomes."""
    held = {market: objects.list(f"models/{market}/known-to/") for market in Market}
    return {str(market): objects.get(keys[-1]).decode() for market, keys in held.items() if keys}


def version() -> str:
    """Fairline's version, as installed."""
    try:
        return distribution("fairline").version
    except PackageNotFoundError:
        return UNKNOWN


@cache
def commit() -> str:
    """The commit that runs: of the checkout, or as the installer noted it; else `unknown`."""
    return _of_checkout(Path(__file__).resolve().parents[3] / ".git") or _of_installer() or UNKNOWN


def _secret(kind: object) -> bool:
    """Whether a type is a secret, or holds any."""
    return kind is SecretStr or any(_secret(part) for part in get_args(kind))


def _of_checkout(folder: Path) -> str | None:
    """The commit HEAD stands at, read from git's own files; None where they cannot be read so."""
    try:
        head = (folder / "HEAD").read_text(encoding="ascii").strip()
        if not head.startswith("ref: "):
            return head
        ref = head.removeprefix("ref: ")
        if (folder / ref).is_file():
            return (folder / ref).read_text(encoding="ascii").strip()
        packed = (folder / "packed-refs").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    return next((line.split()[0] for line in packed if line.endswith(f" {ref}")), None)


def _of_installer() -> str | None:
    try:
        noted = distribution("fairline").read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    found = json.loads(noted or "{}").get("vcs_info", {}).get("commit_id")
    return found if isinstance(found, str) else None
