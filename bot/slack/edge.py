"""Stage 1: the listener edge: where work begins, where it is waited for at the end, and where its errors are told."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from dataclasses import dataclass
from uuid import uuid4
from weakref import WeakValueDictionary

import structlog

from bot.errors import RunbookError, Unreachable
from bot.slack.metrics import FAILURES

Tell = Callable[[str], Awaitable[None]]
Work = Coroutine[None, None, None]
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of work: how many pieces run side by side, and how many may run and wait."""

    name: str
    abreast: int
    most: int


ALERTS = Lane("alerts", abreast=200, most=10_000)  # Slack itself stops at 30,000 events an hour
PEOPLE = Lane("people", abreast=50, most=1_000)  # clicks and commands: an approval must not wait behind a storm
PICTURES = Lane("pictures", abreast=4, most=200)  # nobody waits for them


async def tell_nobody(text: str) -> None:
    """For work that no person started: what went wrong stands in the log."""
    _log.info("nobody to tell", text=text)


class Edge:
    """Runs listeners' work. What the bot can explain is told to whoever asked; anything else is logged with a
    reference, and they are told that."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._slots = {lane: asyncio.Semaphore(lane.abreast) for lane in (ALERTS, PEOPLE, PICTURES)}
        self._count = dict.fromkeys(self._slots, 0)
        self._turns: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()
        self._is_closed = False

    def begin(
        self, name: str, work: Work, tell: Tell = tell_nobody, key: Hashable = None, lane: Lane = ALERTS
    ) -> asyncio.Task[None]:
        """Start work that is waited for when the bot stops. Work with the same `key` runs in order, never side by side.

        Lanes do not wait for each other. Work that comes when the bot is stopping, or when its lane is full, is
        refused, and that is told.
        """
        if self._is_closed or self._count[lane] >= lane.most:
            work.close()
            # Told without a turn: the slots may be what is lacking.
            turn = _refuse("the bot is stopping" if self._is_closed else f"{lane.most} requests are waiting already")
        else:
            turn = self._in_turn(work, key, lane)
        task = asyncio.create_task(self._guarded(name, turn, tell), name=name)
        self._running.add(task)
        self._count[lane] += 1
        task.add_done_callback(lambda done: self._end(done, lane))
        return task

    def _end(self, task: asyncio.Task[None], lane: Lane) -> None:
        self._running.discard(task)
        self._count[lane] -= 1

    @property
    def is_closed(self) -> bool:
        """True once the bot is stopping."""
        return self._is_closed

    @property
    def in_flight(self) -> int:
        """How many pieces of work run or wait."""
        return len(self._running)

    async def drain(self, timeout_s: float) -> int:
        """Take no more work, wait for what runs, cancel what is left after `timeout_s`; returns how many were."""
        self._is_closed = True
        if not self._running:
            return 0
        _, left = await asyncio.wait(set(self._running), timeout=timeout_s)
        for task in left:
            task.cancel()
        if left:
            _log.warning("work cancelled while stopping", left=sorted(task.get_name() for task in left))
            await asyncio.wait(left)
        return len(left)

    async def _guarded(self, name: str, turn: Work, tell: Tell) -> None:
        try:
            await turn
        except RunbookError as error:
            _log.info("told instead of done", work=name, reason=str(error))
            text = str(error)
        except Exception:  # the listener edge: a bug in one listener must neither end the bot nor stay unseen
            reference = uuid4().hex[:8]
            FAILURES.labels(name).inc()
            _log.exception("a listener failed", work=name, reference=reference)
            text = f"Something went wrong in the bot (reference {reference}); it is in its log."
        else:
            return
        try:
            await tell(text)
        except RunbookError as error:
            _log.warning("could not tell", work=name, text=text, reason=str(error))

    async def _in_turn(self, work: Work, key: Hashable, lane: Lane) -> None:
        # The lock lives as long as somebody holds or awaits it; asyncio's locks are fair, so order is kept.
        turn = asyncio.Lock() if key is None else self._turns.setdefault(key, asyncio.Lock())
        try:
            async with turn, self._slots[lane]:
                await work
        finally:
            work.close()  # work cancelled before its turn never started


async def _refuse(reason: str) -> None:
    raise Unreachable("runbook-bot", reason)
