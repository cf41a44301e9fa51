"""airflow.task_neighbours: which tasks before this one failed, and which after it are held up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.diagnostics.probe import Probe, Scope
from bot.errors import NotFound
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.failures import SYSTEM
from bot.integrations.airflow.names import checked_id, checked_run_id
from bot.integrations.airflow.probes.logs import newest_instance
from bot.integrations.airflow.probes.rows import Row, ids_in, words

_FAILED = ("failed", "upstream_failed")
_FAILING = (*_FAILED, "up_for_retry")
_DONE = ("success", "skipped", "removed")


@dataclass(frozen=True, slots=True)
class TaskNeighboursArguments:
    """Without `run_id` the newest run that has the task."""

    dag_id: str
    task_id: str
    run_id: str = ""


@dataclass(frozen=True, slots=True)
class TaskNeighbours:
    """Task ids of one run, seen from one task; each group in the order in which they ran.

    `root` is what failed first on the way to the task: itself when nothing before it did, "" when it did not fail.
    `held` come after it and have not succeeded; `failed_beside` failed and lie neither before nor after it.
    """

    run_id: str = ""
    root: str = ""
    failed_before: tuple[str, ...] = ()
    failed_beside: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    running: tuple[str, ...] = ()
    task_count: int = 0
    done_count: int = 0


def read_task_neighbours(client: AirflowClient, arguments: TaskNeighboursArguments, scope: Scope) -> TaskNeighbours:
    """The run's tasks and how they hang together; NotFound when the task has never run."""
    dag_id, task_id = checked_id(arguments.dag_id, "DAG"), checked_id(arguments.task_id, "task")
    with client.calling(scope) as calls:
        run_id = checked_run_id(arguments.run_id) if arguments.run_id else ""
        if not run_id:
            newest = newest_instance(calls, dag_id, task_id)
            if newest is None:
                raise NotFound(SYSTEM, f"{dag_id}.{task_id} has never run")
            run_id = words(newest["dag_run_id"])
        names = {"dag_id": dag_id, "dag_run_id": run_id, "limit": 100}
        instances = calls.get("TaskInstanceApi", "get_task_instances", **names)["task_instances"]
        tasks = calls.get("TaskApi", "get_tasks", dag_id=dag_id)["tasks"]
    return task_neighbours_from(task_id, run_id, instances, tasks)


def task_neighbours_from(task_id: str, run_id: str, instances: Sequence[Row], tasks: Sequence[Row]) -> TaskNeighbours:
    """Facts from the JSON of the run's task instances and of the DAG's tasks."""
    after = {words(task["task_id"]): set(task.get("downstream_task_ids") or ()) for task in tasks}
    before: dict[str, set[str]] = {name: set() for name in after}
    for name, followers in after.items():
        for follower in followers:
            before.setdefault(follower, set()).add(name)
    upstream, downstream = _reach(task_id, before), _reach(task_id, after)
    failing = ids_in(instances, *_FAILING)
    failed_before = tuple(name for name in failing if name in upstream)
    own = [name for name in ids_in(instances, "failed", "up_for_retry") if name in upstream or name == task_id]
    done = ids_in(instances, *_DONE)
    return TaskNeighbours(
        run_id=run_id,
        root=own[0] if own and task_id in failing else "",
        failed_before=failed_before,
        failed_beside=tuple(name for name in failing if name not in {*upstream, *downstream, task_id}),
        held=tuple(name for name in downstream if name not in done),
        running=ids_in(instances, "running"),
        task_count=len(_all_ids(instances)),
        done_count=len(done),
    )


def _reach(start: str, edges: Mapping[str, Iterable[str]]) -> dict[str, None]:
    """Everything that can be reached from `start`, without itself, the nearest first."""
    found: dict[str, None] = {}
    waiting = sorted(edges.get(start, ()))
    for name in waiting:
        if name not in found and name != start:
            found[name] = None
            waiting.extend(sorted(edges.get(name, ())))
    return found


def _all_ids(instances: Sequence[Row]) -> tuple[str, ...]:
    return ids_in(instances, *{words(row.get("state")) for row in instances}, "")


TASK_NEIGHBOURS: Probe[AirflowClient, TaskNeighboursArguments, TaskNeighbours] = Probe(
    name="airflow.task_neighbours",
    summary="Which tasks before a task failed in its run, and which after it wait.",
    arguments=TaskNeighboursArguments,
    facts=TaskNeighbours,
    read=read_task_neighbours,
    typical=TaskNeighbours(
        run_id="scheduled__2026-11-02T06:00:00+00:00",
        root="load_snowflake",
        held=("dbt_run", "dbt_test"),
        task_count=5,
        done_count=2,
    ),
    empty=TaskNeighbours(),
    deadline_s=10.0,
)
