"""A month of credits and a week of queries, as the jobs of the platform would have left them."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.warehouse.account import Account
from bot.sandbox.warehouse.history import Record

_DAYS_OF_CREDITS, _DAYS_OF_QUERIES = 30, 7
_ROWS = {"RAW_ORDERS": 1015, "RAW_CUSTOMERS": 14, "RAW_ORDER_ITEMS": 2030, "RAW_PAYMENTS": 940}


@dataclass(frozen=True, slots=True)
class Habit:
    """Something the platform does every day: at which hour, on which warehouse, for how many credits."""

    user: str
    role: str
    warehouse: str
    size: str
    hour: int
    credits: float
    tag: str
    statements: tuple[tuple[str, str, int, int], ...]  # type, text, milliseconds, rows


_HABITS = (
    Habit(
        "SVC_LOADER",
        "ECOMMERCE_LOADER",
        "LOADING_WH",
        "X-Small",
        5,
        1.22,
        "airflow ecommerce_daily.load_snowflake",
        tuple(
            (
                "COPY",
                f"COPY INTO ECOMMERCE_RAW.POSTGRES.{table} FROM @ECOMMERCE_RAW.POSTGRES.LANDING/"
                f"{table.lower()}.csv FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1)",
                2100 + 400 * position,
                rows,
            )
            for position, (table, rows) in enumerate(_ROWS.items())
        ),
    ),
    Habit(
        "SVC_ECOMMERCE_DBT",
        "ECOMMERCE_TRANSFORMER",
        "TRANSFORM_WH",
        "Small",
        5,
        0.61,
        "dbt ecommerce",
        tuple(
            (
                "CREATE_TABLE_AS_SELECT",
                "create or replace transient table ECOMMERCE_ANALYTICS.MARTS." + model + " as (select …)",
                3300,
                1,
            )
            for model in ("fct_orders", "fct_daily_revenue", "dim_customers")
        ),
    ),
    Habit(
        "ANALYST_KIM",
        "ANALYST",
        "LOADING_WH",
        "X-Small",
        10,
        0.26,
        "",
        (("SELECT", "SELECT country, SUM(revenue) FROM ECOMMERCE_ANALYTICS.MARTS.DIM_CUSTOMERS GROUP BY 1", 1850, 5),),
    ),
    Habit(
        "ANALYST_KIM",
        "ANALYST",
        "REPORTING_WH",
        "X-Small",
        9,
        0.44,
        "streamlit revenue",
        (("SELECT", "SELECT * FROM ECOMMERCE_ANALYTICS.MARTS.FCT_DAILY_REVENUE ORDER BY DATE", 620, 30),),
    ),
)


def record_past(account: Account, now: datetime) -> None:
    """Charge the month's credits and write the week's history, ending before `now`."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    records: list[Record] = []
    charges: dict[tuple[str, datetime], tuple[float, float]] = {}
    for age in range(_DAYS_OF_CREDITS):
        for habit in _HABITS:
            moment = midnight - timedelta(days=age) + timedelta(hours=habit.hour, minutes=4)
            if moment > now - timedelta(minutes=10):
                continue
            # Weekends are quieter for people, and loads grow a little over the month.
            weight = (0.4 if habit.user == "ANALYST_KIM" and moment.weekday() >= 5 else 1.0) * (1.06 - age / 250)
            charges[habit.warehouse, moment.replace(minute=0)] = habit.credits * weight, 0.01
            if age < _DAYS_OF_QUERIES:
                records += _records(habit, moment)
    account.compute.meter.add_hours(charges)
    account.history.add(sorted(records, key=lambda record: record.start))


def _records(habit: Habit, moment: datetime) -> list[Record]:
    found = []
    for query_type, text, milliseconds, rows in habit.statements:
        end = moment + timedelta(milliseconds=milliseconds)
        found.append(
            Record(
                query_id=str(uuid.uuid4()),
                text=text,
                user=habit.user,
                role=habit.role,
                session_id=900_000 + moment.day,
                database="ECOMMERCE_RAW" if habit.user == "SVC_LOADER" else "ECOMMERCE_ANALYTICS",
                schema="PUBLIC",
                warehouse=habit.warehouse,
                size=habit.size,
                query_type=query_type,
                tag=habit.tag,
                status="SUCCESS",
                start=moment,
                end=end,
                rows=rows,
                bytes_scanned=rows * 512,
            )
        )
        moment = end
    return found
