"""Connects to PostgreSQL; every read is a read-only transaction with a deadline, every driver error becomes ours."""

import select
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bot.diagnostics.probe import Scope
from bot.errors import IntegrationError, SettingsError
from bot.integrations.deadline import Deadline
from bot.integrations.pool import Pool
from bot.integrations.postgres.failures import SYSTEM, translate

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812 - the driver's class has a lower-case name

Row = Mapping[str, Any]
Fetch = Callable[..., Sequence[Row]]

_BEGIN_READING = "BEGIN TRANSACTION READ ONLY"
_LIMITS = "SELECT set_config('statement_timeout', %s, true), set_config('application_name', %s, true)"


class PostgresClient:
    """A few connections to one database. Thread-safe; connects at first use.

    The driver runs in its asynchronous mode, polled here: only so does a server that accepts a connection and then
    falls silent cost no more than the deadline (libpq's own connect_timeout ends with the connection).
    """

    def __init__(self, dsn: str, *, may_change: bool = False, size: int = 4) -> None:
        self.host, self.port = address_of(dsn)
        self._dsn = dsn
        self._may_change = may_change
        self._pool: Pool[Connection] = Pool(self._open, _close, _is_quiet, size)

    @contextmanager
    def reading(self, scope: Scope) -> Iterator[Fetch]:
        """One read-only transaction; yields `fetch(statement, parameters)` → at most `scope.row_cap` rows by column.

        The server cancels each statement at the deadline; it is tagged with the incident by its application_name.
        """
        from bot.integrations.sql_guard import require_reading  # sqlglot: a tenth of a second that no start needs

        def fetch(statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> Sequence[Row]:
            require_reading(statement, "postgres")
            return run(statement, parameters)[: scope.row_cap]

        with self._transaction(_BEGIN_READING, scope) as run:
            yield fetch

    def fetch(self, statement: str, parameters: Sequence[Any] | Mapping[str, Any], scope: Scope) -> Sequence[Row]:
        """The rows of one statement, in a read-only transaction of its own."""
        with self.reading(scope) as fetch:
            return fetch(statement, parameters)

    def change(self, statement: str, parameters: Sequence[Any], scope: Scope) -> Sequence[Row]:
        """Run one statement of an approved plan; refused on a client made for reading."""
        if not self._may_change:
            raise IntegrationError(SYSTEM, "this connection is for reading only")
        with self._transaction("BEGIN", scope) as run:
            return run(statement, parameters)

    def close(self) -> None:
        """End every connection."""
        self._pool.close()

    @contextmanager
    def _transaction(self, begin: str, scope: Scope) -> Iterator[Fetch]:
        import psycopg2

        deadline = Deadline(SYSTEM, scope.deadline_s)
        try:
            with self._pool.lend(deadline) as connection:

                def run(statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> Sequence[Row]:
                    return _execute(connection, statement, parameters, deadline)

                run(begin)
                run(_LIMITS, (f"{int(deadline.left() * 1000)}ms", application_name(scope)))
                yield run
                run("COMMIT")
        except psycopg2.Error as error:
            raise translate(error, f"{self.host}:{self.port}", scope.deadline_s) from error

    def _open(self, deadline: Deadline) -> "Connection":
        import psycopg2
        from psycopg2.extras import RealDictCursor

        connection = psycopg2.connect(
            self._dsn, async_=True, cursor_factory=RealDictCursor, fallback_application_name="runbook-bot"
        )
        try:
            _wait(connection, deadline)
        except BaseException:
            connection.close()
            raise
        return connection


def connect(dsn: str | None, setting: str, *, may_change: bool = False) -> PostgresClient | None:
    """A client for the database in the setting; None when it is not set, SettingsError when it is no address."""
    import psycopg2

    if not dsn:
        return None
    try:
        return PostgresClient(dsn, may_change=may_change)
    except (psycopg2.ProgrammingError, ValueError) as error:
        raise SettingsError(
            f"{setting} is not an address of a PostgreSQL database; it should look like postgresql://user:password@host:5432/database"
        ) from error


def address_of(dsn: str) -> tuple[str, int]:
    """Host and port of a libpq URL or `key=value` string.

    psycopg2.ProgrammingError when it is neither, ValueError for a port that is no number.
    """
    from psycopg2.extensions import parse_dsn

    parts = parse_dsn(dsn)
    host = parts.get("hostaddr") or parts.get("host") or "localhost"
    return host, int(str(parts.get("port", "5432")).split(",")[0] or 5432)


def application_name(scope: Scope) -> str:
    """What pg_stat_activity shows for us: `runbook-bot <incident>`, within PostgreSQL's 63 bytes of ASCII."""
    return f"runbook-bot {scope.incident}".encode("ascii", "replace").decode()[:63]


def _execute(
    connection: "Connection", statement: str, parameters: Sequence[Any] | Mapping[str, Any], deadline: Deadline
) -> Sequence[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        _wait(connection, deadline)
        rows: list[Any] = cursor.fetchall() if cursor.description else []  # dicts: RealDictCursor
        return rows


def _wait(connection: "Connection", deadline: Deadline) -> None:
    from psycopg2.extensions import POLL_OK, POLL_READ

    while (state := connection.poll()) != POLL_OK:
        poller = select.poll()
        poller.register(connection.fileno(), select.POLLIN if state == POLL_READ else select.POLLOUT)
        if not poller.poll(deadline.left() * 1000):
            raise deadline.missed()


def _is_quiet(connection: "Connection") -> bool:
    """False when something arrived while idle: the server said goodbye, or the connection broke."""
    if connection.closed:
        return False
    poller = select.poll()
    poller.register(connection.fileno(), select.POLLIN)
    return not poller.poll(0)


def _close(connection: "Connection") -> None:
    connection.close()
