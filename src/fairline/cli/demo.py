"""`fairline demo`: the whole platform on a simulated league, in a home of its own."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairline.domain.dates import EASTERN

if TYPE_CHECKING:
    from fairline.sim.demo import Demo, Stage
    from fairline.sim.demo_view import DemoView
    from fairline.sim.league.league import League

SHOWN_ROWS = 20
Teams = Annotated[str, typer.Option(help="Abbreviations, comma-separated: a smaller league is played sooner. Or all.")]
GamesEach = Annotated[int, typer.Option(min=12, max=82, help="Games of each team in a season.")]
GO_LIVE = """To go live, in a home of your own (FAIRLINE_HOME; ~/.fairline without it):
  fairline import PATH...          your history: box scores, schedules, quotes (`fairline import --template KIND`)
  fairline train                   models of it
  FAIRLINE_ODDS_API_KEY=... fairline up      scrape, price, publish and grade, day by day"""


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(demo)


def demo(
    seed: Annotated[int, typer.Option(help="Another seed is another league.")] = 1,
    home: Annotated[Path, typer.Option(help="Folder of the demo's own home; FAIRLINE_HOME is left alone.")] = Path(
        "out/demo"
    ),
    teams: Teams = "all",
    games_each: GamesEach = 82,
    serve: Annotated[bool, typer.Option("--serve", help="Then serve every role on it until interrupted.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to serve on; a free one when 0.")] = 8470,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Show the whole platform on a simulated league: needs no internet and no data, and takes a few minutes.

    Two seasons are simulated and learned from, an evening is scraped from a replay of the providers, priced, published
    and graded. Nothing in it happened. Run again, it goes on where it was broken off.

    Example: fairline demo --home out/demo
    """
    from time import perf_counter

    from fairline.cli.printing import print_json
    from fairline.sim.demo import Demo
    from fairline.sim.demo_view import demo_view
    from fairline.sim.serving import serve_demo

    started = perf_counter()
    showing = Demo(home.absolute(), league_of(seed, teams, games_each))
    seconds = _run(showing, shown=not as_json)
    view = demo_view(showing)
    if as_json:
        print_json(_as_json(showing, view, seconds))
    else:
        show(showing, view)
        typer.echo(f"{perf_counter() - started:.0f} s in all.")
    if serve:
        serve_demo(showing, port, lambda line: typer.echo(line, err=as_json))


def league_of(seed: int, teams: str, games_each: int) -> League:
    """The league of these options. Raises NotFound for a team that is none of the thirty."""
    from fairline.domain.teams import team
    from fairline.ops.reading import several
    from fairline.sim.league.league import League

    chosen = () if teams == "all" else tuple(team(each).abbreviation for each in several(teams))
    return League(seed, teams=chosen, games_each=games_each)


def _run(showing: Demo, *, shown: bool) -> dict[str, float]:
    """Do what is not done yet, under a bar of the stages; each that ends leaves a line."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from fairline.sim.league.league import LABEL

    err = Console(stderr=True, highlight=False, quiet=not shown)
    err.print(f"SIMULATED. {LABEL}, seed {showing.league.seed}. The home is {showing.folder}", soft_wrap=True)
    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=err, transient=True, disable=not (shown and err.is_terminal)) as progress:
        task = progress.add_task("opening the home", total=len(showing.stages))

        def ended(stage: Stage, seconds: float) -> None:
            progress.advance(task)
            when = f"{stage.at.astimezone(EASTERN):%a %d %b %Y %H:%M} ET"
            err.print(f"{when}  {stage.says}: {f'{seconds:.1f} s' if seconds else 'held already'}")

        return showing.run(ended, lambda step: progress.update(task, description=step))


def show(showing: Demo, view: DemoView) -> None:
    """Print the board, the grades, the files, and what to do next."""
    from fairline.cli.printing import console, print_frame
    from fairline.cli.tables import board_table
    from fairline.sim.league.league import LABEL

    screen, evening = console(), showing.evening
    say = partial(screen.print, highlight=False, soft_wrap=True)
    priced = evening.priced.astimezone(EASTERN)
    say(f"\nSIMULATED: {evening.day:%a %d %b %Y}, {view.games} games, as of {priced:%H:%M} ET")
    screen.print(board_table(view.board.head(SHOWN_ROWS), screen.width))
    say(f"{max(view.board.height - SHOWN_ROWS, 0)} more rows. {view.conclusion}\n")
    print_frame(view.grades, f"SIMULATED: how each system did on {evening.day}")
    say("An evening decides nothing; `fairline sim verify` holds each system against the truth, which is known here.")
    say(f"\nPublished, {LABEL.lower()}:")
    for path in view.published:
        say(f"  {path}")
    say(f"\nLook around: FAIRLINE_HOME={showing.folder} fairline board --date {evening.day} --systems all")
    say(f"Serve it:    fairline demo --home {showing.folder} {_options(showing.league)} --serve\n")
    say(GO_LIVE, markup=False)


def _options(league: League) -> str:
    """The options that name this league again."""
    smaller = f" --teams {','.join(league.teams)}" if league.teams else ""
    return f"--seed {league.seed}{smaller}{'' if league.games_each == 82 else f' --games-each {league.games_each}'}"


def _as_json(showing: Demo, view: DemoView, seconds: dict[str, float]) -> dict[str, object]:
    from fairline.sim.league.league import LABEL

    return {
        "label": LABEL, "seed": showing.league.seed, "home": str(showing.folder), "date": showing.evening.day,
        "as_of": showing.evening.priced, "seconds": {name: round(each, 3) for name, each in seconds.items()},
        "batch_id": view.batch_id, "games": view.games, "conclusion": view.conclusion,
        "board": view.board.to_dicts(), "grades": view.grades.to_dicts(),
        "published": [str(path) for path in view.published],
    }  # fmt: skip
