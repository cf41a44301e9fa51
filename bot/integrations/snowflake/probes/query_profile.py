"""snowflake.query_profile: one query that was cut off: where its time went, and how long it usually takes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any

from bot.diagnostics.probe import Probe, Scope
from bot.errors import AccessDenied, EntityError, NotFound
from bot.integrations.snowflake.client import CATALOGUE_CAP, Row, SnowflakeClient
from bot.integrations.snowflake.names import query_id
from bot.integrations.snowflake.probes.history import ELAPSED, LIVE
from bot.integrations.snowflake.probes.rows import moment, number, seconds, shown, words

_COLUMNS = f"""
       QUERY_ID, USER_NAME, ROLE_NAME, WAREHOUSE_NAME, WAREHOUSE_SIZE, QUERY_TAG, EXECUTION_STATUS, ERROR_CODE,
       ERROR_MESSAGE, START_TIME, LEFT(QUERY_TEXT, 300) AS QUERY_TEXT, {ELAPSED} AS ELAPSED_MS,
       COMPILATION_TIME, EXECUTION_TIME, QUEUED_PROVISIONING_TIME, QUEUED_REPAIR_TIME, QUEUED_OVERLOAD_TIME,
       TRANSACTION_BLOCKED_TIME, BYTES_SCANNED, ROWS_PRODUCED, QUERY_PARAMETERIZED_HASH"""
NAMED = f"SELECT {_COLUMNS} FROM {LIVE} WHERE QUERY_ID = ?"  # noqa: S608 - put together from constants
NEWEST = f"""
SELECT {_COLUMNS}
FROM {LIVE}
WHERE ERROR_MESSAGE LIKE 'Statement reached its %timeout%' AND (? = '' OR WAREHOUSE_NAME = ?)
ORDER BY START_TIME DESC
LIMIT 1
"""  # noqa: S608 - put together from constants
LIKE_IT = f"""
SELECT START_TIME, EXECUTION_STATUS, BYTES_SCANNED, {ELAPSED} AS ELAPSED_MS
FROM {LIVE}
WHERE QUERY_PARAMETERIZED_HASH = ? AND QUERY_ID <> ?
ORDER BY START_TIME DESC
"""  # noqa: S608 - put together from constants
SPILLED = """
SELECT BYTES_SPILLED_TO_LOCAL_STORAGE AS LOCAL_BYTES, BYTES_SPILLED_TO_REMOTE_STORAGE AS REMOTE_BYTES
FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY
WHERE QUERY_ID = ?
"""
EARLIER_SHOWN = 14
_LIMIT = re.compile(r"timeout of ([\d,]+) second", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ProfileArguments:
    """The query of the alert. Without one, or with an id cut short: the newest that a timeout cut (on `warehouse`)."""

    query_id: str = ""
    warehouse: str = ""


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """The same statement another time; `status` in Snowflake's words."""

    started_at: datetime | None
    elapsed_s: float
    status: str


@dataclass(frozen=True, slots=True)
class QueryProfile:
    """One query of the last seven days; `exists` is false when the role may see none such.

    `is_named` says that it is the alert's own, not only the newest. `timeout_s` is the limit that cut it, as the error
    tells it. `usual_s` and `usual_bytes` are medians of the successful runs of the same statement, whatever its
    literals; None without any. `earlier` are its last runs, oldest first. `spilled_bytes` comes from ACCOUNT_USAGE:
    None until that knows the query (45 minutes), or where the role may not look.
    """

    exists: bool
    is_named: bool = False
    query_id: str = ""
    user: str = ""
    role: str = ""
    warehouse: str = ""
    size: str = ""
    status: str = ""
    error: str = ""
    timeout_s: float | None = None
    started_at: datetime | None = None
    elapsed_s: float = 0.0
    queued_s: float = 0.0
    blocked_s: float = 0.0
    compile_s: float = 0.0
    run_s: float = 0.0
    bytes_scanned: int = 0
    rows: int = 0
    spilled_bytes: int | None = None
    text: str = ""
    tag: str = ""
    usual_s: float | None = None
    usual_bytes: int | None = None
    successes: int = 0
    earlier: tuple[EarlierRun, ...] = ()


def read_profile(client: SnowflakeClient, arguments: ProfileArguments, scope: Scope) -> QueryProfile:
    """The query, its like, and what spilled."""
    warehouse = arguments.warehouse.strip().upper()
    named = _shaped(arguments.query_id)
    with client.reading(scope) as fetch:
        found = fetch(NAMED, (named,)) if named else ()
        is_named = bool(found)
        found = found or fetch(NEWEST, (warehouse, warehouse))
        if not found:
            return QueryProfile(exists=False)
        row = found[0]
        # Newest first, for the cap takes the rest: a statement that runs every minute has 10,000 in a week.
        like_it = fetch(LIKE_IT, (row["query_parameterized_hash"], row["query_id"]), cap=CATALOGUE_CAP)[::-1]
    spilled = _read_spilled(client, words(row["query_id"]), scope)
    return profile_from(row, like_it, spilled, is_named=is_named)


def _shaped(text: str) -> str:
    """The id, or "" for what is none: alerts cut ids short."""
    try:
        return query_id(text) if text else ""
    except EntityError:
        return ""


def _read_spilled(client: SnowflakeClient, wanted: str, scope: Scope) -> Sequence[Row]:
    try:
        return client.fetch(SPILLED, (wanted,), scope)
    except (AccessDenied, NotFound):
        return ()  # the role may do without ACCOUNT_USAGE; the facts say None


def profile_from(row: Row, like_it: Sequence[Row], spilled: Sequence[Row], *, is_named: bool) -> QueryProfile:
    """Facts from a row of NAMED or NEWEST, those of LIKE_IT, oldest first, and of SPILLED."""
    limit = _LIMIT.search(words(row["error_message"]))
    queued = sum(number(row[f"queued_{why}_time"]) for why in ("provisioning", "repair", "overload"))
    successes = [one for one in like_it if words(one["execution_status"]).upper() == "SUCCESS"]
    return QueryProfile(
        exists=True,
        is_named=is_named,
        query_id=words(row["query_id"]),
        user=words(row["user_name"]),
        role=words(row["role_name"]),
        warehouse=words(row["warehouse_name"]),
        size=words(row["warehouse_size"]),
        status=words(row["execution_status"]).upper(),
        error=": ".join(part for part in (words(row["error_code"]), shown(row["error_message"])) if part)[:300],
        timeout_s=float(limit[1].replace(",", "")) if limit else None,
        started_at=moment(row["start_time"]),
        elapsed_s=seconds(row["elapsed_ms"]),
        queued_s=seconds(queued),
        blocked_s=seconds(row["transaction_blocked_time"]),
        compile_s=seconds(row["compilation_time"]),
        run_s=seconds(row["execution_time"]),
        bytes_scanned=int(number(row["bytes_scanned"])),
        rows=int(number(row["rows_produced"])),
        spilled_bytes=_spilled(spilled),
        text=shown(row["query_text"]),
        tag=shown(row["query_tag"])[:100],
        usual_s=_usual(successes, "elapsed_ms", 1000),
        usual_bytes=None if not successes else int(median(number(one["bytes_scanned"]) for one in successes)),
        successes=len(successes),
        earlier=tuple(
            EarlierRun(moment(one["start_time"]), seconds(one["elapsed_ms"]), words(one["execution_status"]).upper())
            for one in like_it[-EARLIER_SHOWN:]
        ),
    )


def _spilled(rows: Sequence[Row]) -> int | None:
    return int(number(rows[0]["local_bytes"]) + number(rows[0]["remote_bytes"])) if rows else None


def _usual(rows: Sequence[Row], column: str, unit: float) -> float | None:
    values: list[Any] = [number(row[column]) / unit for row in rows]
    return round(median(values), 1) if values else None


_STARTED = datetime(2026, 11, 23, 4, 1, tzinfo=UTC)
QUERY_PROFILE: Probe[SnowflakeClient, ProfileArguments, QueryProfile] = Probe(
    name="snowflake.query_profile",
    summary="A query that a timeout cut: where its time went, what it scanned, and how long it usually takes.",
    arguments=ProfileArguments,
    facts=QueryProfile,
    read=read_profile,
    typical=QueryProfile(
        exists=True,
        is_named=True,
        query_id="01b8f2a4-0000-4c1d-0000-0002a5e70b12",
        user="SVC_ECOMMERCE_DBT",
        role="ECOMMERCE_TRANSFORMER",
        warehouse="TRANSFORM_WH",
        size="Small",
        status="FAILED_WITH_ERROR",
        error="000630: Statement reached its statement or warehouse timeout of 3,600 second(s) and was canceled.",
        timeout_s=3600.0,
        started_at=_STARTED,
        elapsed_s=3600.4,
        queued_s=12.0,
        run_s=3588.0,
        bytes_scanned=412_000_000_000,
        spilled_bytes=0,
        text="create or replace transient table MARTS.fct_orders as (select …)",
        usual_s=410.0,
        usual_bytes=48_000_000_000,
        successes=6,
        earlier=(EarlierRun(datetime(2026, 11, 22, 4, 1, tzinfo=UTC), 410.0, "SUCCESS"),),
    ),
    empty=QueryProfile(exists=False),
    deadline_s=15.0,
)
