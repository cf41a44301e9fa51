"""airflow.run_pace: how long a run and its tasks take against their usual time, and which task is the slow one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.diagnostics.probe import Probe, Scope
from bot.errors import NotFound
from bot.integrations.airflow.client import AirflowClient, Calls
from bot.integrations.airflow.failures import SYSTEM
from bot.integrations.airflow.names import checked_id, checked_run_id
from bot.integrations.airflow.probes.rows import Row, duration_s, moment, usual, words

COMPARED = 10
MUCH_SLOWER, NOTICED_S = 1.5, 1.0
"""A task is slow from half more than usual on, and a second more: below that it is noise."""
_WAITING = ("queued", "scheduled", "deferred", "up_for_retry", "up_for_reschedule", "restarting")


@dataclass(frozen=True, slots=True)
class RunPaceArguments:
    """Without `run_id` the DAG's newest run."""

    dag_id: str
    run_id: str = ""


@dataclass(frozen=True, slots=True)
class TaskPace:
    """One task of the run. `took_s` counts until now while it runs; `waited_s` is from queued to started (or now).

    `extra_s` is what it takes beyond its usual time, 0.0 when it is not known to be slower.
    """

    task_id: str
    state: str
    tries: int
    started_at: datetime | None
    took_s: float
    waited_s: float
    usual_s: float | None
    extra_s: float
    pool: str


@dataclass(frozen=True, slots=True)
class RunPace:
    """The run and its tasks in the order in which they started. `usual_s` are medians of the last ten successes.

    `slow_task` took (or waited) most beyond its usual time, `slow_extra_s` so much; "" and 0.0 when none is slower than
    usual. `now` are the tasks that run, `waiting` those that could. `verdict` is "slow", "waiting", "usual",
    "failed", "late" or "unknown", `because` says why.
    """

    run_id: str = ""
    state: str = ""
    started_at: datetime | None = None
    late_s: float = 0.0
    took_s: float = 0.0
    usual_s: float | None = None
    slow_task: str = ""
    slow_extra_s: float = 0.0
    now: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    tasks: tuple[TaskPace, ...] = ()
    verdict: str = "unknown"
    because: str = "no run is known"


def read_run_pace(client: AirflowClient, arguments: RunPaceArguments, scope: Scope) -> RunPace:
    """The run, its tasks, and the same of the last successful runs; NotFound when there is no such run."""
    dag_id = checked_id(arguments.dag_id, "DAG")
    with client.calling(scope) as calls:
        run = _find_run(calls, dag_id, arguments.run_id)
        names = {"dag_id": dag_id, "limit": 100}
        instances = calls.get("TaskInstanceApi", "get_task_instances", **names, dag_run_id=run["dag_run_id"])
        done = {"state": ["success"], "order_by": ["-run_after"]}
        runs = calls.get("DagRunApi", "get_dag_runs", dag_id=dag_id, limit=COMPARED, **done)["dag_runs"]
        past = calls.get("TaskInstanceApi", "get_task_instances", **names, dag_run_id="~", **done)["task_instances"]
    return run_pace_from(run, instances["task_instances"], runs, past, scope.now)


def run_pace_from(
    run: Row, instances: Sequence[Row], successes: Sequence[Row], past: Sequence[Row], now: datetime
) -> RunPace:
    """Facts from the JSON of the run, its tasks, the DAG's last successful runs and the last successful tasks."""
    run_id = run["dag_run_id"]
    usual_run = usual(duration_s(row) for row in successes if row["dag_run_id"] != run_id)
    tasks = sorted(
        (_task(row, [old for old in past if old["dag_run_id"] != run_id], now) for row in instances),
        key=lambda task: (task.started_at is None, task.started_at or now, task.task_id),
    )
    slow = max(tasks, key=lambda task: task.extra_s, default=None)
    slow = slow if slow and slow.extra_s > 0 else None
    started, due = moment(run.get("start_date")), moment(run.get("run_after"))
    found = RunPace(
        run_id=words(run_id),
        state=words(run.get("state")),
        started_at=started,
        late_s=_between(due, started or now),
        took_s=duration_s(run) or _between(started, moment(run.get("end_date")) or now),
        usual_s=usual_run,
        slow_task=slow.task_id if slow else "",
        slow_extra_s=slow.extra_s if slow else 0.0,
        now=tuple(task.task_id for task in tasks if task.state == "running"),
        waiting=tuple(task.task_id for task in tasks if task.state in _WAITING),
        tasks=tuple(tasks),
    )
    return _with_verdict(found)


def _find_run(calls: Calls, dag_id: str, run_id: str) -> Row:
    if run_id:
        found: Row = calls.get("DagRunApi", "get_dag_run", dag_id=dag_id, dag_run_id=checked_run_id(run_id))
        return found
    newest = calls.get("DagRunApi", "get_dag_runs", dag_id=dag_id, order_by=["-run_after"], limit=1)["dag_runs"]
    if not newest:
        raise NotFound(SYSTEM, f"{dag_id} has never run")
    first: Row = newest[0]
    return first


def _task(row: Row, past: Sequence[Row], now: datetime) -> TaskPace:
    task_id, state = words(row["task_id"]), words(row.get("state"))
    known = usual(duration_s(old) for old in past if old["task_id"] == task_id)
    started = moment(row.get("start_date"))
    queued = moment(row.get("queued_when")) or moment(row.get("scheduled_when"))
    took = duration_s(row) or (_between(started, now) if state == "running" else 0.0)
    waited = _between(queued, now) if state in _WAITING and queued else _between(queued, started)
    beyond = took + waited - (known or 0.0)
    is_slow = known is not None and took + waited > max(known * MUCH_SLOWER, known + NOTICED_S)
    return TaskPace(
        task_id=task_id,
        state=state,
        tries=int(row.get("try_number") or 0),
        started_at=started,
        took_s=took,
        waited_s=waited,
        usual_s=known,
        extra_s=round(beyond, 1) if is_slow else 0.0,
        pool=words(row.get("pool")),
    )


def _with_verdict(pace: RunPace) -> RunPace:
    slow = next((task for task in pace.tasks if task.task_id == pace.slow_task), None)
    if pace.state == "failed":
        verdict, because = "failed", "it will not come to its end by itself"
    elif slow and slow.waited_s > slow.took_s:
        verdict, because = "waiting", f"{slow.task_id} waited for a slot longer than it works"
    elif slow:
        verdict, because = "slow", f"{slow.task_id} takes longer than usual"
    elif pace.late_s > max(60.0, pace.usual_s or 0.0):
        verdict, because = "late", "it began long after it was due"
    elif pace.usual_s is None:
        verdict, because = "unknown", "no successful run to compare with"
    else:
        verdict, because = "usual", "no task takes longer than it does otherwise"
    return replace(pace, verdict=verdict, because=because)


def _between(start: datetime | None, end: datetime | None) -> float:
    return round(max(0.0, (end - start).total_seconds()), 1) if start and end else 0.0


_STARTED = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
RUN_PACE: Probe[AirflowClient, RunPaceArguments, RunPace] = Probe(
    name="airflow.run_pace",
    summary="How long a run and its tasks take against their usual time, and which task is the slow one.",
    arguments=RunPaceArguments,
    facts=RunPace,
    read=read_run_pace,
    typical=RunPace(
        run_id="scheduled__2026-11-02T06:00:00+00:00",
        state="running",
        started_at=_STARTED,
        late_s=1.4,
        took_s=2712.0,
        usual_s=760.0,
        slow_task="dbt_run",
        slow_extra_s=1894.0,
        now=("dbt_run",),
        tasks=(
            TaskPace("load_snowflake", "success", 1, _STARTED, 44.0, 0.4, 41.0, 0.0, "default_pool"),
            TaskPace("dbt_run", "running", 1, _STARTED, 2101.0, 0.6, 207.6, 1894.0, "default_pool"),
        ),
        verdict="slow",
        because="dbt_run takes longer than usual",
    ),
    empty=RunPace(),
    deadline_s=10.0,
)
