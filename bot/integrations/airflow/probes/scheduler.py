"""airflow.scheduler: do Airflow's own processes live?"""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.probes.rows import Row, moment, words


@dataclass(frozen=True, slots=True)
class SchedulerArguments:
    """Nothing to ask for."""


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Each part is "healthy", "unhealthy", or "" when it is not run; `status` and `heartbeat_*` are the scheduler's."""

    status: str
    heartbeat_at: datetime | None = None
    heartbeat_age_s: float | None = None
    metadatabase: str = ""
    dag_processor: str = ""
    triggerer: str = ""
    is_healthy: bool = False


def read_scheduler(client: AirflowClient, _arguments: SchedulerArguments, scope: Scope) -> Scheduler:
    """Airflow's own report of its health."""
    with client.calling(scope) as calls:
        return scheduler_from(calls.get("MonitorApi", "get_health"), scope.now)


def scheduler_from(health: Row, now: datetime) -> Scheduler:
    """Facts from the JSON of /monitor/health."""
    scheduler = health.get("scheduler") or {}
    heartbeat = moment(scheduler.get("latest_scheduler_heartbeat"))
    status, metadatabase = words(scheduler.get("status")), _status(health, "metadatabase")
    processor = _status(health, "dag_processor")
    return Scheduler(
        status=status,
        heartbeat_at=heartbeat,
        heartbeat_age_s=None if heartbeat is None else round(max(0.0, (now - heartbeat).total_seconds()), 1),
        metadatabase=metadatabase,
        dag_processor=processor,
        triggerer=_status(health, "triggerer"),
        is_healthy=status == "healthy" and metadatabase == "healthy" and processor in ("healthy", ""),
    )


def _status(health: Row, part: str) -> str:
    return words((health.get(part) or {}).get("status"))


SCHEDULER: Probe[AirflowClient, SchedulerArguments, Scheduler] = Probe(
    name="airflow.scheduler",
    summary="Whether Airflow's scheduler, database and DAG processor are healthy.",
    arguments=SchedulerArguments,
    facts=Scheduler,
    read=read_scheduler,
    typical=Scheduler(
        status="unhealthy",
        heartbeat_at=datetime(2026, 11, 2, 5, 41, 7, tzinfo=UTC),
        heartbeat_age_s=1133.0,
        metadatabase="healthy",
        dag_processor="healthy",
    ),
    empty=Scheduler(status=""),
    deadline_s=10.0,
)
