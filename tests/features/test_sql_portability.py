"""Every statement is in the portable subset: it becomes BigQuery's SQL, has no ASOF, and its windows have names."""

import re
from importlib.resources import files

import pytest
import sqlglot

from fairline.analytics.build import statement
from fairline.analytics.schema import BUILT
from fairline.features import assemble
from fairline.features.states import STATES

FILES = {
    name: files("fairline.features").joinpath(f"{name}.sql").read_text() for name in ("quotes", "status_changes", "meetings")
}
STATEMENTS = (
    {table.full_name: statement(table.name) for table in BUILT}
    | FILES
    | {f"{name}, {knowledge}": query for knowledge in ("reports", "appearances", "upper_bound") for name, query in assemble.relations(rosters=True, knowledge=knowledge)}
)


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_statement_translates_to_bigquery(name: str):
    translated = sqlglot.transpile(
        STATEMENTS[name], read="duckdb", write="bigquery", unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    assert len(translated) == 1
    assert sqlglot.parse_one(translated[0], read="bigquery")


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_statement_joins_as_of(name: str):
    assert not re.search(r"\bASOF\b", STATEMENTS[name], re.IGNORECASE)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_the_windows_of_a_state_have_names(state):
    tree = sqlglot.parse_one(state.sql(), read="duckdb")
    features = next(cte for cte in tree.find_all(sqlglot.exp.CTE) if cte.alias == "states")
    windows = list(features.find_all(sqlglot.exp.Window))
    assert windows
    # A window in the list of features refers to a name; only the declarations say how it is ordered.
    assert all(window.args.get("order") is None or window.parent.key == "select" for window in windows)
