"""derived.missing_grants: which grants a role lacks for its work, as the statements that would give them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.diagnostics.derivation import Derivation
from bot.diagnostics.derivations.dbt_failure import DbtFailure
from bot.diagnostics.privileges import FutureGrant, HeldGrant

OWNERSHIP = "OWNERSHIP"
MANAGERS = "a role with MANAGE GRANTS (SECURITYADMIN)"
_NAME = re.compile(r"[A-Z_][A-Z0-9_$]{0,254}(?:\.[A-Z_][A-Z0-9_$]{0,254}){0,2}")
_CREATES = {"table": "TABLE", "incremental": "TABLE", "seed": "TABLE", "snapshot": "TABLE", "view": "VIEW"}


@dataclass(frozen=True, slots=True)
class MissingGrantsArguments:
    """`grants` and `future` are facts of snowflake.grants_of_role and future_grants, `needs` those of platform.yml.

    `failure` (derived.dbt_failure) and `node` (dbt.node) add what the failed model itself needs; `future` and `node`
    may be missing.
    """

    grants: Any
    failure: DbtFailure
    needs: tuple[dict[str, Any], ...] = ()
    future: Any = None
    node: Any = None


@dataclass(frozen=True, slots=True)
class MissingGrant:
    """One statement to copy: `what` the role lacks by it, `who` may run it; `explains` the error that dbt met."""

    statement: str
    what: str
    who: str
    explains: bool = False


@dataclass(frozen=True, slots=True)
class MissingGrants:
    """`verdict` is missing, complete (it holds all that is known to be needed) or unknown; `told` in one sentence.

    `missing` begins with what explains the error. `needed` counts the privileges that were looked for.
    """

    role: str = ""
    verdict: str = "unknown"
    told: str = ""
    missing: tuple[MissingGrant, ...] = ()
    needed: int = 0


@dataclass(frozen=True, slots=True)
class _Need:
    """`future` needs are for every `kind` (TABLE, VIEW) made later in the schema `name`."""

    privilege: str
    kind: str
    name: str
    future: bool = False


def find_missing(arguments: MissingGrantsArguments, _now: datetime) -> MissingGrants:
    """What is needed and not held, by itself, by ownership or by a role that it inherits."""
    grants = arguments.grants
    needs = tuple(dict.fromkeys(_needs(arguments)))
    lacking = [need for need in needs if not _is_held(need, arguments)]
    missing = tuple(sorted(_statements(lacking, arguments), key=lambda one: not one.explains))
    verdict = "unknown" if not grants.is_complete and missing else "missing" if missing else "complete"
    if not grants.role or not needs:
        verdict = "unknown"
    return MissingGrants(grants.role, verdict, _told(verdict, grants, missing), missing, len(needs))


def _needs(arguments: MissingGrantsArguments) -> Iterator[_Need]:
    """The failed model's own needs first, then what platform.yml says of the role."""
    yield from _needs_of_model(arguments)
    for need in arguments.needs:
        if str(need["role"]).upper() != arguments.grants.role.upper():
            continue
        kind, _, name = str(need["on"]).upper().partition(" ")
        yield from (_Need(privilege.upper(), kind, name) for privilege in need["privileges"])
        for plural, privileges in (need.get("future") or {}).items():
            if arguments.future is not None and arguments.future.schema == name:
                yield from (
                    _Need(one.upper(), plural.upper().removesuffix("S"), name, future=True) for one in privileges
                )


def _needs_of_model(arguments: MissingGrantsArguments) -> Iterator[_Need]:
    node, relation = arguments.node, _upper(arguments.failure.relation)
    if relation:
        yield from _usage(relation)
        kind = _CREATES.get(getattr(node, "materialized", ""))
        if kind:
            yield _Need(f"CREATE {kind}", "SCHEMA", relation.rpartition(".")[0])
        if (
            arguments.failure.error.object_kind in ("table", "view")
            and "already exists" in arguments.failure.error.sentence
        ):
            yield _Need(OWNERSHIP, arguments.failure.error.object_kind.upper(), relation)
    views = {_upper(view) for view in getattr(node, "views", ())}
    for read in map(_upper, getattr(node, "reads", ())):
        if read:
            yield from _usage(read)
            yield _Need("SELECT", "VIEW" if read in views else "TABLE", read)


def _usage(table: str) -> Iterator[_Need]:
    schema = table.rpartition(".")[0]
    yield _Need("USAGE", "DATABASE", schema.partition(".")[0])
    yield _Need("USAGE", "SCHEMA", schema)


def _upper(name: str) -> str:
    """A full name in upper case; "" for one that would need quotes, which is not judged."""
    name = name.upper()
    return name if name.count(".") == 2 and _NAME.fullmatch(name) else ""


def _is_held(need: _Need, arguments: MissingGrantsArguments) -> bool:
    if need.future:
        return _is_held_later(need, arguments)
    held: Iterable[HeldGrant] = arguments.grants.grants
    kinds = ("TABLE", "VIEW") if need.kind in ("TABLE", "VIEW") else (need.kind,)
    return any(
        one.kind in kinds and one.name.upper() == need.name and one.privilege in (need.privilege, OWNERSHIP)
        for one in held
    )


def _is_held_later(need: _Need, arguments: MissingGrantsArguments) -> bool:
    """FUTURE grants of the database do not count where the schema has any for that kind, whoever's they are."""
    of_kind: list[FutureGrant] = [one for one in arguments.future.grants if one.kind == need.kind]
    in_schema = [one for one in of_kind if one.scope == "SCHEMA"]
    roles = arguments.grants.roles
    return any(one.privilege in (need.privilege, OWNERSHIP) and one.role in roles for one in in_schema or of_kind)


def _statements(lacking: list[_Need], arguments: MissingGrantsArguments) -> Iterator[MissingGrant]:
    role, owner = arguments.grants.role, getattr(arguments.future, "owner", "")
    for kind, name, future in dict.fromkeys((need.kind, need.name, need.future) for need in lacking):
        mine = [need for need in lacking if (need.kind, need.name, need.future) == (kind, name, future)]
        privileges = ", ".join(need.privilege for need in mine)
        place = f"FUTURE {kind}S IN SCHEMA {name}" if future else f"{kind} {name}"
        keep = " COPY CURRENT GRANTS" if privileges == OWNERSHIP else ""
        in_schema = arguments.future is not None and f"{name}.".startswith(f"{arguments.future.schema}.")
        yield MissingGrant(
            statement=f"GRANT {privileges} ON {place} TO ROLE {role}{keep};",
            what=f"{privileges} on {place}",
            who=f"{owner}, its owner, or {MANAGERS}" if owner and in_schema and not future else MANAGERS,
            explains=not future and any(_explains(need, arguments.failure) for need in mine),
        )


def _explains(need: _Need, failure: DbtFailure) -> bool:
    """The error names that object; of one that "does not exist or not authorized", USAGE above it explains it too."""
    error = failure.error
    wanted = error.object.upper().replace('"', "")
    if not wanted:
        return False
    named = need.name == wanted or need.name.endswith(f".{wanted}") or wanted.startswith(f"{need.name}.")
    return named and (error.object_kind in (need.kind.lower(), "object", "relation") or need.privilege == "USAGE")


def _told(verdict: str, grants: Any, missing: tuple[MissingGrant, ...]) -> str:
    if verdict == "missing":
        doubt = "" if missing[0].explains else ", which does not explain the error by itself"
        return f"{grants.role} lacks {missing[0].what}{doubt}"
    if verdict == "complete":
        return (
            f"{grants.role} holds all that it is known to need: granted since, or dbt ran with another role, "
            "or the object is missing rather than forbidden"
        )
    if not grants.role:
        reason = "the role's grants were not read"
    elif missing:
        reason = "the role has more grants than the bot reads"
    else:
        reason = "neither platform.yml nor dbt's manifest says what it needs"
    return f"which grants are missing cannot be told: {reason}"


_TYPICAL = MissingGrant(
    statement="GRANT CREATE TABLE ON SCHEMA ECOMMERCE_ANALYTICS.MARTS TO ROLE ECOMMERCE_TRANSFORMER;",
    what="CREATE TABLE on SCHEMA ECOMMERCE_ANALYTICS.MARTS",
    who=f"SYSADMIN, its owner, or {MANAGERS}",
    explains=True,
)
MISSING_GRANTS: Derivation[MissingGrantsArguments, MissingGrants] = Derivation(
    name="derived.missing_grants",
    summary="Which grants a role lacks for its work and for the failed model, as statements, and who may run them.",
    arguments=MissingGrantsArguments,
    facts=MissingGrants,
    derive=find_missing,
    typical=MissingGrants(
        role="ECOMMERCE_TRANSFORMER",
        verdict="missing",
        told="ECOMMERCE_TRANSFORMER lacks CREATE TABLE on SCHEMA ECOMMERCE_ANALYTICS.MARTS",
        missing=(_TYPICAL,),
        needed=24,
    ),
    empty=MissingGrants(told="which grants are missing cannot be told: the role's grants were not read"),
)
