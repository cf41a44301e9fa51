"""Third floor of the stand-in: what changed in the workspace → the events that the app subscribed to. Pure.

Payload shapes from docs.slack.dev/reference/events; a message's event is the stored message plus its channel.
"""

from secrets import token_hex
from typing import Any

from bot.sandbox.slack.changes import Change
from bot.sandbox.slack.seed import App
from bot.sandbox.slack.settings import TEAM_ID
from bot.sandbox.slack.workspace import Workspace

_REACTIONS = frozenset({"reaction_added", "reaction_removed"})
_MEMBERSHIPS = frozenset({"member_joined_channel", "member_left_channel"})
_MESSAGES = frozenset({"message", "message_changed", "message_deleted"})
_SUBSCRIPTION = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
_SCOPE = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}
_TYPE = {"channel": "C", "group": "G", "im": "D"}


def events_for(app: App, workspace: Workspace, change: Change) -> list[dict[str, Any]]:
    """The inner events of a change that `app` hears, by its manifest, scopes and channel membership."""
    if app.manifest is None:
        return []
    wanted = app.manifest.bot_events
    if change.kind in _MESSAGES:
        return _message_events(app, workspace, change, wanted)
    if change.kind in _REACTIONS and change.kind in wanted and "reactions:read" in app.scopes:
        return [_reaction(change)] if _is_member(app, workspace, change) else []
    if change.kind in _MEMBERSHIPS and change.kind in wanted:
        heard = change.data["user"] == app.bot_user or _is_member(app, workspace, change)
        return [_membership(workspace, change)] if heard else []
    return []


def callback(app: App, event: dict[str, Any], now: int) -> dict[str, Any]:
    """The event_callback around an event; `now` in whole seconds."""
    who = {"enterprise_id": None, "team_id": TEAM_ID, "user_id": app.bot_user}
    return {
        "token": "sandbox-verification-token",
        "team_id": TEAM_ID,
        "context_team_id": TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": app.id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{token_hex(5).upper()}",
        "event_time": now,
        "authorizations": [{**who, "is_bot": True, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
        "event_context": f"4-{token_hex(16)}",
    }


def home_opened(user: str, tab: str, view: dict[str, Any] | None, ts: str) -> dict[str, Any]:
    """The app_home_opened event; it carries the view that is shown, when one was published."""
    event = {"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}", "tab": tab, "event_ts": ts}
    return {**event, "view": view} if view else event


def _message_events(app: App, workspace: Workspace, change: Change, wanted: frozenset[str]) -> list[dict[str, Any]]:
    channel = workspace.channels[change.data["channel"]]
    if app.bot_user not in channel.members:
        return []
    events = []
    if _SUBSCRIPTION[channel.kind] in wanted and _SCOPE[channel.kind] in app.scopes:
        events.append({**_message(change), "channel": channel.id, "channel_type": channel.kind})
    text = change.data["message"]["text"] if change.kind == "message" else ""
    if "app_mention" in wanted and "app_mentions:read" in app.scopes and f"<@{app.bot_user}>" in text:
        event = {**_message(change), "type": "app_mention", "channel": channel.id}
        events.append(event)
    return events


def _message(change: Change) -> dict[str, Any]:
    data = change.data
    if change.kind == "message":
        return {**data["message"], "event_ts": data["message"]["ts"]}
    event = {"type": "message", "subtype": change.kind, "hidden": True, "ts": data["ts"], "event_ts": data["ts"]}
    if change.kind == "message_changed":
        return {**event, "message": data["message"], "previous_message": data["previous"]}
    return {**event, "deleted_ts": data["deleted_ts"], "previous_message": data["previous"]}


def _reaction(change: Change) -> dict[str, Any]:
    data = change.data
    item = {"type": "message", "channel": data["channel"], "ts": data["ts"]}
    event = {"type": change.kind, "user": data["user"], "reaction": data["reaction"], "item": item}
    return {**event, "item_user": data["item_user"], "event_ts": data["event_ts"]}


def _membership(workspace: Workspace, change: Change) -> dict[str, Any]:
    channel = workspace.channels[change.data["channel"]]
    event = {"type": change.kind, "user": change.data["user"], "channel": channel.id, "team": TEAM_ID}
    return {**event, "channel_type": _TYPE[channel.kind], "event_ts": change.data["ts"]}


def _is_member(app: App, workspace: Workspace, change: Change) -> bool:
    return app.bot_user in workspace.channels[change.data["channel"]].members
