"""derived.spend_verdict: did the credits jump because of one query or user, do they grow, or is nothing out of line?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import fmean, median
from typing import Any

from bot.diagnostics.derivation import Derivation

SPIKE = 2.0
"""How many times the median of the other days a day must use to be a spike."""
GROWTH = 1.5
"""How many times the first half of the days the second half must use to be growth."""
NOTICEABLE = 1.0
"""Credits below which a day, or a query, is never called a spike."""
EXPLAINS_PERCENT = 30.0
"""What share of the time one query or user must have taken to be named as the cause."""
ALONE_PERCENT = 50.0
"""What share of the time one query must have taken to be a spike by itself, whatever the days say."""


@dataclass(frozen=True, slots=True)
class SpendArguments:
    """The facts of snowflake.credits, snowflake.top_queries and snowflake.spenders; each may be missing."""

    credits: Any = None
    top: Any = None
    spenders: Any = None


@dataclass(frozen=True, slots=True)
class SpendVerdict:
    """`kind` is spike, growth, steady, or unknown without credits by day.

    Of a spike: `day` and what it used, how many `times` the median day that is (None when nothing is usual), and whose
    it is, where one query or user explains it: `user`, with `query_id` when it is one query. `share_percent` is of all
    the time that queries took in the days that were looked at.
    Of growth: `early` and `late`, credits a day in the first and the second half.
    """

    kind: str = "unknown"
    day: date | None = None
    used: float = 0.0
    usual: float = 0.0
    times: float | None = None
    user: str = ""
    query_id: str = ""
    query: str = ""
    share_percent: float = 0.0
    started_at: datetime | None = None
    early: float = 0.0
    late: float = 0.0


def judge_spend(arguments: SpendArguments, now: datetime) -> SpendVerdict:
    """Spike before growth before steady; whose it is only where the numbers say so."""
    days: Sequence[Any] = getattr(arguments.credits, "days", ())
    if len(days) < 2:
        return SpendVerdict()
    spike = _spike(days)
    queries: Sequence[Any] = getattr(arguments.top, "queries", ())
    alone = next((one for one in queries if one.share_percent >= ALONE_PERCENT and one.credits >= NOTICEABLE), None)
    before = [one.credits for one in days[:-1]]
    early, late = _halves(before)
    if spike is None and alone is not None:
        spike = next((one for one in days if alone.started_at and one.date == alone.started_at.date()), days[-1])
    if spike is None:
        kind = "growth" if late >= NOTICEABLE and early is not None and late >= GROWTH * early else "steady"
        usual = round(median(before), 2)
        return SpendVerdict(kind, None, days[-1].credits, usual, early=early or 0.0, late=late)
    usual = median(one.credits for one in days if one.date != spike.date)
    user, query, share = _whose(spike.date, queries, getattr(arguments.spenders, "spenders", ()))
    return SpendVerdict(
        kind="spike",
        day=spike.date,
        used=spike.credits,
        usual=round(usual, 2),
        times=round(spike.credits / usual, 1) if usual else None,
        user=user,
        query_id=getattr(query, "query_id", ""),
        query=getattr(query, "text", ""),
        share_percent=share,
        started_at=getattr(query, "started_at", None),
    )


def _spike(days: Sequence[Any]) -> Any:
    """The last of today and yesterday that used much more than the days before it; today alone is often not over."""
    for position in (len(days) - 1, len(days) - 2):
        if position < 2:
            continue
        usual = median(one.credits for one in days[:position])
        if days[position].credits >= max(NOTICEABLE, SPIKE * usual):
            return days[position]
    return None


def _halves(before: Sequence[float]) -> tuple[float | None, float]:
    half = len(before) // 2
    if half < 2:
        return None, 0.0
    return round(fmean(before[:half]), 2), round(fmean(before[-half:]), 2)


def _whose(day: date, queries: Sequence[Any], spenders: Sequence[Any]) -> tuple[str, Any, float]:
    """The query that ran on that day and took most of the time, else the user who cost far more than on other days."""
    for query in queries:
        if query.share_percent >= EXPLAINS_PERCENT and _ran_on(day, query):
            return query.user, query, query.share_percent
    for one in spenders:
        if one.share_percent >= EXPLAINS_PERCENT and one.latest >= max(NOTICEABLE, SPIKE * one.before):
            return one.user, None, one.share_percent
    return "", None, 0.0


def _ran_on(day: date, query: Any) -> bool:
    if query.started_at is None:
        return False
    begins = datetime.combine(day, time(), tzinfo=UTC)
    ended = query.started_at + timedelta(seconds=query.elapsed_s)
    return bool(query.started_at < begins + timedelta(days=1) and ended >= begins)


SPEND_VERDICT: Derivation[SpendArguments, SpendVerdict] = Derivation(
    name="derived.spend_verdict",
    summary="Whether credits jumped because of one query or user, grow, or stay, with the numbers that say so.",
    arguments=SpendArguments,
    facts=SpendVerdict,
    derive=judge_spend,
    typical=SpendVerdict(
        kind="spike",
        day=date(2026, 11, 23),
        used=9.6,
        usual=2.1,
        times=4.6,
        user="ANALYST_KIM",
        query_id="01b8f2a4-0000-4c1d-0000-0002a5e70b12",
        query="SELECT * FROM RAW_ORDERS a CROSS JOIN RAW_ORDERS b",
        share_percent=71.4,
        started_at=datetime(2026, 11, 23, 4, 21, tzinfo=UTC),
    ),
    empty=SpendVerdict(),
)
