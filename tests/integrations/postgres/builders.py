"""Rows as psycopg2 gives them, for the tests of this folder."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from tests.integrations.sql_double import Answer, SqlDouble

BEGAN = datetime(2026, 11, 23, 4, 57, 11, 204816, tzinfo=UTC)
IN_CAIRO = BEGAN.astimezone(timezone(timedelta(hours=2)))


def postgres(answers: Mapping[str, Answer]) -> Any:
    """A database with these answers."""
    return SqlDouble("postgres", answers)


def session(pid: int = 4711, **more: Any) -> dict[str, Any]:
    """A row of pg_stat_activity as the probes select it: idle in a transaction for five minutes."""
    return {
        "pid": pid,
        "backend_start": IN_CAIRO,
        "xact_start": None,
        "usename": "shop_app",
        "application_name": "checkout",
        "state": "idle in transaction",
        "query": "UPDATE orders\n SET x = 1",
        "backend_type": "client backend",
        "transaction_age_s": 312.44,
        "is_superuser": False,
        "is_ours": False,
        "relations": None,
        "mode": None,
        **more,
    }


def waiting(pid: int, *blocked_by: int, **more: Any) -> dict[str, Any]:
    """A row of a session that waits for a lock on orders."""
    return {
        "pid": pid,
        "usename": "airflow_extract",
        "application_name": "extract",
        "query": "SELECT 1",
        "waiting_s": 9.0,
        "relation": "orders",
        "mode": "AccessShareLock",
        "blocked_by": list(blocked_by),
        **more,
    }


def unseen(pid: int = 4711) -> dict[str, Any]:
    """The same of somebody else's, as a role without pg_read_all_stats sees it: whose it is, and NULL for the rest."""
    hidden = ("backend_start", "xact_start", "state", "transaction_age_s", "backend_type")
    return session(pid, **dict.fromkeys(hidden), query="<insufficient privilege>")
