"""postgres.blocked_locks: who waits for a lock, and who holds it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.postgres.client import PostgresClient, Row
from bot.integrations.postgres.probes.lock_sessions import BlockedSession, LockHolder
from bot.integrations.postgres.probes.lock_tree import TreeLine, lock_tree
from bot.integrations.postgres.probes.rows import statement, utc

HELD_LONG_S = 2.0
"""From when on an exclusive lock counts as held: ordinary DDL is over long before."""

WAITING = """
SELECT a.pid, a.usename, a.application_name, left(a.query, 300) AS query,
       extract(epoch FROM clock_timestamp() - coalesce(l.waitstart, a.query_start))::float8 AS waiting_s,
       coalesce(l.relation::regclass::text, l.locktype) AS relation, l.mode,
       pg_blocking_pids(a.pid) AS blocked_by
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE NOT l.granted
ORDER BY waiting_s DESC NULLS LAST
LIMIT %s
"""
# Who stands in the way now, and who has sat on an exclusive lock of a table for long: after a statement timeout
# nobody waits any more, yet the lock is still held.
HOLDING = """
SELECT a.pid, a.backend_start, a.usename, a.application_name, a.state, left(a.query, 300) AS query,
       extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS transaction_age_s,
       h.relations, h.mode
FROM pg_stat_activity a
LEFT JOIN (
    SELECT l.pid, array_agg(DISTINCT l.relation::regclass::text) AS relations, min(l.mode) AS mode
    FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
    WHERE l.granted AND l.locktype = 'relation' AND l.mode IN ('AccessExclusiveLock', 'ExclusiveLock')
      AND c.relkind IN ('r', 'p', 'm')
      AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
    GROUP BY l.pid
) h ON h.pid = a.pid
WHERE a.pid <> pg_backend_pid()
  AND (a.pid = ANY(%s::int[])
       OR (h.pid IS NOT NULL AND a.backend_type = 'client backend'
           AND a.xact_start < clock_timestamp() - make_interval(secs => %s)))
ORDER BY a.xact_start NULLS LAST
LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class LocksArguments:
    """Nothing to ask for: the whole server is looked at."""


@dataclass(frozen=True, slots=True)
class BlockedLocks:
    """`blocker` is the root with the most sessions behind it; `suspect` is it, or else the oldest holder, or None.

    `tree` says who waits for whom, roots first; `longest_s` is the longest wait; `tables` what is waited for.
    """

    count: int
    blocked: tuple[BlockedSession, ...] = ()
    blockers: tuple[LockHolder, ...] = ()
    holders: tuple[LockHolder, ...] = ()
    blocker: LockHolder | None = None
    suspect: LockHolder | None = None
    tree: tuple[TreeLine, ...] = ()
    longest_s: float = 0.0
    tables: tuple[str, ...] = ()


def read_blocked_locks(client: PostgresClient, _arguments: LocksArguments, scope: Scope) -> BlockedLocks:
    """Both lists from one transaction, so that they show the same sessions."""
    with client.reading(scope) as fetch:
        waiting = fetch(WAITING, (scope.row_cap,))
        pids = sorted({pid for row in waiting for pid in row["blocked_by"] if pid})
        holding = fetch(HOLDING, (pids, HELD_LONG_S, scope.row_cap))
    return locks_from(waiting, holding)


def locks_from(waiting: Sequence[Row], holding: Sequence[Row]) -> BlockedLocks:
    """Facts from the rows of WAITING and HOLDING."""
    blocked = tuple(_blocked(row) for row in waiting)
    victims = _victims({session.pid: session.blocked_by for session in blocked})
    sessions = [_holder(row, victims) for row in holding]
    blockers = sorted((s for s in sessions if s.blocks), key=lambda s: (-s.blocks, -s.transaction_age_s))
    holders = sorted((s for s in sessions if s.relations), key=lambda s: -s.transaction_age_s)
    # A root has everybody behind it that those in between have, and them too: most victims means root.
    blocker = blockers[0] if blockers else None
    return BlockedLocks(
        count=len({session.pid for session in blocked}),
        blocked=blocked,
        blockers=tuple(blockers),
        holders=tuple(holders),
        blocker=blocker,
        suspect=blocker or (holders[0] if holders else None),
        tree=lock_tree(blocked, blockers),
        longest_s=max((session.waiting_s for session in blocked), default=0.0),
        tables=tuple(sorted({session.relation for session in blocked if session.relation})),
    )


def _victims(blocked_by: Mapping[int, Sequence[int]]) -> dict[int, set[int]]:
    """For each blocking pid every session behind it, however many others stand between."""
    behind: dict[int, set[int]] = {}
    for pid in blocked_by:
        ahead, seen = list(blocked_by[pid]), {pid}
        while ahead:
            blocker = ahead.pop()
            if blocker not in seen:
                seen.add(blocker)
                behind.setdefault(blocker, set()).add(pid)
                ahead.extend(blocked_by.get(blocker, ()))
    return behind


def _blocked(row: Row) -> BlockedSession:
    return BlockedSession(
        pid=row["pid"],
        user=row["usename"] or "",
        application=row["application_name"] or "",
        query=statement(row["query"]),
        waiting_s=round(row["waiting_s"] or 0.0, 1),
        relation=row["relation"] or "",
        mode=row["mode"] or "",
        blocked_by=tuple(row["blocked_by"] or ()),
    )


def _holder(row: Row, victims: Mapping[int, set[int]]) -> LockHolder:
    return LockHolder(
        pid=row["pid"],
        backend_start=utc(row["backend_start"]),
        user=row["usename"] or "",
        application=row["application_name"] or "",
        state=row["state"] or "",
        query=statement(row["query"]),
        transaction_age_s=round(row["transaction_age_s"] or 0.0, 1),
        blocks=len(victims.get(row["pid"], ())),
        relations=tuple(sorted(row["relations"] or ())),
        mode=row["mode"] or "",
    )


def _typical() -> BlockedLocks:
    holder = LockHolder(
        pid=4711,
        backend_start=datetime(2026, 11, 2, 5, 58, 11, 204816, tzinfo=UTC),
        user="shop_app",
        application="checkout-migration",
        state="idle in transaction",
        query="ALTER TABLE orders ADD COLUMN checkout_channel text",
        transaction_age_s=312.4,
        blocks=1,
        relations=("orders",),
        mode="AccessExclusiveLock",
    )
    victim = BlockedSession(
        pid=4802,
        user="airflow_extract",
        application="extract_postgres_orders",
        query="SELECT * FROM orders WHERE updated_at >= '2026-11-01'",
        waiting_s=41.7,
        relation="orders",
        mode="AccessShareLock",
        blocked_by=(4711,),
    )
    tree = lock_tree((victim,), (holder,))
    return BlockedLocks(1, (victim,), (holder,), (holder,), holder, holder, tree, victim.waiting_s, ("orders",))


BLOCKED_LOCKS: Probe[PostgresClient, LocksArguments, BlockedLocks] = Probe(
    name="postgres.blocked_locks",
    summary="Sessions that wait for a lock, who blocks them, and who has held a table exclusively for long.",
    arguments=LocksArguments,
    facts=BlockedLocks,
    read=read_blocked_locks,
    typical=_typical(),
    empty=BlockedLocks(count=0),
)
