"""postgres.duplicates: can a column of the source repeat its values, and does it?"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.alerts.redaction import redact
from bot.diagnostics.failing_rows import FailingRows, FailingValue
from bot.diagnostics.probe import Probe, Scope
from bot.errors import NotFound
from bot.integrations.postgres.client import Fetch, PostgresClient, Row
from bot.integrations.postgres.failures import SYSTEM
from bot.integrations.postgres.probes.columns import split_name

COLUMN = """
SELECT n.nspname AS schema_name, c.relname AS table_name, a.attname AS column_name, a.attnotnull AS is_not_null,
       has_table_privilege(c.oid, 'SELECT') AS may_read
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname = %s AND c.relname = %s AND lower(a.attname) = lower(%s) AND c.relkind IN ('r', 'p')
"""
# An index on this column alone, of all rows: a primary key, a unique constraint, or just a unique index.
UNIQUE = """
SELECT i.relname AS name, x.indisprimary AS is_primary
FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_class c ON c.oid = x.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]
WHERE n.nspname = %s AND c.relname = %s AND a.attname = %s
  AND x.indisunique AND x.indisvalid AND x.indpred IS NULL AND x.indnkeyatts = 1
ORDER BY x.indisprimary DESC, i.relname
LIMIT 1
"""
RULES = """
SELECT k.conname AS name, pg_get_constraintdef(k.oid) AS definition
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
WHERE n.nspname = %s AND c.relname = %s AND a.attname = %s AND k.contype IN ('c', 'f')
ORDER BY k.conname
LIMIT 5
"""
EXAMPLES = 5
LONGEST = 60


@dataclass(frozen=True, slots=True)
class DuplicatesArguments:
    """`schema.table` and a column of it; "" asks nothing."""

    table: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column of the source. `forbidden_by` names what keeps it from repeating values ("" when nothing does).

    `rules` are its CHECK and FOREIGN KEY constraints as PostgreSQL writes them. `repeated` is None when it was not
    counted: it cannot repeat, or the bot's role may not read the table (`may_read`).
    """

    table: str = ""
    column: str = ""
    forbidden_by: str = ""
    is_not_null: bool = False
    rules: tuple[str, ...] = ()
    may_read: bool = False
    repeated: FailingRows | None = None


def read_duplicates(client: PostgresClient, arguments: DuplicatesArguments, scope: Scope) -> SourceColumn:
    """What the catalogue says; rows are counted only where it allows repetition. NotFound without such a column."""
    if not (arguments.table and arguments.column):
        return SourceColumn()
    schema, table = split_name(arguments.table)
    with client.reading(scope) as fetch:
        found = fetch(COLUMN, (schema, table, arguments.column)) or fetch(
            COLUMN, (schema.lower(), table.lower(), arguments.column)
        )
        if not found:
            raise NotFound(SYSTEM, f"there is no column {arguments.column[:60]} in {schema[:60]}.{table[:60]}")
        names = (found[0]["schema_name"], found[0]["table_name"], found[0]["column_name"])
        unique = fetch(UNIQUE, names)
        repeated = _count(fetch, *names) if found[0]["may_read"] and not unique else None
        return column_from(found[0], unique, fetch(RULES, names), repeated)


def column_from(
    column: Row, unique: Sequence[Row], rules: Sequence[Row], repeated: FailingRows | None = None
) -> SourceColumn:
    """Facts from the rows of COLUMN, UNIQUE and RULES."""
    index = next(iter(unique), None)
    kind = "the primary key" if index and index["is_primary"] else "the unique index"
    return SourceColumn(
        table=f"{column['schema_name']}.{column['table_name']}",
        column=column["column_name"],
        forbidden_by=f"{kind} {index['name']}" if index else "",
        is_not_null=column["is_not_null"],
        rules=tuple(" ".join(rule["definition"].split())[:300] for rule in rules),
        may_read=column["may_read"],
        repeated=repeated,
    )


def repeated_statement(schema: str, table: str, column: str) -> str:
    """The worst repeated values, and totals beside each; the names are the catalogue's."""
    name = quoted(column)
    return (
        f"WITH broken AS (SELECT {name} AS value, count(*) AS copies FROM {quoted(schema, table)} "  # noqa: S608 - names of the catalogue, quoted
        f"WHERE {name} IS NOT NULL GROUP BY {name} HAVING count(*) > 1) "
        "SELECT left(CAST(value AS text), 60) AS value, copies, (SELECT count(*) FROM broken) AS all_values, "
        f"(SELECT CAST(sum(copies) AS bigint) FROM broken) AS all_rows FROM broken "
        f"ORDER BY copies DESC, value LIMIT {EXAMPLES}"
    )


def quoted(*names: str) -> str:
    """Identifiers for a statement that takes no bound ones."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def repeated_from(table: str, count: Sequence[Row], broken: Sequence[Row]) -> FailingRows:
    """Facts from the rows of the counting statements."""
    first = next(iter(broken), {"all_values": 0, "all_rows": 0})
    examples = tuple(FailingValue(redact(str(row["value"]))[:LONGEST], row["copies"]) for row in broken)
    return FailingRows(table, count[0]["n"], first["all_values"], first["all_rows"], examples)


def _count(fetch: Fetch, schema: str, table: str, column: str) -> FailingRows:
    count = fetch(f"SELECT count(*) AS n FROM {quoted(schema, table)}")  # noqa: S608 - names of the catalogue, quoted
    return repeated_from(f"{schema}.{table}", count, fetch(repeated_statement(schema, table, column)))


DUPLICATES: Probe[PostgresClient, DuplicatesArguments, SourceColumn] = Probe(
    name="postgres.duplicates",
    summary="Whether a column of the source can repeat values, what its constraints forbid, and how often it does.",
    arguments=DuplicatesArguments,
    facts=SourceColumn,
    read=read_duplicates,
    typical=SourceColumn(
        table="public.customers",
        column="customer_id",
        forbidden_by="the primary key customers_pkey",
        is_not_null=True,
        rules=("CHECK ((customer_id > 0))",),
        may_read=True,
        repeated=FailingRows("public.customers", rows=8000),
    ),
    empty=SourceColumn(),
    deadline_s=10.0,
)
