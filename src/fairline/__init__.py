"""Fairline prices NBA player props: honest distributions, fair prices, the market as the yardstick."""

__version__ = "0.1.0"
