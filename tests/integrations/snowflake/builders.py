"""Rows as Snowflake's connector gives them, and an account of prepared answers."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tests.integrations.sql_double import Answer, SqlDouble

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
ID = "01b8f2a4-0000-4c1d-0000-0002a5e70b12"
OURS = '{"app":"runbook-bot","incident":"INC-7"}'


def snowflake(answers: Mapping[str, Answer]) -> Any:
    """An account with these answers."""
    return SqlDouble("snowflake", answers)


def query(**more: Any) -> dict[str, Any]:
    """A row of the query history: a SELECT of ANALYST_KIM that ran for a second."""
    return {
        "query_id": ID,
        "user_name": "ANALYST_KIM",
        "role_name": "ANALYST",
        "warehouse_name": "LOADING_WH",
        "warehouse_size": "X-Small",
        "query_tag": "",
        "execution_status": "SUCCESS",
        "start_time": AT,
        "query_text": "SELECT 1",
        "elapsed_ms": 1000,
        "all_ms": 4000,
        "error_code": None,
        "error_message": None,
        "compilation_time": 0,
        "execution_time": 1000,
        "queued_provisioning_time": 0,
        "queued_repair_time": 0,
        "queued_overload_time": 0,
        "transaction_blocked_time": 0,
        "bytes_scanned": 10,
        "rows_produced": 1,
        "query_parameterized_hash": "h",
        **more,
    }


def column(table: str = "T", name: str = "C", **more: Any) -> dict[str, Any]:
    """A row of a catalogue's columns."""
    kind = {"data_type": "TEXT", "is_nullable": "YES", "numeric_precision": None, "numeric_scale": None}
    names = {"table_schema": "S", "table_name": table, "column_name": name}
    return {**names, **kind, "character_maximum_length": None, **more}


def warehouse(name: str = "LOADING_WH", state: str = "STARTED", **more: Any) -> dict[str, Any]:
    """A row of SHOW WAREHOUSES."""
    texts = {"size": "X-Small", "auto_suspend": "60", "auto_resume": "true", "resource_monitor": "null"}
    return {"name": name, "state": state, "running": 0, "queued": 0, **texts, **more}


def monitor(name: str = "LOADING_MONITOR", quota: str = "50", used: str = "10", **more: Any) -> dict[str, Any]:
    """A row of SHOW RESOURCE MONITORS."""
    texts = {"remaining_credits": "40", "level": "WAREHOUSE", "frequency": "MONTHLY", "suspend_at": "100%"}
    return {"name": name, "credit_quota": quota, "used_credits": used, "start_time": AT, **texts, **more}
