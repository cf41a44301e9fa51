"""airflow.try_logs: what each try of a task said about something, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.alerts.redaction import redact
from bot.diagnostics.probe import Probe, Scope
from bot.diagnostics.task_try import LogLine, TaskTry
from bot.errors import NotFound
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.failures import SYSTEM
from bot.integrations.airflow.names import checked_id, checked_run_id
from bot.integrations.airflow.probes.logs import exception_in, newest_instance
from bot.integrations.airflow.probes.rows import Row, duration_s, moment, words

TRIES = 5
LINES = 60
LINE_LENGTH = 240


@dataclass(frozen=True, slots=True)
class TryLogsArguments:
    """Lines that hold any of `containing` (plain text, letters' case aside). Without `run_id` the newest run."""

    dag_id: str
    task_id: str
    run_id: str = ""
    containing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TryLogs:
    """The last five tries of the task in that run, first try first; of each the last sixty lines that match."""

    run_id: str = ""
    tries: tuple[TaskTry, ...] = ()


def read_try_logs(client: AirflowClient, arguments: TryLogsArguments, scope: Scope) -> TryLogs:
    """The logs of the tries that have begun; NotFound when the task has never run."""
    dag_id, task_id = checked_id(arguments.dag_id, "DAG"), checked_id(arguments.task_id, "task")
    with client.calling(scope) as calls:
        run_id = checked_run_id(arguments.run_id) if arguments.run_id else ""
        if not run_id:
            newest = newest_instance(calls, dag_id, task_id)
            if newest is None:
                raise NotFound(SYSTEM, f"{dag_id}.{task_id} has never run")
            run_id = words(newest["dag_run_id"])
        names = {"dag_id": dag_id, "dag_run_id": run_id, "task_id": task_id}
        rows = calls.get("TaskInstanceApi", "get_task_instance_tries", **names)["task_instances"]
        begun = sorted((row for row in rows if row.get("start_date")), key=lambda row: int(row["try_number"]))[-TRIES:]
        asked = {**names, "full_content": True, "accept": "application/json"}
        logs = [calls.find("TaskInstanceApi", "get_log", **asked, try_number=int(row["try_number"])) for row in begun]
    return try_logs_from(run_id, begun, logs, arguments.containing)


def try_logs_from(run_id: str, tries: Sequence[Row], logs: Sequence[Row | None], containing: Sequence[str]) -> TryLogs:
    """Facts from the JSON of the tries and of their logs (None for one that is gone)."""
    wanted = tuple(word.lower() for word in containing if word)
    return TryLogs(run_id, tuple(_try(row, log, wanted) for row, log in zip(tries, logs, strict=True)))


def _try(row: Row, log: Row | None, wanted: Sequence[str]) -> TaskTry:
    content = (log or {}).get("content") or ()
    entries: list[Any] = content.splitlines() if isinstance(content, str) else list(content)
    lines = [line for line in map(_line, entries) if any(word in line.text.lower() for word in wanted)]
    exception = exception_in(entries)
    return TaskTry(
        number=int(row["try_number"]),
        state=words(row.get("state")),
        started_at=moment(row.get("start_date")),
        ended_at=moment(row.get("end_date")),
        duration_s=duration_s(row),
        exception_type=words(exception.get("exc_type")),
        exception_message=_shown(words(exception.get("exc_value"))),
        matched=len(lines),
        lines=tuple(lines[-LINES:]),
        is_kept=log is not None,
    )


def _line(entry: Any) -> LogLine:
    if not isinstance(entry, dict):
        return LogLine(None, _shown(words(entry)))
    return LogLine(moment(entry.get("timestamp")), _shown(words(entry.get("event"))))


def _shown(text: str) -> str:
    return redact(" ".join(text.split()))[:LINE_LENGTH]


_FIRST = datetime(2026, 11, 2, 6, 0, 4, tzinfo=UTC)
TRY_LOGS: Probe[AirflowClient, TryLogsArguments, TryLogs] = Probe(
    name="airflow.try_logs",
    summary="What each try of a task logged that holds given words, with the time of each line.",
    arguments=TryLogsArguments,
    facts=TryLogs,
    read=read_try_logs,
    typical=TryLogs(
        run_id="scheduled__2026-11-02T06:00:00+00:00",
        tries=(
            TaskTry(
                number=1,
                state="failed",
                started_at=_FIRST,
                ended_at=datetime(2026, 11, 2, 6, 0, 9, tzinfo=UTC),
                duration_s=5.0,
                exception_type="RateLimitError",
                exception_message="Request req_7: Request rate limit exceeded",
                matched=1,
                lines=(LogLine(_FIRST, "Stripe answered 429 (rate limit exceeded), Retry-After 1 s, request req_7"),),
            ),
        ),
    ),
    empty=TryLogs(),
    deadline_s=15.0,
)
