"""`fairline run`, `fairline board`, `fairline price`: price a slate, show it again, ask what if."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from fairline.cli.printing import console, print_frame, print_json, steps
from fairline.cli.tables import american, before_tip, board_table, say_who

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    import polars as pl

    from fairline.platform.home import Home
    from fairline.predict.board import Selection
    from fairline.predict.whatif import Answer, Question

Date = Annotated[str, typer.Option("--date", help="Game date: YYYY-MM-DD, today, yesterday or tomorrow (US Eastern).")]
Books = Annotated[
    str | None, typer.Option(help="Books you can bet at, comma-separated; those of the settings without it.")
]
MinEdge = Annotated[float | None, typer.Option(help="Least edge, as a probability: 0.02 is two points of a hundred.")]
Game = Annotated[str | None, typer.Option(help="Only this game: NYK, 'NYK @ BOS' or its id.")]
OneMarket = Annotated[str | None, typer.Option("--market", help="Only this market, such as points.")]
Player = Annotated[str | None, typer.Option(help="Only players whose name contains this.")]
Sort = Annotated[str, typer.Option(help="ev, edge, p, price, age, tip, game or player.")]
Systems = Annotated[
    str | None, typer.Option(help="Systems, comma-separated, or all; the pooled and the pure one without it.")
]
Limit = Annotated[int | None, typer.Option(min=0, help="Rows to print; JSON and CSV hold all.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
ANSWERED = ("game_date", "game_id", "tip_at", "cutoff", "system", "status", "quality")
"""What a what-if tells of the forecast it was answered from."""

AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV instead of a table.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(run)
    app.command()(board)
    app.command()(price)


def run(
    day: Date = "today",
    as_of: Annotated[
        str | None,
        typer.Option(
            help="Price as of this moment, ISO 8601; US Eastern without an offset. Now, or a past day's last quotes."
        ),
    ] = None,
    markets: Annotated[str | None, typer.Option(help="Markets, comma-separated; five by default.")] = None,
    books: Books = None,
    min_edge: MinEdge = None,
    game: Game = None,
    market: OneMarket = None,
    player: Player = None,
    sort: Sort = "ev",
    systems: Systems = None,
    limit: Limit = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Price a day's games: forecast every player, judge every quote, keep and publish it, and show the board.

    Running it again with the same quotes changes nothing.

    Example: fairline run --date 2025-11-28 --markets points --books fanduel,draftkings --min-edge 0.02
    """
    from fairline.ops.catalogue import open_home
    from fairline.ops.frames import forecastable
    from fairline.ops.moments import game_day
    from fairline.ops.reading import several
    from fairline.ops.slate import run_slate

    chosen = forecastable(several(markets))
    with open_home("fairline run", on_wait=say_who) as home:
        with steps(shown=not (as_json or as_csv)) as told:
            slate = run_slate(home, game_day(day, home.clock.now()), chosen, as_of=_instant(as_of), told=told)
        selection = _selection(home, books, min_edge, game, market, player, sort, systems)
        published = [{"key": one.key, "revision": one.revision} for one in slate.published]
        about = {
            "seconds": slate.seconds, "notes": list(slate.notes), "published": published, "skipped": slate.skipped,
        }  # fmt: skip
        _show(home, slate.batch_id, selection, about, _Shown(limit, as_json, as_csv))


def board(
    day: Annotated[str | None, typer.Option("--date", help="Game date; the last one priced without it.")] = None,
    books: Books = None,
    min_edge: MinEdge = None,
    game: Game = None,
    market: OneMarket = None,
    player: Player = None,
    sort: Sort = "ev",
    systems: Systems = None,
    limit: Limit = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Show the last prices again, without running anything.

    Example: fairline board --date 2025-11-28 --game NYK --systems all --sort edge
    """
    from fairline.ops.catalogue import open_home
    from fairline.ops.moments import game_day
    from fairline.predict.board import last_batch

    with open_home("fairline board", read_only=True, on_wait=say_who) as home:
        batch = last_batch(home.warehouse, None if day is None else game_day(day, home.clock.now()))
        selection = _selection(home, books, min_edge, game, market, player, sort, systems)
        _show(home, batch, selection, {}, _Shown(limit, as_json, as_csv))


def price(
    player: Annotated[str, typer.Argument(help="Name of the player, or a part of it.")],
    market: Annotated[str, typer.Argument(help="Market, such as points or pra.")],
    line: Annotated[float, typer.Argument(help="Line, a multiple of one half.")],
    day: Annotated[str | None, typer.Option("--date", help="Game date; the slate nearest today without it.")] = None,
    out: Annotated[list[str] | None, typer.Option(help="Suppose this teammate is out; may be repeated.")] = None,
    minutes: Annotated[float | None, typer.Option(min=0, help="Suppose he plays so many minutes.")] = None,
    system: Annotated[str | None, typer.Option(help="System to ask; the one that may stake without it.")] = None,
    books: Books = None,
    as_json: AsJson = False,
) -> None:
    """Ask what a line is worth, by the last forecast of the player. Writes nothing.

    Example: fairline price "Jalen Brunson" points 27.5 --out Towns --minutes 36
    """
    from fairline.domain.dates import game_date
    from fairline.domain.line import Line
    from fairline.domain.markets import market as market_named
    from fairline.ops.catalogue import open_home
    from fairline.ops.moments import game_day
    from fairline.ops.reading import several
    from fairline.predict.whatif import Question, what_if

    at, of = Line.of(line), market_named(market)
    with open_home("fairline price", read_only=True, on_wait=say_who) as home:
        now = home.clock.now()
        question = Question(
            player, of, at, system or home.settings.stake_system, None if day is None else game_day(day, now), minutes,
            tuple(out or ()), tuple(several(books)) or home.settings.books,
        )  # fmt: skip
        answer = what_if(home.warehouse, question, now, game_date(now))
        if as_json:
            print_json(_answer_json(question, answer))
        else:
            _print_answer(home, question, answer)


def _instant(text: str | None) -> datetime | None:
    """The moment meant, in UTC. Raises Refused when it is none."""
    from datetime import datetime

    from fairline.domain.dates import EASTERN, utc
    from fairline.domain.errors import Refused

    if text is None:
        return None
    try:
        stated = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"{text!r} is not a moment."
        raise Refused(message, hint="Give ISO 8601, such as 2025-11-28T12:00-05:00.") from error
    return utc(stated if stated.tzinfo else stated.replace(tzinfo=EASTERN))


def _selection(
    home: Home, books: str | None, min_edge: float | None, game: str | None, market: str | None, player: str | None,
    sort: str, systems: str | None,
) -> Selection:  # fmt: skip
    from fairline.ops.reading import several
    from fairline.predict.board import POOLED_AND_PURE, Selection

    return Selection(
        books=tuple(several(books)) or home.settings.books, min_edge=min_edge, game=game, market=market, player=player,
        systems=tuple(several(systems)) or POOLED_AND_PURE, sort=sort,
    )  # fmt: skip


class _Shown(NamedTuple):
    """How a board is wanted: as a table of at most so many rows, or whole as JSON or CSV."""

    limit: int | None
    as_json: bool
    as_csv: bool


def _show(home: Home, batch: str, selection: Selection, about: dict[str, Any], shown: _Shown) -> None:
    """The board of a slate run as the reader wants it."""
    from fairline.features.availability import BY_STATUS
    from fairline.predict.board import board_rows, conclusion, predictions_of, selected

    predictions = predictions_of(home.warehouse, batch)
    chosen = selected(predictions, selection)
    rows = board_rows(chosen, selection, home.clock.now(), BY_STATUS)
    told = conclusion(chosen, rows)
    if shown.as_csv:
        typer.echo(rows.write_csv(), nl=False)
    elif shown.as_json:
        heading = {"date": rows_date(predictions), "batch_id": batch, "cutoff": predictions["cutoff"].max()}
        print_json({**heading, **about, "conclusion": told, "rows": rows.to_dicts()})
    else:
        _print_heading(home, predictions)
        _print_rows(rows, rows.height if shown.limit is None else shown.limit)
        _print_ending(told, about)


def rows_date(predictions: pl.DataFrame) -> date:
    """The game date all predictions of a run share."""
    day: date = predictions["game_date"][0]
    return day


def _print_heading(home: Home, predictions: pl.DataFrame) -> None:
    from zoneinfo import ZoneInfo

    first_tip: Any = predictions["tip_at"].min()
    cutoff: Any = predictions["cutoff"].max()
    books = predictions.filter(predictions["book"] != "")["book"].n_unique()
    held = f"{_many(predictions['game_id'].n_unique(), 'game')}, {_many(books, 'book')}"
    when = before_tip(cutoff, first_tip, ZoneInfo(home.settings.zone))
    console().print(f"{rows_date(predictions):%a %d %b %Y}, as of {when}; {held}", highlight=False)


def _print_rows(rows: pl.DataFrame, limit: int) -> None:
    screen, shown = console(), rows.head(limit)
    if shown.height:
        screen.print(board_table(shown, screen.width))
    if left_off := rows.height - shown.height:
        screen.print(f"{_many(left_off, 'more row')}; --json and --csv hold all", highlight=False)
    if "questionable" in shown["status"]:
        share = shown.filter(shown["status"] == "questionable")["p_plays"][0]
        screen.print(f"* if he plays: of the questionable, {share:.0%} did", highlight=False)


def _print_ending(told: str, about: dict[str, Any]) -> None:
    screen = console()
    for note in about.get("notes", ()):
        screen.print(note, highlight=False)
    screen.print(told, highlight=False)
    if about.get("skipped"):
        counts = ", ".join(f"{_many(count, 'unit')} {reason}" for reason, count in about["skipped"].items())
        screen.print(f"Not forecast: {counts}", highlight=False)
    for one in about.get("published", ()):
        screen.print(f"Published {one['key']}, revision {one['revision']}", highlight=False)
    if about.get("seconds"):
        screen.print(_seconds(about["seconds"].items()), highlight=False)


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _seconds(steps: Iterable[tuple[str, float]]) -> str:
    return "; ".join(f"{step} {seconds:.1f} s" for step, seconds in steps)


def _answer_json(question: Question, answer: Answer) -> dict[str, Any]:
    return {
        "player": answer.about["player_name"], "market": question.market.value, "line": question.line.value,
        **{name: answer.about[name] for name in ANSWERED},
        "stored_mean": answer.about["mean"], "mean": answer.mean,
        "p_over": answer.p_over, "p_under": answer.p_under, "p_push": answer.p_push,
        "fair_over": answer.fair_over, "fair_under": answer.fair_under,
        "quotes": answer.quotes.to_dicts(), "notes": list(answer.notes),
    }  # fmt: skip


def _print_answer(home: Home, question: Question, answer: Answer) -> None:
    from zoneinfo import ZoneInfo

    import polars as pl

    screen, about = console(), answer.about
    when = before_tip(about["cutoff"], about["tip_at"], ZoneInfo(home.settings.zone))
    screen.print(
        f"{about['player_name']}, {question.market.value.replace('_', ' + ')} {question.line} on {about['game_date']}:"
        f" {about['system']} as of {when}, mean {answer.mean:.1f}",
        highlight=False,
    )
    sides = (("over", answer.p_over, answer.fair_over), ("under", answer.p_under, answer.fair_under))
    rows = [{"side": side, "P": f"{p:.1%}", **_fair(fair), **_best(answer, side)} for side, p, fair in sides]
    if answer.p_push > 0:
        rows.append({"side": "push", "P": f"{answer.p_push:.1%}"})
    print_frame(pl.DataFrame(rows, infer_schema_length=None))
    for note in answer.notes:
        screen.print(note, highlight=False)


def _fair(price: float | None) -> dict[str, str]:
    return {"fair": american(price), "decimal": "" if price is None else f"{price:.3f}"}


def _best(answer: Answer, side: str) -> dict[str, str]:
    """The longest standing price of a side at the line, and where."""
    column = f"{side}_decimal"
    offered = answer.quotes.drop_nulls(column).sort(column, "book", descending=[True, False])
    if offered.is_empty():
        return {"best": "", "book": ""}
    return {"best": american(offered[column][0]), "book": offered["book"][0]}
