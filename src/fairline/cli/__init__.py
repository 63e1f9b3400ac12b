"""The commands. Each module registers its own; what is heavy is imported when a command runs."""

import sys

import typer

from fairline.cli import (
    availability,
    captures,
    catalogue,
    demo,
    features,
    grades,
    imports,
    keys,
    learning,
    lines,
    news,
    payloads,
    quarantine,
    query,
    quota,
    reconcile,
    replay,
    replayed_day,
    scrape,
    serving,
    simulated,
    slate,
    smoke,
    status,
    up,
    validation,
    working,
)
from fairline.domain.errors import FairlineError

app = typer.Typer(
    name="fairline",
    help="Honest prices for NBA player props.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for commands in (
    imports,
    scrape,
    payloads,
    captures,
    quarantine,
    learning,
    slate,
    grades,
    lines,
    news,
    availability,
    reconcile,
    validation,
    features,
    query,
    quota,
    replay,
    replayed_day,
    serving,
    up,
    status,
    keys,
    smoke,
    working,
    demo,
    simulated,
    catalogue,
):
    commands.register(app)


def main() -> None:
    """Run the command line. An error on purpose is a sentence and its next step, and exit code 1."""
    try:
        app()
    except FairlineError as error:
        sys.stderr.write(f"{error}\n")
        if error.hint:
            sys.stderr.write(f"{error.hint}\n")
        sys.exit(1)
