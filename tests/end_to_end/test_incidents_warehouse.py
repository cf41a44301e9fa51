"""Incidents of the warehouse and of the dashboard: whose spike it is, why data is old, a refused login, a cut query."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.sandbox.breaks.airflow_rest import UNFINISHED
from bot.sandbox.breaks.launch import launch_run
from bot.sandbox.breaks.running import Running, open_running

pytestmark = pytest.mark.end_to_end
ALERTS, BYSTANDER = "C0ALERTS", "U0BYSTANDER"


@pytest.fixture
def running(road: Any) -> Running:
    """The platform as an administrator of its warehouse sees it."""
    return open_running(road.platform.context.state, print)


def administer(running: Running, *statements: str) -> None:
    """Run statements as the account's administrator."""
    with running.warehouse("PLATFORM_ADMIN", "REPORTING_WH") as session, session.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def run_into(running: Running, name: str, cause: str, mend: str) -> Iterator[None]:
    """A run of the DAG meets what `cause` did; afterwards `mend`, and no run is left under way."""
    administer(running, cause)
    try:
        launch_run(running, name, "it will meet that")
        yield
    finally:
        administer(running, mend)
        running.steer_warehouse("faults", {"clear": True})
        with running.airflow() as api:
            for run in api.runs(state=list(UNFINISHED)):
                api.remove_run(run)


def test_a_spike_is_told_with_whose_it_is(
    road: Any, start_bot: Callable[..., Any], break_: Callable[[str], Any], running: Running
) -> None:
    """Which monitor and how full, the verdict with its numbers, and the analyst's query that still runs."""
    start_bot()
    before = road.newest()
    with break_("warehouse-quota"):
        alert = road.alert(before, "cannot be resumed because resource monitor")
        card = road.card(alert["ts"], "A spike")
        text = road.said(card)
        found = ("LOADING_MONITOR", " credits (10", "reset ", "ANALYST_KIM", "similarity report", "times the usual")
        assert [words for words in found if words not in text] == [], text
        assert "one query of *ANALYST_KIM* took" in text
        assert "1 running; the longest is of *ANALYST_KIM*" in text
        (monitor,) = running.steer_warehouse("state")["monitors"]
        assert f"has used *{monitor['used']:.2f}".rstrip("0") in text or f"*{monitor['used']:.1f}" in text, monitor
        assert {"offer:raise_quota", "offer:cancel_query"} <= set(road.buttons(card))


def test_stale_data_is_told_with_its_cause(
    road: Any, start_bot: Callable[..., Any], break_: Callable[[str], Any]
) -> None:
    """The DAG is paused: that is the verdict; every mart shows its age, the dashboard its health and what it read."""
    start_bot()
    before = road.newest()
    with break_("stale-mart"):
        alert = road.alert(before, "ERROR STALE")
        text = road.said(road.card(alert["ts"], "never started"))
        found = (
            "The DAG is paused, so today's run never started.",
            "*ecommerce_daily is paused.*",
            "*3* of 3 tables stale",
            "FCT_DAILY_REVENUE",
            "FCT_ORDERS",
            "DIM_CUSTOMERS",
            "The dashboard serves",
            "shows rows up to",
            "`REPORTING_WH` is *STARTED*",
        )
        assert [words for words in found if words not in text] == [], text


def test_freshness_without_an_incident(road: Any, start_bot: Callable[..., Any]) -> None:
    """`/runbook freshness`: every mart with its age and target, the last runs, and nothing to mend."""
    start_bot()
    before = road.newest()
    assert road.slack.command(BYSTANDER, ALERTS, "/runbook", "freshness").acked
    head = road.alert(before, "Runbook")
    card = road.card(head["ts"], "FCT_DAILY_REVENUE")
    text = road.said(card)
    assert [
        words for words in ("FCT_ORDERS", "DIM_CUSTOMERS", "The last success was", "REPORTING_WH") if words not in text
    ] == []
    assert "tables stale" not in text, text


def test_a_disabled_user_is_told_when_its_login_is_refused(
    road: Any, start_bot: Callable[..., Any], running: Running
) -> None:
    """The loader really cannot log in; the card says which user, why, from where, and what to do."""
    start_bot()
    before = road.newest()
    disable = "ALTER USER SVC_LOADER SET DISABLED = TRUE"
    with run_into(running, "refused-login", disable, "ALTER USER SVC_LOADER SET DISABLED = FALSE"):
        alert = road.alert(before, "User access disabled")
        text = road.said(road.card(alert["ts"], "is refused"))
    found = (
        "SVC_LOADER is refused: the user is disabled",
        "390101",
        "127.0.0.1",
        "PYTHON_DRIVER",
        "SET DISABLED = FALSE",
    )
    assert [words for words in found if words not in text] == [], text


def test_a_cut_query_is_told_with_the_limit_that_cut_it(
    road: Any, start_bot: Callable[..., Any], running: Running
) -> None:
    """The load really runs into its warehouse's limit; the card names the query's user, the limit and who set it."""
    start_bot()
    before = road.newest()
    running.steer_warehouse("faults", {"hang_s": 300, "user": "SVC_LOADER", "contains": "COPY INTO"})
    limit = "ALTER WAREHOUSE LOADING_WH SET STATEMENT_TIMEOUT_IN_SECONDS = 10"
    with run_into(running, "cut-query", limit, "ALTER WAREHOUSE LOADING_WH SET STATEMENT_TIMEOUT_IN_SECONDS = 0"):
        alert = road.alert(before, "Statement reached its statement or warehouse timeout")
        text = road.said(road.card(alert["ts"], "set on the warehouse"))
    found = ("SVC_LOADER", "COPY INTO", "*10 s, set on the warehouse* `LOADING_WH`", "Waited in the queue 0 s")
    assert [words for words in found if words not in text] == [], text
