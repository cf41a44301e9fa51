"""airflow.queue: what waits for Airflow's scheduler and executor, since when, and which DAGs should have started."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.probes.rows import Row, moment, words

SHOWN = 10
OVERDUE = timedelta(minutes=2)
"""A living scheduler creates a run within seconds of its time."""


@dataclass(frozen=True, slots=True)
class QueueArguments:
    """Nothing to ask for."""


@dataclass(frozen=True, slots=True)
class WaitingTask:
    """A task that is scheduled (the executor has not got it) or queued (it has, and no worker took it)."""

    dag_id: str
    task_id: str
    state: str
    since: datetime | None
    waited_s: float
    pool: str


@dataclass(frozen=True, slots=True)
class OverdueDag:
    """A DAG that is not paused and whose next run should have been created by now."""

    dag_id: str
    due_at: datetime
    overdue_s: float


@dataclass(frozen=True, slots=True)
class Queue:
    """Counts are of all DAGs; `waiting` and `overdue` hold the longest-waiting ten."""

    running: int = 0
    queued: int = 0
    scheduled: int = 0
    queued_runs: int = 0
    oldest: WaitingTask | None = None
    waiting: tuple[WaitingTask, ...] = ()
    overdue: tuple[OverdueDag, ...] = ()


def read_queue(client: AirflowClient, _arguments: QueueArguments, scope: Scope) -> Queue:
    """Task instances that run or wait, runs that wait, and DAGs that are due."""
    everywhere = {"dag_id": "~", "dag_run_id": "~", "order_by": ["run_after"]}
    with client.calling(scope) as calls:
        found = {
            state: calls.get("TaskInstanceApi", "get_task_instances", **everywhere, state=[state], limit=limit)
            for state, limit in (("running", 1), ("queued", scope.row_cap), ("scheduled", scope.row_cap))
        }
        runs = calls.get("DagRunApi", "get_dag_runs", dag_id="~", state=["queued"], limit=1)
        dags = calls.get("DAGApi", "get_dags", paused=False, exclude_stale=True, limit=100)["dags"]
    return queue_from(found, int(runs.get("total_entries") or 0), dags, scope.now)


def queue_from(found: dict[str, Row], queued_runs: int, dags: Sequence[Row], now: datetime) -> Queue:
    """Facts from the JSON of the task instances by state, and of the DAGs that are not paused."""
    waiting = [
        _waiting(row, now) for state in ("queued", "scheduled") for row in found[state].get("task_instances") or ()
    ]
    waiting.sort(key=lambda task: -task.waited_s)
    overdue = [_overdue(dag, now) for dag in dags]
    late = sorted((dag for dag in overdue if dag is not None), key=lambda dag: dag.due_at)
    return Queue(
        running=_count(found["running"]),
        queued=_count(found["queued"]),
        scheduled=_count(found["scheduled"]),
        queued_runs=queued_runs,
        oldest=waiting[0] if waiting else None,
        waiting=tuple(waiting[:SHOWN]),
        overdue=tuple(late[:SHOWN]),
    )


def _count(found: Row) -> int:
    return int(found.get("total_entries") or len(found.get("task_instances") or ()))


def _waiting(row: Row, now: datetime) -> WaitingTask:
    state = words(row.get("state"))
    since = moment(row.get("queued_when") if state == "queued" else row.get("scheduled_when"))
    since = since or moment(row.get("run_after"))
    return WaitingTask(
        dag_id=words(row["dag_id"]),
        task_id=words(row["task_id"]),
        state=state,
        since=since,
        waited_s=round(max(0.0, (now - since).total_seconds()), 1) if since else 0.0,
        pool=words(row.get("pool")),
    )


def _overdue(dag: Row, now: datetime) -> OverdueDag | None:
    due = moment(dag.get("next_dagrun_run_after"))
    if due is None or now - due < OVERDUE:
        return None
    return OverdueDag(words(dag["dag_id"]), due, round((now - due).total_seconds(), 1))


_OLDEST = WaitingTask(
    "ecommerce_daily",
    "load_snowflake",
    "scheduled",
    datetime(2026, 11, 2, 5, 41, 30, tzinfo=UTC),
    1110.0,
    "default_pool",
)
QUEUE: Probe[AirflowClient, QueueArguments, Queue] = Probe(
    name="airflow.queue",
    summary="Tasks and runs that wait, the oldest of them, and DAGs whose run should have started.",
    arguments=QueueArguments,
    facts=Queue,
    read=read_queue,
    typical=Queue(
        running=1,
        queued=0,
        scheduled=6,
        queued_runs=1,
        oldest=_OLDEST,
        waiting=(_OLDEST,),
        overdue=(OverdueDag("marketing_hourly", datetime(2026, 11, 2, 5, 45, tzinfo=UTC), 900.0),),
    ),
    empty=Queue(),
    deadline_s=10.0,
)
