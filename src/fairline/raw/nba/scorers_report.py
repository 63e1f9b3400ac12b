"""The text of an official scorer's report, line by line: game, officials, box lines, who was absent and why."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

REPORT = re.compile(r"OFFICIAL\s*SCORER.?S\s*REPORT", re.IGNORECASE)
FINAL = re.compile(r"FINAL\s*BOX", re.IGNORECASE)
"""The whole game's page; a full book goes on with quarters and halves."""

DAY = re.compile(r"\b([A-Z][a-z]+ \d{1,2}, \d{4})\b")
SIDE = re.compile(r"^(VISITOR|HOME):\s*(.+?)\s*(?:\(\d+\s*-\s*\d+\))?\s*$")
HEADING = re.compile(r"^(?:POS|#)\b.*\bPTS$")

FIGURES = ("FGM", "FGA", "FG3M", "FG3A", "FTM", "FTA", "OREB", "DREB", "REB", "AST", "PF", "STL", "TOV", "BLK")
"""In the report's order, before plus-minus and points; it calls them FG, FGA, 3P, 3PA ... A, PF, ST, TO, BS."""

_NUMBERS = r"(?P<figures>(?:\s+[-+]?\d{1,3}){16})"
PLAYED = re.compile(
    rf"^(?P<jersey>\d{{1,2}})\s+(?P<name>\D.*?)\s+(?:(?P<position>[FGC](?:-[FGC])?)\s+)?(?P<minutes>\d{{1,2}}:\d\d){_NUMBERS}$"
)
TOTALS = re.compile(rf"^(?:TOTALS?:?\s+)?(?P<minutes>\d{{3}}:\d\d){_NUMBERS}$", re.IGNORECASE)
ABSENT = re.compile(r"^(?P<jersey>\d{1,2})\s+(?P<name>\D.*?)\s+(?P<code>DNP|DND|NWT)\b[\s-]*(?P<reason>.*)$")
INACTIVE = re.compile(r"^Inactive:\s*(?P<team>[^-:]+?)\s*-\s*(?P<list>.*)$", re.IGNORECASE)
INACTIVE_PLAYER = re.compile(r"^(?P<name>[^()]+?)\s*(?:\((?P<reason>.*)\))?$")
OFFICIALS = re.compile(r"^Officials?:\s*(.*)$", re.IGNORECASE)
NEXT_PART = re.compile(r"^(?:[A-Za-z][\w '/()-]{2,40}:|SCORE BY|Copyright|Page\b)", re.IGNORECASE)
NOBODY = frozenset({"", "none", "n/a", "-"})

Record = dict[str, str | None]


@dataclass(slots=True)
class ScorersReport:
    """What the page says, each record as text.

    visitor, home: team names. totals: of a side, its figures. players: with `side`, minutes and figures. absences: with
    `side` or `team`, `code` and `reason`. strange: lines within a team's part that are none of these.
    """

    day: str = ""
    sides: dict[str, str] = field(default_factory=dict)
    totals: dict[str, Record] = field(default_factory=dict)
    players: list[Record] = field(default_factory=list)
    absences: list[Record] = field(default_factory=list)
    officials: list[Record] = field(default_factory=list)
    strange: list[Record] = field(default_factory=list)


def is_report(lines: Iterable[str]) -> bool:
    """Whether a page is the report on the whole game."""
    text = "\n".join(lines)
    return bool(REPORT.search(text) and FINAL.search(text))


def read_report(lines: list[str]) -> ScorersReport:
    """The page of a whole game, read."""
    report, side = ScorersReport(), ""
    for number, line in enumerate(lines):
        if opening := SIDE.match(line):
            side = opening[1]
            report.sides[side] = opening[2]
        elif inactive := INACTIVE.match(line):
            side = ""
            words = _continued(inactive["list"], lines[number + 1 :])
            report.absences += _inactive(inactive["team"], words)
        elif officials := OFFICIALS.match(line):
            words = _continued(officials[1], lines[number + 1 :])
            report.officials += [{"official": each.strip()} for each in words.split(",") if each.strip()]
        elif side:
            side = _of_a_team(report, side, line)
        elif not report.day and (day := DAY.search(line)):
            report.day = day[1]
    return report


def _of_a_team(report: ScorersReport, side: str, line: str) -> str:
    """Read a line of a team's part; the side while it goes on, "" after its totals."""
    if totals := TOTALS.match(line):
        report.totals[side] = {"MIN": totals["minutes"], **_figures(totals["figures"])}
        return ""
    if played := PLAYED.match(line):
        told = {"MIN": played["minutes"], "position": played["position"], **_figures(played["figures"])}
        report.players.append({"side": side, "PLAYER_NAME": played["name"], **told})
    elif absent := ABSENT.match(line):
        report.absences.append(
            {"side": side, "player_name": absent["name"], "code": absent["code"], "reason": absent["reason"] or None}
        )
    elif not HEADING.match(line):
        report.strange.append({"side": side, "line": line})
    return side


def _figures(numbers: str) -> Record:
    cells = [cell.lstrip("+") for cell in numbers.split()]
    return dict(zip((*FIGURES, "PLUS_MINUS", "PTS"), cells, strict=True))


def _continued(words: str, following: list[str]) -> str:
    """A list with the lines it goes on in: while a bracket is open or a comma says that more is to come."""
    for line in following:
        whole = words.count("(") <= words.count(")") and not words.rstrip().endswith((",", "-", ";"))
        if whole or NEXT_PART.match(line):
            break
        words = f"{words} {line}"
    return words


def _inactive(team: str, words: str) -> Iterator[Record]:
    """Each player of a list such as `Morant (Injury/Illness - Right Shoulder; Labral Repair), Clarke ()`."""
    for part in _apart(words):
        if part.lower() in NOBODY:
            continue
        player = INACTIVE_PLAYER.match(part)
        told = (player["name"], player["reason"] or None) if player else (part, None)
        yield {"team": team, "player_name": told[0], "code": "INACTIVE", "reason": told[1]}


def _apart(words: str) -> list[str]:
    """The parts between commas that stand in no bracket.

    >>> _apart("Clarke (Left Achilles; Tear, Repair), Smart ()")
    ['Clarke (Left Achilles; Tear, Repair)', 'Smart ()']
    """
    parts, depth = [""], 0
    for letter in words:
        depth = max(0, depth + (letter == "(") - (letter == ")"))
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]
