"""airflow.recent_runs: how the last runs of a DAG ended and how long they took, for a chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.names import checked_id
from bot.integrations.airflow.probes.rows import Row, duration_s, moment, usual, words
from bot.integrations.airflow.probes.runs import RecentRun

SHOWN = 14


@dataclass(frozen=True, slots=True)
class RecentRunsArguments:
    """A DAG, and how many of its runs (at most 14)."""

    dag_id: str
    limit: int = SHOWN


@dataclass(frozen=True, slots=True)
class RecentRuns:
    """Oldest first, newest last. `usual_s` is the median of those that succeeded, None without any.

    `failed` counts; `failed_in_a_row` are those at the end, up to the last success.
    """

    dag_id: str
    runs: tuple[RecentRun, ...] = ()
    count: int = 0
    failed: int = 0
    failed_in_a_row: int = 0
    usual_s: float | None = None
    last_success_at: datetime | None = None


def read_recent_runs(client: AirflowClient, arguments: RecentRunsArguments, scope: Scope) -> RecentRuns:
    """The newest runs of the DAG; NotFound when there is no such DAG."""
    dag_id = checked_id(arguments.dag_id, "DAG")
    limit = max(1, min(arguments.limit, SHOWN, scope.row_cap))
    with client.calling(scope) as calls:
        found = calls.get("DagRunApi", "get_dag_runs", dag_id=dag_id, order_by=["-run_after"], limit=limit)
    return recent_runs_from(dag_id, found["dag_runs"])


def recent_runs_from(dag_id: str, newest_first: Sequence[Row]) -> RecentRuns:
    """Facts from the JSON of the runs."""
    rows = list(reversed(newest_first))
    succeeded = [row for row in rows if row.get("state") == "success"]
    ended = [row.get("state") for row in newest_first if row.get("state") in ("success", "failed")]
    return RecentRuns(
        dag_id=dag_id,
        runs=tuple(
            RecentRun(words(row["dag_run_id"]), words(row["state"]), moment(row.get("start_date")), duration_s(row))
            for row in rows
        ),
        count=len(rows),
        failed=ended.count("failed"),
        failed_in_a_row=ended.index("success") if "success" in ended else len(ended),
        usual_s=usual(duration_s(row) for row in succeeded),
        last_success_at=moment(succeeded[-1].get("end_date")) if succeeded else None,
    )


_FIRST = datetime(2026, 10, 31, 6, 0, tzinfo=UTC)
RECENT_RUNS: Probe[AirflowClient, RecentRunsArguments, RecentRuns] = Probe(
    name="airflow.recent_runs",
    summary="How the last runs of a DAG ended and how long they took, oldest first.",
    arguments=RecentRunsArguments,
    facts=RecentRuns,
    read=read_recent_runs,
    typical=RecentRuns(
        dag_id="ecommerce_daily",
        runs=tuple(
            RecentRun(f"scheduled__{day:%Y-%m-%dT%H:%M:%S}+00:00", state, day, seconds)
            for day, state, seconds in (
                (_FIRST, "success", 745.0),
                (_FIRST + timedelta(days=1), "success", 760.0),
                (_FIRST + timedelta(days=2), "failed", 1144.0),
            )
        ),
        count=3,
        failed=1,
        failed_in_a_row=1,
        usual_s=752.5,
        last_success_at=datetime(2026, 11, 1, 6, 12, 40, tzinfo=UTC),
    ),
    empty=RecentRuns(dag_id="ecommerce_daily"),
    deadline_s=10.0,
)
