"""Stage 7: edits of messages. Of several for one message only the newest is sent, never an older over a newer."""

import asyncio
import json
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256

from bot.errors import Unreachable
from bot.slack.pacing import Bucket, Time
from bot.slack.posts import MOST_REFUSALS, Send, settle
from bot.slack.refusals import SYSTEM, RateLimited
from bot.slack.transport import Payload

RATE = 0.95 * 50 / 60
BURST = 20
MOST_WAITING = 1_000
WORKERS = 4
_REMEMBERED = 2_000
Key = tuple[str, str]


@dataclass(slots=True)
class _Edit:
    payload: Payload
    is_urgent: bool = False
    waiters: list[asyncio.Future[Payload]] = field(default_factory=list)
    in_air: bool = False
    newer: "_Edit | None" = None
    refusals: int = 0


class Edits:
    """Sends edits at Slack's pace for the whole workspace: urgent ones first, else in the order of asking."""

    def __init__(self, send: Send, time: Time) -> None:
        self._send = send
        self._time = time
        self._bucket = Bucket(RATE, BURST)
        self._edits: dict[Key, _Edit] = {}
        self._sent: OrderedDict[Key, bytes] = OrderedDict()
        self._workers: set[asyncio.Task[None]] = set()

    async def put(self, key: Key, payload: Payload, is_urgent: bool) -> None:
        """Returns when Slack shows this content or a newer one. Raises IntegrationError.

        Content that Slack shows already is not sent again.
        """
        if key not in self._edits and self._sent.get(key) == _digest(payload):
            return
        done: asyncio.Future[Payload] = asyncio.get_running_loop().create_future()
        self._place(key, payload, is_urgent).waiters.append(done)
        if len(self.workers) < min(WORKERS, len(self._edits)):
            worker = asyncio.create_task(self._work(), name="edits")
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)
        await done

    @property
    def workers(self) -> list[asyncio.Task[None]]:
        """The tasks that still have something to send."""
        return [worker for worker in self._workers if not worker.done()]

    def abandon(self) -> int:
        """Give up what was not sent; its callers get Unreachable. Returns how many messages are left as they were."""
        left = len(self._edits)
        for edit in self._edits.values():
            for one in (edit, edit.newer):
                _settle_all(one, Unreachable(SYSTEM, "the bot is stopping"))
        for worker in self.workers:
            worker.cancel()
        return left

    def _place(self, key: Key, payload: Payload, is_urgent: bool) -> _Edit:
        waiting = self._edits.get(key)
        if waiting is None:
            if len(self._edits) >= MOST_WAITING:
                raise Unreachable(SYSTEM, f"{MOST_WAITING} edits are waiting already")
            waiting = self._edits[key] = _Edit(payload)
        elif waiting.in_air:
            waiting.newer = waiting.newer or _Edit(payload)
            waiting = waiting.newer
        waiting.payload = payload
        waiting.is_urgent = waiting.is_urgent or is_urgent
        return waiting

    async def _work(self) -> None:
        while (key := self._next()) is not None:
            if (wait := self._bucket.wait(self._time.now())) > 0:
                await self._time.sleep(wait)
                continue
            self._bucket.take(self._time.now())
            await self._try(key, self._edits[key])

    def _next(self) -> Key | None:
        ready = [key for key, edit in self._edits.items() if not edit.in_air]
        return next((key for key in ready if self._edits[key].is_urgent), ready[0] if ready else None)

    async def _try(self, key: Key, edit: _Edit) -> None:
        edit.in_air = True
        payload = edit.payload
        sending = asyncio.ensure_future(self._send(payload))
        await asyncio.wait({sending})
        edit.in_air = False
        error = sending.exception()
        if isinstance(error, RateLimited):
            self._bucket.close(self._time.now(), error.retry_after_s)
            edit.refusals += 1
            if edit.refusals < MOST_REFUSALS:
                _absorb_newer(edit)
                return
        if error is None:
            self._remember(key, payload)
        else:  # it may have arrived all the same: what Slack shows now, nobody knows
            self._sent.pop(key, None)
        _settle_all(edit, sending.result() if error is None else error)
        del self._edits[key]
        if edit.newer is not None:  # goes to the end, so that one busy message does not starve the others
            self._edits[key] = edit.newer

    def _remember(self, key: Key, payload: Payload) -> None:
        self._sent[key] = _digest(payload)
        self._sent.move_to_end(key)
        while len(self._sent) > _REMEMBERED:
            self._sent.popitem(last=False)


def _digest(payload: Payload) -> bytes:
    """Remembered in place of the content itself: two thousand cards would be tens of megabytes."""
    return sha256(json.dumps(payload, sort_keys=True, default=str).encode()).digest()


def _absorb_newer(edit: _Edit) -> None:
    """The content that was refused is overtaken: its callers wait for the newer one."""
    if edit.newer is not None:
        edit.payload = edit.newer.payload
        edit.is_urgent = edit.is_urgent or edit.newer.is_urgent
        edit.waiters += edit.newer.waiters
        edit.newer = None


def _settle_all(edit: _Edit | None, result: Payload | BaseException) -> None:
    for waiter in edit.waiters if edit is not None else ():
        settle(waiter, result)
