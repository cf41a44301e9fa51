"""postgres.connectivity and postgres.load: does the server answer, and how busy is it?"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.postgres.client import PostgresClient, Row
from bot.integrations.postgres.probes.rows import statement

IDENTITY = """
SELECT current_database() AS database, current_setting('server_version') AS version,
       pg_is_in_recovery() AS in_recovery
"""
COUNTS = """
SELECT count(*) AS connections,
       count(*) FILTER (WHERE a.state = 'active') AS active,
       count(*) FILTER (WHERE a.state LIKE 'idle in transaction%%') AS idle_in_transaction,
       count(*) FILTER (WHERE a.wait_event_type = 'Lock') AS waiting,
       current_setting('max_connections')::int AS max_connections,
       current_setting('superuser_reserved_connections')::int
           + coalesce(current_setting('reserved_connections', true)::int, 0) AS reserved
FROM pg_stat_activity a
WHERE a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
"""
LONGEST = """
SELECT a.pid, a.usename, a.application_name, left(a.query, 300) AS query,
       extract(epoch FROM clock_timestamp() - a.query_start)::float8 AS running_s
FROM pg_stat_activity a
WHERE a.backend_type = 'client backend' AND a.state = 'active' AND a.pid <> pg_backend_pid()
ORDER BY a.query_start
LIMIT 1
"""
APPLICATIONS = """
SELECT coalesce(nullif(a.application_name, ''), a.usename, '?') AS application, count(*) AS connections,
       count(*) FILTER (WHERE a.state LIKE 'idle%%') AS idle
FROM pg_stat_activity a
WHERE a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
GROUP BY 1
ORDER BY 2 DESC, 1
LIMIT 5
"""


@dataclass(frozen=True, slots=True)
class ServerArguments:
    """Nothing to ask for."""


@dataclass(frozen=True, slots=True)
class Connectivity:
    """The server answered. `latency_ms` is a round trip on an open connection; `connect_ms` includes getting one."""

    host: str
    port: int
    database: str
    version: str
    latency_ms: float
    connect_ms: float
    in_recovery: bool


@dataclass(frozen=True, slots=True)
class ApplicationConnections:
    """How many connections one application holds, and how many of them do nothing."""

    application: str
    connections: int
    idle: int


@dataclass(frozen=True, slots=True)
class Load:
    """Connections of clients, ours left out; `longest_*` is the statement running longest ("" and 0 when none runs)."""

    connections: int
    max_connections: int
    reserved: int
    percent: float
    active: int
    idle_in_transaction: int
    waiting: int
    longest_s: float = 0.0
    longest_pid: int = 0
    longest_user: str = ""
    longest_application: str = ""
    longest_query: str = ""
    applications: tuple[ApplicationConnections, ...] = ()


def read_connectivity(client: PostgresClient, _arguments: ServerArguments, scope: Scope) -> Connectivity:
    """Connects if need be, asks once, and times both."""
    begun = time.perf_counter()
    with client.reading(scope) as fetch:
        rows = fetch(IDENTITY)
        connected = time.perf_counter()
        fetch(IDENTITY)
        answered = time.perf_counter()
    return Connectivity(
        host=client.host,
        port=client.port,
        database=rows[0]["database"],
        version=rows[0]["version"],
        latency_ms=round((answered - connected) * 1000, 1),
        connect_ms=round((connected - begun) * 1000, 1),
        in_recovery=rows[0]["in_recovery"],
    )


def read_load(client: PostgresClient, _arguments: ServerArguments, scope: Scope) -> Load:
    """Counts, the longest statement and the greediest applications, from one transaction."""
    with client.reading(scope) as fetch:
        return load_from(fetch(COUNTS), fetch(LONGEST), fetch(APPLICATIONS))


def load_from(counts: Sequence[Row], longest: Sequence[Row], applications: Sequence[Row]) -> Load:
    """Facts from the rows of COUNTS, LONGEST and APPLICATIONS."""
    count = counts[0]
    running = next(iter(longest), {})
    return Load(
        connections=count["connections"],
        max_connections=count["max_connections"],
        reserved=count["reserved"],
        percent=round(100 * count["connections"] / max(1, count["max_connections"] - count["reserved"]), 1),
        active=count["active"],
        idle_in_transaction=count["idle_in_transaction"],
        waiting=count["waiting"],
        longest_s=round(running.get("running_s") or 0.0, 1),
        longest_pid=running.get("pid") or 0,
        longest_user=running.get("usename") or "",
        longest_application=running.get("application_name") or "",
        longest_query=statement(running.get("query")),
        applications=tuple(
            ApplicationConnections(row["application"], row["connections"], row["idle"]) for row in applications
        ),
    )


CONNECTIVITY: Probe[PostgresClient, ServerArguments, Connectivity] = Probe(
    name="postgres.connectivity",
    summary="Whether the source database answers, how fast, and which server it is.",
    arguments=ServerArguments,
    facts=Connectivity,
    read=read_connectivity,
    typical=Connectivity("source.example.com", 5432, "ecommerce_source", "16.4", 1.8, 24.1, in_recovery=False),
    empty=Connectivity("source.example.com", 5432, "ecommerce_source", "16.4", 0.0, 0.0, in_recovery=False),
)
LOAD: Probe[PostgresClient, ServerArguments, Load] = Probe(
    name="postgres.load",
    summary="How many connections are used and by whom, and the statement that has run longest.",
    arguments=ServerArguments,
    facts=Load,
    read=read_load,
    typical=Load(
        connections=92,
        max_connections=100,
        reserved=3,
        percent=94.8,
        active=11,
        idle_in_transaction=2,
        waiting=1,
        longest_s=842.0,
        longest_pid=4711,
        longest_user="shop_app",
        longest_application="checkout",
        longest_query="UPDATE orders SET status = 'shipped' WHERE shipped_at < now()",
        applications=(ApplicationConnections("checkout", 61, 54), ApplicationConnections("airflow", 12, 3)),
    ),
    empty=Load(connections=0, max_connections=100, reserved=3, percent=0.0, active=0, idle_in_transaction=0, waiting=0),
)
