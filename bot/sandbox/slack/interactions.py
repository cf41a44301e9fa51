"""Fourth floor of the stand-in: what people do (click, submit, command, shortcut, home) → payload, ack, effect."""

import time
from dataclasses import replace
from secrets import token_hex
from typing import Any

from bot.sandbox.slack import elements, forms
from bot.sandbox.slack.channel import Channel, Message
from bot.sandbox.slack.composer import rich_text
from bot.sandbox.slack.delivery import Ack
from bot.sandbox.slack.events import callback, home_opened
from bot.sandbox.slack.judge import refuse_invalid_view
from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.settings import TEAM_ID, TEAM_NAME
from bot.sandbox.slack.standin import Standin
from bot.sandbox.slack.workspace import Draft

Result = dict[str, Any]


class Interactions:
    """Acts as a person in the client. Results say whether and how fast the app acked, and what it answered."""

    def __init__(self, standin: Standin) -> None:
        self._standin = standin

    async def click(
        self, user: str, channel: str, ts: str, action_id: str, block_id: str | None = None, value: Any = None
    ) -> Result:
        """Use a button or select of a message (or ephemeral).

        Refusal message_not_found, element_not_found, foreign_message: what is clicked goes to the app that posted it.
        """
        user = self._user(user)
        place = self._standin.workspace.channel(channel)
        message = _seen(place, ts, user)
        if message.get("bot_id", self._standin.bot.bot_id) != self._standin.bot.bot_id:
            raise Refusal("foreign_message", f"{ts} is a message of {message['bot_id']}, which hears its clicks")
        blocks = [*message.get("blocks", [])]
        for attachment in message.get("attachments", []):
            blocks += attachment.get("blocks", [])
        block, element = elements.find(blocks, action_id, block_id)
        made = elements.action(block, element, value, self._standin.workspace.new_ts())
        container = {"type": "message", "message_ts": ts, "channel_id": place.id, "is_ephemeral": "to_user" in message}
        if "thread_ts" in message:
            container["thread_ts"] = message["thread_ts"]
        payload = self._payload("block_actions", user) | {
            "container": container,
            "channel": {"id": place.id, "name": place.name},
            "state": {"values": _message_state(blocks, made)},
            "response_url": self._response_url("actions", user, place.id, message),
            "actions": [made],
        }
        if "to_user" not in message:  # Slack sends no `message` for an ephemeral one
            payload["message"] = message
        return await self._send("interactive", payload)

    async def click_in_view(
        self, user: str, view_id: str, action_id: str, block_id: str | None = None, value: Any = None
    ) -> Result:
        """Use an element of a modal or App Home; its value stays in the view's state. Refusal not_found."""
        user = self._user(user)
        view = self._view(user, view_id)
        block, element = elements.find(view["blocks"], action_id, block_id)
        made = elements.action(block, element, value, self._standin.workspace.new_ts())
        if elements.holds_value(element):
            entry = elements.state_of(element, value)
            view["state"]["values"].setdefault(block["block_id"], {})[action_id] = entry
        payload = self._payload("block_actions", user) | {
            "container": {"type": "view", "view_id": view_id},
            "view": view | {"state": {"values": forms.fill(view, {})}},
            "actions": [made],
        }
        return await self._send("interactive", payload)

    async def command(self, user: str, channel: str, command: str, text: str = "") -> Result:
        """Type a slash command. Refusal unknown_command when the manifest has none of that name."""
        user = self._user(user)
        manifest = self._standin.bot.manifest
        if manifest is None or command not in manifest.commands:
            known = ", ".join(sorted(manifest.commands)) if manifest else "none"
            raise Refusal("unknown_command", f"{command} is not in the manifest; it has {known}")
        place = self._standin.workspace.channel(channel)
        payload = {
            "token": "sandbox-verification-token",
            "team_id": TEAM_ID,
            "team_domain": TEAM_NAME,
            "channel_id": place.id,
            "channel_name": "directmessage" if place.is_im else place.name,
            "user_id": user,
            "user_name": self._standin.workspace.users[user]["name"],
            "command": command,
            "text": text,
            "api_app_id": self._standin.bot.id,
            "is_enterprise_install": "false",
            "response_url": self._response_url("commands", user, place.id, None),
            "trigger_id": self._trigger(user),
        }
        result = await self._send("slash_commands", payload)
        if result["acked"] and (answer := _as_message(result["response"])):
            self._standin.hooks.answer(self._standin.bot, place.id, user, answer)
        return result

    async def shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> Result:
        """Use a message shortcut. Refusal unknown_shortcut, message_not_found."""
        user = self._user(user)
        manifest = self._standin.bot.manifest
        if manifest is None or manifest.shortcuts.get(callback_id) != "message":
            raise Refusal("unknown_shortcut", f"{callback_id!r} is no message shortcut of the manifest")
        place = self._standin.workspace.channel(channel)
        message = place.find(ts)
        payload = self._payload("message_action", user) | {
            "callback_id": callback_id,
            "action_ts": self._standin.workspace.new_ts(),
            "message_ts": ts,
            "channel": {"id": place.id, "name": place.name},
            "message": message,
            "response_url": self._response_url("app", user, place.id, message),
        }
        return await self._send("interactive", payload)

    async def submit(self, user: str, view_id: str, values: dict[str, Any]) -> Result:
        """Fill in and submit a modal. `errors` are the client's own or the app's, by block_id; empty when it passed."""
        user = self._user(user)
        view = self._view(user, view_id)
        if view["type"] != "modal" or not view.get("submit"):
            raise Refusal("not_submittable", f"{view_id} is no modal with a submit button")
        state = forms.fill(view, values)
        if errors := forms.refusals(view, state):
            return {"acked": False, "sent": False, "errors": errors}
        view["state"] = {"values": state}
        payload = self._payload("view_submission", user) | {"view": view, "response_urls": []}
        result = {**await self._send("interactive", payload), "sent": True}
        if result["acked"]:
            result["errors"] = self._after_submission(user, view, result["response"])
        return result

    async def close(self, user: str, view_id: str, *, clear: bool = False) -> Result:
        """Close a modal (`clear`, or its own clear_on_close: the whole stack).

        The app hears it only when notify_on_close is set. Refusal not_found, also of App Home, which has no end.
        """
        user = self._user(user)
        view = dict(self._view(user, view_id))
        clear = clear or view["clear_on_close"]
        if clear and view["type"] == "modal":
            self._standin.views.close_all(user)
        else:
            self._standin.views.close(view_id)
        if not view["notify_on_close"]:
            return {"acked": True, "sent": False, "response": None}
        payload = self._payload("view_closed", user, trigger=False) | {"view": view, "is_cleared": clear}
        return {**await self._send("interactive", payload), "sent": True}

    def open_home(self, user: str, tab: str = "home") -> Result:
        """Open the app's Home tab: app_home_opened, when the manifest subscribes to it."""
        user = self._user(user)
        standin = self._standin
        view = standin.views.home(user)
        heard = standin.bot.manifest is not None and "app_home_opened" in standin.bot.manifest.bot_events
        if heard:
            event = home_opened(user, tab, view, standin.workspace.new_ts())
            standin.deliverer.deliver_event(standin.bot, callback(standin.bot, event, int(time.time())))
        return {"sent": heard, "view": view}

    def _after_submission(self, user: str, view: dict[str, Any], body: Any) -> dict[str, str]:
        """Do what the ack says with the modal; the errors that it put under fields."""
        answer = body if isinstance(body, dict) else {}
        action, views = answer.get("response_action"), self._standin.views
        if action == "errors":
            errors = answer.get("errors")
            fields = {block["block_id"] for block, _ in elements.inputs(view["blocks"])}
            if not isinstance(errors, dict) or not errors or not set(errors) <= fields:
                known = ", ".join(sorted(fields))
                raise Refusal("invalid_ack", f"errors must name input blocks of the view ({known}), got {errors!r}")
            self._standin.feed.publish("view_errors", {"user": user, "view_id": view["id"], "errors": errors})
            return errors
        if action in ("update", "push"):
            refuse_invalid_view(answer.get("view"))
            if action == "update":
                views.update(view, answer["view"])
            else:
                views.push(self._standin.bot, user, answer["view"])
        elif action == "clear":
            views.close_all(user)
        elif action is None:
            if view in views.of(user):  # its app may have opened another one instead
                views.close(view["id"])
        else:
            raise Refusal("invalid_ack", f"response_action {action!r} is none of errors, update, push, clear")
        return {}

    async def _send(self, kind: str, payload: dict[str, Any]) -> Result:
        manifest = self._standin.bot.manifest
        if kind == "interactive" and manifest is not None and not manifest.interactivity:
            raise Refusal("interactivity_disabled", "settings.interactivity.is_enabled is not set in the manifest")
        ack, delivery = await self._standin.deliverer.deliver_interaction(self._standin.bot, kind, payload)
        result: Result = {"acked": ack.ok, "response": ack.body, "trigger_id": payload.get("trigger_id")}
        if not ack.ok:
            return result | {"error": delivery.outcome, "reason": _why(ack)}
        return result | {"in_ms": round((delivery.acked_ns - delivery.delivered_ns) / 1e6, 3)}

    def _payload(self, kind: str, user: str, *, trigger: bool = True) -> dict[str, Any]:
        wire = self._standin.workspace.users[user]
        who = {"id": user, "username": wire["name"], "name": wire["name"], "team_id": TEAM_ID}
        payload = {
            "type": kind,
            "user": who,
            "team": {"id": TEAM_ID, "domain": TEAM_NAME},
            "enterprise": None,
            "is_enterprise_install": False,
            "api_app_id": self._standin.bot.id,
            "token": "sandbox-verification-token",
        }
        return payload | {"trigger_id": self._trigger(user)} if trigger else payload

    def _trigger(self, user: str) -> str:
        return self._standin.triggers.issue(user, self._standin.bot.id, time.monotonic())

    def _response_url(self, family: str, user: str, channel: str, message: dict[str, Any] | None) -> str:
        secret = self._standin.hooks.issue(self._standin.bot, channel, user, time.monotonic(), message)
        return f"{self._standin.base_url}/{family}/{TEAM_ID}/{token_hex(4)}/{secret}"

    def _user(self, user: str) -> str:
        return str(self._standin.workspace.user(user)["id"])

    def _view(self, user: str, view_id: str) -> dict[str, Any]:
        """The view, when it is this person who sees it."""
        view = self._standin.views.find(view_id)
        if self._standin.views.owner(view_id) != user:
            raise Refusal("not_found", f"{view_id} is open for {self._standin.views.owner(view_id)}, not for {user}")
        return view


def say_as_person(standin: Standin, user: str, draft: Draft, *, raw: bool) -> dict[str, Any]:
    """Post what a person typed, with the rich_text block that Slack's composer makes of it."""
    workspace = standin.workspace
    user_id = str(workspace.user(user)["id"])
    text = draft.text if raw else workspace.type_text(draft.text)
    blocks = draft.blocks or ([rich_text(text)] if text else None)
    made = replace(draft, text=text, blocks=blocks)
    return workspace.post(made, workspace.by_person(user_id))


def _seen(place: Channel, ts: str, user: str) -> Message:
    """The message as that person sees it: of the channel, or an ephemeral one of theirs. Refusal message_not_found."""
    own = [one for one in place.ephemerals if one["ts"] == ts and one["to_user"] == user]
    return own[0] if own and ts not in place.messages else place.find(ts)


def _message_state(blocks: list[dict[str, Any]], made: dict[str, Any]) -> dict[str, Any]:
    """`state.values` of a message: what its selects hold, this action included."""
    state: dict[str, Any] = {}
    for block, element in [*elements.interactive(blocks), *elements.inputs(blocks)]:
        if elements.holds_value(element):
            entry = elements.state_of(element, elements.initial(element))
            if (block.get("block_id"), element["action_id"]) == (made["block_id"], made["action_id"]):
                entry = {name: value for name, value in made.items() if name in entry}
            state.setdefault(block.get("block_id", ""), {})[element["action_id"]] = entry
    return state


def _as_message(body: Any) -> dict[str, Any] | None:
    """The message in a command's ack: a text or a payload; None for an empty ack."""
    if isinstance(body, str):
        return {"text": body} if body.strip() else None
    return body if isinstance(body, dict) and body else None


def _why(ack: Ack) -> str:
    return f"{ack.reason}: {ack.body}" if ack.body else ack.reason
