"""Who waits for a lock and who holds it: what is asked for, in which order, and whom the facts blame."""

from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.integrations.postgres.probes.locks import (
    HELD_LONG_S,
    HOLDING,
    WAITING,
    LocksArguments,
    locks_from,
    read_blocked_locks,
)
from tests.integrations.postgres.builders import BEGAN, postgres, session, unseen, waiting


def test_those_in_the_way_are_asked_for_by_pid(scope: Scope) -> None:
    """Each once and in order; a prepared transaction has no pid, so nobody asks for session 0."""
    client = postgres({WAITING: [waiting(9, 4, 0), waiting(8, 4, 2)], HOLDING: [session(4), session(2)]})
    found = read_blocked_locks(client, LocksArguments(), scope)
    assert [one.parameters for one in client.asked] == [(50,), ([2, 4], HELD_LONG_S, 50)]
    assert found.blocker is not None
    assert (found.blocker.pid, found.blocker.blocks, found.blocker.backend_start) == (4, 2, BEGAN)


def test_a_quiet_server_is_still_asked_who_holds_tables(scope: Scope) -> None:
    """After a statement timeout nobody waits, and the lock is held all the same."""
    client = postgres({WAITING: [], HOLDING: [session(relations=["orders"], mode="AccessExclusiveLock")]})
    found = read_blocked_locks(client, LocksArguments(), scope)
    assert client.asked[1].parameters == ([], HELD_LONG_S, 50)
    assert (found.count, found.blocker) == (0, None)
    assert found.suspect is not None
    assert (found.suspect.pid, found.suspect.mode) == (4711, "AccessExclusiveLock")


def test_a_blocker_that_the_role_may_not_see_is_told_all_the_same() -> None:
    """Without pg_monitor nearly all of it is NULL; that it stands in the way is known, and must be said."""
    found = locks_from([waiting(2, 4711)], [unseen()])
    assert found.blocker is not None
    assert (found.blocker.pid, found.blocker.blocks, found.blocker.backend_start) == (4711, 1, None)
    assert found.tree[0].session == "4711 checkout"


@pytest.mark.parametrize(
    ("ages", "blocked_by", "blocker"),
    [
        ({1: 9.0, 2: 90.0}, {3: [1, 2]}, 2),  # as many behind each: the older transaction
        ({1: 9.0, 2: 90.0}, {3: [1], 4: [1], 5: [2]}, 1),  # more behind the younger one
        ({1: 9.0, 2: 90.0}, {2: [1], 3: [2]}, 1),  # a chain: its root, though younger
        ({1: None, 2: 1.0}, {3: [1, 2]}, 2),  # no transaction at all counts as the youngest
    ],
)
def test_whom_to_blame(ages: dict[int, float | None], blocked_by: dict[int, list[int]], blocker: int) -> None:
    """Most sessions behind it, those in between counted; then age."""
    rows = [waiting(pid, *pids) for pid, pids in blocked_by.items()]
    found = locks_from(rows, [session(pid, transaction_age_s=age) for pid, age in ages.items()])
    assert found.blocker is not None
    assert found.blocker.pid == blocker


def test_a_ring_ends_and_nobody_stands_behind_itself() -> None:
    """PostgreSQL breaks deadlocks after a second; until then the rows say this."""
    ring = [waiting(1, 2), waiting(2, 3), waiting(3, 1)]
    found = locks_from(ring, [session(pid) for pid in (1, 2, 3)])
    assert [(one.pid, one.blocks) for one in found.blockers] == [(1, 2), (2, 2), (3, 2)]


def test_the_longest_wait_and_the_tables_are_those_of_all() -> None:
    """A wait without a time counts as nothing, what is waited for is named once; two rows of a session are one."""
    rows = [
        waiting(2, 1, waiting_s=3.14),
        waiting(3, 1, waiting_s=None, relation=None),
        waiting(2, 1, relation="items"),
    ]
    found = locks_from(rows, [session(1)])
    assert (found.count, found.longest_s, found.tables) == (2, 9.0, ("items", "orders"))


@pytest.mark.parametrize("holding", [[], [session(7)]])
def test_who_holds_nothing_and_stops_nobody_is_no_suspect(holding: list[dict[str, Any]]) -> None:
    """A session that ended between both statements cannot be ended again."""
    found = locks_from([waiting(2, 1)], holding)
    assert (found.count, found.blocker, found.suspect, found.holders) == (1, None, None, ())
