"""How many requests a second an account may make: token buckets, one for all endpoints and one for each."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

DOCUMENTED = {"test": 25.0, "live": 100.0}
"""Requests a second of one account: docs.stripe.com/rate-limits. One endpoint has 25 in both modes."""
ENDPOINT = 25.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request was limited (a `Stripe-Rate-Limited-Reason`), and in how many seconds one would pass."""

    reason: str
    retry_after: int


@dataclass(slots=True)
class Bucket:
    """`rate` tokens a second, at most `size`; it begins full. Times are seconds of any clock that only goes on."""

    rate: float
    size: float
    level: float = 0.0
    at: float = -math.inf

    def wait(self, now: float) -> float:
        """Seconds until a token is there; 0.0 when one is."""
        self.level = min(self.size, self.level + self.rate * (now - self.at)) if self.at > -math.inf else self.size
        self.at = now
        return max(0.0, (1.0 - self.level) / self.rate)

    def take(self) -> None:
        """Use the token that `wait` found."""
        self.level -= 1.0


@dataclass(slots=True)
class Limits:
    """The buckets of both modes. `tightened` is the rate that a person set for an account, None as documented."""

    tightened: dict[str, float] = field(default_factory=dict)
    _buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)
    passed: int = 0
    limited: int = 0

    def rate(self, mode: str) -> float:
        """Requests a second of the account in that mode."""
        return self.tightened.get(mode, DOCUMENTED[mode])

    def tighten(self, mode: str, rate: float | None) -> None:
        """Allow only `rate` requests a second (more than 0), or as many as are documented."""
        self.tightened.pop(mode, None)
        if rate is not None:
            self.tightened[mode] = rate
        self._buckets.clear()

    def ask(self, mode: str, endpoint: str, now: float) -> Refusal | None:
        """None when the request may pass, else why not. A limited request costs nothing."""
        account = self._bucket(mode, "", self.rate(mode))
        own = self._bucket(mode, endpoint, ENDPOINT)
        for reason, wait in (("global-rate", account.wait(now)), ("endpoint-rate", own.wait(now))):
            if wait > 0:
                self.limited += 1
                return Refusal(reason, max(1, math.ceil(wait)))
        account.take()
        own.take()
        self.passed += 1
        return None

    def _bucket(self, mode: str, endpoint: str, rate: float) -> Bucket:
        return self._buckets.setdefault((mode, endpoint), Bucket(rate, max(1.0, rate)))
