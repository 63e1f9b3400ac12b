"""Where a PostgreSQL ledger is, what is said when it is out of reach, and that no message holds its password."""

import traceback
from contextlib import closing

import pytest
from pydantic import SecretStr
from tests.ledgers import Store, batch
from tests.postgresql import Server

from fairline.domain.clock import FixedClock
from fairline.domain.errors import FairlineError, Missing, Refused, Transient
from fairline.platform.home import open_workplace
from fairline.platform.ledger.postgresql import open_postgresql
from fairline.platform.settings import Settings

PASSWORD = "hunter2-secret"  # pragma: allowlist secret


def told(error: FairlineError) -> str:
    """All that a log would hold of it."""
    return "".join(traceback.format_exception(error)) + error.hint


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://fairline:{PASSWORD}@127.0.0.1:1/fairline",
        f"postgresql+psycopg://fairline:{PASSWORD}@127.0.0.1:1/fairline?application_name=fairline",
        f"postgresql://fairline@127.0.0.1:1/fairline?password={PASSWORD}",
        f"postgresql://fairline:{PASSWORD}@/fairline?host=/nowhere",
    ],
)
def test_a_database_out_of_reach_is_worth_another_try_and_its_password_is_not_told(
    address: str, clock: FixedClock
) -> None:
    with pytest.raises(Transient, match="is out of reach") as caught:
        open_postgresql(SecretStr(address), clock)
    assert "try again" in caught.value.hint
    assert PASSWORD not in told(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        PASSWORD,
        f"mysql://fairline:{PASSWORD}@127.0.0.1/fairline",
        f"sqlite:///{PASSWORD}",
        f"postgresql://fairline:{PASSWORD}@127.0.0.1:port/fairline",
        "",
    ],
)
def test_what_is_no_address_is_refused_with_an_example_and_not_repeated(address: str, clock: FixedClock) -> None:
    with pytest.raises(Refused, match="no address of a PostgreSQL database") as caught:
        open_postgresql(SecretStr(address), clock)
    assert "FAIRLINE_LEDGER" in caught.value.hint
    assert PASSWORD not in told(caught.value)


def test_an_option_that_does_not_exist_is_an_error_of_ours(postgresql: Server, clock: FixedClock) -> None:
    with postgresql.database() as address, pytest.raises(FairlineError, match="nonsense") as caught:
        open_postgresql(SecretStr(f"{address.get_secret_value()}&nonsense={PASSWORD}"), clock)
    assert PASSWORD not in told(caught.value)


def test_a_reader_of_a_database_without_tables_is_told_who_makes_them(postgresql: Server, clock: FixedClock) -> None:
    with postgresql.database(empty=True) as address, closing(Store(address.get_secret_value())) as store:
        reader = store.open(clock, read_only=True)
        with pytest.raises(Missing, match='relation "batches" does not exist') as caught:
            reader.batches()
        assert "any command that writes" in caught.value.hint


def test_a_connection_that_the_server_ended_is_replaced(postgresql: Server, clock: FixedClock) -> None:
    with postgresql.database() as address, closing(Store(address.get_secret_value())) as store:
        ledger = store.open(clock)
        assert ledger.open(batch())
        store.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert len(ledger.open_units_of("b1")) == 2


def test_a_worker_of_the_settings_address_shares_the_ledger_with_another_home(
    postgresql: Server, clock: FixedClock, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with postgresql.database() as address:
        homes = [Settings(home=tmp_path_factory.mktemp("home"), ledger=address) for _ in range(2)]
        (first, _), (second, _) = (open_workplace(home, clock) for home in homes)
        first.open(batch())
        assert [held.batch_id for held in second.open_batches()] == ["b1"]
        assert not (homes[0].home / "ledger.sqlite").exists()
        first.close_connection()
        second.close_connection()


def test_the_options_of_the_address_are_kept_and_a_reader_is_one_in_the_database_too(
    postgresql: Server, clock: FixedClock
) -> None:
    with postgresql.database() as address:
        asked = SecretStr(f"{address.get_secret_value()}&options=-c%20work_mem%3D2MB")
        with closing(Store(asked.get_secret_value())) as store:
            shown = {}
            for name in ("work_mem", "statement_timeout", "default_transaction_read_only"):
                with store.open(clock, read_only=True)._transactions.reading() as connection:
                    shown[name] = connection.exec_driver_sql(f"SHOW {name}").scalar_one()
    assert shown == {"work_mem": "2MB", "statement_timeout": "30s", "default_transaction_read_only": "on"}
