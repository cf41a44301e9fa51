"""airflow.task_instance: which try failed, and does it try again by itself?"""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.diagnostics.probe import Probe, Scope
from bot.errors import NotFound
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.failures import SYSTEM
from bot.integrations.airflow.names import checked_id, checked_run_id
from bot.integrations.airflow.probes.logs import newest_instance
from bot.integrations.airflow.probes.rows import Row, delay, duration_s, moment, words


@dataclass(frozen=True, slots=True)
class TaskInstanceArguments:
    """Without `run_id` the newest run."""

    dag_id: str
    task_id: str
    run_id: str = ""


@dataclass(frozen=True, slots=True)
class TaskInstance:
    """Try `try_number` of `max_tries` of one task. `state` is "" before it is scheduled.

    `verdict` starts with "transient" while Airflow tries again by itself, "persistent" when it has given up,
    "recovered" or "fine" after a success, else "waiting", "running" or "not run". `next_try_at` is None when that time
    cannot be known (exponential back-off).
    """

    run_id: str
    state: str
    try_number: int
    max_tries: int
    will_retry: bool
    next_try_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    duration_s: float
    verdict: str


def read_task_instance(client: AirflowClient, arguments: TaskInstanceArguments, scope: Scope) -> TaskInstance:
    """The instance and its task's retry policy; NotFound when there is none."""
    dag_id, task_id = checked_id(arguments.dag_id, "DAG"), checked_id(arguments.task_id, "task")
    with client.calling(scope) as calls:
        if arguments.run_id:
            run_id = checked_run_id(arguments.run_id)
            names = {"dag_id": dag_id, "dag_run_id": run_id, "task_id": task_id}
            instance = calls.get("TaskInstanceApi", "get_task_instance", **names)
        else:
            instance = newest_instance(calls, dag_id, task_id)
        if instance is None:
            raise NotFound(SYSTEM, f"{dag_id}.{task_id} has never run")
        task = calls.find("TaskApi", "get_task", dag_id=dag_id, task_id=task_id)
    return instance_from(instance, task or {})


def instance_from(instance: Row, task: Row) -> TaskInstance:
    """Facts from the JSON of a task instance and of its task ({} when the task is gone from the DAG)."""
    state, number = words(instance.get("state")), int(instance.get("try_number") or 0)
    # Airflow's max_tries is the number of the last *re*try; clearing a task raises it.
    tries = int(instance.get("max_tries") or 0) + 1
    ended_at = moment(instance.get("end_date"))
    will_retry = state == "up_for_retry"
    next_try_at = _next_try(ended_at, task) if will_retry else None
    return TaskInstance(
        run_id=words(instance.get("dag_run_id")),
        state=state,
        try_number=number,
        max_tries=tries,
        will_retry=will_retry,
        next_try_at=next_try_at,
        started_at=moment(instance.get("start_date")),
        ended_at=ended_at,
        duration_s=duration_s(instance),
        verdict=_verdict(state, number, tries, next_try_at),
    )


def _next_try(ended_at: datetime | None, task: Row) -> datetime | None:
    wait = delay(task.get("retry_delay"))
    if ended_at is None or wait is None or task.get("retry_exponential_backoff"):
        return None
    return ended_at + wait


def _verdict(state: str, number: int, tries: int, next_try_at: datetime | None) -> str:
    if state == "up_for_retry":
        at = f" at {next_try_at:%H:%M} UTC" if next_try_at else " by itself"
        return f"transient: retries{at}, try {number + 1} of {tries}"
    if state == "failed":
        return f"persistent: failed on try {number} of {tries}, no retry is left"
    if state == "running" and number > 1:
        return f"transient: runs again, try {number} of {tries}"
    words_of = {
        "success": f"{'recovered' if number > 1 else 'fine'}: succeeded on try {number} of {tries}",
        "running": f"running: try {number} of {tries}",
        "upstream_failed": "not run: a task before it failed",
        "skipped": "not run: skipped",
        "removed": "not run: removed from the DAG",
        "": "waiting: not scheduled yet",
    }
    return words_of.get(state, f"waiting: {state}")


TASK_INSTANCE: Probe[AirflowClient, TaskInstanceArguments, TaskInstance] = Probe(
    name="airflow.task_instance",
    summary="Which try of a task failed, and whether and when Airflow tries again by itself.",
    arguments=TaskInstanceArguments,
    facts=TaskInstance,
    read=read_task_instance,
    typical=TaskInstance(
        run_id="scheduled__2026-11-02T06:00:00+00:00",
        state="up_for_retry",
        try_number=1,
        max_tries=3,
        will_retry=True,
        next_try_at=datetime(2026, 11, 2, 6, 8, 31, tzinfo=UTC),
        started_at=datetime(2026, 11, 2, 6, 2, 58, tzinfo=UTC),
        ended_at=datetime(2026, 11, 2, 6, 3, 31, tzinfo=UTC),
        duration_s=33.0,
        verdict="transient: retries at 06:08 UTC, try 2 of 3",
    ),
    empty=TaskInstance(
        run_id="",
        state="",
        try_number=0,
        max_tries=0,
        will_retry=False,
        next_try_at=None,
        started_at=None,
        ended_at=None,
        duration_s=0.0,
        verdict="waiting: not scheduled yet",
    ),
    deadline_s=10.0,
)
