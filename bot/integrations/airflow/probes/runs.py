"""airflow.todays_run and airflow.dag_run: did the DAG run today, and how did a run end?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.names import checked_id, checked_run_id
from bot.integrations.airflow.probes.rows import Row, duration_s, ids_in, moment, words

RECENT = 10
_FAILED = ("failed", "upstream_failed")
_RUNNING = ("running", "up_for_retry", "queued", "restarting", "deferred")
_TOLD = (*_FAILED, "skipped", *_RUNNING)


@dataclass(frozen=True, slots=True)
class TodaysRunArguments:
    """A DAG; today is the day in UTC."""

    dag_id: str


@dataclass(frozen=True, slots=True)
class DagRunArguments:
    """One run of a DAG."""

    dag_id: str
    run_id: str


@dataclass(frozen=True, slots=True)
class RecentRun:
    """One of the last runs; `duration_s` is 0 while it runs."""

    run_id: str
    state: str
    started_at: datetime | None
    duration_s: float


@dataclass(frozen=True, slots=True)
class TodaysRun:
    """The newest run that was due today; `has_run` is false, and its fields empty, when there is none.

    `failed_tasks` holds those that failed and those that were not run for it. `recent` are the last ten, newest first.
    """

    is_paused: bool
    schedule: str
    has_run: bool
    run_id: str = ""
    state: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    run_type: str = ""
    failed_tasks: tuple[str, ...] = ()
    skipped_tasks: tuple[str, ...] = ()
    running_tasks: tuple[str, ...] = ()
    last_success_at: datetime | None = None
    next_run_at: datetime | None = None
    recent: tuple[RecentRun, ...] = ()


@dataclass(frozen=True, slots=True)
class DagRun:
    """One run; `exists` is false when Airflow has none of that id."""

    exists: bool
    state: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    failed_tasks: tuple[str, ...] = ()


def read_todays_run(client: AirflowClient, arguments: TodaysRunArguments, scope: Scope) -> TodaysRun:
    """The DAG, its last runs and today's tasks; NotFound when there is no such DAG."""
    dag_id = checked_id(arguments.dag_id, "DAG")
    with client.calling(scope) as calls:
        dag = calls.get("DAGApi", "get_dag", dag_id=dag_id)
        listed = {"dag_id": dag_id, "order_by": ["-run_after"]}
        runs = calls.get("DagRunApi", "get_dag_runs", **listed, limit=RECENT)["dag_runs"]
        successes = calls.get("DagRunApi", "get_dag_runs", **listed, limit=1, state=["success"])["dag_runs"]
        today = run_of_today(runs, scope.now)
        tasks: Sequence[Row] = ()
        if today is not None:
            # Airflow lists a hundred at most: those that succeeded must not push out the one that failed.
            names = {"dag_id": dag_id, "dag_run_id": today["dag_run_id"], "limit": 100, "state": list(_TOLD)}
            tasks = calls.get("TaskInstanceApi", "get_task_instances", **names)["task_instances"]
    return todays_run_from(dag, runs, successes, tasks, scope.now)


def read_dag_run(client: AirflowClient, arguments: DagRunArguments, scope: Scope) -> DagRun:
    """The run and its failed tasks."""
    names = {"dag_id": checked_id(arguments.dag_id, "DAG"), "dag_run_id": checked_run_id(arguments.run_id)}
    with client.calling(scope) as calls:
        run = calls.find("DagRunApi", "get_dag_run", **names)
        if run is None:
            return DagRun(exists=False)
        tasks = calls.get("TaskInstanceApi", "get_task_instances", **names, state=list(_FAILED), limit=100)
    return dag_run_from(run, tasks["task_instances"])


def run_of_today(runs: Sequence[Row], now: datetime) -> Row | None:
    """The newest run that was due today (UTC): a daily run is due when the day that it covers is over."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    due = [run for run in runs if (at := moment(run["run_after"])) and midnight <= at < midnight + timedelta(days=1)]
    return max(due, key=lambda run: moment(run["run_after"]) or midnight, default=None)


def todays_run_from(
    dag: Row, runs: Sequence[Row], successes: Sequence[Row], tasks: Sequence[Row], now: datetime
) -> TodaysRun:
    """Facts from the JSON of the DAG, its last runs, its last success, and the tasks of today's run."""
    today = run_of_today(runs, now)
    run = today or {}
    return TodaysRun(
        is_paused=bool(dag.get("is_paused")),
        schedule=words(dag.get("timetable_summary")),
        has_run=today is not None,
        run_id=words(run.get("dag_run_id")),
        state=words(run.get("state")),
        started_at=moment(run.get("start_date")),
        ended_at=moment(run.get("end_date")),
        run_type=words(run.get("run_type")),
        failed_tasks=ids_in(tasks, *_FAILED),
        skipped_tasks=ids_in(tasks, "skipped"),
        running_tasks=ids_in(tasks, *_RUNNING),
        last_success_at=moment(successes[0].get("end_date")) if successes else None,
        next_run_at=moment(dag.get("next_dagrun_run_after")),
        recent=tuple(
            RecentRun(words(r["dag_run_id"]), words(r["state"]), moment(r.get("start_date")), duration_s(r))
            for r in runs
        ),
    )


def dag_run_from(run: Row, failed: Sequence[Row]) -> DagRun:
    """Facts from the JSON of a run and its failed task instances."""
    return DagRun(
        exists=True,
        state=words(run.get("state")),
        started_at=moment(run.get("start_date")),
        ended_at=moment(run.get("end_date")),
        failed_tasks=ids_in(failed, *_FAILED),
    )


_FIRST = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
TODAYS_RUN: Probe[AirflowClient, TodaysRunArguments, TodaysRun] = Probe(
    name="airflow.todays_run",
    summary="Whether a DAG ran today and how that ended, its last success and its next run.",
    arguments=TodaysRunArguments,
    facts=TodaysRun,
    read=read_todays_run,
    typical=TodaysRun(
        is_paused=False,
        schedule="0 6 * * *",
        has_run=True,
        run_id="scheduled__2026-11-02T06:00:00+00:00",
        state="failed",
        started_at=_FIRST,
        ended_at=datetime(2026, 11, 2, 6, 19, 4, tzinfo=UTC),
        run_type="scheduled",
        failed_tasks=("extract_postgres_orders", "load_snowflake", "dbt_run", "dbt_test"),
        last_success_at=datetime(2026, 11, 1, 6, 12, 40, tzinfo=UTC),
        next_run_at=datetime(2026, 11, 3, 6, 0, tzinfo=UTC),
        recent=(
            RecentRun("scheduled__2026-11-02T06:00:00+00:00", "failed", _FIRST, 1144.0),
            RecentRun("scheduled__2026-11-01T06:00:00+00:00", "success", _FIRST - timedelta(days=1), 760.0),
        ),
    ),
    empty=TodaysRun(is_paused=False, schedule="", has_run=False),
    deadline_s=10.0,
)
DAG_RUN: Probe[AirflowClient, DagRunArguments, DagRun] = Probe(
    name="airflow.dag_run",
    summary="The state of one run of a DAG.",
    arguments=DagRunArguments,
    facts=DagRun,
    read=read_dag_run,
    typical=DagRun(
        exists=True, state="success", started_at=_FIRST, ended_at=datetime(2026, 11, 2, 6, 12, 40, tzinfo=UTC)
    ),
    empty=DagRun(exists=False),
    deadline_s=10.0,
)
