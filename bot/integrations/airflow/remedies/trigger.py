"""airflow.trigger_dag_run: run a DAG now."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from graphlib import TopologicalSorter
from typing import Any

from bot.diagnostics.probe import Scope
from bot.errors import IntegrationError, RemedyRefused
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.failures import SYSTEM
from bot.integrations.airflow.names import checked_id, checked_run_id
from bot.integrations.airflow.probes.rows import Row, duration_s, words
from bot.integrations.airflow.probes.runs import DAG_RUN, run_of_today
from bot.remediation.remedy import Command, Draft, Remedy, Verification

RUNS_WITHIN_S = 15 * 60.0


@dataclass(frozen=True, slots=True)
class TriggerArguments:
    """The DAG to run."""

    dag_id: str


@dataclass(frozen=True, slots=True)
class DagState:
    """A DAG as it is now. `active_run` runs or is queued, `our_run` is the state of this incident's own run."""

    dag_id: str
    is_paused: bool = False
    tasks: tuple[str, ...] = ()
    active_run: str = ""
    active_state: str = ""
    today_state: str = ""
    our_run: str = ""
    last_duration_s: float = 0.0


def read_dag_state(client: AirflowClient, arguments: TriggerArguments, scope: Scope) -> DagState:
    """The DAG, its tasks and last runs, and whether this incident has run it; NotFound when there is no such DAG."""
    dag_id = checked_id(arguments.dag_id, "DAG")
    with client.calling(scope) as calls:
        dag = calls.get("DAGApi", "get_dag", dag_id=dag_id)
        tasks = calls.get("TaskApi", "get_tasks", dag_id=dag_id)["tasks"]
        runs = calls.get("DagRunApi", "get_dag_runs", dag_id=dag_id, order_by=["-run_after"], limit=10)["dag_runs"]
        ours = calls.find("DagRunApi", "get_dag_run", dag_id=dag_id, dag_run_id=run_id_of(scope.incident))
    return dag_state_from(dag, tasks, runs, ours, scope.now)


def dag_state_from(dag: Row, tasks: Sequence[Row], runs: Sequence[Row], ours: Row | None, now: datetime) -> DagState:
    """State from the JSON of the DAG, its tasks, its last runs, and this incident's run."""
    active = next((run for run in runs if run.get("state") in ("running", "queued")), {})
    succeeded = next((run for run in runs if run.get("state") == "success"), {})
    today = run_of_today(runs, now)
    return DagState(
        dag_id=words(dag["dag_id"]),
        is_paused=bool(dag.get("is_paused")),
        tasks=_in_order(tasks),
        active_run=words(active.get("dag_run_id")),
        active_state=words(active.get("state")),
        today_state=words(today.get("state")) if today else "",
        our_run=words(ours.get("state")) if ours else "",
        last_duration_s=duration_s(succeeded) if succeeded else 0.0,
    )


def _in_order(tasks: Sequence[Row]) -> tuple[str, ...]:
    """The task ids in an order in which they may run; Airflow lists them by name."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for task in sorted(tasks, key=lambda task: words(task["task_id"])):
        sorter.add(words(task["task_id"]))
        for follower in task.get("downstream_task_ids") or ():
            sorter.add(words(follower), words(task["task_id"]))
    return tuple(sorter.static_order())


def run_id_of(incident: str) -> str:
    """The run's id, derived from the incident so that Airflow itself refuses a second one (409)."""
    return f"runbook__{re.sub(r'[^A-Za-z0-9_.~:+-]', '_', incident)}"[:250]


def plan_trigger(arguments: TriggerArguments, state: DagState, scope: Scope) -> Draft:
    """Unpause where it is paused, then run it; nothing while a run is active or after this incident ran it."""
    dag_id, run_id = state.dag_id or arguments.dag_id, run_id_of(scope.incident)
    target = f"DAG {dag_id}"
    if state.our_run:
        note = f"This incident has run {dag_id} already: {run_id} is {state.our_run}. To repeat, clear it in Airflow."
        return Draft(target, (), "", note=note)
    if state.active_run:
        return Draft(target, (), "", note=f"A run of {dag_id} is {state.active_state} already: {state.active_run}.")
    unpause = Command("unpause_dag", f"PATCH /api/v2/dags/{dag_id} {_text({'is_paused': False})}", {"dag_id": dag_id})
    body = _body(run_id, scope.incident)
    trigger = Command(
        "trigger_dag_run",
        f"POST /api/v2/dags/{dag_id}/dagRuns {_text(body)}",
        {"dag_id": dag_id, "incident": scope.incident, **body},
    )
    return Draft(
        target=target,
        commands=(unpause, trigger) if state.is_paused else (trigger,),
        blast_radius=_blast_radius(state),
        undo=f"Mark run {run_id} as failed in Airflow{', and pause the DAG again' if state.is_paused else ''}.",
        verification=Verification(
            DAG_RUN.name, {"dag_id": dag_id, "run_id": run_id}, "result.state == 'success'", RUNS_WITHIN_S
        ),
    )


def perform_trigger(client: AirflowClient, command: Command, scope: Scope) -> str:
    """Unpauses, or triggers; a run of that id that this incident made before is taken for done."""
    dag_id = checked_id(str(command.arguments["dag_id"]), "DAG")
    if command.operation == "unpause_dag":
        return _unpause(client, dag_id, scope)
    if command.operation == "trigger_dag_run":
        return _trigger(client, dag_id, command.arguments, scope)
    raise RemedyRefused(f"Airflow has no command {command.operation}.")


def _unpause(client: AirflowClient, dag_id: str, scope: Scope) -> str:
    import airflow_client.client as airflow

    with client.calling(scope) as calls:
        calls.change("DAGApi", "patch_dag", dag_id=dag_id, dag_patch_body=airflow.DAGPatchBody(is_paused=False))
    return f"{dag_id} is not paused."


def _trigger(client: AirflowClient, dag_id: str, arguments: Mapping[str, Any], scope: Scope) -> str:
    import airflow_client.client as airflow

    run_id, incident = checked_run_id(str(arguments["dag_run_id"])), str(arguments["incident"])
    body = airflow.TriggerDAGRunPostBody(
        dag_run_id=run_id, logical_date=None, conf=dict(arguments["conf"]), note=str(arguments["note"])
    )
    with client.calling(scope) as calls:
        status = calls.change("DagRunApi", "trigger_dag_run", dag_id=dag_id, trigger_dag_run_post_body=body)
        if status == 200:
            return f"Started run {run_id}."
        there = calls.get("DagRunApi", "get_dag_run", dag_id=dag_id, dag_run_id=run_id)
    if (there.get("conf") or {}).get("incident") != incident:
        raise IntegrationError(SYSTEM, f"a run {run_id} exists that this incident did not start")
    return f"Run {run_id} was started before; it is {words(there.get('state'))}."


def _body(run_id: str, incident: str) -> dict[str, Any]:
    return {"dag_run_id": run_id, "conf": {"incident": incident}, "note": f"runbook-bot, incident {incident}"}


def _text(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False)


def _blast_radius(state: DagState) -> str:
    count = len(state.tasks)
    names = ", ".join(state.tasks[:6]) + (" …" if count > 6 else "")
    parts = [f"Runs {count} task{'s' if count != 1 else ''} of {state.dag_id} ({names})."]
    if state.last_duration_s:
        parts.append(f"The last successful run took {_duration(state.last_duration_s)}.")
    if state.today_state == "success":
        parts.append("Today's run has succeeded: this is a second one.")
    if state.is_paused:
        parts.append("The DAG is paused: unpausing also lets its schedule start runs again.")
    return " ".join(parts)


def _duration(seconds: float) -> str:
    return f"{round(seconds / 60)} min" if seconds >= 90 else f"{round(seconds)} s"


_TYPICAL = DagState(
    dag_id="ecommerce_daily",
    tasks=("extract_postgres_orders", "extract_stripe_payments", "load_snowflake", "dbt_run", "dbt_test"),
    today_state="failed",
    last_duration_s=760.0,
)
TRIGGER_DAG_RUN: Remedy[AirflowClient, TriggerArguments, DagState] = Remedy(
    name="airflow.trigger_dag_run",
    summary="Runs a DAG now, unpausing it first where it is paused.",
    arguments=TriggerArguments,
    state=DagState,
    read_state=read_dag_state,
    plan=plan_trigger,
    perform=perform_trigger,
    typical=_TYPICAL,
    unchanged=replace(
        _TYPICAL, active_run="manual__2026-11-02T06:40:00+00:00", active_state="running", today_state="running"
    ),
)
