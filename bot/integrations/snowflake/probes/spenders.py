"""snowflake.spenders: which users took the compute of the last days, and how today compares."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.snowflake.client import CATALOGUE_CAP, Row, SnowflakeClient
from bot.integrations.snowflake.probes.history import ELAPSED, LIVE, LIVE_DAYS
from bot.integrations.snowflake.probes.rows import moment, number, seconds, words
from bot.integrations.snowflake.probes.sizes import credits_of

BY_USER = f"""
SELECT USER_NAME, WAREHOUSE_SIZE, TO_DATE(START_TIME) AS DAY, COUNT(*) AS QUERIES, SUM({ELAPSED}) AS ELAPSED_MS
FROM {LIVE}
WHERE WAREHOUSE_NAME IS NOT NULL AND (? = '' OR WAREHOUSE_NAME = ?)
  AND START_TIME >= DATEADD('day', ?, CURRENT_DATE())
GROUP BY 1, 2, 3
"""  # noqa: S608 - put together from constants
SHOWN = 10


@dataclass(frozen=True, slots=True)
class SpendersArguments:
    """`warehouse` "" looks at all; at most seven `days`, today included."""

    warehouse: str = ""
    days: int = 7


@dataclass(frozen=True, slots=True)
class Spender:
    """One user. `credits` are estimated from the time and the warehouse's size; idle time is nobody's.

    `latest` is what the last day (UTC) cost, `before` what a day cost on average before it.
    """

    user: str
    queries: int
    elapsed_s: float
    credits: float
    share_percent: float
    latest: float = 0.0
    before: float = 0.0


@dataclass(frozen=True, slots=True)
class Spenders:
    """The ten that cost most; `top` is the first of them, `credits` the estimate for all."""

    spenders: tuple[Spender, ...] = ()
    top: Spender | None = None
    credits: float = 0.0
    days: int = 7


def read_spenders(client: SnowflakeClient, arguments: SpendersArguments, scope: Scope) -> Spenders:
    """The time that each user's queries took, by day."""
    warehouse, days = arguments.warehouse.strip().upper(), max(1, min(arguments.days, LIVE_DAYS))
    with client.reading(scope) as fetch:
        rows = fetch(BY_USER, (warehouse, warehouse, 1 - days), cap=CATALOGUE_CAP)
    return spenders_from(rows, days, scope.now)


def spenders_from(rows: Sequence[Row], days: int, now: datetime) -> Spenders:
    """Facts from the rows of BY_USER."""
    by_user: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_user[words(row["user_name"])].append(row)
    total = sum(number(row["elapsed_ms"]) * weight(row) for row in rows)
    found = [_spender(user, own, total, days, now) for user, own in by_user.items()]
    ordered = tuple(sorted(found, key=lambda one: (-one.credits, -one.elapsed_s, one.user))[:SHOWN])
    return Spenders(ordered, ordered[0] if ordered else None, round(sum(one.credits for one in found), 2), days)


def weight(row: Row) -> float:
    """What an hour on this row's warehouse costs."""
    return credits_of(row["warehouse_size"], 3600.0)


def _spender(user: str, rows: Sequence[Row], total: float, days: int, now: datetime) -> Spender:
    weighted = sum(number(row["elapsed_ms"]) * weight(row) for row in rows)
    costs: dict[bool, float] = defaultdict(float)
    for row in rows:
        day = moment(row["day"])
        is_latest = day is not None and day.date() == now.date()
        costs[is_latest] += credits_of(row["warehouse_size"], seconds(row["elapsed_ms"]))
    return Spender(
        user=user,
        queries=int(sum(number(row["queries"]) for row in rows)),
        elapsed_s=round(sum(seconds(row["elapsed_ms"]) for row in rows), 1),
        credits=round(costs[True] + costs[False], 2),
        share_percent=round(100 * weighted / total, 1) if total else 0.0,
        latest=round(costs[True], 2),
        before=round(costs[False] / max(1, days - 1), 2),
    )


_KIM = Spender("ANALYST_KIM", 12, 25_320.0, 7.03, 82.4, 7.0, 0.01)
_LOADER = Spender("SVC_LOADER", 84, 4_200.0, 1.17, 13.7, 0.17, 0.17)
SPENDERS: Probe[SnowflakeClient, SpendersArguments, Spenders] = Probe(
    name="snowflake.spenders",
    summary="Which users' queries took the compute of the last days, in estimated credits, and how today compares.",
    arguments=SpendersArguments,
    facts=Spenders,
    read=read_spenders,
    typical=Spenders((_KIM, _LOADER), _KIM, 8.2, 7),
    empty=Spenders(),
    deadline_s=15.0,
)
