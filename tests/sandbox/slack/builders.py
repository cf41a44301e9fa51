"""Views that tests of the stand-in open, and an app that answers at once."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.delivery import Ack, Envelope
from bot.sandbox.slack.interactions import Interactions
from bot.sandbox.slack.seed import App

FIELD = {"type": "plain_text_input", "action_id": "reason", "min_length": 3}

MODAL = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Why"},
    "submit": {"type": "plain_text", "text": "Send"},
    "notify_on_close": True,
    "blocks": [
        {"type": "input", "block_id": "why", "label": {"type": "plain_text", "text": "Reason"}, "element": FIELD}
    ],
}


@dataclass
class FakeApp:
    """The app at the other end: a carrier that keeps what was sent and acks with `answer`, or fails with `failure`."""

    people: Interactions
    sent: list[dict[str, Any]] = field(default_factory=list)
    answer: Any = None
    failure: str = ""
    name: str = "fake"
    meanwhile: Callable[[], object] = lambda: None

    def send(self, app: App, envelope: Envelope, done: Callable[[Ack], None]) -> None:
        self.sent.append(json.loads(envelope.payload))
        self.meanwhile()
        ack = Ack(False, self.failure) if self.failure else Ack(True, body=self.answer)
        asyncio.get_running_loop().call_soon(done, ack)
