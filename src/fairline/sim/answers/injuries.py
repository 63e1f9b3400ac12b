"""The official injury report as the league publishes it: a PDF with a table, under the address of its time.

The league publishes one every quarter of an hour or every hour; here only those that say something new are there.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from fairline.domain.dates import EASTERN
from fairline.scrape.nba import report_times as publication_times
from fairline.scrape.nba import report_url
from fairline.sim.answers.pdf import Placed, pdf
from fairline.sim.answers.view import View, view_of
from fairline.sim.league.league import LABEL
from fairline.sim.league.reports import listed_for
from fairline.sim.league.truth import report_times
from fairline.sim.replay import Recorded

HEADINGS = {
    "Game Date": 24, "Game Time": 84, "Matchup": 144, "Team": 198, "Player Name": 326, "Current Status": 466,
    "Reason": 552,
}  # fmt: skip
"""Heading to where its column begins, in points from the left."""

LINES_OF_A_PAGE, TOP, LINE = 40, 84.0, 12.0
SIZE = 6.0


def injury_reports(view: View) -> Iterator[Recorded]:
    """The reports of the day up to now, of the day's games and, from the evening on, the next day's."""
    days = [view, view_of(view.league, view.day + timedelta(days=1), view.now)]
    said = {at for each in days for tip in each.stretch.calendar.tip_at for at in report_times(tip)}
    published = publication_times(view.day)
    new = {next((at for at in published if at >= then), None) for then in said if then >= published[0]}
    for at in sorted(each for each in new if each is not None and each <= view.now):
        lines = [line for each in days for line in _lines(each, at)]
        if lines:
            yield Recorded(report_url(at), _report(lines, at), "application/pdf", at=at)


def _lines(view: View, at: datetime) -> Iterator[dict[str, str]]:
    """The table of the games still to come; a team without anybody listed has submitted nothing to tell."""
    where, stretch = view.season.where, view.stretch
    for row, tip in enumerate(stretch.calendar.tip_at):
        if tip <= at or report_times(tip)[0] > at:
            continue
        listed = listed_for(view.season, stretch, row, at)
        teams = [where[place].team for place in stretch.sides[row]]
        game = {
            "Game Date": f"{view.day:%m/%d/%Y}", "Game Time": f"{tip.astimezone(EASTERN):%I:%M} (ET)",
            "Matchup": f"{teams[1].abbreviation}@{teams[0].abbreviation}",
        }  # fmt: skip
        for side in (1, 0):
            own = [each for each in listed if each.side == side]
            yield from _of_team(view, teams[side].name, own, game if side == 1 else {})


def _of_team(view: View, team: str, listed: list, game: dict[str, str]) -> Iterator[dict[str, str]]:  # type: ignore[type-arg]
    people = view.season.people
    if not listed:
        yield {**game, "Team": team}
    for place, each in enumerate(listed):
        name = f"{people.family_names[each.player]}, {people.first_names[each.player]}"
        own = {"Player Name": name, "Current Status": each.status, "Reason": each.reason}
        yield {**(game if place == 0 else {}), **({"Team": team} if place == 0 else {}), **own}


def _report(lines: list[dict[str, str]], at: datetime) -> bytes:
    title = f"Injury Report: {at.astimezone(EASTERN):%m/%d/%y %I:%M %p}"
    pages: list[list[Placed]] = []
    rules: list[list[float]] = []
    sheets = [lines[start : start + LINES_OF_A_PAGE] for start in range(0, len(lines), LINES_OF_A_PAGE)]
    for number, sheet in enumerate(sheets, start=1):
        words: list[Placed] = [(290, 30, title), *((left, 62, head) for head, left in HEADINGS.items())]
        across = []
        for place, line in enumerate(sheet):
            top = TOP + LINE * place
            words += [(HEADINGS[head], top, text) for head, text in line.items()]
            across.append(top + LINE - 2)
        words.append((360, 590, f"Page {number} of {len(sheets)}"))
        pages.append(words)
        rules.append(across)
    return pdf(pages, rules, SIZE, LABEL)
