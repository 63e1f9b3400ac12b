"""BallDontLie's answers: a page of records under `data`, and in `meta` where the next begins."""

from fairline.raw.documents import Document, place_in


def records(document: Document) -> list[object]:
    """The page's records. Raises BrokenContract when there is no list of them."""
    return document.at("data", list)


def told_by(document: Document, *paths: str) -> bool:
    """True when the page's first record holds something at each path: records are all of one shape.

    An empty page could be of any kind.
    """
    page = records(document)
    return not page or all(_holds(page[0], path) for path in paths)


def _holds(record: object, path: str) -> bool:
    inside, _, last = path.rpartition(".")
    place = place_in(record, inside) if inside else record
    return isinstance(place, dict) and last in place
