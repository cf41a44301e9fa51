"""Stage 1: messages come in, from events and from the history that was missed, and become verbs of the flow."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.alerts.alert import Alert
from bot.flow.ports import Cursors
from bot.slack.edge import Edge, Tell
from bot.slack.events import Deleted, Edited, Event, Identity, Posted, understand
from bot.slack.metrics import MESSAGES
from bot.slack.verbs import Verbs

Reply = Callable[[str, str, str], Awaitable[None]]


class Inbox:
    """Understands messages and starts the work. What happens to one message happens in order."""

    def __init__(
        self,
        verbs: Verbs,
        edge: Edge,
        cursors: Cursors,
        identity: Identity,
        is_watched: Callable[[str], bool],
        reply: Reply,
    ) -> None:
        self._verbs = verbs
        self._edge = edge
        self._cursors = cursors
        self._identity = identity
        self._is_watched = is_watched
        self._reply = reply

    def take(self, event: Event, event_id: str = "") -> None:
        """Begin what this message asks for, if anything. `event_id` is "" for a message from the history."""
        happening = understand(event, self._identity, self._is_watched)
        if happening is not None:
            MESSAGES.labels(type(happening).__name__.lower()).inc()
        match happening:
            case Posted(alert):
                work = self._posted(alert, event_id)
                self._edge.begin("alert", work, self._tell(alert), key=(alert.channel, alert.ts))
            case Edited(alert):
                self._edge.begin("edited alert", self._edited(alert), key=(alert.channel, alert.ts))
            case Deleted(channel, ts):
                self._edge.begin("deleted alert", self._deleted(channel, ts), key=(channel, ts))

    async def _posted(self, alert: Alert, event_id: str) -> None:
        await self._verbs.take_alert(alert, event_id)
        # After the work: a bot killed midway reads the message again, and the store tells it apart.
        await self._cursors.advance(alert.channel, alert.ts)

    def _tell(self, alert: Alert) -> Tell:
        """What went wrong with an alert stands in its thread. Chatter is not answered, nor is it when nothing can be
        recognised at all; that look is work of its own, because it may be what broke."""

        async def tell(text: str) -> None:
            self._edge.begin("tell the thread", self._say(alert, text))

        return tell

    async def _say(self, alert: Alert, text: str) -> None:
        if self._verbs.is_recognised(alert):
            await self._reply(alert.channel, alert.ts, text)

    async def _edited(self, alert: Alert) -> None:
        await self._verbs.edit_alert(alert)

    async def _deleted(self, channel: str, ts: str) -> None:
        await self._verbs.forget_alert(channel, ts)


def listen_to_messages(app: AsyncApp, inbox: Inbox) -> None:
    """Register the one listener for messages of every subtype."""

    async def message(body: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        inbox.take(event, str(body.get("event_id") or ""))

    app.event("message")(message)
