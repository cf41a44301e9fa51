"""Stages 8 and 9: what a click on a card says: who, where, and the value that the button carries. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.alerts import shape
from bot.errors import RunbookError


@dataclass(frozen=True, slots=True)
class Click:
    """One press of a button. `thread_ts` is where the card stands; `trigger_id` opens a modal for 3 s."""

    person: str
    channel: str
    thread_ts: str
    trigger_id: str
    value: str

    def said(self, *names: str) -> list[str]:
        """These parts of the button's value. RunbookError for a button that this bot cannot have made."""
        try:
            value = json.loads(self.value)
        except ValueError:
            value = None
        found = [shape.text(shape.mapping(value).get(name)) for name in names]
        if not all(found):
            raise RunbookError("This button was made by another version of the bot; use a newer card.")
        return found


def read_click(body: Mapping[str, Any]) -> Click:
    """The click in a block_actions payload."""
    container = shape.mapping(body.get("container"))
    message = shape.mapping(body.get("message"))
    action = next(shape.mappings(body.get("actions")), {})
    return Click(
        person=shape.text(shape.mapping(body.get("user")).get("id")),
        channel=shape.text(shape.mapping(body.get("channel")).get("id")) or shape.text(container.get("channel_id")),
        thread_ts=shape.text(message.get("thread_ts")) or shape.text(container.get("message_ts")),
        trigger_id=shape.text(body.get("trigger_id")),
        value=shape.text(action.get("value")),
    )
