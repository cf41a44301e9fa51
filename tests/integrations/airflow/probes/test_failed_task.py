"""Which task an alert is about that names a DAG only."""

from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import EntityError, NotFound
from bot.integrations.airflow.probes.failed_task import FailedTaskArguments, failed_task_from, read_failed_task
from tests.integrations.airflow.builders import airflow, instance, instances


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        (FailedTaskArguments("d"), {"dag_run_id": "~"}),
        (FailedTaskArguments("d", run_id="r1"), {"dag_run_id": "r1"}),
        (FailedTaskArguments("d", "load"), {"dag_run_id": "~", "task_id": "load"}),
    ],
)
def test_what_the_alert_names_narrows_the_question(
    arguments: FailedTaskArguments, asked: dict[str, str], scope: Scope
) -> None:
    """Every run unless one is named; the newest run comes first."""
    client = airflow(get_task_instances=instances(instance()))
    assert read_failed_task(client, arguments, scope).task_id == "load"
    always: dict[str, Any] = {"dag_id": "d", "state": ["failed", "up_for_retry"], "order_by": ["-run_after"]}
    assert client.arguments_of("get_task_instances") == {**always, "limit": 50, **asked}


@pytest.mark.parametrize(
    ("arguments", "what"),
    [(FailedTaskArguments("d"), "d"), (FailedTaskArguments("d", "load", "r1"), "d.load")],
)
def test_no_failure_is_told_with_what_may_have_become_of_it(
    arguments: FailedTaskArguments, what: str, scope: Scope
) -> None:
    """An alert may be older than somebody's clearing of the task."""
    with pytest.raises(NotFound) as missing:
        read_failed_task(airflow(get_task_instances=instances()), arguments, scope)
    told = f"airflow: no failed task of {what} is known: it may have been cleared, or never have run"
    assert str(missing.value) == told


@pytest.mark.parametrize(
    "arguments", [FailedTaskArguments("~"), FailedTaskArguments("d", "../x"), FailedTaskArguments("d", run_id="~")]
)
def test_an_id_that_would_ask_for_everything_is_refused(arguments: FailedTaskArguments, scope: Scope) -> None:
    """Nothing is sent."""
    client = airflow()
    with pytest.raises(EntityError):
        read_failed_task(client, arguments, scope)
    assert client.asked == []


def test_copies_of_a_mapped_task_are_one_failure() -> None:
    """`also_failed` counts other tasks, not other copies; what has not ended came last."""
    rows = [
        instance("load", map_index=0, end_date=None, try_number=None),
        instance("load", map_index=1),
        instance("load", map_index=2, end_date="2026-11-23T05:09:00Z"),
        instance("tests", end_date=None),
    ]
    found = failed_task_from("d", rows)
    assert (found.task_id, found.try_number, found.also_failed) == ("load", 1, 1)
    assert failed_task_from("d", rows[:1]).ended_at is None
