"""PDFs to read: a page is words at places, written as the plainest PDF there is."""

import zlib
from collections.abc import Iterable, Sequence

from fairline.sim.answers.pdf import HEIGHT, Placed, escaped, file_of

Stroke = tuple[float, float, float]
"""A horizontal rule: from, to, and points from the top."""

COURIER = 600 / 1000


def pdf(pages: Sequence[Iterable[Placed]], rules: Sequence[Iterable[Stroke]] = (), size: float = 8) -> bytes:
    """A PDF of these pages in Courier, landscape; rules are drawn page by page."""
    drawn = [*rules, *([()] * len(pages))]
    streams = [_page(words, strokes, size) for words, strokes in zip(pages, drawn, strict=False)]
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    ]
    for place, stream in enumerate(streams):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 792 {HEIGHT}] /Contents {5 + 2 * place} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        packed = zlib.compress(stream)
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed))
    return file_of(objects)


def lines_pdf(lines: Sequence[str]) -> bytes:
    """One page of lines of text."""
    return pdf([[(20.0, 20.0 + 9 * row, line) for row, line in enumerate(lines)]], size=7)


def _page(words: Iterable[Placed], strokes: Iterable[Stroke], size: float) -> bytes:
    drawn = [f"{left} {HEIGHT - y} m {right} {HEIGHT - y} l S" for left, right, y in strokes]
    written = [f"BT /F1 {size} Tf {left} {HEIGHT - top - size} Td ({escaped(text)}) Tj ET" for left, top, text in words]
    return "\n".join([*drawn, *written]).encode("cp1252")
