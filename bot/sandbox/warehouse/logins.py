"""Login history: every attempt, as LOGIN_HISTORY tells it, in one DuckDB table."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.sandbox.warehouse.errors import Refusal
from bot.sandbox.warehouse.placeholders import marks

if TYPE_CHECKING:
    from bot.sandbox.warehouse.engine import Engine

TABLE = "_fs_global.account.login_history"

# Names and order as documented for the LOGIN_HISTORY functions; the view has the same.
COLUMNS = {
    "EVENT_TIMESTAMP": "TIMESTAMPTZ",
    "EVENT_ID": "BIGINT",
    "EVENT_TYPE": "VARCHAR",
    "USER_NAME": "VARCHAR",
    "CLIENT_IP": "VARCHAR",
    "REPORTED_CLIENT_TYPE": "VARCHAR",
    "REPORTED_CLIENT_VERSION": "VARCHAR",
    "FIRST_AUTHENTICATION_FACTOR": "VARCHAR",
    "SECOND_AUTHENTICATION_FACTOR": "VARCHAR",
    "IS_SUCCESS": "VARCHAR",
    "ERROR_CODE": "BIGINT",
    "ERROR_MESSAGE": "VARCHAR",
    "RELATED_EVENT_ID": "BIGINT",
    "CONNECTION": "VARCHAR",
}
_CLIENTS = {"PythonConnector": "PYTHON_DRIVER", "JDBC": "JDBC_DRIVER", "ODBC": "ODBC_DRIVER", "Go": "GO_DRIVER"}
_FACTORS = {"SNOWFLAKE_JWT": "RSA_KEYPAIR", "OAUTH": "OAUTH_ACCESS_TOKEN"}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to log in, before it is known how it ends."""

    user: str
    address: str
    application: str
    version: str
    authenticator: str
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Logins:
    """All attempts of the account."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._ids = itertools.count(1_023_469_238_922_000, 4)
        fields = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        engine.query("CREATE SCHEMA IF NOT EXISTS _fs_global.account")
        engine.query(f"CREATE OR REPLACE TABLE {TABLE} ({fields})")

    def add(self, attempt: Attempt, refusal: Refusal | None = None) -> None:
        """Write how it ended. History names the reason more exactly than the client was told."""
        code, name = refusal.logged if refusal else (None, None)
        self._engine.query(
            f"INSERT INTO {TABLE} VALUES {marks(1, len(COLUMNS))}",  # noqa: S608 - our own name
            [
                attempt.at,
                next(self._ids),
                "LOGIN",
                attempt.user,
                attempt.address,
                _CLIENTS.get(attempt.application, "OTHER"),
                attempt.version,
                _FACTORS.get(attempt.authenticator.upper(), "PASSWORD"),
                None,
                "NO" if refusal else "YES",
                code,
                name,
                0,
                None,
            ],
        )
