"""Answers gone wrong, for fuzzing parsers: what a provider, a proxy or a broken line may make of a real answer."""

import gzip
import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

HTML = b"<!DOCTYPE html><html><head><title>Access Denied</title></head><body>Reference #18.2f</body></html>"
GIANT = "Z" * 50_000
DEPTH_NO_PARSER_BEARS = 100_000

Path = tuple[str | int, ...]

ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 7, 10**30, -(10**18), 0.5, 1e300, -1e-300, "", " ", "0", "-", "nil", "NaN", "abc",
    "1e400", "9" * 400, GIANT, "\x00\x07", "\ud800", "Jokić\u202e", "<b>1</b>", "'; DROP TABLE games;--", "2024-02-30",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2024-13-45T99:99:99", "PT99999999M00S", "0022400001", [], {}, [[]],
    [None], {"": None}, {"id": {"id": {"id": 1}}},
)  # fmt: skip


def mutated(payload: bytes, most_records: int = 6) -> st.SearchStrategy[bytes]:
    """The payload (gzipped or not) broken in one to four places of its structure, or in its bytes.

    most_records: lists of records are shortened to so many first, so that a season's schedule can be tried a hundred
    times in a second.
    """
    plain = gzip.decompress(payload) if payload[:2] == b"\x1f\x8b" else payload
    try:
        document = shortened(json.loads(plain), most_records)
    except ValueError:
        return broken_bytes(plain)
    small = json.dumps(document).encode()
    # Not `one_of`, which would flatten the many ways to break bytes beside the one to break structure.
    structure, content = broken_structure(document), broken_bytes(small)
    return st.integers(0, 3).flatmap(lambda turn: structure if turn else content)


def shortened(place: Any, most_records: int) -> Any:
    """The JSON with its lists of records cut; lists of plain cells, such as headers, stay whole."""
    if isinstance(place, dict):
        return {key: shortened(value, most_records) for key, value in place.items()}
    if isinstance(place, list):
        kept = place[:most_records] if any(isinstance(each, dict | list) for each in place) else place
        return [shortened(value, most_records) for value in kept]
    return place


@st.composite
def broken_structure(draw: st.DrawFn, document: Any) -> bytes:
    """Still JSON, but keys dropped and renamed, types swapped, cells absurd, records doubled."""
    broken = deepcopy(document)
    for _ in range(draw(st.integers(1, 4))):
        paths = places(broken)
        if draw(st.sampled_from([False, False, True])):
            # The few places near the root decide most; among all places nearly every one is a cell.
            depth = draw(st.sampled_from(sorted({len(path) for path in paths})))
            paths = [path for path in paths if len(path) == depth]
        path = draw(st.sampled_from(paths))
        broken = draw(st.sampled_from(CHANGES))(broken, path, draw)
    return json.dumps(broken).encode()


def broken_bytes(plain: bytes) -> st.SearchStrategy[bytes]:
    """Truncated, overwritten, of another encoding or kind, or nothing at all."""
    place = st.integers(0, max(0, len(plain) - 1))
    return st.one_of(
        st.sampled_from([b"", b"null", b"[]", b"{}", b"0", b'""', b"\xff\xfe\x00", b"\x1f\x8b", b"%PDF-1.4\n", HTML]),
        st.binary(max_size=200),
        place.map(lambda end: plain[:end]),
        place.map(lambda start: plain[start:]),
        st.tuples(place, st.binary(min_size=1, max_size=40)).map(lambda cut: overwritten(plain, *cut)),
        st.just(b"\xef\xbb\xbf" + plain),
        st.sampled_from(["utf-16", "utf-16-le", "utf-32", "cp1252"]).map(
            lambda encoding: plain.decode("utf-8", "replace").encode(encoding, "replace")
        ),
        st.just(gzip.compress(plain, mtime=0)),
        place.map(lambda end: gzip.compress(plain, mtime=0)[: max(3, end % 4096)]),
        st.just(HTML + plain),
        st.just(plain + plain),
        st.just(b"[" * DEPTH_NO_PARSER_BEARS),
        st.just(b'{"a":' * DEPTH_NO_PARSER_BEARS + plain),
        st.just(plain.replace(b":", b":NaN,", 1)),
        st.just(plain.replace(b"null", b"NaN").replace(b"0,", b"Infinity,")),
    )


def overwritten(plain: bytes, start: int, junk: bytes) -> bytes:
    """The bytes with junk written over them from there."""
    return plain[:start] + junk + plain[start + len(junk) :]


def places(document: Any) -> list[Path]:
    """The path of every value in the JSON, the root's `()` first."""
    found: list[Path] = []
    waiting: list[tuple[Path, Any]] = [((), document)]
    while waiting:
        path, value = waiting.pop()
        found.append(path)
        inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        waiting.extend(((*path, key), each) for key, each in inside)
    return found


Change = Callable[[Any, Path, st.DrawFn], Any]


def _parent(document: Any, path: Path) -> Any:
    for part in path[:-1]:
        document = document[part]
    return document


def _replaced(document: Any, path: Path, draw: st.DrawFn) -> Any:
    odd = deepcopy(draw(st.sampled_from(ODD_VALUES)))
    if not path:
        return odd
    _parent(document, path)[path[-1]] = odd
    return document


def _dropped(document: Any, path: Path, draw: st.DrawFn) -> Any:  # noqa: ARG001 - any JSON
    if not path:
        return {}
    del _parent(document, path)[path[-1]]
    return document


def _doubled(document: Any, path: Path, draw: st.DrawFn) -> Any:  # noqa: ARG001 - any JSON
    if not path:
        return [document, document]
    parent = _parent(document, path)
    if isinstance(parent, list):
        parent.insert(0, deepcopy(parent[int(path[-1])]))
    else:
        parent[f"{path[-1]}_"] = parent.pop(path[-1])
    return document


def _wrapped(document: Any, path: Path, draw: st.DrawFn) -> Any:  # noqa: ARG001 - any JSON
    if not path:
        return {"answer": document}
    parent = _parent(document, path)
    parent[path[-1]] = [parent[path[-1]]]
    return document


def _as_text(document: Any, path: Path, draw: st.DrawFn) -> Any:  # noqa: ARG001 - any JSON
    if not path:
        return json.dumps(document)
    parent = _parent(document, path)
    parent[path[-1]] = str(parent[path[-1]])
    return document


def _swapped(document: Any, path: Path, draw: st.DrawFn) -> Any:
    """Two values beside each other change places: an id stands where a name did."""
    if not path:
        return document
    parent = _parent(document, path)
    other = draw(st.sampled_from(list(parent) if isinstance(parent, dict) else list(range(len(parent)))))
    parent[path[-1]], parent[other] = parent[other], parent[path[-1]]
    return document


CHANGES: tuple[Change, ...] = (_replaced, _replaced, _dropped, _doubled, _wrapped, _as_text, _swapped)
