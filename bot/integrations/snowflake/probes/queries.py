"""snowflake.running_queries and snowflake.query: what runs now, and one query by its id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.snowflake.client import Row, SnowflakeClient
from bot.integrations.snowflake.names import query_id
from bot.integrations.snowflake.probes.rows import moment, seconds, shown, words

UNFINISHED = ("RUNNING", "QUEUED", "BLOCKED", "RESUMING_WAREHOUSE")
# The table function answers at once but goes back seven days and holds the 10,000 latest; the view of ACCOUNT_USAGE
# holds a year and lags by up to 45 minutes.
_LIVE = "TABLE(INFORMATION_SCHEMA.QUERY_HISTORY(RESULT_LIMIT => 10000))"
_COLUMNS = """
       QUERY_ID, USER_NAME, ROLE_NAME, WAREHOUSE_NAME, QUERY_TAG, EXECUTION_STATUS, START_TIME,
       LEFT(QUERY_TEXT, 300) AS QUERY_TEXT"""
RUNNING = f"""
SELECT {_COLUMNS}, DATEDIFF('millisecond', START_TIME, CURRENT_TIMESTAMP()) AS ELAPSED_MS
FROM {_LIVE}
WHERE EXECUTION_STATUS IN {UNFINISHED} AND (? = '' OR WAREHOUSE_NAME = ?)
ORDER BY START_TIME
"""  # noqa: S608 - put together from constants
ONE = f"""
SELECT {_COLUMNS}, ERROR_CODE, ERROR_MESSAGE,
       CASE WHEN EXECUTION_STATUS IN {UNFINISHED}
            THEN DATEDIFF('millisecond', START_TIME, CURRENT_TIMESTAMP()) ELSE TOTAL_ELAPSED_TIME END AS ELAPSED_MS
FROM {_LIVE}
WHERE QUERY_ID = ?
"""  # noqa: S608 - put together from constants
_OURS = '"app":"runbook-bot"'


@dataclass(frozen=True, slots=True)
class RunningArguments:
    """`warehouse` "" looks at all of them."""

    warehouse: str = ""


@dataclass(frozen=True, slots=True)
class QueryArguments:
    """A query id."""

    query_id: str


@dataclass(frozen=True, slots=True)
class RunningQuery:
    """One query that has not ended; `status` may also be QUEUED or BLOCKED."""

    query_id: str
    user: str
    role: str
    warehouse: str
    status: str
    started_at: datetime | None
    running_s: float
    text: str


@dataclass(frozen=True, slots=True)
class RunningQueries:
    """What runs now, the longest first; the bot's own queries are left out."""

    count: int
    queries: tuple[RunningQuery, ...] = ()
    longest: RunningQuery | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One query of the last seven days; `exists` is false when there is none of that id that the role may see."""

    exists: bool
    query_id: str = ""
    status: str = ""
    user: str = ""
    warehouse: str = ""
    started_at: datetime | None = None
    running_s: float = 0.0
    text: str = ""
    is_running: bool = False
    error: str = ""


def read_running(client: SnowflakeClient, arguments: RunningArguments, scope: Scope) -> RunningQueries:
    """Queries that have not ended."""
    warehouse = arguments.warehouse.strip().upper()
    return running_from(client.fetch(RUNNING, (warehouse, warehouse), scope))


def read_query(client: SnowflakeClient, arguments: QueryArguments, scope: Scope) -> Query:
    """The query of that id; EntityError when it has not the shape of one."""
    return query_from(client.fetch(ONE, (query_id(arguments.query_id),), scope))


def running_from(rows: Sequence[Row]) -> RunningQueries:
    """Facts from the rows of RUNNING."""
    queries = sorted((_running(row) for row in rows if not is_ours(row)), key=lambda query: -query.running_s)
    return RunningQueries(len(queries), tuple(queries), queries[0] if queries else None)


def query_from(rows: Sequence[Row]) -> Query:
    """Facts from the rows of ONE."""
    if not rows:
        return Query(exists=False)
    row, query = rows[0], _running(rows[0])
    error = ": ".join(part for part in (words(row["error_code"]), shown(row["error_message"])) if part)
    return Query(
        exists=True,
        query_id=query.query_id,
        status=query.status,
        user=query.user,
        warehouse=query.warehouse,
        started_at=query.started_at,
        running_s=query.running_s,
        text=query.text,
        is_running=query.status in UNFINISHED,
        error=error[:300],
    )


def is_ours(row: Row) -> bool:
    """True for a query that the bot ran."""
    return _OURS in words(row.get("query_tag"))


def _running(row: Row) -> RunningQuery:
    return RunningQuery(
        query_id=words(row["query_id"]),
        user=words(row["user_name"]),
        role=words(row["role_name"]),
        warehouse=words(row["warehouse_name"]),
        status=words(row["execution_status"]).upper(),
        started_at=moment(row["start_time"]),
        running_s=seconds(row["elapsed_ms"]),
        text=shown(row["query_text"]),
    )


_RUNAWAY = RunningQuery(
    query_id="01b8f2a4-0000-4c1d-0000-0002a5e70b12",
    user="ANALYST_KIM",
    role="ANALYST",
    warehouse="LOADING_WH",
    status="RUNNING",
    started_at=datetime(2026, 11, 23, 4, 21, tzinfo=UTC),
    running_s=2520.0,
    text="SELECT * FROM RAW_ORDERS a CROSS JOIN RAW_ORDERS b",
)
RUNNING_QUERIES: Probe[SnowflakeClient, RunningArguments, RunningQueries] = Probe(
    name="snowflake.running_queries",
    summary="Queries that run or wait now, the longest first.",
    arguments=RunningArguments,
    facts=RunningQueries,
    read=read_running,
    typical=RunningQueries(1, (_RUNAWAY,), _RUNAWAY),
    empty=RunningQueries(0),
    deadline_s=10.0,
)
QUERY: Probe[SnowflakeClient, QueryArguments, Query] = Probe(
    name="snowflake.query",
    summary="One query by its id: whether it runs, whose it is, how it ended.",
    arguments=QueryArguments,
    facts=Query,
    read=read_query,
    typical=Query(
        exists=True,
        query_id=_RUNAWAY.query_id,
        status="RUNNING",
        user=_RUNAWAY.user,
        warehouse=_RUNAWAY.warehouse,
        started_at=_RUNAWAY.started_at,
        running_s=_RUNAWAY.running_s,
        text=_RUNAWAY.text,
        is_running=True,
    ),
    empty=Query(exists=False),
    deadline_s=10.0,
)
