"""snowflake.top_queries and snowflake.failed_queries: what took the time, and what failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.snowflake.client import Row, SnowflakeClient
from bot.integrations.snowflake.probes.queries import is_ours
from bot.integrations.snowflake.probes.rows import moment, number, seconds, shown, words
from bot.integrations.snowflake.probes.sizes import credits_of

LIVE_DAYS = 7
LIVE = "TABLE(INFORMATION_SCHEMA.QUERY_HISTORY(RESULT_LIMIT => 10000))"
_YEAR = "SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY"
ELAPSED = """CASE WHEN EXECUTION_STATUS IN ('RUNNING', 'BLOCKED')
            THEN DATEDIFF('millisecond', START_TIME, CURRENT_TIMESTAMP()) ELSE TOTAL_ELAPSED_TIME END"""
_TOP = f"""
SELECT QUERY_ID, USER_NAME, WAREHOUSE_NAME, WAREHOUSE_SIZE, QUERY_TAG, START_TIME, LEFT(QUERY_TEXT, 300) AS QUERY_TEXT,
       {ELAPSED} AS ELAPSED_MS, SUM({ELAPSED}) OVER () AS ALL_MS
FROM {{source}}
WHERE WAREHOUSE_NAME IS NOT NULL AND (? = '' OR WAREHOUSE_NAME = ?)
  AND START_TIME >= DATEADD('day', ?, CURRENT_TIMESTAMP())
ORDER BY ELAPSED_MS DESC NULLS LAST
LIMIT 10
"""  # noqa: S608 - put together from constants
_FAILED = """
SELECT QUERY_ID, USER_NAME, WAREHOUSE_NAME, QUERY_TAG, ERROR_CODE, LEFT(ERROR_MESSAGE, 300) AS ERROR_MESSAGE, START_TIME
FROM {source}
WHERE (EXECUTION_STATUS LIKE 'FAIL%' OR EXECUTION_STATUS = 'INCIDENT')
  AND START_TIME >= DATEADD('hour', ?, CURRENT_TIMESTAMP())
ORDER BY START_TIME DESC
LIMIT 20
"""
TOP_LIVE, TOP_YEAR = _TOP.format(source=LIVE), _TOP.format(source=_YEAR)
FAILED_LIVE, FAILED_YEAR = _FAILED.format(source=LIVE), _FAILED.format(source=_YEAR)


@dataclass(frozen=True, slots=True)
class TopArguments:
    """`warehouse` "" looks at all; up to seven `days` are read live, more from ACCOUNT_USAGE (which lags)."""

    warehouse: str = ""
    days: int = 7


@dataclass(frozen=True, slots=True)
class FailedArguments:
    """Up to 168 `hours` are read live, more from ACCOUNT_USAGE (which lags by up to 45 minutes)."""

    hours: int = 24


@dataclass(frozen=True, slots=True)
class TopQuery:
    """One query; `share_percent` of the time that all queries of the window took, `credits` estimated from its own."""

    query_id: str
    user: str
    warehouse: str
    started_at: datetime | None
    elapsed_s: float
    share_percent: float
    text: str
    credits: float = 0.0


@dataclass(frozen=True, slots=True)
class TopQueries:
    """The ten that took longest; `top` is the first of them."""

    queries: tuple[TopQuery, ...] = ()
    top: TopQuery | None = None


@dataclass(frozen=True, slots=True)
class FailedQuery:
    """One query that failed; `error_code` as Snowflake gives it, `error_message` its first 300 characters."""

    query_id: str
    user: str
    error_code: str
    error_message: str
    started_at: datetime | None
    warehouse: str = ""


@dataclass(frozen=True, slots=True)
class FailedQueries:
    """The last twenty that failed, the newest first."""

    count: int
    queries: tuple[FailedQuery, ...] = ()


def read_top(client: SnowflakeClient, arguments: TopArguments, scope: Scope) -> TopQueries:
    """The queries that took longest in the last days."""
    warehouse = arguments.warehouse.strip().upper()
    statement = TOP_LIVE if arguments.days <= LIVE_DAYS else TOP_YEAR
    return top_from(client.fetch(statement, (warehouse, warehouse, -abs(arguments.days)), scope))


def read_failed(client: SnowflakeClient, arguments: FailedArguments, scope: Scope) -> FailedQueries:
    """The queries that failed in the last hours."""
    statement = FAILED_LIVE if arguments.hours <= LIVE_DAYS * 24 else FAILED_YEAR
    return failed_from(client.fetch(statement, (-abs(arguments.hours),), scope))


def top_from(rows: Sequence[Row]) -> TopQueries:
    """Facts from the rows of TOP_LIVE or TOP_YEAR."""
    queries = tuple(
        TopQuery(
            query_id=words(row["query_id"]),
            user=words(row["user_name"]),
            warehouse=words(row["warehouse_name"]),
            started_at=moment(row["start_time"]),
            elapsed_s=seconds(row["elapsed_ms"]),
            share_percent=round(100 * number(row["elapsed_ms"]) / max(1.0, number(row["all_ms"])), 1),
            text=shown(row["query_text"]),
            credits=credits_of(row.get("warehouse_size"), seconds(row["elapsed_ms"])),
        )
        for row in rows
        if not is_ours(row)
    )
    return TopQueries(queries, queries[0] if queries else None)


def failed_from(rows: Sequence[Row]) -> FailedQueries:
    """Facts from the rows of FAILED_LIVE or FAILED_YEAR."""
    queries = tuple(
        FailedQuery(
            query_id=words(row["query_id"]),
            user=words(row["user_name"]),
            error_code=words(row["error_code"]),
            error_message=shown(row["error_message"]),
            started_at=moment(row["start_time"]),
            warehouse=words(row["warehouse_name"]),
        )
        for row in rows
        if not is_ours(row)
    )
    return FailedQueries(len(queries), queries)


_RUNAWAY = TopQuery(
    query_id="01b8f2a4-0000-4c1d-0000-0002a5e70b12",
    user="ANALYST_KIM",
    warehouse="LOADING_WH",
    started_at=datetime(2026, 11, 23, 4, 21, tzinfo=UTC),
    elapsed_s=2520.0,
    share_percent=71.4,
    text="SELECT * FROM RAW_ORDERS a CROSS JOIN RAW_ORDERS b",
    credits=0.7,
)
TOP_QUERIES: Probe[SnowflakeClient, TopArguments, TopQueries] = Probe(
    name="snowflake.top_queries",
    summary="The queries that took longest in the last days, and their share of all the time.",
    arguments=TopArguments,
    facts=TopQueries,
    read=read_top,
    typical=TopQueries((_RUNAWAY,), _RUNAWAY),
    empty=TopQueries(),
    deadline_s=15.0,
)
FAILED_QUERIES: Probe[SnowflakeClient, FailedArguments, FailedQueries] = Probe(
    name="snowflake.failed_queries",
    summary="The queries that failed in the last hours, the newest first.",
    arguments=FailedArguments,
    facts=FailedQueries,
    read=read_failed,
    typical=FailedQueries(
        1,
        (
            FailedQuery(
                query_id="01b8f2a9-0000-4c1e-0000-0002a5e70c44",
                user="SVC_LOADER",
                error_code="100080",
                error_message="Number of columns in file (9) does not match that of the corresponding table (8)",
                started_at=datetime(2026, 11, 23, 5, 2, tzinfo=UTC),
                warehouse="LOADING_WH",
            ),
        ),
    ),
    empty=FailedQueries(0),
    deadline_s=15.0,
)
