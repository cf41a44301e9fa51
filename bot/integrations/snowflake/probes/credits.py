"""snowflake.credits: credits by day, of one warehouse, of some, or of all."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean, median

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.snowflake.client import CATALOGUE_CAP, Row, SnowflakeClient
from bot.integrations.snowflake.probes.rows import moment, number, words

METERING = """
SELECT WAREHOUSE_NAME, TO_DATE(START_TIME) AS USED_ON, SUM(CREDITS_USED) AS CREDITS
FROM TABLE(INFORMATION_SCHEMA.WAREHOUSE_METERING_HISTORY(DATEADD('day', -31, CURRENT_DATE())))
WHERE START_TIME >= DATEADD('day', ?, CURRENT_DATE())
GROUP BY 1, 2
ORDER BY 2, 1
"""
MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class CreditsArguments:
    """Of one `warehouse`, or of several `warehouses`; of all when neither is given. At most 31 `days`, with today."""

    warehouse: str = ""
    warehouses: tuple[str, ...] = ()
    days: int = 14


@dataclass(frozen=True, slots=True)
class DayCredits:
    """Credits used on one day (UTC)."""

    date: date
    credits: float


@dataclass(frozen=True, slots=True)
class WarehouseCredits:
    """What one warehouse used in these days, and its share of all of them."""

    warehouse: str
    credits: float
    share_percent: float


@dataclass(frozen=True, slots=True)
class Credits:
    """Days oldest first, without gaps; `average` and `median` are of the days before today, which is not over yet."""

    days: tuple[DayCredits, ...]
    today: float
    average: float
    peak: float
    total: float
    median: float = 0.0
    by_warehouse: tuple[WarehouseCredits, ...] = ()


def read_credits(client: SnowflakeClient, arguments: CreditsArguments, scope: Scope) -> Credits:
    """Metering by day and warehouse."""
    days = max(1, min(arguments.days, MOST_DAYS))
    wanted = {name.strip().upper() for name in (arguments.warehouse, *arguments.warehouses)} - {""}
    with client.reading(scope) as fetch:
        rows = fetch(METERING, (1 - days,), cap=CATALOGUE_CAP)
    return credits_from([row for row in rows if not wanted or words(row["warehouse_name"]) in wanted], days, scope.now)


def credits_from(rows: Sequence[Row], days: int, now: datetime) -> Credits:
    """Facts from the rows of METERING."""
    by_day = _by_day(rows)
    dates = [now.date() - timedelta(days=back) for back in range(days - 1, -1, -1)]
    used = tuple(DayCredits(day, round(by_day.get(day, 0.0), 2)) for day in dates)
    before = [day.credits for day in used[:-1]]
    return Credits(
        days=used,
        today=used[-1].credits,
        average=round(fmean(before), 2) if before else 0.0,
        peak=max(day.credits for day in used),
        total=round(sum(day.credits for day in used), 2),
        median=round(median(before), 2) if before else 0.0,
        by_warehouse=_by_warehouse(rows),
    )


def _by_day(rows: Sequence[Row]) -> Mapping[date, float]:
    found: dict[date, float] = defaultdict(float)
    for row in rows:
        at = moment(row["used_on"])
        if at is not None:
            found[at.date()] += number(row["credits"])
    return found


def _by_warehouse(rows: Sequence[Row]) -> tuple[WarehouseCredits, ...]:
    found: dict[str, float] = defaultdict(float)
    for row in rows:
        found[words(row["warehouse_name"])] += number(row["credits"])
    total = sum(found.values()) or 1.0
    ordered = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    return tuple(WarehouseCredits(name, round(used, 2), round(100 * used / total, 1)) for name, used in ordered)


_USED = (2.1, 2.0, 2.3, 1.9, 2.2, 2.1, 9.6)
CREDITS: Probe[SnowflakeClient, CreditsArguments, Credits] = Probe(
    name="snowflake.credits",
    summary="Credits by day, of one warehouse, of some or of all, and which warehouse used how much.",
    arguments=CreditsArguments,
    facts=Credits,
    read=read_credits,
    typical=Credits(
        days=tuple(DayCredits(date(2026, 11, 17) + timedelta(days=n), used) for n, used in enumerate(_USED)),
        today=9.6,
        average=2.1,
        peak=9.6,
        total=22.2,
        median=2.1,
        by_warehouse=(WarehouseCredits("LOADING_WH", 22.2, 100.0),),
    ),
    empty=Credits(days=(), today=0.0, average=0.0, peak=0.0, total=0.0),
    deadline_s=15.0,
)
