"""Warehouses resume, suspend and refuse; monitors suspend them when their credits are used up."""
# ruff: noqa: S608 - the statements are the test data

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.sandbox

ROWS = "SELECT COUNT(*) FROM ECOMMERCE_RAW.POSTGRES.RAW_ORDERS"


def test_a_statement_resumes_its_warehouse(server: Any) -> None:
    """A suspended warehouse starts when a statement needs it, is billed a minute, and not for SHOW."""
    admin = server.connect("PLATFORM_ADMIN", warehouse="TRANSFORM_WH")
    admin.ask("SHOW WAREHOUSES")
    assert server.warehouse("TRANSFORM_WH")["state"] == "SUSPENDED"
    before = credits_of(admin, "TRANSFORM_WH")
    admin.ask(ROWS)
    assert server.warehouse("TRANSFORM_WH")["state"] == "STARTED"
    assert credits_of(admin, "TRANSFORM_WH") - before == pytest.approx(2 * 60 / 3600, abs=0.005)


def credits_of(client: Any, name: str) -> float:
    """Credits of the last hour by the metering function, asked on another warehouse."""
    client.ask("USE WAREHOUSE REPORTING_WH")
    found = client.ask(
        "SELECT COALESCE(SUM(CREDITS_USED), 0) FROM TABLE(INFORMATION_SCHEMA.WAREHOUSE_METERING_HISTORY("
        f"DATEADD('hour', -1, CURRENT_TIMESTAMP()), CURRENT_TIMESTAMP(), '{name}'))"
    )
    client.ask(f"USE WAREHOUSE {name}")
    return float(found.one())


def test_no_auto_resume(server: Any, refused: Any) -> None:
    """With AUTO_RESUME = FALSE a suspended warehouse refuses, until it is resumed by hand."""
    admin, loader = server.connect("PLATFORM_ADMIN"), server.connect("SVC_LOADER")
    admin.ask("ALTER WAREHOUSE LOADING_WH SET AUTO_RESUME = FALSE")
    with pytest.raises(refused, match="Warehouse 'LOADING_WH' is suspended"):
        loader.ask(ROWS)
    loader.ask("ALTER WAREHOUSE LOADING_WH RESUME")
    assert loader.ask(ROWS).one() > 20_000


def test_resume_and_suspend_twice(server: Any, refused: Any) -> None:
    """RESUME of a running warehouse is refused unless IF SUSPENDED is said; SUSPEND of a suspended one too."""
    change = server.connect("SVC_RUNBOOK", role="RUNBOOK_CHANGE")
    change.ask("ALTER WAREHOUSE LOADING_WH RESUME")
    change.ask("ALTER WAREHOUSE LOADING_WH RESUME IF SUSPENDED")
    with pytest.raises(refused) as caught:
        change.ask("ALTER WAREHOUSE LOADING_WH RESUME")
    assert caught.value.errno == 90063
    change.ask("ALTER WAREHOUSE LOADING_WH SUSPEND")
    with pytest.raises(refused, match="cannot be suspended"):
        change.ask("ALTER WAREHOUSE LOADING_WH SUSPEND")


def test_settings(server: Any, refused: Any) -> None:
    """ALTER WAREHOUSE SET changes what SHOW tells, and refuses a value that is none."""
    admin = server.connect("PLATFORM_ADMIN")
    admin.ask("ALTER WAREHOUSE REPORTING_WH SET WAREHOUSE_SIZE = 'XXLARGE', AUTO_SUSPEND = 120, COMMENT = 'it''s'")
    (found,) = admin.ask("SHOW WAREHOUSES LIKE 'REPORTING%'").records()
    assert (found["size"], found["auto_suspend"], found["is_current"]) == ("2X-Large", 120, "Y")
    with pytest.raises(refused, match="invalid value 'HUGE'"):
        admin.ask("ALTER WAREHOUSE REPORTING_WH SET WAREHOUSE_SIZE = HUGE")


def test_auto_suspend(server: Any, until: Callable[..., None]) -> None:
    """A warehouse nobody uses suspends itself after its time."""
    admin = server.connect("PLATFORM_ADMIN", warehouse="TRANSFORM_WH")
    admin.ask("ALTER WAREHOUSE TRANSFORM_WH SET AUTO_SUSPEND = 1")
    admin.ask(ROWS)
    until(lambda: server.warehouse("TRANSFORM_WH")["state"] == "SUSPENDED")


def test_quota_used_up(any_connect: Callable[..., Any], server: Any, refused: Any) -> None:
    """Runbook 5: used credits reach the quota, loads are refused, a higher quota cures it."""
    server.control("meter", {"warehouse": "LOADING_WH", "credits": 22.5, "user": "ANALYST_KIM"})
    assert server.warehouse("LOADING_WH")["state"] == "SUSPENDED"
    loader = any_connect("SVC_LOADER")
    with pytest.raises(refused) as caught:
        loader.ask(ROWS)
    assert caught.value.errno == 90073
    assert (
        "'LOADING_WH' cannot be resumed because resource monitor 'LOADING_MONITOR' has exceeded" in caught.value.message
    )
    server.connect("SVC_RUNBOOK", role="RUNBOOK_CHANGE").ask(
        "ALTER RESOURCE MONITOR LOADING_MONITOR SET CREDIT_QUOTA = 75"
    )
    assert loader.ask(ROWS).one() > 20_000


@pytest.mark.parametrize(("credits", "survives"), [(20.5, True), (30.0, False)])
def test_running_statements_at_the_limit(
    server: Any, refused: Any, until: Callable[..., None], credits: float, survives: bool
) -> None:
    """At 100 % running statements finish and the warehouse then stops; at 110 % they are cancelled."""
    loader, outcome = server.connect("SVC_LOADER"), []
    server.control("faults", {"hang_s": 12 if survives else 300, "user": "SVC_LOADER"})

    def load() -> None:
        try:
            outcome.append(loader.ask(ROWS).one() > 0)
        except refused as error:
            outcome.append(error.errno)

    thread = threading.Thread(target=load)
    thread.start()
    until(lambda: any(job["warehouse"] for job in server.control("state")["running"]))
    server.control("meter", {"warehouse": "LOADING_WH", "credits": credits})
    assert server.warehouse("LOADING_WH")["state"] == ("STARTED" if survives else "SUSPENDED")
    thread.join(60)
    assert outcome == [True if survives else 604]


def test_triggers_can_be_changed(server: Any) -> None:
    """ALTER RESOURCE MONITOR … TRIGGERS replaces the thresholds."""
    admin = server.connect("PLATFORM_ADMIN")
    triggers = "ON 50 PERCENT DO NOTIFY ON 95 PERCENT DO SUSPEND"
    admin.ask(f"ALTER RESOURCE MONITOR LOADING_MONITOR SET CREDIT_QUOTA = 60 TRIGGERS {triggers}")
    (found,) = admin.ask("SHOW RESOURCE MONITORS").records()
    assert (found["notify_at"], found["suspend_at"], found["suspend_immediately_at"]) == ("50%", "95%", None)
