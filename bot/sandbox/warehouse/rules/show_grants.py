"""SHOW GRANTS in its forms, SHOW FUTURE GRANTS, SHOW ROLES."""

import re
from datetime import UTC, datetime

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.grants import Grant
from bot.sandbox.warehouse.names import parts, qualify
from bot.sandbox.warehouse.results import SHOW, Result, columns
from bot.sandbox.warehouse.rules import DOTTED, LIKE, NAME, Context, like, rule

_HELD = columns(
    created_on="timestamp_ltz",
    privilege="text",
    granted_on="text",
    name="text",
    granted_to="text",
    grantee_name="text",
    grant_option="text",
    granted_by="text",
)
_TO_USER = columns(created_on="timestamp_ltz", role="text", granted_to="text", grantee_name="text", granted_by="text")
_OF_ROLE = _TO_USER
_FUTURE = columns(
    created_on="timestamp_ltz",
    privilege="text",
    grant_on="text",
    name="text",
    grant_to="text",
    grantee_name="text",
    grant_option="text",
)
_ROLES = columns(
    created_on="timestamp_ltz",
    name="text",
    is_default="text",
    is_current="text",
    is_inherited="text",
    assigned_to_users="fixed",
    granted_to_roles="fixed",
    granted_roles="fixed",
    owner="text",
    comment="text",
)


def _row(grant: Grant) -> tuple[object, ...]:
    return (
        grant.created,
        grant.privilege,
        grant.kind.replace(" ", "_"),
        grant.name,
        "ROLE",
        grant.role,
        "true" if grant.option else "false",
        grant.granted_by,
    )


def _role(context: Context, written: str) -> str:
    role = parts(written)[0]
    if role not in context.account.grants.roles:
        raise errors.not_found("Role", role)
    return role


def to_role(context: Context, match: re.Match[str]) -> Result:
    """Privileges of a role itself, and the roles granted to it as USAGE on ROLE."""
    role, grants = _role(context, match[1]), context.account.grants
    roles = [Grant("USAGE", "ROLE", m.role, role, m.granted_by, False, m.created) for m in grants.roles_of_role(role)]
    held = sorted((*grants.to_role(role), *roles), key=lambda g: (g.kind, g.name, g.privilege))
    return Result(_HELD, tuple(_row(g) for g in held), SHOW)


def to_user(context: Context, match: re.Match[str]) -> Result:
    """Roles of a user; without a name, one's own."""
    user = parts(match[1])[0] if match[1] else context.session.user
    if user not in context.account.users:
        raise errors.not_found("User", user)
    found = context.account.grants.of_user(user)
    return Result(_TO_USER, tuple((m.created, m.role, "USER", m.to, m.granted_by) for m in found), SHOW)


def of_role(context: Context, match: re.Match[str]) -> Result:
    """Who holds a role."""
    found = context.account.grants.members_of(_role(context, match[1]))
    return Result(_OF_ROLE, tuple((m.created, m.role, m.to_kind, m.to, m.granted_by) for m in found), SHOW)


def on_object(context: Context, match: re.Match[str]) -> Result:
    """Who holds what on one object the role may see."""
    kind = " ".join(match[1].upper().split())
    depth = {"SCHEMA": 2, "TABLE": 3, "VIEW": 3, "STAGE": 3}.get(kind, 1)
    lane = context.session.lane
    name = qualify(match[2], depth, lane.database, lane.schema)
    found = context.account.grants.on(kind, name)
    if not found or not context.sees(kind, name):
        raise errors.not_found("Object" if depth == 3 else kind.capitalize(), name)
    return Result(_HELD, tuple(_row(g) for g in found), SHOW)


def future_in(context: Context, match: re.Match[str]) -> Result:
    """What objects made later in a schema or database will give."""
    kind, lane = match[1].upper(), context.session.lane
    name = qualify(match[2], 2 if kind == "SCHEMA" else 1, lane.database, lane.schema)
    if not context.sees(kind, name):
        raise errors.not_found(kind.capitalize(), name)
    return _future(context.account.grants.future_in(name))


def future_to(context: Context, match: re.Match[str]) -> Result:
    """What a role will get on objects made later."""
    return _future(context.account.grants.to_role(_role(context, match[1]), future=True))


def _future(found: list[Grant]) -> Result:
    rows = [
        (g.created, g.privilege, g.kind, f"{g.name}.<{g.kind}>", "ROLE", g.role, "true" if g.option else "false")
        for g in found
    ]
    return Result(_FUTURE, tuple(rows), SHOW)


def roles(context: Context, match: re.Match[str]) -> Result:
    """Every role of the account."""
    grants, session = context.account.grants, context.session
    default = context.account.users[session.user].default_role
    rows = []
    for name in sorted(grants.roles):
        if not like(match[1], name):
            continue
        members = grants.members_of(name)
        rows.append(
            (
                grants.roles.get(name, datetime.now(UTC)),
                name,
                "Y" if name == default else "N",
                "Y" if name == session.role else "N",
                "Y" if name in grants.inherited(session.role) and name != session.role else "N",
                sum(m.to_kind == "USER" for m in members),
                sum(m.to_kind == "ROLE" for m in members),
                len(grants.roles_of_role(name)),
                grants.owner_of("ROLE", name) or "",
                "",
            )
        )
    return Result(_ROLES, tuple(rows), SHOW)


RULES = (
    rule(rf"SHOW GRANTS TO ROLE {NAME}", to_role),
    rule(rf"SHOW GRANTS(?: TO USER {NAME})?", to_user),
    rule(rf"SHOW GRANTS OF ROLE {NAME}", of_role),
    rule(
        rf"SHOW GRANTS ON (TABLE|VIEW|STAGE|SCHEMA|DATABASE|WAREHOUSE|RESOURCE MONITOR|ROLE) {DOTTED}",
        on_object,
    ),
    rule(rf"SHOW FUTURE GRANTS IN (SCHEMA|DATABASE) {DOTTED}", future_in),
    rule(rf"SHOW FUTURE GRANTS TO ROLE {NAME}", future_to),
    rule(rf"SHOW ROLES{LIKE}", roles),
)
