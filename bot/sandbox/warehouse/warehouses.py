"""Virtual warehouses: their state and settings; what they cost is in metering.py."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

CREDITS_PER_HOUR = {
    "X-Small": 1.0,
    "Small": 2.0,
    "Medium": 4.0,
    "Large": 8.0,
    "X-Large": 16.0,
    "2X-Large": 32.0,
    "3X-Large": 64.0,
    "4X-Large": 128.0,
    "5X-Large": 256.0,
    "6X-Large": 512.0,
}  # documented (Snowflake consumption table, standard warehouses)
MINIMUM_SECONDS = 60  # documented: each resume is billed for at least a minute

_SPELLINGS = {size.upper().replace("-", ""): size for size in CREDITS_PER_HOUR} | {
    "XXLARGE": "2X-Large",
    "XXXLARGE": "3X-Large",
    "X2LARGE": "2X-Large",
    "X3LARGE": "3X-Large",
    "X4LARGE": "4X-Large",
    "X5LARGE": "5X-Large",
    "X6LARGE": "6X-Large",
}


def size_named(text: str) -> str | None:
    """The size as SHOW spells it, from any spelling ALTER takes; None when there is no such size."""
    return _SPELLINGS.get(text.upper().replace("-", "").replace("_", ""))


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Warehouse:
    """One warehouse. `metered_until` is the moment up to which its compute has been charged."""

    name: str
    size: str = "X-Small"
    auto_suspend: int = 60
    auto_resume: bool = True
    monitor: str | None = None
    state: str = "SUSPENDED"
    owner: str = "SYSADMIN"
    comment: str = ""
    statement_timeout: int = 0
    created: datetime = field(default_factory=_now)
    resumed: datetime = field(default_factory=_now)
    updated: datetime = field(default_factory=_now)
    last_used: datetime = field(default_factory=_now)
    metered_until: datetime = field(default_factory=_now)

    def start(self, now: datetime) -> None:
        """From SUSPENDED to STARTED."""
        self.state, self.resumed, self.updated, self.last_used, self.metered_until = (
            "STARTED",
            now,
            now,
            now,
            now,
        )

    def suspend(self, now: datetime) -> None:
        """To SUSPENDED."""
        self.state, self.updated = "SUSPENDED", now

    def idle_too_long(self, now: datetime) -> bool:
        """True when auto_suspend says it should stop; 0 means never."""
        return self.auto_suspend > 0 and (now - self.last_used).total_seconds() >= self.auto_suspend
