"""The backtest as an operation: frames out of the warehouse, the file released, walk forward, report written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fairline.analytics.build import refresh
from fairline.domain.errors import NotFound, Refused
from fairline.evaluate import backtest as walk
from fairline.evaluate import frames, leaks, walkforward
from fairline.evaluate.hindsight import GameLines, game_lines_read
from fairline.evaluate.summary import Conditions, Summary, summarise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import polars as pl

    from fairline.evaluate.backtest import Replay
    from fairline.evaluate.walkforward import Material
    from fairline.features.availability import Knowledge
    from fairline.platform.home import Home

REFITS = {"weekly": 7, "daily": 1, "monthly": 28}
"""Days between refits, by name."""

KNOWLEDGE_NOTES = {
    "reports": "",
    "appearances": "Without injury reports: who plays is judged by past appearances alone.",
    "upper_bound": "NOT A FORECAST: who plays was read from the box score. An upper bound of what reports could add.",
}
HINDSIGHT = {"upper_bound": "who played", "hindsight": "the spread and total of each game"}
"""What a choice reads that could be known only afterwards."""

GAME_LINES = ("known", "hindsight")
TIPS = {
    "assumed": "the later of the schedule's plus ten minutes and the provider's commence time",
    "scheduled": "the schedule's",
}
CAPTURES = {
    "last": "the latest capture before tip-off, player by player",
    "previous": "player by player, the latest capture before the game's last one before tip-off",
}


class Terms(NamedTuple):
    """On what terms forecasts are judged. refit: of REFITS. knowledge: what of who plays may be known.

    game_lines: spreads and totals as known by the cutoff, or in hindsight.
    """

    refit: str = "weekly"
    knowledge: Knowledge = "reports"
    rule: frames.QuoteRule = frames.LAST_QUOTE
    game_lines: GameLines = "known"

    @property
    def hindsight(self) -> str:
        """What is read that could be known only afterwards, in words; empty where these are forecasts."""
        return " and ".join(HINDSIGHT[chosen] for chosen in (self.knowledge, self.game_lines) if chosen in HINDSIGHT)


def backtest(
    home: Home,
    first: date,
    last: date,
    markets: Sequence[str],
    *,
    refit: str = "weekly",
    out: Path,
    knowledge: Knowledge = "reports",
    tip: frames.Tip = "assumed",
    capture: frames.Capture = "last",
    game_lines: GameLines = "known",
    told: Callable[[str], None],
) -> Summary:
    """Judge every system on the quoted rows of a period; writes report.json, report.html and rows.parquet into `out`.

    tip, capture: which quote a row is judged at (`frames.QuoteRule`). knowledge, game_lines: what may be read; with
    hindsight the report says so in place of every verdict. told hears of each step. Raises NotFound without quotes in
    the period or outcomes before it, Refused for an unknown choice or a period that ends before it begins.
    """
    terms = Terms(refit, knowledge, frames.QuoteRule(tip, capture), game_lines)
    _check(terms, first, last)
    refresh(home.warehouse)
    told("features of every player-game")
    with game_lines_read(home.warehouse, game_lines):
        rows = frames.training_rows(home.warehouse, knowledge)
        material = [walkforward.Material.of(name, rows, _quoted(home, name, last, terms)) for name in markets]
    judged = {one.market: _between(one.quoted, first, last) for one in material}
    if not any(one.height for one in judged.values()):
        message = f"no quoted rows with results are held from {first} to {last} for {', '.join(markets)}"
        raise NotFound(message, hint="`fairline import` quotes and box scores of the period, or choose another")
    told("leak check")
    checked = _leak_check(home, judged, terms)
    home.release_warehouse()
    replays = {one.market: _replayed(home, one, first, last, REFITS[refit], told) for one in material}
    scored = _together([one.scored for one in replays.values()], first)
    told("report")
    notes = [KNOWLEDGE_NOTES[knowledge], *_game_lines_note(terms, judged), *_left_out(material, replays, first, last)]
    summary = summarise(scored, conditions=_conditions(terms, notes), leak_check=checked)
    _write(out, summary, scored)
    return summary


def _check(terms: Terms, first: date, last: date) -> None:
    choices = (
        (terms.refit, REFITS), (terms.knowledge, KNOWLEDGE_NOTES), (terms.game_lines, GAME_LINES),
        (terms.rule.tip, TIPS), (terms.rule.capture, CAPTURES),
    )  # fmt: skip
    for chosen, allowed in choices:
        if chosen not in allowed:
            message = f"{chosen!r} is none of {', '.join(allowed)}"
            raise Refused(message, hint="choose one of them")
    if last < first:
        message = f"a period from {first} to {last} ends before it begins"
        raise Refused(message, hint="--to is not before --from")


def _quoted(home: Home, market: str, last: date, terms: Terms) -> pl.DataFrame:
    """All quoted rows up to the period's end: those before it teach the pool."""
    from datetime import date

    return frames.quoted_rows(home.warehouse, market, date.min, last, terms.knowledge, terms.rule)


def _between(rows: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    return rows.filter(rows["game_date"].is_between(first, last))


def _leak_check(home: Home, judged: Mapping[str, pl.DataFrame], terms: Terms) -> dict[str, object]:
    if terms.hindsight:
        return {"passed": False, "why": f"what could be known only afterwards was read on purpose: {terms.hindsight}"}
    market, rows = max(judged.items(), key=lambda one: one[1].height)
    return {"market": market, **leaks.leak_check(home.warehouse, rows, market, knowledge=terms.knowledge)}


def _replayed(
    home: Home, material: Material, first: date, last: date, days: int, told: Callable[[str], None]
) -> Replay:
    before, judged = walk.windows(material, first, last, days)
    return walk.replay(material, before, judged, home.objects, told)


def _together(scored: Sequence[pl.DataFrame], first: date) -> pl.DataFrame:
    import polars as pl

    held = [one for one in scored if one.height]
    if not held:
        message = f"too few outcomes were known before {first} to learn from, so nothing of the period can be judged"
        raise NotFound(message, hint="`fairline import` box scores of the weeks before, or choose a later --from")
    return pl.concat(held)


def _game_lines_note(terms: Terms, judged: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    """In hindsight: what was read, and of how many rows it is held at all."""
    if terms.game_lines == "hindsight":
        held = {name: rows["total"].count() / rows.height for name, rows in judged.items() if rows.height}
        shares = ", ".join(f"{share:.0%} of {name}" for name, share in held.items())
        yield (
            "NOT A FORECAST: the spread and total of each game were read as if known before it, whatever their capture"
            f" time. Rows that have them: {shares}."
        )


def _left_out(material: Sequence[Material], replays: Mapping[str, Replay], first: date, last: date) -> Iterator[str]:
    """What the period holds and the report does not judge, in words."""
    void = {one.market: int(one.void.is_between(first, last).sum()) for one in material}
    if any(void.values()):
        counts = ", ".join(f"{count:,} of {market}" for market, count in void.items() if count)
        yield f"Void, as the player did not play, and not judged: {counts}."
    for market, replay in replays.items():
        if replay.untaught:
            days = ", ".join(f"{one.first} to {one.last}" for one in replay.untaught)
            yield f"Too little was known before these windows of {market} to forecast them: {days}."


def _conditions(terms: Terms, notes: Sequence[str]) -> Conditions:
    return Conditions(
        cutoff_rule=CAPTURES[terms.rule.capture],
        refit=f"{terms.refit}, on all outcomes known at the first cutoff; spreads, stack and pool from earlier windows",
        tip_off=TIPS[terms.rule.tip],
        note=" ".join(note for note in notes if note),
        hindsight=terms.hindsight,
    )


def _write(out: Path, summary: Summary, scored: pl.DataFrame) -> None:
    """report.json, report.html, and the scored rows behind them."""
    from fairline.evaluate.report import report_html, report_json

    out.mkdir(parents=True, exist_ok=True)
    (out / "report.json").write_text(report_json(summary), encoding="utf-8")
    (out / "report.html").write_text(report_html(summary), encoding="utf-8")
    scored.write_parquet(out / "rows.parquet")
