"""The shop's day into the warehouse, once a day: two extracts side by side, load, dbt run, dbt test.

Every task does its work on the sandbox's other parts. A rerun replaces the day's rows.
"""

from __future__ import annotations

import datetime
import os
import re
from pathlib import Path
from typing import Any

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, Variable

from bot.sandbox.airflow.artifacts import keep_artifacts
from bot.sandbox.airflow.callbacks import post_failure, post_retry
from bot.sandbox.airflow.extract import extract_tables
from bot.sandbox.airflow.load import connect_loader, load_tables
from bot.sandbox.airflow.stripe_charges import Account, Pace, extract_charges
from bot.sandbox.airflow.transform import require_success, run_dbt

SHOP = ("orders", "customers", "order_items")
TARGETS = {
    "orders": "ECOMMERCE_RAW.POSTGRES.RAW_ORDERS",
    "customers": "ECOMMERCE_RAW.POSTGRES.RAW_CUSTOMERS",
    "order_items": "ECOMMERCE_RAW.POSTGRES.RAW_ORDER_ITEMS",
    "payments": "ECOMMERCE_RAW.POSTGRES.RAW_PAYMENTS",
}
"""Table of the source -> raw table."""


def find_day(dag_run: Any) -> datetime.date:
    """The day (UTC) a run is about: the scheduled one, or for a manual run the one it was asked for on."""
    day: datetime.date = (dag_run.logical_date or dag_run.run_after).astimezone(datetime.UTC).date()
    return day


def find_folder(dag_run: Any) -> Path:
    """Where this run's files lie; a run id holds colons and plus signs, which a stage's file names do not like."""
    name = re.sub(r"[^\w.-]", "_", dag_run.run_id)
    return Path(os.environ["SANDBOX_FOLDER"]) / "extracts" / name


def extract_shop(dag_run: Any) -> dict[str, int]:
    """Orders, customers and items that changed that day, from the shop's database."""
    url = os.environ["SANDBOX_SOURCE_URL"]
    return extract_tables(url, SHOP, find_day(dag_run), find_folder(dag_run))


def extract_payments(dag_run: Any) -> dict[str, int]:
    """The payments that changed that day, from Stripe."""
    stripe = Account(os.environ["SANDBOX_STRIPE_KEY"], os.environ["SANDBOX_STRIPE_URL"])
    pace = Pace(int(Variable.get("stripe_batch_size")), float(Variable.get("stripe_requests_per_second")))
    return {"payments": extract_charges(stripe, pace, find_day(dag_run), find_folder(dag_run) / "payments.csv")}


def load(dag_run: Any) -> dict[str, int]:
    """The day's files into the raw tables."""
    files = {target: find_folder(dag_run) / f"{table}.csv" for table, target in TARGETS.items()}
    connection = connect_loader(os.environ)
    try:
        return load_tables(connection, files, find_day(dag_run), datetime.datetime.now(datetime.UTC))
    finally:
        connection.close()


def transform(command: str) -> None:
    """`dbt run` or `dbt test`; what failed is the exception's text."""
    run = run_dbt([command], os.environ, target="daily")
    keep_artifacts(run, Path(os.environ["SANDBOX_FOLDER"]))
    require_success(run)


with DAG(
    "ecommerce_daily",
    description="The shop's day into the warehouse",
    schedule="@daily",
    start_date=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    catchup=False,
    max_active_runs=1,
    default_args={
        "retries": 2,
        "retry_delay": datetime.timedelta(seconds=float(os.environ.get("SANDBOX_RETRY_DELAY", "20"))),
        "execution_timeout": datetime.timedelta(minutes=5),
        "on_failure_callback": post_failure,
        "on_retry_callback": post_retry,
    },
    tags=["ecommerce"],
):
    orders = PythonOperator(task_id="extract_postgres_orders", python_callable=extract_shop)
    payments = PythonOperator(task_id="extract_stripe_payments", python_callable=extract_payments)
    loading = PythonOperator(task_id="load_snowflake", python_callable=load)
    dbt_run = PythonOperator(task_id="dbt_run", python_callable=transform, op_args=["run"])
    dbt_test = PythonOperator(task_id="dbt_test", python_callable=transform, op_args=["test"])
    [orders, payments] >> loading >> dbt_run >> dbt_test
