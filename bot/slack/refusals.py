"""Both ends of the road: what Slack answers when it does not do as asked, as errors of our own. Pure.

Codes: docs.slack.dev, "Errors" of each method's page.
"""

import math
from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.errors import AccessDenied, IntegrationError, NotFound, Refused, Unreachable

SYSTEM = "Slack"


class SlackRefused(Refused):
    """Slack answered and did not do it; `code` is Slack's word for why. What passes by itself is Unreachable."""

    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        super().__init__(SYSTEM, reason)


class SlackDenied(SlackRefused, AccessDenied):
    """The token, a scope or a missing membership stands in the way."""


class SlackMissing(SlackRefused, NotFound):
    """The message, channel or person does not exist (any more)."""


class NotSent(Unreachable):
    """No connection was made, so Slack cannot have seen the call."""


class RateLimited(Unreachable):
    """Slack asks to wait `retry_after_s` seconds before this method is called again."""

    def __init__(self, method: str, retry_after_s: float) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(SYSTEM, f"asks to wait {retry_after_s:g} s before the next {method}")


_DENIED = {
    "account_inactive": "the bot's token belongs to a removed user",
    "cannot_reply_to_message": "that message takes no replies",
    "ekm_access_denied": "an administrator has suspended the bot's access",
    "invalid_auth": "the token is not valid",
    "is_archived": "the channel is archived",
    "missing_scope": "the app lacks a scope",
    "no_permission": "the bot may not do this here",
    "not_allowed_token_type": "the wrong kind of token was used",
    "not_authed": "no token was sent",
    "not_in_channel": "the bot is not a member of the channel; invite it with /invite",
    "restricted_action": "a setting of the workspace forbids this",
    "token_expired": "the token has expired",
    "token_revoked": "the token was revoked",
    "user_not_in_channel": "that person is not a member of the channel",
}
_MISSING = {
    "channel_not_found": "there is no such channel, or the bot is not in it",
    "message_not_found": "that message does not exist any more",
    "thread_not_found": "that thread does not exist any more",
    "user_not_found": "there is no such person",
    "users_not_found": "there is no such person",
}
_TRANSIENT = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}


def translate(error: SlackApiError, method: str) -> IntegrationError:
    """The error of ours that says the same, with Slack's own code in it."""
    response: Any = error.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)
    body = _body(response)
    code = str(body.get("error") or f"http_{status}")
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        return RateLimited(method, _retry_after(getattr(response, "headers", None)))
    if status >= 500 or code in _TRANSIENT:
        return Unreachable(SYSTEM, f"{method} failed on their side ({code})")
    if code in _DENIED:
        needed = f" {body['needed']}" if code == "missing_scope" and body.get("needed") else ""
        return SlackDenied(code, f"{_DENIED[code]}{needed} ({method}: {code})")
    if code in _MISSING:
        return SlackMissing(code, f"{_MISSING[code]} ({method}: {code})")
    return SlackRefused(code, f"{method} was refused: {code}{_details(body)}")


def _body(response: Any) -> Mapping[str, Any]:
    data = response if isinstance(response, Mapping) else getattr(response, "data", None)
    return data if isinstance(data, Mapping) else {}


def _details(body: Mapping[str, Any]) -> str:
    metadata = body.get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, Mapping) else None
    return f" ({'; '.join(map(str, messages[:3]))})" if isinstance(messages, list) and messages else ""


def _retry_after(headers: Any) -> float:
    """Seconds from Retry-After; 1 where Slack did not say, at most 5 minutes."""
    found = {str(name).lower(): value for name, value in dict(headers or {}).items()}.get("retry-after", "1")
    try:
        asked = float(found)
    except ValueError:
        return 1.0
    return 1.0 if math.isnan(asked) else min(max(asked, 0.1), 300.0)
