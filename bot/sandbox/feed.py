"""What happens in the sandbox's Slack, as lines for a terminal: messages, threads indented, edits as what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Any

from bot.sandbox.block_text import Line, block_lines, message_lines
from bot.sandbox.mrkdwn import clean

Json = dict[str, Any]
THREAD = "    "


class Feed:
    """Turns the Slack stand-in's changes into lines; remembers what it showed, to show only what an edit changed.

    Messages are numbered in each channel in the order of their timestamps; `runbook sandbox click` counts alike.
    """

    def __init__(self, state: Json, channel: str) -> None:
        self._names = names_of(state)
        self._channel = channel
        self._shown: dict[str, list[Line]] = {}
        found = next(one for one in state["channels"] if one["id"] == channel)
        self._stamps: list[str] = []
        self._backlog: list[Json] = sorted(found["messages"], key=lambda message: message["ts"])

    def backlog(self) -> Iterator[Line]:
        """The messages that were there before."""
        for message in self._backlog:
            yield from self._message(message)

    def lines(self, kind: str, data: Json) -> Iterator[Line]:
        """The lines of one change; none for what this channel's readers would not see."""
        if kind.startswith(("view_", "home_")):
            yield from self._view(kind, data)
        elif data.get("channel") != self._channel:
            return
        elif kind == "message":
            yield from self._message(data["message"])
        elif kind in ("ephemeral", "ephemeral_changed"):
            yield from self._ephemeral(data)
        elif kind == "message_changed":
            yield from self._change(data["message"])
        elif kind == "message_deleted":
            yield Line(f"#{self._number(data['deleted_ts'])} was deleted", "dim")

    def _message(self, message: Json) -> Iterator[Line]:
        if message["ts"] in self._shown:
            return
        self._stamps.append(message["ts"])
        body = message_lines(message, self._names)
        self._shown[message["ts"]] = body
        indent = THREAD if message.get("thread_ts", message["ts"]) != message["ts"] else ""
        yield Line(f"{indent}#{self._number(message['ts'])} {self._author(message)}", "bold yellow")
        yield from _indented(body, f"{indent}  ")

    def _change(self, message: Json) -> Iterator[Line]:
        body = message_lines(message, self._names)
        changed = list(changed_lines(self._shown.get(message["ts"], []), body))
        self._shown[message["ts"]] = body
        if changed:
            indent = THREAD if message.get("thread_ts", message["ts"]) != message["ts"] else ""
            yield Line(f"{indent}#{self._number(message['ts'])} {self._author(message)} (edited)", "yellow")
            yield from _indented(changed, f"{indent}  ")

    def _ephemeral(self, data: Json) -> Iterator[Line]:
        message, reader = data["message"], self._names.get(data["user"], data["user"])
        indent = THREAD if message.get("thread_ts") else ""
        yield Line(f"{indent}{self._author(message)} → only {reader} sees this", "magenta")
        yield from _indented(message_lines(message, self._names), f"{indent}  ")

    def _view(self, kind: str, data: Json) -> Iterator[Line]:
        reader = self._names.get(str(data.get("user")), "?")
        if kind in ("view_opened", "view_pushed", "view_updated") and data["view"].get("type") == "modal":
            yield from view_lines(data["view"], reader, self._names)
        elif kind == "view_errors":
            for field, problem in data["errors"].items():
                yield Line(f"  {clean(field)}: {clean(problem)}", "red")
        elif kind == "view_closed":
            yield Line(f"the form of {reader} is closed", "dim")

    def _author(self, message: Json) -> str:
        speaker = message.get("username") or message.get("user") or message.get("bot_id") or "?"
        return clean(self._names.get(speaker, speaker))

    def _number(self, ts: str) -> int:
        return self._stamps.index(ts) + 1 if ts in self._stamps else 0


def view_lines(view: Json, reader: str, names: dict[str, str]) -> Iterator[Line]:
    """A modal as its reader sees it, and what to type to submit it."""
    yield Line(f"form for {reader}: {clean(view['title']['text'])}", "bold magenta")
    yield from _indented(block_lines(view.get("blocks", []), names, start=1), "  ")
    if submit := view.get("submit"):
        yield Line(f"  runbook sandbox submit --user {reader} [FIELD=VALUE …]   → {clean(submit['text'])}", "dim")


def names_of(state: Json) -> dict[str, str]:
    """Ids of people, apps, channels and groups to the names people use."""
    names = {user["id"]: user["name"] for user in state["users"]}
    for app in state["apps"]:
        names |= {app["bot_user"]: app["name"], app["bot_id"]: app["name"]}
    names |= {channel["id"]: channel["name"] for channel in state["channels"] if channel.get("name")}
    return names | {group["id"]: group.get("handle", group["id"]) for group in state["usergroups"]}


def changed_lines(before: list[Line], after: list[Line]) -> Iterator[Line]:
    """What an edit took away (`- `) and put there (`+ `)."""
    texts = [line.text for line in before], [line.text for line in after]
    for change, old, old_end, new, new_end in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if change != "equal":
            yield from (Line(f"- {line.text}", "dim") for line in before[old:old_end])
            yield from (Line(f"+ {line.text}", line.style or "green") for line in after[new:new_end])


def _indented(lines: Iterable[Line], indent: str) -> Iterator[Line]:
    return (Line(indent + line.text, line.style) for line in lines)
