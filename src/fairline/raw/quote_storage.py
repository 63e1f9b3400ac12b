"""How quotes are stored in homes made before they were partitioned, and the step to how they are now."""

# ruff: noqa: S608 - the SQL holds names from Table declarations, never values.

from dataclasses import replace

from fairline.platform.warehouse import Warehouse
from fairline.raw.schema import PROP_QUOTES

REPARTITIONED = replace(PROP_QUOTES, name=f"{PROP_QUOTES.name}_repartitioned")


def repartition_prop_quotes(warehouse: Warehouse) -> None:
    """Store the quotes held in order of game date and without the index of their key, all or nothing.

    The index kept the key unique until now; from here on the writes do. A table that has none, or is not held, is left
    as it is, so that this can be run again.
    """
    indexed = warehouse.query(
        "SELECT count(*) AS n FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'"
        " AND schema_name = ? AND table_name = ?",
        [PROP_QUOTES.zone, PROP_QUOTES.name],
    ).item()
    if not indexed:
        return
    order = ", ".join((PROP_QUOTES.partition, "captured_at", *PROP_QUOTES.key))
    with warehouse.transaction():
        warehouse.execute(REPARTITIONED.ddl())
        warehouse.execute(
            f"INSERT INTO {REPARTITIONED.full_name} BY NAME SELECT * FROM {PROP_QUOTES.full_name} ORDER BY {order}"
        )
        warehouse.execute(f"DROP TABLE {PROP_QUOTES.full_name}")
        warehouse.execute(f"ALTER TABLE {REPARTITIONED.full_name} RENAME TO {PROP_QUOTES.name}")
