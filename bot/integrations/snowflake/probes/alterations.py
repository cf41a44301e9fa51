"""snowflake.alterations: who altered a table lately, and how."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.snowflake.client import Row, SnowflakeClient
from bot.integrations.snowflake.names import table_name
from bot.integrations.snowflake.probes.rows import moment, shown, words

# QUERY_TYPE tells ALTER_TABLE_ADD_COLUMN from ALTER_TABLE_DROP_COLUMN …; the table is known by the text alone. LIKE's _
# stands for any letter, so that the text is looked at again below.
_ALTERED = """
SELECT QUERY_ID, USER_NAME, ROLE_NAME, START_TIME, LEFT(QUERY_TEXT, 300) AS QUERY_TEXT
FROM {source}
WHERE (QUERY_TYPE LIKE 'ALTER%' OR QUERY_TYPE LIKE 'RENAME%' OR QUERY_TYPE LIKE 'CREATE_TABLE%'
       OR QUERY_TYPE LIKE 'DROP%')
  AND EXECUTION_STATUS = 'SUCCESS' AND UPPER(QUERY_TEXT) LIKE ?
  AND START_TIME >= DATEADD('day', ?, CURRENT_TIMESTAMP())
ORDER BY START_TIME DESC
LIMIT 10
"""
# The function answers at once, but shows only our own statements and those on warehouses that we may monitor; the view
# shows everybody's, up to 45 minutes late.
LIVE = _ALTERED.format(source="TABLE(INFORMATION_SCHEMA.QUERY_HISTORY(RESULT_LIMIT => 10000))")
ALL = _ALTERED.format(source="SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY")
SHOWN = 5
_NAMES = re.compile(r"[\w$]+")  # whole names: RAW_ORDERS_2019 is another table than RAW_ORDERS


@dataclass(frozen=True, slots=True)
class AlterationsArguments:
    """`DATABASE.SCHEMA.TABLE`, found by its last part in the statements' text; "" reads nothing. `days` back."""

    table: str = ""
    days: int = 7


@dataclass(frozen=True, slots=True)
class Alteration:
    """One statement that changed the table's shape."""

    query_id: str
    user: str
    role: str
    at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Alterations:
    """The newest first, at most five; `latest` is the first of them."""

    table: str = ""
    alterations: tuple[Alteration, ...] = ()
    latest: Alteration | None = None


def read_alterations(client: SnowflakeClient, arguments: AlterationsArguments, scope: Scope) -> Alterations:
    """What the live history and the account's history tell together; EntityError for what is no table's name."""
    if not arguments.table:
        return Alterations()
    names = table_name(arguments.table, "ANY")
    values = (f"%{names[2]}%", -abs(arguments.days))
    with client.reading(scope) as fetch:
        return alterations_from(".".join(names), [*fetch(LIVE, values), *fetch(ALL, values)])


def alterations_from(table: str, rows: Sequence[Row]) -> Alterations:
    """Facts from the rows of both histories, each statement once."""
    name = table.rpartition(".")[2]
    known = {words(row["query_id"]): row for row in rows if name in _NAMES.findall(words(row["query_text"]).upper())}
    found = sorted((_alteration(row) for row in known.values()), key=lambda one: one.at or _NEVER, reverse=True)
    return Alterations(table, tuple(found[:SHOWN]), found[0] if found else None)


_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def _alteration(row: Row) -> Alteration:
    return Alteration(
        query_id=words(row["query_id"]),
        user=words(row["user_name"]),
        role=words(row["role_name"]),
        at=moment(row["start_time"]),
        text=shown(row["query_text"]),
    )


_DROPPED = Alteration(
    query_id="01b8f2a4-0000-4c1d-0000-0002a5e70b12",
    user="PLATFORM_ADMIN",
    role="SYSADMIN",
    at=datetime(2026, 11, 20, 4, 21, tzinfo=UTC),
    text="ALTER TABLE ECOMMERCE_RAW.POSTGRES.RAW_ORDERS DROP COLUMN GIFT_MESSAGE",
)
ALTERATIONS: Probe[SnowflakeClient, AlterationsArguments, Alterations] = Probe(
    name="snowflake.alterations",
    summary="The last statements that changed a table's shape, by whom and when.",
    arguments=AlterationsArguments,
    facts=Alterations,
    read=read_alterations,
    typical=Alterations("ECOMMERCE_RAW.POSTGRES.RAW_ORDERS", (_DROPPED,), _DROPPED),
    empty=Alterations(),
    deadline_s=15.0,
)
