"""A stand-in for the integrations' catalogue: the same names, arguments and fields, with facts that tests can predict."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.playbooks.catalogue import Catalogue, ProbeShape, RemedyShape, build_catalogue

MORNING = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Nothing:
    pass


@dataclass(frozen=True, slots=True)
class OneWarehouse:
    warehouse: str


@dataclass(frozen=True, slots=True)
class AnyWarehouse:
    warehouse: str = ""
    days: int = 7


@dataclass(frozen=True, slots=True)
class Monitor:
    name: str
    quota: float | None
    used: float
    percent: float
    resets_at: datetime | None
    is_exhausted: bool


@dataclass(frozen=True, slots=True)
class WarehouseState:
    name: str
    state: str
    size: str
    queued: int
    is_suspended: bool


@dataclass(frozen=True, slots=True)
class Query:
    query_id: str
    user: str
    running_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Queries:
    count: int
    queries: tuple[Query, ...] = ()
    longest: Query | None = None


@dataclass(frozen=True, slots=True)
class TaskArguments:
    dag_id: str
    task_id: str
    try_number: int = 0


@dataclass(frozen=True, slots=True)
class TaskLog:
    exception: str
    backend_start: datetime | None = None


@dataclass(frozen=True, slots=True)
class CancelQuery:
    query_id: str


@dataclass(frozen=True, slots=True)
class SetQuota:
    monitor: str
    quota: float
    resume_warehouse: str = ""


def probe(name: str, arguments: type[Any], typical: Any, empty: Any) -> ProbeShape:
    """A probe's shape."""
    return ProbeShape(name, f"Reads {name}.", arguments, type(typical), typical, empty)


LONGEST = Query("01b2c3d4-0000-1111-0000-000000000042", "ANALYST_KIM", 5400.0, "SELECT * FROM a, b")


def standin_catalogue() -> Catalogue:
    """Four probes of two systems and two remedies."""
    return build_catalogue(
        [
            probe(
                "snowflake.resource_monitors",
                AnyWarehouse,
                Monitor("LOADING_MONITOR", 50.0, 50.4, 100.8, MORNING, is_exhausted=True),
                Monitor("", None, 0.0, 0.0, None, is_exhausted=False),
            ),
            probe(
                "snowflake.warehouse",
                OneWarehouse,
                WarehouseState("LOADING_WH", "SUSPENDED", "X-Small", 3, is_suspended=True),
                WarehouseState("LOADING_WH", "STARTED", "X-Small", 0, is_suspended=False),
            ),
            probe("snowflake.running_queries", AnyWarehouse, Queries(1, (LONGEST,), LONGEST), Queries(0)),
            probe("airflow.task_log", TaskArguments, TaskLog("QueryCanceled", MORNING), TaskLog("")),
        ],
        [
            RemedyShape("snowflake.cancel_query", "Cancels a query.", CancelQuery),
            RemedyShape("snowflake.set_credit_quota", "Sets a monitor's quota.", SetQuota),
        ],
    )
