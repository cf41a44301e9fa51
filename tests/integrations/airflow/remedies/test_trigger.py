"""Running a DAG: the state that is planned on, what a plan says, and that it happens once."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import EntityError, IntegrationError, RemedyRefused
from bot.integrations.airflow.remedies.trigger import (
    TRIGGER_DAG_RUN,
    DagState,
    TriggerArguments,
    dag_state_from,
    perform_trigger,
    plan_trigger,
    read_dag_state,
    run_id_of,
)
from bot.remediation.remedy import Command
from tests.integrations.airflow.builders import GONE, airflow, run, runs

NOW = datetime(2026, 11, 23, 5, 3, tzinfo=UTC)
DAG = {"dag_id": "d", "is_paused": False}
UNPAUSE = Command("unpause_dag", "PATCH …", {"dag_id": "d"})
TRIGGER = Command(
    "trigger_dag_run",
    "POST …",
    {"dag_id": "d", "incident": "INC-7", "dag_run_id": "runbook__INC-7", "conf": {"incident": "INC-7"}, "note": "n"},
)


@pytest.mark.parametrize(
    ("incident", "run_id"),
    [
        ("INC-7", "runbook__INC-7"),
        ("a b/c?d#é\n", "runbook__a_b_c_d___"),
        ("x" * 400, ("runbook__" + "x" * 400)[:250]),
    ],
)
def test_the_runs_id_follows_from_the_incident(incident: str, run_id: str) -> None:
    """One incident, one id, so that Airflow itself refuses a second run; nothing in it ends an address."""
    assert run_id_of(incident) == run_id


@pytest.mark.parametrize(
    ("rows", "active", "today", "took"),
    [
        ([], "", "", 0.0),
        ([run("r2", "running", duration=None, end_date=None), run("r1")], "r2", "running", 60.0),
        ([run("r2", "queued", run_after="2026-11-24T05:00:00Z"), run("r1", "failed")], "r2", "failed", 0.0),
        ([run("r1", run_after="2026-11-22T05:00:00Z")], "", "", 60.0),
    ],
)
def test_the_state_is_what_runs_what_ran_today_and_how_long_it_takes(
    rows: list[dict[str, Any]], active: str, today: str, took: float
) -> None:
    """Of the last successful run, whenever that was."""
    state = dag_state_from(DAG, [], rows, None, NOW)
    assert (state.active_run, state.today_state, state.last_duration_s, state.our_run) == (active, today, took, "")


def test_tasks_stand_in_an_order_in_which_they_may_run() -> None:
    """Airflow lists them by name."""
    tasks = [
        {"task_id": "a_last", "downstream_task_ids": []},
        {"task_id": "m_middle", "downstream_task_ids": ["a_last"]},
        {"task_id": "z_first", "downstream_task_ids": ["m_middle"]},
    ]
    assert dag_state_from(DAG, tasks, [], None, NOW).tasks == ("z_first", "m_middle", "a_last")


def test_this_incidents_run_is_asked_for_by_its_id(scope: Scope) -> None:
    """None is no error."""
    client = airflow(get_dag=DAG, get_tasks={"tasks": []}, get_dag_runs=runs(), get_dag_run=GONE)
    assert read_dag_state(client, TriggerArguments("d"), scope) == DagState("d")
    assert client.arguments_of("get_dag_run") == {"dag_id": "d", "dag_run_id": "runbook__INC-7"}
    with pytest.raises(EntityError, match="is not the id of a DAG"):
        read_dag_state(airflow(), TriggerArguments("~"), scope)


@pytest.mark.parametrize(
    ("but", "said"),
    [
        ({"tasks": ()}, "Runs 0 tasks of d ()."),
        ({"tasks": ("a",)}, "Runs 1 task of d (a)."),
        ({"tasks": tuple("abcdef")}, "Runs 6 tasks of d (a, b, c, d, e, f)."),
        ({"tasks": tuple("abcdefg")}, "Runs 7 tasks of d (a, b, c, d, e, f …)."),
        ({"last_duration_s": 89.4}, "Runs 0 tasks of d (). The last successful run took 89 s."),
        ({"last_duration_s": 90.0}, "Runs 0 tasks of d (). The last successful run took 2 min."),
        ({"today_state": "failed"}, "Runs 0 tasks of d ()."),
    ],
)
def test_the_blast_radius_says_what_runs(but: dict[str, Any], said: str, scope: Scope) -> None:
    """How many tasks, the first six of them, and how long that took last."""
    draft = plan_trigger(TriggerArguments("d"), replace(DagState("d"), **but), scope)
    assert draft.blast_radius == said
    assert len(draft.commands) == 1


def test_our_own_run_counts_before_any_other(scope: Scope) -> None:
    """The note names it; whether it helped is asked of that run."""
    both = DagState("d", our_run="running", active_run="runbook__INC-7", active_state="running")
    assert "This incident has run d already" in plan_trigger(TriggerArguments("d"), both, scope).note
    verification = plan_trigger(TriggerArguments("d"), TRIGGER_DAG_RUN.typical, scope).verification
    assert verification is not None
    assert verification.arguments == {"dag_id": "ecommerce_daily", "run_id": "runbook__INC-7"}


def test_a_run_is_started_with_its_incident(scope: Scope) -> None:
    """For the time at which it is started, not for a schedule's."""
    client = airflow(trigger_dag_run=run("runbook__INC-7", "queued"))
    assert perform_trigger(client, TRIGGER, scope) == "Started run runbook__INC-7."
    body = client.arguments_of("trigger_dag_run")["trigger_dag_run_post_body"]
    assert (body.dag_run_id, body.logical_date, body.conf) == ("runbook__INC-7", None, {"incident": "INC-7"})


def test_a_second_time_finds_its_own_run(scope: Scope) -> None:
    """Airflow says 409; the run says whose it is."""
    there = run("runbook__INC-7", "running", conf={"incident": "INC-7"})
    client = airflow(trigger_dag_run=(409, {"detail": "exists"}), get_dag_run=there)
    assert perform_trigger(client, TRIGGER, scope) == "Run runbook__INC-7 was started before; it is running."


@pytest.mark.parametrize("conf", [None, {}, {"incident": "INC-8"}])
def test_a_foreign_run_of_that_id_is_not_ours(conf: dict[str, str] | None, scope: Scope) -> None:
    """Somebody chose the same id: nothing was started, and nobody reads that it was."""
    client = airflow(trigger_dag_run=(409, {}), get_dag_run=run("runbook__INC-7", conf=conf))
    with pytest.raises(IntegrationError, match="a run runbook__INC-7 exists that this incident did not start"):
        perform_trigger(client, TRIGGER, scope)


def test_unpausing_says_the_state_that_it_set(scope: Scope) -> None:
    """Doing so twice changes nothing."""
    client = airflow(patch_dag=DAG)
    assert perform_trigger(client, UNPAUSE, scope) == "d is not paused."
    assert client.arguments_of("patch_dag")["dag_patch_body"].is_paused is False


def test_what_is_no_command_of_this_remedy_is_refused(scope: Scope) -> None:
    """So is a change over the connection for reading, and an id that means everything."""
    with pytest.raises(RemedyRefused, match=r"^Airflow has no command delete_dag\.$"):
        perform_trigger(airflow(), replace(UNPAUSE, operation="delete_dag"), scope)
    with pytest.raises(EntityError):
        perform_trigger(airflow(), replace(UNPAUSE, arguments={"dag_id": "~"}), scope)
    with pytest.raises(IntegrationError, match="for reading only"):
        perform_trigger(airflow(may_change=False), UNPAUSE, scope)
