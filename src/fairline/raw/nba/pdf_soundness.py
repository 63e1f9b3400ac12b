"""Whether the bytes of a PDF are fit to be read: whole, sound, and no more work than they seem."""

import re
import zlib
from itertools import pairwise

MOST_BYTES = 8 * 1024 * 1024
MOST_UNPACKED = 16 * 1024 * 1024
MOST_UNPACKED_PART = 2 * 1024 * 1024
MOST_UNPACKED_TEXT = 400 * 1024
"""Of one compressed part, and of one that writes text: a small file must not unpack to hours of work. A page of the
injury report has 14,000 bytes; fonts and pictures are larger and cost little."""

WRITES_TEXT = re.compile(rb"\bBT\b")

END = 1024
"""Bytes in which a file says where its parts are."""

OUTGROWN = "more than"
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_CROSS_REFERENCES = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")


def unfit(content: bytes) -> str:
    """Why a library should not be given the bytes: too much to unpack, or a damaged part; "" when they are fit.

    A library reads a damaged part as far as it goes, and half a list of the injured looks like a whole one.
    """
    if len(content) > MOST_BYTES:
        return f"the PDF has {len(content)} bytes, {OUTGROWN} {MOST_BYTES}"
    total = 0
    starts = [found.end() for found in _STREAM.finditer(content)]
    for start, following in pairwise([*starts, len(content)]):
        unpacked = _unpacked(content[start:following])
        if unpacked is None:
            return lost(content) or "the PDF is damaged, a part of it cannot be unpacked"
        total += len(unpacked)
        most = MOST_UNPACKED_TEXT if _writes_text(unpacked) else MOST_UNPACKED_PART
        if len(unpacked) > most or total > MOST_UNPACKED:
            return f"the PDF unpacks to {OUTGROWN} {most} bytes a part or {MOST_UNPACKED} together"
    return ""


def _writes_text(part: bytes) -> bool:
    """Whether it is a page's drawing with text in it. Fonts, which may hold those letters too, begin in binary."""
    return b"\x00" not in part[:16] and WRITES_TEXT.search(part) is not None


def _unpacked(part: bytes) -> bytes | None:
    """What a compressed part unpacks to, no further than its cap; None when its check sum is wrong."""
    packed = len(part) > 1 and part[0] & 0x0F == zlib.DEFLATED and int.from_bytes(part[:2], "big") % 31 == 0
    if not packed:
        return b""
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(part, MOST_UNPACKED_PART + 1)
    except zlib.error:
        return None
    return plain if unpacking.eof or len(plain) > MOST_UNPACKED_PART else None


def lost(content: bytes) -> str:
    """Whether bytes are missing: the file's end tells how far from its start a part of it should be."""
    told = _CROSS_REFERENCES.search(content[-END:])
    if told is None:
        return "" if b"%%EOF" in content[-END:] else "the PDF breaks off before its end"
    place = int(told[1][:12])
    if content[place : place + 4] == b"xref" or re.match(rb"\d+ \d+ obj", content[place : place + 20]):
        return ""
    found = content.rfind(b"xref", 0, content.rfind(b"startxref"))
    missing = f"{place - found} of its bytes are missing" if 0 <= found < place else "its parts are not where it says"
    as_text = ": it was kept as text, which drops every byte that is no character" if _is_text(content) else ""
    return f"the PDF is damaged, {missing}{as_text}"


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
