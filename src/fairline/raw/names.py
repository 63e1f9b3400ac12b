"""Names as sources write them, to NBA person ids. Rules decide; a likeness only proposes."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

import polars as pl

from fairline.raw.held import Held
from fairline.raw.nicknames import FIRST_NAMES, WHOLE_NAMES

SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "v"})
# Letters that do not fall apart into a base letter and an accent.
WHOLE_LETTERS = str.maketrans(
    {
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "ł": "l",
        "ø": "o",
        "œ": "oe",
        "æ": "ae",
        "ß": "ss",
        "þ": "th",
    }
)


class Rule(IntEnum):
    """How a written name was matched to a person's, the surest first."""

    ALIAS = 0
    WITH_SUFFIX = 1
    FULL = 2
    OTHER_NAME = 3
    REVERSED = 4
    WITHOUT_MIDDLE = 5
    ABBREVIATED = 6

    @property
    def needs_team(self) -> bool:
        """True for the rules that many people could satisfy: only the team makes them sure."""
        return self >= Rule.WITHOUT_MIDDLE


@dataclass(frozen=True, slots=True)
class Name:
    """A name in parts, each in plain lower-case letters. words: given names and surname, without the suffix."""

    words: tuple[str, ...]
    suffix: str

    @property
    def whole(self) -> str:
        """All of it but the suffix."""
        return "".join(self.words)

    def keys(self) -> list[tuple[Rule, str]]:
        """What each rule compares, of a name as written."""
        first, rest, last = self.words[0], "".join(self.words[1:]), self.words[-1]
        keys = [(Rule.WITH_SUFFIX, f"{self.whole} {self.suffix}")] if self.suffix else []
        keys.append((Rule.FULL, self.whole))
        if self.whole in WHOLE_NAMES:
            keys.append((Rule.OTHER_NAME, WHOLE_NAMES[self.whole]))
        keys += [(Rule.OTHER_NAME, key) for key in _variants(first, rest) if key != self.whole]
        if len(self.words) == 2:
            keys += [(Rule.REVERSED, last + first), (Rule.ABBREVIATED, rest)]
        elif len(self.words) > 2:
            keys.append((Rule.WITHOUT_MIDDLE, first + last))
        return keys

    def own_keys(self) -> list[tuple[Rule, str]]:
        """What each rule compares, of a person's own name."""
        first, rest, last = self.words[0], "".join(self.words[1:]), self.words[-1]
        keys = [(Rule.WITH_SUFFIX, f"{self.whole} {self.suffix}")] if self.suffix else []
        same = [(rule, self.whole) for rule in (Rule.FULL, Rule.OTHER_NAME, Rule.REVERSED)]
        return [*keys, *same, (Rule.WITHOUT_MIDDLE, first + last), (Rule.ABBREVIATED, rest)]


def _variants(first: str, rest: str) -> list[str]:
    """The name with each other form of its first name."""
    lines = [line for line in FIRST_NAMES if first in line]
    return sorted({variant + rest for line in lines for variant in line})


def read_name(text: str) -> Name | None:
    """A name in its parts; None when no letter is left.

    >>> read_name("Portis, Bobby").words, read_name("Jalen (2001) Johnson").words
    (('bobby', 'portis'), ('jalen', 'johnson'))
    >>> read_name("Xavier Tillman, Sr."), read_name("P.J. Washington")
    (Name(words=('xavier', 'tillman'), suffix='sr'), Name(words=('pj', 'washington'), suffix=''))
    >>> read_name("Nikola Jokić").whole == read_name("NIKOLA JOKIC").whole
    True
    """
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text).lower().translate(WHOLE_LETTERS)
        if not unicodedata.combining(letter)
    )
    surname, comma, given = re.sub(r"\([^)]*\)", " ", plain).partition(",")
    is_suffix = re.sub("[^a-z]", "", given) in SUFFIXES
    ordered = f"{surname} {given}" if is_suffix or not comma else f"{given} {surname}"
    words = [letters for word in ordered.split() if (letters := re.sub("[^a-z]", "", word))]
    # "Porter Jr., Michael" leaves the suffix inside.
    suffix = next((word for word in words[1:] if word in SUFFIXES), "")
    kept = tuple(word for place, word in enumerate(words) if place == 0 or word not in SUFFIXES)
    return Name(kept, suffix) if kept else None


def candidates(written: Iterable[str], held: Held) -> pl.DataFrame:
    """`name`, `rule`, `player_id` of every person a written name could mean by a rule.

    `only_team` limits an alias to one team, 0 to none. The caller narrows by team and date; the rules that `needs_team`
    mean nothing before.
    """
    names = sorted(set(written))
    asked = _keyed(names, Name.keys).rename({"text": "name", "first": "asked_first"})
    own = held.of_people("keys", _own_keys)
    one_begins_the_other = pl.col("first").str.starts_with(pl.col("asked_first")) | pl.col(
        "asked_first"
    ).str.starts_with(pl.col("first"))
    found = asked.join(own, on=["rule", "key"]).filter((pl.col("rule") != Rule.ABBREVIATED) | one_begins_the_other)
    by_rule = found.select("name", "rule", "player_id", only_team=pl.lit(0, pl.Int64))
    if held.aliases.is_empty():
        return by_rule.unique()
    by_hand = held.aliases.filter(pl.col("name").is_in(names)).select(
        "name", pl.lit(int(Rule.ALIAS), pl.Int64).alias("rule"), "player_id", only_team="team_id"
    )
    return pl.concat([by_rule, by_hand]).unique()


def _own_keys(people: pl.DataFrame) -> pl.DataFrame:
    """What each rule compares, of everybody held: `rule`, `key`, `first`, `player_id`."""
    own = _keyed(people["player_name"].unique().sort(), Name.own_keys)
    return own.join(people, left_on="text", right_on="player_name").drop("text")


def narrowed(found: pl.DataFrame) -> pl.DataFrame:
    """Without aliases meant for another team (`only_team` against `team_id`). An alias left alone counts."""
    if not (found["rule"] == Rule.ALIAS).any():
        return found
    meant = found.filter((pl.col("only_team") == 0) | (pl.col("only_team") == pl.col("team_id")))
    spoken_for = (pl.col("rule") == Rule.ALIAS).any().over("ask")
    return meant.filter((pl.col("rule") == Rule.ALIAS) | ~spoken_for)


def _keyed(texts: Iterable[str], keys: Callable[[Name], list[tuple[Rule, str]]]) -> pl.DataFrame:
    """`text`, `rule`, `key` and `first` (its first word) of each text that holds a name."""
    read = ((text, name) for text in texts if (name := read_name(text)))
    rows = [(text, int(rule), key, name.words[0]) for text, name in read for rule, key in keys(name)]
    return pl.DataFrame(
        rows, schema={"text": pl.String, "rule": pl.Int64, "key": pl.String, "first": pl.String}, orient="row"
    )


def decide(found: pl.DataFrame) -> pl.DataFrame:
    """The person each question is about: `ask`, `player_id`, `fits`; or `problem` when several remain (`people`).

    found: `ask`, `rule`, `player_id`, `fits` (the person's team is the one, or one of the two, that the source names).
    Those who fit go first. A full name that fits nobody still names the only active person who bears it, so that a
    player moved since his last game is found; an abbreviation does not.
    """
    sure = pl.col("rule") < min(rule for rule in Rule if rule.needs_team)
    full_name_known = sure.any().over("ask")
    possible = found.filter(sure | (pl.col("fits") & ~full_name_known))
    nearest = possible.filter(pl.col("fits") == pl.col("fits").max().over("ask"))
    return answered(nearest.filter(pl.col("rule") == pl.col("rule").min().over("ask")))


def answered(surest: pl.DataFrame) -> pl.DataFrame:
    """As `decide`, of those alone whom nothing tells apart: `ask`, `player_id`, `fits`."""
    remaining = surest.group_by("ask").agg(people=pl.col("player_id").unique().sort(), fits=pl.col("fits").first())
    alone = pl.col("people").list.len() == 1
    return remaining.with_columns(
        problem=pl.when(~alone).then(pl.lit("ambiguous")),
        player_id=pl.when(alone).then(pl.col("people").list.first()),
    )


def proposals(written: Iterable[str], held: Held, most: int = 3) -> dict[str, str]:
    """For each name, the likest names of people with their ids, best first: to choose from, never a rule."""
    from rapidfuzz import fuzz, process

    people = dict(held.people.select("player_name", "player_id").sort("player_id").iter_rows())
    nearest = {
        name: process.extract(name, people.keys(), scorer=fuzz.WRatio, limit=most, score_cutoff=60)
        for name in set(written)
    }
    return {name: "; ".join(f"{match} ({people[match]})" for match, *_ in matches) for name, matches in nearest.items()}
