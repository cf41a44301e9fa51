"""Query history: one DuckDB table that ordinary SQL can join, filter and order."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import md5
from typing import TYPE_CHECKING, Any

from bot.sandbox.warehouse.placeholders import marks

if TYPE_CHECKING:
    from bot.sandbox.warehouse.engine import Engine

TABLE = "_fs_global.account.query_history"
_KEPT = 20_000

# Names and order follow ACCOUNT_USAGE.QUERY_HISTORY (documented); the columns the sandbox cannot fill are left out.
COLUMNS = {
    "QUERY_ID": "VARCHAR",
    "QUERY_TEXT": "VARCHAR",
    "DATABASE_NAME": "VARCHAR",
    "SCHEMA_NAME": "VARCHAR",
    "QUERY_TYPE": "VARCHAR",
    "SESSION_ID": "BIGINT",
    "USER_NAME": "VARCHAR",
    "ROLE_NAME": "VARCHAR",
    "WAREHOUSE_NAME": "VARCHAR",
    "WAREHOUSE_SIZE": "VARCHAR",
    "WAREHOUSE_TYPE": "VARCHAR",
    "QUERY_TAG": "VARCHAR",
    "EXECUTION_STATUS": "VARCHAR",
    "ERROR_CODE": "VARCHAR",
    "ERROR_MESSAGE": "VARCHAR",
    "START_TIME": "TIMESTAMPTZ",
    "END_TIME": "TIMESTAMPTZ",
    "TOTAL_ELAPSED_TIME": "BIGINT",
    "BYTES_SCANNED": "BIGINT",
    "ROWS_PRODUCED": "BIGINT",
    "COMPILATION_TIME": "BIGINT",
    "EXECUTION_TIME": "BIGINT",
    "QUEUED_PROVISIONING_TIME": "BIGINT",
    "QUEUED_REPAIR_TIME": "BIGINT",
    "QUEUED_OVERLOAD_TIME": "BIGINT",
    "TRANSACTION_BLOCKED_TIME": "BIGINT",
    "CREDITS_USED_CLOUD_SERVICES": "DOUBLE",
    "QUERY_HASH": "VARCHAR",
    "QUERY_PARAMETERIZED_HASH": "VARCHAR",
    "BYTES_SPILLED_TO_LOCAL_STORAGE": "BIGINT",
    "BYTES_SPILLED_TO_REMOTE_STORAGE": "BIGINT",
}
# Documented for the view, not for the functions.
VIEW_ONLY = ("BYTES_SPILLED_TO_LOCAL_STORAGE", "BYTES_SPILLED_TO_REMOTE_STORAGE")
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_COMPARED = re.compile(r"(=|!=|<>|>=|<=)\s*(?:'(?:[^']|'')*'|-?\d+(?:\.\d+)?)")


@dataclass(slots=True)
class Record:
    """One statement as history tells it; `status` is RUNNING, SUCCESS or FAIL."""

    query_id: str
    text: str
    user: str
    role: str
    session_id: int
    database: str | None = None
    schema: str | None = None
    warehouse: str | None = None
    size: str | None = None
    query_type: str = "UNKNOWN"
    tag: str = ""
    status: str = "RUNNING"
    error_code: str | None = None
    error_message: str | None = None
    start: datetime = field(default_factory=lambda: datetime.now(UTC))
    end: datetime | None = None
    rows: int | None = None
    bytes_scanned: int = 0
    credits: float = 0.0

    def row(self) -> list[Any]:
        """The record in the order of COLUMNS."""
        elapsed = int(1000 * ((self.end or self.start) - self.start).total_seconds())
        return [
            self.query_id,
            self.text,
            self.database,
            self.schema,
            self.query_type,
            self.session_id,
            self.user,
            self.role,
            self.warehouse,
            self.size,
            "STANDARD" if self.warehouse else None,
            self.tag,
            self.status,
            self.error_code,
            self.error_message,
            self.start,
            self.end,
            elapsed,
            self.bytes_scanned,
            self.rows,
            0,
            elapsed,
            0,
            0,
            0,
            0,
            self.credits,
            fingerprint(self.text),
            fingerprint(_COMPARED.sub(r"\1 ?", self.text)),
            0,
            0,
        ]


def fingerprint(text: str) -> str:
    """32 hexadecimal digits of a statement, whatever its white space, letters and comments.

    Snowflake's own way is not published; that literals after = != >= <= do not count in the second one is.
    """
    return md5(" ".join(_COMMENT.sub(" ", text).split()).upper().encode(), usedforsecurity=False).hexdigest()


class History:
    """All statements of the account, the oldest forgotten."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._recent: OrderedDict[str, Record] = OrderedDict()
        self._lock = threading.Lock()
        fields = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        engine.query("CREATE SCHEMA IF NOT EXISTS _fs_global.account")
        engine.query(f"CREATE OR REPLACE TABLE {TABLE} ({fields})")

    def begin(self, record: Record) -> None:
        """The statement is running from now on."""
        self.add([record])

    def add(self, records: list[Record]) -> None:
        """Write records as they stand."""
        values = [value for record in records for value in record.row()]
        insert = f"INSERT INTO {TABLE} VALUES {marks(len(records), len(COLUMNS))}"  # noqa: S608 - our own names
        self._engine.query(insert, values)
        with self._lock:
            for record in records:
                self._recent[record.query_id] = record
            forgotten = [self._recent.popitem(last=False)[0] for _ in range(len(self._recent) - _KEPT)]
        if forgotten:
            delete = f"DELETE FROM {TABLE} WHERE list_contains(?, QUERY_ID)"  # noqa: S608 - our own name
            self._engine.query(delete, [forgotten])

    def write(self, record: Record) -> None:
        """The record changed (compute was found, or the statement ended)."""
        assignments = ", ".join(f"{name}=?" for name in COLUMNS)
        update = f"UPDATE {TABLE} SET {assignments} WHERE QUERY_ID=?"  # noqa: S608 - our own names
        self._engine.query(update, [*record.row(), record.query_id])

    def find(self, query_id: str) -> Record | None:
        """The record of that query id."""
        return self._recent.get(query_id)
