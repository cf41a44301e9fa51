"""snowflake.orphans: which values of a column are not in the table that it should point into?"""

from dataclasses import dataclass

from bot.diagnostics.failing_rows import FailingRows, FailingValue
from bot.diagnostics.probe import Probe, Scope
from bot.integrations.snowflake.client import Fetch, SnowflakeClient
from bot.integrations.snowflake.probes.tested_column import (
    RuleFacts,
    count_statement,
    failing_rows,
    find_column,
    look_into,
    totals_statement,
)


@dataclass(frozen=True, slots=True)
class OrphansArguments:
    """Each of `tables` with its `column` against `parent` and its `key`; asks nothing unless all are given."""

    tables: tuple[str, ...] = ()
    column: str = ""
    parent: str = ""
    key: str = ""


def read_orphans(client: SnowflakeClient, arguments: OrphansArguments, scope: Scope) -> RuleFacts:
    """Counts each table's values without a parent; a table, or a parent, that is not there is told in its place."""
    if not (arguments.column and arguments.parent and arguments.key):
        return RuleFacts()

    def look(fetch: Fetch, table: str) -> FailingRows:
        place, name = find_column(fetch, table, arguments.column)
        orphans = fetch(orphans_statement(place, name, *find_column(fetch, arguments.parent, arguments.key)))
        return failing_rows(table, fetch(count_statement(place)), orphans)

    return RuleFacts(arguments.column, look_into(client, scope, arguments.tables, look))


def orphans_statement(table: str, column: str, parent: str, key: str) -> str:
    """Values that the parent does not hold (NULL points nowhere, as dbt's relationships test has it)."""
    broken = (
        f"SELECT CHILD.{column} AS VALUE, COUNT(*) AS COPIES FROM {table} AS CHILD "  # noqa: S608 - names of the catalogue, quoted
        f"LEFT JOIN {parent} AS PARENT ON CHILD.{column} = PARENT.{key} "
        f"WHERE CHILD.{column} IS NOT NULL AND PARENT.{key} IS NULL GROUP BY CHILD.{column}"
    )
    return totals_statement(broken)


ORPHANS: Probe[SnowflakeClient, OrphansArguments, RuleFacts] = Probe(
    name="snowflake.orphans",
    summary="How many values of a column point to no row of another table, and a few of them.",
    arguments=OrphansArguments,
    facts=RuleFacts,
    read=read_orphans,
    typical=RuleFacts(
        "customer_id",
        (
            FailingRows(
                "ECOMMERCE_ANALYTICS.MARTS.fct_orders",
                rows=30175,
                values=2,
                failing=5,
                examples=(FailingValue("9001", 3), FailingValue("9002", 2)),
            ),
        ),
    ),
    empty=RuleFacts(),
    deadline_s=20.0,
)
