"""The stand-in's typed client for tests and the terminal. Synchronous; imports httpx and nothing of the server."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

Message = dict[str, Any]
T = TypeVar("T")
ANSWER_WITHIN = 10.0  # above the 3 s that a click may wait for its ack
LOOK_AGAIN = 0.2  # a predicate over something outside the workspace is tried again after this


class ControlRefused(Exception):
    """The stand-in would not do it; `code` is its error, the message says why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


class NotSeen(Exception):
    """`wait_for` ran out of time."""


@dataclass(frozen=True, slots=True)
class Acked:
    """How the app took an interaction.

    `acked` False: the person saw `error`, operation_timeout (no ack in 3 s) or dispatch_failed (nobody connected, or
    an HTTP error). `errors` are those under a modal's fields; `sent` False when Slack's own client refused the form.
    """

    acked: bool
    response: Any = None
    error: str | None = None
    reason: str = ""
    in_ms: float | None = None
    sent: bool = True
    errors: dict[str, str] | None = None
    trigger_id: str | None = None


class Workspace:
    """A Slack workspace at `url` (the stand-in's, without /api/). Use as a context manager, or call `close_client`."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._http = httpx.Client(base_url=f"{self.url}/control/", timeout=ANSWER_WITHIN, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close_client()

    def close_client(self) -> None:
        """Close the HTTP connections."""
        self._http.close()

    def say(
        self,
        channel: str,
        text: str,
        *,
        user: str | None = None,
        app: str | None = None,
        thread_ts: str | None = None,
        blocks: list[dict[str, Any]] | None = None,
        attachments: list[dict[str, Any]] | None = None,
        metadata: dict[str, Any] | None = None,
        username: str | None = None,
        raw: bool = False,
    ) -> str:
        """Post as a person (U0ONCALL by default) or as an app; the message's ts."""
        author = {"app": app} if app else {"user": user or "U0ONCALL"}
        body: dict[str, Any] = {
            "channel": channel,
            "text": text,
            "thread_ts": thread_ts,
            "blocks": blocks,
            **author,
            "raw": raw,
        }
        body |= {"attachments": attachments, "metadata": metadata, "username": username}
        return str(self._post("say", body)["ts"])

    def edit(self, channel: str, ts: str, text: str) -> None:
        """Its author edits a message."""
        self._post("edit", {"channel": channel, "ts": ts, "text": text})

    def delete(self, channel: str, ts: str) -> None:
        """Its author deletes a message."""
        self._post("delete", {"channel": channel, "ts": ts})

    def react(self, user: str, channel: str, ts: str, name: str, *, remove: bool = False) -> None:
        """A person puts an emoji on a message, or takes it off."""
        self._post("react", {"user": user, "channel": channel, "ts": ts, "name": name, "remove": remove})

    def member(self, user: str, channel: str, *, leave: bool = False) -> bool:
        """A user joins (or leaves) a channel; False when nothing changed."""
        return bool(self._post("member", {"user": user, "channel": channel, "leave": leave})["changed"])

    def click(
        self, user: str, channel: str, ts: str, action_id: str, *, block_id: str | None = None, value: Any = None
    ) -> Acked:
        """Use a button or select of a message; `value` is the option chosen. ControlRefused if it is not shown."""
        body = {"user": user, "channel": channel, "ts": ts, "action_id": action_id, "block_id": block_id}
        return self._act("click", body | {"value": value})

    def click_in_view(
        self, user: str, view_id: str, action_id: str, *, block_id: str | None = None, value: Any = None
    ) -> Acked:
        """Use an element of a modal or of App Home."""
        body = {"user": user, "view_id": view_id, "action_id": action_id, "block_id": block_id, "value": value}
        return self._act("click", body)

    def command(self, user: str, channel: str, command: str, text: str = "") -> Acked:
        """Type a slash command."""
        return self._act("command", {"user": user, "channel": channel, "command": command, "text": text})

    def submit(self, user: str, view_id: str, values: dict[str, Any] | None = None) -> Acked:
        """Fill in and submit a modal. `values`: by block_id or action_id."""
        return self._act("submit", {"user": user, "view_id": view_id, "values": values or {}})

    def close(self, user: str, view_id: str, *, clear: bool = False) -> Acked:
        """Close a modal without submitting."""
        return self._act("close", {"user": user, "view_id": view_id, "clear": clear})

    def shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> Acked:
        """Use a message shortcut."""
        return self._act("shortcut", {"user": user, "channel": channel, "ts": ts, "callback_id": callback_id})

    def home(self, user: str) -> dict[str, Any] | None:
        """Open the app's Home tab; the view that was there before the app heard of it."""
        view: dict[str, Any] | None = self._post("home", {"user": user})["view"]
        return view

    def messages(self, channel: str, thread_ts: str | None = None) -> list[Message]:
        """A channel's top messages, oldest first; with `thread_ts` that thread, root first."""
        return self._list("messages", "messages", channel=channel, thread_ts=thread_ts)

    def ephemerals(self, user: str) -> list[Message]:
        """What only that person was shown, oldest first."""
        return self._list("ephemerals", "messages", user=user)

    def views(self, user: str) -> list[dict[str, Any]]:
        """The person's open modals, the top one last."""
        return self._list("views", "views", user=user)

    def home_view(self, user: str) -> dict[str, Any] | None:
        """The person's App Home as published."""
        view: dict[str, Any] | None = self._get("views", user=user)["home"]
        return view

    def reactions(self, channel: str, ts: str) -> dict[str, list[str]]:
        """Emoji name to the users who put it on the message."""
        found = self._list("reactions", "reactions", channel=channel, ts=ts)
        return {one["name"]: one["users"] for one in found}

    def calls(self, method: str | None = None, after: int = 0) -> list[dict[str, Any]]:
        """The log of Web API calls, oldest first."""
        return self._list("calls", "calls", method=method, after=after)

    def deliveries(self, kind: str | None = None, after: int = 0) -> list[dict[str, Any]]:
        """The log of what was delivered to the app, with outcome and monotonic times."""
        return self._list("deliveries", "deliveries", kind=kind, after=after)

    def state(self) -> dict[str, Any]:
        """The whole workspace."""
        return self._get("state")

    def faults(self, kind: str, **settings: Any) -> int:
        """Set a fault (see faults.py for kinds and settings); its id for `clear_faults`."""
        return int(self._post("faults", {"kind": kind, **settings})["fault"]["id"])

    def clear_faults(self, fault_id: int | None = None) -> int:
        """Take one fault away, or all; how many went."""
        return int(self._post("faults", {"clear": "all" if fault_id is None else fault_id})["cleared"])

    def sockets(self, action: str) -> int:
        """Do abort, close or refresh to every open Socket Mode connection; how many there were."""
        return int(self._post("sockets", {"action": action})["sockets"])

    def delivery(self, mode: str, url: str | None = None, *, verify: bool = True) -> None:
        """Deliver by socket, or by http to `url`."""
        self._post("delivery", {"mode": mode, "url": url, "verify": verify})

    def limits(self, **settings: Any) -> None:
        """Change rate_limits, message_rate, message_burst."""
        self._post("limits", settings)

    def usergroup(self, group_id: str, users: list[str]) -> None:
        """Replace the members of a user group."""
        self._post("usergroup", {"id": group_id, "users": users})

    def connections(self) -> int:
        """How many Socket Mode connections the bot has open."""
        return int(self.state()["delivery"]["sockets"])

    def wait_for(self, predicate: Callable[[], T], timeout_s: float = 10.0) -> T:
        """The predicate's first true value, tried now and after every change in the workspace.

        Raises NotSeen after `timeout_s`. Between changes it waits on the stand-in (a long poll of LOOK_AGAIN seconds).
        """
        deadline = time.monotonic() + timeout_s
        number = int(self._get("wait", timeout_ms=0)["number"])
        while not (seen := predicate()):
            left = deadline - time.monotonic()
            if left <= 0:
                raise NotSeen(f"not within {timeout_s:g} s; the last call was {self.calls()[-1:]}")
            wait_ms = round(min(left, LOOK_AGAIN) * 1000)
            number = int(self._get("wait", since=number, timeout_ms=wait_ms)["number"])
        return seen

    def stream(
        self, timeout_s: float | None = None, *, since: int | None = None
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """(kind, data) of every change from now on, or after number `since` (`state()["number"]`: no gap).

        Ends when the stand-in stops. Raises httpx.ReadTimeout when nothing came for `timeout_s`; the stand-in sends
        a sign of life every ten seconds.
        """
        query = {} if since is None else {"since": since}
        with self._http.stream("GET", "events", params=query, timeout=timeout_s) as response:
            kind = ""
            for line in response.iter_lines():
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    yield kind, json.loads(line.removeprefix("data: "))

    def _act(self, action: str, body: dict[str, Any]) -> Acked:
        answer = self._post(action, body)
        names = ("acked", "response", "error", "reason", "in_ms", "sent", "errors", "trigger_id")
        return Acked(**{name: answer[name] for name in names if name in answer})

    def _list(self, path: str, field: str, **query: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._get(path, **query)[field]
        return found

    def _get(self, path: str, **query: Any) -> dict[str, Any]:
        given = {name: value for name, value in query.items() if value is not None}
        return _answer(self._http.get(path, params=given))

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        given = {name: value for name, value in body.items() if value is not None}
        return _answer(self._http.post(path, json=given))


def _answer(response: httpx.Response) -> dict[str, Any]:
    body: dict[str, Any] = response.json()
    if not body.pop("ok", False):
        raise ControlRefused(str(body.get("error")), str(body.get("detail", "")))
    return body
