"""A database that is not there, or does not answer, costs no more than the deadline; addresses that are none."""

from contextlib import closing
from dataclasses import replace

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import IntegrationError, SettingsError, Unreachable
from bot.integrations.postgres import connect_change, connect_read
from bot.integrations.postgres.client import PostgresClient, address_of, application_name
from tests.stopwatch import quickest


def reason_of(url: str, scope: Scope) -> str:
    """What reading from there ends with."""
    with closing(PostgresClient(url)) as client, pytest.raises(Unreachable) as caught:
        client.fetch("SELECT 1", (), scope)
    return str(caught.value)


def test_a_refused_connection_names_the_address(closed_port: int, scope: Scope) -> None:
    """Nobody listens there."""
    url = f"postgresql://reader:s3cr3t@127.0.0.1:{closed_port}/shop"
    assert reason_of(url, scope) == f"postgres: connection refused by 127.0.0.1:{closed_port}"


def test_a_silent_server_costs_the_deadline(silent_port: int, scope: Scope) -> None:
    """A server that accepts and never answers is given up in time, well below libpq's own two seconds."""
    url, hurried = f"postgresql://reader:s3cr3t@127.0.0.1:{silent_port}/shop", replace(scope, deadline_s=0.4)
    assert reason_of(url, hurried) == "postgres: did not answer within 0.4 s"
    assert quickest(lambda: reason_of(url, hurried), 1.5) < 1.5


def test_an_unknown_host_is_named(scope: Scope) -> None:
    """A name that cannot be resolved, without the password that stood beside it."""
    reason = reason_of("postgresql://reader:s3cr3t@nowhere.invalid:5433/shop", scope)
    assert reason == "postgres: the host of nowhere.invalid:5433 is not known"


def test_no_setting_is_no_client() -> None:
    """Absent is not broken."""
    assert connect_read({}) is None
    assert connect_change({"SOURCE_DATABASE_URL": "postgresql://db/shop"}) is None


@pytest.mark.parametrize(
    "given",
    ["s3cr3t nonsense", "mysql://u:s3cr3t@db/shop", "postgresql://u:s3cr3t@db:high/shop", "host=db port=s3cr3t"],
)
def test_an_address_that_is_none_is_a_wrong_setting(given: str) -> None:
    """The message names the setting and what it should hold, not what it holds."""
    with pytest.raises(SettingsError, match="SOURCE_DATABASE_URL is not an address") as caught:
        connect_read({"SOURCE_DATABASE_URL": given})
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize(
    ("dsn", "address"),
    [
        ("postgresql://u:p@db:6543/shop", ("db", 6543)),
        ("host=db port=6543 user=u password=p", ("db", 6543)),
        ("postgresql://db/shop", ("db", 5432)),
        ("dbname=shop", ("localhost", 5432)),
        ("postgresql://[::1]:6543/shop", ("::1", 6543)),
        ("hostaddr=10.0.0.1 host=db", ("10.0.0.1", 5432)),
        ("host=one,two port=6543,6544", ("one,two", 6543)),
        ("host=one,two port=,6544", ("one,two", 5432)),
        ("host=/var/run/postgresql", ("/var/run/postgresql", 5432)),
    ],
)
def test_every_way_to_write_an_address(dsn: str, address: tuple[str, int]) -> None:
    """What people see of it is host and port: libpq's defaults, and the first port of several."""
    assert address_of(dsn) == address


def test_a_reading_client_never_changes(scope: Scope) -> None:
    """Refused before anything is connected."""
    client = connect_read({"SOURCE_DATABASE_URL": "postgresql://db/shop"})
    assert client is not None
    with pytest.raises(IntegrationError, match="for reading only"):
        client.change("SELECT 1", (), scope)


def test_the_name_fits_the_server(scope: Scope) -> None:
    """PostgreSQL cuts names at 63 bytes and shows ASCII only."""
    assert application_name(scope) == "runbook-bot INC-7"
    assert len(application_name(replace(scope, incident="ü" * 200))) == 63
