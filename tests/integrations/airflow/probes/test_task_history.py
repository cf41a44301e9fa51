"""Did this task fail before? Each verdict, and the last run that tips it."""

import pytest

from bot.diagnostics.probe import Scope
from bot.integrations.airflow.probes.task_history import (
    SHOWN,
    TaskHistoryArguments,
    read_task_history,
    task_history_from,
)
from tests.integrations.airflow.builders import airflow, instance, instances


@pytest.mark.parametrize(
    ("newest_first", "verdict", "because"),
    [
        ("", "unknown", "no run of it is known"),
        ("F", "unknown", "this is its first known run"),
        ("S", "unknown", "this is its first known run"),
        ("FF", "always", "it failed in all of the last 2 runs"),
        ("RF", "always", "it failed in all of the last 2 runs"),
        ("FS", "new", "it failed in none of the runs before (1)"),
        ("RSS", "new", "it failed in none of the runs before (2)"),
        ("SF", "again", "it failed in 1 of the last 2 runs"),
        ("FSF", "again", "it failed in 2 of the last 3 runs"),
        ("uF", "again", "it failed in 1 of the last 2 runs"),
        ("Ss", "flaky", "1 of the last 2 runs needed a retry"),
        ("SS", "fine", "it succeeded in the last 2 runs"),
    ],
)
def test_the_verdict_follows_from_the_last_runs(newest_first: str, verdict: str, because: str) -> None:
    """F failed, R waits for its retry, S succeeded, s only on its second try, u runs now."""
    states = {"F": "failed", "R": "up_for_retry", "S": "success", "s": "success", "u": "running"}
    rows = [
        instance("t", states[letter], dag_run_id=f"r{number}", try_number=2 if letter == "s" else 1)
        for number, letter in enumerate(newest_first)
    ]
    found = task_history_from("d", "t", rows)
    assert (found.verdict, found.because) == (verdict, because)


def test_a_run_in_which_its_turn_has_not_come_does_not_count() -> None:
    """No state yet."""
    found = task_history_from("d", "t", [instance("t", None), instance("t"), instance("t", "success")])
    assert (found.count, found.verdict) == (2, "new")


def test_what_is_usual_is_told_by_successes() -> None:
    """How long a failure takes says nothing; the last success is the newest."""
    rows = [
        instance("t", "failed", duration=900.0),
        instance("t", "success", duration=10.0, end_date="2026-11-22T05:00:00Z", try_number=None),
        instance("t", "success", duration=30.0, end_date="2026-11-21T05:00:00Z", try_number=3),
    ]
    found = task_history_from("d", "t", rows)
    assert found.last_success_at is not None
    assert (found.usual_s, found.last_success_at.day, found.retried) == (20.0, 22, 1)
    assert [one.tries for one in found.runs] == [3, 0, 1]


@pytest.mark.parametrize(("limit", "asked"), [(14, 14), (1, 1), (0, 1), (99, SHOWN)])
def test_at_most_fourteen_runs_are_looked_at(limit: int, asked: int, scope: Scope) -> None:
    """One at least."""
    client = airflow(get_task_instances=instances())
    read_task_history(client, TaskHistoryArguments("d", "t", limit), scope)
    assert client.arguments_of("get_task_instances")["limit"] == asked
