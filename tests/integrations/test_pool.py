"""A few connections, each lent to one thread at a time, and never one that went bad."""

import threading
from dataclasses import dataclass, field

import pytest

from bot.errors import Unreachable
from bot.integrations.deadline import LEAST_S, Deadline
from bot.integrations.pool import Pool


@dataclass
class Connections:
    """Counts what is opened and closed; `bad` ones are unusable when they are asked for again."""

    opened: int = 0
    closed: list[int] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)

    def open_one(self, _deadline: Deadline) -> int:
        self.opened += 1
        return self.opened

    def pool(self, size: int = 2) -> Pool[int]:
        return Pool(self.open_one, self.closed.append, lambda connection: connection not in self.bad, size)


def soon() -> Deadline:
    """A deadline of a twentieth of a second."""
    return Deadline("thing", 0.05)


def later() -> Deadline:
    """A deadline that nothing here comes near."""
    return Deadline("thing", 60.0)


def test_a_connection_is_used_again() -> None:
    """What came back unharmed is lent next."""
    connections = Connections()
    pool = connections.pool()
    for _ in range(3):
        with pool.lend(later()) as connection:
            assert connection == 1
    assert (connections.opened, connections.closed) == (1, [])


def test_one_that_saw_an_error_is_closed() -> None:
    """Nobody knows in what state an error left it."""
    connections = Connections()
    pool = connections.pool()
    with pytest.raises(RuntimeError, match="broken"), pool.lend(later()):
        raise RuntimeError("broken")
    with pool.lend(later()) as connection:
        assert connection == 2
    assert connections.closed == [1]


def test_one_that_went_bad_while_idle_is_replaced() -> None:
    """The borrower does not see it."""
    connections = Connections()
    pool = connections.pool()
    with pool.lend(later()):
        pass
    connections.bad.add(1)
    with pool.lend(later()) as connection:
        assert connection == 2
    assert connections.closed == [1]


def test_no_more_than_its_size() -> None:
    """Who comes when all are lent waits as long as the deadline, and is told why."""
    pool = Connections().pool(size=1)
    with (
        pool.lend(later()),
        pytest.raises(Unreachable, match=r"all 1 connections were busy for 0\.05 s"),
        pool.lend(soon()),
    ):
        pytest.fail("lent twice")
    with pool.lend(later()) as connection:
        assert connection == 1


def test_two_threads_never_share_one() -> None:
    """Side by side each has its own."""
    pool, met = Connections().pool(size=2), threading.Barrier(2, timeout=60)
    lent: list[int] = []

    def borrow() -> None:
        with pool.lend(later()) as connection:
            met.wait()
            lent.append(connection)

    threads = [threading.Thread(target=borrow) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(lent) == [1, 2]


def test_a_turn_is_not_lost_when_opening_fails() -> None:
    """After a refused connection the next one may try again."""
    connections = Connections()

    def refuse_once(deadline: Deadline) -> int:
        if connections.open_one(deadline) == 1:
            raise Unreachable("thing", "refused")
        return connections.opened

    pool = Pool(refuse_once, connections.closed.append, bool, size=1)
    with pytest.raises(Unreachable, match="refused"), pool.lend(later()):
        pytest.fail("nothing to lend")
    with pool.lend(later()) as connection:
        assert connection == 2


def test_closing_ends_idle_ones_and_those_that_come_back() -> None:
    """Nothing stays open after the end."""
    connections = Connections()
    pool = connections.pool()
    with pool.lend(later()):
        with pool.lend(later()):
            pass
        pool.close()
        assert connections.closed == [2]
    assert connections.closed == [2, 1]


def test_a_deadline_runs_out() -> None:
    """What is left shrinks, is never zero, and is an error once it is over."""
    now = [100.0]
    deadline = Deadline("thing", 5.0, clock=lambda: now[0])
    assert deadline.left() == 5.0
    now[0] = 104.99
    assert deadline.left() == LEAST_S
    now[0] = 105.0
    with pytest.raises(Unreachable, match=r"^thing: did not answer within 5 s$"):
        deadline.left()
