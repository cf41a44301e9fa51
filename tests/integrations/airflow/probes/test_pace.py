"""How long a run and its tasks take against their usual time: each verdict, and where one ends and the next begins."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import EntityError, NotFound
from bot.integrations.airflow.probes.pace import RunPace, RunPaceArguments, read_run_pace, run_pace_from
from tests.integrations.airflow.builders import airflow, instance, instances, run, runs

NOW = datetime(2026, 11, 23, 5, 10, tzinfo=UTC)


def pace(*tasks: dict[str, Any], usual: float | None = 40.0, **more: Any) -> RunPace:
    """The pace of the run r1 with these tasks; its DAG usually takes a minute, a task called load `usual` seconds."""
    past = [] if usual is None else [instance("load", "success", dag_run_id="r0", duration=usual)]
    successes = [] if usual is None else [run("r0")]
    return run_pace_from(run("r1", **{"state": "running", "duration": None, **more}), tasks, successes, past, NOW)


@pytest.mark.parametrize(
    ("took", "usual", "extra"),
    [
        (60.0, 40.0, 0.0),  # half more is not yet slow …
        (60.1, 40.0, 20.1),  # … beyond it is
        (1.9, 1.0, 0.0),  # a short task needs a whole second more
        (2.0, 1.0, 0.0),
        (2.1, 1.0, 1.1),
        (9.0, 0.0, 9.0),
        (999.0, None, 0.0),  # nothing to compare with
    ],
)
def test_slow_begins_at_half_more_and_a_second(took: float, usual: float | None, extra: float) -> None:
    """Below that it is noise."""
    found = pace(instance("load", "success", duration=took), usual=usual)
    assert (found.tasks[0].extra_s, found.slow_extra_s) == (extra, extra)
    assert found.slow_task == ("load" if extra else "")


@pytest.mark.parametrize(
    ("task", "run_state", "verdict"),
    [
        ({"duration": 300.0}, "running", "slow"),
        ({"duration": 300.0}, "failed", "failed"),
        ({"duration": 300.0, "queued_when": "2026-11-23T04:50:00Z"}, "running", "waiting"),
        ({"duration": 40.0}, "running", "usual"),
    ],
)
def test_a_verdict_says_what_is_wrong(task: dict[str, Any], run_state: str, verdict: str) -> None:
    """A failed run first, then what is slow, by waiting or by working."""
    assert pace(instance("load", "success", **task), state=run_state).verdict == verdict


@pytest.mark.parametrize(
    ("due", "verdict"),
    [("2026-11-23T04:59:00Z", "usual"), ("2026-11-23T04:58:59Z", "late"), (None, "usual")],
)
def test_a_run_is_late_after_a_minute(due: str | None, verdict: str) -> None:
    """Or after the time that it usually takes, if that is more: here both are a minute."""
    assert pace(run_after=due).verdict == verdict


@pytest.mark.parametrize(("usual_s", "verdict"), [(10.0, "late"), (600.0, "usual")])
def test_a_long_run_may_begin_later(usual_s: float, verdict: str) -> None:
    """A run of ten minutes that begins two minutes late; one of ten seconds must begin within a minute all the same."""
    due = run("r1", "running", duration=None, run_after="2026-11-23T04:58:00Z")
    assert run_pace_from(due, [], [run("r0", duration=usual_s)], [], NOW).verdict == verdict


def test_a_run_that_has_ended_took_until_its_end() -> None:
    """Where Airflow gives no duration; one under way takes until now."""
    assert pace(state="success").took_s == 60.0
    assert pace(end_date=None).took_s == 600.0


def test_a_run_that_has_not_begun_grows_later() -> None:
    """It counts until now, and it has taken no time yet."""
    found = pace(start_date=None, end_date=None, state="queued")
    assert (found.late_s, found.took_s, found.verdict) == (600.0, 0.0, "late")


@pytest.mark.parametrize(
    ("state", "queued", "started", "took", "waited"),
    [
        ("running", "2026-11-23T05:00:00Z", "2026-11-23T05:01:00Z", 540.0, 60.0),
        ("queued", "2026-11-23T05:00:00Z", None, 0.0, 600.0),
        ("up_for_retry", "2026-11-23T05:09:00Z", "2026-11-23T05:01:00Z", 0.0, 60.0),
        ("queued", None, None, 0.0, 0.0),
        ("success", "2026-11-23T05:02:00Z", "2026-11-23T05:01:00Z", 0.0, 0.0),
        (None, None, None, 0.0, 0.0),
    ],
)
def test_time_counts_until_now_for_what_has_not_ended(
    state: str | None, queued: str | None, started: str | None, took: float, waited: float
) -> None:
    """Waiting from queued to started; clocks that disagree make nothing negative."""
    row = instance("load", state, queued_when=queued, start_date=started, end_date=None, duration=None)
    [task] = pace(row).tasks
    assert (task.took_s, task.waited_s) == (took, waited)


def test_waiting_counts_from_scheduled_where_it_was_never_queued() -> None:
    """A pool without a slot keeps tasks from being queued."""
    row = instance("load", "scheduled", scheduled_when="2026-11-23T05:05:00Z", start_date=None, duration=None)
    [task] = pace(row).tasks
    assert task.waited_s == 300.0
    assert pace(row).waiting == ("load",)


def test_the_run_itself_is_not_what_it_is_compared_with() -> None:
    """A run that has just succeeded stands among the last successes."""
    slow = instance("load", "success", duration=400.0)
    found = run_pace_from(run("r1", duration=400.0), [slow], [run("r1", duration=400.0)], [slow], NOW)
    assert (found.usual_s, found.tasks[0].usual_s, found.verdict) == (None, None, "unknown")


def test_a_run_without_tasks_is_as_usual() -> None:
    """Nothing takes longer than it does otherwise."""
    found = pace()
    assert (found.tasks, found.slow_task, found.now, found.verdict) == ((), "", (), "usual")


def test_tasks_come_in_the_order_in_which_they_started() -> None:
    """Those that have not, last."""
    rows = [
        instance("c", "queued", start_date=None),
        instance("b", "running", start_date="2026-11-23T05:02:00Z"),
        instance("a", "success", start_date="2026-11-23T05:01:00Z"),
    ]
    found = pace(*rows)
    assert [task.task_id for task in found.tasks] == ["a", "b", "c"]
    assert (found.now, found.waiting) == (("b",), ("c",))


def test_the_newest_run_or_the_one_that_is_named(scope: Scope) -> None:
    """Then its tasks, and the same of the last successes."""
    answers = {"get_dag_runs": runs(run("r9")), "get_dag_run": run("r1"), "get_task_instances": instances()}
    assert read_run_pace(airflow(**answers), RunPaceArguments("d"), scope).run_id == "r9"
    client = airflow(**answers)
    assert read_run_pace(client, RunPaceArguments("d", "r1"), scope).run_id == "r1"
    assert [one.arguments["dag_run_id"] for one in client.asked if one.method == "get_task_instances"] == ["r1", "~"]


def test_a_dag_that_never_ran_is_told(scope: Scope) -> None:
    """And a run id that would mean every run is refused."""
    with pytest.raises(NotFound, match=r"^airflow: d has never run$"):
        read_run_pace(airflow(get_dag_runs=runs()), RunPaceArguments("d"), scope)
    with pytest.raises(EntityError):
        read_run_pace(airflow(), RunPaceArguments("d", "~"), scope)
