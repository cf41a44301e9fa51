"""postgres.contention: how often sessions deadlock, and what else works on the tables that are waited for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.postgres.client import PostgresClient, Row
from bot.integrations.postgres.probes.rows import statement, utc

DATABASE = """
SELECT d.deadlocks, d.stats_reset, d.xact_rollback AS rollbacks, d.xact_commit AS commits
FROM pg_stat_database d WHERE d.datname = current_database()
"""
# The tables that are asked for (or whose index is), those that somebody waits for, and those that are locked fully.
TABLES = """
SELECT s.schemaname || '.' || s.relname AS name, s.last_autovacuum, s.last_vacuum, s.last_autoanalyze,
       s.n_live_tup AS live_rows, s.n_dead_tup AS dead_rows
FROM pg_stat_all_tables s
WHERE s.schemaname NOT IN ('pg_catalog', 'pg_toast', 'information_schema')
  AND (s.relname = ANY(%(names)s::text[]) OR s.schemaname || '.' || s.relname = ANY(%(names)s::text[])
       OR s.relid IN (SELECT i.indrelid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                      WHERE c.relname = ANY(%(names)s::text[]))
       OR s.relid IN (SELECT l.relation FROM pg_locks l
                      WHERE l.locktype = 'relation' AND (NOT l.granted OR l.mode = 'AccessExclusiveLock')))
ORDER BY s.n_dead_tup DESC
LIMIT %(cap)s
"""
MAINTENANCE = """
SELECT a.pid, a.usename, a.application_name, a.backend_type, left(a.query, 300) AS query,
       extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS running_s
FROM pg_stat_activity a
WHERE a.pid <> pg_backend_pid() AND a.xact_start IS NOT NULL
  AND (a.backend_type = 'autovacuum worker'
       OR upper(left(ltrim(a.query), 7)) IN ('ALTER T', 'CREATE ', 'DROP TA', 'DROP IN', 'TRUNCAT', 'REINDEX',
                                             'CLUSTER', 'LOCK TA', 'REFRESH')
       OR upper(left(ltrim(a.query), 6)) = 'VACUUM')
ORDER BY a.xact_start
LIMIT %(cap)s
"""
SHOWN = 10


@dataclass(frozen=True, slots=True)
class ContentionArguments:
    """`tables` (or indexes) that an alert names, with or without schema; "" counts for nothing."""

    tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableCare:
    """A table and when it was last vacuumed (None: never, or not since the statistics began)."""

    table: str
    live_rows: int
    dead_rows: int
    dead_percent: float
    last_autovacuum: datetime | None
    last_vacuum: datetime | None
    last_autoanalyze: datetime | None


@dataclass(frozen=True, slots=True)
class Maintenance:
    """DDL or a vacuum in an open transaction; an autovacuum gives way to others unless it prevents wraparound."""

    pid: int
    who: str
    query: str
    running_s: float
    is_autovacuum: bool = False


@dataclass(frozen=True, slots=True)
class Contention:
    """`deadlocks` counts since `counted_since` (None: since ever); `rollback_percent` is of all transactions' ends."""

    deadlocks: int = 0
    counted_since: datetime | None = None
    rollback_percent: float = 0.0
    tables: tuple[TableCare, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()


def read_contention(client: PostgresClient, arguments: ContentionArguments, scope: Scope) -> Contention:
    """Counters, tables and running maintenance, from one transaction."""
    names = sorted({name.strip().lower() for name in arguments.tables} - {""})
    with client.reading(scope) as fetch:
        wanted = {"names": names, "cap": SHOWN}
        return contention_from(fetch(DATABASE), fetch(TABLES, wanted), fetch(MAINTENANCE, wanted))


def contention_from(database: Sequence[Row], tables: Sequence[Row], maintenance: Sequence[Row]) -> Contention:
    """Facts from the rows of DATABASE, TABLES and MAINTENANCE."""
    counters = database[0]
    ends = counters["rollbacks"] + counters["commits"]
    return Contention(
        deadlocks=counters["deadlocks"],
        counted_since=utc(counters["stats_reset"]),
        rollback_percent=round(100 * counters["rollbacks"] / ends, 1) if ends else 0.0,
        tables=tuple(map(_table, tables)),
        maintenance=tuple(map(_maintenance, maintenance)),
    )


def _table(row: Row) -> TableCare:
    rows = row["live_rows"] + row["dead_rows"]
    return TableCare(
        table=row["name"],
        live_rows=row["live_rows"],
        dead_rows=row["dead_rows"],
        dead_percent=round(100 * row["dead_rows"] / rows, 1) if rows else 0.0,
        last_autovacuum=utc(row["last_autovacuum"]),
        last_vacuum=utc(row["last_vacuum"]),
        last_autoanalyze=utc(row["last_autoanalyze"]),
    )


def _maintenance(row: Row) -> Maintenance:
    return Maintenance(
        pid=row["pid"],
        who=row["application_name"] or row["usename"] or row["backend_type"] or "",
        query=statement(row["query"]),
        running_s=round(row["running_s"] or 0.0, 1),
        is_autovacuum=row["backend_type"] == "autovacuum worker",
    )


CONTENTION: Probe[PostgresClient, ContentionArguments, Contention] = Probe(
    name="postgres.contention",
    summary="Deadlocks so far, when the contended tables were vacuumed, and the DDL and vacuums under way.",
    arguments=ContentionArguments,
    facts=Contention,
    read=read_contention,
    typical=Contention(
        deadlocks=14,
        counted_since=datetime(2026, 11, 1, tzinfo=UTC),
        rollback_percent=2.1,
        tables=(TableCare("public.orders", 60570, 8120, 11.8, datetime(2026, 11, 2, 2, 10, tzinfo=UTC), None, None),),
        maintenance=(
            Maintenance(4711, "checkout-migration", "ALTER TABLE orders ADD COLUMN checkout_channel text", 312.4),
        ),
    ),
    empty=Contention(),
)
