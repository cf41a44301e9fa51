"""Resource monitors: a quota of credits over a period, and what happens at which share of it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(slots=True)
class Monitor:
    """One resource monitor; thresholds are percent of the quota. `used` is filled in from the meter."""

    name: str
    quota: float
    start: datetime
    owner: str = "ACCOUNTADMIN"
    frequency: str = "MONTHLY"
    notify_at: tuple[int, ...] = (75, 90)
    suspend_at: int | None = 100
    suspend_immediately_at: int | None = 110
    used: float = 0.0
    comment: str = ""
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    def percent(self) -> float:
        """Share of the quota that is used, in percent."""
        return 100.0 * self.used / self.quota if self.quota > 0 else 100.0

    def blocks(self) -> bool:
        """True when a warehouse under this monitor may not be resumed."""
        limits = [limit for limit in (self.suspend_at, self.suspend_immediately_at) if limit is not None]
        return bool(limits) and self.percent() >= min(limits)

    def cancels(self) -> bool:
        """True when running statements are cancelled too."""
        return self.suspend_immediately_at is not None and self.percent() >= self.suspend_immediately_at

    def period_start(self, now: datetime) -> datetime:
        """When the credits that count now began to count."""
        start = self.start
        while self.frequency == "MONTHLY" and (following := _next_month(start)) <= now:
            start = following
        return start

    def period_end(self, now: datetime) -> datetime | None:
        """When the count returns to zero; None when it never does."""
        return _next_month(self.period_start(now)) if self.frequency == "MONTHLY" else None

    def level(self, now: datetime) -> str | None:
        """Never an account monitor in the sandbox; None when no warehouse is assigned is the caller's part."""
        return "WAREHOUSE" if now >= self.start else None


def _next_month(moment: datetime) -> datetime:
    """Documented: midnight UTC, whatever the time of the start."""
    year, month = (moment.year + 1, 1) if moment.month == 12 else (moment.year, moment.month + 1)
    return datetime(year, month, min(moment.day, 28), tzinfo=UTC)
