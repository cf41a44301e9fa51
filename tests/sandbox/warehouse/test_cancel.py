"""Stopping statements: by query id, by timeout, by the client; asynchronous statements and their results."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.sandbox

RUNAWAY = (
    "SELECT COUNT(*) FROM ECOMMERCE_RAW.POSTGRES.RAW_ORDERS a, ECOMMERCE_RAW.POSTGRES.RAW_ORDERS b, "
    "ECOMMERCE_RAW.POSTGRES.RAW_ORDERS c WHERE a.TOTAL_AMOUNT * b.TOTAL_AMOUNT > c.TOTAL_AMOUNT"
)
FIND = (
    "SELECT QUERY_ID FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY()) "
    "WHERE EXECUTION_STATUS = 'RUNNING' AND USER_NAME = 'ANALYST_KIM'"
)


def run_aside(client: Any, statement: str, outcome: list[Any]) -> threading.Thread:
    """Run a statement in a thread; its error, or its rows, go to `outcome`."""

    def run() -> None:
        try:
            outcome.append(client.ask(statement).rows)
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_cancel_a_runaway(any_connect: Callable[..., Any], server: Any, until: Callable[..., None]) -> None:
    """Another session finds the query and cancels it with OPERATE; its owner gets 000604 (57014) at once."""
    outcome: list[Any] = []
    thread = run_aside(any_connect("ANALYST_KIM"), RUNAWAY, outcome)
    change = server.connect("SVC_RUNBOOK", role="RUNBOOK_CHANGE", warehouse="REPORTING_WH")
    until(lambda: change.ask(FIND).rows)
    query_id = change.ask(FIND).one()
    assert change.ask(f"SELECT SYSTEM$CANCEL_QUERY('{query_id}')").one() == f"query [{query_id}] terminated."
    thread.join(5)
    assert (outcome[0].errno, outcome[0].sqlstate) == (604, "57014")


def test_cancel_needs_operate(server: Any, refused: Any) -> None:
    """The read role sees a stranger's query but may not cancel it."""
    outcome: list[Any] = []
    kim, probe = server.connect("ANALYST_KIM"), server.connect("SVC_RUNBOOK")
    thread = run_aside(kim, "CALL SYSTEM$WAIT(3)", outcome)
    while not (found := probe.ask(FIND).rows):
        time.sleep(0.05)
    with pytest.raises(refused, match="Insufficient privileges"):
        probe.ask(f"SELECT SYSTEM$CANCEL_QUERY('{found[0][0]}')")
    thread.join(10)
    assert outcome == [[("waited 3 seconds",)]]


@pytest.mark.parametrize("statement", [RUNAWAY, "CALL SYSTEM$WAIT(20)"])
def test_statement_timeout(any_connect: Callable[..., Any], refused: Any, statement: str) -> None:
    """STATEMENT_TIMEOUT_IN_SECONDS ends a statement with 000630 after that time."""
    client = any_connect("ANALYST_KIM", session_parameters={"STATEMENT_TIMEOUT_IN_SECONDS": 1})
    began = time.monotonic()
    with pytest.raises(refused, match=r"timeout of 1 second\(s\) and was canceled") as caught:
        client.ask(statement)
    assert (caught.value.errno, caught.value.sqlstate) == (630, "57014")
    assert 0.9 < time.monotonic() - began < 4


def test_timeout_of_the_warehouse(server: Any, refused: Any) -> None:
    """A warehouse's own timeout counts when it is the shorter."""
    server.connect("PLATFORM_ADMIN").ask("ALTER WAREHOUSE LOADING_WH SET STATEMENT_TIMEOUT_IN_SECONDS = 1")
    with pytest.raises(refused, match="timeout of 1 second"):
        server.connect("ANALYST_KIM").ask(RUNAWAY)


def test_hanging_user(server: Any) -> None:
    """A fault makes one user's statements take their time and leaves others alone."""
    server.control("faults", {"hang_s": 0.7, "user": "ANALYST_KIM"})
    spent = []
    for user in ("ANALYST_KIM", "SVC_RUNBOOK"):
        client, began = server.connect(user), time.monotonic()
        client.ask("SELECT COUNT(*) FROM ECOMMERCE_ANALYTICS.MARTS.FCT_ORDERS")
        spent.append(time.monotonic() - began)
    assert spent[0] > 0.7 > spent[1]


def test_asynchronous(server: Any) -> None:
    """execute_async returns at once; the result is read by query id, from another session of the user too."""
    first, second = server.connect("SVC_RUNBOOK"), server.connect("SVC_RUNBOOK")
    cursor = first.connection.cursor()
    cursor.execute_async("SELECT COUNT(*) AS N FROM ECOMMERCE_ANALYTICS.MARTS.DIM_CUSTOMERS")
    for client in (first, second):
        reader = client.connection.cursor()
        reader.get_results_from_sfqid(cursor.sfqid)
        assert reader.fetchall() == [(8000,)]
        assert first.connection.get_query_status(cursor.sfqid).name == "SUCCESS"


def test_abort_an_asynchronous_statement(server: Any, until: Callable[..., None]) -> None:
    """A running asynchronous statement can be watched and aborted by its user."""
    connection = server.connect("SVC_RUNBOOK").connection
    cursor = connection.cursor()
    cursor.execute_async("CALL SYSTEM$WAIT(60)")
    assert connection.is_still_running(connection.get_query_status(cursor.sfqid))
    assert cursor.abort_query(cursor.sfqid)
    until(lambda: connection.get_query_status(cursor.sfqid).name == "FAILED_WITH_ERROR", 5)


def test_asynchronous_outlives_its_session(server: Any) -> None:
    """A client that goes away leaves its asynchronous statement running."""
    client = server.connect("ANALYST_KIM", server_session_keep_alive=True)
    client.connection.cursor().execute_async("CALL SYSTEM$WAIT(30)")
    server.clients.remove(client)
    client.close()
    assert [job["user"] for job in server.control("state")["running"]] == ["ANALYST_KIM"]
    server.control("reset", {})
    assert server.control("state")["running"] == []


def test_many_sessions_at_once(server: Any) -> None:
    """Waiting statements do not hold up others."""
    outcome: list[Any] = []
    waiting = [run_aside(server.connect("ANALYST_KIM"), "CALL SYSTEM$WAIT(2)", outcome) for _ in range(6)]
    client, began = server.connect("SVC_RUNBOOK"), time.monotonic()
    client.ask("SELECT COUNT(*) FROM ECOMMERCE_ANALYTICS.MARTS.FCT_ORDERS")
    assert time.monotonic() - began < 1.5
    for thread in waiting:
        thread.join(10)
    assert len(outcome) == 6
