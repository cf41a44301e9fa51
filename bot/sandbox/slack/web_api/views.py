"""Fourth floor of the stand-in: views.open, push, update, publish."""

import time
from typing import Any

from bot.sandbox.slack.judge import refuse_invalid_view
from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.web_api.call import Answer, Call, Method


def open_view(call: Call) -> Answer:
    """Open a modal with a fresh trigger id. Refusal expired_trigger_id, exchanged_trigger_id, invalid_arguments."""
    body = _view(call, "modal")
    return {"view": call.standin.views.open(call.app, _spend(call), body)}


def push_view(call: Call) -> Answer:
    """Put a modal on the stack of the trigger's person. Refusal push_limit_reached."""
    body = _view(call, "modal")
    return {"view": call.standin.views.push(call.app, _spend(call), body)}


def update_view(call: Call) -> Answer:
    """Replace an open view by view_id or external_id. Refusal not_found, hash_conflict."""
    views = call.standin.views
    body = _view(call, None)
    if "view_id" in call.args:
        view = views.find(call.args.text("view_id"))
    else:
        view = views.find_external(call.app, call.args.required("external_id"))
    if view["type"] != body["type"]:
        raise Refusal("invalid_arguments", f"the view is a {view['type']}, not a {body['type']}")
    return {"view": views.update(view, body, call.args.text("hash") or None)}


def publish_view(call: Call) -> Answer:
    """Set a person's App Home. Refusal not_enabled when the manifest has no home tab."""
    body = _view(call, "home")
    if call.app.manifest is None or not call.app.manifest.home_tab:
        raise Refusal("not_enabled", "features.app_home.home_tab_enabled is not set in the manifest")
    user = call.args.required("user_id")
    if user not in call.standin.workspace.users:
        raise Refusal("invalid_arguments", f"no user {user!r}")
    return {"view": call.standin.views.publish(call.app, user, body, call.args.text("hash") or None)}


def _view(call: Call, kind: str | None) -> dict[str, Any]:
    body = call.args.structure("view", "invalid_arguments")
    refuse_invalid_view(body)
    if kind is not None and body["type"] != kind:
        raise Refusal("invalid_arguments", f"this method takes a {kind} view, not a {body['type']}")
    return dict(body)


def _spend(call: Call) -> str:
    trigger_id = call.args.required("trigger_id")
    return call.standin.triggers.spend(trigger_id, call.app.id, time.monotonic())


METHODS: dict[str, Method] = {
    "views.open": open_view,
    "views.publish": publish_view,
    "views.push": push_view,
    "views.update": update_view,
}
