"""airflow.task_history: did this task fail before, and how long does it usually take?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.names import checked_id
from bot.integrations.airflow.probes.rows import Row, duration_s, moment, usual, words

SHOWN = 14
_FAILING = ("failed", "up_for_retry")


@dataclass(frozen=True, slots=True)
class TaskHistoryArguments:
    """A task, and in how many of the last runs to look (at most 14)."""

    dag_id: str
    task_id: str
    limit: int = SHOWN


@dataclass(frozen=True, slots=True)
class PastTask:
    """The task in one run: its state, how many tries that took, and how long the last one."""

    run_id: str
    state: str
    tries: int
    started_at: datetime | None
    duration_s: float


@dataclass(frozen=True, slots=True)
class TaskHistory:
    """Oldest first, newest last. `failed` counts runs in which it failed for good or waits for its next try.

    `verdict` is "new" (the newest run is the first that failed), "again", "always" (every one failed), "flaky" (it only
    succeeds after a retry now and then), "fine" or "unknown", `because` says why. `usual_s` is the median of successes.
    """

    dag_id: str
    task_id: str
    runs: tuple[PastTask, ...] = ()
    count: int = 0
    failed: int = 0
    retried: int = 0
    usual_s: float | None = None
    last_success_at: datetime | None = None
    verdict: str = "unknown"
    because: str = "no run of it is known"


def read_task_history(client: AirflowClient, arguments: TaskHistoryArguments, scope: Scope) -> TaskHistory:
    """The task's instances in the newest runs that started it."""
    dag_id, task_id = checked_id(arguments.dag_id, "DAG"), checked_id(arguments.task_id, "task")
    with client.calling(scope) as calls:
        found = calls.get(
            "TaskInstanceApi",
            "get_task_instances",
            dag_id=dag_id,
            dag_run_id="~",
            task_id=task_id,
            order_by=["-run_after"],
            limit=max(1, min(arguments.limit, SHOWN, scope.row_cap)),
        )
    return task_history_from(dag_id, task_id, found["task_instances"])


def task_history_from(dag_id: str, task_id: str, newest_first: Sequence[Row]) -> TaskHistory:
    """Facts from the JSON of the task's instances."""
    rows = [row for row in reversed(newest_first) if row.get("state")]
    succeeded = [row for row in rows if row.get("state") == "success"]
    failed = [row for row in rows if row.get("state") in _FAILING]
    retried = [row for row in succeeded if int(row.get("try_number") or 1) > 1]
    verdict, because = _verdict(len(rows), len(failed), len(retried), newest_fails=bool(rows) and rows[-1] in failed)
    return TaskHistory(
        dag_id=dag_id,
        task_id=task_id,
        runs=tuple(_past(row) for row in rows),
        count=len(rows),
        failed=len(failed),
        retried=len(retried),
        usual_s=usual(duration_s(row) for row in succeeded),
        last_success_at=moment(succeeded[-1].get("end_date")) if succeeded else None,
        verdict=verdict,
        because=because,
    )


def _past(row: Row) -> PastTask:
    return PastTask(
        run_id=words(row["dag_run_id"]),
        state=words(row["state"]),
        tries=int(row.get("try_number") or 0),
        started_at=moment(row.get("start_date")),
        duration_s=duration_s(row),
    )


def _verdict(count: int, failed: int, retried: int, *, newest_fails: bool) -> tuple[str, str]:
    says = (
        (count == 0, "unknown", "no run of it is known"),
        (count == 1, "unknown", "this is its first known run"),
        (failed == count, "always", f"it failed in all of the last {count} runs"),
        (newest_fails and failed == 1, "new", f"it failed in none of the runs before ({count - 1})"),
        (failed > 0, "again", f"it failed in {failed} of the last {count} runs"),
        (retried > 0, "flaky", f"{retried} of the last {count} runs needed a retry"),
    )
    fine = ("fine", f"it succeeded in the last {count} runs")
    return next(((verdict, because) for holds, verdict, because in says if holds), fine)


TASK_HISTORY: Probe[AirflowClient, TaskHistoryArguments, TaskHistory] = Probe(
    name="airflow.task_history",
    summary="How a task fared in the last runs: states, tries, durations, and whether failing is new.",
    arguments=TaskHistoryArguments,
    facts=TaskHistory,
    read=read_task_history,
    typical=TaskHistory(
        dag_id="ecommerce_daily",
        task_id="load_snowflake",
        runs=(
            PastTask(
                "scheduled__2026-11-01T06:00:00+00:00", "success", 1, datetime(2026, 11, 1, 6, 2, tzinfo=UTC), 41.0
            ),
            PastTask(
                "scheduled__2026-11-02T06:00:00+00:00", "failed", 3, datetime(2026, 11, 2, 6, 13, tzinfo=UTC), 6.2
            ),
        ),
        count=2,
        failed=1,
        usual_s=41.0,
        last_success_at=datetime(2026, 11, 1, 6, 2, 41, tzinfo=UTC),
        verdict="new",
        because="it failed in none of the runs before (1)",
    ),
    empty=TaskHistory(dag_id="ecommerce_daily", task_id="load_snowflake"),
    deadline_s=10.0,
)
