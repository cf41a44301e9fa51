"""The SQL engine: fakesnow over one DuckDB, one lane per session, interruptible."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import duckdb
from fakesnow.converter import from_binding
from fakesnow.cursor import FakeSnowflakeCursor
from fakesnow.fakes import FakeSnowflakeConnection
from fakesnow.instance import FakeSnow
from fakesnow.rowtype import describe_as_rowtype
from fakesnow.statement_type import DML_TYPE_IDS, statement_type_id
from sqlglot import exp

from bot.sandbox.warehouse.arrow_rows import pack
from bot.sandbox.warehouse.jobs import Job

_KEPT_RESULTS = 2  # kept.py keeps what clients may ask for again


class RecentResults(OrderedDict[str, Any]):
    """fakesnow keeps every result for ever; this keeps the latest."""

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        while len(self) > _KEPT_RESULTS:
            self.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine did: the wire's `data` fields, the rows it produced, as Arrow too."""

    data: dict[str, Any]
    rows: int
    table: Any = None


class Lane:
    """One session's way into the engine: its current database and schema, its transaction, one statement at a time."""

    def __init__(self, duck: Any, results: RecentResults, database: str | None, schema: str | None) -> None:
        self.duck = duck
        self.fake = FakeSnowflakeConnection(duck, results, database, schema, create_database=False, create_schema=False)
        self.lock = threading.Lock()

    @property
    def database(self) -> str | None:
        """The current database, if there is one."""
        return self.fake.database if self.fake.database_set else None

    @property
    def schema(self) -> str | None:
        """The current schema, if there is one."""
        return self.fake.schema if self.fake.schema_set else None

    def run(
        self, text: str, bindings: dict[str, Any] | None, job: Job, scanned: dict[str, Any] | None = None
    ) -> Answer:
        """Carry out one statement of Snowflake's SQL; `scanned` are Arrow tables it names as temp.main.<key>.

        Raises the connector's ProgrammingError for what fakesnow refuses, DuckDB's own errors for what it
        cannot do, and the job's reason when it was stopped.
        """
        with self.lock, job.interruptible(self.duck.interrupt):
            for name, table in (scanned or {}).items():
                self.duck.register(name, table)
            try:
                return self._execute(text, bindings)
            finally:
                for name in scanned or {}:
                    self.duck.unregister(name)

    def _execute(self, text: str, bindings: dict[str, Any] | None) -> Answer:
        params, batch = parameters(bindings)
        cursor: FakeSnowflakeCursor = self.fake.cursor()
        if batch is None:
            cursor.execute(text, binding_params=params, server=True)
            return _answer(cursor, None)
        total = 0
        for row in batch:
            cursor.execute(text, binding_params=row, server=True)
            total += cursor.rowcount or 0
        return _answer(cursor, total)

    def move(self, database: str, schema: str | None) -> None:
        """Make these the current database and schema; they exist, the caller has looked."""
        with self.lock:
            cursor = self.fake.cursor()
            if schema is None:
                cursor.execute(f"USE DATABASE {exp.to_identifier(database, quoted=True).sql('snowflake')}")
            else:
                cursor.execute(f"USE SCHEMA {exp.table_(schema, db=database, quoted=True).sql('snowflake')}")

    def close(self) -> None:
        """Roll back what is open and free the connection, once its statement is over."""
        with self.lock:
            self.fake.close()


def parameters(bindings: dict[str, Any] | None) -> tuple[Any, list[tuple[Any, ...]] | None]:
    """Wire bindings as (parameters of one execution, None) or (None, rows of parameters)."""
    if not bindings:
        return None, None
    if not all(key.isdigit() for key in bindings):
        return {name: from_binding(b) for name, b in bindings.items()}, None
    ordered = [bindings[str(position)] for position in range(1, len(bindings) + 1)]
    if any(isinstance(b["value"], list) for b in ordered):
        columns = [[from_binding({**b, "value": value}) for value in b["value"]] for b in ordered]
        return None, list(zip(*columns, strict=True))
    return tuple(from_binding(b) for b in ordered), None


def _answer(cursor: FakeSnowflakeCursor, batch_rows: int | None) -> Answer:
    # fakesnow's own server reads these three; there is no public way to the result as Arrow.
    described = describe_as_rowtype(cursor._describe_last_sql())  # noqa: SLF001
    table, expression = cursor._arrow_table, cursor._last_transformed  # noqa: SLF001
    type_id = statement_type_id(expression)
    rows = table.num_rows if table is not None else 0
    data: dict[str, Any] = {"rowtype": described, "total": rows, "returned": rows, "statementTypeId": type_id}
    if table is not None and type_id in DML_TYPE_IDS:
        counts = [[str(batch_rows)]] if batch_rows is not None else _as_text(table)
        data |= {"queryResultFormat": "json", "rowset": counts, "total": len(counts)}
        rows = batch_rows if batch_rows is not None else int(cursor.rowcount or 0)
    else:
        data |= {"queryResultFormat": "arrow", "rowsetBase64": pack(table, described)}
    return Answer(data, rows, table)


def _as_text(table: Any) -> list[list[str | None]]:
    columns = [column.to_pylist() for column in table.columns]
    return [[None if v is None else str(v) for v in row] for row in zip(*columns, strict=True)]


class Engine:
    """The account's data: one DuckDB in memory that every lane shares."""

    def __init__(self) -> None:
        self._fake = FakeSnow()
        self._results = RecentResults()
        self._own = self._fake.duck_conn.cursor()
        self._lock = threading.Lock()

    def lane(self, database: str | None = None, schema: str | None = None) -> Lane:
        """A new lane; a database or schema that does not exist leaves it without one."""
        return Lane(self._fake.duck_conn.cursor(), self._results, database, schema)

    def query(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """Run DuckDB's SQL for the layer itself."""
        with self._lock:
            rows: list[tuple[Any, ...]] = self._own.execute(sql, parameters or []).fetchall()
            return rows

    def kind_of(self, database: str, schema: str, name: str) -> str | None:
        """TABLE or VIEW, or None when there is no such object; names as stored."""
        found = self.query(
            "SELECT 'TABLE' FROM duckdb_tables() WHERE database_name=? AND schema_name=? AND table_name=? "
            "UNION ALL "
            "SELECT 'VIEW' FROM duckdb_views() WHERE database_name=? AND schema_name=? AND view_name=?",
            [database, schema, name] * 2,
        )
        return found[0][0] if found else None

    def objects_in(self, database: str, schema: str | None) -> list[tuple[str, str, str]]:
        """(schema, name, TABLE or VIEW) of everything in a database or one of its schemas."""
        rows = self.query(
            "SELECT schema_name, table_name, 'TABLE' FROM duckdb_tables() WHERE database_name=? UNION ALL "
            "SELECT schema_name, view_name, 'VIEW' FROM duckdb_views() WHERE database_name=? AND NOT internal",
            [database, database],
        )
        return [(s, n, k) for s, n, k in rows if schema in (None, s) and not s.startswith("_fs")]

    def has_database(self, name: str) -> bool:
        """True when the database exists."""
        return bool(self.query("SELECT 1 FROM duckdb_databases() WHERE database_name=?", [name]))

    def has_schema(self, database: str, name: str) -> bool:
        """True when the schema exists."""
        return bool(
            self.query("SELECT 1 FROM duckdb_schemas() WHERE database_name=? AND schema_name=?", [database, name])
        )

    def schemas_of(self, database: str) -> list[str]:
        """The database's schemas, without the engine's own."""
        rows = self.query(
            "SELECT schema_name FROM duckdb_schemas() WHERE database_name=? AND NOT internal ORDER BY 1",
            [database],
        )
        return [name for (name,) in rows if not name.startswith("_") and name != "main"]

    def has_stage(self, database: str, schema: str, name: str) -> bool:
        """True when the named stage exists."""
        return bool(
            self.query(
                "SELECT 1 FROM _fs_global._fs_information_schema._fs_stages "
                "WHERE database_name=? AND schema_name=? AND name=?",
                [database, schema, name],
            )
        )


INTERRUPTED = duckdb.InterruptException
ENGINE_ERROR = duckdb.Error
