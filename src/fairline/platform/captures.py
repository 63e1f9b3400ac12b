"""Captures: the bytes of every answer of a provider, kept for ever under their own hash, with what was asked and when.

    captures/{source}/{kind}/{day}/{capture_id}.zst                the bytes, compressed; capture_id is their SHA-256
    captures/{source}/{kind}/{day}/{capture_id}.{instant}.{question}.json   one sighting: request, time, status, headers

The sighting is written last, so one that can be listed has its bytes. The same bytes seen again are one more sighting:
that nothing changed by eleven o'clock is a fact too. The day is the Eastern date of the game where the request names
one, else the date of the capture.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime

from fairline.domain.dates import game_date, utc
from fairline.domain.errors import BrokenContract, NotFound
from fairline.platform.objects import Objects

FOLDER = "captures"
SIGHTING = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True, slots=True)
class Capture:
    """One sighting of an answer.

    source, kind: who was asked for what. params: the question without its keys and tokens. status: of HTTP; 0 for a
    file given by hand. whole: false when the answer broke off or outgrew its cap. scraper: who asked, if a scraper did.
    """

    source: str
    kind: str
    captured_at: datetime
    day: date
    capture_id: str
    bytes: int
    url: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    whole: bool = True
    scraper: str = ""

    @property
    def folder(self) -> str:
        """Where the bytes and their sightings lie."""
        return f"{FOLDER}/{self.source}/{self.kind}/{self.day.isoformat()}"

    @property
    def key(self) -> str:
        """The object key of the sighting."""
        return f"{self.folder}/{self.capture_id}.{self.captured_at.strftime(SIGHTING)}.{self.question}.json"

    @property
    def question(self) -> str:
        """Eight digits that tell one question from another: two may get the same answer at one instant."""
        asked = json.dumps([self.url, sorted(self.params.items())])
        return hashlib.sha256(asked.encode()).hexdigest()[:8]

    @property
    def bytes_key(self) -> str:
        """The object key of the bytes."""
        return f"{self.folder}/{self.capture_id}.zst"

    @property
    def answered(self) -> bool:
        """The provider answered the question: what it says can be parsed. By 304 it says the same as before."""
        return self.whole and (self.status in {0, 304} or 200 <= self.status < 300)


def capture_of(
    content: bytes,
    *,
    source: str,
    kind: str,
    at: datetime,
    day: date | None = None,
    url: str = "",
    params: Mapping[str, str] | None = None,
    status: int = 0,
    headers: Mapping[str, str] | None = None,
    whole: bool = True,
    scraper: str = "",
) -> Capture:
    """The capture that these bytes are, seen at this instant; the day is that of the capture unless given."""
    instant = utc(at)
    digest = hashlib.sha256(content).hexdigest()
    return Capture(
        source, kind, instant, day or game_date(instant), digest, len(content), url, params or {}, status,
        headers or {}, whole, scraper,
    )  # fmt: skip


def land(content: bytes, capture: Capture, objects: Objects) -> None:
    """Keep the bytes and this sighting of them. Landing the same twice is landing it once."""
    objects.put_new(capture.bytes_key, packed(content))
    objects.put_new(capture.key, json.dumps(asdict(capture), default=_as_text, sort_keys=True).encode())


def content_of(capture: Capture, objects: Objects) -> bytes:
    """The bytes as they came. Raises NotFound when they are gone, BrokenContract when they are not what they were."""
    content = unpacked(objects.get(capture.bytes_key), capture.bytes_key, capture.bytes)
    if hashlib.sha256(content).hexdigest() != capture.capture_id:
        message = f"Capture {capture.bytes_key} does not have the hash it is named for."
        raise BrokenContract(message, hint="The file was changed or damaged; restore it from a backup.")
    return content


def captures_in(objects: Objects, *, source: str = "", kind: str = "", day: date | None = None) -> Iterator[Capture]:
    """Every sighting held, in the order of their keys; of a source, of one of its kinds, and of one day, when named."""
    folder = "/".join(part for part in (FOLDER, source, kind, day and day.isoformat()) if part)
    for key in objects.list(folder):
        if _is_sighting(key):
            yield read_sighting(objects, key)


def sighting_keys(objects: Objects, *, source: str = "") -> list[str]:
    """The keys of all sightings, sorted, without reading them."""
    return [key for key in objects.list("/".join(filter(None, (FOLDER, source)))) if _is_sighting(key)]


def kind_and_instant(key: str) -> tuple[str, datetime]:
    """The kind and the instant (UTC) that the key of a sighting tells, without opening it.

    >>> kind_and_instant("captures/espn/espn_scoreboard/2025-11-28/ab12.20251128T170000.000000Z.1a2b3c4d.json")[0]
    'espn_scoreboard'
    """
    _, _, kind, _, name = key.split("/")
    instant = ".".join(name.split(".")[1:3])
    return kind, datetime.strptime(instant, SIGHTING).replace(tzinfo=UTC)


def read_sighting(objects: Objects, key: str) -> Capture:
    """The sighting under that key. Raises NotFound, and BrokenContract when it is not readable."""
    try:
        told = json.loads(objects.get(key))
        told["captured_at"] = utc(datetime.fromisoformat(told["captured_at"]))
        told["day"] = date.fromisoformat(told["day"])
        return Capture(**told)
    except (ValueError, KeyError, TypeError) as error:
        message = f"{key} is not the note of a capture: {error}"
        raise BrokenContract(message, hint="The file was changed or damaged; restore it from a backup.") from error


def find_capture(objects: Objects, capture_id: str) -> list[Capture]:
    """Every sighting of the capture whose id begins so, the earliest first. Raises NotFound."""
    keys = [key for key in sighting_keys(objects) if key.rpartition("/")[2].startswith(capture_id)]
    if not keys:
        message = f"There is no capture {capture_id}."
        raise NotFound(message, hint="`fairline captures list` shows those held.")
    return sorted((read_sighting(objects, key) for key in keys), key=lambda each: each.captured_at)


def _is_sighting(key: str) -> bool:
    """Imports note theirs as `{hash}.json`, without an instant and a question."""
    name = key.rpartition("/")[2]
    return name.endswith(".json") and name.count(".") > 1


def packed(content: bytes) -> bytes:
    """The bytes compressed by zstd."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(content)
    return bytes(sink.getvalue().to_pybytes())


def unpacked(content: bytes, key: str, size: int) -> bytes:
    """The bytes again, at most `size` of them. Raises BrokenContract when they cannot be unpacked."""
    import pyarrow as pa

    try:
        with pa.CompressedInputStream(pa.BufferReader(content), "zstd") as stream:
            return bytes(stream.read(size + 1))
    except OSError as error:
        message = f"Capture {key} cannot be unpacked: {error}"
        raise BrokenContract(message, hint="The file was changed or damaged; restore it from a backup.") from error


def _as_text(value: date | datetime) -> str:
    return value.isoformat()
