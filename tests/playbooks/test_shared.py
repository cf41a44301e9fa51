"""What playbooks/shared.yml reads of the layouts that tools write, and what it must leave alone."""

import pytest

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


LAYOUTS = [
    ("The 06:00 deadline for `map_refresh` has passed", {"dag_id": "map_refresh"}),
    ("map_refresh is still running after 3h, SLA is at 8", {"dag_id": "map_refresh"}),
    ("run_count (state=failed, workflow_name=map_refresh)", {"dag_id": "map_refresh"}),
    ("map_refresh missed its SLA (07:00)", {"dag_id": "map_refresh"}),
    ("map-refresh DAG failed on task load-pins", {"dag_id": "map-refresh", "task_id": "load-pins"}),
    ("Échec de la tâche load_pins", {"task_id": "load_pins"}),
    ("Tarefas: ['load_pins', 'send_map']", {"task_id": "load_pins"}),
    ("Batch Time: 2026-11-20 04:00:00+01:00", {"logical_date": "2026-11-20 04:00:00+01:00"}),
    ("Ausführungsdatum: 2026-11-20T04:00:00Z", {"logical_date": "2026-11-20T04:00:00Z"}),
    ("execution_date=20261120T040000", {"logical_date": "20261120T040000"}),
    ("expect_table_columns_to_match_set: unexpected: [`height_cm`]", {"column": "height_cm"}),
    ("Source columns not in target: [{'name': 'height_cm', 'dtype': 'double'}]", {"column": "height_cm"}),
    ("Columns with data_type changes: \n   - height_cm (number -> text)", {"column": "height_cm"}),
    ("1 field removed in dwh\n- pins.height_cm (FLOAT)", {"column": "height_cm"}),
    ("height_cm, width_cm and depth are gone in the source", {"column": "height_cm"}),
    ("`raw.pins` no longer has `height_cm`", {"table": "raw.pins", "column": "height_cm"}),
    ("KeyError: \"['height_cm'] not in index\"", {"column": "height_cm"}),
    ('  列 "PINS"["HEIGHT_CM":2]', {"table": "PINS", "column": "HEIGHT_CM"}),
    ("not null check on raw.pins.height_cm failed", {"column": "height_cm"}),
    ("columns_added=['height_cm'] table=raw.pins", {"column": "height_cm", "table": "raw.pins"}),
    ("someone dropped height_cm from pins_daily", {"table": "pins_daily"}),
    ("setup says 390432 / network policy", {"error_code": "390432"}),
    ('logs("000604") above 5', {"error_code": "000604"}),
    ("Error Code: 5016", {"error_code": "5016"}),
    ("google.api_core.exceptions.Forbidden: 403 Exceeded", {"http_status": "403"}),
    ("POST /v1/refunds 429 12ms", {"http_status": "429"}),
    ("<Response [503]>", {"http_status": "503"}),
    ("was canceled (warehouse MAPS_S).", {"warehouse": "MAPS_S"}),
    ("role PINNER, wh MAPS", {"warehouse": "MAPS", "role": "PINNER"}),
    ("none was requested in the connection ('PINNER')", {"role": "PINNER"}),
    ("Monitor name: MAPS\nCredit quota: 100", {"resource_monitor": "MAPS"}),
    ("DatabaseConnections DBInstanceIdentifier=maps-main", {"host": "maps-main"}),
    ('{"name":"DBInstanceIdentifier","value":"maps-main"}', {"host": "maps-main"}),
    ("while fetching from maps-ro.pg.acme.example (COPY)", {"host": "maps-ro.pg.acme.example"}),
    ("S-0x55: maps/etl@10.2.0.7:5432 login failed", {"host": "10.2.0.7:5432", "database": "maps"}),
    ("[311] etl@maps-main FATAL:  sorry", {"database": "maps-main"}),
    ("Postgres `maps-db` is at max connections", {"host": "maps-db"}),
    ("Tags: env:prod, db:maps", {"database": "maps"}),
    ("`core.raw.pins` — last row 51 h ago", {"table": "core.raw.pins", "schema": "raw"}),
    ("pins_daily has no new rows since noon", {"table": "pins_daily"}),
    ("deadlock while updating pins_daily", {"table": "pins_daily"}),
    ("raw.pins — 18h old (threshold 6h)", {"table": "raw.pins"}),
    ("worker died while reading pins_history", {"table": "pins_history"}),
    ('while locking tuple (7,1) in relation \\"pins\\"', {"table": "pins"}),
    ("DROP TABLE pins_2025, attempt 6", {"table": "pins_2025"}),
    ("START snapshot snapshots.pins_snapshot", {"table": "snapshots.pins_snapshot"}),
    ("    pins in warehouse\n      Schema Check [checks.yml] [FAILED]", {"table": "pins"}),
    (
        "DAG: map_refresh\nTask: load_pins\nTime: 2026-11-20T04:00:00+00:00",
        {"logical_date": "2026-11-20T04:00:00+00:00"},
    ),
    ("- *dag_id*: `map_refresh`\n- *timestamp* - 2026-11-20 04:00:00Z", {"logical_date": "2026-11-20 04:00:00Z"}),
    ('LOAD_FAILED: number of columns ("PINS"[7])', {"table": "PINS"}),
    ('{"firstErrorColumnName": "\\"PINS\\"[7]"}', {"table": "PINS"}),
    ('"first_error_column_name": "\\"PINS\\"[\\"HEIGHT_CM\\":2]"', {"table": "PINS", "column": "HEIGHT_CM"}),
    ("Data asset: `raw.pins`   Suite: `pins.basic`", {"table": "raw.pins"}),
    ('"data_asset_name": "raw.pins"', {"table": "raw.pins"}),
    ("Qualified name = core.raw.pins", {"table": "core.raw.pins"}),
    ("message=quota, query_id=20261120_040512_00007_ab3cd)", {"query_id": "20261120_040512_00007_ab3cd"}),
    ("Query 20261120_040512_00007_ab3cd failed: out of memory", {"query_id": "20261120_040512_00007_ab3cd"}),
    ("Presto gave up on 20261120_040512_00007_ab3cd", {"query_id": "20261120_040512_00007_ab3cd"}),
    ("Resource Monitor MAPS: SUSPEND action triggered", {"resource_monitor": "MAPS"}),
    ("resource monitor MAPS (account AB1) used 90 of 100 credits", {"resource_monitor": "MAPS"}),
    ("[Snowflake] Resource Monitor - MAPS", {"resource_monitor": "MAPS"}),
    ("[28000] (390144) JWT", {"error_code": "390144"}),
    ("[42000] [Snowflake] [000606] no warehouse", {"error_code": "000606"}),
    (
        "DAG: stg_maps failed\nFAIL 3 positive_value_stg_pins_height",
        {"dag_id": "stg_maps", "model": "stg_pins", "column": "height"},
    ),
]


@pytest.mark.parametrize(("text", "values"), LAYOUTS)
def test_a_value_is_read_of_its_layout(text: str, values: dict[str, str], library: Library) -> None:
    """One layout of one tool or of people, each."""
    found = library.entities(Alert(text))
    assert {name: found.get(name) for name in values} == values


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
    ],
)
def test_what_stands_where_a_value_would_is_left_alone(text: str, library: Library) -> None:
    """A wrong DAG or warehouse leads a remedy astray: nothing is read where nothing is named."""
    assert library.entities(Alert(text)) == {}
