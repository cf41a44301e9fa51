"""airflow.failures: what else failed in the same minutes, in any DAG?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.names import checked_id
from bot.integrations.airflow.probes.rows import Row, moment, words

MINUTES = 30
SHOWN = 10
_FAILED = ("failed", "up_for_retry")


@dataclass(frozen=True, slots=True)
class FailuresArguments:
    """The last `minutes`; the task of `dag_id` and `task_id`, which is known to fail, is left out."""

    dag_id: str = ""
    task_id: str = ""
    minutes: int = MINUTES


@dataclass(frozen=True, slots=True)
class Failure:
    """One task that failed, for good or until its next try."""

    dag_id: str
    task_id: str
    run_id: str
    state: str
    ended_at: datetime | None
    host: str


@dataclass(frozen=True, slots=True)
class Failures:
    """Newest first, at most ten; `count` speaks of all, `dags` of all that were read.

    `host` is the one that all ran on, "" for several.
    `verdict` is "alone" or "wide", `because` says so in words.
    """

    minutes: int = MINUTES
    count: int = 0
    dags: tuple[str, ...] = ()
    host: str = ""
    failures: tuple[Failure, ...] = ()
    verdict: str = "alone"
    because: str = "nothing else failed"


def read_failures(client: AirflowClient, arguments: FailuresArguments, scope: Scope) -> Failures:
    """Task instances of all DAGs that ended badly within the last minutes."""
    minutes = max(1, min(arguments.minutes, 24 * 60))
    known = tuple(
        checked_id(text, kind) if text else ""
        for text, kind in ((arguments.dag_id, "DAG"), (arguments.task_id, "task"))
    )
    with client.calling(scope) as calls:
        found = calls.get(
            "TaskInstanceApi",
            "get_task_instances",
            dag_id="~",
            dag_run_id="~",
            state=list(_FAILED),
            end_date_gte=scope.now - timedelta(minutes=minutes),
            order_by=["-end_date"],
            limit=scope.row_cap,
        )
    total = int(found.get("total_entries") or 0)
    return failures_from(found["task_instances"], minutes, known[0], known[1], total)


def failures_from(rows: Sequence[Row], minutes: int, dag_id: str = "", task_id: str = "", total: int = 0) -> Failures:
    """Facts from the JSON of the task instances, newest first; `total` is how many there are beyond those read too."""
    others = [row for row in rows if (row["dag_id"], row["task_id"]) != (dag_id, task_id)]
    dags = tuple(dict.fromkeys(words(row["dag_id"]) for row in others))
    count = max(total - len(rows), 0) + len(others)
    hosts = {words(row.get("hostname")) for row in others}
    return Failures(
        minutes=minutes,
        count=count,
        dags=dags,
        host=hosts.pop() if len(hosts) == 1 else "",
        failures=tuple(_failure(row) for row in others[:SHOWN]),
        verdict="wide" if others else "alone",
        because=_because(count, len(dags)),
    )


def _failure(row: Row) -> Failure:
    return Failure(
        dag_id=words(row["dag_id"]),
        task_id=words(row["task_id"]),
        run_id=words(row["dag_run_id"]),
        state=words(row["state"]),
        ended_at=moment(row.get("end_date")),
        host=words(row.get("hostname")),
    )


def _because(count: int, dags: int) -> str:
    if not count:
        return "nothing else failed"
    return f"{count} other task{'s' if count > 1 else ''} of {dags} DAG{'s' if dags > 1 else ''} failed too"


FAILURES: Probe[AirflowClient, FailuresArguments, Failures] = Probe(
    name="airflow.failures",
    summary="Which other tasks, of any DAG, failed in the last minutes.",
    arguments=FailuresArguments,
    facts=Failures,
    read=read_failures,
    typical=Failures(
        count=1,
        dags=("marketing_hourly",),
        host="worker-2",
        failures=(
            Failure(
                "marketing_hourly",
                "load_clicks",
                "scheduled__2026-11-02T06:00:00+00:00",
                "up_for_retry",
                datetime(2026, 11, 2, 6, 3, 10, tzinfo=UTC),
                "worker-2",
            ),
        ),
        verdict="wide",
        because="1 other task of 1 DAG failed too",
    ),
    empty=Failures(),
    deadline_s=10.0,
)
