"""snowflake.freshness: how old is the newest row of each mart?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from bot.diagnostics.probe import Probe, Scope
from bot.errors import NotFound
from bot.integrations.snowflake.client import Fetch, SnowflakeClient
from bot.integrations.snowflake.failures import SYSTEM
from bot.integrations.snowflake.names import plain_name, quoted, table_name
from bot.integrations.snowflake.probes.rows import moment

CURRENT = "SELECT CURRENT_DATABASE() AS DATABASE_NAME"


class Mart(NamedTuple):
    """What platform.yml says of one: a table (`DB.SCHEMA.TABLE`), its date column, and how old it may be."""

    table: str
    column: str
    max_age_hours: float


@dataclass(frozen=True, slots=True)
class FreshnessArguments:
    """The marts to look at, at most twenty."""

    marts: tuple[Mart, ...] = ()


@dataclass(frozen=True, slots=True)
class MartFreshness:
    """`newest` in UTC (a date counts from its beginning); None for a table without rows, which is stale too."""

    table: str
    column: str
    newest: datetime | None
    age_hours: float | None
    max_age_hours: float
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Freshness:
    """`worst` is the mart that is furthest over its age, or nearest to it; None when none was asked for."""

    marts: tuple[MartFreshness, ...] = ()
    stale_count: int = 0
    stale_tables: tuple[str, ...] = ()
    worst: MartFreshness | None = None
    is_stale: bool = False


def read_freshness(client: SnowflakeClient, arguments: FreshnessArguments, scope: Scope) -> Freshness:
    """The newest value of each mart's column; NotFound names the mart that is not there."""
    with client.reading(scope) as fetch:
        newest = [(mart, _newest(fetch, mart)) for mart in arguments.marts[:20]]
    return freshness_from(newest, scope.now)


def columns_statement(database: str) -> str:
    """The catalogue's row of one column of that database, whose name was checked."""
    return (
        f"SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME FROM {quoted(database)}.INFORMATION_SCHEMA.COLUMNS "  # noqa: S608 - a checked name, quoted
        "WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND COLUMN_NAME = ?"
    )


def newest_statement(database: str, schema: str, table: str, column: str) -> str:
    """The newest value of a column that the catalogue knows by exactly these names."""
    return f"SELECT MAX({quoted(column)}) AS NEWEST FROM {quoted(database, schema, table)}"  # noqa: S608 - checked names, quoted


def freshness_from(newest: Sequence[tuple[Mart, Any]], now: datetime) -> Freshness:
    """Facts from each mart's newest value."""
    marts = tuple(_mart(mart, moment(value), now) for mart, value in newest)
    stale = [mart for mart in marts if mart.is_stale]
    return Freshness(
        marts=marts,
        stale_count=len(stale),
        stale_tables=tuple(mart.table for mart in stale),
        worst=max(marts, key=_badness, default=None),
        is_stale=bool(stale),
    )


def _newest(fetch: Fetch, mart: Mart) -> Any:
    database = ""
    if mart.table.count(".") == 1:
        database = str(fetch(CURRENT)[0]["database_name"] or "")
    names = table_name(mart.table, database)
    column = plain_name(mart.column, "column")
    known = fetch(columns_statement(names[0]), (names[1], names[2], column))
    if not known:
        raise NotFound(SYSTEM, f"there is no column {column} in {'.'.join(names)}, or the bot's role may not see it")
    row = known[0]
    return fetch(newest_statement(names[0], row["table_schema"], row["table_name"], row["column_name"]))[0]["newest"]


def _mart(mart: Mart, newest: datetime | None, now: datetime) -> MartFreshness:
    age = None if newest is None else round((now - newest).total_seconds() / 3600, 1)
    return MartFreshness(
        table=mart.table,
        column=mart.column,
        newest=newest,
        age_hours=age,
        max_age_hours=mart.max_age_hours,
        is_stale=age is None or age > mart.max_age_hours,
    )


def _badness(mart: MartFreshness) -> float:
    return float("inf") if mart.age_hours is None else mart.age_hours - mart.max_age_hours


_REVENUE = MartFreshness(
    table="ECOMMERCE_ANALYTICS.MARTS.FCT_DAILY_REVENUE",
    column="DATE",
    newest=datetime(2026, 11, 21, tzinfo=UTC),
    age_hours=55.5,
    max_age_hours=26.0,
    is_stale=True,
)
FRESHNESS: Probe[SnowflakeClient, FreshnessArguments, Freshness] = Probe(
    name="snowflake.freshness",
    summary="How old the newest row of each mart is, and which are older than they may be.",
    arguments=FreshnessArguments,
    facts=Freshness,
    read=read_freshness,
    typical=Freshness((_REVENUE,), 1, (_REVENUE.table,), _REVENUE, is_stale=True),
    empty=Freshness(),
    deadline_s=15.0,
)
