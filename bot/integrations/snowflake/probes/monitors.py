"""snowflake.resource_monitors: credits used and left, and which monitor governs a warehouse."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.snowflake.client import CATALOGUE_CAP, Row, SnowflakeClient
from bot.integrations.snowflake.probes.rows import moment, number, percent_of, words
from bot.integrations.snowflake.probes.warehouses import SHOW_WAREHOUSES

SHOW_MONITORS = "SHOW RESOURCE MONITORS"
_DAYS = {"DAILY": 1, "WEEKLY": 7}
_MONTHS = {"MONTHLY": 1, "YEARLY": 12}


@dataclass(frozen=True, slots=True)
class MonitorsArguments:
    """`monitor`, or `warehouse`: whose monitor the flat fields should tell of; "" for both takes the most used one."""

    warehouse: str = ""
    monitor: str = ""


@dataclass(frozen=True, slots=True)
class Monitor:
    """One monitor. `suspend_at` is the percent at which it suspends (None: never); `level` WAREHOUSE, ACCOUNT or "".

    `period_from` is when `used` began to count, `resets_at` when it begins anew.
    """

    name: str
    quota: float
    used: float
    remaining: float
    percent: float
    frequency: str = ""
    period_from: datetime | None = None
    resets_at: datetime | None = None
    suspend_at: float | None = None
    level: str = ""
    warehouses: tuple[str, ...] = ()

    @property
    def is_exhausted(self) -> bool:
        """True when the share at which it suspends is reached (100 % when it has no such trigger)."""
        return self.quota > 0 and self.percent >= (100.0 if self.suspend_at is None else self.suspend_at)


@dataclass(frozen=True, slots=True)
class ResourceMonitors:
    """Every monitor the role may see, and flat the one that matters; `name` is "" when there is none."""

    monitors: tuple[Monitor, ...] = ()
    name: str = ""
    quota: float = 0.0
    used: float = 0.0
    remaining: float = 0.0
    percent: float = 0.0
    period_from: datetime | None = None
    resets_at: datetime | None = None
    suspend_at: float | None = None
    warehouses: tuple[str, ...] = ()
    is_exhausted: bool = False


def read_monitors(client: SnowflakeClient, arguments: MonitorsArguments, scope: Scope) -> ResourceMonitors:
    """Monitors, and the warehouses that say which monitor they have."""
    with client.reading(scope) as fetch:
        monitors = fetch(SHOW_MONITORS, cap=CATALOGUE_CAP)
        warehouses = fetch(SHOW_WAREHOUSES, cap=CATALOGUE_CAP)
    return monitors_from(monitors, warehouses, arguments.warehouse, scope.now, arguments.monitor)


def monitors_from(
    rows: Sequence[Row], warehouse_rows: Sequence[Row], warehouse: str, now: datetime, monitor: str = ""
) -> ResourceMonitors:
    """Facts from the rows of SHOW RESOURCE MONITORS and SHOW WAREHOUSES."""
    monitors = tuple(sorted((_monitor(row, warehouse_rows, now) for row in rows), key=lambda m: (-m.percent, m.name)))
    named = next((one for one in monitors if one.name.upper() == monitor.strip().upper()), None)
    chosen = named or governing(monitors, warehouse)
    if chosen is None:
        return ResourceMonitors(monitors)
    return ResourceMonitors(
        monitors=monitors,
        name=chosen.name,
        quota=chosen.quota,
        used=chosen.used,
        remaining=chosen.remaining,
        percent=chosen.percent,
        period_from=chosen.period_from,
        resets_at=chosen.resets_at,
        suspend_at=chosen.suspend_at,
        warehouses=chosen.warehouses,
        is_exhausted=chosen.is_exhausted,
    )


def governing(monitors: Sequence[Monitor], warehouse: str) -> Monitor | None:
    """The most used of those that can suspend the warehouse (its own and the account's); of all when none is named.

    One that is exhausted comes before all that are not: it may suspend at a lower share.
    """
    if warehouse:
        monitors = [m for m in monitors if warehouse.upper() in m.warehouses or m.level == "ACCOUNT"]
    return max(monitors, key=lambda m: (m.is_exhausted, m.percent), default=None)


def next_reset(frequency: str, start: datetime | None, now: datetime) -> datetime | None:
    """When the count returns to zero next, after `now`: whole periods after the day of `start`, or `start` itself.

    None when it never does or the start is unknown. Documented: it does so at midnight UTC, whatever the time of
    `start` (docs.snowflake.com, "Working with resource monitors").
    """
    if start is None or frequency not in (*_DAYS, *_MONTHS):
        return None
    if now < start:
        return start
    first = _midnight(start)
    if frequency in _DAYS:
        period = timedelta(days=_DAYS[frequency])
        return first + period * ((now - first) // period + 1)
    months = 0
    while (reset := _add_months(first, months)) <= now:
        months += _MONTHS[frequency]
    return reset


def last_reset(frequency: str, start: datetime | None, now: datetime) -> datetime | None:
    """When the count began: `start`, or whole periods after it."""
    following = next_reset(frequency, start, now)
    if start is None or following is None or now < start:
        return start
    if frequency in _DAYS:
        return max(start, following - timedelta(days=_DAYS[frequency]))
    months = 0
    while _add_months(_midnight(start), months + _MONTHS[frequency]) < following:
        months += _MONTHS[frequency]
    return max(start, _add_months(_midnight(start), months))


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _add_months(start: datetime, months: int) -> datetime:
    years, month = divmod(start.month - 1 + months, 12)
    last = calendar.monthrange(start.year + years, month + 1)[1]
    return start.replace(year=start.year + years, month=month + 1, day=min(start.day, last))


def _monitor(row: Row, warehouse_rows: Sequence[Row], now: datetime) -> Monitor:
    quota, used = number(row["credit_quota"]), number(row["used_credits"])
    frequency = words(row.get("frequency")).upper()
    limits = [percent_of(row.get(trigger)) for trigger in ("suspend_at", "suspend_immediately_at")]
    name = words(row["name"])
    return Monitor(
        name=name,
        quota=quota,
        used=used,
        remaining=number(row["remaining_credits"]),
        percent=round(100 * used / quota, 1) if quota else 0.0,
        frequency=frequency,
        period_from=last_reset(frequency, moment(row.get("start_time")), now),
        resets_at=next_reset(frequency, moment(row.get("start_time")), now),
        suspend_at=min((limit for limit in limits if limit is not None), default=None),
        level=words(row.get("level")).upper(),
        warehouses=tuple(
            words(warehouse["name"]) for warehouse in warehouse_rows if words(warehouse.get("resource_monitor")) == name
        ),
    )


_LOADING = Monitor(
    name="LOADING_MONITOR",
    quota=50.0,
    used=50.4,
    remaining=0.0,
    percent=100.8,
    frequency="MONTHLY",
    period_from=datetime(2026, 11, 1, tzinfo=UTC),
    resets_at=datetime(2026, 12, 1, tzinfo=UTC),
    suspend_at=100.0,
    level="WAREHOUSE",
    warehouses=("LOADING_WH",),
)
RESOURCE_MONITORS: Probe[SnowflakeClient, MonitorsArguments, ResourceMonitors] = Probe(
    name="snowflake.resource_monitors",
    summary="Credit quotas: used, left, when they reset, and which one governs a warehouse.",
    arguments=MonitorsArguments,
    facts=ResourceMonitors,
    read=read_monitors,
    typical=ResourceMonitors(
        monitors=(_LOADING,),
        name=_LOADING.name,
        quota=_LOADING.quota,
        used=_LOADING.used,
        remaining=_LOADING.remaining,
        percent=_LOADING.percent,
        period_from=_LOADING.period_from,
        resets_at=_LOADING.resets_at,
        suspend_at=_LOADING.suspend_at,
        warehouses=_LOADING.warehouses,
        is_exhausted=True,
    ),
    empty=ResourceMonitors(),
    deadline_s=10.0,
)
