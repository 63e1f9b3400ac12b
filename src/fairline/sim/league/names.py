"""Fictional people: names made of syllables, and person ids that NBA.com does not use."""

from collections.abc import Iterator

import numpy as np

FIRST_ID = 9_000_000
"""Person ids of the simulated league begin here; the real ones have at most seven digits below it."""

_BEGIN = (
    "Ba", "Bro", "Ca", "Cor", "Da", "Dre", "Fe", "Ga", "Gri", "Ha", "Jo", "Ka", "Kle", "La", "Lo", "Ma", "Mo", "Na",
    "Or", "Pa", "Que", "Ra", "Ro", "Sa", "Sto", "Ta", "Tre", "Va", "Vo", "Wi", "Ya", "Zo",
)  # fmt: skip
_MIDDLE = (
    "be", "bri", "da", "dri", "fa", "ga", "ka", "la", "le", "li", "lo", "ma", "mi", "na", "ne", "no", "ra", "ri", "ro",
    "sa", "se", "sta", "ta", "ti", "va", "vi", "za",
)  # fmt: skip
_END = (
    "bek", "din", "dor", "fen", "gan", "ker", "lan", "len", "lith", "mar", "mond", "nar", "nis", "quist", "ren", "rick",
    "rus", "sel", "sk", "stad", "ten", "tov", "ver", "vik", "wen", "zic",
)  # fmt: skip


def fictional_names(rng: np.random.Generator) -> Iterator[tuple[str, str]]:
    """First and family names without end; no family name comes twice."""
    taken: set[str] = set()
    while True:
        first = _joined(rng, _BEGIN, _END) if rng.random() < 0.6 else _joined(rng, _BEGIN, _MIDDLE)
        family = _joined(rng, _BEGIN, _MIDDLE, _END)
        if family not in taken:
            taken.add(family)
            yield first, family


def _joined(rng: np.random.Generator, *parts: tuple[str, ...]) -> str:
    return "".join(part[int(rng.integers(len(part)))] for part in parts)
