"""Second floor of the stand-in: modals (a stack of three per person) and App Home tabs. Pure state."""

from secrets import token_hex
from typing import Any

from bot.sandbox.slack.changes import Feed
from bot.sandbox.slack.judge import complete_blocks
from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.seed import App
from bot.sandbox.slack.settings import TEAM_ID

View = dict[str, Any]
STACK_OF = 3


class Views:
    """Every open view by id, and who sees which; each change goes to the feed."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._views: dict[str, View] = {}
        self._owners: dict[str, str] = {}
        self._stacks: dict[str, list[str]] = {}
        self._homes: dict[str, str] = {}

    def find(self, view_id: str) -> View:
        """A view by id. Refusal not_found."""
        if view_id not in self._views:
            raise Refusal("not_found", f"no open view {view_id!r}")
        return self._views[view_id]

    def find_external(self, app: App, external_id: str) -> View:
        """A view by the app's own external_id. Refusal not_found."""
        for view in self._views.values():
            if view["external_id"] == external_id and view["app_id"] == app.id:
                return view
        raise Refusal("not_found", f"no open view with external_id {external_id!r}")

    def owner(self, view_id: str) -> str:
        """The person who sees the view."""
        return self._owners[view_id]

    def of(self, user: str) -> list[View]:
        """The person's modals, the top one last."""
        return [self._views[view_id] for view_id in self._stacks.get(user, [])]

    def home(self, user: str) -> View | None:
        """The person's App Home, when one was published."""
        return self._views.get(self._homes.get(user, ""))

    def open(self, app: App, user: str, body: View) -> View:
        """Open a modal; a person who had modals open sees only this one."""
        for view_id in self._stacks.pop(user, []):
            self._forget(view_id)
        view = self._store(app, user, body)
        self._stacks[user] = [view["id"]]
        self._feed.publish("view_opened", {"user": user, "view": view})
        return view

    def push(self, app: App, user: str, body: View) -> View:
        """Put a modal on top. Refusal push_limit_reached beyond three, view_not_found without one below."""
        stack = self._stacks.get(user, [])
        if not stack:
            raise Refusal("view_not_found", f"{user} has no modal open to push on")
        if len(stack) >= STACK_OF:
            raise Refusal("push_limit_reached", f"a stack holds {STACK_OF} views")
        view = self._store(app, user, body, below=self._views[stack[-1]])
        stack.append(view["id"])
        self._feed.publish("view_pushed", {"user": user, "view": view})
        return view

    def update(self, view: View, body: View, hash_: str | None = None) -> View:
        """Replace a view's content. Refusal hash_conflict when it changed since that hash."""
        if hash_ and hash_ != view["hash"]:
            raise Refusal("hash_conflict", "the view changed since; read it again")
        kept = {name: view[name] for name in ("id", "team_id", "app_id", "bot_id", "root_view_id", "previous_view_id")}
        state = view["state"]["values"]
        view.clear()
        view |= {**_blank(body), **kept}
        blocks = {(b["block_id"], e["action_id"]) for b in view["blocks"] for e in _elements(b)}
        values = {b: {a: v for a, v in acts.items() if (b, a) in blocks} for b, acts in state.items()}
        view["state"] = {"values": {b: acts for b, acts in values.items() if acts}}
        self._feed.publish("view_updated", {"user": self._owners[view["id"]], "view": view})
        return view

    def publish(self, app: App, user: str, body: View, hash_: str | None = None) -> View:
        """Set a person's App Home. Refusal hash_conflict."""
        if (existing := self.home(user)) is not None:
            return self.update(existing, body, hash_)
        view = self._store(app, user, body)
        self._homes[user] = view["id"]
        self._feed.publish("home_published", {"user": user, "view": view})
        return view

    def close(self, view_id: str) -> None:
        """Take a modal (and those above it) off its stack; the one below is seen again. Refusal not_found."""
        user = self._owners.get(view_id, "")
        stack = self._stacks.get(user, [])
        if view_id not in stack:
            raise Refusal("not_found", f"no open modal {view_id!r}")
        at = stack.index(view_id)
        for gone in stack[at:]:
            self._forget(gone)
        del stack[at:]
        self._feed.publish("view_closed", {"user": user, "view_id": view_id, "open": list(stack)})

    def close_all(self, user: str) -> None:
        """Close the person's whole stack."""
        if stack := self._stacks.get(user):
            self.close(stack[0])

    def everything(self) -> dict[str, Any]:
        """All views for the control API's state."""
        users = sorted({*self._stacks, *self._homes})
        return {user: {"modals": self.of(user), "home": self.home(user)} for user in users}

    def _store(self, app: App, user: str, body: View, below: View | None = None) -> View:
        view_id = f"V{token_hex(5).upper()}"
        view = {**_blank(body), "id": view_id, "team_id": TEAM_ID, "app_id": app.id, "bot_id": app.bot_id}
        view["root_view_id"] = below["root_view_id"] if below else view_id
        view["previous_view_id"] = below["id"] if below else None
        external = view["external_id"]
        if external and any(v["external_id"] == external and v["app_id"] == app.id for v in self._views.values()):
            raise Refusal("duplicate_external_id", f"external_id {external!r} is in use")
        self._views[view_id] = view
        self._owners[view_id] = user
        return view

    def _forget(self, view_id: str) -> None:
        self._views.pop(view_id, None)
        self._owners.pop(view_id, None)


def _blank(body: View) -> View:
    """A view as Slack returns it: every field present, ids of blocks and elements filled in, a new hash."""
    blocks = complete_blocks(body["blocks"])
    optional = {name: body.get(name) for name in ("title", "submit", "close")} if body["type"] == "modal" else {}
    return {
        "type": body["type"],
        **optional,
        "blocks": blocks,
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "external_id": body.get("external_id", ""),
        "clear_on_close": bool(body.get("clear_on_close", False)),
        "notify_on_close": bool(body.get("notify_on_close", False)),
        "submit_disabled": bool(body.get("submit_disabled", False)),
        "state": {"values": {}},
        "hash": f"{token_hex(5)}.{token_hex(4)}",
        "app_installed_team_id": TEAM_ID,
    }


def _elements(block: dict[str, Any]) -> list[dict[str, Any]]:
    found = [block.get("element"), block.get("accessory"), *block.get("elements", [])]
    return [one for one in found if isinstance(one, dict) and "action_id" in one]
