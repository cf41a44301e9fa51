"""airflow.jobs: Airflow's own processes and when each was last heard of, and the tasks that lost their worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.alerts.redaction import redact
from bot.diagnostics.probe import Probe, Scope
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.probes.rows import Row, moment, words

SHOWN = 10
HOURS = 6
LOST = ("heartbeat timeout", "state mismatch", "stuck in queued reschedule", "stuck in queued tries exceeded")
"""Events that the scheduler itself writes about a task whose worker is gone (a zombie) or never took it."""


@dataclass(frozen=True, slots=True)
class JobsArguments:
    """Lost tasks are those of the last `hours`."""

    hours: int = HOURS


@dataclass(frozen=True, slots=True)
class Job:
    """One process: its kind (SchedulerJob, DagProcessorJob, TriggererJob …), host, and last heartbeat."""

    kind: str
    state: str
    host: str
    started_at: datetime | None
    heartbeat_at: datetime | None
    heartbeat_age_s: float | None
    is_alive: bool


@dataclass(frozen=True, slots=True)
class LostTask:
    """A task that the scheduler gave up on, and why."""

    dag_id: str
    task_id: str
    run_id: str
    event: str
    at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Jobs:
    """The newest jobs of each kind, alive ones first; `kinds_down` have had a job but have none alive."""

    jobs: tuple[Job, ...] = ()
    alive: int = 0
    schedulers_alive: int = 0
    kinds_down: tuple[str, ...] = ()
    lost: tuple[LostTask, ...] = ()
    lost_count: int = 0


def read_jobs(client: AirflowClient, arguments: JobsArguments, scope: Scope) -> Jobs:
    """The newest jobs, which of them live, and the scheduler's events about lost tasks."""
    since = scope.now - timedelta(hours=max(1, min(arguments.hours, 48)))
    with client.calling(scope) as calls:
        newest = calls.get("JobApi", "get_jobs", order_by=["-start_date"], limit=scope.row_cap)["jobs"]
        alive = calls.get("JobApi", "get_jobs", is_alive=True, limit=scope.row_cap)["jobs"]
        events = calls.get(
            "EventLogApi", "get_event_logs", included_events=list(LOST), after=since, order_by=["-when"], limit=SHOWN
        )
    return jobs_from(newest, alive, events, scope.now)


def jobs_from(newest: Sequence[Row], alive: Sequence[Row], events: Row, now: datetime) -> Jobs:
    """Facts from the JSON of the newest jobs, of those alive, and of the event log."""
    living = {row["id"] for row in alive}
    known = {row["id"]: row for row in (*alive, *newest)}
    jobs = sorted((_job(row, row["id"] in living, now) for row in known.values()), key=_by_life)
    kinds = dict.fromkeys(job.kind for job in jobs)
    down = tuple(kind for kind in kinds if not any(job.is_alive for job in jobs if job.kind == kind))
    shown = [job for job in jobs if job.is_alive or job.kind in down]
    return Jobs(
        jobs=tuple(shown[:SHOWN]),
        alive=len(living),
        schedulers_alive=sum(job.is_alive and job.kind == "SchedulerJob" for job in jobs),
        kinds_down=down,
        lost=tuple(_lost(row) for row in events.get("event_logs") or ()),
        lost_count=int(events.get("total_entries") or 0),
    )


def _job(row: Row, is_alive: bool, now: datetime) -> Job:
    heard = moment(row.get("latest_heartbeat"))
    return Job(
        kind=words(row.get("job_type")),
        state=words(row.get("state")),
        host=words(row.get("hostname")),
        started_at=moment(row.get("start_date")),
        heartbeat_at=heard,
        heartbeat_age_s=round(max(0.0, (now - heard).total_seconds()), 1) if heard else None,
        is_alive=is_alive,
    )


def _by_life(job: Job) -> tuple[bool, float]:
    return not job.is_alive, job.heartbeat_age_s if job.heartbeat_age_s is not None else float("inf")


def _lost(row: Row) -> LostTask:
    return LostTask(
        dag_id=words(row.get("dag_id")),
        task_id=words(row.get("task_id")),
        run_id=words(row.get("run_id")),
        event=words(row["event"]),
        at=moment(row.get("when")),
        why=redact(" ".join(words(row.get("extra")).split()))[:200],
    )


_HEARD = datetime(2026, 11, 2, 5, 41, 7, tzinfo=UTC)
JOBS: Probe[AirflowClient, JobsArguments, Jobs] = Probe(
    name="airflow.jobs",
    summary="Airflow's processes and their heartbeats, and tasks that lost their worker.",
    arguments=JobsArguments,
    facts=Jobs,
    read=read_jobs,
    typical=Jobs(
        jobs=(
            Job("DagProcessorJob", "running", "airflow-1", _HEARD, _HEARD + timedelta(minutes=18), 4.0, is_alive=True),
            Job("SchedulerJob", "running", "airflow-1", _HEARD, _HEARD, 1133.0, is_alive=False),
        ),
        alive=1,
        kinds_down=("SchedulerJob",),
        lost=(
            LostTask(
                "ecommerce_daily",
                "load_snowflake",
                "scheduled__2026-11-02T06:00:00+00:00",
                "heartbeat timeout",
                _HEARD,
                "Task did not emit heartbeat within time limit (300 seconds)",
            ),
        ),
        lost_count=1,
    ),
    empty=Jobs(),
    deadline_s=10.0,
)
