"""The client's own parts, without a server: sessions that carry their tag, rows by name, a host that is not there."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import IntegrationError, Unreachable
from bot.integrations.snowflake.client import Session, SnowflakeClient, query_tag
from bot.integrations.snowflake.settings import Settings
from tests.stopwatch import quickest


@dataclass
class Connection:
    """A connection of the connector: keeps what it was asked; `rows` come under `columns`; `failures` are raised."""

    columns: Sequence[str] = ("QUERY_ID", "User_Name")
    rows: Sequence[tuple[Any, ...]] = ()
    failures: list[Exception] = field(default_factory=list)
    asked: list[tuple[str, Any]] = field(default_factory=list)
    open_cursors: int = 0
    closed: bool = False
    close_fails: Exception | None = None

    @property
    def description(self) -> list[tuple[str]]:
        return [(name,) for name in self.columns]

    def cursor(self) -> "Connection":
        self.open_cursors += 1
        return self

    def execute(self, statement: str, parameters: Any) -> None:
        self.asked.append((statement, parameters))
        if self.failures:
            raise self.failures.pop(0)

    def fetchmany(self, most: int) -> Sequence[tuple[Any, ...]]:
        return self.rows[:most]

    def is_closed(self) -> bool:
        return self.closed

    def close(self) -> None:
        if self.open_cursors:
            self.open_cursors -= 1
            return
        self.closed = True
        if self.close_fails:
            raise self.close_fails


def client_of(connection: Connection, scope: Scope, *, may_change: bool = True) -> SnowflakeClient:
    """A client with one idle session, logged in under another incident's tag."""
    client = SnowflakeClient(Settings({}, "shop"), may_change=may_change, size=1)
    pool = client._pool(int(scope.deadline_s), "")  # noqa: SLF001 - a login is what a unit test has not
    pool._idle.append(Session(connection, query_tag(replace(scope, incident="INC-1"))))  # noqa: SLF001 - as above
    return client


def test_a_session_takes_the_tag_of_its_incident_once(scope: Scope) -> None:
    """A borrowed session carries the last borrower's: it is changed before the first statement, and kept."""
    connection = Connection()
    client = client_of(connection, scope)
    for _ in range(2):
        client.fetch("SELECT 1", (), scope)
    tag = query_tag(scope)
    assert [statement for statement, _ in connection.asked] == [
        f"ALTER SESSION SET QUERY_TAG = '{tag}'",
        "SELECT 1",
        "SELECT 1",
    ]
    assert connection.open_cursors == 0


def test_rows_come_by_name_in_lower_case_up_to_the_cap(scope: Scope) -> None:
    """A SHOW may ask for more than is shown; parameters are bound, and none is None."""
    connection = Connection(rows=[(number, "x") for number in range(99)])
    client = client_of(connection, scope)
    with client.reading(scope) as fetch:
        assert fetch("SELECT ?", (7,))[0] == {"query_id": 0, "user_name": "x"}
        assert [len(fetch("SELECT 1")), len(fetch("SELECT 1", cap=80))] == [scope.row_cap, 80]
    assert [parameters for _, parameters in connection.asked] == [None, (7,), None, None]


def test_a_statement_without_columns_has_no_rows(scope: Scope) -> None:
    """An ALTER."""
    connection = Connection(columns=())
    assert client_of(connection, scope).change("ALTER WAREHOUSE W RESUME", scope) == []


def test_what_does_not_only_read_is_refused_before_it_is_sent(scope: Scope) -> None:
    """The second lock, whatever the role may do."""
    connection = Connection()
    with pytest.raises(IntegrationError, match="the SQL guard refused a statement"):
        client_of(connection, scope).fetch("DROP TABLE x", (), scope)
    assert [statement for statement, _ in connection.asked if "DROP" in statement] == []


def test_a_client_for_reading_changes_nothing(scope: Scope) -> None:
    """Refused before a session is borrowed."""
    connection = Connection()
    with pytest.raises(IntegrationError, match="this connection is for reading only"):
        client_of(connection, scope, may_change=False).change("ALTER WAREHOUSE W RESUME", scope)
    assert connection.asked == []


def test_a_session_that_saw_an_error_is_not_lent_again(scope: Scope) -> None:
    """The error becomes the bot's own; that a session cannot be logged out any more is no news."""
    from snowflake.connector.errors import OperationalError, ProgrammingError

    gone = OperationalError("gone", 250002)
    connection = Connection(failures=[ProgrammingError("SQL compilation error", 1003, "42000")], close_fails=gone)
    client = client_of(connection, scope)
    with pytest.raises(IntegrationError, match="SQL compilation error"):
        client.fetch("SELECT 1", (), scope)
    assert connection.closed


def test_a_refused_connection_is_told_at_once(closed_port: int, scope: Scope) -> None:
    """The connector would try again until its login timeout."""
    settings = Settings({}, f"127.0.0.1:{closed_port}", "127.0.0.1", closed_port)

    def give_up() -> None:
        with closing(SnowflakeClient(settings)) as client, pytest.raises(Unreachable) as caught:
            client.fetch("SELECT 1", (), scope)
        assert caught.value.reason == f"connection refused by 127.0.0.1:{closed_port}"

    assert quickest(give_up, 1.0) < 1.0


def test_a_host_without_an_address_is_told(scope: Scope) -> None:
    """A name that cannot be resolved."""
    settings = Settings({}, "nowhere.invalid:443", "nowhere.invalid")
    with closing(SnowflakeClient(settings)) as client, pytest.raises(Unreachable) as caught:
        client.fetch("SELECT 1", (), scope)
    assert caught.value.reason.startswith("nowhere.invalid:443 cannot be reached: ")


def test_closing_logs_idle_sessions_out(scope: Scope) -> None:
    """Those of every deadline."""
    connection = Connection()
    client = client_of(connection, scope)
    client.close()
    assert connection.closed
