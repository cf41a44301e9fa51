"""Beside stage 5: what many incidents ask at once is read once, so that a storm of alerts is not one on the systems."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any

KEPT_FOR_S = 5.0
AT_MOST = 1_000


@dataclass(slots=True)
class _Read:
    """One read, when it was begun or has ended, and how many wait for it."""

    task: asyncio.Task[Any]
    at: float
    waiting: int = 0


class SharedReads:
    """Reads by key: those who come while one is under way, or within `kept_for_s` of its end, get its result.

    A failure is shared as well: a system that just did not answer is not asked by a hundred more. A reader that gives
    up leaves the read to the others; when nobody waits any more it is taken back. At most `at_most` results are kept,
    the oldest go first.
    """

    def __init__(self, now: Callable[[], float], kept_for_s: float = KEPT_FOR_S, at_most: int = AT_MOST) -> None:
        self._now, self._kept_for_s, self._at_most = now, kept_for_s, at_most
        self._reads: dict[Hashable, _Read] = {}

    async def read(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, Any]], *, is_fresh: bool = False) -> Any:
        """The result for this key. `is_fresh` refuses what was begun before, and what it reads is shared in turn."""
        kept = self._reads.get(key)
        if kept is None or is_fresh or self._is_old(kept):
            kept = self._begin(key, work)
        kept.waiting += 1
        try:
            return await asyncio.shield(kept.task)
        finally:
            kept.waiting -= 1
            if not kept.waiting and not kept.task.done():
                kept.task.cancel()
                self._drop(key, kept)

    def forget(self) -> None:
        """Share nothing that was read or begun until now: something was changed."""
        self._reads.clear()

    def _begin(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, Any]]) -> _Read:
        self._reads = {other: read for other, read in self._reads.items() if other != key and not self._is_old(read)}
        while len(self._reads) >= self._at_most:
            del self._reads[next(iter(self._reads))]
        begun = self._reads[key] = _Read(asyncio.create_task(work()), self._now())
        begun.task.add_done_callback(lambda _: self._end(key, begun))
        return begun

    def _end(self, key: Hashable, read: _Read) -> None:
        read.at = self._now()
        if read.task.cancelled():
            self._drop(key, read)

    def _drop(self, key: Hashable, read: _Read) -> None:
        if self._reads.get(key) is read:
            del self._reads[key]

    def _is_old(self, read: _Read) -> bool:
        return read.task.done() and self._now() - read.at > self._kept_for_s
