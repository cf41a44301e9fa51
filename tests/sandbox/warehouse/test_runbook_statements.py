"""Every statement of the runbook, as it stands there, through both generations of the connector."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.sandbox

DUPLICATES = """
SELECT customer_id, COUNT(*) FROM ECOMMERCE_RAW.POSTGRES.RAW_CUSTOMERS GROUP BY 1 HAVING COUNT(*) > 1;
"""
RUNNING = """
SELECT QUERY_ID, WAREHOUSE_NAME, TOTAL_ELAPSED_TIME, QUERY_TEXT
FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY())
WHERE EXECUTION_STATUS = 'RUNNING' ORDER BY START_TIME;
"""
RUNNING_HERE = """
-- Current running queries
SELECT QUERY_ID, USER_NAME, WAREHOUSE_NAME,
       DATEDIFF('second', START_TIME, CURRENT_TIMESTAMP()) AS RUNNING_SECONDS,
       LEFT(QUERY_TEXT, 200)
FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY_BY_WAREHOUSE())
WHERE EXECUTION_STATUS = 'RUNNING';
"""
FAILURES = """
-- Recent failures (last 24h)
SELECT QUERY_ID, USER_NAME, ERROR_CODE, ERROR_MESSAGE, START_TIME
FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY
WHERE START_TIME >= DATEADD('hour', -24, CURRENT_TIMESTAMP())
  AND EXECUTION_STATUS = 'FAIL'
ORDER BY START_TIME DESC
LIMIT 20;
"""
WHO = "SELECT CURRENT_USER(), CURRENT_ROLE(), CURRENT_WAREHOUSE(), CURRENT_DATABASE();"


def test_compare_target_schema(any_connect: Callable[..., Any]) -> None:
    """Runbook 2: DESC TABLE tells name and type of each column, from any current database."""
    found = any_connect("SVC_RUNBOOK").ask("DESC TABLE ECOMMERCE_RAW.POSTGRES.RAW_ORDERS").records()
    assert [row["name"] for row in found][:3] == ["ORDER_ID", "CUSTOMER_ID", "STATUS"]
    assert {row["name"]: row["type"] for row in found}["TOTAL_AMOUNT"] == "NUMBER(12,2)"
    assert found[-1]["name"] == "_LOADED_AT"


def test_add_the_new_column(any_connect: Callable[..., Any]) -> None:
    """Runbook 2: ALTER TABLE … ADD COLUMN by the role that owns the raw tables."""
    loader = any_connect("SVC_LOADER", database="ECOMMERCE_RAW", schema="POSTGRES")
    added = loader.ask("ALTER TABLE RAW_ORDERS ADD COLUMN new_col VARCHAR;")
    assert added.columns == ["status"]
    assert loader.ask("DESC TABLE RAW_ORDERS").rows[-1][:2] == ("NEW_COL", "VARCHAR(16777216)")


def test_duplicate_customers(any_connect: Callable[..., Any]) -> None:
    """Runbook 3: the duplicates query has Snowflake's column names and finds nothing in healthy data."""
    found = any_connect("SVC_RUNBOOK").ask(DUPLICATES)
    assert (found.columns, found.rows) == (["CUSTOMER_ID", "COUNT(*)"], [])


def test_which_monitor(any_connect: Callable[..., Any]) -> None:
    """Runbook 5: SHOW RESOURCE MONITORS tells quota and used credits as text, and its period."""
    (monitor,) = any_connect("SVC_RUNBOOK").ask("SHOW RESOURCE MONITORS;").records()
    assert (monitor["name"], monitor["credit_quota"], monitor["level"]) == ("LOADING_MONITOR", "50.00", "WAREHOUSE")
    assert 25 < float(monitor["used_credits"]) < 37
    assert float(monitor["used_credits"]) + float(monitor["remaining_credits"]) == pytest.approx(50, abs=0.02)
    assert (monitor["notify_at"], monitor["suspend_at"], monitor["suspend_immediately_at"]) == (
        "75%,90%",
        "100%",
        "110%",
    )


def test_raise_the_quota(any_connect: Callable[..., Any]) -> None:
    """Runbook 5: ALTER RESOURCE MONITOR … SET CREDIT_QUOTA by the change role."""
    change = any_connect("SVC_RUNBOOK", role="RUNBOOK_CHANGE")
    done = change.ask("ALTER RESOURCE MONITOR LOADING_MONITOR SET CREDIT_QUOTA = 75;")
    assert done.rows == [("Statement executed successfully.",)]
    assert change.ask("SHOW RESOURCE MONITORS LIKE 'LOADING%'").records()[0]["credit_quota"] == "75.00"


def test_running_queries(any_connect: Callable[..., Any]) -> None:
    """Runbook 5: the query that asks for running queries is itself one of them."""
    found = any_connect("SVC_RUNBOOK").ask(RUNNING)
    assert found.columns == ["QUERY_ID", "WAREHOUSE_NAME", "TOTAL_ELAPSED_TIME", "QUERY_TEXT"]
    ((query_id, warehouse, elapsed, text),) = found.rows
    assert (len(query_id), warehouse, type(elapsed)) == (36, "REPORTING_WH", int)
    assert text == RUNNING.strip().rstrip(";")


def test_cancel_a_query_that_is_over(any_connect: Callable[..., Any]) -> None:
    """Runbook 5: SYSTEM$CANCEL_QUERY names its column after itself and says when there is nothing to cancel."""
    found = any_connect("SVC_RUNBOOK").ask("SELECT SYSTEM$CANCEL_QUERY('01b2-query');")
    assert found.columns == ["SYSTEM$CANCEL_QUERY('01B2-QUERY')"]
    assert found.one() == "Identified SQL statement is not currently executing."


def test_newest_day(any_connect: Callable[..., Any]) -> None:
    """Runbook 6: MAX(date) of the revenue mart is today, under Snowflake's column name."""
    found = any_connect("SVC_RUNBOOK").ask("SELECT MAX(date) FROM ECOMMERCE_ANALYTICS.MARTS.FCT_DAILY_REVENUE;")
    assert found.columns == ["MAX(DATE)"]
    assert str(found.one()) == datetime.datetime.now(datetime.UTC).date().isoformat()


def test_grants_of_the_transformer(any_connect: Callable[..., Any]) -> None:
    """Runbook 7: SHOW GRANTS TO ROLE lists privilege, kind and name."""
    found = any_connect("SVC_RUNBOOK").ask("SHOW GRANTS TO ROLE ECOMMERCE_TRANSFORMER;").records()
    held = {(row["privilege"], row["granted_on"], row["name"]) for row in found}
    assert ("CREATE TABLE", "SCHEMA", "ECOMMERCE_ANALYTICS.MARTS") in held
    assert ("OWNERSHIP", "TABLE", "ECOMMERCE_ANALYTICS.MARTS.FCT_ORDERS") in held
    assert {row["grantee_name"] for row in found} == {"ECOMMERCE_TRANSFORMER"}


def test_grant_on_future_tables(any_connect: Callable[..., Any]) -> None:
    """Runbook 7: the future grant, by an administrator, shows in SHOW FUTURE GRANTS."""
    admin = any_connect("PLATFORM_ADMIN")
    admin.ask("GRANT ALL ON FUTURE TABLES IN SCHEMA ECOMMERCE_ANALYTICS.MARTS TO ROLE ECOMMERCE_TRANSFORMER;")
    found = admin.ask("SHOW FUTURE GRANTS IN SCHEMA ECOMMERCE_ANALYTICS.MARTS").records()
    mine = {row["privilege"] for row in found if row["grantee_name"] == "ECOMMERCE_TRANSFORMER"}
    assert {"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES"} <= mine
    assert {row["name"] for row in found} >= {"ECOMMERCE_ANALYTICS.MARTS.<TABLE>"}


def test_running_on_this_warehouse(any_connect: Callable[..., Any]) -> None:
    """Diagnostics: running queries of the session's warehouse, their age in whole seconds."""
    found = any_connect("SVC_RUNBOOK").ask(RUNNING_HERE)
    assert found.columns[3:] == ["RUNNING_SECONDS", "LEFT(QUERY_TEXT, 200)"]
    assert [(row[1], row[2], row[3] < 5) for row in found.rows] == [("SVC_RUNBOOK", "REPORTING_WH", True)]


def test_recent_failures(any_connect: Callable[..., Any], refused: type[Exception]) -> None:
    """Diagnostics: a failed statement is in ACCOUNT_USAGE with code, message and time."""
    client = any_connect("SVC_RUNBOOK")
    with pytest.raises(refused):
        client.ask("SELECT * FROM ECOMMERCE_ANALYTICS.MARTS.NO_SUCH_TABLE")
    found = client.ask(FAILURES).records()
    assert found[0]["ERROR_CODE"] == "002003"
    assert "NO_SUCH_TABLE" in found[0]["ERROR_MESSAGE"]
    assert str(found[0]["START_TIME"]).startswith(str(datetime.datetime.now(datetime.UTC).year))


def test_warehouse_status(any_connect: Callable[..., Any]) -> None:
    """Diagnostics: SHOW WAREHOUSES LIKE tells state, size and monitor of each."""
    found = any_connect("SVC_RUNBOOK").ask("SHOW WAREHOUSES LIKE '%_WH';").records()
    assert [row["name"] for row in found] == ["LOADING_WH", "REPORTING_WH", "TRANSFORM_WH"]
    assert [row["resource_monitor"] for row in found] == ["LOADING_MONITOR", "null", "null"]
    assert {row["state"] for row in found} <= {"STARTED", "SUSPENDED"}
    assert (found[0]["auto_suspend"], found[0]["size"], found[0]["running"]) == (60, "X-Small", 0)


def test_who_am_i(any_connect: Callable[..., Any]) -> None:
    """Diagnostics: the session functions tell the session, under their own names."""
    found = any_connect("SVC_RUNBOOK").ask(WHO)
    assert found.columns == ["CURRENT_USER()", "CURRENT_ROLE()", "CURRENT_WAREHOUSE()", "CURRENT_DATABASE()"]
    assert found.rows == [("SVC_RUNBOOK", "RUNBOOK_READ", "REPORTING_WH", "ECOMMERCE_ANALYTICS")]
