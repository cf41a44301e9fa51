"""Fourth floor of the stand-in: the workspace on disk between two runs, so that a restarted sandbox keeps its threads.

Kept: channels with members, messages and ephemerals, user groups, App Homes, files. Modals, triggers and response
URLs are short-lived and start anew. Written when the stand-in stops in good order; a killed one keeps the one before.
"""

import json
from pathlib import Path
from typing import Any

from bot.sandbox.slack.channel import Channel
from bot.sandbox.slack.standin import Standin

FORMAT = 1


class SnapshotError(Exception):
    """The file on disk cannot be used; the message says which, and what to do."""


def write_snapshot(standin: Standin, path: Path) -> None:
    """Write everything that is kept, all or nothing."""
    workspace = standin.workspace
    data = {
        "format": FORMAT,
        "channels": [_channel(one) for one in workspace.channels.values()],
        "groups": {group_id: group["users"] for group_id, group in workspace.groups.items()},
        "homes": {user: one["home"] for user, one in standin.views.everything().items() if one["home"]},
        "files": standin.files.listing(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(data), encoding="utf-8")
    draft.replace(path)


def read_snapshot(standin: Standin, path: Path) -> bool:
    """Put a fresh stand-in into the state of the file; False when there is none. Raises SnapshotError."""
    if not path.exists():
        return False
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise SnapshotError(f"{path}: format {data['format']} is not {FORMAT}; delete it to start anew")
        _restore(standin, data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SnapshotError(f"{path}: is no snapshot of a workspace ({error!r}); delete it to start anew") from error
    return True


def _restore(standin: Standin, data: dict[str, Any]) -> None:
    workspace = standin.workspace
    for one in data["channels"]:
        messages, ephemerals, members = one.pop("messages"), one.pop("ephemerals"), one.pop("members")
        channel = Channel(**one, members=set(members))
        for message in messages:
            channel.add(message)
            workspace.continue_after(message["ts"])
        channel.ephemerals.extend(ephemerals)
        workspace.channels[channel.id] = channel
    for group_id, users in data["groups"].items():
        workspace.groups[group_id] |= {"users": users, "user_count": len(users)}
    for user, home in data["homes"].items():
        standin.views.publish(standin.bot, user, home)
    for file in data["files"]:
        standin.files.restore(file)


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "is_im": channel.is_im,
        "is_archived": channel.is_archived,
        "members": sorted(channel.members),
        "messages": list(channel.messages.values()),
        "ephemerals": list(channel.ephemerals),
    }
