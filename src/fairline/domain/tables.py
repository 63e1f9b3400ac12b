"""How a table is declared: columns with unit, range and meaning, a natural key, and when its rows are known.

One declaration gives the DDL, the contract rows are checked against, and the data dictionary.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `valid` is an inclusive range (numbers) or the allowed values (text); None checks nothing.

    >>> Column("points", "INTEGER", "Points scored", unit="points", valid=(0, 120)).ddl()
    'points INTEGER'
    """

    name: str
    type: str
    means: str
    unit: str = ""
    valid: tuple[float, float] | frozenset[str] | None = None
    required: bool = False

    def ddl(self) -> str:
        """The column in a CREATE TABLE statement."""
        return f"{self.name} {self.type}{' NOT NULL' if self.required else ''}"


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the warehouse.

    zone: the schema it lives in (raw, analytics, precompute, predictions, ops).
    key: its natural key; upserts and deduplication use it and nothing else.
    known_at: in words, the rule by which its rows become known.
    partition: the column whose values arrive together, for tables of millions of rows. Such a table is stored in its
    order, so that what asks for few of its values reads few rows, and has no index: its writes keep the key unique.
    """

    zone: str
    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    means: str
    source: str
    known_at: str
    partition: str = ""

    @property
    def full_name(self) -> str:
        """Zone and name, as in SQL."""
        return f"{self.zone}.{self.name}"

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names in declared order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The declaration of one column. Raises KeyError with the table's name when absent."""
        for column in self.columns:
            if column.name == name:
                return column
        message = f"{self.full_name} has no column {name}"
        raise KeyError(message)

    def ddl(self) -> str:
        """CREATE TABLE IF NOT EXISTS, with the natural key as primary key unless the table is partitioned."""
        columns = ",\n  ".join(column.ddl() for column in self.columns)
        indexed = self.key and not self.partition
        key = f",\n  PRIMARY KEY ({', '.join(self.key)})" if indexed else ""
        return f"CREATE TABLE IF NOT EXISTS {self.full_name} (\n  {columns}{key}\n)"
