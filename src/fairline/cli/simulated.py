"""`fairline sim verify`: systems held against the truth, which a simulated league knows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairline.cli.demo import GamesEach, Teams, league_of

if TYPE_CHECKING:
    from fairline.sim.verify import Verdict

sim_app = typer.Typer(no_args_is_help=True, help="The simulated league, where the truth is known.")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(sim_app, name="sim")


@sim_app.callback()
def _group() -> None:
    """The simulated league, where the truth is known."""


@sim_app.command()
def verify(
    seed: Annotated[int, typer.Option(help="Of the league; the demo's by default.")] = 1,
    games: Annotated[int, typer.Option(min=1, help="Latest games to judge; each takes about a second.")] = 40,
    markets: Annotated[str, typer.Option(help="Markets, comma-separated.")] = "points",
    draws: Annotated[int, typer.Option(min=100, help="Nights played of each game to know its truth.")] = 1000,
    home: Annotated[Path, typer.Option(help="The demo's home; made, without models, when it is not there.")] = Path(
        "out/demo"
    ),
    teams: Teams = "all",
    games_each: GamesEach = 82,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Hold every system against the true distributions: how much it loses by not being the truth, and in what way.

    The systems forecast the latest games by a model that knows no later outcome; it is trained if need be.

    Example: fairline sim verify --seed 1 --games 40
    """
    from fairline.cli.printing import print_json, steps
    from fairline.ops.frames import forecastable
    from fairline.ops.reading import several
    from fairline.sim.demo import Demo
    from fairline.sim.league.league import LABEL
    from fairline.sim.verify import verify as held_against_truth

    chosen = forecastable(several(markets))
    league = league_of(seed, teams, games_each)
    showing = Demo(home.absolute(), league)
    with steps(shown=not as_json) as told:
        showing.run(lambda *_: None, told, until="seasons")
        with showing.opened(showing.evening.dawn) as opened:
            verdicts = held_against_truth(opened, league, markets=chosen, games=games, draws=draws, told=told)
    if as_json:
        print_json({"label": LABEL, "seed": seed, "draws": draws, "systems": [_as_json(each) for each in verdicts]})
    else:
        _print(verdicts)


def _as_json(verdict: Verdict) -> dict[str, object]:
    about = {"market": verdict.market, "system": verdict.system, "games": verdict.games}
    return about | verdict.closeness._asdict() | {"betting": verdict.bets._asdict()}


def _print(verdicts: list[Verdict]) -> None:
    import polars as pl

    from fairline.cli.printing import console, print_frame

    rows = []
    for market, system, _, close, bets in verdicts:
        rows.append({
            "market": market, "system": system, "found": ", ".join(close.found) or "nothing",
            "CRPS lost": f"{close.crps_lost:.3f}",
            "skill": f"{close.skill:.3f}", "bias": f"{close.bias:+.1%} ±{1.96 * close.bias_error:.1%}",
            "SD ratio": f"{close.sd_ratio:.2f}", "ECE": f"{close.ece:.3f}", "slope": f"{close.slope:.2f}",
            "bets": bets.bets, "EV seen": f"{bets.claimed:+.3f}", "EV true": f"{bets.true:+.3f}",
            "regret": f"{bets.regret:.3f}", "rows": close.rows,
        })  # fmt: skip
    print_frame(pl.DataFrame(rows), "SIMULATED: systems beside the truth")
    screen = console()
    screen.print(
        f"{verdicts[0].games} games. Skill 1 is the truth, 0 knows nobody. SD ratio below 1 is overconfident, above it "
        "timid. EV is of one unit on the best quote where the system sees value; regret, what the truth's own bets "
        "would earn more per player's market.",
        highlight=False,
    )
