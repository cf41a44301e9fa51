"""Break `warehouse-quota`: an analyst's runaway query has used up the loading warehouse's credits."""

from __future__ import annotations

from typing import Any

from bot.sandbox.breaks.incident import Break
from bot.sandbox.breaks.launch import launch_run
from bot.sandbox.breaks.running import Running
from bot.sandbox.errors import SandboxError

ANALYST, ADMIN = "ANALYST_KIM", "PLATFORM_ADMIN"
WAREHOUSE, MONITOR = "LOADING_WH", "LOADING_MONITOR"
# SYSTEM$WAIT occupies the warehouse as a query does, but not this machine's two cores.
RUNAWAY = "/* all pairs of orders, for the similarity report */ CALL SYSTEM$WAIT(90, 'MINUTES')"
PAST = "SELECT a.order_id, b.order_id FROM raw_orders a CROSS JOIN raw_orders b /* similarity report */"
BEYOND = 1.03
"""Share of the quota used afterwards: beyond 100 % (no new query), below 110 % (running ones go on)."""


def cause(running: Running) -> None:
    """Leave the analyst's query running, meter the credits it burned, then run the DAG into the wall."""
    monitor = find_monitor(running)
    if not find_runaways(running) and monitor["used"] < monitor["quota"]:
        start_runaway(running)
    if monitor["used"] < monitor["quota"]:
        missing = monitor["quota"] * BEYOND - monitor["used"]
        body = {"warehouse": WAREHOUSE, "credits": missing, "user": ANALYST, "query_text": PAST, "hours": 3}
        running.steer_warehouse("meter", body)
    monitor = find_monitor(running)
    running.tell(f"{MONITOR} has used {monitor['used']:.1f} of {monitor['quota']:.0f} credits, most by {ANALYST}")
    launch_run(running, "warehouse-quota", "its load will find LOADING_WH suspended")


def mend(running: Running) -> None:
    """Cancel the analyst's queries and give the monitor room again."""
    monitor, runaways = find_monitor(running), find_runaways(running)
    with running.warehouse(ADMIN, "REPORTING_WH") as session, session.cursor() as cursor:
        for query_id in runaways:
            cursor.execute("SELECT SYSTEM$CANCEL_QUERY(%s)", [query_id])
        if monitor["used"] >= monitor["quota"]:
            quota = round(monitor["used"] * 1.5)
            cursor.execute(f"ALTER RESOURCE MONITOR {MONITOR} SET CREDIT_QUOTA = {quota}")
            running.tell(f"{MONITOR}: quota {monitor['quota']:.0f} → {quota}")
        cursor.execute(f"ALTER WAREHOUSE {WAREHOUSE} RESUME IF SUSPENDED")
    running.tell(f"cancelled {len(runaways)} query(s) of {ANALYST}; {WAREHOUSE} runs again")


def start_runaway(running: Running) -> None:
    """Submit the query and leave: the session lives on at the server, as a closed laptop's does."""
    left_open = running.warehouse(ANALYST, WAREHOUSE, leave_running=True)
    with left_open as session, session.cursor() as cursor:
        cursor.execute_async(RUNAWAY)
        running.tell(f"query {cursor.sfqid} of {ANALYST} runs on {WAREHOUSE}")


def find_monitor(running: Running) -> dict[str, Any]:
    """The loading monitor as the warehouse sees it."""
    monitors: list[dict[str, Any]] = running.steer_warehouse("state")["monitors"]
    for monitor in monitors:
        if monitor["name"] == MONITOR:
            return monitor
    raise SandboxError(f"the warehouse has no {MONITOR} any more: restart the sandbox")


def find_runaways(running: Running) -> list[str]:
    """Ids of the analyst's running queries."""
    found = running.steer_warehouse("state")["running"]
    return [query["query_id"] for query in found if query["user"] == ANALYST]


BREAK = Break(
    name="warehouse-quota",
    title="a runaway query burned the credits of LOADING_WH: load_snowflake finds it suspended",
    needs=("warehouse", "airflow"),
    cause=cause,
    mend=mend,
)
