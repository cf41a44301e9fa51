"""Third floor of the stand-in: response URLs (5 uses, 30 minutes) and incoming webhooks. No network of its own."""

from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from bot.sandbox.slack import escaping
from bot.sandbox.slack.judge import EVERYTHING, Abilities, complete_blocks, refuse_invalid_blocks
from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.seed import App
from bot.sandbox.slack.settings import Settings
from bot.sandbox.slack.workspace import Draft, Workspace

KEPT = 10_000


@dataclass(slots=True)
class _Hook:
    app: App
    channel: str
    user: str
    dies_at: float
    ts: str | None
    ephemeral: bool
    thread_ts: str | None
    uses: int = 0


class Hooks:
    """Issues response URLs and applies what is posted to them; `now` is in seconds."""

    def __init__(self, workspace: Workspace, settings: Settings, abilities: Abilities = EVERYTHING) -> None:
        self._workspace = workspace
        self._settings = settings
        self._abilities = abilities
        self._hooks: dict[str, _Hook] = {}

    def issue(self, app: App, channel: str, user: str, now: float, message: dict[str, Any] | None = None) -> str:
        """The secret part of a response URL for an interaction, on `message` when there is one."""
        dies_at = now + self._settings.response_url_lives
        ts, thread_ts = (message["ts"], message.get("thread_ts")) if message else (None, None)
        ephemeral = bool(message and message.get("is_ephemeral"))
        secret = token_hex(12)
        self._hooks[secret] = _Hook(app, channel, user, dies_at, ts, ephemeral, thread_ts)
        if len(self._hooks) > KEPT:
            del self._hooks[next(iter(self._hooks))]
        return secret

    def respond(self, secret: str, body: dict[str, Any], now: float) -> None:
        """Apply a post to a response URL. Refusal expired_url, used_url, no_text, invalid_blocks."""
        hook = self._hooks.get(secret)
        if hook is None or now > hook.dies_at:
            raise Refusal("expired_url", f"a response_url lives {self._settings.response_url_lives:g} s")
        if hook.uses >= self._settings.response_url_uses:
            raise Refusal("used_url", f"a response_url works {self._settings.response_url_uses} times")
        self.answer(hook.app, hook.channel, hook.user, body, hook)
        hook.uses += 1

    def answer(self, app: App, channel_id: str, user: str, body: dict[str, Any], hook: _Hook | None = None) -> None:
        """Post what an app answered (to a response URL, or as the ack of a command): ephemeral unless in_channel."""
        channel = self._workspace.channel(channel_id)
        if hook and hook.ts and body.get("delete_original"):
            delete = self._workspace.delete_ephemeral if hook.ephemeral else self._workspace.delete
            delete(channel, hook.ts)
            return
        fields = _content(body, self._abilities)
        if hook and hook.ts and body.get("replace_original"):
            self._replace(hook, fields)
            return
        thread_ts = body.get("thread_ts") or (hook.thread_ts if hook else None)
        draft = Draft(channel.id, fields["text"], fields["blocks"], fields["attachments"], thread_ts)
        author = self._workspace.by_app(app)
        if body.get("response_type") == "in_channel":
            self._workspace.post(draft, author)
        else:
            self._workspace.post_ephemeral(draft, author, user)

    def webhook(self, app: App, channel: str, body: dict[str, Any]) -> None:
        """Post to an incoming webhook: a bot_message without a user, as Slack stores it."""
        fields = _content(body, self._abilities)
        extra = {"subtype": "bot_message"}
        if body.get("username"):
            extra["username"] = body["username"]
        draft = Draft(
            channel, fields["text"], fields["blocks"], fields["attachments"], body.get("thread_ts"), extra=extra
        )
        author = self._workspace.by_app(app)
        author.pop("user")
        self._workspace.post(draft, author)

    def _replace(self, hook: _Hook, fields: dict[str, Any]) -> None:
        channel = self._workspace.channel(hook.channel)
        ts = str(hook.ts)
        if not hook.ephemeral:
            self._workspace.edit(channel, ts, fields, edited_by=None)
            return
        for message in channel.ephemerals:
            if message["ts"] == ts:
                for name in fields:
                    message.pop(name, None)
                message.update({name: value for name, value in fields.items() if value is not None})
                data = {"channel": channel.id, "user": hook.user, "message": message}
                self._workspace.feed.publish("ephemeral_changed", data)


def _content(body: dict[str, Any], abilities: Abilities) -> dict[str, Any]:
    blocks, attachments, text = body.get("blocks"), body.get("attachments"), body.get("text") or ""
    if not (blocks or attachments or text):
        raise Refusal("no_text", "a message needs text, blocks or attachments")
    refuse_invalid_blocks(blocks, attachments, abilities)
    filled = complete_blocks(blocks) if blocks else None
    return {"text": escaping.posted(text), "blocks": filled, "attachments": attachments}
