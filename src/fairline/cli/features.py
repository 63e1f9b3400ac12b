"""`fairline features list` and `fairline features explain`."""

from __future__ import annotations

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

features_app = typer.Typer(help="The feature contract, and any row of it taken apart.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(features_app, name="features")


@features_app.command("list")
def list_features(
    contract: Annotated[str | None, typer.Option(help="Only of this contract: model or market.")] = None,
    as_json: AsJson = False,
) -> None:
    """Every feature in the order of the contract: unit, range, meaning.

    Example: fairline features list --contract market
    """
    from fairline import api
    from fairline.cli.printing import print_frame, print_json

    declared = api.contract(contract)
    if as_json:
        print_json(declared.to_dicts())
        return
    print_frame(declared.select("feature", "contract", "unit", "low", "high", "required", "means"), folded=["means"])
    typer.echo("`fairline describe FEATURE` shows the expression.")


@features_app.command(no_args_is_help=True)
def explain(
    player: Annotated[str, typer.Argument(help="Name in any spelling, part of one, or NBA person id.")],
    date: Annotated[str, typer.Argument(help="Game date: YYYY-MM-DD, yesterday, today or tomorrow (US Eastern).")],
    market: Annotated[str, typer.Option(help="Market whose quotes are shown.")] = "points",
    as_of: Annotated[
        str | None, typer.Option(help="Cutoff: 18:30, or YYYY-MM-DD HH:MM; in your zone unless it carries an offset.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The feature row of a player's game: every value, its source and quality, and the games it came from.

    Example: fairline features explain "Jalen Brunson" 2025-11-28 --as-of 12:30
    """
    from fairline.cli.explanation import print_explanation
    from fairline.cli.printing import print_json
    from fairline.cli.tables import say_who
    from fairline.ops.catalogue import open_home
    from fairline.ops.explaining import as_plain, explain_features

    with open_home("fairline features explain", on_wait=say_who) as home:
        explained = explain_features(home, player, date, market=market, as_of=as_of)
        now, zone = home.clock.now(), home.settings.zone
    if as_json:
        print_json(as_plain(explained))
    else:
        print_explanation(explained, now, zone)
