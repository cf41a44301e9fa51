"""The probes and the remedy on a real Airflow with the platform's DAG, as the role that the README asks for."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg2
import pytest

from bot.diagnostics.probe import AnyProbe, Scope
from bot.errors import EntityError, IntegrationError, NotFound, RemedyRefused
from bot.integrations.airflow import INTEGRATION, connect_change, connect_read
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.remedies.trigger import TRIGGER_DAG_RUN, TriggerArguments, run_id_of
from bot.integrations.airflow.remedies.variable import SET_VARIABLE, SetVariableArguments

pytestmark = pytest.mark.sandbox
DAG, EXTRACT = "ecommerce_daily", "extract_postgres_orders"


@pytest.fixture(scope="module")
def airflow(real: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """The record of a running Airflow (with the source and the warehouse that its DAG works on)."""
    return real("airflow")


@pytest.fixture
def reading(airflow: dict[str, Any]) -> Iterator[AirflowClient]:
    """The bot's reading client."""
    client = connect_read(airflow["environment"])
    assert client is not None
    with closing(client):
        yield client


@pytest.fixture
def changing(airflow: dict[str, Any]) -> Iterator[AirflowClient]:
    """The bot's changing client."""
    client = connect_change(airflow["environment"])
    assert client is not None
    with closing(client):
        yield client


def read(name: str, client: AirflowClient, **arguments: Any) -> Any:
    """The facts of a probe, now."""
    probe: AnyProbe = next(probe for probe in INTEGRATION.probes if probe.name == name)
    return probe.read(client, probe.arguments(**arguments), scope_of("INC-0"))


def scope_of(incident: str) -> Scope:
    """The scope of an incident, now."""
    return Scope(incident, datetime.now(UTC), deadline_s=60.0)


def until(answer: Callable[[], Any], seconds: float = 420) -> Any:
    """The first true answer within that time."""
    deadline = time.monotonic() + seconds
    while not (found := answer()):
        assert time.monotonic() < deadline, f"it did not come true within {seconds} s"
        time.sleep(0.5)
    return found


def is_quiet(client: AirflowClient) -> bool:
    """True when no run of the DAG is active."""
    state = TRIGGER_DAG_RUN.read_state(client, TriggerArguments(DAG), scope_of("INC-0"))
    return not state.active_run


def test_airflow_is_healthy(reading: AirflowClient) -> None:
    """Its scheduler has a heartbeat of the last half minute."""
    found = read("airflow.scheduler", reading)
    assert found.is_healthy
    assert found.heartbeat_age_s < 30


def test_a_blocked_extract_tries_again_and_the_run_succeeds(
    airflow: dict[str, Any], reading: AirflowClient, changing: AirflowClient
) -> None:
    """The whole of runbook 1: run the DAG, see its extract time out on a lock, and why, and that it recovers."""
    until(lambda: is_quiet(reading))
    scope, arguments = scope_of("INC-7"), TriggerArguments(DAG)
    with closing(psycopg2.connect(airflow["source"]["app_url"])) as shop:
        shop.cursor().execute("LOCK TABLE orders")
        draft = TRIGGER_DAG_RUN.plan(arguments, TRIGGER_DAG_RUN.read_state(reading, arguments, scope), scope)
        assert len(draft.commands) == 1
        assert TRIGGER_DAG_RUN.perform(changing, draft.commands[0], scope) == "Started run runbook__INC-7."
        assert "was started before" in TRIGGER_DAG_RUN.perform(changing, draft.commands[0], scope)
        again = TRIGGER_DAG_RUN.plan(arguments, TRIGGER_DAG_RUN.read_state(reading, arguments, scope), scope)
        assert again.commands == ()

        where = {"dag_id": DAG, "task_id": EXTRACT}
        tried = until(lambda: (f := read("airflow.task_instance", reading, **where)).will_retry and f)
    assert (tried.run_id, tried.try_number, tried.max_tries) == ("runbook__INC-7", 1, 3)
    assert tried.verdict.startswith("transient: retries at")
    assert tried.next_try_at - tried.ended_at < timedelta(minutes=5)

    log = read("airflow.task_log", reading, **where)
    assert (log.run_id, log.try_number) == ("runbook__INC-7", 1)
    assert log.exception_type == "QueryCanceled"
    assert "statement timeout" in log.exception_message
    assert any("extract" in frame for frame in log.frames)
    assert 0 < len(log.lines) <= 20
    assert "/dags/ecommerce_daily/runs/runbook__INC-7/tasks/extract_postgres_orders" in log.log_url

    failed = read("airflow.failed_task", reading, dag_id=DAG)
    assert (failed.task_id, failed.run_id, failed.state) == (EXTRACT, "runbook__INC-7", "up_for_retry")
    around = read("airflow.task_neighbours", reading, **where)
    assert (around.root, around.held) == (EXTRACT, ("load_snowflake", "dbt_run", "dbt_test"))
    assert read("airflow.task_history", reading, **where).verdict == "new"
    [other] = read("airflow.failures", reading).failures
    assert (other.task_id, read("airflow.failures", reading, **where).verdict) == (EXTRACT, "alone")
    [tried_once] = read("airflow.try_logs", reading, **where, containing=("failed with exception",)).tries
    assert (tried_once.exception_type, tried_once.matched, tried_once.lines[0].at is not None) == (
        "QueryCanceled",
        1,
        True,
    )

    assert draft.verification is not None
    until(lambda: read("airflow.dag_run", reading, **draft.verification.arguments).state == "success")
    recovered = read("airflow.task_instance", reading, **where)
    assert (recovered.state, recovered.try_number) == ("success", 2)
    today = read("airflow.todays_run", reading, dag_id=DAG)
    assert (today.has_run, today.state, today.run_id) == (True, "success", "runbook__INC-7")
    assert today.last_success_at is not None
    assert today.failed_tasks == ()


def test_the_runs_are_timed_against_each_other(reading: AirflowClient) -> None:
    """After a success: the usual times are known, and the newest run is compared with them, task by task."""
    recent = read("airflow.recent_runs", reading, dag_id=DAG)
    assert recent.count == len(recent.runs) >= 2
    assert [run.started_at for run in recent.runs] == sorted(run.started_at for run in recent.runs)
    assert recent.usual_s > 5
    pace = read("airflow.run_pace", reading, dag_id=DAG)
    assert [task.task_id for task in pace.tasks][-3:] == ["load_snowflake", "dbt_run", "dbt_test"]
    assert all(task.usual_s for task in pace.tasks)


def test_airflows_own_processes_and_queues_are_seen(reading: AirflowClient) -> None:
    """As the role that the README asks for: jobs, pools, what waits, import errors, and named variables."""
    jobs = read("airflow.jobs", reading)
    assert {job.kind for job in jobs.jobs if job.is_alive} == {"SchedulerJob", "DagProcessorJob"}
    assert (jobs.schedulers_alive, jobs.kinds_down) == (1, ())
    assert [pool.name for pool in read("airflow.pools", reading).pools] == ["default_pool"]
    assert read("airflow.queue", reading).overdue == ()
    assert read("airflow.import_errors", reading, dag_id=DAG).is_dag_known
    assert not read("airflow.import_errors", reading, dag_id="nobody_knows").is_dag_known
    found = read("airflow.variables", reading, names=("stripe_batch_size", "nothing"))
    assert (found.by_name, found.unset) == ({"stripe_batch_size": "100", "nothing": ""}, ("nothing",))


def test_a_variable_is_set_once_and_only_while_it_is_what_was_approved(
    reading: AirflowClient, changing: AirflowClient
) -> None:
    """Run again it is done already; a stale approval changes nothing; the undo is the same remedy."""
    scope = scope_of("INC-9")

    def plan(value: float, name: str = "stripe_batch_size") -> Any:
        arguments = SetVariableArguments(name, value)
        return SET_VARIABLE.plan(arguments, SET_VARIABLE.read_state(reading, arguments, scope), scope)

    [halve], [third] = plan(50).commands, plan(30).commands
    assert SET_VARIABLE.perform(changing, halve, scope) == "stripe_batch_size is 50, it was 100."
    assert SET_VARIABLE.perform(changing, halve, scope) == "stripe_batch_size is 50 already."
    with pytest.raises(IntegrationError, match="is not 100 any more"):
        SET_VARIABLE.perform(changing, third, scope)
    assert plan(50).commands == ()
    [back] = plan(100).commands
    assert SET_VARIABLE.perform(changing, back, scope) == "stripe_batch_size is 100, it was 50."
    with pytest.raises(RemedyRefused, match="is not set"):
        plan(1, "nothing")


def test_a_paused_dag_is_unpaused_first(reading: AirflowClient, changing: AirflowClient) -> None:
    """Both commands are planned, and the first can be run again without harm."""
    import airflow_client.client as api

    until(lambda: is_quiet(reading))
    scope, arguments = scope_of("INC-8"), TriggerArguments(DAG)
    with changing.calling(scope) as calls:
        calls.change("DAGApi", "patch_dag", dag_id=DAG, dag_patch_body=api.DAGPatchBody(is_paused=True))
    assert read("airflow.todays_run", reading, dag_id=DAG).is_paused
    draft = TRIGGER_DAG_RUN.plan(arguments, TRIGGER_DAG_RUN.read_state(reading, arguments, scope), scope)
    assert [command.operation for command in draft.commands] == ["unpause_dag", "trigger_dag_run"]
    for _ in range(2):
        assert TRIGGER_DAG_RUN.perform(changing, draft.commands[0], scope) == f"{DAG} is not paused."
    assert not read("airflow.todays_run", reading, dag_id=DAG).is_paused


def test_a_foreign_run_of_our_id_is_not_ours(reading: AirflowClient, changing: AirflowClient) -> None:
    """A 409 counts as done only if the run names the incident."""
    scope = scope_of("INC-9")
    command = TRIGGER_DAG_RUN.plan(TriggerArguments(DAG), TRIGGER_DAG_RUN.typical, scope).commands[0]
    foreign = replace(command, arguments={**command.arguments, "conf": {"incident": "another"}})
    until(lambda: is_quiet(reading))
    assert TRIGGER_DAG_RUN.perform(changing, foreign, scope) == f"Started run {run_id_of('INC-9')}."
    with pytest.raises(IntegrationError, match="that this incident did not start"):
        TRIGGER_DAG_RUN.perform(changing, command, scope)


@pytest.mark.parametrize(
    ("probe", "arguments", "error"),
    [
        ("airflow.todays_run", {"dag_id": "nobodys"}, NotFound),
        ("airflow.task_instance", {"dag_id": DAG, "task_id": "nobodys"}, NotFound),
        ("airflow.task_log", {"dag_id": DAG, "task_id": "dbt_test"}, NotFound),
        ("airflow.todays_run", {"dag_id": "~"}, EntityError),
        ("airflow.dag_run", {"dag_id": DAG, "run_id": "../x"}, EntityError),
    ],
)
def test_what_is_not_there(
    reading: AirflowClient, probe: str, arguments: dict[str, str], error: type[Exception]
) -> None:
    """Unknown ids are NotFound; what is no id never reaches an address."""
    with pytest.raises(error):
        read(probe, reading, **arguments)


def test_a_run_that_does_not_exist(reading: AirflowClient) -> None:
    """Asking for it is no error."""
    assert not read("airflow.dag_run", reading, dag_id=DAG, run_id="manual__never").exists
