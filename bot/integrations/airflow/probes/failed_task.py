"""airflow.failed_task: which task an alert is about that names a DAG only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.diagnostics.probe import Probe, Scope
from bot.errors import NotFound
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.failures import SYSTEM
from bot.integrations.airflow.names import checked_id, checked_run_id
from bot.integrations.airflow.probes.rows import Row, moment, words

_FAILING = ("failed", "up_for_retry")


@dataclass(frozen=True, slots=True)
class FailedTaskArguments:
    """Without `run_id` the newest run in which something failed; without `task_id` what failed first in it."""

    dag_id: str
    task_id: str = ""
    run_id: str = ""


@dataclass(frozen=True, slots=True)
class FailedTask:
    """The task and its run. `also_failed` counts the other tasks that failed in that run."""

    dag_id: str
    task_id: str = ""
    run_id: str = ""
    state: str = ""
    try_number: int = 0
    ended_at: datetime | None = None
    also_failed: int = 0


def read_failed_task(client: AirflowClient, arguments: FailedTaskArguments, scope: Scope) -> FailedTask:
    """The failed task; NotFound when none of that DAG (or run, or name) is known to have failed."""
    dag_id = checked_id(arguments.dag_id, "DAG")
    filters: dict[str, Any] = {"task_id": checked_id(arguments.task_id, "task")} if arguments.task_id else {}
    with client.calling(scope) as calls:
        found = calls.get(
            "TaskInstanceApi",
            "get_task_instances",
            dag_id=dag_id,
            dag_run_id=checked_run_id(arguments.run_id) if arguments.run_id else "~",
            state=list(_FAILING),
            order_by=["-run_after"],
            limit=scope.row_cap,
            **filters,
        )
    if not found["task_instances"]:
        what = f"{dag_id}.{arguments.task_id}" if arguments.task_id else dag_id
        raise NotFound(SYSTEM, f"no failed task of {what} is known: it may have been cleared, or never have run")
    return failed_task_from(dag_id, found["task_instances"])


def failed_task_from(dag_id: str, newest_first: Sequence[Row]) -> FailedTask:
    """Facts from the JSON of failed task instances, the newest run first, at least one."""
    run_id = newest_first[0]["dag_run_id"]
    same_run = [row for row in newest_first if row["dag_run_id"] == run_id]
    first = min(same_run, key=lambda row: words(row.get("end_date")) or "~")
    return FailedTask(
        dag_id=dag_id,
        task_id=words(first["task_id"]),
        run_id=words(run_id),
        state=words(first["state"]),
        try_number=int(first.get("try_number") or 0),
        ended_at=moment(first.get("end_date")),
        also_failed=len({row["task_id"] for row in same_run}) - 1,
    )


FAILED_TASK: Probe[AirflowClient, FailedTaskArguments, FailedTask] = Probe(
    name="airflow.failed_task",
    summary="Which task of a DAG failed first in the newest run that has a failure.",
    arguments=FailedTaskArguments,
    facts=FailedTask,
    read=read_failed_task,
    typical=FailedTask(
        dag_id="ecommerce_daily",
        task_id="load_snowflake",
        run_id="scheduled__2026-11-02T06:00:00+00:00",
        state="failed",
        try_number=3,
        ended_at=datetime(2026, 11, 2, 6, 13, 6, tzinfo=UTC),
    ),
    empty=FailedTask(dag_id="ecommerce_daily"),
    deadline_s=10.0,
)
