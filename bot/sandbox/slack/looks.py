"""Fifth floor of the stand-in: what the control API shows: messages, views, logs, the whole workspace. Read only."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from bot.sandbox.slack.channel import Channel, Message
from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.settings import TEAM_ID, TEAM_NAME
from bot.sandbox.slack.standin import Standin

Query = dict[str, Any]


class Looks:
    """Each `see_x` answers `GET /control/x`; its argument is the query."""

    def __init__(self, standin: Standin) -> None:
        self._standin = standin

    def all(self) -> dict[str, Callable[[Query], dict[str, Any]]]:
        """Path to look."""
        return {name.removeprefix("see_"): getattr(self, name) for name in dir(self) if name.startswith("see_")}

    def see_messages(self, query: Query) -> dict[str, Any]:
        """A channel's messages, oldest first, or one thread with its root first."""
        channel = self._standin.workspace.channel(needed(query, "channel"))
        root = query.get("thread_ts")
        if root is None:
            return {"messages": [channel.messages[ts] for ts in channel.top]}
        root = self._standin.workspace.thread_root(channel, root)
        return {"messages": [channel.messages[ts] for ts in (root, *channel.threads.get(root, []))]}

    def see_ephemerals(self, query: Query) -> dict[str, Any]:
        """What only that user sees, all channels, oldest first."""
        user = self._standin.workspace.user(needed(query, "user"))["id"]
        found: list[Message] = []
        for channel in self._standin.workspace.channels.values():
            found += [message for message in channel.ephemerals if message["to_user"] == user]
        return {"messages": sorted(found, key=lambda message: message["ts"])}

    def see_views(self, query: Query) -> dict[str, Any]:
        """The user's modals (top one last) and App Home."""
        user = str(self._standin.workspace.user(needed(query, "user"))["id"])
        return {"views": self._standin.views.of(user), "home": self._standin.views.home(user)}

    def see_reactions(self, query: Query) -> dict[str, Any]:
        """The reactions on a message."""
        channel = self._standin.workspace.channel(needed(query, "channel"))
        return {"reactions": channel.find(needed(query, "ts")).get("reactions", [])}

    def see_calls(self, query: Query) -> dict[str, Any]:
        """The log of Web API calls, optionally of one `method` and `after` a number."""
        return {"calls": self._standin.journal.calls(query.get("method"), number(query, "after", 0))}

    def see_deliveries(self, query: Query) -> dict[str, Any]:
        """The log of deliveries to the app, optionally of one `kind` and `after` a number."""
        return {"deliveries": self._standin.journal.deliveries(query.get("kind"), number(query, "after", 0))}

    def see_faults(self, query: Query) -> dict[str, Any]:
        """The faults in force, with how often each struck."""
        return {"faults": [asdict(rule) for rule in self._standin.faults.rules()]}

    def see_state(self, query: Query) -> dict[str, Any]:
        """The whole workspace."""
        standin, workspace = self._standin, self._standin.workspace
        return {
            "number": standin.feed.number,
            "team": {"id": TEAM_ID, "name": TEAM_NAME},
            "users": list(workspace.users.values()),
            "apps": [
                {"id": a.id, "name": a.name, "bot_user": a.bot_user, "bot_id": a.bot_id}
                for a in workspace.apps.values()
            ],
            "usergroups": list(workspace.groups.values()),
            "channels": [_channel(one) for one in workspace.channels.values()],
            "views": standin.views.everything(),
            "files": standin.files.listing(),
            "commands": sorted(standin.bot.manifest.commands) if standin.bot.manifest else [],
            "shortcuts": dict(standin.bot.manifest.shortcuts) if standin.bot.manifest else {},
            "delivery": {
                "mode": standin.deliverer.carrier.name,
                "sockets": standin.sockets.connections(standin.bot.id),
            },
        }


def needed(body: Query, name: str) -> str:
    """A text argument that must be there. Refusal missing_argument."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Refusal("missing_argument", f"{name} is required; got {', '.join(sorted(body)) or 'nothing'}")
    return value


def number(query: Mapping[str, Any], name: str, default: int) -> int:
    """A whole number of a query. Refusal invalid_argument."""
    try:
        return int(query.get(name, default))
    except (TypeError, ValueError):
        raise Refusal("invalid_argument", f"{name} must be a whole number, got {query[name]!r}") from None


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_im": channel.is_im,
        "members": sorted(channel.members),
        "messages": list(channel.messages.values()),
        "ephemerals": list(channel.ephemerals),
    }
