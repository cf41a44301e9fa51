"""Stage 7: everything that leaves for Slack: posts and edits at its pace, other calls at once."""

import asyncio

import structlog

from bot.slack.edits import Edits
from bot.slack.methods import Method
from bot.slack.pacing import LoopTime, Time
from bot.slack.posts import Posts
from bot.slack.transport import Payload, Transport

_log = structlog.get_logger(__name__)


class Outbox:
    """One for the process. Every call returns when Slack has it, or raises IntegrationError."""

    def __init__(self, transport: Transport, time: Time | None = None) -> None:
        clock = time or LoopTime()
        self._transport = transport
        self._posts = Posts(lambda payload: transport.send(Method.POST, payload), clock)
        self._edits = Edits(lambda payload: transport.send(Method.UPDATE, payload), clock)

    async def post(self, channel: str, payload: Payload) -> str:
        """Post a message; returns its ts. In order per channel; new messages never wait for edits."""
        answer = await self._posts.put(channel, {"channel": channel, **payload})
        return str(answer.get("ts", ""))

    async def update(self, channel: str, ts: str, payload: Payload, *, is_urgent: bool = False) -> None:
        """Edit a message. Returns when Slack shows this content or a newer one."""
        await self._edits.put((channel, ts), {"channel": channel, "ts": ts, **payload}, is_urgent)

    async def call(self, method: Method, payload: Payload) -> Payload:
        """Any other method, at once."""
        return await self._transport.call(method, payload)

    async def drain(self, timeout_s: float) -> None:
        """Wait for what is queued; what is not sent after `timeout_s` is given up and counted in the log."""
        workers = [*self._posts.workers, *self._edits.workers]
        if workers:
            await asyncio.wait(workers, timeout=timeout_s)
        left = self._posts.abandon() + self._edits.abandon()
        if left:
            _log.warning("slack messages given up while stopping", messages=left)
