"""Candidates: each market's model fitted anew on everything known, and put to use only if it passes the gate."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from fairline.domain.errors import Permanent, Refused
from fairline.evaluate import backtest, walkforward
from fairline.evaluate.promotion import LEAST_NEW_DATES, LEAST_NEW_ROWS, Check, judge_candidate
from fairline.features.contract import contract_hash, model_features
from fairline.ops.alerts import CANDIDATE_REJECTED, report
from fairline.ops.due import tips_of
from fairline.ops.slates import slates_around
from fairline.ops.steps import Done
from fairline.ops.training import CONDITIONS, LASTING, fit, materials
from fairline.platform.ledger.contract import RunStatus
from fairline.platform.ledger.recorded import recorded_run
from fairline.predict import registry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    import polars as pl

    from fairline.evaluate.walkforward import Material, Window
    from fairline.ops.steps import Told
    from fairline.platform.home import Home
    from fairline.predict.forecasting import MarketModel

MOST_FITS = 7
"""Windows into which what was played since the model in use is cut at most, each forecast by a fit of its own."""

QUIET = timedelta(minutes=30)
"""The schedule fits nothing this long before a tip-off: its closing lines are due then, and are not made up."""

ACCEPTED, REJECTED, TOO_FEW = "accepted", "rejected", "too few games"


class Judged(NamedTuple):
    """What became of one market's candidate.

    current: the hash of the model in use when it was judged. candidate: its own; None when none was fitted.
    outcome: accepted, rejected or too few games. why: in a sentence. checks: each condition of the gate.
    """

    market: str
    current: str
    candidate: str | None
    outcome: str
    why: str
    checks: tuple[Check, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """With each check under its names."""
        return self._asdict() | {"checks": [check._asdict() for check in self.checks]}


def retrain(home: Home, markets: Sequence[str], *, by: str, told: Callable[[str], None]) -> list[Judged]:
    """Fit a candidate for each market that has a model, on everything known now, and judge it; passing, it is used.

    by: who asked, for the card. Others may have the home while models are fitted. Alerts are raised and cleared.
    Raises NotFound when no box scores are held.
    """
    now = home.clock.now()
    held = [market for market in markets if registry.in_use(home.objects, market)]
    learned = list(materials(home, held, known_by=now, told=told)) if held else []
    with home.elsewhere():
        judged = [_judged(home, material, now, by, told) for material in learned]
    for one in judged:
        _alert(home, one, now)
    return judged


def retrain_by_hand(home: Home, markets: Sequence[str], *, told: Callable[[str], None]) -> list[Judged]:
    """As `retrain`, recorded as a run of a person's."""
    with recorded_run(home.ledger, "retrain", lasting=LASTING) as run:
        judged = retrain(home, markets, by="person", told=told)
        done = of_judged(judged)
        run.counts.update(done.counts)
        run.status, run.error = done.status, done.note
    return judged


def retrain_candidates(home: Home, day: date, told: Told) -> Done:
    """The schedule's step for every market. Shortly before a tip-off it leaves the time to the closing lines."""
    from fairline.ops.frames import DEFAULT_MARKETS

    del day
    now = home.clock.now()
    tips = [tip for games in slates_around(home.warehouse, now).values() for tip in tips_of(games)]
    if any(now <= tip <= now + QUIET for tip in tips):
        return Done(status=RunStatus.NO_DATA, note="a tip-off is near: `fairline train --gated` does it when it suits")
    return of_judged(retrain(home, DEFAULT_MARKETS, by="schedule", told=told))


def of_judged(judged: Sequence[Judged]) -> Done:
    """How a run is told: what was accepted and rejected; no data when nothing could be judged."""
    counts = {outcome: sum(one.outcome == outcome for one in judged) for outcome in (ACCEPTED, REJECTED)}
    if not judged:
        return Done(status=RunStatus.NO_DATA, note="no model is in use for any market")
    told = "; ".join(f"{one.market}: {one.why}" for one in judged if one.outcome != ACCEPTED)
    return Done(counts, RunStatus.PARTIAL if counts[REJECTED] else None, told)


def _judged(home: Home, material: Material, now: datetime, by: str, told: Callable[[str], None]) -> Judged:
    """One market's candidate, kept with its judgement in its card. What fails in one market keeps no other from its."""
    market, current_hash = material.market, ""
    try:
        current_hash = registry.latest(home.objects, market, now)
        current, card, _ = registry.named(home.objects, market, current_hash)
        current.check_contract(contract_hash(model_features()))
        new = material.quoted.filter(material.quoted["cutoff"] > datetime.fromisoformat(card["known_to"]))
        dates = new["game_date"].n_unique()
        if new.height < LEAST_NEW_ROWS or dates < LEAST_NEW_DATES:
            asked = f"{LEAST_NEW_ROWS} on {LEAST_NEW_DATES} are asked"
            why = f"{new.height:,} quoted rows on {dates} dates since the model in use; {asked}"
            return Judged(market, current_hash, None, TOO_FEW, why)
        checks = _checks(home, material, current, new, told)
        return _kept(home, material, current_hash, checks, {"by": by, "at": now.isoformat()}, told)
    except (Permanent, Refused) as error:
        return Judged(market, current_hash, None, REJECTED, f"{type(error).__name__}: {error}; {error.hint}")


def _checks(
    home: Home, material: Material, current: MarketModel, new: pl.DataFrame, told: Callable[[str], None]
) -> tuple[Check, ...]:
    """The candidate's walk-forward against the model in use, on what was played since."""
    import polars as pl

    market = material.market
    dates = new["game_date"].unique().sort()
    windows = [*walkforward.warm_up(material, dates[0]), *_windows(dates[0], dates[-1])]
    walked = backtest.replay(material, [], windows, home.objects, told).scored
    told(f"{market}: the model in use on {new.height:,} rows")
    forecasts = current.forecast(new, new.select("half_points", "p_over"), contract_hash(model_features()))
    stood = pl.concat(backtest.scored_forecasts(market, new, forecasts))
    return judge_candidate(walked, stood, system=home.settings.stake_system, conditions=CONDITIONS)


def _windows(first: date, last: date) -> list[Window]:
    """What was played since the model in use, date by date, or in MOST_FITS parts when it is longer."""
    return walkforward.weekly(first, last, days=-(-((last - first).days + 1) // MOST_FITS))


def _kept(
    home: Home,
    material: Material,
    current: str,
    checks: tuple[Check, ...],
    asked: dict[str, str],
    told: Callable[[str], None],
) -> Judged:
    """Fit the candidate and keep it: in use when every check passed, else by its hash alone."""
    market, failed = material.market, [check for check in checks if not check.passed]
    outcome = REJECTED if failed else ACCEPTED
    one = fit(home.objects, material, told)
    gate = {
        **asked, "outcome": outcome, "current": current, "tries": _tries(home, market, current) + 1,
        "checks": [check._asdict() for check in checks],
    }  # fmt: skip
    store = registry.keep if failed else registry.save
    candidate = store(home.objects, one.model, one.about | {"gate": gate}, one.known_to)
    why = "; ".join(f"{check.name}: {check.found}" for check in failed or checks)
    return Judged(market, current, candidate, outcome, why, checks)


def _tries(home: Home, market: str, current: str) -> int:
    """How many candidates were judged against the model in use before."""
    gates = (card["about"].get("gate", {}) for card in registry.cards(home.objects, market).values())
    return sum(gate.get("current") == current for gate in gates)


def _alert(home: Home, one: Judged, now: datetime) -> None:
    """Raised for a candidate rejected, cleared by one accepted; without one it stays as it is."""
    if one.outcome == TOO_FEW:
        return
    # The word ends the market's name: that of another may begin alike.
    subject = f"{one.market} model"
    told = f"candidate {one.candidate or 'none'} against {one.current or 'none'}: {one.why}"
    seen = {subject: told} if one.outcome == REJECTED else {}
    report(home.warehouse, CANDIDATE_REJECTED, seen, now, among=subject)
