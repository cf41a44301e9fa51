"""Rows as a system gives them → facts as a playbook reads them: one YAML file a case, `<system>/<probe>/<case>.yml`."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

from bot.diagnostics.probe import AnyProbe
from bot.integrations.airflow.probes import (
    failed_task,
    imports,
    jobs,
    logs,
    neighbours,
    outage,
    pace,
    pools,
    queue,
    recent,
    runs,
    scheduler,
    task_history,
    tasks,
    tries,
    variables,
)
from bot.integrations.dbt.manifest import manifest_from
from bot.integrations.dbt.probes import node, run_results, sources
from bot.integrations.dbt.runs import run_from
from bot.integrations.postgres.probes import backend, connections, contention, locks, server
from bot.integrations.postgres.probes import columns as source_columns
from bot.integrations.postgres.probes import duplicates as source_duplicates
from bot.integrations.snowflake.probes import (
    alterations,
    columns,
    credits,
    freshness,
    future_grants,
    grants_of_role,
    history,
    logins,
    monitors,
    null_count,
    queries,
    query_profile,
    session,
    spenders,
    tested_column,
    timeouts,
    user,
    warehouses,
)
from bot.integrations.streamlit.client import Answer as Page
from bot.integrations.streamlit.probes import health
from bot.integrations.stripe.client import Answer
from bot.integrations.stripe.probes import status

Rows = Mapping[str, Any]
FOLDER = Path(__file__).parent


def recorded(name: str) -> Any:
    """A file that dbt left, as it left it but for what nobody reads."""
    return json.loads((FOLDER / "dbt" / "recorded" / f"{name}.json").read_text())


def rule_facts(rows: Rows, _: datetime) -> tested_column.RuleFacts:
    """Facts of the probes that count values: a table's rows and its worst values."""
    return tested_column.RuleFacts("c", (tested_column.failing_rows("A.B.C", rows["count"], rows["broken"]),))


FACTS: dict[str, Callable[[Rows, datetime], Any]] = {
    "dbt.run_results": lambda r, _: run_results.run_results_from(
        [run_from(recorded(name)) for name in r["runs"]], run_results.RunResultsArguments(tuple(r["names"]), r["kind"])
    ),
    "dbt.node": lambda r, _: node.node_from(manifest_from(recorded("manifest")), tuple(r["names"])),
    "dbt.sources": lambda r, _: sources.sources_from(r["sources"]),
    "postgres.duplicates": lambda r, _: source_duplicates.column_from(r["column"], r["unique"], r["rules"]),
    "snowflake.duplicates": rule_facts,
    "snowflake.orphans": rule_facts,
    "snowflake.unexpected_values": rule_facts,
    "snowflake.null_count": lambda r, _: tested_column.RuleFacts("c", (null_count.nulls_from("A.B.C", r["rows"]),)),
    "snowflake.grants_of_role": lambda r, _: grants_of_role.grants_from(r["grants"], is_complete=r["is_complete"]),
    "snowflake.future_grants": lambda r, _: future_grants.future_from(
        r["schema"], r["on_schema"], r["in_schema"], r["in_database"]
    ),
    "airflow.task_log": lambda r, _: logs.log_from(r["log"], "d", "t", logs.Try("r", 1), "https://a/d/r/t"),
    "airflow.task_instance": lambda r, _: tasks.instance_from(r["instance"], r["task"]),
    "airflow.todays_run": lambda r, now: runs.todays_run_from(r["dag"], r["runs"], r["successes"], r["tasks"], now),
    "airflow.dag_run": lambda r, _: runs.dag_run_from(r["run"], r["failed"]),
    "airflow.try_logs": lambda r, _: tries.try_logs_from("r", r["tries"], r["logs"], r["containing"]),
    "airflow.failed_task": lambda r, _: failed_task.failed_task_from("d", r["instances"]),
    "airflow.task_history": lambda r, _: task_history.task_history_from("d", "t", r["instances"]),
    "airflow.task_neighbours": lambda r, _: neighbours.task_neighbours_from(
        r["task_id"], "r", r["instances"], r["tasks"]
    ),
    "airflow.failures": lambda r, _: outage.failures_from(r["instances"], 30, "d", "t"),
    "airflow.run_pace": lambda r, now: pace.run_pace_from(r["run"], r["tasks"], r["successes"], r["past"], now),
    "airflow.jobs": lambda r, now: jobs.jobs_from(r["newest"], r["alive"], r["events"], now),
    "airflow.queue": lambda r, now: queue.queue_from(r["found"], r["queued_runs"], r["dags"], now),
    "airflow.pools": lambda r, _: pools.pools_from(r["pools"]),
    "airflow.import_errors": lambda r, _: imports.import_errors_from(r["found"], r["dag"]),
    "airflow.variables": lambda r, _: variables.variables_from(r["names"], r["found"]),
    "airflow.recent_runs": lambda r, _: recent.recent_runs_from("d", r["runs"]),
    "airflow.scheduler": lambda r, now: scheduler.scheduler_from(r["health"], now),
    "postgres.blocked_locks": lambda r, _: locks.locks_from(r["waiting"], r["holding"]),
    "postgres.load": lambda r, _: server.load_from(r["counts"], r["longest"], r["applications"]),
    "postgres.backend": lambda r, _: backend.backend_from(r["backend"], backend.moment_of(r["started"])),
    "snowflake.resource_monitors": lambda r, now: monitors.monitors_from(
        r["monitors"], r["warehouses"], r["warehouse"], now, r.get("monitor", "")
    ),
    "snowflake.warehouse": lambda r, _: warehouses.find_warehouse(r["warehouses"], r["warehouse"]),
    "snowflake.warehouses": lambda r, _: warehouses.warehouses_from(r["warehouses"], r["like"], r["cap"]),
    "snowflake.running_queries": lambda r, _: queries.running_from(r["queries"]),
    "snowflake.query": lambda r, _: queries.query_from(r["queries"]),
    "snowflake.top_queries": lambda r, _: history.top_from(r["queries"]),
    "snowflake.failed_queries": lambda r, _: history.failed_from(r["queries"]),
    "snowflake.credits": lambda r, now: credits.credits_from(r["metering"], r["days"], now),
    "snowflake.freshness": lambda r, now: freshness.freshness_from(
        [(freshness.Mart(*mart), freshness.Seen(**seen)) for *mart, seen in r["newest"]], now
    ),
    "postgres.connections": lambda r, _: connections.connections_from(r["limits"], r["holders"], r["idle"]),
    "postgres.contention": lambda r, _: contention.contention_from(r["database"], r["tables"], r["maintenance"]),
    "postgres.columns": lambda r, _: source_columns.columns_from(r["columns"]),
    "snowflake.alterations": lambda r, _: alterations.alterations_from(r["table"], r["rows"]),
    "snowflake.columns": lambda r, _: columns.columns_from(r["table"], r["columns"], r["owners"]),
    "stripe.status": lambda r, _: status.status_from(
        Answer(r["status"], 41.0, r["headers"], r["body"]), r["mode"], "restricted"
    ),
    "snowflake.session": lambda r, _: session.session_from(r["session"]),
    "snowflake.spenders": lambda r, now: spenders.spenders_from(r["queries"], r["days"], now),
    "snowflake.query_profile": lambda r, _: query_profile.profile_from(
        r["query"], r["like_it"], r["spilled"], is_named=r["named"]
    ),
    "snowflake.timeouts": lambda r, _: timeouts.timeouts_from(r["levels"], r["cut_after_s"]),
    "snowflake.logins": lambda r, now: logins.logins_from(r["events"], r["hours"], now, "live"),
    "snowflake.user": lambda r, now: user.user_from("SVC_LOADER", r["described"], r["viewed"], r["policy"], now),
    "streamlit.health": lambda r, _: health.health_from("https://d", said(r["health"]), said(r["note"])),
}
CASES = sorted(path for name in FACTS for path in FOLDER.glob(f"*/{name}/*.yml"))
MEASURED_NOT_PARSED = {"postgres.connectivity"}
"""Probes whose facts are mostly timings: the tests on the real server hold them."""


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_rows_become_facts(path: Path, probe: Callable[[str], AnyProbe]) -> None:
    """The facts hold what the case expects (fields that it does not name are free)."""
    case = yaml.safe_load(path.read_text())
    name = path.parent.name
    facts = FACTS[name](case["rows"], datetime.fromisoformat(case.get("now", "2026-11-23T05:03:00+00:00")))
    shown = TypeAdapter(probe(name).facts).dump_python(facts, mode="json")
    assert only(shown, case["facts"]) == case["facts"], case["promise"]


def test_every_probe_has_cases(integrations: tuple[Any, ...]) -> None:
    """A probe without a case would be known to parse nothing."""
    named = {path.parent.name for path in CASES}
    assert {probe.name for one in integrations for probe in one.probes} - named == MEASURED_NOT_PARSED


def said(answer: Rows) -> Page:
    """A dashboard's answer as a case writes it."""
    return Page(**{**answer, "body": str(answer.get("body", "")).encode()})


def only(shown: Any, wanted: Any) -> Any:
    """What of `shown` the case speaks about."""
    if isinstance(shown, dict) and isinstance(wanted, dict):
        return {key: only(shown.get(key, "no such field"), value) for key, value in wanted.items()}
    if isinstance(shown, list) and isinstance(wanted, list) and len(shown) == len(wanted):
        return [only(one, other) for one, other in zip(shown, wanted, strict=True)]
    return shown
