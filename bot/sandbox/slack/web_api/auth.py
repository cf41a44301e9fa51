"""Fourth floor of the stand-in: auth.test, apps.connections.open, team.info, bots.info, blocks.validate."""

from typing import Any

from bot.sandbox.slack.block_kit import Problem, validate_message, validate_view
from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.settings import TEAM_ID, TEAM_NAME
from bot.sandbox.slack.web_api.call import Answer, Call, Method


def auth_test(call: Call) -> Answer:
    """Who the token is."""
    app = call.app
    user = call.standin.workspace.users[app.bot_user]["name"]
    who = {"team": TEAM_NAME, "user": user, "team_id": TEAM_ID, "user_id": app.bot_user, "bot_id": app.bot_id}
    return {"url": f"{call.standin.base_url}/", **who, "is_enterprise_install": False}


def open_connection(call: Call) -> Answer:
    """A websocket URL for Socket Mode, good for one connection."""
    host = call.standin.base_url.removeprefix("http://")
    return {"url": f"ws://{host}/link?ticket={call.standin.sockets.ticket(call.app)}"}


def team_info(call: Call) -> Answer:
    """The one team there is."""
    return {"team": {"id": TEAM_ID, "name": TEAM_NAME, "domain": TEAM_NAME, "url": f"{call.standin.base_url}/"}}


def bot_info(call: Call) -> Answer:
    """An app's bot. Refusal bot_not_found."""
    for app in call.standin.workspace.apps.values():
        if app.bot_id == call.args.text("bot", call.app.bot_id):
            wire = {"id": app.bot_id, "app_id": app.id, "user_id": app.bot_user, "name": app.name}
            return {"bot": {**wire, "deleted": False, "updated": 0}}
    raise Refusal("bot_not_found")


def validate_blocks(call: Call) -> Answer:
    """Slack's own check of exactly one of blocks, message, view. Refusal invalid_blocks, _message, _view."""
    given = [name for name in ("blocks", "message", "view") if name in call.args]
    if len(given) != 1:
        raise Refusal("invalid_arguments", "give exactly one of blocks, message, view")
    kind = given[0]
    payload = call.args.structure(kind, f"invalid_{kind}")
    if kind == "blocks":
        problems = validate_message(payload, pointer="")
    elif kind == "view":
        problems = validate_view(payload, pointer="")
    elif isinstance(payload, dict):
        problems = validate_message(payload.get("blocks", []))
    else:
        problems = [Problem("", "unexpected_type", "must provide an object")]
    if problems:
        raise Refusal(f"invalid_{kind}", errors=[_wire(one) for one in problems])
    return {}


def _wire(problem: Problem) -> dict[str, Any]:
    return {"pointer": problem.pointer, "code": problem.code, "message": problem.message}


METHODS: dict[str, Method] = {
    "apps.connections.open": open_connection,
    "auth.test": auth_test,
    "blocks.validate": validate_blocks,
    "bots.info": bot_info,
    "team.info": team_info,
}
