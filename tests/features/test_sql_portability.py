"""Every statement is in the portable subset: it becomes BigQuery's SQL, has no ASOF, and its windows have names."""

import re
from importlib.resources import files

import pytest
import sqlglot

from fairline.analytics.build import statement
from fairline.analytics.schema import BUILT
from fairline.analytics.schema import TABLES as ANALYTICS
from fairline.domain.tables import Table
from fairline.features import assemble
from fairline.features.schema import MARKET_FEATURES, ML_FEATURE_STORE
from fairline.features.states import STATES, State
from fairline.ops.table_sql import sql_behind

FILES = {name: files("fairline.features").joinpath(f"{name}.sql").read_text() for name in ("quotes", "status_changes")}
STATEMENTS = (
    {"the features": assemble.final()}
    | {table.full_name: statement(table.name) for table in BUILT}
    | FILES
    | {
        f"{name}, {knowledge}": query
        for knowledge in ("reports", "appearances", "upper_bound")
        for name, query in assemble.relations(rosters=True, knowledge=knowledge)
    }
)


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_statement_translates_to_bigquery(name: str):
    [tree] = sqlglot.parse(STATEMENTS[name], read="duckdb")
    for ordered in tree.find_all(sqlglot.exp.Ordered):
        # Windows order by keys, never null, so where nulls go is no part of what they say.
        if ordered.find_ancestor(sqlglot.exp.Window):
            ordered.set("nulls_first", not ordered.args.get("desc"))
    translated = tree.sql(dialect="bigquery", unsupported_level=sqlglot.ErrorLevel.RAISE)
    assert sqlglot.parse_one(translated, read="bigquery")


@pytest.mark.parametrize("table", [*ANALYTICS, ML_FEATURE_STORE, MARKET_FEATURES], ids=lambda table: table.name)
def test_the_shown_sql_of_every_table_translates_too(table: Table):
    assert sql_behind(table, "bigquery")


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_statement_joins_as_of(name: str):
    assert not re.search(r"\bASOF\b", STATEMENTS[name], re.IGNORECASE)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_the_windows_of_a_state_have_names(state: State):
    tree = sqlglot.parse_one(state.sql(), read="duckdb")
    features = next(cte for cte in tree.find_all(sqlglot.exp.CTE) if cte.alias == "states")
    windows = list(features.find_all(sqlglot.exp.Window))
    assert windows
    # A window in the list of features refers to a name; only the declarations say how it is ordered.
    assert all(window.args.get("order") is None or window.parent.key == "select" for window in windows)
