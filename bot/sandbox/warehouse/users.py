"""Users: who may log in, with what, from where, and what keeps them out."""

import ipaddress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

MOST_FAILURES = 5  # documented: five wrong passwords in a row lock a user …
LOCKED_FOR = timedelta(minutes=15)  # … for a quarter of an hour


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(eq=False, slots=True)
class User:
    """A user of the account. Its roles are in the grants; `parameters` are those set for it."""

    name: str
    default_role: str
    default_warehouse: str
    default_namespace: str = "ECOMMERCE_ANALYTICS"
    type: str = "SERVICE"
    disabled: bool = False
    must_change_password: bool = False
    expires_at: datetime | None = None
    locked_until: datetime | None = None
    failures: int = 0
    public_key: str = ""  # set by ALTER USER; without it the file in the folder of keys
    key_set_at: datetime = field(default_factory=_now)
    network_policy: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    last_success: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        """True while wrong passwords keep the user out."""
        return self.locked_until is not None and now < self.locked_until

    def is_expired(self, now: datetime) -> bool:
        """True once its DAYS_TO_EXPIRY are over."""
        return self.expires_at is not None and now >= self.expires_at

    def failed(self, now: datetime) -> None:
        """A wrong password."""
        self.failures += 1
        if self.failures >= MOST_FAILURES:
            self.failures, self.locked_until = 0, now + LOCKED_FOR

    def succeeded(self, now: datetime) -> None:
        """A log-in."""
        self.failures, self.last_success = 0, now


@dataclass(frozen=True, slots=True)
class NetworkPolicy:
    """A list of addresses and networks from which log-ins are allowed."""

    name: str
    allowed: tuple[str, ...]

    def allows(self, address: str) -> bool:
        """Whether a log-in from this address may come."""
        where = ipaddress.ip_address(address)
        return any(where in ipaddress.ip_network(one, strict=False) for one in self.allowed)
