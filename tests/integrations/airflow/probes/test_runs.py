"""Did the DAG run today (in UTC), and how did a run end?"""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import NotFound
from bot.integrations.airflow.probes.runs import (
    DagRun,
    DagRunArguments,
    TodaysRunArguments,
    read_dag_run,
    read_todays_run,
    run_of_today,
)
from tests.integrations.airflow.builders import GONE, airflow, instance, instances, run, runs

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAG = {"dag_id": "d", "is_paused": False, "timetable_summary": "0 5 * * *"}


@pytest.mark.parametrize(
    ("due", "is_today"),
    [
        ("2026-11-23T00:00:00Z", True),
        ("2026-11-23T23:59:59.999999Z", True),
        ("2026-11-22T23:59:59.999999Z", False),
        ("2026-11-24T00:00:00Z", False),
        ("2026-11-23T01:00:00+02:00", False),
        (None, False),
    ],
)
def test_today_is_the_day_in_utc(due: str | None, is_today: bool) -> None:
    """From midnight to midnight, whatever zone the time is written in."""
    assert (run_of_today([run(run_after=due)], NOON) is not None) is is_today


def test_now_may_be_written_in_any_zone() -> None:
    """One in the morning in Berlin is still yesterday in UTC."""
    berlin = datetime(2026, 11, 24, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert run_of_today([run()], berlin) is not None


def test_the_newest_of_todays_runs_counts() -> None:
    """In whatever order they come."""
    rows = [
        run("early"),
        run("late", run_after="2026-11-23T09:00:00Z"),
        run("earlier", run_after="2026-11-23T01:00:00Z"),
    ]
    found = run_of_today(rows, NOON)
    assert found is not None
    assert found["dag_run_id"] == "late"
    assert run_of_today([], NOON) is None


def test_the_tasks_of_todays_run_are_read(scope: Scope) -> None:
    """In three groups; what failed for another's failure counts as failed."""
    rows = [instance("a"), instance("b", "upstream_failed"), instance("c", "skipped"), instance("e", "up_for_retry")]
    client = airflow(get_dag=DAG, get_dag_runs=runs(run(state="failed")), get_task_instances=instances(*rows))
    found = read_todays_run(client, TodaysRunArguments("d"), scope)
    assert (found.has_run, found.state, found.failed_tasks) == (True, "failed", ("a", "b"))
    assert (found.skipped_tasks, found.running_tasks) == (("c",), ("e",))


def test_what_succeeded_does_not_push_out_what_failed(scope: Scope) -> None:
    """Airflow lists a hundred at most, and a mapped task has thousands: only the states that are told are read."""
    client = airflow(get_dag=DAG, get_dag_runs=runs(run()), get_task_instances=instances())
    read_todays_run(client, TodaysRunArguments("d"), scope)
    asked = client.arguments_of("get_task_instances")
    assert {"failed", "upstream_failed", "skipped", "running"} <= set(asked["state"])
    assert "success" not in asked["state"]


def test_without_a_run_today_no_task_is_asked_for(scope: Scope) -> None:
    """The last runs are told all the same."""
    client = airflow(get_dag={**DAG, "is_paused": True}, get_dag_runs=runs(run(run_after="2026-11-22T05:00:00Z")))
    found = read_todays_run(client, TodaysRunArguments("d"), scope)
    assert (found.has_run, found.run_id, found.is_paused, len(found.recent)) == (False, "", True, 1)
    assert [one.method for one in client.asked] == ["get_dag", "get_dag_runs", "get_dag_runs"]


def test_a_dag_that_is_not_there_is_told(scope: Scope) -> None:
    """Before its runs are asked for."""
    client = airflow(get_dag=GONE)
    with pytest.raises(NotFound):
        read_todays_run(client, TodaysRunArguments("d"), scope)
    assert len(client.asked) == 1


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"get_dag_run": GONE}, DagRun(exists=False)),
        (
            {"get_dag_run": run(state="queued", start_date=None, end_date=None), "get_task_instances": instances()},
            DagRun(exists=True, state="queued"),
        ),
    ],
)
def test_a_run_that_airflow_does_not_know_is_a_fact(answers: dict[str, Any], found: DagRun, scope: Scope) -> None:
    """A remedy asks for its own run before there is one."""
    assert read_dag_run(airflow(**answers), DagRunArguments("d", "r1"), scope) == found
