"""The SQL a table is made by, as written or translated to another engine."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from fairline.analytics.build import statement
from fairline.analytics.schema import BUILT_FROM
from fairline.domain.errors import NotFound, Refused
from fairline.features import assemble
from fairline.features.schema import MARKET_FEATURES, ML_FEATURE_STORE

if TYPE_CHECKING:
    from sqlglot.dialects.dialect import Dialect
    from sqlglot.expressions import Expr

    from fairline.domain.tables import Table

OURS = "duckdb"


def sql_behind(table: Table, dialect: str = OURS) -> str:
    """The statements that make the table's rows, in order; for rows that Python writes, the table itself.

    Raises NotFound for a dialect sqlglot does not know, Refused for SQL that it cannot translate.
    """
    text = _written(table)
    return text if dialect == OURS else _translated(text, dialect)


def _written(table: Table) -> str:
    if table.zone == "analytics" and table is not BUILT_FROM:
        return f"{statement(table.name).strip()}\n"
    if table.full_name == ML_FEATURE_STORE.full_name:
        steps = [
            f"-- {name}\nCREATE OR REPLACE TEMP TABLE {name} AS\n{query.strip()};\n"
            for name, query in assemble.relations(rosters=True)
        ]
        return "\n".join([_HEADING, *steps, f"-- the features, in contract order\n{assemble.final().strip()};\n"])
    if table.full_name == MARKET_FEATURES.full_name:
        quotes = files("fairline.features").joinpath("quotes.sql").read_text(encoding="utf-8").strip()
        return f"{_CONSENSUS}\n{quotes};\n"
    return f"-- Rows are written by Python, from {table.source}. The table:\n{table.ddl()};\n"


_HEADING = """\
-- Reads `cutoffs` (game_id, cutoff) and `asked` (game_id, cutoff, player_id, team_id): one slate, a season or all of
-- training in one pass. Stored features are then rounded to nine significant digits.
"""

_CONSENSUS = """\
-- The quotes as of a cutoff. What the books say together (main line, power de-vig, mean in log-odds) is then computed
-- from them in fairline.features.market.
"""


def _translated(text: str, dialect: str) -> str:
    import sqlglot
    from sqlglot.dialects.dialect import Dialect
    from sqlglot.errors import SqlglotError

    if dialect.lower() not in Dialect.classes:
        message = f"No dialect is called {dialect!r}."
        raise NotFound(message, hint=f"Choose among {', '.join(sorted(name for name in Dialect.classes if name))}.")
    target = Dialect.get_or_raise(dialect.lower())
    try:
        trees = [tree for tree in sqlglot.parse(text, read=OURS) if tree is not None]
        return "".join(f"{_portable(target, tree).sql(dialect=target, pretty=True)};\n\n" for tree in trees)
    except SqlglotError as error:
        message = f"This SQL cannot be translated to {dialect}: {error}"
        raise Refused(message, hint="Without --dialect it is printed as it runs here.") from error


def _portable(target: Dialect, tree: Expr) -> Expr:
    """The statement without what few engines have or sqlglot cannot say.

    Our windows order by keys, never null: an explicit place for nulls could not be translated inside named windows.
    Hashes of 64 bits unsigned become decimals, which every engine has.
    """
    from sqlglot import exp

    first_if_ascending = target.NULL_ORDERING == "nulls_are_small"
    first_if_descending = target.NULL_ORDERING == "nulls_are_large"
    for ordered in tree.find_all(exp.Ordered):
        if ordered.find_ancestor(exp.Window):
            ordered.set("nulls_first", first_if_descending if ordered.args.get("desc") else first_if_ascending)
    for kind in list(tree.find_all(exp.DataType)):
        if kind.this == exp.DType.UBIGINT:
            kind.replace(exp.DataType.build("DECIMAL(20, 0)", dialect=OURS))
    return tree
