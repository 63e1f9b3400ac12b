"""From a question to a request: its key, its proxy, or the replay that answers in the provider's place."""

import hashlib
import json
from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr

from fairline.domain.errors import Missing
from fairline.platform.settings import SETTINGS_FILE, Settings
from fairline.platform.transport import Request
from fairline.scrape.contract import Question, Scraper, Source

ASKED_HOST = "x-forwarded-host"
"""The header that tells a replay which provider was meant."""


def request_of(question: Question, scraper: Scraper, settings: Settings, conditions: Mapping[str, str]) -> Request:
    """The request of a question, with the key its source needs. Raises Missing without one.

    A replay needs no key and is told none.
    """
    source = scraper.source
    own = {name.lower(): value for name, value in source.headers.items()}
    headers = {"accept": ", ".join(scraper.accepts) or "*/*", **own, **conditions}
    if settings.replay:
        headers[ASKED_HOST] = host_of(question.url)
        return Request(
            replayed(question.url, settings.replay),
            params=question.params,
            headers=headers,
            max_bytes=source.max_bytes,
        )
    params = dict(question.params)
    if source.key_setting:
        key = key_of(source, settings)
        (params if source.key_param else headers)[source.key_param or source.key_header] = key
    proxy = settings.proxies.get(source.name)
    return Request(
        question.url, params=params, headers=headers, max_bytes=source.max_bytes,
        proxy=proxy.get_secret_value() if proxy else "",
    )  # fmt: skip


def key_of(source: Source, settings: Settings) -> str:
    """The source's key. Raises Missing, naming the setting."""
    held: SecretStr | None = getattr(settings, source.key_setting)
    if held is None:
        message = f"{source.title} needs a key."
        hint = f"Set {source.key_setting} in {SETTINGS_FILE} of the home, or FAIRLINE_{source.key_setting.upper()}."
        raise Missing(message, hint=hint)
    return held.get_secret_value()


def host_of(url: str) -> str:
    """The host of an address, with its port if it has one.

    >>> host_of("https://stats.nba.com/stats/leaguegamelog")
    'stats.nba.com'
    """
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def replayed(url: str, replay: str) -> str:
    """The same path and query at the replay.

    >>> replayed("https://stats.nba.com/stats/leaguegamelog?Season=2024-25", "http://127.0.0.1:8000")
    'http://127.0.0.1:8000/stats/leaguegamelog?Season=2024-25'
    """
    there, asked = urlsplit(replay), urlsplit(url)
    return urlunsplit((there.scheme, there.netloc, asked.path, asked.query, ""))


def lane(name: str, settings: Settings) -> str:
    """Under what name a host's or source's state is kept: a replay's faults are not the provider's."""
    return f"{name} (replay)" if settings.replay else name


def question_key(question: Question, scraper: Scraper, settings: Settings) -> str:
    """One question's own key among all ever asked."""
    asked = [lane(scraper.source.name, settings), scraper.kind, question.url, sorted(question.params.items())]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def kept_headers(headers: Mapping[str, str], source: Source, settings: Settings) -> dict[str, str]:
    """The headers of an answer that may be kept: no cookies, and none that repeats our key."""
    key = key_of(source, settings) if source.key_setting and not settings.replay else None
    return {
        name: value
        for name, value in headers.items()
        if name not in {"set-cookie", "set-cookie2"} and (key is None or key not in value)
    }
