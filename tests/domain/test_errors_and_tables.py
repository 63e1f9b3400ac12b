import pytest

from fairline.domain.errors import BrokenContract, FairlineError, ImpossiblePrice, Permanent, Refused, Transient
from fairline.domain.tables import Column, Table


def test_an_error_says_what_was_wrong_and_what_to_do_next() -> None:
    error = BrokenContract("The line 24.3 is not a multiple of one half.", hint="Quarantine the row.")
    assert (str(error), error.hint) == ("The line 24.3 is not a multiple of one half.", "Quarantine the row.")


def test_whether_to_retry_is_told_by_the_type_of_the_error() -> None:
    assert issubclass(ImpossiblePrice, Refused)
    assert not any(issubclass(one, other) for one in (Permanent, Refused) for other in (Transient,))
    assert all(issubclass(kind, FairlineError) for kind in (Transient, Permanent, Refused))


def test_one_declaration_gives_a_tables_names_and_its_statement() -> None:
    table = Table(
        "raw", "fouls", ("game_id",),
        (Column("game_id", "VARCHAR", "Game", required=True), Column("fouls", "INTEGER", "Fouls")),
        means="Fouls.", source="hand", known_at="tip-off",
    )  # fmt: skip
    assert (table.full_name, table.column_names) == ("raw.fouls", ("game_id", "fouls"))
    assert table.column("fouls").means == "Fouls"
    columns = "game_id VARCHAR NOT NULL,\n  fouls INTEGER"
    assert table.ddl() == f"CREATE TABLE IF NOT EXISTS raw.fouls (\n  {columns},\n  PRIMARY KEY (game_id)\n)"
    with pytest.raises(KeyError, match=r"raw\.fouls has no column blocks"):
        table.column("blocks")


def test_a_table_without_a_key_declares_none() -> None:
    table = Table("ops", "notes", (), (Column("note", "VARCHAR", "A note"),), means="", source="", known_at="")
    assert "PRIMARY KEY" not in table.ddl()
