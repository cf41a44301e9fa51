"""Who waits for whom, as a tree."""

from datetime import UTC, datetime

from bot.integrations.postgres.probes.lock_sessions import BlockedSession, LockHolder
from bot.integrations.postgres.probes.lock_tree import DEEPEST, LONGEST, lock_tree

START = datetime(2026, 11, 23, tzinfo=UTC)


def waiting(pid: int, *blocked_by: int, waiting_s: float = 9.0) -> BlockedSession:
    """A session that waits for orders."""
    return BlockedSession(pid, "u", f"app{pid}", "UPDATE orders", waiting_s, "orders", "RowExclusiveLock", blocked_by)


def holder(pid: int) -> LockHolder:
    """A session in the way, idle in its transaction."""
    return LockHolder(pid, START, "shop_app", "", "idle in transaction", "ALTER TABLE orders", 60.0)


def test_those_behind_stand_under_the_one_in_the_way() -> None:
    """A chain is indented by its depth; the root tells its transaction's age, the others how long they wait."""
    lines = lock_tree([waiting(2, 1), waiting(3, 2), waiting(4, 1)], [holder(1), holder(2)])
    assert [line.session for line in lines] == ["1 shop_app", "↳ 2 app2", "   ↳ 3 app3", "↳ 4 app4"]
    assert (lines[0].does, lines[0].age_s) == ("idle in transaction", 60.0)
    assert (lines[1].does, lines[1].age_s) == ("waits for orders", 9.0)


def test_two_that_wait_for_each_other_are_both_shown_once() -> None:
    """A deadlock has no root, and the tree must still end."""
    assert [line.session for line in lock_tree([waiting(1, 2), waiting(2, 1)], [])] == ["1 app1", "↳ 2 app2"]


def test_a_blocker_that_is_gone_or_no_session_is_named_as_such() -> None:
    """PostgreSQL gives pid 0 for a prepared transaction."""
    assert [line.session for line in lock_tree([waiting(2, 0)], [])] == ["prepared transaction", "↳ 2 app2"]
    assert lock_tree([waiting(2, 77)], [])[0].does == "holds the lock"


def test_a_storm_is_cut() -> None:
    """Hundreds that wait do not make a card of hundreds of lines."""
    assert len(lock_tree([waiting(pid, 1) for pid in range(2, 300)], [holder(1)])) == LONGEST


def test_a_quiet_server_has_no_tree() -> None:
    """Nobody waits: no lines."""
    assert lock_tree([], [holder(1)]) == ()


def test_a_session_that_nobody_blocks_any_more_is_a_root() -> None:
    """The lock was let go while the server was asked: nobody is blamed for it, least of all a prepared transaction."""
    [line] = lock_tree([waiting(2)], [])
    assert (line.session, line.depth, line.does) == ("2 app2", 0, "waits for orders")


def test_who_waits_for_several_stands_below_the_first_only() -> None:
    """One line a session, however many are in its way."""
    lines = lock_tree([waiting(3, 1, 2), waiting(2, 1)], [holder(1)])
    assert [(line.pid, line.depth) for line in lines] == [(1, 0), (3, 1), (2, 1)]


def test_a_chain_ends_where_nobody_would_follow_it() -> None:
    """What is left out for its depth does not come back as a root, where it would look like the cause."""
    lines = lock_tree([waiting(pid, pid - 1) for pid in range(2, 14)], [holder(1)])
    assert [(line.pid, line.depth) for line in lines] == [(depth + 1, depth) for depth in range(DEEPEST + 1)]


def test_a_session_without_names_is_its_pid() -> None:
    """No space is left where a name would stand; a lock without a table is just waited for."""
    nameless = BlockedSession(2, "", "", "", 1.0, "", "", (1,))
    root, line = lock_tree([nameless], [LockHolder(1, None, "", "", "active", "", 0.0)])
    assert (root.session, line.session, line.does) == ("1", "↳ 2", "waits")
