"""snowflake.grants_of_role: what may a role do, by itself and through the roles that it inherits?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.diagnostics.privileges import HeldGrant
from bot.diagnostics.probe import Probe, Scope
from bot.errors import EntityError
from bot.integrations.snowflake.client import Fetch, Row, SnowflakeClient
from bot.integrations.snowflake.names import plain_name, quoted
from bot.integrations.snowflake.probes.rows import words

GRANTS_CAP = 10_000
"""Rows a role: one that reads every table holds thousands of grants, and none may be overlooked."""
MOST_ROLES = 12
EVERYBODY = "PUBLIC"
"""The role that every role inherits without being granted it."""
OBJECTS = ("DATABASE", "SCHEMA", "WAREHOUSE", "TABLE", "VIEW")


@dataclass(frozen=True, slots=True)
class GrantsArguments:
    """The role; "" asks nothing."""

    role: str = ""


@dataclass(frozen=True, slots=True)
class RoleGrants:
    """`grants` on databases, schemas, warehouses, tables and views, of the role and of all in `roles` (itself first).

    `is_complete` is false when there were more than the bot reads, or a role whose name only stands in quotes, so that
    what is not here may be held all the same.
    """

    role: str = ""
    roles: tuple[str, ...] = ()
    grants: tuple[HeldGrant, ...] = ()
    is_complete: bool = True


def read_grants(client: SnowflakeClient, arguments: GrantsArguments, scope: Scope) -> RoleGrants:
    """Follows the roles granted to the role; NotFound when there is no such role that the bot may see."""
    if not arguments.role:
        return RoleGrants()
    found: dict[str, Sequence[Row]] = {}
    is_complete = True
    with client.reading(scope) as fetch:
        waiting = [plain_name(arguments.role, "role"), EVERYBODY]
        while waiting and len(found) < MOST_ROLES:
            role = waiting.pop(0)
            if role not in found:
                found[role] = _grants(fetch, role)
                inherited = [words(row["name"]).strip('"') for row in found[role] if words(row["granted_on"]) == "ROLE"]
                waiting += [name for name in inherited if _is_plain(name)]
                is_complete = is_complete and all(map(_is_plain, inherited))
    return grants_from(found, is_complete=is_complete and not set(waiting) - found.keys())


def grants_from(found: Mapping[str, Sequence[Row]], *, is_complete: bool) -> RoleGrants:
    """Facts from the rows of SHOW GRANTS TO ROLE by role, the asked one first."""
    return RoleGrants(
        role=next(iter(found), ""),
        roles=tuple(found),
        grants=tuple(
            HeldGrant(words(row["privilege"]).upper(), kind, words(row["name"]).replace('"', ""), role)
            for role, rows in found.items()
            for row in rows
            if (kind := words(row["granted_on"]).upper().replace("_", " ")) in OBJECTS
        ),
        is_complete=is_complete and all(len(rows) < GRANTS_CAP for rows in found.values()),
    )


def _is_plain(name: str) -> bool:
    """False for a role like "my role": its name would have to be quoted, so what it holds is not read."""
    try:
        return plain_name(name, "role") == name
    except EntityError:
        return False


def _grants(fetch: Fetch, role: str) -> Sequence[Row]:
    return fetch(f"SHOW GRANTS TO ROLE {quoted(plain_name(role, 'role'))}", cap=GRANTS_CAP)


GRANTS_OF_ROLE: Probe[SnowflakeClient, GrantsArguments, RoleGrants] = Probe(
    name="snowflake.grants_of_role",
    summary="What a role may do with databases, schemas, warehouses, tables and views, with all that it inherits.",
    arguments=GrantsArguments,
    facts=RoleGrants,
    read=read_grants,
    typical=RoleGrants(
        "ECOMMERCE_TRANSFORMER",
        ("ECOMMERCE_TRANSFORMER",),
        (
            HeldGrant("USAGE", "DATABASE", "ECOMMERCE_ANALYTICS", "ECOMMERCE_TRANSFORMER"),
            HeldGrant("USAGE", "SCHEMA", "ECOMMERCE_ANALYTICS.MARTS", "ECOMMERCE_TRANSFORMER"),
            HeldGrant("CREATE VIEW", "SCHEMA", "ECOMMERCE_ANALYTICS.MARTS", "ECOMMERCE_TRANSFORMER"),
        ),
    ),
    empty=RoleGrants(),
    deadline_s=15.0,
)
