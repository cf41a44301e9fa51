"""Break `source-column-added`: the shop's new release adds a column to orders, so COPY refuses the day's file."""

from __future__ import annotations

from bot.sandbox.breaks.airflow_rest import UNFINISHED
from bot.sandbox.breaks.incident import Break
from bot.sandbox.breaks.launch import launch_run
from bot.sandbox.breaks.running import Running

NAME = "source-column-added"
COLUMN = "gift_message"
RAW = "ECOMMERCE_RAW.POSTGRES.RAW_ORDERS"
# The release waits for no extract: what it cannot lock within five seconds it tries again with the next call.
PATIENCE = "SET lock_timeout = '5s'"
RELEASE = f"ALTER TABLE orders ADD COLUMN IF NOT EXISTS {COLUMN} text"
ORDERS = f"""
    UPDATE orders SET {COLUMN} = 'Happy birthday!', updated_at = now()
    WHERE order_id IN (SELECT order_id FROM orders WHERE {COLUMN} IS NULL ORDER BY created_at DESC LIMIT 25)
"""  # noqa: S608 - our own names
ROLLBACK = f"ALTER TABLE orders DROP COLUMN IF EXISTS {COLUMN}"
FORGET = f"ALTER TABLE {RAW} DROP COLUMN IF EXISTS {COLUMN.upper()}"


def cause(running: Running) -> None:
    """Release the column, let customers use it, then run the DAG: the extract writes one column more than RAW has."""
    running.steer_warehouse("sql", {"sql": FORGET})
    with running.source("app") as session, session.cursor() as cursor:
        cursor.execute(PATIENCE)
        cursor.execute(RELEASE)
        cursor.execute(ORDERS)
        running.tell(f"orders has a new column {COLUMN} (text), {cursor.rowcount} orders of today use it")
    launch_run(running, NAME, "its load_snowflake will find a file that does not fit RAW_ORDERS")


def mend(running: Running) -> None:
    """Take the column back on both sides, end the run that carries it in its files, and run the DAG anew."""
    with running.airflow() as airflow:
        for run in airflow.runs(state=list(UNFINISHED)):
            if run["dag_run_id"].startswith(f"break-{NAME}-"):
                airflow.remove_run(run)
                running.tell(f"removed run {run['dag_run_id']}")
    with running.source("app") as session, session.cursor() as cursor:
        cursor.execute(PATIENCE)
        cursor.execute(ROLLBACK)
    running.steer_warehouse("sql", {"sql": FORGET})
    running.tell(f"neither orders nor {RAW} has {COLUMN} any more")
    launch_run(running, f"mended-{NAME}", "its files fit again")


BREAK = Break(
    name=NAME,
    title="the shop added a column to orders: COPY INTO RAW_ORDERS refuses the file",
    needs=("source", "warehouse", "airflow"),
    cause=cause,
    mend=mend,
)
