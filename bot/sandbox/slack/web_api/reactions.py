"""Fourth floor of the stand-in: reactions.add, remove, get."""

import re

from bot.sandbox.slack.channel import Channel
from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.web_api.call import Answer, Call, Method

_NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def add_reaction(call: Call) -> Answer:
    """Put an emoji on a message. Refusal already_reacted, message_not_found, invalid_name."""
    channel, ts, name = _target(call)
    call.standin.workspace.react(channel, ts, name, call.app.bot_user)
    return {}


def remove_reaction(call: Call) -> Answer:
    """Take the own emoji off. Refusal no_reaction, message_not_found."""
    channel, ts, name = _target(call)
    call.standin.workspace.unreact(channel, ts, name, call.app.bot_user)
    return {}


def get_reactions(call: Call) -> Answer:
    """The message with its reactions."""
    channel = call.channel()
    message = channel.find(call.args.required("timestamp", "bad_timestamp"))
    return {"type": "message", "channel": channel.id, "message": message}


def _target(call: Call) -> tuple[Channel, str, str]:
    name = call.args.required("name", "invalid_name").strip(":")
    if not _NAME.fullmatch(name):
        raise Refusal("invalid_name", f"{name!r} is no emoji name")
    channel = call.channel()
    if call.app.bot_user not in channel.members:
        raise Refusal("not_in_channel", f"{call.app.name} is not in {channel.id}")
    return channel, call.args.required("timestamp", "bad_timestamp"), name


METHODS: dict[str, Method] = {
    "reactions.add": add_reaction,
    "reactions.get": get_reactions,
    "reactions.remove": remove_reaction,
}
