"""Second floor of the stand-in: the workspace's state (people, channels, messages, reactions), no network.

Every change goes to the feed; every refusal is a `Refusal` with Slack's code. Times come from the clock given.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack import escaping, seed
from bot.sandbox.slack.changes import Feed
from bot.sandbox.slack.channel import Channel, Message
from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.seed import App
from bot.sandbox.slack.settings import TEAM_ID

TEXT_CUT_AT = 40_000  # chat.postMessage: longer text is cut, not refused


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be posted, already in wire form. `extra` is merged into the stored message as it is."""

    channel: str
    text: str
    blocks: list[dict[str, Any]] | None = None
    attachments: list[dict[str, Any]] | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    metadata: dict[str, Any] | None = None
    extra: dict[str, Any] = field(default_factory=dict)


class Workspace:
    """People, channels, groups and messages of one team; `clock` gives seconds since the epoch."""

    def __init__(self, apps: tuple[App, ...], feed: Feed, clock: Callable[[], float]) -> None:
        self.feed = feed
        self.clock = clock
        self.apps = {app.id: app for app in apps}
        self.users = {user[0]: seed.person(*user) for user in seed.PEOPLE}
        self.users |= {app.bot_user: seed.bot_user(app) for app in apps}
        self.groups = {one[0]: seed.group(*one) for one in seed.GROUPS}
        people = {user[0] for user in seed.PEOPLE}
        self.channels = {cid: Channel(cid, name, members=set(people)) for cid, name in seed.CHANNELS}
        for app in apps:
            for cid in self.channels if app.manifest else ("C0ALERTS",):
                self.channels[cid].members.add(app.bot_user)
        self._last_micros = 0

    def new_ts(self) -> str:
        """A ts later than every one before it, to the microsecond."""
        self._last_micros = max(self._last_micros + 1, int(self.clock() * 1_000_000))
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"

    def continue_after(self, ts: str) -> None:
        """Make every new ts later than this one of an earlier run."""
        self._last_micros = max(self._last_micros, int(ts.replace(".", "")))

    def channel(self, channel_id: str) -> Channel:
        """A channel by id or #name; a user's id means the direct channel. Refusal channel_not_found."""
        if channel_id in self.channels:
            return self.channels[channel_id]
        if channel_id in self.users:
            return self._direct(channel_id)
        name = channel_id.removeprefix("#")
        for channel in self.channels.values():
            if channel.name == name:
                return channel
        raise Refusal("channel_not_found", f"no channel {channel_id!r}; there are {', '.join(self.channels)}")

    def user(self, user_id: str) -> dict[str, Any]:
        """A user by id or name. Refusal user_not_found."""
        if user_id in self.users:
            return self.users[user_id]
        for user in self.users.values():
            if user["name"] == user_id.removeprefix("@"):
                return user
        raise Refusal("user_not_found", f"no user {user_id!r}; there are {', '.join(self.users)}")

    def app_named(self, name: str) -> App:
        """An app by id, bot id, bot user or name (any case). Refusal app_not_found."""
        for app in self.apps.values():
            if name.lower() in (app.id.lower(), app.bot_id.lower(), app.bot_user.lower(), app.name.lower()):
                return app
        raise Refusal("app_not_found", f"no app {name!r}; there are {', '.join(a.name for a in self.apps.values())}")

    def by_person(self, user_id: str) -> dict[str, Any]:
        """Author fields of a person's message."""
        return {"user": user_id, "client_msg_id": f"client-{self._last_micros:x}"}

    def by_app(self, app: App) -> dict[str, Any]:
        """Author fields of an app's message: modern apps carry a user and a bot_id, and no subtype."""
        profile = {"id": app.bot_id, "app_id": app.id, "name": app.name, "deleted": False, "team_id": TEAM_ID}
        return {"user": app.bot_user, "bot_id": app.bot_id, "app_id": app.id, "bot_profile": profile}

    def post(self, draft: Draft, author: dict[str, Any]) -> Message:
        """Store a message and tell the feed. Refusal thread_not_found, channel_not_found."""
        channel = self.channel(draft.channel)
        root = draft.thread_ts
        if root is not None:
            root = self.thread_root(channel, root)
        message: Message = {"type": "message", "ts": self.new_ts(), "team": TEAM_ID, **author}
        message["text"] = draft.text[:TEXT_CUT_AT]
        for name in ("blocks", "attachments", "metadata"):
            if value := getattr(draft, name):
                message[name] = value
        if root is not None:
            message["thread_ts"] = root
            message["parent_user_id"] = channel.messages[root].get("user")
            if draft.broadcast:
                message["subtype"] = "thread_broadcast"
        message |= draft.extra
        channel.add(message)
        self.feed.publish("message", {"channel": channel.id, "message": message})
        return message

    def thread_root(self, channel: Channel, ts: str) -> str:
        """The ts of the thread that `ts` belongs to. Refusal thread_not_found."""
        message = channel.messages.get(ts)
        if message is None:
            raise Refusal("thread_not_found", f"no message {ts!r} in {channel.id}")
        return str(message.get("thread_ts") or ts)

    def post_ephemeral(self, draft: Draft, author: dict[str, Any], user_id: str) -> Message:
        """Show a message to one person only; it is in no history and cannot be updated by ts."""
        channel = self.channel(draft.channel)
        message: Message = {"type": "message", "subtype": "ephemeral", "ts": self.new_ts(), "team": TEAM_ID, **author}
        message |= {"text": draft.text[:TEXT_CUT_AT], "is_ephemeral": True, "to_user": user_id, "channel": channel.id}
        for name in ("blocks", "attachments", "thread_ts"):
            if value := getattr(draft, name):
                message[name] = value
        channel.ephemerals.append(message)
        self.feed.publish("ephemeral", {"channel": channel.id, "user": user_id, "message": message})
        return message

    def edit(self, channel: Channel, ts: str, fields: dict[str, Any], *, edited_by: str | None) -> Message:
        """Replace fields of a message (None removes one); `edited_by` leaves the "edited" mark."""
        message = channel.find(ts)
        previous = dict(message)
        for name, value in fields.items():
            if value is None:
                message.pop(name, None)
            else:
                message[name] = value
        if edited_by:
            message["edited"] = {"user": edited_by, "ts": self.new_ts()}
        self.feed.publish(
            "message_changed", {"channel": channel.id, "ts": self.new_ts(), "message": message, "previous": previous}
        )
        return message

    def delete(self, channel: Channel, ts: str) -> None:
        """Remove a message. Refusal message_not_found."""
        previous = channel.remove(ts)
        data = {"channel": channel.id, "ts": self.new_ts(), "deleted_ts": ts, "previous": previous}
        self.feed.publish("message_deleted", data)

    def delete_ephemeral(self, channel: Channel, ts: str) -> None:
        """Take an ephemeral message away again (delete_original of a response_url)."""
        kept = [message for message in channel.ephemerals if message["ts"] != ts]
        channel.ephemerals.clear()
        channel.ephemerals.extend(kept)
        self.feed.publish("ephemeral_deleted", {"channel": channel.id, "ts": ts})

    def react(self, channel: Channel, ts: str, name: str, user_id: str) -> None:
        """Add a reaction. Refusal message_not_found, already_reacted."""
        reactions = channel.find(ts).setdefault("reactions", [])
        entry = next((one for one in reactions if one["name"] == name), None)
        if entry is None:
            entry = {"name": name, "users": [], "count": 0}
            reactions.append(entry)
        if user_id in entry["users"]:
            raise Refusal("already_reacted", f"{user_id} already put :{name}: on {ts}")
        entry["users"].append(user_id)
        entry["count"] += 1
        self._publish_reaction("reaction_added", channel, ts, name, user_id)

    def unreact(self, channel: Channel, ts: str, name: str, user_id: str) -> None:
        """Take a reaction away. Refusal message_not_found, no_reaction."""
        message = channel.find(ts)
        entry = next((one for one in message.get("reactions", []) if one["name"] == name), None)
        if entry is None or user_id not in entry["users"]:
            raise Refusal("no_reaction", f"{user_id} has no :{name}: on {ts}")
        entry["users"].remove(user_id)
        entry["count"] -= 1
        message["reactions"] = [one for one in message["reactions"] if one["count"]]
        if not message["reactions"]:
            del message["reactions"]
        self._publish_reaction("reaction_removed", channel, ts, name, user_id)

    def join(self, channel: Channel, user_id: str) -> bool:
        """Make a user a member; False when it was one already."""
        if user_id in channel.members:
            return False
        channel.members.add(user_id)
        self.feed.publish("member_joined_channel", {"channel": channel.id, "user": user_id, "ts": self.new_ts()})
        name = self.users[user_id]["name"]
        draft = Draft(channel.id, f"<@{user_id}> has joined the channel", extra={"subtype": "channel_join"})
        self.post(draft, {"user": user_id, "username": name})
        return True

    def leave(self, channel: Channel, user_id: str) -> bool:
        """End a membership; False when there was none."""
        if user_id not in channel.members:
            return False
        channel.members.discard(user_id)
        self.feed.publish("member_left_channel", {"channel": channel.id, "user": user_id, "ts": self.new_ts()})
        return True

    def set_group(self, group_id: str, users: list[str]) -> dict[str, Any]:
        """Replace a user group's members, given by id or name. Refusal no_such_subteam, user_not_found."""
        group = self.groups.get(group_id)
        if group is None:
            raise Refusal("no_such_subteam", f"no user group {group_id!r}; there are {', '.join(self.groups)}")
        members = [str(self.user(user)["id"]) for user in users]
        group |= {"users": members, "user_count": len(members), "date_update": int(self.clock())}
        self.feed.publish("usergroup", {"group": group})
        return group

    def type_text(self, text: str) -> str:
        """What Slack makes of text typed by a person."""
        users = {str(user["name"]): user_id for user_id, user in self.users.items()}
        return escaping.typed(text, users, {channel.name: cid for cid, channel in self.channels.items()})

    def _direct(self, user_id: str) -> Channel:
        channel_id = f"D{user_id[1:]}"
        if channel_id not in self.channels:
            bots = {app.bot_user for app in self.apps.values() if app.manifest}
            self.channels[channel_id] = Channel(channel_id, "", is_private=True, is_im=True, members={user_id, *bots})
        return self.channels[channel_id]

    def _publish_reaction(self, kind: str, channel: Channel, ts: str, name: str, user_id: str) -> None:
        author = channel.find(ts).get("user")
        data = {"channel": channel.id, "ts": ts, "reaction": name, "user": user_id, "item_user": author}
        self.feed.publish(kind, {**data, "event_ts": self.new_ts()})
