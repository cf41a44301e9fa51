"""First floor of the stand-in: the feed of everything that changes, for the event router and the page's stream."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened; `number` grows by one, `data` is JSON-ready."""

    number: int
    kind: str
    data: dict[str, Any]


@dataclass(slots=True, eq=False)
class Listener:
    """A reader of the feed with a bounded queue; `ended` turns true when nothing more will come."""

    queue: "asyncio.Queue[Change]"
    ended: bool = False


class Feed:
    """Numbers changes, tells callbacks at once and listeners through their queues; remembers the newest ones."""

    def __init__(self, remember: int, queue: int) -> None:
        self.number = 0
        self._queue = queue
        self._recent: deque[Change] = deque(maxlen=remember)
        self._callbacks: list[Callable[[Change], None]] = []
        self._listeners: set[Listener] = set()
        self._waiters: set[asyncio.Future[None]] = set()

    def on_change(self, callback: Callable[[Change], None]) -> None:
        """Call `callback` inside every publish; it must be quick and must not raise."""
        self._callbacks.append(callback)

    def publish(self, kind: str, data: dict[str, Any]) -> None:
        """Record a change and tell everybody."""
        self.number += 1
        change = Change(self.number, kind, data)
        self._recent.append(change)
        for callback in self._callbacks:
            callback(change)
        for listener in tuple(self._listeners):
            self._offer(listener, change)
        self._wake()

    def listen(self) -> Listener:
        """Start a listener; end it with `leave`."""
        listener = Listener(asyncio.Queue(self._queue))
        self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """Stop a listener; leaving twice is fine."""
        self._listeners.discard(listener)

    def close(self) -> None:
        """End every listener after what it still has to read, and every wait."""
        for listener in tuple(self._listeners):
            self._offer(listener, Change(self.number, "stopped", {}))
            listener.ended = True
        self._wake()

    def since(self, number: int) -> list[Change]:
        """The remembered changes after `number`, oldest first."""
        return [change for change in self._recent if change.number > number]

    async def wait_beyond(self, number: int, seconds: float) -> bool:
        """Wait until a change after `number` exists; False when `seconds` passed first."""
        if self.number > number:
            return True
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await asyncio.wait_for(waiter, seconds)
        except TimeoutError:
            return False
        finally:
            self._waiters.discard(waiter)
        return True

    def _wake(self) -> None:
        while self._waiters:
            waiter = self._waiters.pop()
            if not waiter.done():
                waiter.set_result(None)

    def _offer(self, listener: Listener, change: Change) -> None:
        try:
            listener.queue.put_nowait(change)
        except asyncio.QueueFull:
            listener.ended = True
            self._listeners.discard(listener)
