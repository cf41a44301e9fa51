"""The DAG's first step: what changed in the source on one day -> one CSV file a table, with a header.

Errors are psycopg2's own: the alert shall say what PostgreSQL said.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor  # noqa: N812 - the driver names its class in lower case

CONNECT_TIMEOUT_SECONDS = 5
STATEMENT_TIMEOUT_SECONDS = 6


def extract_tables(url: str, tables: Sequence[str], day: datetime.date, folder: Path) -> dict[str, int]:
    """Write `<folder>/<table>.csv` with every column of the rows updated on `day` (UTC); returns rows by table.

    The tables are read in one read-only snapshot. Raises psycopg2.OperationalError when there is no
    connection and psycopg2.errors.QueryCanceled when a table takes longer than the statement timeout.
    """
    import psycopg2

    folder.mkdir(parents=True, exist_ok=True)
    connection = psycopg2.connect(
        url,
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        application_name="airflow ecommerce_daily",
        options=f"-c statement_timeout={STATEMENT_TIMEOUT_SECONDS}s -c timezone=UTC",
    )
    try:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with connection.cursor() as cursor:
            return {table: _extract(cursor, table, day, folder / f"{table}.csv") for table in tables}
    finally:
        connection.close()


def _extract(cursor: Cursor, table: str, day: datetime.date, path: Path) -> int:
    from psycopg2 import sql

    copy = sql.SQL(
        "COPY (SELECT * FROM {table} WHERE updated_at >= {start} AND updated_at < {end}) TO STDOUT (FORMAT csv, HEADER)"
    ).format(
        table=sql.Identifier(table),
        start=sql.Literal(day.isoformat()),
        end=sql.Literal((day + datetime.timedelta(days=1)).isoformat()),
    )
    with path.open("w", encoding="utf-8") as file:
        cursor.copy_expert(copy, file)
    return cursor.rowcount
