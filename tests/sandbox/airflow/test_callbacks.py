"""What a failed try says in the channel."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

from bot.sandbox.airflow.callbacks import LONGEST_EXCEPTION, FailedTry, read_context, write_alert

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)


def make_try(**changes: Any) -> FailedTry:
    """A first try that another follows, with some facts changed."""
    values: dict[str, Any] = {
        "task": "extract_postgres_orders",
        "dag": "ecommerce_daily",
        "run": "scheduled__2026-11-23T00:00:00+00:00",
        "number": 1,
        "tries": 3,
        "exception": "psycopg2.errors.QueryCanceled: canceling statement due to statement timeout",
        "log_url": "http://127.0.0.1:8080/dags/ecommerce_daily/runs/r/tasks/t?try_number=1",
        "next_try": NOON,
    }
    return FailedTry(**values | changes)


def make_context(try_number: int, **changes: Any) -> dict[str, Any]:
    """What Airflow hands to a callback of a task with two retries."""
    instance = SimpleNamespace(
        task_id="dbt_run", dag_id="ecommerce_daily", run_id="manual", log_url="u", try_number=try_number, max_tries=2
    )
    task = SimpleNamespace(retry_delay=datetime.timedelta(seconds=20))
    return {"task_instance": instance, "task": task, "exception": ValueError("no"), **changes}


def test_the_alert_says_what_failed_where_and_when_it_is_tried_again() -> None:
    """Each fact stands on a line of its own, under its name."""
    assert write_alert(make_try()).splitlines() == [
        ":red_circle: Task failed",
        "*Task*: extract_postgres_orders",
        "*DAG*: ecommerce_daily",
        "*Run*: scheduled__2026-11-23T00:00:00+00:00",
        "*Try*: 1 of 3",
        "*Exception*: ```psycopg2.errors.QueryCanceled: canceling statement due to statement timeout```",
        "*Log*: <http://127.0.0.1:8080/dags/ecommerce_daily/runs/r/tasks/t?try_number=1|View log>",
        "*Next try*: 2026-11-23 12:00:00 UTC",
    ]


def test_the_last_try_promises_no_other() -> None:
    """Without a next try there is no line about one."""
    assert "Next try" not in write_alert(make_try(number=3, next_try=None))


def test_what_a_system_said_cannot_ring_the_channel() -> None:
    """Slack's control characters in an error arrive as text, and the code block stays closed around it."""
    text = write_alert(make_try(exception="a < b & ``` <!channel>"))
    assert "a &lt; b &amp; " in text
    assert "<!channel>" not in text
    assert text.count("```") == 2


def test_a_long_exception_keeps_its_head_and_its_tail() -> None:
    """The first words name the error and the last ones the cause, so the middle goes."""
    text = write_alert(make_try(exception="head" + "x" * 9000 + "tail"))
    assert "```head" in text
    assert "tail```" in text
    assert len(text) < LONGEST_EXCEPTION + 600


def test_a_try_that_another_follows_says_when() -> None:
    """The next try is the failure's moment plus the task's delay."""
    failed = read_context(make_context(2), failed_at=NOON)
    assert (failed.number, failed.tries) == (2, 3)
    assert failed.next_try == NOON + datetime.timedelta(seconds=20)


def test_a_task_that_was_given_up_is_not_tried_again() -> None:
    """Airflow may give up before the last try, so it is the callback that counts, not the numbers."""
    assert read_context(make_context(1)).next_try is None


def test_the_exception_is_named_with_its_module() -> None:
    """The driver's class says more than its message alone."""
    timeout = TimeoutError("too slow")
    assert read_context(make_context(1, exception=timeout)).exception == "TimeoutError: too slow"
    assert read_context(make_context(1, exception=None)).exception == "none given"
