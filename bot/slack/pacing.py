"""Stage 7: how fast messages may go out. Pure but for LoopTime.

Slack: about one chat.postMessage a second and channel, short bursts tolerated; chat.update 50 a minute (tier 3).
"""

import asyncio
from typing import Protocol


class Time(Protocol):
    """Seconds that only move forward, and waiting for them."""

    def now(self) -> float:
        """Seconds."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class LoopTime:
    """The event loop's time."""

    def now(self) -> float:
        """The loop's seconds."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Wait on the loop."""
        await asyncio.sleep(seconds)


class Bucket:
    """Lets `burst` through at once and `rate` a second after that, unless Slack said to wait longer."""

    __slots__ = ("_at", "_burst", "_closed_until", "_level", "_rate")

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._level = float(burst)
        self._at = float("-inf")
        self._closed_until = float("-inf")

    def wait(self, now: float) -> float:
        """Seconds until the next may pass; 0.0 when it may now."""
        self._fill(now)
        missing = (1.0 - self._level) / self._rate if self._level < 1.0 else 0.0
        # A wait that rounds to less than the clock can tell apart would spin.
        return max(missing if missing > 1e-6 else 0.0, self._closed_until - now, 0.0)

    def take(self, now: float) -> None:
        """One passes."""
        self._fill(now)
        self._level -= 1.0

    def close(self, now: float, seconds: float) -> None:
        """Slack asked to wait: nothing passes for that long, and no burst right after it."""
        self._closed_until = max(self._closed_until, now + seconds)
        self._fill(now)
        self._level = min(self._level, 1.0)

    def _fill(self, now: float) -> None:
        if self._at != float("-inf"):
            self._level = min(self._burst, self._level + (now - self._at) * self._rate)
        self._at = now
