"""postgres.connections: who holds the connections, which of them do nothing, and which limit is reached."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.postgres.client import PostgresClient, Row
from bot.integrations.postgres.probes.rows import statement, utc

# Every limit that can say "too many": the server's, this database's, each role's that has one. -1 means none.
LIMITS = """
SELECT 'server' AS kind, '' AS name, current_setting('max_connections')::int AS connection_limit,
       current_setting('superuser_reserved_connections')::int
           + coalesce(current_setting('reserved_connections', true)::int, 0) AS reserved,
       count(a.pid) AS used
FROM pg_stat_activity a WHERE a.backend_type = 'client backend'
UNION ALL
SELECT 'database', d.datname, d.datconnlimit, 0,
       (SELECT count(*) FROM pg_stat_activity a WHERE a.datid = d.oid AND a.backend_type = 'client backend')
FROM pg_database d WHERE d.datname = current_database() AND d.datconnlimit > 0
UNION ALL
SELECT 'role', r.rolname, r.rolconnlimit, 0,
       (SELECT count(*) FROM pg_stat_activity a WHERE a.usesysid = r.oid AND a.backend_type = 'client backend')
FROM pg_roles r WHERE r.rolconnlimit > 0 AND NOT r.rolsuper
"""
HOLDERS = """
SELECT a.application_name, a.usename, a.client_addr::text AS client, count(*) AS connections,
       count(*) FILTER (WHERE a.state = 'active') AS active,
       count(*) FILTER (WHERE a.state = 'idle') AS idle,
       count(*) FILTER (WHERE a.state LIKE 'idle in transaction%%') AS idle_in_transaction,
       extract(epoch FROM clock_timestamp() - min(a.backend_start))::float8 AS oldest_s,
       extract(epoch FROM clock_timestamp() - min(a.state_change) FILTER (WHERE a.state LIKE 'idle%%'))::float8
           AS longest_idle_s
FROM pg_stat_activity a
WHERE a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
GROUP BY 1, 2, 3
ORDER BY 4 DESC, 1, 2
LIMIT %s
"""
# Who sits in a transaction keeps locks and dead rows too, so those come first.
IDLE = """
SELECT a.pid, a.backend_start, a.usename, a.application_name, a.state, left(a.query, 300) AS query,
       extract(epoch FROM clock_timestamp() - a.state_change)::float8 AS idle_s,
       extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS transaction_age_s
FROM pg_stat_activity a LEFT JOIN pg_roles r ON r.oid = a.usesysid
WHERE a.backend_type = 'client backend' AND a.state LIKE 'idle%%' AND a.pid <> pg_backend_pid()
  AND NOT coalesce(r.rolsuper, false) AND a.application_name NOT LIKE 'runbook-bot%%'
ORDER BY CASE WHEN a.state = 'idle' THEN 1 ELSE 0 END, a.state_change
LIMIT %s
"""
SHOWN_HOLDERS, SHOWN_IDLE, READ_IDLE = 10, 10, 50
_POOLERS = re.compile(r"pgbouncer|pgcat|odyssey|supavisor|pgpool|pgagroal|rds ?proxy", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ConnectionsArguments:
    """Nothing to ask for: the whole server is looked at."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of connections: `kind` is server, database or role; `free` is what ordinary roles still get."""

    kind: str
    name: str
    limit: int
    used: int
    free: int


@dataclass(frozen=True, slots=True)
class Holder:
    """The connections of one application, user and client address ("" for a local one)."""

    application: str
    user: str
    client: str
    connections: int
    active: int
    idle: int
    idle_in_transaction: int
    oldest_s: float
    longest_idle_s: float


@dataclass(frozen=True, slots=True)
class IdleSession:
    """A session that does nothing; `transaction_age_s` is 0 when it is in no transaction."""

    pid: int
    backend_start: datetime | None
    user: str
    application: str
    state: str
    query: str
    idle_s: float
    transaction_age_s: float


@dataclass(frozen=True, slots=True)
class Connections:
    """`used` counts every client, ours too; `reserved` slots are for superusers and roles with pg_use_reserved….

    `percent` is of what ordinary roles can have, `tightest` the limit with the least room. `suspect` is the session to
    end first: longest idle in a transaction, else longest idle; of a role at its limit where that is what is full.
    `pooler` is one that shows itself by its name, or "".
    """

    used: int
    max_connections: int
    reserved: int
    free: int
    percent: float
    is_full: bool = False
    holders: tuple[Holder, ...] = ()
    biggest: Holder | None = None
    idle: tuple[IdleSession, ...] = ()
    suspect: IdleSession | None = None
    limits: tuple[Limit, ...] = ()
    tightest: Limit | None = None
    pooler: str = ""


def read_connections(client: PostgresClient, _arguments: ConnectionsArguments, scope: Scope) -> Connections:
    """Limits, holders and idle sessions, from one transaction."""
    with client.reading(scope) as fetch:
        return connections_from(fetch(LIMITS), fetch(HOLDERS, (SHOWN_HOLDERS,)), fetch(IDLE, (READ_IDLE,)))


def connections_from(limits: Sequence[Row], holders: Sequence[Row], idle: Sequence[Row]) -> Connections:
    """Facts from the rows of LIMITS, HOLDERS and IDLE."""
    server = next(row for row in limits if row["kind"] == "server")
    room = max(1, server["connection_limit"] - server["reserved"])
    known = tuple(sorted(map(_limit, limits), key=lambda limit: limit.free))
    found = tuple(map(_holder, holders))
    sessions = tuple(map(_idle, idle))
    return Connections(
        used=server["used"],
        max_connections=server["connection_limit"],
        reserved=server["reserved"],
        free=max(0, room - server["used"]),
        percent=round(100 * server["used"] / room, 1),
        is_full=bool(known) and known[0].free == 0,
        holders=found,
        biggest=found[0] if found else None,
        idle=sessions[:SHOWN_IDLE],
        suspect=_suspect(sessions, known),
        limits=known,
        tightest=known[0] if known else None,
        pooler=next(
            (one.application or one.user for one in found if _POOLERS.search(f"{one.application} {one.user}")), ""
        ),
    )


def _suspect(sessions: Sequence[IdleSession], limits: Sequence[Limit]) -> IdleSession | None:
    """The first of those whose end would make room: where a role is at its own limit, only its sessions count."""
    full = {limit.name for limit in limits if limit.kind == "role" and not limit.free}
    elsewhere = any(limit.kind != "role" and not limit.free for limit in limits)
    return next((one for one in sessions if elsewhere or not full or one.user in full), None)


def _limit(row: Row) -> Limit:
    free = max(0, row["connection_limit"] - row["reserved"] - row["used"])
    return Limit(row["kind"], row["name"], row["connection_limit"], row["used"], free)


def _holder(row: Row) -> Holder:
    return Holder(
        application=row["application_name"] or "",
        user=row["usename"] or "",
        client=(row["client"] or "").partition("/")[0],
        connections=row["connections"],
        active=row["active"],
        idle=row["idle"],
        idle_in_transaction=row["idle_in_transaction"],
        oldest_s=round(row["oldest_s"] or 0.0, 1),
        longest_idle_s=round(row["longest_idle_s"] or 0.0, 1),
    )


def _idle(row: Row) -> IdleSession:
    return IdleSession(
        pid=row["pid"],
        backend_start=utc(row["backend_start"]),
        user=row["usename"] or "",
        application=row["application_name"] or "",
        state=row["state"] or "",
        query=statement(row["query"]),
        idle_s=round(row["idle_s"] or 0.0, 1),
        transaction_age_s=round(row["transaction_age_s"] or 0.0, 1),
    )


def _typical() -> Connections:
    checkout = Holder("checkout", "shop_app", "10.0.4.12", 84, 3, 78, 3, 86400.0, 10620.0)
    airflow = Holder("airflow ecommerce_daily", "airflow_extract", "10.0.4.20", 12, 12, 0, 0, 95.0, 0.0)
    session = IdleSession(
        pid=4711,
        backend_start=datetime(2026, 11, 2, 3, 2, 11, 204816, tzinfo=UTC),
        user="shop_app",
        application="checkout",
        state="idle in transaction",
        query="SELECT * FROM orders WHERE order_id = $1",
        idle_s=10620.0,
        transaction_age_s=10621.2,
    )
    limit = Limit("server", "", 100, 97, 0)
    return Connections(
        used=97,
        max_connections=100,
        reserved=3,
        free=0,
        percent=100.0,
        is_full=True,
        holders=(checkout, airflow),
        biggest=checkout,
        idle=(session,),
        suspect=session,
        limits=(limit,),
        tightest=limit,
    )


CONNECTIONS: Probe[PostgresClient, ConnectionsArguments, Connections] = Probe(
    name="postgres.connections",
    summary="Who holds the server's connections, which of them are idle and how long, and which limit is reached.",
    arguments=ConnectionsArguments,
    facts=Connections,
    read=read_connections,
    typical=_typical(),
    empty=Connections(used=0, max_connections=100, reserved=3, free=97, percent=0.0),
)
