"""Credits: what a provider says is left, and whether the next question may still be paid for."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from fairline.domain.errors import Refused
from fairline.platform.ledger.provider_states import Quota
from fairline.scrape.contract import Source

BELIEVED_FOR = timedelta(days=1)
"""How long "nothing left" is believed; afterwards one question finds out whether a new month has begun."""


class OverBudget(Refused):
    """The question would cost more than is left."""


def quota_in(headers: Mapping[str, str], source: Source, now: datetime) -> Quota | None:
    """What an answer's headers say of credits, None when they say nothing.

    `source.quota_headers` names the headers of `remaining`, `used` and `last_cost`.
    """
    told = {name: _whole(headers.get(header, "")) for name, header in source.quota_headers.items()}
    if all(value is None for value in told.values()):
        return None
    return Quota(now, told.get("remaining"), told.get("used"), told.get("last_cost"))


def check_credits(source: Source, price: int, quota: Quota | None, budget: int | None, now: datetime) -> None:
    """Raise OverBudget when a question of that price cannot be paid from what is left or from the month's budget."""
    if price == 0:
        return
    if quota is not None and quota.remaining is not None and now - quota.told_at < BELIEVED_FOR:
        _pay(price, quota.remaining, source, f"{source.title} has {quota.remaining} credits left", _BUY)
    if budget is None:
        return
    same_month = quota is not None and (quota.told_at.year, quota.told_at.month) == (now.year, now.month)
    used = (quota.used or 0) if quota is not None and same_month else 0
    said = f"{used} of the {budget} credits budgeted for {source.title} this month are used"
    _pay(price, budget - used, source, said, f"Raise the setting monthly_credits.{source.name}, or ask for less.")


_BUY = "Wait for the next month, ask for fewer markets or books, or buy a larger plan."


def _pay(price: int, left: int, source: Source, said: str, hint: str) -> None:
    if price > left:
        message = f"{said}; this question costs {price}."
        raise OverBudget(message, hint=f"{hint} `fairline quota plan` shows what a cadence costs at {source.name}.")


def _whole(text: str) -> int | None:
    """A count as headers write it: `48`, `48.0`."""
    whole, _, rest = text.strip().partition(".")
    return int(whole) if whole.isascii() and whole.isdecimal() and not rest.strip("0") else None
