"""The control interface, and the process as the supervisor sees it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.sandbox


def test_metered_use_is_in_history(server: Any) -> None:
    """Metered credits have a query of that user to blame, and suspend the warehouse as real ones would."""
    found = server.control(
        "meter", {"warehouse": "loading_wh", "credits": 21, "user": "analyst_kim", "query_text": "SELECT 'big'"}
    )
    (record,) = (
        server.connect("SVC_RUNBOOK")
        .ask(
            "SELECT USER_NAME, WAREHOUSE_NAME, TOTAL_ELAPSED_TIME FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY()) "
            "WHERE QUERY_ID = %s",
            (found["query_id"],),
        )
        .rows
    )
    assert record[:2] == ("ANALYST_KIM", "LOADING_WH")
    assert record[2] > 10_000_000
    assert found["monitors"][0]["used"] > found["monitors"][0]["quota"] == 50


@pytest.mark.parametrize("body", [{}, {"warehouse": "NONE", "credits": 1}, {"warehouse": "LOADING_WH", "credits": -1}])
def test_bad_requests(server: Any, body: dict[str, Any]) -> None:
    """A request that makes no sense is answered 400 with the reason."""
    assert server.control("meter", body, status=400)["error"]


def test_age_the_marts(server: Any) -> None:
    """The newest row of the revenue mart becomes that many days old; reset brings it back."""
    today = datetime.datetime.now(datetime.UTC).date()
    assert server.control("age_marts", {"days": 2})["newest"] == (today - datetime.timedelta(days=2)).isoformat()
    server.control("reset", {})
    newest = server.connect("SVC_RUNBOOK").ask("SELECT MAX(DATE) FROM ECOMMERCE_ANALYTICS.MARTS.FCT_DAILY_REVENUE")
    assert newest.one() == today


def test_sql_as_the_owner(server: Any) -> None:
    """Statements of the control interface meet no access control and leave no history."""
    script = "DELETE FROM ECOMMERCE_ANALYTICS.MARTS.FCT_ORDERS; ALTER WAREHOUSE LOADING_WH SUSPEND;"
    assert "090064" not in server.control("sql", {"sql": script.split(";", maxsplit=1)[0]})
    server.control("sql", {"sql": script}, status=400)
    client = server.connect("PLATFORM_ADMIN")
    assert client.ask("SELECT COUNT(*) FROM ECOMMERCE_ANALYTICS.MARTS.FCT_ORDERS").one() == 0
    history = "SELECT COUNT(*) FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY()) WHERE QUERY_TEXT LIKE 'DELETE%'"
    assert client.ask(history).one() == 0


def test_start_and_stop(start_another: Callable[[], Any]) -> None:
    """The process is healthy within seconds and ends with 0 on SIGTERM."""
    server = start_another()
    assert server.start() < 60  # 2.5 s on an idle machine
    assert server.stop() == 0
