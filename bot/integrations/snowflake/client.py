"""Connects to Snowflake; every statement carries the incident's tag and a timeout, every driver error becomes ours."""

import json
import re
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

from bot.diagnostics.probe import Scope
from bot.errors import IntegrationError, Unreachable
from bot.integrations.deadline import Deadline
from bot.integrations.pool import Pool
from bot.integrations.snowflake.failures import SYSTEM, has_session_ended, translate
from bot.integrations.snowflake.settings import Settings

Row = Mapping[str, Any]
Fetch = Callable[..., Sequence[Row]]

CATALOGUE_CAP = 1000
"""Rows of a SHOW: the names of an account, which a cap for display must not cut."""


@dataclass(slots=True)
class Session:
    """A connection of the driver, and the tag its statements carry now."""

    raw: Any
    tag: str


class SnowflakeClient:
    """A few sessions of one user and role. Thread-safe; logs in at first use.

    The connector takes its time limits when it connects (5.x ignores a limit given with a statement), so sessions are
    kept by the whole seconds they allow.
    """

    def __init__(self, settings: Settings, *, may_change: bool = False, size: int = 4) -> None:
        self.address = settings.address
        self._settings = settings
        self._may_change = may_change
        self._size = size
        self._pools: dict[int, Pool[Session]] = {}
        self._lock = Lock()

    @contextmanager
    def reading(self, scope: Scope) -> Iterator[Fetch]:
        """A session for the block; yields `fetch(statement, parameters, cap=…)` → rows by column name in lower case.

        Never more rows than `cap`, by default `scope.row_cap`. Parameters are bound by the server (`?`).
        """
        from bot.integrations.sql_guard import require_reading  # sqlglot: a tenth of a second that no start needs

        with self._session(scope) as run:

            def fetch(statement: str, parameters: Sequence[Any] = (), *, cap: int = scope.row_cap) -> Sequence[Row]:
                require_reading(statement, "snowflake")
                return run(statement, parameters, cap)

            yield fetch

    def fetch(self, statement: str, parameters: Sequence[Any], scope: Scope) -> Sequence[Row]:
        """The rows of one statement."""
        with self.reading(scope) as fetch:
            return fetch(statement, parameters)

    def change(self, statement: str, scope: Scope) -> Sequence[Row]:
        """Run one statement of an approved plan; refused on a client made for reading."""
        if not self._may_change:
            raise IntegrationError(SYSTEM, "this connection is for reading only")
        with self._session(scope) as run:
            return run(statement, (), scope.row_cap)

    def close(self) -> None:
        """Log every idle session out."""
        with self._lock:
            pools = list(self._pools.values())
        for pool in pools:
            pool.close()

    @contextmanager
    def _session(self, scope: Scope) -> Iterator[Callable[[str, Sequence[Any], int], Sequence[Row]]]:
        from snowflake.connector.errors import Error

        seconds = max(1, int(scope.deadline_s))
        tag = query_tag(scope)
        deadline = Deadline(SYSTEM, scope.deadline_s)
        try:
            with self._pool(seconds, tag).lend(deadline) as session:

                def run(statement: str, parameters: Sequence[Any], cap: int) -> Sequence[Row]:
                    deadline.left()
                    try:
                        return _execute(session, statement, parameters, cap)
                    except Error as error:
                        if not has_session_ended(error):
                            raise
                    _log_out(session)
                    session.raw, session.tag = _log_in(self._settings, seconds, tag, deadline), tag
                    return _execute(session, statement, parameters, cap)

                if session.tag != tag:
                    run(f"ALTER SESSION SET QUERY_TAG = '{tag}'", (), 1)
                    session.tag = tag

                yield run
        except Error as error:
            raise translate(error, self.address, scope.deadline_s) from error

    def _pool(self, seconds: int, tag: str) -> Pool[Session]:
        with self._lock:
            if seconds not in self._pools:

                def open_one(deadline: Deadline) -> Session:
                    return Session(_log_in(self._settings, seconds, tag, deadline), tag)

                self._pools[seconds] = Pool(open_one, _log_out, _is_usable, self._size)
            return self._pools[seconds]


def query_tag(scope: Scope) -> str:
    """JSON that names the bot and the incident, free of anything that could end a string literal."""
    incident = re.sub(r"[^A-Za-z0-9_.:-]", "_", scope.incident)[:100]
    return json.dumps({"app": "runbook-bot", "incident": incident}, separators=(",", ":"))


def _log_in(settings: Settings, seconds: int, tag: str, deadline: Deadline) -> Any:
    import snowflake.connector

    _knock(settings, deadline)
    options: dict[str, Any] = {
        **settings.options,
        "paramstyle": "qmark",
        "login_timeout": max(1, int(deadline.left())),
        "application": "runbook-bot",
        "session_parameters": {
            "QUERY_TAG": tag,
            "STATEMENT_TIMEOUT_IN_SECONDS": seconds,
            "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS": seconds,
            "TIMEZONE": "UTC",
        },
    }
    if int(snowflake.connector.__version__.partition(".")[0]) >= 5:
        options |= {"query_timeout": seconds, "enable_server_session_keep_alive_auto_detection": False}
    else:
        options |= {"network_timeout": seconds, "socket_timeout": seconds}
    return snowflake.connector.connect(**options)


def _knock(settings: Settings, deadline: Deadline) -> None:
    """Say at once that nobody listens: the connector retries a refused connection until its login timeout."""
    if not settings.host:
        return  # an account's own host may only be reachable through a proxy
    try:
        socket.create_connection((settings.host, settings.port), timeout=deadline.left()).close()
    except ConnectionRefusedError as error:
        raise Unreachable(SYSTEM, f"connection refused by {settings.address}") from error
    except TimeoutError as error:
        raise deadline.missed() from error
    except OSError as error:
        raise Unreachable(SYSTEM, f"{settings.address} cannot be reached: {error.strerror}") from error


def _execute(session: Session, statement: str, parameters: Sequence[Any], cap: int) -> Sequence[Row]:
    cursor = session.raw.cursor()
    try:
        cursor.execute(statement, tuple(parameters) or None)
        names = [column[0].lower() for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchmany(cap)] if names else []
    finally:
        cursor.close()


def _is_usable(session: Session) -> bool:
    return not session.raw.is_closed()


def _log_out(session: Session) -> None:
    from snowflake.connector.errors import Error

    try:
        session.raw.close()
    except Error:
        return  # it is gone already, which is what was wanted
