"""Which try failed, and does it try again by itself?"""

from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import NotFound
from bot.integrations.airflow.probes.tasks import TaskInstanceArguments, instance_from, read_task_instance
from tests.integrations.airflow.builders import GONE, airflow, instance, instances

FIVE = {"retry_delay": {"seconds": 300}}


@pytest.mark.parametrize(
    ("state", "number", "verdict"),
    [
        ("up_for_retry", 1, "transient: retries at 05:07 UTC, try 2 of 3"),
        ("failed", 3, "persistent: failed on try 3 of 3, no retry is left"),
        ("failed", 1, "persistent: failed on try 1 of 3, no retry is left"),
        ("running", 1, "running: try 1 of 3"),
        ("running", 2, "transient: runs again, try 2 of 3"),
        ("success", 1, "fine: succeeded on try 1 of 3"),
        ("success", 2, "recovered: succeeded on try 2 of 3"),
        ("upstream_failed", 0, "not run: a task before it failed"),
        ("skipped", 0, "not run: skipped"),
        ("removed", 1, "not run: removed from the DAG"),
        (None, 0, "waiting: not scheduled yet"),
        ("queued", 1, "waiting: queued"),
        ("a_state_of_airflow_4", 1, "waiting: a_state_of_airflow_4"),
    ],
)
def test_every_state_has_its_verdict(state: str | None, number: int, verdict: str) -> None:
    """One that nobody knows yet is told by its name."""
    assert instance_from(instance(state=state, try_number=number, max_tries=2), FIVE).verdict == verdict


@pytest.mark.parametrize(
    ("but", "task"),
    [
        ({}, {}),  # the task is gone from the DAG
        ({}, {"retry_delay": None}),
        ({}, {**FIVE, "retry_exponential_backoff": True}),
        ({"end_date": None}, FIVE),
        ({"state": "failed"}, FIVE),
    ],
)
def test_a_time_that_cannot_be_known_is_not_guessed(but: dict[str, Any], task: dict[str, Any]) -> None:
    """Somebody would wait for it."""
    assert instance_from(instance(**{"state": "up_for_retry", **but}), task).next_try_at is None


def test_the_newest_run_or_the_one_that_is_named(scope: Scope) -> None:
    """Its retry policy is asked of the DAG; one that has forgotten the task does no harm."""
    row = instance(dag_run_id="r9")
    client = airflow(get_task_instances=instances(row), get_task=GONE)
    assert read_task_instance(client, TaskInstanceArguments("d", "load"), scope).run_id == "r9"
    assert "state" not in client.arguments_of("get_task_instances")
    client = airflow(get_task_instance=row, get_task=FIVE)
    read_task_instance(client, TaskInstanceArguments("d", "load", "r1"), scope)
    assert client.arguments_of("get_task_instance") == {"dag_id": "d", "dag_run_id": "r1", "task_id": "load"}


def test_a_task_that_never_ran_is_told(scope: Scope) -> None:
    """There is no try to speak of."""
    with pytest.raises(NotFound, match=r"^airflow: d\.load has never run$"):
        read_task_instance(airflow(get_task_instances=instances()), TaskInstanceArguments("d", "load"), scope)
