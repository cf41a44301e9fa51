"""What Airflow does when a task fails: a message in #data-alerts, through the real Slack provider.

Every failed try is told, and whether another follows.
"""

from __future__ import annotations

import datetime
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CONNECTION = "data_alerts"
CHANNEL = "#data-alerts"
LONGEST_EXCEPTION = 2800


@dataclass(frozen=True, slots=True)
class FailedTry:
    """One failed try of a task. `tries` counts the first try too; `next_try` is None when none follows."""

    task: str
    dag: str
    run: str
    number: int
    tries: int
    exception: str
    log_url: str
    next_try: datetime.datetime | None


def post_failure(context: Mapping[str, Any]) -> None:
    """Airflow's on_failure_callback: this try failed and none follows. Raises what the Slack provider raises."""
    _post(read_context(context))


def post_retry(context: Mapping[str, Any]) -> None:
    """Airflow's on_retry_callback: this try failed and another follows. Raises what the Slack provider raises."""
    _post(read_context(context, failed_at=datetime.datetime.now(datetime.UTC)))


def _post(failed: FailedTry) -> None:
    from airflow.providers.slack.notifications.slack import SlackNotifier

    text = write_alert(failed)
    SlackNotifier(slack_conn_id=CONNECTION, channel=CHANNEL, text=text, unfurl_links=False).notify({})


def read_context(context: Mapping[str, Any], failed_at: datetime.datetime | None = None) -> FailedTry:
    """The try a callback's context is about; `failed_at` is given when another try follows."""
    instance = context["task_instance"]
    return FailedTry(
        task=instance.task_id,
        dag=instance.dag_id,
        run=instance.run_id,
        number=instance.try_number,
        tries=instance.max_tries + 1,
        exception=_read_exception(context.get("exception")),
        log_url=instance.log_url,
        next_try=failed_at + context["task"].retry_delay if failed_at else None,
    )


def write_alert(failed: FailedTry) -> str:
    """Slack mrkdwn; whatever a system said is escaped and cannot leave its code block."""
    lines = [
        ":red_circle: Task failed",
        f"*Task*: {_escape(failed.task)}",
        f"*DAG*: {_escape(failed.dag)}",
        f"*Run*: {_escape(failed.run)}",
        f"*Try*: {failed.number} of {failed.tries}",
        f"*Exception*: ```{quote(failed.exception)}```",
        f"*Log*: <{failed.log_url}|View log>",
    ]
    if failed.next_try:
        lines.append(f"*Next try*: {failed.next_try:%Y-%m-%d %H:%M:%S} UTC")
    return "\n".join(lines)


def _read_exception(exception: BaseException | str | None) -> str:
    if isinstance(exception, BaseException):
        return "".join(traceback.format_exception_only(exception)).strip()
    return exception or "none given"


def _shorten(text: str) -> str:
    if len(text) <= LONGEST_EXCEPTION:
        return text
    half = LONGEST_EXCEPTION // 2
    return f"{text[:half]}\n…\n{text[-half:]}"


def quote(text: str) -> str:
    """Text for inside a code block, which it must not be able to close."""
    return _escape(_shorten(text).replace("```", "`\N{ZERO WIDTH SPACE}``"))


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
