"""Beside stage 5: a few connections to one system, opened at first use and lent to one thread at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import Generic, TypeVar

from bot.errors import Unreachable
from bot.integrations.deadline import Deadline

Connection = TypeVar("Connection")


class Pool(Generic[Connection]):
    """At most `size` connections. One that saw an error, or went bad while idle, is closed and never lent again."""

    def __init__(
        self,
        open_one: Callable[[Deadline], Connection],
        close_one: Callable[[Connection], None],
        is_usable: Callable[[Connection], bool],
        size: int = 4,
    ) -> None:
        self._open = open_one
        self._close = close_one
        self._is_usable = is_usable
        self._size = size
        self._turns = BoundedSemaphore(size)
        self._idle: list[Connection] = []
        self._lock = Lock()
        self._closed = False

    @contextmanager
    def lend(self, deadline: Deadline) -> Iterator[Connection]:
        """A connection for the length of the block; Unreachable when none becomes free in time."""
        if not self._turns.acquire(timeout=deadline.left()):
            raise Unreachable(deadline.system, f"all {self._size} connections were busy for {deadline.seconds:g} s")
        try:
            connection = self._take() or self._open(deadline)
            try:
                yield connection
            except BaseException:
                self._close(connection)
                raise
            self._give_back(connection)
        finally:
            self._turns.release()

    def close(self) -> None:
        """Close what is idle; what is lent is closed when it comes back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            self._close(connection)

    def _take(self) -> Connection | None:
        while True:
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            if connection is None or self._is_usable(connection):
                return connection
            self._close(connection)

    def _give_back(self, connection: Connection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        self._close(connection)
