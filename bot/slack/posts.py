"""Stage 7: new messages, one queue a channel, in the order in which they were asked for."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.errors import Unreachable
from bot.slack.pacing import Bucket, Time
from bot.slack.refusals import SYSTEM, RateLimited
from bot.slack.transport import Payload

Send = Callable[[Payload], Awaitable[Payload]]
RATE = 0.95  # a little under Slack's one a second: a call that travels faster than the one before would be early
BURST = 3
MOST_WAITING = 500  # a channel that is that far behind gets a refusal instead of a promise
MOST_REFUSALS = 8


@dataclass(slots=True)
class _Post:
    payload: Payload
    done: asyncio.Future[Payload]
    refusals: int = 0


@dataclass(slots=True)
class _Lane:
    waiting: deque[_Post] = field(default_factory=deque)
    bucket: Bucket = field(default_factory=lambda: Bucket(RATE, BURST))
    worker: asyncio.Task[None] | None = None


class Posts:
    """Sends posts: one a second and channel with a small burst; channels do not wait for each other."""

    def __init__(self, send: Send, time: Time) -> None:
        self._send = send
        self._time = time
        self._lanes: dict[str, _Lane] = {}

    async def put(self, channel: str, payload: Payload) -> Payload:
        """Slack's answer to this post. Raises IntegrationError, Unreachable when too many are waiting."""
        lane = self._lanes.setdefault(channel, _Lane())
        if len(lane.waiting) >= MOST_WAITING:
            raise Unreachable(SYSTEM, f"{MOST_WAITING} messages are waiting for {channel} already")
        post = _Post(payload, asyncio.get_running_loop().create_future())
        lane.waiting.append(post)
        if lane.worker is None or lane.worker.done():
            lane.worker = asyncio.create_task(self._work(lane), name=f"posts {channel}")
        return await post.done

    @property
    def workers(self) -> list[asyncio.Task[None]]:
        """The queues that still have something to send."""
        return [lane.worker for lane in self._lanes.values() if lane.worker and not lane.worker.done()]

    def abandon(self) -> int:
        """Give up what was not sent; its callers get Unreachable. Returns how many."""
        left = [post for lane in self._lanes.values() for post in lane.waiting if not post.done.done()]
        for post in left:
            post.done.set_exception(Unreachable(SYSTEM, "the bot is stopping"))
        for worker in self.workers:
            worker.cancel()
        return len(left)

    async def _work(self, lane: _Lane) -> None:
        while lane.waiting:
            if lane.waiting[0].done.cancelled():
                lane.waiting.popleft()
                continue
            if (wait := lane.bucket.wait(self._time.now())) > 0:
                await self._time.sleep(wait)
                continue
            lane.bucket.take(self._time.now())
            if await self._try(lane, lane.waiting[0]):
                lane.waiting.popleft()

    async def _try(self, lane: _Lane, post: _Post) -> bool:
        """True when the post is settled, False when it has to wait its turn again."""
        sending = asyncio.ensure_future(self._send(post.payload))
        await asyncio.wait({sending})
        error = sending.exception()
        if isinstance(error, RateLimited):
            lane.bucket.close(self._time.now(), error.retry_after_s)
            post.refusals += 1
            if post.refusals < MOST_REFUSALS:
                return False
        settle(post.done, sending.result() if error is None else error)
        return True


def settle(done: asyncio.Future[Payload], result: Payload | BaseException) -> None:
    """Hand the result to a caller that may be gone already."""
    if done.done():
        return
    if isinstance(result, BaseException):
        done.set_exception(result)
    else:
        done.set_result(result)
