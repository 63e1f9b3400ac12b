"""A session with the database that parses a text once: few are asked again and again, and parsing is much of a run."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import duckdb

KEPT = 256
"""Texts whose parse is kept, more than a day of the platform asks."""

TABLE_NAMES = re.compile(r"\b[a-z_]+\.[a-z_0-9]+\b")
ONLY_READ = re.compile(r"(?<!DELETE )\b(?:FROM|JOIN) [a-z_]+\.[a-z_0-9]+\b")

Params = Sequence[object] | Mapping[str, object]
"""Values for `?` in order, or for `$name` by name. Values reach SQL in no other way."""


def bound(params: Params) -> list[object] | dict[str, object]:
    """The values as the client takes them."""
    return dict(params) if isinstance(params, Mapping) else list(params)


class Parsed(NamedTuple):
    """What a text says, whatever the database holds: the statement to run, and the names of tables it could change."""

    statement: "duckdb.Statement | str"
    changes: frozenset[str]


class Session:
    """A connection whose statements are texts, each parsed when it is first run."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection") -> None:
        """The connection is the session's own, to be closed by closing it."""
        self.connection = connection
        self._parsed = _parser(connection)

    def execute(self, sql: str, params: Params = ()) -> "duckdb.DuckDBPyConnection":
        """Run a text; its rows are then to be fetched, all of them, from the connection."""
        return self.connection.execute(self._parsed(sql).statement, bound(params))

    def changes(self, sql: str) -> frozenset[str]:
        """Names of tables, with their schema, that the text could change: all it names, but those it selects from."""
        return self._parsed(sql).changes


def _parser(connection: "duckdb.DuckDBPyConnection") -> Callable[[str], Parsed]:
    """Parses texts and keeps what the latest say. One of several statements is left to be parsed as it runs."""

    @lru_cache(maxsize=KEPT)
    def parsed(sql: str) -> Parsed:
        statements = connection.extract_statements(sql)
        changes = TABLE_NAMES.findall(ONLY_READ.sub("", " ".join(sql.split())))
        return Parsed(statements[0] if len(statements) == 1 else sql, frozenset(changes))

    return parsed
