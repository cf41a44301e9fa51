"""airflow.task_log: what a failed try said last."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bot.alerts.redaction import redact
from bot.diagnostics.probe import Probe, Scope
from bot.errors import NotFound
from bot.integrations.airflow.client import AirflowClient, Calls
from bot.integrations.airflow.failures import SYSTEM
from bot.integrations.airflow.names import checked_id, checked_run_id
from bot.integrations.airflow.probes.rows import Row, words

LINES = 20
FRAMES = 6
LINE_LENGTH = 500
_UNFINISHED = ("running", "queued", "scheduled", "restarting", "deferred")


@dataclass(frozen=True, slots=True)
class TaskLogArguments:
    """Without `run_id` the newest run in which the task failed; without `try_number` its last failed try."""

    dag_id: str
    task_id: str
    run_id: str = ""
    try_number: int = 0


@dataclass(frozen=True, slots=True)
class TaskLog:
    """The end of one try's log.

    `exception_*` and `frames` (`file:line in function`, outermost first, those of the user's code) are "" and ()
    without an exception; `where` is the innermost of them, its file without folders.
    """

    dag_id: str
    task_id: str
    run_id: str = ""
    try_number: int = 0
    exception_type: str = ""
    exception_message: str = ""
    frames: tuple[str, ...] = ()
    where: str = ""
    lines: tuple[str, ...] = ()
    log_url: str = ""


@dataclass(frozen=True, slots=True)
class Try:
    """Which try of which run."""

    run_id: str
    number: int


def read_task_log(client: AirflowClient, arguments: TaskLogArguments, scope: Scope) -> TaskLog:
    """The end of the log; NotFound when the task never failed or the log is gone."""
    dag_id, task_id = checked_id(arguments.dag_id, "DAG"), checked_id(arguments.task_id, "task")
    with client.calling(scope) as calls:
        chosen = _chosen_try(calls, dag_id, task_id, arguments)
        log = calls.get(
            "TaskInstanceApi",
            "get_log",
            dag_id=dag_id,
            dag_run_id=chosen.run_id,
            task_id=task_id,
            try_number=chosen.number,
            full_content=True,
            accept="application/json",
        )
    run = quote(chosen.run_id, safe="")
    url = f"{client.url}/dags/{dag_id}/runs/{run}/tasks/{task_id}?try_number={chosen.number}"
    return log_from(log, dag_id, task_id, chosen, url)


def log_from(log: Row, dag_id: str, task_id: str, chosen: Try, url: str) -> TaskLog:
    """Facts from the JSON of a log: structured lines, or plain text from an older task."""
    content = log.get("content") or ()
    entries = [{"event": line} for line in content.splitlines()] if isinstance(content, str) else list(content)
    exception = exception_in(entries)
    lines = [line for line in map(_line, entries) if line]
    return TaskLog(
        dag_id=dag_id,
        task_id=task_id,
        run_id=chosen.run_id,
        try_number=chosen.number,
        exception_type=words(exception.get("exc_type")),
        exception_message=_shown(words(exception.get("exc_value"))),
        frames=_frames(exception.get("frames") or ()),
        where=_where(exception.get("frames") or ()),
        lines=tuple(lines[-LINES:]),
        log_url=url,
    )


def failed_try(instance: Row) -> Try:
    """The last try that failed of a task instance: the one before, when the next has begun."""
    number = int(instance.get("try_number") or 1)
    if instance.get("state") in _UNFINISHED and number > 1:
        number -= 1
    return Try(words(instance["dag_run_id"]), number)


def _chosen_try(calls: Calls, dag_id: str, task_id: str, arguments: TaskLogArguments) -> Try:
    if arguments.run_id and arguments.try_number:
        return Try(checked_run_id(arguments.run_id), arguments.try_number)
    if arguments.run_id:
        run_id = checked_run_id(arguments.run_id)
        instance = calls.get("TaskInstanceApi", "get_task_instance", dag_id=dag_id, dag_run_id=run_id, task_id=task_id)
    else:
        instance = newest_instance(calls, dag_id, task_id, states=("failed", "up_for_retry"))
    if instance is None:
        raise NotFound(SYSTEM, f"no failed try of {dag_id}.{task_id} is known")
    chosen = failed_try(instance)
    return Try(chosen.run_id, arguments.try_number or chosen.number)


def newest_instance(calls: Calls, dag_id: str, task_id: str, states: Sequence[str] = ()) -> Row | None:
    """The task's instance in the newest run (in one of the states); None when there is none."""
    filters: dict[str, Any] = {"state": list(states)} if states else {}
    found = calls.get(
        "TaskInstanceApi",
        "get_task_instances",
        dag_id=dag_id,
        dag_run_id="~",
        task_id=task_id,
        order_by=["-run_after"],
        limit=1,
        **filters,
    )
    instances = found.get("task_instances") or []
    return instances[0] if instances else None


def exception_in(entries: Sequence[Any]) -> Row:
    """The last exception that was logged, without its causes; {} when there is none."""
    details = [entry["error_detail"] for entry in entries if isinstance(entry, dict) and entry.get("error_detail")]
    found: Row = details[-1][0] if details else {}
    return found


def _line(entry: Any) -> str:
    """`level: event`, without the marks that only fold lines in Airflow's own page."""
    if not isinstance(entry, dict):
        return _shown(words(entry))
    event = words(entry.get("event")).strip()
    if not event or event.startswith("::"):
        return ""
    level = words(entry.get("level")).lower()
    return _shown(f"{level}: {event}" if level not in ("", "info") else event)


def _frames(frames: Sequence[Row]) -> tuple[str, ...]:
    """The last frames that are the user's own; those of libraries, then the last of all, when there are none."""
    return tuple(
        _shown(f"{words(f.get('filename'))}:{f.get('lineno')} in {f.get('name')}") for f in _own(frames)[-FRAMES:]
    )


def _where(frames: Sequence[Row]) -> str:
    own = _own(frames)[-1:]
    return _shown(
        "".join(f"{words(f.get('filename')).rpartition('/')[2]}:{f.get('lineno')} in {f.get('name')}" for f in own)
    )


def _own(frames: Sequence[Row]) -> list[Row]:
    """The frames outside the standard library and installed packages, else those outside Airflow's, else all."""
    for foreign in (("/site-packages/", "/dist-packages/", "/lib/python"), ("/site-packages/airflow/",)):
        own = [frame for frame in frames if not any(part in words(frame.get("filename")) for part in foreign)]
        if own:
            return own
    return list(frames)


def _shown(text: str) -> str:
    return redact(" ".join(text.split()))[:LINE_LENGTH]


TASK_LOG: Probe[AirflowClient, TaskLogArguments, TaskLog] = Probe(
    name="airflow.task_log",
    summary="The exception and the last lines of a task's last failed try.",
    arguments=TaskLogArguments,
    facts=TaskLog,
    read=read_task_log,
    typical=TaskLog(
        dag_id="ecommerce_daily",
        task_id="extract_postgres_orders",
        run_id="scheduled__2026-11-02T06:00:00+00:00",
        try_number=1,
        exception_type="OperationalError",
        exception_message="canceling statement due to statement timeout",
        frames=("/opt/airflow/dags/ecommerce_daily.py:41 in extract_postgres_orders",),
        where="ecommerce_daily.py:41 in extract_postgres_orders",
        lines=("Reading orders since 2026-11-01", "error: Task failed with exception"),
        log_url="https://airflow.example.com/dags/ecommerce_daily/runs/scheduled__2026-11-02T06%3A00%3A00%2B00%3A00"
        "/tasks/extract_postgres_orders?try_number=1",
    ),
    empty=TaskLog(dag_id="ecommerce_daily", task_id="extract_postgres_orders"),
    deadline_s=10.0,
)
