"""snowflake.future_grants: who owns a schema, and what will roles hold on what is made there later?"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.diagnostics.privileges import FutureGrant
from bot.diagnostics.probe import Probe, Scope
from bot.errors import EntityError, NotFound
from bot.integrations.snowflake.client import CATALOGUE_CAP, Row, SnowflakeClient
from bot.integrations.snowflake.failures import SYSTEM
from bot.integrations.snowflake.names import plain_name, quoted
from bot.integrations.snowflake.probes.rows import words


@dataclass(frozen=True, slots=True)
class FutureGrantsArguments:
    """`schema` as DATABASE.SCHEMA (a table's full name will do); "" asks nothing."""

    schema: str = ""


@dataclass(frozen=True, slots=True)
class FutureGrants:
    """FUTURE grants of the schema and of its database, of every role; `owner` is the role that owns the schema.

    Where a schema has FUTURE grants for a kind, to whichever role, those of its database do not count for that kind.
    """

    schema: str = ""
    owner: str = ""
    grants: tuple[FutureGrant, ...] = ()


def read_future_grants(client: SnowflakeClient, arguments: FutureGrantsArguments, scope: Scope) -> FutureGrants:
    """NotFound when there is no such schema that the bot may see."""
    if not arguments.schema:
        return FutureGrants()
    database, schema = schema_name(arguments.schema)
    place = quoted(database, schema)
    with client.reading(scope) as fetch:
        return future_from(
            f"{database}.{schema}",
            fetch(f"SHOW GRANTS ON SCHEMA {place}", cap=CATALOGUE_CAP),
            fetch(f"SHOW FUTURE GRANTS IN SCHEMA {place}", cap=CATALOGUE_CAP),
            fetch(f"SHOW FUTURE GRANTS IN DATABASE {quoted(database)}", cap=CATALOGUE_CAP),
        )


def future_from(
    schema: str, on_schema: Sequence[Row], in_schema: Sequence[Row], in_database: Sequence[Row]
) -> FutureGrants:
    """Facts from the rows of the three SHOWs."""
    owners = [words(row["grantee_name"]) for row in on_schema if words(row["privilege"]).upper() == "OWNERSHIP"]
    database = schema.partition(".")[0]
    return FutureGrants(
        schema=schema,
        owner=next(iter(owners), ""),
        grants=(
            *(_grant(row, "SCHEMA", schema) for row in in_schema),
            *(_grant(row, "DATABASE", database) for row in in_database),
        ),
    )


def schema_name(text: str) -> tuple[str, str]:
    """Database and schema of `DATABASE.SCHEMA`, or of what lies in it."""
    parts = [plain_name(part, "schema") for part in text.split(".")]
    if len(parts) not in (2, 3):
        raise EntityError(f"{text[:60]!r} is not a schema's name: write DATABASE.SCHEMA.")
    return parts[0], parts[1]


def _grant(row: Row, scope: str, name: str) -> FutureGrant:
    kind = words(row.get("grant_on")).upper().replace("_", " ")
    if not kind:
        raise NotFound(SYSTEM, "SHOW FUTURE GRANTS did not say what its grants are on")
    return FutureGrant(words(row["privilege"]).upper(), kind, scope, name, words(row["grantee_name"]))


FUTURE_GRANTS: Probe[SnowflakeClient, FutureGrantsArguments, FutureGrants] = Probe(
    name="snowflake.future_grants",
    summary="Who owns a schema, and what roles will hold on tables and views that are made there later.",
    arguments=FutureGrantsArguments,
    facts=FutureGrants,
    read=read_future_grants,
    typical=FutureGrants(
        "ECOMMERCE_ANALYTICS.MARTS",
        "SYSADMIN",
        (FutureGrant("SELECT", "TABLE", "SCHEMA", "ECOMMERCE_ANALYTICS.MARTS", "ECOMMERCE_TRANSFORMER"),),
    ),
    empty=FutureGrants(),
    deadline_s=15.0,
)
