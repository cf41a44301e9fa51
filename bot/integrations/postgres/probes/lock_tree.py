"""Beside postgres.blocked_locks: who waits for whom, as lines of a tree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.integrations.postgres.probes.lock_sessions import BlockedSession, LockHolder

DEEPEST, LONGEST = 6, 20
"""Levels and lines that somebody reads at 3 a.m."""


@dataclass(frozen=True, slots=True)
class TreeLine:
    """One session; `session` is indented under the one that it waits for. `age_s` is how long it waits, or, at a root,
    how old its transaction is; `does` says which."""

    session: str
    pid: int
    depth: int
    does: str
    age_s: float
    query: str


def lock_tree(waiting: Sequence[BlockedSession], blocking: Sequence[LockHolder]) -> tuple[TreeLine, ...]:
    """Roots first, the sessions behind each below it, at most LONGEST lines.

    A session that waits for several stands below the first of them. Sessions that wait for each other have no root:
    the one that has waited longest then stands on top. One that nobody blocks any more is a root itself. What stands
    deeper than DEEPEST is left out.
    """
    known = {session.pid: session for session in blocking}
    behind: dict[int, list[BlockedSession]] = {}
    for session in waiting:
        if session.blocked_by:  # empty when the lock was let go while we looked; 0 would be a prepared transaction
            behind.setdefault(session.blocked_by[0], []).append(session)
    waits = {session.pid for session in waiting}
    roots = [pid for pid in behind if pid not in waits] + [session.pid for session in waiting]
    lines: list[TreeLine] = []
    seen: set[int] = set()
    for root in roots:
        if root not in seen:
            lines += _below(root, 0, behind, known, {s.pid: s for s in waiting}, seen)
    return tuple(lines[:LONGEST])


def _below(
    pid: int,
    depth: int,
    behind: Mapping[int, Sequence[BlockedSession]],
    known: Mapping[int, LockHolder],
    waiting: Mapping[int, BlockedSession],
    seen: set[int],
) -> Iterator[TreeLine]:
    seen.add(pid)
    yield _line(pid, depth, known.get(pid), waiting.get(pid))
    for session in behind.get(pid, ()):
        if session.pid not in seen:
            lines = tuple(_below(session.pid, depth + 1, behind, known, waiting, seen))
            # Marked as seen at any depth: what is too deep must not turn up again as a root.
            yield from lines if depth < DEEPEST else ()


def _line(pid: int, depth: int, blocker: LockHolder | None, victim: BlockedSession | None) -> TreeLine:
    mark = "   " * (depth - 1) + "↳ " if depth else ""
    if victim is not None:
        who = victim.application or victim.user
        does = f"waits for {victim.relation}" if victim.relation else "waits"
        return TreeLine(f"{mark}{pid} {who}".rstrip(), pid, depth, does, victim.waiting_s, victim.query)
    if blocker is not None:
        who = blocker.application or blocker.user
        return TreeLine(
            f"{mark}{pid} {who}".rstrip(), pid, depth, blocker.state, blocker.transaction_age_s, blocker.query
        )
    # pg_blocking_pids gives 0 for a prepared transaction, and a pid whose session has ended since.
    return TreeLine(f"{mark}{pid or 'prepared transaction'}", pid, depth, "holds the lock", 0.0, "")
