"""Airflow's own processes and their heartbeats, and the tasks that lost their worker."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.integrations.airflow.probes.jobs import LOST, SHOWN, JobsArguments, jobs_from, read_jobs
from tests.integrations.airflow.builders import airflow

NOW = datetime(2026, 11, 23, 5, 3, tzinfo=UTC)
NONE: dict[str, Any] = {"event_logs": [], "total_entries": 0}


def job(number: int, kind: str = "SchedulerJob", heard: str | None = "2026-11-23T05:02:58Z") -> dict[str, Any]:
    """A row of the jobs."""
    return {"id": number, "job_type": kind, "state": "running", "hostname": "h", "latest_heartbeat": heard}


@pytest.mark.parametrize(("hours", "back"), [(6, 6), (0, 1), (-5, 1), (9999, 48)])
def test_lost_tasks_of_a_bounded_time_are_asked_for(hours: int, back: int, scope: Scope) -> None:
    """An event log holds years."""
    client = airflow(get_jobs={"jobs": []}, get_event_logs=NONE)
    read_jobs(client, JobsArguments(hours), scope)
    asked = client.arguments_of("get_event_logs")
    assert asked["after"] == scope.now - timedelta(hours=back)
    assert (asked["included_events"], asked["limit"]) == (list(LOST), SHOWN)
    assert [one.arguments.get("is_alive") for one in client.asked[:2]] == [None, True]


def test_an_airflow_that_never_ran_has_no_kind_that_is_down() -> None:
    """Nothing is known, so nothing is said to be missing."""
    found = jobs_from([], [], NONE, NOW)
    assert (found.jobs, found.alive, found.schedulers_alive, found.kinds_down) == ((), 0, 0, ())


def test_two_schedulers_are_counted_and_the_freshest_comes_first() -> None:
    """One that lives makes up for one that died; the dead one is left out."""
    one, two, dead = job(1, heard="2026-11-23T05:02:00Z"), job(2), job(3, heard="2026-11-22T05:00:00Z")
    found = jobs_from([dead, two], [one, two], NONE, NOW)
    assert (found.alive, found.schedulers_alive, found.kinds_down) == (2, 2, ())
    assert [told.heartbeat_age_s for told in found.jobs] == [2.0, 60.0]


def test_alive_is_airflows_word_and_not_the_heartbeats() -> None:
    """Each kind has a threshold of its own, which Airflow knows; a heartbeat of a clock that is ahead is just now."""
    found = jobs_from([job(1, heard="2026-11-23T05:09:00Z"), job(2, "TriggererJob", None)], [], NONE, NOW)
    assert [(told.kind, told.heartbeat_age_s, told.is_alive) for told in found.jobs] == [
        ("SchedulerJob", 0.0, False),
        ("TriggererJob", None, False),
    ]
    assert found.kinds_down == ("SchedulerJob", "TriggererJob")


def test_ten_processes_are_shown_and_all_are_counted() -> None:
    """A fleet of triggerers."""
    many = [job(number, "TriggererJob") for number in range(30)]
    found = jobs_from(many, many, NONE, NOW)
    assert (len(found.jobs), found.alive) == (SHOWN, 30)


def test_why_a_task_was_lost_is_short_and_without_secrets() -> None:
    """The event's own words; how many there were in all."""
    why = "worker gone\n token=hunter2hunter2 " + "x" * 400
    event = {"event": "state mismatch", "dag_id": "d", "task_id": None, "run_id": None, "when": None, "extra": why}
    found = jobs_from([], [], {"event_logs": [event], "total_entries": 70}, NOW)
    [lost] = found.lost
    assert lost.why.startswith("worker gone token=••• xxx")
    assert (len(lost.why), lost.task_id, lost.at, found.lost_count) == (200, "", None, 70)
