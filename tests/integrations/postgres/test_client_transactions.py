"""What the real driver sends for one read or change, and what becomes of a connection afterwards."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import AccessDenied, IntegrationError, Unreachable
from bot.integrations.postgres.client import PostgresClient
from tests.integrations.postgres.wire import Answer, WireServer, serving


@pytest.fixture
def server() -> Iterator[WireServer]:
    """A running server."""
    with serving() as served:
        yield served


@pytest.fixture
def client(server: WireServer) -> Iterator[PostgresClient]:
    """A client that may change, with one connection."""
    with closing(PostgresClient(server.dsn, may_change=True, size=1)) as made:
        yield made


def test_a_read_is_a_read_only_transaction_with_limits_and_a_name(
    client: PostgresClient, server: WireServer, scope: Scope
) -> None:
    """The server cancels at the deadline and shows the incident; both end with the transaction."""
    client.fetch("SELECT 1", (), replace(scope, deadline_s=2.0))
    begin, limits, statement, commit = server.log[0]
    assert (begin, statement, commit) == ("BEGIN TRANSACTION READ ONLY", "SELECT 1", "COMMIT")
    assert limits.startswith("SELECT set_config('statement_timeout', '")
    assert 1000 < int(limits.partition("', '")[2].partition("ms'")[0]) <= 2000
    assert limits.endswith(", true), set_config('application_name', 'runbook-bot INC-7', true)")


def test_a_change_begins_an_ordinary_transaction(client: PostgresClient, server: WireServer, scope: Scope) -> None:
    """With the same limits; its values are bound as values."""
    client.change("SELECT pg_terminate_backend(%s)", ("4711'); --",), scope)
    begin, limits, statement, commit = server.log[0]
    assert (begin, commit) == ("BEGIN", "COMMIT")
    assert "runbook-bot INC-7" in limits
    assert statement == "SELECT pg_terminate_backend('4711''); --')"


def test_several_statements_of_a_read_share_one_transaction(
    client: PostgresClient, server: WireServer, scope: Scope
) -> None:
    """They show the same sessions."""
    with client.reading(scope) as fetch:
        fetch("SELECT 1")
        fetch("SELECT %s", (2,))
    assert server.log[0][2:] == ["SELECT 1", "SELECT 2", "COMMIT"]


def test_rows_come_by_column_up_to_the_cap(client: PostgresClient, server: WireServer, scope: Scope) -> None:
    """A server that ignores a LIMIT cannot fill a card."""
    server.answer = lambda text: [[str(number), "x"] for number in range(200)] if text == "SELECT 1" else []
    rows = client.fetch("SELECT 1", (), scope)
    assert (rows[0], len(rows)) == ({"a": "0", "b": "x"}, scope.row_cap)


def test_one_connection_serves_many_reads(client: PostgresClient, server: WireServer, scope: Scope) -> None:
    """It is kept."""
    for _ in range(3):
        client.fetch("SELECT 1", (), scope)
    assert [len(statements) for statements in server.log] == [12]


def test_a_connection_that_the_server_ended_while_idle_is_replaced(
    client: PostgresClient, server: WireServer, scope: Scope
) -> None:
    """A restart of the database costs nobody an answer."""
    client.fetch("SELECT 1", (), scope)
    server.hang_up()
    client.fetch("SELECT 1", (), scope)
    assert [len(statements) for statements in server.log] == [4, 4]


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (("42501", "permission denied for table orders"), AccessDenied, "permission denied for table orders"),
        (("57014", "canceling statement due to statement timeout"), Unreachable, "cancelled the statement after 60 s"),
        (("25006", "cannot execute DELETE in a read-only transaction"), IntegrationError, "read-only transaction"),
    ],
)
def test_a_statement_that_fails_is_the_bots_own_error(
    client: PostgresClient, server: WireServer, scope: Scope, answer: Answer, error: type[Exception], words: str
) -> None:
    """Nothing is committed, and the connection is not lent again: its transaction is broken."""
    server.answer = lambda text: answer if text == "SELECT 1" else []
    with pytest.raises(error, match=words):
        client.fetch("SELECT 1", (), scope)
    assert server.log[0][-1] == "SELECT 1"
    client.fetch("SELECT 2", (), scope)
    assert len(server.log) == 2


def test_a_server_that_falls_silent_in_the_middle_costs_the_deadline(
    client: PostgresClient, server: WireServer, scope: Scope
) -> None:
    """Its own timeout would say so; one that is gone says nothing."""
    server.answer = lambda text: None if text == "SELECT 1" else []
    with pytest.raises(Unreachable, match=r"did not answer within 0\.2 s"):
        client.fetch("SELECT 1", (), replace(scope, deadline_s=0.2))


def test_a_connection_that_breaks_in_the_middle_is_told(
    client: PostgresClient, server: WireServer, scope: Scope
) -> None:
    """A failover while it ran."""

    def hang_up(text: str) -> Answer:
        if text == "SELECT 1":
            server.hang_up()
            return None
        return []

    server.answer = hang_up
    with pytest.raises(Unreachable, match="server closed the connection unexpectedly"):
        client.fetch("SELECT 1", (), scope)


def test_what_does_not_only_read_is_not_sent(client: PostgresClient, server: WireServer, scope: Scope) -> None:
    """The transaction is not committed either."""
    with pytest.raises(IntegrationError, match="the SQL guard refused a statement"):
        client.fetch("DELETE FROM orders", (), scope)
    assert [text for text in server.log[0] if "DELETE" in text or text == "COMMIT"] == []


def test_a_refused_login_is_the_servers_sentence(scope: Scope) -> None:
    """As the driver gives it: without a SQLSTATE."""
    with serving() as server, closing(PostgresClient(server.dsn)) as client:
        refusal = b'SFATAL\0C28P01\0Mpassword authentication failed for user "u"\0\0'
        server.greeting = b"E" + (len(refusal) + 4).to_bytes(4, "big") + refusal
        with pytest.raises(AccessDenied, match='password authentication failed for user "u"'):
            client.fetch("SELECT 1", (), scope)
