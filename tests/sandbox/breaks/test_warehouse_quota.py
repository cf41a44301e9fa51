"""Break `warehouse-quota`: the query that burns, the credits it burned, and room again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.breaks import warehouse_quota
from bot.sandbox.errors import SandboxError
from tests.sandbox.breaks.builders import make_running


def state(used: float, *runaways: str) -> dict[str, dict[str, Any]]:
    """What the warehouse says of itself; another user's query is always there."""
    running = [{"query_id": one, "user": "ANALYST_KIM"} for one in runaways]
    other = {"query_id": "other", "user": "SVC_LOADER"}
    monitor = {"name": "LOADING_MONITOR", "used": used, "quota": 50.0}
    return {"state": {"monitors": [monitor], "running": [*running, other]}}


def test_the_query_runs_before_the_credits_are_gone(tmp_path: Path) -> None:
    """Once the quota is used up no query would start: so it is submitted first, in a session that stays."""
    running = make_running(tmp_path, control=state(40.0))
    warehouse_quota.cause(running)
    assert [who for who, _ in running.log] == [
        "ANALYST_KIM on LOADING_WH, left running",
        "control",
        "airflow",
        "airflow",
    ]
    assert running.log[0][1].endswith("CALL SYSTEM$WAIT(90, 'MINUTES')")


@pytest.mark.parametrize(
    ("used", "runaways", "told"), [(40.0, ("q",), ["control"]), (51.5, (), []), (51.5, ("q",), [])]
)
def test_what_is_there_already_is_not_done_again(
    tmp_path: Path, used: float, runaways: tuple[str, ...], told: list[str]
) -> None:
    """A running query is not submitted twice, a used quota not used again."""
    running = make_running(tmp_path, control=state(used, *runaways))
    warehouse_quota.cause(running)
    assert [who for who, _ in running.log if who != "airflow"] == told


MENDS = [
    (51.5, ("q1", "q2"), ["SELECT SYSTEM$CANCEL_QUERY(%s) ['q1']", "SELECT SYSTEM$CANCEL_QUERY(%s) ['q2']"], 77),
    (50.0, (), [], 75),
    (49.9, (), [], None),
]


@pytest.mark.parametrize(("used", "runaways", "cancels", "quota"), MENDS)
def test_mending_cancels_and_makes_room(
    tmp_path: Path, used: float, runaways: tuple[str, ...], cancels: list[str], quota: int | None
) -> None:
    """Only the analyst's queries are cancelled; the quota grows only when it is used up; the warehouse resumes."""
    running = make_running(tmp_path, control=state(used, *runaways))
    warehouse_quota.mend(running)
    raised = [f"ALTER RESOURCE MONITOR LOADING_MONITOR SET CREDIT_QUOTA = {quota}"] if quota else []
    assert [text for _, text in running.log] == [*cancels, *raised, "ALTER WAREHOUSE LOADING_WH RESUME IF SUSPENDED"]
    assert {who for who, _ in running.log} == {"PLATFORM_ADMIN on REPORTING_WH"}


def test_a_monitor_that_is_gone_is_told(tmp_path: Path) -> None:
    """Somebody dropped it: the sandbox has to start anew."""
    with pytest.raises(SandboxError, match="no LOADING_MONITOR any more: restart the sandbox"):
        warehouse_quota.cause(make_running(tmp_path, control={"state": {"monitors": [], "running": []}}))
