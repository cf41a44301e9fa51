"""manifest.yml asks for exactly what the code hears and calls: nothing is missing, nothing is there for later."""

import ast
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from bot.sandbox.slack.scopes import needed
from bot.slack.front import register
from bot.slack.methods import Method

ROOT = Path(__file__).parents[1]
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
SCOPES = set(MANIFEST["oauth_config"]["scopes"]["bot"])
EVENTS = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
READ, HISTORY = {"channels:read", "groups:read"}, {"channels:history", "groups:history"}

# docs.slack.dev: the scopes of each method's page, for public and for private channels.
METHOD_SCOPES: dict[Method, set[str]] = {
    Method.AUTH_TEST: set(),
    Method.POST: {"chat:write"},
    Method.UPDATE: {"chat:write"},
    Method.EPHEMERAL: {"chat:write"},
    Method.HISTORY: HISTORY,
    Method.REPLIES: HISTORY,
    Method.CHANNELS: READ,
    Method.REACT: {"reactions:write"},
    Method.UNREACT: {"reactions:write"},
    Method.GROUPS: {"usergroups:read"},
    Method.GROUP_MEMBERS: {"usergroups:read"},
    Method.PEOPLE: {"users:read"},
    Method.PERSON_BY_EMAIL: {"users:read.email"},
    Method.OPEN_VIEW: set(),
    Method.PUBLISH_HOME: set(),
    Method.ANNOUNCE_FILE: {"files:write"},
    Method.COMPLETE_FILE: {"files:write"},
}
EVENT_SCOPES: dict[str, set[str]] = {
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "member_joined_channel": READ,
    "app_home_opened": set(),
}
APP_LEVEL = {"apps.connections.open"}  # called with the app-level token, whose scope stands in no manifest
_METHOD = re.compile(
    r"(api|apps|auth|bots|chat|conversations|files|reactions|usergroups|users|views)(\.[a-z][a-zA-Z]+)+"
)


class Recorder:
    """An app that only writes down what is registered on it."""

    def __init__(self) -> None:
        self.seen: dict[str, set[str]] = {}

    def use(self, middleware: Any) -> None:
        """Middleware needs nothing of the manifest."""

    def __getattr__(self, kind: str) -> Any:
        def take(name: Any) -> Any:
            self.seen.setdefault(kind, set()).add(getattr(name, "pattern", name))
            return lambda listener: listener

        return take


@pytest.fixture
def registered() -> dict[str, set[str]]:
    """What the bot registers, by kind of listener."""
    app = Recorder()
    parts = SimpleNamespace(app=app, edge=None, outbox=None, desk=None, answers=None, identity=None)
    register(parts, SimpleNamespace(), SimpleNamespace())  # type: ignore[arg-type]
    return app.seen


def sources(without: str = "") -> list[ast.Module]:
    """Every module of the bot but one; the sandbox is no part of it."""
    paths = (path for path in (ROOT / "bot").rglob("*.py") if "sandbox" not in path.parts and path.name != without)
    return [ast.parse(path.read_text()) for path in paths]


def test_events_are_those_that_are_listened_to(registered: dict[str, set[str]]) -> None:
    """Every subscription has a listener, else Slack redelivers it in vain; every listener has a subscription."""
    assert {event.split(".")[0] for event in EVENTS} == registered["event"]


def test_commands_are_those_that_are_answered(registered: dict[str, set[str]]) -> None:
    """A command without listener times out in front of people; a listener without command is never reached."""
    assert {command["command"] for command in MANIFEST["features"]["slash_commands"]} == registered["command"]


def test_shortcuts_are_those_that_are_answered(registered: dict[str, set[str]]) -> None:
    """The same for shortcuts, by callback id; all of them are on messages."""
    shortcuts = MANIFEST["features"]["shortcuts"]
    assert {shortcut["callback_id"] for shortcut in shortcuts} == registered["shortcut"]
    assert {shortcut["type"] for shortcut in shortcuts} == {"message"}


def test_interactivity_and_home_are_on_because_they_are_used(registered: dict[str, set[str]]) -> None:
    """Buttons and forms need interactivity, app_home_opened needs the Home tab."""
    settings, home = MANIFEST["settings"], MANIFEST["features"]["app_home"]
    assert settings["interactivity"]["is_enabled"] is bool(registered["action"] | registered["view"])
    assert home["home_tab_enabled"] is ("app_home_opened" in registered["event"])
    assert settings["socket_mode_enabled"]


def test_scopes_are_exactly_those_of_calls_and_events() -> None:
    """Least privilege: each scope is wanted by a method, an event or the commands, and each wanted one is there."""
    wanted = {"commands"}.union(*METHOD_SCOPES.values(), *(EVENT_SCOPES[event] for event in EVENTS))
    assert wanted == SCOPES


def test_every_method_that_is_listed_is_called() -> None:
    """No method stays in the list, and keeps its scope, after its last call is gone."""
    called = {
        node.attr
        for module in sources(without="methods.py")
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Method"
    }
    assert called == {method.name for method in Method}


def test_no_method_is_called_past_the_list() -> None:
    """Web API methods stand nowhere else in the bot as text, so the list is all that is called."""
    named = {
        node.value
        for module in sources()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _METHOD.fullmatch(node.value)
    }
    assert named - APP_LEVEL == {method.value for method in Method}


@pytest.mark.parametrize("method", Method, ids=str)
def test_scopes_agree_with_the_stand_in(method: Method) -> None:
    """What is said here of a method's scopes is what the stand-in enforces."""
    public, private = set(needed(method.value, "channel")), set(needed(method.value, "group"))
    assert METHOD_SCOPES[method] == (public | private) - {"im:read"}
