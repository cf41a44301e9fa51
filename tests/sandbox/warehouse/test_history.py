"""Query history: ordinary SQL over what really ran, and only over what the role may see."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.sandbox


def test_joins_and_aggregates(server: Any) -> None:
    """History joins with metering and groups like any table: who burned the credits."""
    server.control("meter", {"warehouse": "LOADING_WH", "credits": 9, "user": "ANALYST_KIM", "query_text": "SELECT 42"})
    found = server.connect("SVC_RUNBOOK").ask(
        "SELECT q.USER_NAME, COUNT(DISTINCT q.QUERY_ID) AS N, MAX(q.TOTAL_ELAPSED_TIME) AS LONGEST "
        "FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY q "
        "JOIN SNOWFLAKE.ACCOUNT_USAGE.WAREHOUSE_METERING_HISTORY m ON m.WAREHOUSE_NAME = q.WAREHOUSE_NAME "
        "WHERE q.WAREHOUSE_NAME = 'LOADING_WH' GROUP BY q.USER_NAME ORDER BY LONGEST DESC"
    )
    assert found.rows[0][0] == "ANALYST_KIM"
    assert found.rows[0][2] > 2 * 3600 * 1000
    assert {row[0] for row in found.rows} == {"ANALYST_KIM", "SVC_LOADER"}


def test_metering_by_hour(server: Any) -> None:
    """WAREHOUSE_METERING_HISTORY has a row an hour, and their sum is what the monitor counts."""
    client = server.connect("SVC_RUNBOOK")
    (monitor,) = client.ask("SHOW RESOURCE MONITORS").records()
    (total,) = client.ask(
        "SELECT SUM(CREDITS_USED), MIN(DATEDIFF('minute', START_TIME, END_TIME)), COUNT(*) "
        "FROM SNOWFLAKE.ACCOUNT_USAGE.WAREHOUSE_METERING_HISTORY "
        "WHERE WAREHOUSE_NAME = 'LOADING_WH' AND START_TIME >= %s",
        (monitor["start_time"],),
    ).rows
    assert float(total[0]) == pytest.approx(float(monitor["used_credits"]), abs=0.02)
    assert total[1] == 60
    assert total[2] > 20


def test_failed_statement_in_both_sources(server: Any, refused: Any) -> None:
    """The function says FAILED_WITH_ERROR where ACCOUNT_USAGE says FAIL (documented values)."""
    client = server.connect("SVC_RUNBOOK")
    with pytest.raises(refused):
        client.ask("SELECT NOPE")
    function = "SELECT EXECUTION_STATUS FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY()) WHERE QUERY_TEXT = 'SELECT NOPE'"
    view = "SELECT EXECUTION_STATUS FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY WHERE QUERY_TEXT = 'SELECT NOPE'"
    assert client.ask(function).rows[0] == ("FAILED_WITH_ERROR",)
    assert client.ask(view).rows[0] == ("FAIL",)


def test_only_what_the_role_may_see(server: Any) -> None:
    """Without MONITOR or OPERATE on a warehouse, one sees one's own queries only."""
    server.connect("SVC_RUNBOOK").ask("SELECT COUNT(*) FROM ECOMMERCE_ANALYTICS.MARTS.FCT_ORDERS")
    found = server.connect("ANALYST_KIM").ask(
        "SELECT DISTINCT USER_NAME FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY())"
    )
    assert found.rows == [("ANALYST_KIM",)]


def test_arguments(server: Any, refused: Any) -> None:
    """RESULT_LIMIT, a time range, and the BY_ functions' arguments narrow the rows."""
    client = server.connect("SVC_RUNBOOK")
    table = "SELECT COUNT(*) FROM TABLE(INFORMATION_SCHEMA."
    assert client.ask(f"{table}QUERY_HISTORY(RESULT_LIMIT => 3))").one() == 3
    recent = "END_TIME_RANGE_START => DATEADD('day', -2, CURRENT_TIMESTAMP())"
    assert client.ask(f"{table}QUERY_HISTORY_BY_USER(USER_NAME => 'SVC_LOADER', {recent}))").one() >= 4
    assert client.ask(f"{table}QUERY_HISTORY_BY_WAREHOUSE(WAREHOUSE_NAME => 'NONE_WH'))").one() == 0
    with pytest.raises(refused, match="RESULT_LIMIT"):
        client.ask(f"{table}QUERY_HISTORY(RESULT_LIMIT => 20000))")


def test_columns_of_a_record(server: Any) -> None:
    """A finished statement's record tells its rows, its size of warehouse, its type and its times."""
    client = server.connect("SVC_RUNBOOK")
    client.ask("SELECT * FROM ECOMMERCE_ANALYTICS.MARTS.FCT_DAILY_REVENUE")
    (found,) = client.ask(
        "SELECT * FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY_BY_SESSION()) WHERE ROWS_PRODUCED = 30"
    ).records()
    assert (found["QUERY_TYPE"], found["WAREHOUSE_SIZE"], found["EXECUTION_STATUS"]) == ("SELECT", "X-Small", "SUCCESS")
    assert found["END_TIME"] >= found["START_TIME"]
    assert (found["DATABASE_NAME"], found["ROLE_NAME"]) == ("ECOMMERCE_ANALYTICS", "RUNBOOK_READ")
