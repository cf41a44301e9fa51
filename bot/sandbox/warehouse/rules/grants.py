"""GRANT and REVOKE, of privileges and of roles; CREATE ROLE and DROP ROLE."""

import re
from dataclasses import dataclass

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.grants import ACCOUNT_WIDE, ALL, Grant, RoleGrant
from bot.sandbox.warehouse.names import ACCOUNT, parts, qualify
from bot.sandbox.warehouse.results import Result, status
from bot.sandbox.warehouse.rules import DOTTED, NAME, Context, named, rule

_DEPTH = {"DATABASE": 1, "SCHEMA": 2, "WAREHOUSE": 1, "RESOURCE MONITOR": 1, "ROLE": 1, "USER": 1}
_KINDS = r"(TABLE|VIEW|STAGE|SCHEMA|DATABASE|WAREHOUSE|RESOURCE MONITOR|USER)"
_PLURALS = r"(TABLES|VIEWS|STAGES|SCHEMAS)"
_PRIVILEGES = r"([A-Z]+(?: [A-Z]+)*(?:\s*,\s*[A-Z]+(?: [A-Z]+)*)*)"


@dataclass(frozen=True, slots=True)
class Target:
    """The objects a GRANT or REVOKE is about: (kind, full name) each; `future` when they are yet to be made."""

    objects: tuple[tuple[str, str], ...]
    kind: str
    future: bool = False


def _one(context: Context, kind: str, written: str) -> Target:
    lane = context.session.lane
    kind = " ".join(kind.upper().split())
    name = qualify(written, _DEPTH.get(kind, 3), lane.database, lane.schema)
    return Target(((kind, _existing(context, kind, name)),), kind)


def _existing(context: Context, kind: str, name: str) -> str:
    engine, compute = context.account.engine, context.account.compute
    known = {
        "DATABASE": lambda: name == "SNOWFLAKE" or engine.has_database(name),
        "SCHEMA": lambda: engine.has_schema(*name.split(".", 1)),
        "WAREHOUSE": lambda: name in compute.warehouses,
        "RESOURCE MONITOR": lambda: name in compute.monitors,
        "USER": lambda: name in context.account.users,
        "TABLE": lambda: engine.kind_of(*name.split(".", 2)) == "TABLE",
        "VIEW": lambda: engine.kind_of(*name.split(".", 2)) == "VIEW",
        "STAGE": lambda: engine.has_stage(*name.split(".", 2)),
    }
    if not known[kind]() or not (name == "SNOWFLAKE" or context.sees(kind, name) or _manages(context)):
        word = "Object" if kind in ("TABLE", "VIEW") else kind.capitalize()
        raise errors.not_found(word, name)
    return name


def _several(context: Context, plural: str, scope: str, written: str, *, future: bool) -> Target:
    scope, lane = scope.upper(), context.session.lane
    kind = plural.upper()[:-1]
    where = _existing(context, scope, qualify(written, _DEPTH[scope], lane.database, lane.schema))
    if future:
        return Target(((scope, where),), kind, future=True)
    database, _, schema = where.partition(".")
    if kind == "SCHEMA":
        return Target(tuple((kind, f"{database}.{s}") for s in context.account.engine.schemas_of(database)), kind)
    found = context.account.engine.objects_in(database, schema or None)
    return Target(tuple((k, f"{database}.{s}.{n}") for s, n, k in found if k == kind), kind)


def _manages(context: Context) -> bool:
    return context.holds(("MANAGE GRANTS",), "ACCOUNT", ACCOUNT)


def _privileges(written: str, kind: str) -> tuple[str, ...]:
    names = tuple(" ".join(part.upper().split()) for part in written.split(","))
    if names[0] in ("ALL", "ALL PRIVILEGES"):
        return ALL[kind] if kind != "ACCOUNT" else ACCOUNT_WIDE
    allowed = (*ALL.get(kind, ACCOUNT_WIDE), "OWNERSHIP", "IMPORTED PRIVILEGES")
    for name in names:
        if name not in allowed and not name.startswith("CREATE "):
            raise errors.syntax_error(f"Invalid privilege '{name}' for {kind.lower()}.")
    return names


def _role(context: Context, written: str) -> str:
    role = parts(written)[0]
    if role not in context.account.grants.roles:
        raise errors.not_found("Role", role)
    return role


def _check_grantor(context: Context, kind: str, name: str, privileges: tuple[str, ...]) -> None:
    if _manages(context) or context.holds(("OWNERSHIP",), kind, name):
        return
    roles = context.account.grants.inherited(context.session.role)
    options = {g.privilege for g in context.account.grants.on(kind, name) if g.option and g.role in roles}
    if not set(privileges) <= options:
        raise errors.insufficient(kind, name.rsplit(".", 1)[-1])


def _apply(context: Context, target: Target, match: re.Match[str], *, give: bool) -> Result:
    role = _role(context, match["role"])
    privileges = _privileges(match["privileges"], target.kind)
    option = bool(match.groupdict().get("option"))
    grants, by, touched = context.account.grants, context.session.role, 0
    for kind, name in target.objects:
        if target.future and not _manages(context):
            raise errors.insufficient(kind, name.rsplit(".", 1)[-1])
        _check_grantor(context, kind, name, privileges)
        for privilege in privileges:
            if privilege == "OWNERSHIP" and give and not target.future:
                _take_ownership(context, kind, name)
            stored = "USAGE" if privilege == "IMPORTED PRIVILEGES" else privilege
            grant = Grant(stored, target.kind, name, role, by, option)
            if give:
                grants.add(grant, future=target.future)
            elif match.groupdict().get("only_option"):
                grants.remove_option(grant, future=target.future)
            else:
                grants.remove(grant, future=target.future)
        touched += 1
    if len(target.objects) != 1:
        return status(f"Statement executed successfully. {touched} objects affected.")
    return status()


def _take_ownership(context: Context, kind: str, name: str) -> None:
    for held in context.account.grants.on(kind, name):
        if held.privilege == "OWNERSHIP":
            context.account.grants.remove(held)


def on_account(context: Context, match: re.Match[str]) -> Result:
    """… ON ACCOUNT."""
    return _apply(context, Target((("ACCOUNT", ACCOUNT),), "ACCOUNT"), match, give=_gives(match))


def on_object(context: Context, match: re.Match[str]) -> Result:
    """… ON one object."""
    return _apply(context, _one(context, match["kind"], match["name"]), match, give=_gives(match))


def on_all(context: Context, match: re.Match[str]) -> Result:
    """… ON ALL or FUTURE objects IN a schema or database."""
    future = match["which"].upper() == "FUTURE"
    target = _several(context, match["plural"], match["scope"], match["name"], future=future)
    return _apply(context, target, match, give=_gives(match))


def _gives(match: re.Match[str]) -> bool:
    return match[0].upper().startswith("GRANT")


def role_membership(context: Context, match: re.Match[str]) -> Result:
    """GRANT ROLE … TO and REVOKE ROLE … FROM a role or a user."""
    role, kind, to = _role(context, match["role"]), match["kind"].upper(), parts(match["to"])[0]
    grants = context.account.grants
    if to not in (grants.roles if kind == "ROLE" else context.account.users):
        raise errors.not_found(kind.capitalize(), to)
    if not _manages(context) and not context.holds(("OWNERSHIP",), "ROLE", role):
        raise errors.insufficient("role", role)
    member = RoleGrant(role, kind, to, context.session.role)
    if _gives(match):
        if kind == "ROLE" and to != "PUBLIC" and to in grants.inherited(role):
            raise errors.Refusal("003016", "42501", f"Role '{role}' cannot be granted to '{to}': a cycle.")
        grants.add_member(member)
    else:
        grants.remove_member(member)
    return status()


def create_role(context: Context, match: re.Match[str]) -> Result:
    """CREATE ROLE: CREATE ROLE on the account."""
    role = parts(match["role"])[0]
    if not context.holds(("CREATE ROLE",), "ACCOUNT", ACCOUNT):
        raise errors.insufficient("account", ACCOUNT)
    if role in context.account.grants.roles:
        if not match["exists"]:
            raise errors.already_exists(role)
        return status(f"{role} already exists, statement succeeded.")
    context.account.grants.create_role(role)
    context.account.grants.add(Grant("OWNERSHIP", "ROLE", role, context.session.role))
    return status(f"Role {role} successfully created.")


def drop_role(context: Context, match: re.Match[str]) -> Result:
    """DROP ROLE: OWNERSHIP."""
    role = parts(match["role"])[0]
    if role not in context.account.grants.roles:
        if match["exists"]:
            return status("Drop statement executed successfully.")
        raise errors.not_found("Role", role)
    if not context.holds(("OWNERSHIP",), "ROLE", role):
        raise errors.insufficient("role", role)
    context.account.grants.drop_role(role)
    return status(f"{role} successfully dropped.")


_GRANT = rf"GRANT {named(_PRIVILEGES, 'privileges')} ON"
_REVOKE = rf"REVOKE(?P<only_option> GRANT OPTION FOR)? {named(_PRIVILEGES, 'privileges')} ON"
_TO = (
    rf"TO(?: ROLE)? {named(NAME, 'role')}"
    r"(?P<option> WITH GRANT OPTION)?(?: (?:COPY|REVOKE) CURRENT GRANTS)?"
)
_FROM = rf"FROM(?: ROLE)? {named(NAME, 'role')}(?: (?:CASCADE|RESTRICT))?"
_OBJECT = rf"{named(_KINDS, 'kind')} {named(DOTTED, 'name')}"
_GROUP = rf"(?P<which>ALL|FUTURE) {named(_PLURALS, 'plural')} IN (?P<scope>SCHEMA|DATABASE) {named(DOTTED, 'name')}"

RULES = (
    rule(rf"GRANT ROLE {named(NAME, 'role')} TO (?P<kind>ROLE|USER) {named(NAME, 'to')}", role_membership),
    rule(rf"REVOKE ROLE {named(NAME, 'role')} FROM (?P<kind>ROLE|USER) {named(NAME, 'to')}", role_membership),
    rule(rf"{_GRANT} ACCOUNT {_TO}", on_account),
    rule(rf"{_REVOKE} ACCOUNT {_FROM}", on_account),
    rule(rf"{_GRANT} {_GROUP} {_TO}", on_all),
    rule(rf"{_REVOKE} {_GROUP} {_FROM}", on_all),
    rule(rf"{_GRANT} {_OBJECT} {_TO}", on_object),
    rule(rf"{_REVOKE} {_OBJECT} {_FROM}", on_object),
    rule(rf"CREATE ROLE(?P<exists> IF NOT EXISTS)? {named(NAME, 'role')}", create_role),
    rule(rf"DROP ROLE(?P<exists> IF EXISTS)? {named(NAME, 'role')}", drop_role),
)
