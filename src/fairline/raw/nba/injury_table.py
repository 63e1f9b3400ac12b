"""The table of an injury report: placed words to lines of cells. Where its columns stand is read from its heading."""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise

from fairline.raw.nba.pdf import Page, Word, in_lines

COLUMNS = {
    "game_date": "GameDate", "game_time": "GameTime", "matchup": "Matchup", "team": "Team", "player": "PlayerName",
    "status": "CurrentStatus", "reason": "Reason",
}  # fmt: skip
"""Each column and its heading, without blanks."""

PAGE_NUMBER = re.compile(r"Page\d+of\d+")

OUTDENT = 4.0
"""Points by which a cell may begin left of its heading."""

APART = 8.0
"""Points between the middles of a team's name and of its first player's line, when they belong together."""

SAME_CELL = 1.7
"""Heights of a word between the lines of one cell, at most; lines of the table stand further apart."""

NOT_YET = "NOTYETSUBMITTED"

Cells = dict[str, str]


def columns_of(pages: Iterable[Page]) -> dict[str, float] | None:
    """Where each column begins, in points from the left, by the first heading found; None without one."""
    whole = "".join(COLUMNS.values())
    for page in pages:
        for line in in_lines(page.words):
            lefts = [word.left for word in line for _ in word.text]
            if "".join(word.text for word in line) == whole:
                starts = accumulate((len(heading) for heading in COLUMNS.values()), initial=0)
                return {column: lefts[start] for column, start in zip(COLUMNS, starts, strict=False)}
    return None


def table_lines(pages: Iterable[Page], columns: dict[str, float]) -> Iterator[Cells]:
    """The lines of the table over all pages; a cell that spills over onto the next page is put together again."""
    line: Cells | None = None
    for page in pages:
        for place, cells in enumerate(_lines_on(page, columns)):
            if line is not None and place == 0 and _goes_on(cells):
                line = {column: f"{line[column]} {cells[column]}".strip() for column in COLUMNS}
                continue
            if line is not None:
                yield line
            line = cells
    if line is not None:
        yield line


def not_yet_submitted(cells: Cells) -> bool:
    """Whether the line says that a team has not submitted its list."""
    return cells["reason"].replace(" ", "") == NOT_YET


def _goes_on(cells: Cells) -> bool:
    """Only the ends of long cells: neither a team nor a status begins here, nor a name, which has a comma."""
    begun = cells["team"] or cells["status"] or cells["matchup"] or "," in cells["player"]
    return not (begun or not_yet_submitted(cells))


def _lines_on(page: Page, columns: dict[str, float]) -> Iterator[Cells]:
    """Between two rules stands one line; where there are none, each word belongs to the nearest line."""
    body = _body(page)
    rules = sorted({rule.y for rule in page.rules if rule.left <= columns["reason"] + OUTDENT < rule.right})
    for above, below in pairwise([float("-inf"), *rules, float("inf")]):
        within = [word for word in body if above <= word.middle < below]
        middles = _middles(within, columns)
        for middle in middles:
            nearest = (word for word in within if min(middles, key=lambda each: abs(each - word.middle)) == middle)
            yield _cells(nearest, columns)


def _body(page: Page) -> list[Word]:
    """The words below title and heading, without the number of the page."""
    body: list[Word] = []
    for line in in_lines(page.words):
        text = "".join(word.text for word in line)
        if text.startswith("InjuryReport:") or text == "".join(COLUMNS.values()):
            body = []
        elif not PAGE_NUMBER.fullmatch(text):
            body += line
    return body


def _middles(words: list[Word], columns: dict[str, float]) -> list[float]:
    """The height of each line: where a status stands, or that a team has not submitted; else a team's name."""
    lines = in_lines(tuple(words))
    middles = [line[0].middle for line in lines if _is_line(_cells(line, columns))]
    for line in lines:
        middle = line[0].middle
        if _cells(line, columns)["team"] and all(abs(middle - other) > APART for other in middles):
            middles.append(middle)
    return [*_from_the_page_before(lines, middles), *sorted(middles)]


def _from_the_page_before(lines: list[list[Word]], middles: list[float]) -> list[float]:
    """The height of words that stand above every line and too far from it: the end of the last page's cell."""
    if not middles:
        return [line[0].middle for line in lines[:1]]
    first = lines[0][0]
    apart = min(middles) - first.middle
    return [first.middle] if apart > SAME_CELL * (first.bottom - first.top) else []


def _is_line(cells: Cells) -> bool:
    return bool(cells["status"]) or not_yet_submitted(cells)


def _cells(words: Iterable[Word], columns: dict[str, float]) -> Cells:
    """The words of a line under their columns, from top to bottom and left to right."""
    cells: dict[str, list[str]] = {column: [] for column in columns}
    for line in in_lines(tuple(words)):
        for word in line:
            begun = [column for column, left in columns.items() if left - OUTDENT <= word.left]
            cells[begun[-1] if begun else next(iter(columns))].append(word.text)
    return {column: " ".join(texts) for column, texts in cells.items()}
