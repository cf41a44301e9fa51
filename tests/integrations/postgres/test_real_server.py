"""The probes and the remedy on a real PostgreSQL, with the roles that the README asks for."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import Any

import psycopg2
import psycopg2.extensions
import psycopg2.extras
import pytest
from psycopg2.extensions import connection

from bot.diagnostics.probe import AnyProbe, Scope
from bot.errors import AccessDenied, IntegrationError, NotFound, Unreachable
from bot.integrations.postgres import INTEGRATION, connect_change, connect_read
from bot.integrations.postgres.client import PostgresClient
from bot.integrations.postgres.probes.backend import BackendArguments
from bot.integrations.postgres.remedies import TERMINATE_BACKEND
from tests.stopwatch import quickest

pytestmark = pytest.mark.sandbox
MIGRATION = "checkout-migration"


@pytest.fixture(scope="module")
def source(real: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """The record of a running source database."""
    return real("source")


@pytest.fixture
def reading(source: dict[str, Any]) -> Iterator[PostgresClient]:
    """The bot's reading client."""
    client = connect_read(source["environment"])
    assert client is not None
    with closing(client):
        yield client


@pytest.fixture
def changing(source: dict[str, Any]) -> Iterator[PostgresClient]:
    """The bot's changing client."""
    client = connect_change(source["environment"])
    assert client is not None
    with closing(client):
        yield client


@pytest.fixture
def migration(source: dict[str, Any]) -> Iterator[connection]:
    """A session of the shop that has altered `orders` and forgot to commit."""
    with closing(psycopg2.connect(source["source"]["app_url"], application_name=MIGRATION)) as session:
        session.cursor().execute("ALTER TABLE orders ADD COLUMN checkout_channel text")
        yield session


@pytest.fixture
def waiting(source: dict[str, Any], migration: connection) -> Iterator[connection]:
    """A session that waits for `orders`, without blocking the test."""
    with closing(psycopg2.connect(source["source"]["app_url"], async_=True)) as session:
        psycopg2.extras.wait_select(session)
        cursor = session.cursor()  # the driver asks for it again when the answer comes
        cursor.execute("SELECT count(*) FROM orders")
        yield session


def read(name: str, client: PostgresClient, scope: Scope, **arguments: Any) -> Any:
    """The facts of a probe."""
    probe: AnyProbe = next(probe for probe in INTEGRATION.probes if probe.name == name)
    return probe.read(client, probe.arguments(**arguments), scope)


def until(answer: Callable[[], Any]) -> Any:
    """The first true answer within a minute."""
    deadline = time.monotonic() + 60
    while not (found := answer()):
        assert time.monotonic() < deadline, "it did not come true within a minute"
        time.sleep(0.05)
    return found


def test_the_blocker_is_found(
    reading: PostgresClient, migration: connection, waiting: connection, live_scope: Scope
) -> None:
    """The idle migration stands in front of the waiting session, with its pid, its table and its statement."""
    locks = until(lambda: (found := read("postgres.blocked_locks", reading, live_scope)).count and found)
    assert [session.pid for session in locks.blocked] == [waiting.info.backend_pid]
    assert locks.blocked[0].relation == "orders"
    assert locks.blocker.pid == migration.info.backend_pid
    assert locks.blocker.application == MIGRATION
    assert locks.blocker.state == "idle in transaction"
    assert locks.blocker.blocks == 1
    assert locks.blocker.relations == ("orders",)


def test_the_holder_is_found_when_nobody_waits(
    reading: PostgresClient, migration: connection, live_scope: Scope
) -> None:
    """After the extract timed out the lock is still held, and its holder is the suspect."""
    locks = until(lambda: (found := read("postgres.blocked_locks", reading, live_scope)).suspect and found)
    assert locks.count == 0
    assert locks.blocker is None
    assert locks.suspect.pid == migration.info.backend_pid
    assert locks.suspect.transaction_age_s >= 2


def test_the_approved_session_is_ended_once(
    reading: PostgresClient,
    changing: PostgresClient,
    migration: connection,
    waiting: connection,
    live_scope: Scope,
) -> None:
    """The plan ends this very session, the waiting one goes on, and a second time changes nothing."""
    pid = migration.info.backend_pid
    seen = until(lambda: (found := read("postgres.blocked_locks", reading, live_scope)).blocker and found)
    arguments = BackendArguments(pid, str(seen.blocker.backend_start))
    state = TERMINATE_BACKEND.read_state(reading, arguments, live_scope)
    draft = TERMINATE_BACKEND.plan(arguments, state, live_scope)
    assert "1 session behind it can go on" in draft.blast_radius
    assert draft.verification is not None
    assert read("postgres.backend", reading, live_scope, **draft.verification.arguments).exists

    assert TERMINATE_BACKEND.perform(changing, draft.commands[0], live_scope) == f"Ended session {pid}."
    until(lambda: not read("postgres.backend", reading, live_scope, **draft.verification.arguments).exists)
    until(lambda: waiting.poll() == psycopg2.extensions.POLL_OK)
    assert "had ended already" in TERMINATE_BACKEND.perform(changing, draft.commands[0], live_scope)
    after = TERMINATE_BACKEND.read_state(reading, arguments, live_scope)
    assert TERMINATE_BACKEND.plan(arguments, after, live_scope).commands == ()


def test_another_session_with_that_pid_is_left_alone(
    changing: PostgresClient, migration: connection, live_scope: Scope
) -> None:
    """A command for an earlier session of the same pid ends nothing."""
    command = TERMINATE_BACKEND.plan(BackendArguments(4711), TERMINATE_BACKEND.typical, live_scope).commands[0]
    stale = replace(command, arguments={**command.arguments, "pid": migration.info.backend_pid})
    assert "had ended already" in TERMINATE_BACKEND.perform(changing, stale, live_scope)
    migration.cursor().execute("SELECT 1")


def test_a_role_that_cannot_see_is_told_so(source: dict[str, Any], migration: connection, live_scope: Scope) -> None:
    """A changing role without pg_read_all_stats must not take "hidden" for "gone"."""
    url = source["environment"]["SOURCE_DATABASE_CHANGE_URL"]
    with (
        closing(psycopg2.connect(source["source"]["admin_url"])) as admin,
        closing(PostgresClient(url, may_change=True)) as client,
    ):
        admin.autocommit = True
        admin.cursor().execute("REVOKE pg_read_all_stats FROM runbook_change")
        try:
            plan = TERMINATE_BACKEND.plan(BackendArguments(4711), TERMINATE_BACKEND.typical, live_scope)
            pid = migration.info.backend_pid
            command = replace(plan.commands[0], arguments={**plan.commands[0].arguments, "pid": pid})
            with pytest.raises(AccessDenied, match="grant it pg_read_all_stats"):
                TERMINATE_BACKEND.perform(client, command, live_scope)
        finally:
            admin.cursor().execute("GRANT pg_read_all_stats TO runbook_change")


def test_the_server_and_its_load(
    reading: PostgresClient, source: dict[str, Any], waiting: connection, live_scope: Scope
) -> None:
    """Who the server is, how fast it answers, and what runs longest on it."""
    server = read("postgres.connectivity", reading, live_scope)
    assert (server.database, server.in_recovery) == ("ecommerce_source", False)
    assert 0 < server.latency_ms < 5000
    load = until(lambda: (found := read("postgres.load", reading, live_scope)).waiting and found)
    assert load.longest_query == "SELECT count(*) FROM orders"
    assert load.max_connections == 50
    assert MIGRATION in [application.application for application in load.applications]


def test_a_reading_session_is_read_only_and_named(
    reading: PostgresClient, source: dict[str, Any], live_scope: Scope
) -> None:
    """Each read is a read-only transaction with a server-side timeout, under the incident's name."""
    settings = "('transaction_read_only', 'statement_timeout', 'application_name')"
    rows = reading.fetch(f"SELECT name, setting FROM pg_settings WHERE name IN {settings}", (), live_scope)  # noqa: S608
    found = {row["name"]: row["setting"] for row in rows}
    assert found["transaction_read_only"] == "on"
    assert 30_000 < int(found["statement_timeout"]) <= 60_000
    assert found["application_name"] == "runbook-bot INC-7"


def test_reading_refuses_to_change(reading: PostgresClient, live_scope: Scope) -> None:
    """Neither a changing statement nor the changing call passes on a reading client."""
    with pytest.raises(IntegrationError, match="SQL guard"):
        reading.fetch("DELETE FROM orders", (), live_scope)
    with pytest.raises(IntegrationError, match="for reading only"):
        reading.change("DELETE FROM orders", (), live_scope)


def test_a_slow_statement_ends_with_the_deadline(changing: PostgresClient, live_scope: Scope) -> None:
    """What takes longer than the deadline is given up, and the client works again after it."""
    hurried = replace(live_scope, deadline_s=0.6)

    def give_up() -> None:
        with pytest.raises(Unreachable):
            changing.change("SELECT pg_sleep(600)", (), hurried)

    assert quickest(give_up, 3) < 3
    assert changing.change("SELECT 1 AS one", (), live_scope) == [{"one": 1}]


def test_a_connection_lost_while_idle_is_replaced(
    reading: PostgresClient, source: dict[str, Any], live_scope: Scope
) -> None:
    """After a restart of the server the next read simply works."""
    assert read("postgres.connectivity", reading, live_scope)
    with closing(psycopg2.connect(source["source"]["admin_url"])) as admin:
        admin.autocommit = True
        admin.cursor().execute(
            "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE usename = 'runbook_read'"
        )
    assert read("postgres.connectivity", reading, live_scope)


@pytest.mark.parametrize(
    ("wrong", "right", "error", "reason"),
    [
        ("runbook_read:x", "runbook_read:", AccessDenied, 'password authentication failed for user "runbook_read"'),
        ("/no_such_database", "/ecommerce_source", NotFound, 'database "no_such_database" does not exist'),
    ],
)
def test_a_refused_login_says_why(
    source: dict[str, Any], wrong: str, right: str, error: type[Exception], reason: str, live_scope: Scope
) -> None:
    """The server's own sentence, without libpq's preamble and without the password."""
    url = source["environment"]["SOURCE_DATABASE_URL"].replace(right, wrong)
    with closing(PostgresClient(url)) as client, pytest.raises(error) as caught:
        read("postgres.connectivity", client, live_scope)
    assert str(caught.value) == f"postgres: {reason}"


def test_a_tables_columns_are_read_without_a_grant_on_it(
    source: dict[str, Any], reading: PostgresClient, live_scope: Scope
) -> None:
    """The catalogue shows columns to a role that may not read the table; names are found in either case."""
    with closing(psycopg2.connect(source["source"]["admin_url"])) as admin:
        admin.autocommit = True
        admin.cursor().execute("REVOKE SELECT ON orders FROM runbook_read")
        try:
            found = read("postgres.columns", reading, live_scope, table="PUBLIC.ORDERS")
        finally:
            admin.cursor().execute("GRANT SELECT ON orders TO runbook_read")
    assert (found.table, found.owner, found.count) == ("public.orders", "shop_app", 7)
    assert [column.type for column in found.columns][:5] == [
        "bigint",
        "bigint",
        "text",
        "character(3)",
        "numeric(12,2)",
    ]
    with pytest.raises(NotFound, match=r"no table public\.no_such"):
        read("postgres.columns", reading, live_scope, table="no_such")


@pytest.fixture
def full(source: dict[str, Any]) -> Iterator[None]:
    """A server on which the application has taken every slot that it can get."""
    with ExitStack() as sessions:
        while True:
            try:
                session = psycopg2.connect(source["source"]["app_url"], application_name="checkout", connect_timeout=60)
            except psycopg2.OperationalError as error:
                assert "remaining connection slots are reserved" in str(error)  # noqa: PT017 - how filling it ends
                break
            sessions.enter_context(closing(session))
        yield


def test_a_full_server_still_lets_the_bot_look(full: None, source: dict[str, Any], live_scope: Scope) -> None:
    """With slots kept for it the bot connects when nobody else can, and says who holds them."""
    client = connect_read(source["environment"])
    assert client is not None
    with closing(client):
        found = read("postgres.connections", client, live_scope)
    assert (found.is_full, found.free, found.max_connections, found.reserved) == (True, 0, 50, 8)
    assert (found.biggest.application, found.biggest.user) == ("checkout", "shop_app")
    assert found.biggest.idle == found.biggest.connections >= 30
    assert (found.suspect.application, found.suspect.state) == ("checkout", "idle")
    assert found.tightest.kind == "server"


def test_a_session_idle_in_a_transaction_is_suspected_first(
    source: dict[str, Any], reading: PostgresClient, migration: connection, live_scope: Scope
) -> None:
    """It keeps locks as well as a slot, so it comes before one that has only idled for longer."""
    with closing(psycopg2.connect(source["source"]["app_url"], application_name="older")):
        found = until(lambda: (one := read("postgres.connections", reading, live_scope)).suspect and one)
    assert (found.suspect.pid, found.suspect.state) == (migration.info.backend_pid, "idle in transaction")
    assert "older" in [session.application for session in found.idle]


def test_who_waits_for_whom_and_what_else_works_on_the_table(
    reading: PostgresClient, migration: connection, waiting: connection, live_scope: Scope
) -> None:
    """The tree has the migration on top; the table's care and the DDL beside it are told."""
    locks = until(lambda: (found := read("postgres.blocked_locks", reading, live_scope)).count and found)
    assert [(line.depth, line.pid) for line in locks.tree] == [
        (0, migration.info.backend_pid),
        (1, waiting.info.backend_pid),
    ]
    found = read("postgres.contention", reading, live_scope, tables=("orders",))
    assert [table.table for table in found.tables] == ["public.orders"]
    assert found.tables[0].live_rows > 1000
    assert MIGRATION in [work.who for work in found.maintenance]
    by_index = read("postgres.contention", reading, live_scope, tables=("customers_pkey",))
    assert "public.customers" in [table.table for table in by_index.tables]
