"""Fourth floor of the stand-in: what a method's function is given, and how it pages its answer."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.channel import Channel
from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.seed import App
from bot.sandbox.slack.standin import Standin
from bot.sandbox.slack.web_api.arguments import Arguments

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One authenticated call: whose token, which arguments, which workspace."""

    standin: Standin
    app: App
    args: Arguments

    def channel(self) -> Channel:
        """The conversation of that id; a name or a person's id is Refusal channel_not_found, as in Slack."""
        return self.conversation(self.args.required("channel", "channel_not_found"))

    def conversation(self, channel_id: str) -> Channel:
        """A conversation by its id and nothing else. Refusal channel_not_found."""
        if channel_id not in self.standin.workspace.channels:
            raise Refusal("channel_not_found", f"{channel_id!r} is no conversation's id")
        return self.standin.workspace.channels[channel_id]

    def addressee(self) -> Channel:
        """Where to post: an id, a channel's name or a person's id. Refusal channel_not_found."""
        return self.standin.workspace.channel(self.args.required("channel", "channel_not_found"))


Method = Callable[[Call], Answer]


def page(call: Call, items: list[Any], default: int, most: int = 1000) -> tuple[list[Any], Answer]:
    """One page of `items` by `limit` and `cursor`, and its response_metadata. Refusal invalid_cursor."""
    limit = call.args.number("limit", default, low=1, high=most)
    start = 0
    if "cursor" in call.args:
        start = int(uncursor(call.args.text("cursor"), "offset"))
    end = start + limit
    following = cursor("offset", str(end)) if end < len(items) else ""
    return items[start:end], {"response_metadata": {"next_cursor": following}}


def cursor(kind: str, value: str) -> str:
    """An opaque cursor, as Slack makes them."""
    return base64.b64encode(f"{kind}:{value}".encode()).decode()


def uncursor(text: str, kind: str) -> str:
    """What a cursor of that kind holds. Refusal invalid_cursor."""
    try:
        found, _, value = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        found, value = "", ""
    if found != kind or not value or (kind == "offset" and not value.isdecimal()):
        raise Refusal("invalid_cursor", f"{text!r} is no cursor of this method")
    return value
