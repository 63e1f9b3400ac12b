"""The schedule as a page, docs/schedule.md: `python -m fairline.ops.schedule_page` prints it."""

from __future__ import annotations

import sys

from fairline.ops.due import Needs
from fairline.ops.schedule import SCHEDULE

HEAD = """# The schedule

Rendered from the one table in `src/fairline/ops/schedule.py` by `python -m fairline.ops.schedule_page`; a test keeps
the two equal. Times are US Eastern. `fairline up` runs what is due, in the order of the table, each due
time once across however many processes; `fairline status` shows what ran, what is next, late or missed.

Each row is a job of one game date. Days are those of that date unless another is said. "Made up" says what is done
after downtime: the latest due time of a date, all of them, or none, and how late a job may still begin; what is later
is missed, and said so. A step marked * runs once for its date, also when a tip-off has moved since. Nights on which
the clock changes: a time left out runs at the next that exists, one that comes twice runs the first time.

| job | when | what it does | made up | for dates |
|---|---|---|---|---|
"""

NEEDS = {Needs.PLAYED: "with a game that is not postponed", Needs.GAMES: "with games", Needs.NOTHING: "all"}

FOOT = """
A job that fails is tried three times, after five and ten minutes, unless its error is permanent; what is given up waits
for a person. New lines, injuries and games price the date again at once when they are loaded; the rows `reprice` and
`reprice-on-news` are for what came another way.

Jobs run one after the other. While one works, others that come due wait for it and are made up as their rows say; of
jobs due at once the longest, `retrain`, is the last. It takes one or two minutes for each market, so at 05:00 nothing
is lost to it. Made up later in the day, it does nothing within 30 minutes before a tip-off, because closing lines are
not made up. Requests, commands and workers have the home while models are fitted.
"""


def page() -> str:
    """The page in Markdown."""
    rows = [
        f"| `{job.name}`{'*' if job.once else ''} | {'; '.join(rule.in_words() for rule in job.when)} | {job.means} |"
        f" {job.catch_up.in_words()} | {NEEDS[job.needs]}{', until the last tip-off' if job.until_last_tip else ''} |\n"
        for job in SCHEDULE
    ]
    return f"{HEAD}{''.join(rows)}{FOOT}"


if __name__ == "__main__":
    sys.stdout.write(page())
