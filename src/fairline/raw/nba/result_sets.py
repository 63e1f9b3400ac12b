"""The tabular answers of stats.nba.com: named result sets, each with headers and rows, in `resultSets`."""

from collections.abc import Collection

import polars as pl

from fairline.raw.documents import Document


def resource(document: Document) -> str:
    """What was asked for, as the answer itself says: leaguegamelog, boxscore, scoreboardV2 ..."""
    return document.at("resource", str).lower()


def headers_of(document: Document, name: str) -> list[object]:
    """The column names of the result set of that name. Raises BrokenContract when there is none."""
    return document.at("headers", list, _result_set(document, name))


def result_set(document: Document, name: str, wanted: Collection[str]) -> pl.DataFrame:
    """The rows of the result set of that name under the headers wanted, as text cells with `row_number`.

    Raises BrokenContract when the set or one of the headers is absent.
    """
    found = _result_set(document, name)
    headers = headers_of(document, name)
    absent = [each for each in wanted if each not in headers]
    if absent:
        problem = f"{name} has no column {', '.join(absent)}"
        raise document.broken(problem, "The provider changed its answer.")
    return document.named_rows(headers, document.at("rowSet", list, found), {each: each for each in wanted})


def _result_set(document: Document, name: str) -> dict[str, object]:
    for each in document.at("resultSets", list):
        if isinstance(each, dict) and each.get("name") == name:
            return each
    problem = f"there is no result set {name}"
    raise document.broken(problem, "The provider changed its answer, or this is another kind of answer.")
