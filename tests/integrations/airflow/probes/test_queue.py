"""What waits for the scheduler and the executor, since when, and which DAGs should have started."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.integrations.airflow.probes.queue import SHOWN, QueueArguments, queue_from, read_queue
from tests.integrations.airflow.builders import airflow, instance, instances, runs

NOW = datetime(2026, 11, 23, 5, 3, tzinfo=UTC)


def found(**by_state: dict[str, Any]) -> dict[str, Any]:
    """Answers by state; nothing for those that are not given."""
    return {state: by_state.get(state, instances()) for state in ("running", "queued", "scheduled")}


@pytest.mark.parametrize(
    ("due", "overdue_s"),
    [
        ("2026-11-23T05:01:00Z", 120.0),
        ("2026-11-23T05:01:00.100000Z", None),
        ("2026-11-24T05:00:00Z", None),
        (None, None),
        ("", None),
    ],
)
def test_overdue_begins_at_two_minutes(due: str | None, overdue_s: float | None) -> None:
    """A living scheduler needs seconds; a DAG without a schedule is never due."""
    told = queue_from(found(), 0, [{"dag_id": "d", "next_dagrun_run_after": due}], NOW).overdue
    assert [one.overdue_s for one in told] == ([] if overdue_s is None else [overdue_s])


@pytest.mark.parametrize(
    ("row", "waited_s"),
    [
        ({"queued_when": "2026-11-23T05:02:00Z", "scheduled_when": "2026-11-23T04:00:00Z"}, 60.0),
        ({"queued_when": None, "run_after": "2026-11-23T05:00:00Z"}, 180.0),
        ({"queued_when": "2026-11-23T05:04:00Z"}, 0.0),
        ({}, 0.0),
    ],
)
def test_waiting_counts_from_when_it_came_into_its_state(row: dict[str, Any], waited_s: float) -> None:
    """Else from when its run was due; never below nothing."""
    told = queue_from(found(queued=instances(instance(state="queued", **row))), 0, [], NOW)
    assert told.oldest is not None
    assert told.oldest.waited_s == waited_s


def test_ten_of_each_are_shown_the_longest_waiting_first() -> None:
    """The counts are Airflow's own, beyond what was read."""
    rows = [
        instance(f"t{minute}", "scheduled", scheduled_when=f"2026-11-23T04:{minute:02}:00Z") for minute in range(30)
    ]
    dags = [{"dag_id": f"d{hour}", "next_dagrun_run_after": f"2026-11-22T{hour:02}:00:00Z"} for hour in range(20)]
    told = queue_from(found(scheduled={"task_instances": rows, "total_entries": 700}), 3, dags[::-1], NOW)
    assert (told.scheduled, told.queued, told.queued_runs) == (700, 0, 3)
    assert [one.task_id for one in told.waiting] == [f"t{minute}" for minute in range(SHOWN)]
    assert [one.dag_id for one in told.overdue] == [f"d{hour}" for hour in range(SHOWN)]


def test_what_was_read_is_counted_where_airflow_does_not_count() -> None:
    """Newer versions leave the total out."""
    told = queue_from(found(queued={"task_instances": [instance(state="queued")]}), 0, [], NOW)
    assert told.queued == 1


def test_every_state_is_asked_for_and_only_dags_that_are_on(scope: Scope) -> None:
    """A paused DAG is never overdue; of what runs only the count matters."""
    client = airflow(get_task_instances=instances(), get_dag_runs=runs(), get_dags={"dags": []})
    assert read_queue(client, QueueArguments(), scope).oldest is None
    limits = [(one.arguments["state"], one.arguments["limit"]) for one in client.asked if "state" in one.arguments]
    assert limits == [(["running"], 1), (["queued"], 50), (["scheduled"], 50), (["queued"], 1)]
    assert client.arguments_of("get_dags") == {"paused": False, "exclude_stale": True, "limit": 100}
