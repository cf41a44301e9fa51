"""Databases for the tests of this folder: in memory, a SQLite file, a real PostgreSQL."""

import os
import socket
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg2
import pytest
import sqlalchemy as sa

from bot.alerts.alert import Alert
from bot.flow.ports import Alerts, Cursors, Findings, Incidents, Plans
from bot.incidents.incident import Incident
from bot.store.alerts import AlertStore, CursorStore
from bot.store.database import Database
from bot.store.incidents import IncidentStore
from bot.store.plans import FindingStore, PlanStore
from bot.store.schema import upgrade
from bot.store.tables import audit
from tests.flow.memory import MemoryAlerts, MemoryAudit, MemoryCursors, MemoryFindings, MemoryIncidents, MemoryPlans

REPOSITORY = Path(__file__).parents[2]
NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """A row among facts."""

    pid: int
    since: datetime


@dataclass(frozen=True)
class Facts:
    """Facts as probes have them: times, nested rows, things that may be missing."""

    read_at: datetime
    rows: tuple[Row, ...] = ()
    names: dict[str, int] = field(default_factory=dict)
    share: float | None = None


FACTS: dict[str, type] = {"a.facts": Facts}


@dataclass(frozen=True)
class Stores:
    """Every store, over one place."""

    incidents: Incidents
    alerts: Alerts
    findings: Findings
    plans: Plans
    cursors: Cursors
    actions: Callable[[], Awaitable[list[str]]]


def sql_stores(database: Database) -> Stores:
    """The real stores over a database."""

    async def actions() -> list[str]:
        query = sa.select(audit.c.action).order_by(audit.c.sequence)
        return await database.run(lambda connection: list(connection.execute(query).scalars()))

    return Stores(
        IncidentStore(database),
        AlertStore(database),
        FindingStore(database, FACTS),
        PlanStore(database),
        CursorStore(database),
        actions,
    )


def memory_stores() -> Stores:
    """The stores that the tests of the flow use."""
    audit = MemoryAudit()
    incidents = MemoryIncidents(audit=audit)

    async def actions() -> list[str]:
        return [entry.action for entry in audit.entries]

    return Stores(incidents, MemoryAlerts(incidents), MemoryFindings(), MemoryPlans(audit), MemoryCursors(), actions)


def an_alert(ts: str = "1.000001", text: str = "orders is stale") -> Alert:
    """An alert in #data-alerts."""
    return Alert(text, "C1", ts)


def an_incident(id: str = "inc-1", key: str = "stale_data|orders", at: datetime = NOW) -> Incident:
    """What an alert would open."""
    return Incident(id, "stale_data", "orders is stale", "P2", key, "C1", "1.000001", at, at, {"table": "orders"})


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real PostgreSQL, ending in `/`: the sandbox's own server, with a state of its own."""
    from bot.sandbox.environments import build_environment
    from bot.sandbox.part import Context
    from bot.sandbox.source.part import SourceHealth
    from bot.sandbox.source.passwords import SUPERUSER, connection_url

    state = tmp_path_factory.mktemp("postgres")
    context = Context(state, REPOSITORY, REPOSITORY / ".sandbox" / "environments", {})
    build_environment(context, "source")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = int(free.getsockname()[1])
    command = [context.python("source"), "-m", "bot.sandbox.source", "--port", str(port), "--state", str(state)]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY)}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        while (problem := SourceHealth(state, port).problem()) is not None:
            assert server.poll() is None, "the server ended"
            assert time.monotonic() < deadline, problem
            time.sleep(0.1)
        yield connection_url(state, port, SUPERUSER, "")
    finally:
        server.terminate()
        server.wait(60)


@pytest.fixture
def postgres(postgres_server: str, request: pytest.FixtureRequest) -> str:
    """The URL of a new, empty PostgreSQL database."""
    name = f"test_{time.monotonic_ns()}"
    with closing(psycopg2.connect(postgres_server + "postgres")) as session:
        session.autocommit = True
        session.cursor().execute(f"CREATE DATABASE {name}")
    return postgres_server + name


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """The URL of a SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'new' / 'runbook.sqlite'}"


REAL = ["sqlite", pytest.param("postgres", marks=pytest.mark.sandbox)]


@pytest.fixture(params=REAL)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database at the newest schema: SQLite, then PostgreSQL."""
    made = Database(request.getfixturevalue(request.param))
    upgrade(made.engine)
    yield made
    made.close()


@pytest.fixture(params=["memory", *REAL])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    """Empty stores: those of the flow's tests and the real ones."""
    if request.param == "memory":
        yield memory_stores()
        return
    made = Database(request.getfixturevalue(request.param))
    upgrade(made.engine)
    yield sql_stores(made)
    made.close()
