"""stripe.status: does Stripe answer, in which mode, and does it limit us now?"""

import re
from dataclasses import dataclass

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.stripe.client import Answer, StripeReader

LIMITS = {"test": 25, "live": 100}
"""Requests a second of one account, all endpoints together, unless Stripe gave it more: docs.stripe.com/rate-limits"""
ENDPOINT_LIMIT = 25
"""The same page: requests a second of one endpoint, unless it says otherwise."""
_REASONS = {
    "global-rate": "too many requests a second, all endpoints together",
    "endpoint-rate": "too many requests a second to one endpoint",
    "global-concurrency": "too many requests at once",
    "endpoint-concurrency": "too many requests at once to one endpoint",
    "resource-specific": "too many requests to one object",
}
_SECONDS = re.compile(r"\d{1,6}(?:\.\d{1,3})?")


@dataclass(frozen=True, slots=True)
class StatusArguments:
    """Nothing to ask for."""


@dataclass(frozen=True, slots=True)
class Status:
    """One read, just now. `is_limited` says that Stripe answered 429 to it; `reason` is then its
    `Stripe-Rate-Limited-Reason`, `why` the same in words, `retry_after_s` its Retry-After (None when it gave none).

    `mode` is "test" or "live", `key_kind` "restricted" or "secret"; `limit_per_s` is what is documented for it.
    `verdict` is "answers" or "limited".
    """

    mode: str
    key_kind: str
    is_limited: bool
    latency_ms: float
    limit_per_s: int
    endpoint_limit_per_s: int = ENDPOINT_LIMIT
    code: str = ""
    reason: str = ""
    why: str = ""
    retry_after_s: float | None = None
    request_id: str = ""
    verdict: str = ""


def read_status(client: StripeReader, _arguments: StatusArguments, scope: Scope) -> Status:
    """The account's balance is asked for, once and without a retry; its amounts are not looked at."""
    return status_from(client.read_balance(scope), client.mode, client.kind)


def status_from(answer: Answer, mode: str, key_kind: str) -> Status:
    """Facts from an answer. What the object says of its mode counts more than the key's prefix."""
    told = {True: "live", False: "test"}.get(answer.body.get("livemode", ""), mode)
    is_limited = answer.status == 429
    reason = answer.headers.get("stripe-rate-limited-reason", "")
    retry_after_s = seconds(answer.headers.get("retry-after", ""))
    return Status(
        mode=told,
        key_kind=key_kind,
        is_limited=is_limited,
        latency_ms=answer.latency_ms,
        limit_per_s=LIMITS[told],
        code=str(answer.body.get("code") or "") if is_limited else "",
        reason=reason,
        why=_REASONS.get(reason, ""),
        retry_after_s=retry_after_s,
        request_id=answer.headers.get("request-id", ""),
        verdict="limited" if is_limited else "answers",
    )


def seconds(text: str) -> float | None:
    """A Retry-After given in seconds; None for nothing, and for a date, which Stripe does not send."""
    return float(text.strip()) if _SECONDS.fullmatch(text.strip()) else None


STATUS: Probe[StripeReader, StatusArguments, Status] = Probe(
    name="stripe.status",
    summary="Whether Stripe answers or limits us now, in test or live mode, and how fast.",
    arguments=StatusArguments,
    facts=Status,
    read=read_status,
    typical=Status(
        mode="test",
        key_kind="restricted",
        is_limited=True,
        latency_ms=41.0,
        limit_per_s=25,
        code="rate_limit",
        reason="global-rate",
        why=_REASONS["global-rate"],
        retry_after_s=1.0,
        request_id="req_7Hk2",
        verdict="limited",
    ),
    empty=Status(
        mode="live",
        key_kind="restricted",
        is_limited=False,
        latency_ms=180.0,
        limit_per_s=100,
        verdict="answers",
    ),
    deadline_s=8.0,
)
