"""The answer of one statement before it is put on the wire: named, typed columns and rows of Python values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

Kind = Literal["text", "fixed", "real", "boolean", "date", "timestamp_ltz", "timestamp_ntz"]

SELECT = 0x1000  # statement type ids, as the connectors' own tables have them
USE = 0x4300
SHOW = 0x4400
DDL = 0x6000
MULTI = 0xA000


@dataclass(frozen=True, slots=True)
class Column:
    """One column: Snowflake's name of it and its wire type."""

    name: str
    kind: Kind = "text"
    scale: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """Columns, rows in their order, and what kind of statement it was."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    type_id: int = SELECT


def status(message: str = "Statement executed successfully.", type_id: int = DDL) -> Result:
    """The one-row answer of a statement that only changes something."""
    return Result((Column("status"),), ((message,),), type_id)


def row_type(column: Column) -> dict[str, Any]:
    """A column as the wire describes it."""
    text = column.kind == "text"
    return {
        "name": column.name,
        "type": column.kind,
        "length": 16777216 if text else None,
        "byteLength": 16777216 if text else None,
        "precision": 38 if column.kind == "fixed" else (0 if column.kind.startswith("timestamp") else None),
        "scale": 9 if column.kind.startswith("timestamp") else (column.scale if column.kind == "fixed" else None),
        "nullable": True,
        "database": "",
        "schema": "",
        "table": "",
        "collation": None,
    }


def encode(value: Any, kind: Kind) -> str | None:
    """A value in the JSON row set's encoding: text for everything, days for dates, seconds for timestamps."""
    if value is None:
        return None
    if isinstance(value, bool):
        return ("1" if value else "0") if kind == "boolean" else str(value).lower()
    if isinstance(value, datetime):
        return _seconds(value if value.tzinfo else value.replace(tzinfo=UTC))
    if isinstance(value, date):
        return str((value - date(1970, 1, 1)).days)
    return str(value)


def _seconds(value: datetime) -> str:
    """Seconds since 1970 with nine decimals, exact: a float's last digits would be another microsecond."""
    micros = (value - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return f"{'-' if micros < 0 else ''}{abs(micros) // 10**6}.{abs(micros) % 10**6:06d}000"


def row_set(result: Result) -> list[list[str | None]]:
    """All rows, encoded."""
    kinds = [column.kind for column in result.columns]
    return [[encode(v, kind) for v, kind in zip(row, kinds, strict=True)] for row in result.rows]


def columns(**kinds: Kind) -> tuple[Column, ...]:
    """Columns by keyword, for the lower-case names of SHOW."""
    return tuple(Column(name, kind) for name, kind in kinds.items())


def data_of(result: Result) -> dict[str, Any]:
    """The part of the wire's `data` that a result fills."""
    rows: Sequence[Any] = row_set(result)
    return {
        "rowtype": [row_type(column) for column in result.columns],
        "rowset": rows,
        "total": len(rows),
        "returned": len(rows),
        "queryResultFormat": "json",
        "statementTypeId": result.type_id,
    }
