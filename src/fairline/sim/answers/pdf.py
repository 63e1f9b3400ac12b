"""The plainest PDF there is: pages of words at places, in Courier."""

import zlib
from collections.abc import Iterable, Sequence

Placed = tuple[float, float, str]
"""Points from the left, points from the top, and what stands there."""

WIDTH, HEIGHT = 792, 612
"""Points: a letter page on its side."""


def pdf(pages: Sequence[Iterable[Placed]], rules: Sequence[Iterable[float]], size: float, title: str) -> bytes:
    """A PDF of these pages. rules: of each page, the heights of the lines drawn across it, in points from the top."""
    drawn = [_drawing(words, across, size) for words, across in zip(pages, rules, strict=True)]
    kids = " ".join(f"{5 + 2 * place} 0 R" for place in range(len(drawn)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(drawn)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
        f"<< /Title ({escaped(title)}) >>".encode("cp1252"),
    ]
    for place, drawing in enumerate(drawn):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {6 + 2 * place} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        packed = zlib.compress(drawing)
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed))
    return file_of(objects, info=4)


def _drawing(words: Iterable[Placed], across: Iterable[float], size: float) -> bytes:
    ruled = [f"20 {HEIGHT - y:.1f} m {WIDTH - 20} {HEIGHT - y:.1f} l S" for y in across]
    written = [
        f"BT /F1 {size} Tf {left:.1f} {HEIGHT - top - size:.1f} Td ({escaped(text)}) Tj ET" for left, top, text in words
    ]
    return "\n".join([*ruled, *written]).encode("cp1252")


def escaped(text: str) -> str:
    """The text as it stands between the brackets of a string."""
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def file_of(objects: Sequence[bytes], info: int | None = None) -> bytes:
    """The file of these objects, numbered from 1, the catalogue first. info: the number of the document's own."""
    whole, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    entries = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, entries)
    about = b"" if info is None else b" /Info %d 0 R" % info
    trailer = b"trailer\n<< /Size %d /Root 1 0 R%b >>\nstartxref\n%d\n%%%%EOF\n"
    return whole + table + trailer % (len(objects) + 1, about, len(whole))
