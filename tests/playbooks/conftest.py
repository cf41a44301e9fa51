"""A small playbook, a platform, and a stand-in for the integrations' catalogue with facts that tests can predict."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from bot.playbooks.catalogue import Catalogue, ProbeShape, RemedyShape, build_catalogue
from bot.playbooks.document import Document, parse_document
from bot.playbooks.model import Playbook
from bot.playbooks.platform import Platform
from bot.playbooks.validation import validate

MORNING = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Nothing:
    pass


@dataclass(frozen=True, slots=True)
class OneWarehouse:
    warehouse: str


@dataclass(frozen=True, slots=True)
class AnyWarehouse:
    warehouse: str = ""
    days: int = 7


@dataclass(frozen=True, slots=True)
class Monitor:
    name: str
    quota: float | None
    used: float
    percent: float
    resets_at: datetime | None
    is_exhausted: bool


@dataclass(frozen=True, slots=True)
class WarehouseState:
    name: str
    state: str
    size: str
    queued: int
    is_suspended: bool


@dataclass(frozen=True, slots=True)
class Query:
    query_id: str
    user: str
    running_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Queries:
    count: int
    queries: tuple[Query, ...] = ()
    longest: Query | None = None


@dataclass(frozen=True, slots=True)
class TaskArguments:
    dag_id: str
    task_id: str
    try_number: int = 0


@dataclass(frozen=True, slots=True)
class TaskLog:
    exception: str
    backend_start: datetime | None = None


@dataclass(frozen=True, slots=True)
class CancelQuery:
    query_id: str


@dataclass(frozen=True, slots=True)
class SetQuota:
    monitor: str
    quota: float
    resume_warehouse: str = ""


def probe(name: str, arguments: type[Any], typical: Any, empty: Any) -> ProbeShape:
    """A probe's shape."""
    return ProbeShape(name, f"Reads {name}.", arguments, type(typical), typical, empty)


LONGEST = Query("01b2c3d4-0000-1111-0000-000000000042", "ANALYST_KIM", 5400.0, "SELECT * FROM a, b")


def standin_catalogue() -> Catalogue:
    """Four probes of two systems and two remedies."""
    return build_catalogue(
        [
            probe(
                "snowflake.resource_monitors",
                AnyWarehouse,
                Monitor("LOADING_MONITOR", 50.0, 50.4, 100.8, MORNING, is_exhausted=True),
                Monitor("", None, 0.0, 0.0, None, is_exhausted=False),
            ),
            probe(
                "snowflake.warehouse",
                OneWarehouse,
                WarehouseState("LOADING_WH", "SUSPENDED", "X-Small", 3, is_suspended=True),
                WarehouseState("LOADING_WH", "STARTED", "X-Small", 0, is_suspended=False),
            ),
            probe("snowflake.running_queries", AnyWarehouse, Queries(1, (LONGEST,), LONGEST), Queries(0)),
            probe("airflow.task_log", TaskArguments, TaskLog("QueryCanceled", MORNING), TaskLog("")),
        ],
        [
            RemedyShape("snowflake.cancel_query", "Cancels a query.", CancelQuery),
            RemedyShape("snowflake.set_credit_quota", "Sets a monitor's quota.", SetQuota),
        ],
    )


PLATFORM = """\
name: Shop
channels: [data-alerts]
warehouses: {loading: LOADING_WH}
contacts: {application: {name: Shop team}}
marts:
  - {table: A.MARTS.REVENUE, column: DAY, max_age_hours: 36}
"""
PLAYBOOK = """\
title: Warehouse {{ warehouse }} is suspended
severity: P1
status: stable
aliases: [suspended]
owner: data
summary: Nothing runs on {{ warehouse }}.
match:
  any: ['warehouse .?(?P<warehouse>[a-z_]+).? is suspended']
entities:
  warehouse: {type: snowflake_identifier, default: "{{ platform.warehouses.loading }}"}
group_by: [warehouse]
diagnostics:
  state: {probe: snowflake.warehouse, with: {warehouse: "{{ warehouse }}"}}
  monitor: {probe: snowflake.resource_monitors, with: {warehouse: "{{ state.name }}"}}
  running: {probe: snowflake.running_queries}
steps:
  - title: Who suspended it?
    text: "{{ monitor.name }} has used *{{ monitor.used }}* of {{ monitor.quota }}."
    offer: [raise]
  - title: What runs?
    show: [state]
    text: "{{ running.count }} running."
    table: {rows: running.queries, columns: {User: user, Ran: running_s | duration}}
  - title: Ask somebody
    text: Ask the {{ platform.contacts.application.name }}.
remedies:
  raise:
    remedy: snowflake.set_credit_quota
    label: Raise {{ monitor.name }}
    with: {monitor: "{{ monitor.name }}", quota: "{{ (monitor.quota * 1.5) | round }}"}
    inputs: {quota: {type: number, min: "{{ monitor.used }}", max: 200}}
    when: monitor.is_exhausted
    verify: {again: monitor, expect: not result.is_exhausted, within: 5m}
examples:
  - match: Warehouse 'ETL_WH' is suspended
    entities: {warehouse: ETL_WH}
  - match: the warehouse etl_wh is suspended
  - ignore: the warehouse is big
"""


@dataclass(frozen=True, slots=True)
class Read:
    """A reading: facts, or the reason why there are none."""

    facts: Any = None
    reason: str | None = None


def parse_playbook(text: str, id: str = "suspended_warehouse") -> tuple[Playbook, Document]:
    """A playbook from its text; the test fails when the model refuses it."""
    document = parse_document(text, f"playbooks/{id}.yml")
    playbook, problems = validate(Playbook, document, id=id)
    assert playbook is not None, problems
    return playbook, document


@pytest.fixture
def catalogue() -> Catalogue:
    """The stand-in catalogue."""
    return standin_catalogue()


@pytest.fixture
def platform() -> Platform:
    """A small platform."""
    found, problems = validate(Platform, parse_document(PLATFORM, "playbooks/platform.yml"))
    assert found is not None, problems
    return found


@pytest.fixture
def text() -> str:
    """The small playbook as it is written."""
    return PLAYBOOK


@pytest.fixture
def parse() -> Callable[..., tuple[Playbook, Document]]:
    """Parses a playbook's text."""
    return parse_playbook


@pytest.fixture
def playbook() -> Playbook:
    """The small playbook."""
    return parse_playbook(PLAYBOOK)[0]


@pytest.fixture
def read() -> Callable[..., Read]:
    """Builds readings."""
    return Read


@pytest.fixture
def all_read(catalogue: Catalogue, playbook: Playbook) -> dict[str, Read]:
    """Every diagnostic of the small playbook with its probe's typical facts."""
    return {key: Read(catalogue.probes[each.probe].typical) for key, each in playbook.diagnostics.items()}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a folder with the platform, the small playbook, and the files given by name (None leaves one out)."""

    def write_files(**files: str | None) -> Path:
        folder = tmp_path / "playbooks"
        folder.mkdir(exist_ok=True)
        for stem, content in {"platform": PLATFORM, "suspended_warehouse": PLAYBOOK, **files}.items():
            if content is not None:
                (folder / f"{stem.replace('__', '.')}.yml").write_text(dedent(content))
        return folder

    return write_files
