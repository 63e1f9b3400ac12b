"""Every scraper, by provider. Each provider's module declares its source and its scrapers."""

from functools import cache
from importlib import import_module

from fairline.domain.errors import NotFound
from fairline.scrape.contract import Scraper, Source

PROVIDERS = ("nba", "espn", "balldontlie", "odds_api", "bettingpros")
"""The modules of scrape/ that hold `SCRAPERS`."""


@cache
def scrapers() -> tuple[Scraper, ...]:
    """Every scraper, in the order of the providers."""
    return tuple(each for provider in PROVIDERS for each in import_module(f"fairline.scrape.{provider}").SCRAPERS)


def scraper_named(name: str) -> Scraper:
    """The scraper of that name. Raises NotFound naming them all."""
    for each in scrapers():
        if each.name == name:
            return each
    message = f"There is no scraper called {name!r}."
    raise NotFound(message, hint=f"The scrapers are {', '.join(each.name for each in scrapers())}.")


def sources() -> tuple[Source, ...]:
    """Every provider that some scraper asks, each once."""
    return tuple({each.source.name: each.source for each in scrapers()}.values())
