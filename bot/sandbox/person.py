"""Acting as a person in the running sandbox's Slack: say, click, command, submit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.sandbox.block_text import Clickable, message_clickables
from bot.sandbox.errors import SandboxError
from bot.sandbox.slack.control import Acked, Workspace

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """Something that can be clicked: the element and the message it is on."""

    message: Json
    element: Clickable


def find_user(state: Json, name: str) -> str:
    """The id of a person, by name or id; SandboxError names who there is."""
    people = {user["name"]: user["id"] for user in state["users"] if not user.get("is_bot")}
    if name in people.values():
        return name
    if name not in people:
        raise SandboxError(f"there is no {name} in the sandbox: {', '.join(sorted(people))}")
    return str(people[name])


def find_channel(state: Json, name: str) -> Json:
    """The channel, by name (with or without #) or id."""
    channels = {channel["name"]: channel for channel in state["channels"] if channel.get("name")}
    wanted = name.removeprefix("#")
    for channel in channels.values():
        if wanted in (channel["name"], channel["id"]):
            return dict(channel)
    raise SandboxError(f"there is no channel {name}: {', '.join(sorted(channels))}")


def find_target(channel: Json, user: str, which: str | None, button: str) -> Target:
    """The element meant by `[MESSAGE] BUTTON`.

    MESSAGE is the number the terminal shows (as "14" or "#14") or a timestamp; without it the newest message is
    meant that has such a button and that this person sees. BUTTON is its number, its action_id or its label.
    """
    messages = sorted(channel["messages"], key=lambda message: str(message["ts"]))
    if which is not None:
        found = find_element(pick_message(messages, which), button)
        if found is None:
            raise SandboxError(
                f"message {which} has no button {button}: {describe_buttons(pick_message(messages, which))}"
            )
        return Target(pick_message(messages, which), found)
    mine = [message for message in channel.get("ephemerals", []) if message.get("to_user") == user]
    for message in sorted([*messages, *mine], key=lambda message: str(message["ts"]), reverse=True):
        if found := find_element(message, button):
            return Target(message, found)
    raise SandboxError(f"no message in #{channel['name']} has a button {button}")


def pick_message(messages: list[Json], which: str) -> Json:
    """A message by number or timestamp."""
    number = which.removeprefix("#")
    if number.isdigit() and 1 <= int(number) <= len(messages):
        return messages[int(number) - 1]
    for message in messages:
        if message["ts"] == which:
            return message
    raise SandboxError(f"there is no message {which}: they are #1 to #{len(messages)}")


def find_element(message: Json, button: str) -> Clickable | None:
    """A message's element by number, action_id or label."""
    elements = message_clickables(message)
    if button.isdigit():
        return elements[int(button) - 1] if 1 <= int(button) <= len(elements) else None
    by_name = (one for one in elements if button in (one.action_id, one.label))
    return next(by_name, None)


def describe_buttons(message: Json) -> str:
    """The numbered labels of a message, for an error."""
    shown = [f"[{number}] {one.label}" for number, one in enumerate(message_clickables(message), start=1)]
    return ", ".join(shown) or "it has none"


def click(slack: Workspace, user: str, channel: str, which: str | None, button: str, option: str | None) -> Acked:
    """Use a button or select as `user` (a name); `option` is the text or value chosen in a select."""
    state = slack.state()
    person, room = find_user(state, user), find_channel(state, channel)
    target = find_target(room, person, which, button)
    value = next((value for text, value in target.element.options if option in (text, value)), None)
    if target.element.options and value is None:
        choices = ", ".join(text for text, _ in target.element.options)
        raise SandboxError(f"say which with --option: {choices}")
    element = target.element
    block = element.block_id or None
    return slack.click(person, room["id"], target.message["ts"], element.action_id, block_id=block, value=value)


def say(slack: Workspace, user: str, channel: str, text: str, thread: str | None) -> None:
    """Post as `user`, or answer in the thread of message `thread` (its number or timestamp)."""
    state = slack.state()
    room = find_channel(state, channel)
    messages = sorted(room["messages"], key=lambda message: str(message["ts"]))
    root = pick_message(messages, thread)["ts"] if thread else None
    slack.say(room["id"], text, user=find_user(state, user), thread_ts=root)


def command(slack: Workspace, user: str, channel: str, line: str) -> Acked:
    """Type a slash command with its words."""
    state = slack.state()
    name, _, words = line.strip().partition(" ")
    known = state.get("commands", [])
    if name not in known:
        raise SandboxError(f"there is no command {name}: {', '.join(known)}")
    return slack.command(find_user(state, user), find_channel(state, channel)["id"], name, words.strip())


def submit(slack: Workspace, user: str, fields: list[str]) -> Acked:
    """Submit the person's top form; each field is `name=value` with the name the form shows."""
    person = find_user(slack.state(), user)
    open_views = slack.views(person)
    if not open_views:
        raise SandboxError(f"{user} has no form open")
    if wrong := [field for field in fields if "=" not in field]:
        raise SandboxError(f"a field is NAME=VALUE, got {wrong[0]}")
    values: dict[str, str] = dict(field.split("=", 1) for field in fields)
    return slack.submit(person, open_views[-1]["id"], values)


def describe_ack(acked: Acked) -> str:
    """What the person notices of how the bot took it."""
    if acked.errors:
        return "the form was not taken: " + "; ".join(f"{field}: {why}" for field, why in acked.errors.items())
    if not acked.sent:
        return f"Slack did not send it: {acked.reason or acked.error}"
    if not acked.acked:
        return f"the bot did not answer: {acked.error or 'operation timed out'} {acked.reason}".rstrip()
    return f"done ({acked.in_ms:.0f} ms)" if acked.in_ms is not None else "done"
