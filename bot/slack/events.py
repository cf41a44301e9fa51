"""Stage 1: what a `message` event is: a new alert, an edited one, a deleted one, or nothing for the bot. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.alerts import shape
from bot.alerts.alert import Alert
from bot.alerts.extraction import read_alert

Event = Mapping[str, Any]
# Modern apps and people post without a subtype; incoming webhooks, older apps and files have one. Anything else (joins,
# topics, replies shown in the channel, reminders) is no alert.
_NEW = {"", "bot_message", "file_share"}
_CONTENT = ("text", "blocks", "attachments", "files")


@dataclass(frozen=True, slots=True)
class Identity:
    """The bot as Slack knows it; `url` is the workspace's address, ending in a slash."""

    user: str
    bot: str
    team: str = ""
    url: str = ""

    def wrote(self, message: Event) -> bool:
        """True for a message of the bot itself."""
        return bool(
            (self.user and message.get("user") == self.user) or (self.bot and message.get("bot_id") == self.bot)
        )


@dataclass(frozen=True, slots=True)
class Posted:
    """A new message."""

    alert: Alert


@dataclass(frozen=True, slots=True)
class Edited:
    """A message whose content changed; the alert as it reads now."""

    alert: Alert


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message that is gone."""

    channel: str
    ts: str


Happening = Posted | Edited | Deleted


def understand(event: Event, identity: Identity, is_watched: Callable[[str], bool]) -> Happening | None:
    """What happened in a watched channel; None for everything that is not for the bot: its own messages, replies in
    threads, other channels, other subtypes, edits that change nothing to read."""
    channel = shape.text(event.get("channel"))
    if not is_watched(channel):
        return None
    subtype = shape.text(event.get("subtype"))
    if subtype == "message_changed":
        return _changed(event, channel, identity)
    if subtype == "message_deleted":
        return _deleted(shape.mapping(event.get("previous_message")), event.get("deleted_ts"), channel, identity)
    if subtype not in _NEW or identity.wrote(event) or _is_reply(event):
        return None
    return Posted(read_alert(event))


def _changed(event: Event, channel: str, identity: Identity) -> Happening | None:
    message = shape.mapping(event.get("message"))
    before = shape.mapping(event.get("previous_message"))
    if message.get("subtype") == "tombstone":  # a deleted message whose thread lives on
        return _deleted(before or message, message.get("ts"), channel, identity)
    if identity.wrote(message) or _is_reply(message) or shape.text(message.get("subtype")) not in _NEW:
        return None
    # Slack sends this for new replies and unfurled links too: only what can be read counts.
    if before and all(message.get(key) == before.get(key) for key in _CONTENT):
        return None
    return Edited(read_alert({**message, "channel": channel}))


def _deleted(before: Event, ts: object, channel: str, identity: Identity) -> Deleted | None:
    gone = shape.text(ts)
    if not gone or identity.wrote(before) or _is_reply(before):
        return None
    return Deleted(channel, gone)


def _is_reply(message: Event) -> bool:
    thread = message.get("thread_ts")
    return bool(thread) and thread != message.get("ts")
