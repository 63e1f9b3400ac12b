"""A home's past told again to a new one: every import and capture, in the order and at the time in which it came."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from fairline.domain.dates import utc
from fairline.domain.errors import BrokenContract, FairlineError
from fairline.platform.captures import Capture, content_of, kind_and_instant, land, read_sighting, sighting_keys
from fairline.raw import landing
from fairline.raw.capture_loading import load_captures, unloaded
from fairline.raw.captured import capture_kinds
from fairline.raw.held import Held
from fairline.raw.kinds import KINDS_BY_NAME
from fairline.raw.loading import import_content
from fairline.raw.schema import NAME_ALIASES, USER_NEWS

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairline.platform.home import Home
    from fairline.platform.ledger.contract import Ledger
    from fairline.platform.objects import Objects

SAID = ((USER_NEWS, "known_at"), (NAME_ALIASES, "added_at"))
"""What a person said, and when: no capture holds it, so its rows are taken over."""


class Imported(NamedTuple):
    """A file as it came by an import. run: which import, by its place among them."""

    at: datetime
    run: int
    turn: int
    file: str
    kind: str
    capture_id: str


@dataclass
class Past:
    """What a home was told, to be told to another up to one moment after another."""

    source: Home
    imports: list[Imported]
    sightings: list[tuple[datetime, str]]

    @classmethod
    def of(cls, source: Home) -> Past:
        """The whole past of a home."""
        known = {kind.name for kind in capture_kinds()}
        keys = [(*kind_and_instant(key), key) for key in sighting_keys(source.objects)]
        sightings = sorted((at, key) for kind, at, key in keys if kind in known)
        return cls(source, sorted(_imports(source.objects, source.ledger)), sightings)

    def tell(self, home: Home, until: datetime, told: Callable[[str], None]) -> dict[str, int]:
        """Tell another home, open and at that moment (UTC), all that came by then and was not told yet; how much.

        Raises BrokenContract for bytes that are not those that came.
        """
        came = [one for one in self.imports if one.at <= until]
        seen = [(at, key) for at, key in self.sightings if at <= until]
        del self.imports[: len(came)], self.sightings[: len(seen)]
        held, group = Held(home.warehouse), (-1, -1)
        place = 0
        for number, one in enumerate(came):
            place = self._load(home, seen, place, one.at)
            told(f"import {number + 1}/{len(came)} {one.file}")
            # As in the import itself: the files of one turn do not see each other.
            held, group = (held, group) if group == (one.run, one.turn) else (Held(home.warehouse), (one.run, one.turn))
            self._import(home, one, held)
        told(f"{len(seen):,} captures")
        self._load(home, seen, place, until)
        for table, at in SAID:
            said = self.source.warehouse.query(f"SELECT * FROM {table.full_name} WHERE {at} <= ?", [until])  # noqa: S608 - names of our own
            home.warehouse.append_new(table, said.select(name for name in table.column_names if name != "content_hash"))
        return {"imports": len(came), "captures": len(seen)}

    def _import(self, home: Home, one: Imported, held: Held) -> None:
        file, content = landing.landed(one.kind, one.capture_id, self.source.objects)
        if hashlib.sha256(content).hexdigest() != one.capture_id:
            message = f"The import of {file} does not have the hash it is named for"
            raise BrokenContract(message, hint="The file was changed or damaged; restore it from a backup.")
        try:
            import_content(content, file, held, home.warehouse, home.objects, one.at)
        except FairlineError:
            # It was refused then as it is now; the import of the other files went on.
            return

    def _load(self, home: Home, seen: list[tuple[datetime, str]], place: int, until: datetime) -> int:
        """Land and load the sightings from a place on up to a moment; the place of the next."""
        begun = place
        while place < len(seen) and seen[place][0] <= until:
            capture = read_sighting(self.source.objects, seen[place][1])
            self._land(home, capture)
            place += 1
        if place > begun:
            waiting = unloaded(home.warehouse, home.objects)
            load_captures(waiting, warehouse=home.warehouse, objects=home.objects, now=seen[place - 1][0])
        return place

    def _land(self, home: Home, capture: Capture) -> None:
        land(content_of(capture, self.source.objects), capture, home.objects)


def _imports(objects: Objects, ledger: Ledger) -> list[Imported]:
    runs = sorted(run.started_at for run in ledger.runs("import", limit=100_000))
    found = []
    for key in objects.list(landing.FOLDER):
        if not key.endswith(".json"):
            continue
        kind, name = key.removeprefix(f"{landing.FOLDER}/").split("/")
        if kind not in KINDS_BY_NAME:
            continue
        note = json.loads(objects.get(key))
        at = utc(datetime.fromisoformat(note["landed_at"]))
        run = sum(started <= at for started in runs)
        found.append(Imported(at, run, KINDS_BY_NAME[kind].turn, str(note["file"]), kind, name.removesuffix(".json")))
    return found
