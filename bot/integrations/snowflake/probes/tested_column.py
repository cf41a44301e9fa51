"""What the probes of a tested column share (unique, not_null, relationships …): its checked name, failing rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.diagnostics.failing_rows import FailingRows, FailingValue
from bot.diagnostics.probe import Scope
from bot.errors import AccessDenied, EntityError, NotFound
from bot.integrations.snowflake.client import Fetch, Row, SnowflakeClient
from bot.integrations.snowflake.failures import SYSTEM
from bot.integrations.snowflake.names import plain_name, quoted, table_name
from bot.integrations.snowflake.probes.freshness import CURRENT, columns_statement
from bot.integrations.snowflake.probes.rows import shown

EXAMPLES = 5
LONGEST_VALUE = 60
MOST_TABLES = 4


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """The tables in the order in which they were asked for."""

    column: str = ""
    tables: tuple[FailingRows, ...] = ()


def look_into(
    client: SnowflakeClient, scope: Scope, tables: Sequence[str], look: Callable[[Fetch, str], FailingRows]
) -> tuple[FailingRows, ...]:
    """Each table looked into; one that is not there, or is forbidden, is told instead of spoiling the others."""
    found = []
    for table in dict.fromkeys(name for name in tables[:MOST_TABLES] if name):
        try:
            with client.reading(scope) as fetch:  # one each: an error of the driver ends its session
                found.append(look(fetch, table))
        except (NotFound, AccessDenied) as error:
            found.append(FailingRows(table, problem=error.reason))
        except EntityError as error:
            found.append(FailingRows(table, problem=str(error)))
    return tuple(found)


def find_column(fetch: Fetch, table: str, column: str) -> tuple[str, str]:
    """Table and column as the catalogue has them, quoted for a statement; NotFound when the role sees neither."""
    database = ""
    if table.count(".") == 1:
        database = str(fetch(CURRENT)[0]["database_name"] or "")
    names = table_name(table, database)
    name = plain_name(column, "column")
    known = fetch(columns_statement(names[0]), (names[1], names[2], name))
    if not known:
        raise NotFound(SYSTEM, f"there is no column {name} in {'.'.join(names)}, or the bot's role may not see it")
    row = known[0]
    return quoted(names[0], row["table_schema"], row["table_name"]), quoted(row["column_name"])


def count_statement(table: str) -> str:
    """How many rows a table has; the name comes from find_column."""
    return f"SELECT COUNT(*) AS N FROM {table}"  # noqa: S608 - names of the catalogue, quoted


def totals_statement(broken: str) -> str:
    """The worst values, and totals beside each; `broken` selects VALUE and COPIES of all that break the rule."""
    return (
        f"WITH BROKEN AS ({broken}) SELECT VALUE, COPIES, (SELECT COUNT(*) FROM BROKEN) AS ALL_VALUES, "  # noqa: S608 - as above
        f"(SELECT SUM(COPIES) FROM BROKEN) AS ALL_ROWS FROM BROKEN ORDER BY COPIES DESC, VALUE LIMIT {EXAMPLES}"
    )


def failing_rows(table: str, rows: Sequence[Row], broken: Sequence[Row]) -> FailingRows:
    """Facts from the rows of count_statement and totals_statement."""
    first = next(iter(broken), {})
    return FailingRows(
        table=table,
        rows=whole(rows[0]["n"]),
        values=whole(first.get("all_values")),
        failing=whole(first.get("all_rows")),
        examples=tuple(FailingValue(shown(row["value"])[:LONGEST_VALUE], whole(row["copies"])) for row in broken),
    )


def whole(value: Any) -> int:
    """A count, however the driver gives it; 0 for nothing."""
    return int(value or 0)
