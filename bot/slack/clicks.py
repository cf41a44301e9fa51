"""Stages 8 and 9: what a click on a card says: who, where, and the value that the button carries. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.alerts import shape
from bot.errors import RunbookError

_DIGITS = 9
"""More than any count of ours has; thousands of them would be a ValueError of int()."""


@dataclass(frozen=True, slots=True)
class Click:
    """One press of a button. `thread_ts` is where the card stands; `trigger_id` opens a modal for 3 s; `response_url`
    answers in place of the message, five times in 30 minutes."""

    person: str
    channel: str
    thread_ts: str
    trigger_id: str
    value: str
    response_url: str = ""

    def said(self, *names: str) -> list[str]:
        """These parts of the button's value. RunbookError for a button that this bot cannot have made."""
        found = [shape.text(self._parts().get(name)) for name in names]
        if not all(found):
            raise RunbookError("This button was made by another version of the bot; use a newer card.")
        return found

    def number(self, name: str) -> int:
        """A part of the button's value that is a number. RunbookError as above."""
        (said,) = self.said(name)
        if not said.isdecimal() or len(said) > _DIGITS:
            raise RunbookError("This button was made by another version of the bot; use a newer card.")
        return int(said)

    def has(self, name: str) -> bool:
        """True when the button's value has this part."""
        return name in self._parts()

    def _parts(self) -> Mapping[str, Any]:
        try:
            return shape.mapping(json.loads(self.value))
        except ValueError:
            return {}


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
        response_url=shape.text(body.get("response_url")),
    )
