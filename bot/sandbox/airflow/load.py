"""The DAG's second step: the day's CSV files -> the warehouse's raw tables.

Columns are matched by name. A column the raw table lacks is put last and sent all the same, so that COPY
refuses the file ("Number of columns in file …") instead of losing data; one the file lacks becomes NULL.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection
    from snowflake.connector.cursor import SnowflakeCursor

LOADED_AT = "_LOADED_AT"
STAGE = "ECOMMERCE_RAW.POSTGRES.LANDING"
# FORCE: the day's earlier rows have just been deleted, so "this file was loaded before" is no reason to skip it.
COPY_OPTIONS = "FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1 FIELD_OPTIONALLY_ENCLOSED_BY = '\"') FORCE = TRUE"


def connect_loader(environ: Mapping[str, str]) -> SnowflakeConnection:
    """A session of SVC_LOADER on LOADING_WH; raises the connector's own errors."""
    import snowflake.connector

    return snowflake.connector.connect(
        host="127.0.0.1",
        port=int(environ["SANDBOX_WAREHOUSE_PORT"]),
        protocol="http",
        account="sandbox",
        user="SVC_LOADER",
        private_key_file=str(Path(environ["SANDBOX_KEYS"]) / "SVC_LOADER.pem"),
        authenticator="SNOWFLAKE_JWT",
        role="ECOMMERCE_LOADER",
        warehouse="LOADING_WH",
        database="ECOMMERCE_RAW",
        schema="POSTGRES",
        login_timeout=10,
        network_timeout=60,
        session_parameters={"QUERY_TAG": "airflow ecommerce_daily.load_snowflake"},
    )


def load_tables(
    connection: SnowflakeConnection, files: Mapping[str, Path], day: datetime.date, loaded_at: datetime.datetime
) -> dict[str, int]:
    """Replace the rows updated on `day` in each raw table by its file's; returns rows by table.

    One transaction a table: a file that COPY refuses leaves the table as it was.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE STAGE IF NOT EXISTS {STAGE}")
        return {table: _replace_day(cursor, table, files[table], day, loaded_at) for table in files}


def _replace_day(
    cursor: SnowflakeCursor, table: str, file: Path, day: datetime.date, loaded_at: datetime.datetime
) -> int:
    columns = _read_columns(cursor, table)
    landing = file.with_suffix(".load.csv")
    rows = arrange_file(file, landing, columns, loaded_at)
    cursor.execute(f"PUT 'file://{landing}' @{STAGE} AUTO_COMPRESS=FALSE OVERWRITE=TRUE")
    cursor.execute("BEGIN")
    try:
        cursor.execute(f"DELETE FROM {table} WHERE TO_DATE(UPDATED_AT) = '{day}'")  # noqa: S608 - our own names
        if rows:
            cursor.execute(f"COPY INTO {table} FROM @{STAGE}/{landing.name} {COPY_OPTIONS}")
    except BaseException:
        cursor.execute("ROLLBACK")
        raise
    cursor.execute("COMMIT")
    return rows


def _read_columns(cursor: SnowflakeCursor, table: str) -> list[str]:
    cursor.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608 - the DAG's own names
    return [column.name for column in cursor.description or ()]


def arrange_file(source: Path, target: Path, columns: Sequence[str], loaded_at: datetime.datetime) -> int:
    """Rewrite a CSV file in the table's column order with `_LOADED_AT` set; returns the number of rows.

    Columns that the table lacks come last, in the file's order.
    """
    with source.open(encoding="utf-8", newline="") as lines, target.open("w", encoding="utf-8", newline="") as out:
        reader = csv.DictReader(lines)
        names = [name.upper() for name in reader.fieldnames or ()]
        order = [*columns, *(name for name in names if name not in columns)]
        writer = csv.writer(out)
        writer.writerow(order)
        count = 0
        for row in reader:
            values = dict(zip(names, row.values(), strict=True)) | {LOADED_AT: loaded_at.isoformat()}
            writer.writerow([values.get(name, "") for name in order])
            count += 1
        return count
