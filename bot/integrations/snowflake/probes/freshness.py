"""snowflake.freshness: how old is the newest row of each mart?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from bot.diagnostics.probe import Probe, Scope
from bot.errors import AccessDenied, EntityError, IntegrationError, NotFound, RunbookError
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
    """`newest` in UTC (a date counts from its beginning); None for a table without rows, which is stale too.

    `written_at` is when anything last changed the table: of a run that brought nothing new it is later than `newest`.
    `problem` says why this table could not be read; then nothing is known of it, and it does not count as stale.
    """

    table: str
    column: str
    newest: datetime | None
    age_hours: float | None
    max_age_hours: float
    is_stale: bool
    written_at: datetime | None = None
    problem: str = ""

    @property
    def name(self) -> str:
        """The table without its database and schema."""
        return self.table.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Freshness:
    """`worst` is the mart that is furthest over its age, or nearest to it; None when none was asked for or read."""

    marts: tuple[MartFreshness, ...] = ()
    stale_count: int = 0
    stale_tables: tuple[str, ...] = ()
    worst: MartFreshness | None = None
    is_stale: bool = False
    newest: datetime | None = None


class Seen(NamedTuple):
    """What was read of one mart: its newest value and when it was written, or why neither could be."""

    newest: Any = None
    written_at: Any = None
    problem: str = ""


def read_freshness(client: SnowflakeClient, arguments: FreshnessArguments, scope: Scope) -> Freshness:
    """The newest value of each mart's column. A mart that cannot be read does not hide the others; when none can be,
    the first one's error is raised."""
    seen: list[tuple[Mart, Seen]] = []
    errors: list[RunbookError] = []
    for mart in arguments.marts[:20]:
        try:
            with client.reading(scope) as fetch:
                seen.append((mart, _look(fetch, mart)))
        except (NotFound, AccessDenied, EntityError) as error:
            reason = error.reason if isinstance(error, IntegrationError) else str(error)
            seen.append((mart, Seen(problem=reason)))
            errors.append(error)
    if errors and len(errors) == len(seen):
        raise errors[0]
    return freshness_from(seen, scope.now)


def columns_statement(database: str) -> str:
    """The catalogue's row of one column of that database, whose name was checked."""
    return (
        f"SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME FROM {quoted(database)}.INFORMATION_SCHEMA.COLUMNS "  # noqa: S608 - a checked name, quoted
        "WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND COLUMN_NAME = ?"
    )


def newest_statement(database: str, schema: str, table: str, column: str) -> str:
    """The newest value of a column that the catalogue knows by exactly these names."""
    return f"SELECT MAX({quoted(column)}) AS NEWEST FROM {quoted(database, schema, table)}"  # noqa: S608 - checked names, quoted


def written_statement(database: str) -> str:
    """When a table of that database, whose name was checked, was last changed."""
    return (
        f"SELECT LAST_ALTERED FROM {quoted(database)}.INFORMATION_SCHEMA.TABLES "  # noqa: S608 - a checked name, quoted
        "WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
    )


def freshness_from(seen: Sequence[tuple[Mart, Seen]], now: datetime) -> Freshness:
    """Facts from what was read of each mart."""
    marts = tuple(_mart(mart, found, now) for mart, found in seen)
    known = [mart for mart in marts if not mart.problem]
    stale = [mart for mart in marts if mart.is_stale]
    return Freshness(
        marts=marts,
        stale_count=len(stale),
        stale_tables=tuple(mart.table for mart in stale),
        worst=max(known, key=_badness, default=None),
        is_stale=bool(stale),
        newest=min((mart.newest for mart in known if mart.newest is not None), default=None),
    )


def _look(fetch: Fetch, mart: Mart) -> Seen:
    database = ""
    if mart.table.count(".") == 1:
        database = str(fetch(CURRENT)[0]["database_name"] or "")
    names = table_name(mart.table, database)
    column = plain_name(mart.column, "column")
    known = fetch(columns_statement(names[0]), (names[1], names[2], column))
    if not known:
        raise NotFound(SYSTEM, f"there is no column {column} in {'.'.join(names)}, or the bot's role may not see it")
    row = known[0]
    newest = fetch(newest_statement(names[0], row["table_schema"], row["table_name"], row["column_name"]))[0]["newest"]
    written = fetch(written_statement(names[0]), (row["table_schema"], row["table_name"]))
    return Seen(newest, written[0]["last_altered"] if written else None)


def _mart(mart: Mart, seen: Seen, now: datetime) -> MartFreshness:
    newest, written_at = moment(seen.newest), moment(seen.written_at)
    age = None if newest is None else round((now - newest).total_seconds() / 3600, 1)
    return MartFreshness(
        table=mart.table,
        column=mart.column,
        newest=newest,
        age_hours=age,
        max_age_hours=mart.max_age_hours,
        is_stale=not seen.problem and (age is None or age > mart.max_age_hours),
        written_at=written_at,
        problem=seen.problem,
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
    written_at=datetime(2026, 11, 22, 5, 4, tzinfo=UTC),
)
FRESHNESS: Probe[SnowflakeClient, FreshnessArguments, Freshness] = Probe(
    name="snowflake.freshness",
    summary="How old the newest row of each mart is, and which are older than they may be.",
    arguments=FreshnessArguments,
    facts=Freshness,
    read=read_freshness,
    typical=Freshness((_REVENUE,), 1, (_REVENUE.table,), _REVENUE, is_stale=True, newest=_REVENUE.newest),
    empty=Freshness(),
    deadline_s=15.0,
)
