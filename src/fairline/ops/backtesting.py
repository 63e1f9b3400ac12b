"""The backtest as an operation: frames out of the warehouse, the file released, walk forward, report written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.analytics.build import refresh
from fairline.domain.errors import NotFound, Refused
from fairline.evaluate import backtest as walk
from fairline.evaluate import frames, leaks, walkforward
from fairline.evaluate.summary import Conditions, Summary, summarise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    import polars as pl

    from fairline.features.availability import Knowledge
    from fairline.platform.home import Home

REFITS = {"weekly": 7, "daily": 1, "monthly": 28}
"""Days between refits, by name."""

KNOWLEDGE_NOTES = {
    "reports": "",
    "appearances": "Without injury reports: who plays is judged by past appearances alone.",
    "upper_bound": "NOT A FORECAST: who plays was read from the box score. An upper bound of what reports could add.",
}


def backtest(
    home: Home,
    first: date,
    last: date,
    markets: Sequence[str],
    *,
    refit: str = "weekly",
    out: Path,
    knowledge: Knowledge = "reports",
    told: Callable[[str], None],
) -> Summary:
    """Judge every system on the quoted rows of a period; writes report.json, report.html and rows.parquet into `out`.

    told hears of each step. Raises NotFound without quotes in the period, Refused for an unknown cadence or a period
    that ends before it begins.
    """
    if refit not in REFITS or last < first:
        message = f"refit {refit!r}, {first} to {last}"
        raise Refused(message, hint=f"refit is one of {', '.join(REFITS)}; --to is not before --from")
    refresh(home.warehouse)
    told("features of every player-game")
    rows = frames.training_rows(home.warehouse, knowledge)
    material = [walkforward.Material.of(name, rows, _quoted(home, name, last, knowledge)) for name in markets]
    judged = [_between(one.quoted, first, last) for one in material]
    if not any(one.height for one in judged):
        message = f"no quoted rows with results are held from {first} to {last} for {', '.join(markets)}"
        raise NotFound(message, hint="`fairline import` quotes and box scores of the period, or choose another")
    told("leak check")
    checked = _leak_check(home, judged, knowledge)
    home.release_warehouse()
    scored = _together([_replayed(home, one, first, last, REFITS[refit], told) for one in material])
    told("report")
    summary = summarise(scored, conditions=_conditions(refit, knowledge), leak_check=checked)
    _write(out, summary, scored)
    return summary


def _quoted(home: Home, market: str, last: date, knowledge: Knowledge) -> pl.DataFrame:
    """All quoted rows up to the period's end: those before it teach the pool."""
    from datetime import date

    return frames.quoted_rows(home.warehouse, market, date.min, last, knowledge)


def _between(rows: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    return rows.filter(rows["game_date"].is_between(first, last))


def _leak_check(home: Home, judged: Sequence[pl.DataFrame], knowledge: Knowledge) -> dict[str, object]:
    if knowledge == "upper_bound":
        return {"passed": False, "why": "the box score of the game itself was read, on purpose"}
    rows = max(judged, key=lambda one: one.height)
    return leaks.leak_check(home.warehouse, rows)


def _replayed(
    home: Home, material: walkforward.Material, first: date, last: date, days: int, told: Callable[[str], None]
) -> pl.DataFrame:
    before, judged = walk.windows(material, first, last, days)
    return walk.replay(material, before, judged, home.objects, told)


def _together(scored: Sequence[pl.DataFrame]) -> pl.DataFrame:
    import polars as pl

    return pl.concat([one for one in scored if one.height])


def _conditions(refit: str, knowledge: Knowledge) -> Conditions:
    return Conditions(
        cutoff_rule="the latest capture before tip-off, player by player",
        refit=f"{refit}, on all outcomes known at the first cutoff; spreads, stack and pool from earlier windows",
        tip_off="the later of the schedule's plus ten minutes and the provider's commence time",
        note=KNOWLEDGE_NOTES[knowledge],
    )


def _write(out: Path, summary: Summary, scored: pl.DataFrame) -> None:
    """report.json, report.html, and the scored rows behind them."""
    from fairline.evaluate.report import report_html, report_json

    out.mkdir(parents=True, exist_ok=True)
    (out / "report.json").write_text(report_json(summary), encoding="utf-8")
    (out / "report.html").write_text(report_html(summary), encoding="utf-8")
    scored.write_parquet(out / "rows.parquet")
