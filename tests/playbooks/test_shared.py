"""What playbooks/shared.yml reads of the layouts that tools write, and what it must leave alone."""

from pathlib import Path

import pytest
import yaml

from bot.alerts.alert import Alert
from bot.app.books import load_library
from bot.flow.library import Library

RUN = "scheduled__2026-11-20T04:00:00+00:00"


@pytest.fixture(scope="module")
def library() -> Library:
    """The playbooks that ship."""
    return load_library(None)


AIRFLOW = [
    f"Dag => map_refresh | Task => load_pins | Run => {RUN}",
    f"SLA Miss alert!\n*DAG:*: map_refresh, *task_id*: load_pins, run_id: {RUN}",
    f"Airflow task failed\nDAG - map_refresh\nTask - load_pins\nRun: {RUN}",
    f"DAG | Task | Run\nmap_refresh | load_pins | {RUN}",
    f"dag_id\tmap_refresh\ntask_id\tload_pins\nrun_id\t{RUN}",
    f"AIRFLOW_CTX_DAG_ID=map_refresh\nAIRFLOW_CTX_TASK_ID=load_pins\nAIRFLOW_CTX_DAG_RUN_ID={RUN}",
    f"TI: map_refresh.load_pins {RUN}",
    f"Task timed out: map_refresh.load_pins exceeded 1:00:00, run_id={RUN}",
    f"[prod] map_refresh » load_pins failed in airflow, run_id={RUN}",
    f"map_refresh - load_pins failed. Attempt 2. Airflow, {RUN}",
    f"Run `{RUN}` of `map_refresh` failed at `load_pins`",
    f"[<SlaMiss: ('map_refresh', 'load_pins', '2026-11-19 05:31:00+00:00')>] {RUN}",
    f"Task map_refresh__load_pins__20261120 failed, run {RUN}",
    f"Task instance map_refresh.load_pins on 2026-11-20 failed ({RUN})",
    f"SLA missed: map_refresh.load_pins (due 07:00) {RUN}",
    f"https://airflow.example/api/v1/dags/map_refresh/dagRuns/{RUN}/taskInstances/load_pins/logs/2",
]


@pytest.mark.parametrize("text", AIRFLOW)
def test_a_dag_its_task_and_its_run_are_read_of_every_layout(text: str, library: Library) -> None:
    """Labels with any separator, tables, environment variables, instances, pairs, tuples and links say the same."""
    found = library.entities(Alert(text))
    assert {name: found.get(name) for name in ("dag_id", "task_id", "run_id")} == {
        "dag_id": "map_refresh",
        "task_id": "load_pins",
        "run_id": RUN,
    }


LAYOUTS = yaml.safe_load(Path(__file__).with_name("layouts.yml").read_text("utf-8"))


@pytest.mark.parametrize(("values", "text"), [(values, text) for values in LAYOUTS for text in LAYOUTS[values]])
def test_a_value_is_read_of_its_layout(text: str, values: str, library: Library) -> None:
    """One layout of one tool or of people, each."""
    found = library.entities(Alert(text))
    wanted = dict(each.split("=", 1) for each in values.split(", "))
    assert {name: found.get(name) for name in wanted} == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Task failed: Reason: quota",
        "Failed to execute task: 'NoneType' object has no attribute 'x'",
        "DAG - failed again last night",
        "dag_processor: import_error failed",
        'WHERE "dag_id"::pg_catalog.text = 1',
        "The deadline for the report is tomorrow",
        "SLA for enterprise_customers is 4h",
        "Deploy of data_platform is still running, SLA dashboards wait",
        "we moved 390144 rows, with 250001 events in the queue",
        "Error code: 137, [Errno 111] Connection refused",
        "ran 429 tests, returned 404 rows, processed 503 rows",
        "GET /health 200 12ms",
        "while loading my_module.py from the config file",
        "missing: [1, 2, 3]",
        "people are gone in the afternoon",
        "set EXTRA_M on the new machine",
        "the warehouse team is away",
        "role models matter, role LEAD is open",
        "see docs.snowflake.com, fetching from s3://bucket/file.csv",
        "redis.exceptions.ConnectionError: max number of clients",
        "stream error: closed",
        "monitor: cpu_high, credit card api slow",
        "When: 2026-11-20T05:12:33Z",
        "KeyError: 'HOME'",
        "Failed to connect to DB: the account is wrong",
        "the read-replica of Postgres is a read-only copy",
        "they added a column last night",
        "Time: 2026-11-20T04:00:00+00:00",
        "error at pins[3], columns['x'][2]",
        'load of rows["PINS"][7] was an error',
        "the data asset of the year is our team",
        "file 20261120_040512_00007_ab3cd.csv came",
        "RESOURCE MONITOR ALERT: look at it",
        "Resource monitor SUSPEND_IMMEDIATE triggered",
        "a resource monitor: what is that?",
        "[12345] (704400) rows copied",
        "the sync is broken, somebody look please",
        "airflow is red again",
        "we changed idle_timeout of the pooler",
        "the step failed, no retries left",
        "the role is open, apply today",
        "we have 401 tests, 500 users and got 403 rows of 404",
        "Budget TEAM_BUDGET is at 80% of 100 credits",
        "REGION_EU has 12 credits",
        "meeting at 5, max load is fine",
        "Intento de phishing, Aufgabe erledigt",
        "the taak is klaar",
        "attempts failed: 3 of them",
        "SVC_LOADER is locked after too many logins",
        "nulls in, nulls out",
        "the copy of the contract is lost",
        'stuck in "scheduled" or in "queued"',
        "the build is failing in staging",
        "the role has changed, the db is up",
        "credits to everybody for the work",
        "two queries on the list",
        "Pipeline: green",
        "they removed it, nobody misses it",
        "call 390190 rows a lot",
        "add it to tables in the docs",
        "a copy into the archive failed for them",
        "data in the lake is old",
        "migration to pg-15 is planned, postgres-16 after it",
        "upgrade from postgres-14 to postgres-16",
        "SET lock_timeout = 5s in the migration",
        "the tables differ, two task(s) overdue",
        "Pipeline failed: see below",
        "[ÉCHEC] v1.2 (essai)",
        "Carga falhou hoje",
        "new File.open in ClassName.lambda",
        "for the settings of the plan",
        "code: red",
        "Error Number: none",
        "Execution Time: 12 min",
        "we won't load it again",
        "the docs are at https://airflow.apache.org/docs/logs.html",
        "stream: closed",
        "try again in 2 minutes",
        "the task is done, the dag is fine",
        "lunch at 12:05, room 1205",
        "we have 1205 rows",
        "see the logs",
        "Destination: Berlin",
        "Fields: none",
        "data loss prevention training",
        "the person is late, we are behind, everything is empty",
        "stream of events: closed",
        "a dump of ideas, a pull of the lever",
        "copy into the archive, write to the team",
        "volume anomaly on the way",
        "switch to pg-dump, talk to db-team, via postgres-operator with pg-bouncer",
        "read-only (replica) is what we want",
        "Stale: see above",
        "the docs say: late sources: none",
        "respond 10 times",
        "retry 2 of the ideas",
        "Errors in a/b tests",
        "[FALLO] sin datos (intento)",
        "pipeline failed again",
        "copying the docs, scanning the room, exporting everything",
        "assigned warehouses (all) are fine",
        "the incremental run of the job",
        "Key: (none)",
        "asset: yes/no.maybe later",
        "task graph failure today",
        "stream: none",
        "dag名: ",
        "status: ok, code: 'x'",
        "SLA missed — again",
        "Pipeline has failed, job failed",
        "Journal of the team",
        "warehouses suspended: none",
        "Long running DAG: see below",
        "deadline missed for the report",
        "role: to be decided",
    ],
)
def test_what_stands_where_a_value_would_is_left_alone(text: str, library: Library) -> None:
    """A wrong DAG or warehouse leads a remedy astray: nothing is read where nothing is named."""
    assert library.entities(Alert(text)) == {}
