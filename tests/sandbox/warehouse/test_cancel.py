"""Stopping statements: by query id, by timeout, by the client; asynchronous statements and their results."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.stopwatch import quickest

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
    thread.join(60)
    assert (outcome[0].errno, outcome[0].sqlstate) == (604, "57014")


def test_cancel_needs_operate(server: Any, refused: Any, until: Callable[..., None]) -> None:
    """The read role sees a stranger's query but may not cancel it."""
    outcome: list[Any] = []
    kim, probe = server.connect("ANALYST_KIM"), server.connect("SVC_RUNBOOK")
    thread = run_aside(kim, "CALL SYSTEM$WAIT(300)", outcome)
    until(lambda: probe.ask(FIND).rows)
    query_id = probe.ask(FIND).one()
    with pytest.raises(refused, match="Insufficient privileges"):
        probe.ask(f"SELECT SYSTEM$CANCEL_QUERY('{query_id}')")
    time.sleep(1)  # a cancellation would have had time to come
    assert (probe.ask(FIND).rows, outcome) == ([(query_id,)], [])
    cancel_all(server, thread)


def cancel_all(server: Any, *threads: threading.Thread) -> None:
    """End the analyst's statements, and the threads that wait for them."""
    change = server.connect("SVC_RUNBOOK", role="RUNBOOK_CHANGE", warehouse="REPORTING_WH")
    for (query_id,) in change.ask(FIND).rows:
        change.ask(f"SELECT SYSTEM$CANCEL_QUERY('{query_id}')")
    for thread in threads:
        thread.join(60)


@pytest.mark.parametrize("statement", [RUNAWAY, "CALL SYSTEM$WAIT(300)"])
def test_statement_timeout(any_connect: Callable[..., Any], refused: Any, statement: str) -> None:
    """STATEMENT_TIMEOUT_IN_SECONDS ends a statement with 000630 after that time."""
    client = any_connect("ANALYST_KIM", session_parameters={"STATEMENT_TIMEOUT_IN_SECONDS": 1})

    def be_cut() -> None:
        with pytest.raises(refused, match=r"timeout of 1 second\(s\) and was canceled") as caught:
            client.ask(statement)
        assert (caught.value.errno, caught.value.sqlstate) == (630, "57014")

    assert 0.9 < quickest(be_cut, 4) < 4


def test_timeout_of_the_warehouse(server: Any, refused: Any) -> None:
    """A warehouse's own timeout counts when it is the shorter."""
    server.connect("PLATFORM_ADMIN").ask("ALTER WAREHOUSE LOADING_WH SET STATEMENT_TIMEOUT_IN_SECONDS = 1")
    with pytest.raises(refused, match="timeout of 1 second"):
        server.connect("ANALYST_KIM").ask(RUNAWAY)


def test_hanging_user(server: Any) -> None:
    """A fault makes one user's statements take their time and leaves others alone."""
    server.control("faults", {"hang_s": 0.7, "user": "ANALYST_KIM"})
    clients = [server.connect(user) for user in ("ANALYST_KIM", "SVC_RUNBOOK")]
    statement = "SELECT COUNT(*) FROM ECOMMERCE_ANALYTICS.MARTS.FCT_ORDERS"
    slow, other = (quickest(lambda client=client: client.ask(statement), 0.7) for client in clients)
    assert slow > 0.7 > other


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
    cursor.execute_async("CALL SYSTEM$WAIT(600)")
    assert connection.is_still_running(connection.get_query_status(cursor.sfqid))
    assert cursor.abort_query(cursor.sfqid)
    until(lambda: connection.get_query_status(cursor.sfqid).name == "FAILED_WITH_ERROR")


def test_asynchronous_outlives_its_session(server: Any) -> None:
    """A client that goes away leaves its asynchronous statement running."""
    client = server.connect("ANALYST_KIM", server_session_keep_alive=True)
    client.connection.cursor().execute_async("CALL SYSTEM$WAIT(300)")
    server.clients.remove(client)
    client.close()
    assert [job["user"] for job in server.control("state")["running"]] == ["ANALYST_KIM"]
    server.control("reset", {})
    assert server.control("state")["running"] == []


def test_many_sessions_at_once(server: Any, until: Callable[..., None]) -> None:
    """Waiting statements do not hold up others."""
    outcome: list[Any] = []
    waiting = [run_aside(server.connect("ANALYST_KIM"), "CALL SYSTEM$WAIT(300)", outcome) for _ in range(6)]
    client = server.connect("SVC_RUNBOOK")
    until(lambda: len(client.ask(FIND).rows) == 6)
    client.ask("SELECT COUNT(*) FROM ECOMMERCE_ANALYTICS.MARTS.FCT_ORDERS")
    assert outcome == []
    cancel_all(server, *waiting)
    assert [error.errno for error in outcome] == [604] * 6
