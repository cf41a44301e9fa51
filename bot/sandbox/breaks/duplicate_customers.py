"""Break `duplicate-customers`: a dozen customers stand twice in RAW, and stg_customers does not tell them apart."""

from __future__ import annotations

from bot.sandbox.breaks.incident import Break
from bot.sandbox.breaks.launch import end_runs, launch_run
from bot.sandbox.breaks.running import Running

NAME = "duplicate-customers"
ADMIN, WAREHOUSE = "PLATFORM_ADMIN", "REPORTING_WH"
RAW = "ECOMMERCE_RAW.POSTGRES.RAW_CUSTOMERS"
# Customers of long ago: the load replaces the rows of its own day, and with them their copies.
COPIED = "CUSTOMER_ID BETWEEN 1001 AND 1030 AND UPDATED_AT < DATEADD('day', -2, CURRENT_DATE())"
REPEATED = f"SELECT COUNT(*) - COUNT(DISTINCT CUSTOMER_ID) FROM {RAW} WHERE {COPIED}"  # noqa: S608 - our own names
COPY = f"INSERT INTO {RAW} SELECT * FROM {RAW} WHERE {COPIED} ORDER BY CUSTOMER_ID LIMIT 12"  # noqa: S608 - our own names
ONCE = "ECOMMERCE_RAW.POSTGRES.CUSTOMERS_ONCE"
TELL_APART = (
    f"CREATE OR REPLACE TRANSIENT TABLE {ONCE} AS SELECT DISTINCT * FROM {RAW} WHERE {COPIED}",  # noqa: S608 - our own names
    "BEGIN",
    f"DELETE FROM {RAW} WHERE {COPIED}",  # noqa: S608 - our own names
    f"INSERT INTO {RAW} SELECT * FROM {ONCE}",  # noqa: S608 - our own names
    "COMMIT",
    f"DROP TABLE {ONCE}",
)


def cause(running: Running) -> None:
    """Load a dozen customers a second time, then run the DAG: dbt's unique test finds them."""
    with running.warehouse(ADMIN, WAREHOUSE) as session, session.cursor() as cursor:
        if not count_repeated(cursor):
            cursor.execute(COPY)
        running.tell(f"{count_repeated(cursor)} customers stand twice in {RAW}")
    launch_run(running, NAME, "its dbt_test will find that customer_id is not unique in stg_customers")


def mend(running: Running) -> None:
    """End the run that meets them, and leave one row of each."""
    end_runs(running, NAME)
    with running.warehouse(ADMIN, WAREHOUSE) as session, session.cursor() as cursor:
        if count_repeated(cursor):
            for statement in TELL_APART:
                cursor.execute(statement)
        running.tell(f"{count_repeated(cursor)} customers stand twice in {RAW}")


def count_repeated(cursor: object) -> int:
    """How many of those customers stand more than once."""
    cursor.execute(REPEATED)  # type: ignore[attr-defined] # the connector's cursor
    return int(cursor.fetchall()[0][0])  # type: ignore[attr-defined] # as above


BREAK = Break(
    name=NAME,
    title="customers stand twice in RAW_CUSTOMERS: dbt's unique test of stg_customers fails",
    needs=("warehouse", "airflow"),
    cause=cause,
    mend=mend,
)
