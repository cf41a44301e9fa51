"""Fourth floor of the stand-in: chat.postMessage, update, delete, postEphemeral, getPermalink."""

from typing import Any

from bot.sandbox.slack import escaping
from bot.sandbox.slack.channel import Channel, Message
from bot.sandbox.slack.judge import complete_blocks, refuse_invalid_blocks
from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.web_api.call import Answer, Call, Method
from bot.sandbox.slack.workspace import Draft

NO_TEXT = "This content can't be displayed."  # what a message holds that was posted with blocks only
UPDATE_BYTES = 4_000  # chat.update refuses longer text with msg_too_long (reported; postMessage cuts at 40,000)
CUSTOM = ("username", "icon_emoji", "icon_url")


def post_message(call: Call) -> Answer:
    """Post to a channel or thread. Refusal not_in_channel, thread_not_found, no_text, invalid_blocks …"""
    channel = call.addressee()
    _refuse_outsider(call, channel)
    author = call.standin.workspace.by_app(call.app)
    extra: dict[str, Any] = {}
    if any(name in call.args for name in CUSTOM):
        if "chat:write.customize" not in call.app.scopes:
            raise missing_scope("chat:write.customize", call.app.scopes)
        author.pop("user")
        extra = {"subtype": "bot_message", "username": call.args.text("username", call.app.name)}
    draft = Draft(
        channel.id,
        **_content(call),
        thread_ts=call.args.text("thread_ts") or None,
        broadcast=call.args.flag("reply_broadcast"),
        metadata=_metadata(call),
        extra=extra,
    )
    message = call.standin.workspace.post(draft, author)
    return {"channel": channel.id, "ts": message["ts"], "message": message}


def update_message(call: Call) -> Answer:
    """Replace an own message's text, blocks, attachments; the "edited" mark stays away when blocks are given.

    As documented: attachments that are not given stay; blocks stay when neither they nor a text is given.
    """
    channel = call.channel()
    ts = call.args.required("ts", "message_not_found")
    message = channel.find(ts)
    _refuse_foreign(call, message, "cant_update_message")
    if len(call.args.text("text").encode()) > UPDATE_BYTES:
        raise Refusal("msg_too_long", f"text of chat.update is limited to {UPDATE_BYTES} bytes")
    fields = _content(call)
    edited_by = None if fields["blocks"] else call.app.bot_user
    if "attachments" not in call.args:
        del fields["attachments"]
    if not ("blocks" in call.args or "text" in call.args):
        del fields["blocks"], fields["text"]
    if metadata := _metadata(call):
        fields["metadata"] = metadata
    message = call.standin.workspace.edit(channel, ts, fields, edited_by=edited_by)
    return {"channel": channel.id, "ts": ts, "text": message["text"], "message": message}


def delete_message(call: Call) -> Answer:
    """Delete an own message. Refusal message_not_found, cant_delete_message."""
    channel = call.channel()
    ts = call.args.required("ts", "message_not_found")
    _refuse_foreign(call, channel.find(ts), "cant_delete_message")
    call.standin.workspace.delete(channel, ts)
    return {"channel": channel.id, "ts": ts}


def post_ephemeral(call: Call) -> Answer:
    """Show a message to one member only. Refusal user_not_in_channel, not_in_channel …"""
    channel = call.addressee()
    user = call.args.required("user", "user_not_found")
    if channel.is_im or call.app.bot_user not in channel.members:
        raise Refusal("not_in_channel", f"{call.app.name} is not in {channel.id}")
    call.standin.workspace.user(user)
    if user not in channel.members:
        raise Refusal("user_not_in_channel", f"{user} is not in {channel.id}")
    thread_ts = call.args.text("thread_ts") or None
    draft = Draft(channel.id, **_content(call), thread_ts=thread_ts)
    message = call.standin.workspace.post_ephemeral(draft, call.standin.workspace.by_app(call.app), user)
    return {"message_ts": message["ts"]}


def get_permalink(call: Call) -> Answer:
    """The link to a message."""
    channel = call.channel()
    ts = call.args.required("message_ts", "message_not_found")
    message = channel.find(ts)
    link = f"{call.standin.base_url}/archives/{channel.id}/p{ts.replace('.', '')}"
    root = message.get("thread_ts")
    if root and root != ts:
        link += f"?thread_ts={root}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def missing_scope(needed: str, provided: frozenset[str]) -> Refusal:
    """Slack's answer to a token that lacks a scope."""
    return Refusal("missing_scope", needed=needed, provided=",".join(sorted(provided)))


def _content(call: Call) -> dict[str, Any]:
    blocks = call.args.structure("blocks", "invalid_blocks_format")
    attachments = call.args.structure("attachments", "invalid_attachments")
    if blocks is not None and not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format", "blocks must be an array")
    if not (blocks or attachments or "text" in call.args):
        raise Refusal("no_text", "a message needs text, blocks or attachments")
    refuse_invalid_blocks(blocks or None, attachments, call.standin.abilities)
    text = escaping.posted(call.args.text("text")) or (NO_TEXT if blocks else "")
    filled = [
        {"id": number, "fallback": one.get("text", "[no preview available]"), **one}
        for number, one in enumerate(attachments or [], 1)
    ]
    return {"text": text, "blocks": complete_blocks(blocks) if blocks else None, "attachments": filled or None}


def _metadata(call: Call) -> dict[str, Any] | None:
    metadata = call.args.structure("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise Refusal("invalid_metadata_schema", "metadata needs event_type (text) and event_payload (object)")
    if not isinstance(metadata.get("event_payload"), dict):
        raise Refusal("invalid_metadata_schema", "metadata.event_payload must be an object")
    return metadata


def _refuse_outsider(call: Call, channel: Channel) -> None:
    if channel.is_archived:
        raise Refusal("is_archived")
    public = not channel.is_private and "chat:write.public" in call.app.scopes
    if call.app.bot_user not in channel.members and not public:
        raise Refusal("not_in_channel", f"{call.app.name} is not in {channel.id}")


def _refuse_foreign(call: Call, message: Message, code: str) -> None:
    if message.get("bot_id") != call.app.bot_id:
        raise Refusal(code, f"{message['ts']} was not posted by {call.app.name}")


METHODS: dict[str, Method] = {
    "chat.delete": delete_message,
    "chat.getPermalink": get_permalink,
    "chat.postEphemeral": post_ephemeral,
    "chat.postMessage": post_message,
    "chat.update": update_message,
}
