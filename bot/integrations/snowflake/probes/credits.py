"""snowflake.credits: credits by day, and whether they jumped, grow or stay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.snowflake.client import Row, SnowflakeClient
from bot.integrations.snowflake.probes.history import LIVE_DAYS, TOP_LIVE, TopQuery, top_from
from bot.integrations.snowflake.probes.rows import moment, number

METERING = """
SELECT TO_DATE(START_TIME) AS USED_ON, SUM(CREDITS_USED) AS CREDITS
FROM TABLE(INFORMATION_SCHEMA.WAREHOUSE_METERING_HISTORY(DATEADD('day', -31, CURRENT_DATE())))
WHERE (? = '' OR WAREHOUSE_NAME = ?) AND START_TIME >= DATEADD('day', ?, CURRENT_DATE())
GROUP BY 1
ORDER BY 1
"""
MOST_DAYS = 31
SPIKE = 2.0
"""How many times the average of the other days a day must use to be a spike."""
GROWTH = 1.5
"""How many times the first half of the days the second half must use to be growth."""
NOTICEABLE = 1.0
"""Credits a day below which nothing is called a spike."""
EXPLAINS_PERCENT = 30.0
"""What share of the time one query must have taken to be named as the cause."""


@dataclass(frozen=True, slots=True)
class CreditsArguments:
    """`warehouse` "" adds all up; at most 31 `days`, today included."""

    warehouse: str = ""
    days: int = 14


@dataclass(frozen=True, slots=True)
class DayCredits:
    """Credits used on one day (UTC)."""

    date: date
    credits: float


@dataclass(frozen=True, slots=True)
class Credits:
    """Days oldest first, without gaps. `average` is that of the days before today; `verdict` spike, growth or steady.

    `spike_on` is the day that jumped, and `cause` the one query that took most of that day's time, if one did.
    """

    days: tuple[DayCredits, ...]
    today: float
    average: float
    peak: float
    total: float
    verdict: str
    spike_on: date | None = None
    cause: TopQuery | None = None


def read_credits(client: SnowflakeClient, arguments: CreditsArguments, scope: Scope) -> Credits:
    """Metering, and for a spike the queries of that day."""
    warehouse, days = arguments.warehouse.strip().upper(), max(1, min(arguments.days, MOST_DAYS))
    with client.reading(scope) as fetch:
        metering = fetch(METERING, (warehouse, warehouse, 1 - days))
        facts = credits_from(metering, (), days, scope.now)
        if facts.spike_on is None:
            return facts
        queries = fetch(TOP_LIVE, (warehouse, warehouse, -LIVE_DAYS))
    return credits_from(metering, queries, days, scope.now)


def credits_from(rows: Sequence[Row], query_rows: Sequence[Row], days: int, now: datetime) -> Credits:
    """Facts from the rows of METERING and, for a spike, of TOP_LIVE."""
    by_day = _by_day(rows)
    dates = [now.date() - timedelta(days=back) for back in range(days - 1, -1, -1)]
    used = tuple(DayCredits(day, round(by_day.get(day, 0.0), 2)) for day in dates)
    spike = _spike(used)
    before = [day.credits for day in used[:-1]]
    return Credits(
        days=used,
        today=used[-1].credits,
        average=round(fmean(before), 2) if before else 0.0,
        peak=max(day.credits for day in used),
        total=round(sum(day.credits for day in used), 2),
        verdict="spike" if spike else "growth" if _grows(before) else "steady",
        spike_on=spike,
        cause=_cause(query_rows, spike),
    )


def _by_day(rows: Sequence[Row]) -> Mapping[date, float]:
    found = ((moment(row["used_on"]), number(row["credits"])) for row in rows)
    return {at.date(): credits for at, credits in found if at is not None}


def _spike(days: Sequence[DayCredits]) -> date | None:
    """The last of today and yesterday that used much more than the other days; today alone is often not over yet."""
    for position in (len(days) - 1, len(days) - 2):
        if position < 2:
            continue
        others = [day.credits for day in days[:position]]
        if days[position].credits >= max(NOTICEABLE, SPIKE * fmean(others)):
            return days[position].date
    return None


def _grows(before: Sequence[float]) -> bool:
    half = len(before) // 2
    if half < 2:
        return False
    early, late = fmean(before[:half]), fmean(before[-half:])
    return late >= NOTICEABLE and late >= GROWTH * early


def _cause(rows: Sequence[Row], spike: date | None) -> TopQuery | None:
    for query in top_from(rows).queries:
        if query.started_at and query.started_at.date() == spike and query.share_percent >= EXPLAINS_PERCENT:
            return query
    return None


def _typical() -> Credits:
    first = date(2026, 11, 17)
    used = (2.1, 2.0, 2.3, 1.9, 2.2, 2.1, 9.6)
    return Credits(
        days=tuple(DayCredits(first + timedelta(days=n), value) for n, value in enumerate(used)),
        today=9.6,
        average=2.1,
        peak=9.6,
        total=22.2,
        verdict="spike",
        spike_on=date(2026, 11, 23),
        cause=TopQuery(
            query_id="01b8f2a4-0000-4c1d-0000-0002a5e70b12",
            user="ANALYST_KIM",
            warehouse="LOADING_WH",
            started_at=None,
            elapsed_s=25200.0,
            share_percent=71.4,
            text="SELECT * FROM RAW_ORDERS a CROSS JOIN RAW_ORDERS b",
        ),
    )


CREDITS: Probe[SnowflakeClient, CreditsArguments, Credits] = Probe(
    name="snowflake.credits",
    summary="Credits by day, whether they jumped or grow, and the query behind a jump.",
    arguments=CreditsArguments,
    facts=Credits,
    read=read_credits,
    typical=_typical(),
    empty=Credits(days=(), today=0.0, average=0.0, peak=0.0, total=0.0, verdict="steady"),
    deadline_s=15.0,
)
