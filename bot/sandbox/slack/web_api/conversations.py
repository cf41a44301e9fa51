"""Fourth floor of the stand-in: conversations.* and users.conversations, cursor-paged."""

from bisect import bisect_left, bisect_right
from typing import Any

from bot.sandbox.slack.channel import Channel
from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.web_api.call import Answer, Call, Method, cursor, page, uncursor


def list_conversations(call: Call) -> Answer:
    """Channels of the wanted types (public_channel by default)."""
    channels, paging = page(call, _of_types(call), default=100)
    return {"channels": [describe(channel, call) for channel in channels], **paging}


def list_own(call: Call) -> Answer:
    """The channels that a user (the bot by default) is in."""
    user = call.args.text("user", call.app.bot_user)
    channels, paging = page(call, [c for c in _of_types(call) if user in c.members], default=100)
    return {"channels": [describe(channel, call) for channel in channels], **paging}


def conversation_info(call: Call) -> Answer:
    """One channel."""
    channel = call.channel()
    described = describe(channel, call)
    if call.args.flag("include_num_members"):
        described["num_members"] = len(channel.members)
    return {"channel": described}


def list_members(call: Call) -> Answer:
    """The user ids in a channel."""
    members, paging = page(call, sorted(call.channel().members), default=100)
    return {"members": members, **paging}


def join_conversation(call: Call) -> Answer:
    """Join a public channel; joining twice is a warning. Refusal method_not_supported_for_channel_type."""
    channel = call.channel()
    if channel.is_private:
        raise Refusal("method_not_supported_for_channel_type")
    joined = call.standin.workspace.join(channel, call.app.bot_user)
    answer: Answer = {"channel": describe(channel, call)}
    if not joined:
        answer |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return answer


def open_conversation(call: Call) -> Answer:
    """Open the direct channel with one user."""
    users = call.args.names("users")
    if len(users) != 1:
        raise Refusal("not_enough_users" if not users else "method_not_supported_for_channel_type")
    call.standin.workspace.user(users[0])
    return {"channel": {"id": call.standin.workspace.channel(users[0]).id}}


def history(call: Call) -> Answer:
    """Top-level messages, newest first. Refusal not_in_channel for a private channel of others."""
    channel = _readable(call)
    return _messages(call, channel, channel.top, newest_first=True)


def replies(call: Call) -> Answer:
    """A thread, oldest first, its root always first. Refusal thread_not_found."""
    channel = _readable(call)
    root = call.standin.workspace.thread_root(channel, call.args.required("ts", "thread_not_found"))
    answer = _messages(call, channel, channel.threads.get(root, []), newest_first=False)
    if "cursor" not in call.args:
        answer["messages"].insert(0, _shown(channel.messages[root], call))
    return answer


def describe(channel: Channel, call: Call) -> Answer:
    """A channel as Slack describes it."""
    if channel.is_im:
        other = f"U{channel.id[1:]}"
        return {"id": channel.id, "created": channel.created, "is_im": True, "user": other, "is_archived": False}
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_member": call.app.bot_user in channel.members,
        "created": channel.created,
        "creator": "U0LEAD",
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(channel.members),
    }


def _messages(call: Call, channel: Channel, stamps: list[str], *, newest_first: bool) -> Answer:
    args = call.args
    oldest, latest, inclusive = args.text("oldest"), args.text("latest"), args.flag("inclusive")
    limit = args.number("limit", 100, low=1, high=999)
    for name, value in (("oldest", oldest), ("latest", latest)):
        if value and not value.replace(".", "", 1).isdigit():
            raise Refusal(f"invalid_ts_{name}", f"{name}={value!r} is no ts")
    oldest, latest = ("" if oldest in ("", "0") else _ts(oldest)), _ts(latest)
    if "cursor" in args:
        at = uncursor(args.text("cursor"), "next_ts")
        stamps = stamps[: bisect_right(stamps, at)] if newest_first else stamps[bisect_left(stamps, at) :]
    found, more = channel.page(
        stamps, oldest=oldest, latest=latest, inclusive=inclusive, limit=limit + 1, newest_first=newest_first
    )
    more = more or len(found) > limit
    answer: dict[str, Any] = {"messages": [_shown(m, call) for m in found[:limit]], "has_more": more}
    if newest_first:
        answer |= {"pin_count": 0}
    if more:
        answer["response_metadata"] = {"next_cursor": cursor("next_ts", found[limit]["ts"])}
    return answer


def _ts(text: str) -> str:
    """A ts with exactly six decimals, so that ts compare as text."""
    if not text:
        return ""
    seconds, _, micros = text.partition(".")
    return f"{seconds}.{micros[:6].ljust(6, '0')}"


def _shown(message: dict[str, Any], call: Call) -> dict[str, Any]:
    if "metadata" in message and not call.args.flag("include_all_metadata"):
        return {name: value for name, value in message.items() if name != "metadata"}
    return message


def _readable(call: Call) -> Channel:
    channel = call.channel()
    if call.app.bot_user not in channel.members:
        raise Refusal("not_in_channel", f"{call.app.name} is not in {channel.id}")
    return channel


def _of_types(call: Call) -> list[Channel]:
    wanted = call.args.names("types") or ["public_channel"]
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
    if unknown := set(wanted) - set(kinds):
        raise Refusal("invalid_types", f"unknown types {', '.join(sorted(unknown))}")
    chosen = {kinds[one] for one in wanted}
    found = [c for c in call.standin.workspace.channels.values() if c.kind in chosen]
    visible = [c for c in found if not c.is_private or call.app.bot_user in c.members]
    return [c for c in visible if not (c.is_archived and call.args.flag("exclude_archived"))]


METHODS: dict[str, Method] = {
    "conversations.history": history,
    "conversations.info": conversation_info,
    "conversations.join": join_conversation,
    "conversations.list": list_conversations,
    "conversations.members": list_members,
    "conversations.open": open_conversation,
    "conversations.replies": replies,
    "users.conversations": list_own,
}
