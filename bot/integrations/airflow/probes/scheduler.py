"""airflow.scheduler: do Airflow's own processes live?"""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.probes.rows import Row, moment, words

PARTS = ("scheduler", "metadatabase", "dag_processor", "triggerer")


@dataclass(frozen=True, slots=True)
class SchedulerArguments:
    """Nothing to ask for."""


@dataclass(frozen=True, slots=True)
class Component:
    """A part of Airflow that runs; the metadata database has no heartbeat."""

    name: str
    status: str
    heartbeat_at: datetime | None
    heartbeat_age_s: float | None


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Each part is "healthy", "unhealthy", or "" when it is not run; `status` and `heartbeat_*` are the scheduler's.

    `components` are the parts that are run, `down` the names of those that are not healthy.
    """

    status: str
    heartbeat_at: datetime | None = None
    heartbeat_age_s: float | None = None
    metadatabase: str = ""
    dag_processor: str = ""
    triggerer: str = ""
    is_healthy: bool = False
    components: tuple[Component, ...] = ()
    down: tuple[str, ...] = ()


def read_scheduler(client: AirflowClient, _arguments: SchedulerArguments, scope: Scope) -> Scheduler:
    """Airflow's own report of its health."""
    with client.calling(scope) as calls:
        return scheduler_from(calls.get("MonitorApi", "get_health"), scope.now)


def scheduler_from(health: Row, now: datetime) -> Scheduler:
    """Facts from the JSON of /monitor/health."""
    components = {name: _component(health, name, now) for name in PARTS}
    scheduler = components["scheduler"]
    status, metadatabase = scheduler.status, components["metadatabase"].status
    processor = components["dag_processor"].status
    run = tuple(component for component in components.values() if component.status)
    return Scheduler(
        status=status,
        heartbeat_at=scheduler.heartbeat_at,
        heartbeat_age_s=scheduler.heartbeat_age_s,
        metadatabase=metadatabase,
        dag_processor=processor,
        triggerer=components["triggerer"].status,
        is_healthy=status == "healthy" and metadatabase == "healthy" and processor in ("healthy", ""),
        components=run,
        down=tuple(component.name for component in run if component.status != "healthy"),
    )


def _component(health: Row, name: str, now: datetime) -> Component:
    found = health.get(name) or {}
    heartbeat = moment(found.get(f"latest_{name}_heartbeat"))
    age_s = None if heartbeat is None else round(max(0.0, (now - heartbeat).total_seconds()), 1)
    return Component(name, words(found.get("status")), heartbeat, age_s)


_HEARD = datetime(2026, 11, 2, 5, 41, 7, tzinfo=UTC)


SCHEDULER: Probe[AirflowClient, SchedulerArguments, Scheduler] = Probe(
    name="airflow.scheduler",
    summary="Whether Airflow's scheduler, database and DAG processor are healthy.",
    arguments=SchedulerArguments,
    facts=Scheduler,
    read=read_scheduler,
    typical=Scheduler(
        status="unhealthy",
        heartbeat_at=_HEARD,
        heartbeat_age_s=1133.0,
        metadatabase="healthy",
        dag_processor="healthy",
        components=(
            Component("scheduler", "unhealthy", _HEARD, 1133.0),
            Component("metadatabase", "healthy", None, None),
            Component("dag_processor", "healthy", datetime(2026, 11, 2, 5, 59, 58, tzinfo=UTC), 2.0),
        ),
        down=("scheduler",),
    ),
    empty=Scheduler(status=""),
    deadline_s=10.0,
)
