"""derived.spend_forecast: will the quota last until it resets, and if not, when is it used up?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import fmean
from typing import Any

from bot.diagnostics.derivation import Derivation

PACE_DAYS = 7
"""The pace is that of the last complete days, at most so many: a month's beginning says little of its end."""
FAR = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class ForecastArguments:
    """The facts of snowflake.resource_monitors, whose flat fields tell of the monitor, and of snowflake.credits."""

    monitor: Any = None
    credits: Any = None


@dataclass(frozen=True, slots=True)
class DaySum:
    """Credits used up to the end of a day of the period; `even` is where even use of the quota would be then."""

    date: date
    used: float
    quota: float
    even: float | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """`kind`: used_up, too_fast (used up before the reset), enough, or unknown without a monitor or credits by day.

    `pace` is credits a day now; `even_pace` what would just last until the reset. `exhausted_at` is when the quota is
    used up at this pace (None: never in sight), `projected` the use at the reset. `ahead_percent` is how much more of
    the quota is used than of the period has passed. `month` adds up the period's days, for a chart.
    """

    kind: str = "unknown"
    pace: float = 0.0
    even_pace: float | None = None
    exhausted_at: datetime | None = None
    resets_at: datetime | None = None
    projected: float | None = None
    ahead_percent: float | None = None
    month: tuple[DaySum, ...] = ()


def forecast_spend(arguments: ForecastArguments, now: datetime) -> Forecast:
    """A straight line from now on, at the pace of the last days."""
    monitor: Any = arguments.monitor
    days: Sequence[Any] = getattr(arguments.credits, "days", ())
    if monitor is None or not getattr(monitor, "quota", 0) or not days:
        return Forecast()
    complete = [one.credits for one in days[:-1]][-PACE_DAYS:]
    pace = fmean(complete) if complete else days[-1].credits
    left_s = None if monitor.resets_at is None else max(0.0, (monitor.resets_at - now).total_seconds())
    days_left = None if left_s is None else left_s / 86_400
    exhausted = _exhausted_at(monitor.quota - monitor.used, pace, now)
    too_fast = exhausted is not None and (monitor.resets_at is None or exhausted < monitor.resets_at)
    return Forecast(
        kind="used_up" if monitor.used >= monitor.quota else "too_fast" if too_fast else "enough",
        pace=round(pace, 2),
        even_pace=round(max(0.0, monitor.quota - monitor.used) / days_left, 2) if days_left else None,
        exhausted_at=exhausted,
        resets_at=monitor.resets_at,
        projected=None if days_left is None else round(monitor.used + pace * days_left, 1),
        ahead_percent=_ahead(monitor, now),
        month=_month(monitor, days),
    )


def _exhausted_at(left: float, pace: float, now: datetime) -> datetime | None:
    if left <= 0:
        return now
    if pace <= 0 or left / pace > FAR / timedelta(days=1):
        return None
    return now + timedelta(days=left / pace)


def _ahead(monitor: Any, now: datetime) -> float | None:
    if monitor.period_from is None or monitor.resets_at is None or monitor.resets_at <= monitor.period_from:
        return None
    passed: float = (now - monitor.period_from) / (monitor.resets_at - monitor.period_from)
    share: float = monitor.used / monitor.quota
    return round(100 * (share - passed), 1)


def _month(monitor: Any, days: Sequence[Any]) -> tuple[DaySum, ...]:
    since = None if monitor.period_from is None else monitor.period_from.date()
    counted = [one for one in days if since is None or one.date >= since]
    # What was used before the days that were read, so that the last sum is what the monitor says.
    total = max(0.0, monitor.used - sum(one.credits for one in counted))
    found = []
    for one in counted:
        total += one.credits
        found.append(DaySum(one.date, round(total, 2), monitor.quota, _even(monitor, one.date)))
    return tuple(found)


def _even(monitor: Any, day: date) -> float | None:
    if monitor.period_from is None or monitor.resets_at is None:
        return None
    length: int = (monitor.resets_at - monitor.period_from).days or 1
    passed: int = (day - monitor.period_from.date()).days + 1
    quota: float = monitor.quota
    return round(quota * min(1.0, passed / length), 2)


_FIRST = date(2026, 11, 21)
SPEND_FORECAST: Derivation[ForecastArguments, Forecast] = Derivation(
    name="derived.spend_forecast",
    summary="Whether a quota lasts until its reset at the pace of the last days, when it is used up; sums by day.",
    arguments=ForecastArguments,
    facts=Forecast,
    derive=forecast_spend,
    typical=Forecast(
        kind="too_fast",
        pace=2.4,
        even_pace=1.3,
        exhausted_at=datetime(2026, 11, 27, 4, tzinfo=UTC),
        resets_at=datetime(2026, 12, 1, tzinfo=UTC),
        projected=58.7,
        ahead_percent=6.2,
        month=tuple(
            DaySum(_FIRST + timedelta(days=n), used, 50.0, 35.0 + n) for n, used in enumerate((35.2, 37.6, 40.1))
        ),
    ),
    empty=Forecast(),
)
