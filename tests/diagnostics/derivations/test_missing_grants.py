"""Which grants a role lacks, as the exact statements."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.diagnostics.derivations.dbt_failure import DbtFailure
from bot.diagnostics.derivations.dbt_output import DatabaseError
from bot.diagnostics.derivations.missing_grants import MissingGrants, MissingGrantsArguments, find_missing
from bot.diagnostics.privileges import FutureGrant, HeldGrant

REFUSED = DatabaseError(
    sentence="Insufficient privileges to operate on schema 'MARTS'", object_kind="schema", object="MARTS"
)
FAILURE = DbtFailure("fct", model="fct", relation="AN.MARTS.fct", error=REFUSED)
MARTS = {
    "role": "T",
    "on": "SCHEMA AN.MARTS",
    "privileges": ["USAGE", "CREATE TABLE"],
    "future": {"TABLES": ["SELECT"]},
}


@dataclass
class Grants:
    """Facts of snowflake.grants_of_role."""

    role: str = "T"
    roles: tuple[str, ...] = ("T", "CHILD")
    grants: tuple[HeldGrant, ...] = ()
    is_complete: bool = True


@dataclass
class Future:
    """Facts of snowflake.future_grants."""

    schema: str = "AN.MARTS"
    owner: str = "SYSADMIN"
    grants: tuple[FutureGrant, ...] = ()


@dataclass
class Node:
    """Facts of dbt.node."""

    materialized: str = "table"
    reads: tuple[str, ...] = ("AN.STAGING.stg", "RAW.PG.ORDERS")
    views: tuple[str, ...] = ("AN.STAGING.stg",)


def held(*grants: str) -> Grants:
    """Grants written as `PRIVILEGE KIND NAME`, the first word of a kind being its last but one."""
    rows = [grant.rsplit(" ", 2) for grant in grants]
    return Grants(grants=tuple(HeldGrant(privilege, kind, name, "T") for privilege, kind, name in rows))


USED = ("USAGE DATABASE AN", "USAGE SCHEMA AN.MARTS")
READ = (*USED, "USAGE SCHEMA AN.STAGING", "USAGE DATABASE RAW", "USAGE SCHEMA RAW.PG")


def missing(grants: Grants, **more: Any) -> MissingGrants:
    """What is found missing."""
    given = {"failure": FAILURE, "needs": (MARTS,), **more}
    return find_missing(MissingGrantsArguments(grants, **given), datetime(2026, 11, 23, tzinfo=UTC))


def test_the_one_missing_privilege_is_the_statement() -> None:
    """Who owns the schema may run it, and it explains what dbt met."""
    found = missing(held(*USED), future=Future(grants=(FutureGrant("SELECT", "TABLE", "SCHEMA", "AN.MARTS", "T"),)))
    [one] = found.missing
    assert one.statement == "GRANT CREATE TABLE ON SCHEMA AN.MARTS TO ROLE T;"
    assert one.who == "SYSADMIN, its owner, or a role with MANAGE GRANTS (SECURITYADMIN)"
    assert one.explains
    assert (found.verdict, found.told) == ("missing", "T lacks CREATE TABLE on SCHEMA AN.MARTS")


def test_several_privileges_on_one_object_are_one_statement() -> None:
    """And what explains the error comes first, though the database is needed before the schema."""
    found = missing(held())
    assert [one.statement for one in found.missing] == [
        "GRANT USAGE, CREATE TABLE ON SCHEMA AN.MARTS TO ROLE T;",
        "GRANT USAGE ON DATABASE AN TO ROLE T;",
    ]


def test_future_grants_are_asked_for_only_where_they_were_read() -> None:
    """Only a role with MANAGE GRANTS may give them."""
    complete = held(*USED, "CREATE TABLE SCHEMA AN.MARTS")
    assert missing(complete).verdict == "complete"
    [one] = missing(complete, future=Future()).missing
    assert one.statement == "GRANT SELECT ON FUTURE TABLES IN SCHEMA AN.MARTS TO ROLE T;"
    assert (one.who, one.explains) == ("a role with MANAGE GRANTS (SECURITYADMIN)", False)
    assert missing(complete, future=Future("AN.STAGING")).verdict == "complete"


@pytest.mark.parametrize(
    ("grants", "is_missing"),
    [
        ([FutureGrant("SELECT", "TABLE", "DATABASE", "AN", "T")], False),
        ([FutureGrant("SELECT", "TABLE", "SCHEMA", "AN.MARTS", "CHILD")], False),
        ([FutureGrant("SELECT", "VIEW", "SCHEMA", "AN.MARTS", "T")], True),
        (
            [
                FutureGrant("SELECT", "TABLE", "DATABASE", "AN", "T"),
                FutureGrant("SELECT", "TABLE", "SCHEMA", "AN.MARTS", "SOMEBODY"),
            ],
            True,
        ),
    ],
)
def test_a_schema_s_future_grants_hide_those_of_its_database(grants: list[FutureGrant], is_missing: bool) -> None:
    """Whoever holds them: documented by Snowflake, and the reason why FUTURE grants fail unseen."""
    found = missing(held(*USED, "CREATE TABLE SCHEMA AN.MARTS"), future=Future(grants=tuple(grants)))
    assert bool(found.missing) is is_missing


def test_the_failed_model_needs_what_it_reads_and_makes() -> None:
    """Its manifest tells: SELECT on tables and views, CREATE by how it is materialised."""
    found = missing(held(*READ), needs=(), node=Node())
    assert [one.statement for one in found.missing] == [
        "GRANT CREATE TABLE ON SCHEMA AN.MARTS TO ROLE T;",
        "GRANT SELECT ON VIEW AN.STAGING.STG TO ROLE T;",
        "GRANT SELECT ON TABLE RAW.PG.ORDERS TO ROLE T;",
    ]
    owned = held(*READ, "OWNERSHIP VIEW AN.STAGING.STG", "SELECT TABLE RAW.PG.ORDERS", "CREATE VIEW SCHEMA AN.MARTS")
    assert missing(owned, needs=(), node=Node("view")).verdict == "complete"


def test_a_table_of_another_role_needs_a_new_owner() -> None:
    """CREATE OR REPLACE needs OWNERSHIP of what is there."""
    error = DatabaseError(
        sentence="Table 'FCT' already exists, but current role has …", object_kind="table", object="FCT"
    )
    failure = DbtFailure("fct", relation="AN.MARTS.fct", error=error)
    found = missing(held(*USED), needs=(), failure=failure)
    assert found.missing[0].statement == "GRANT OWNERSHIP ON TABLE AN.MARTS.FCT TO ROLE T COPY CURRENT GRANTS;"
    assert found.missing[0].explains


def test_what_may_be_held_unseen_is_not_called_missing() -> None:
    """More grants than were read, a role without any, a need of somebody else's role, a name that needs quotes."""
    cut = Grants(grants=held(*USED).grants, is_complete=False)
    assert (missing(cut).verdict, "more grants than" in missing(cut).told) == ("unknown", True)
    assert missing(Grants(role="")).verdict == "unknown"
    others = {**MARTS, "role": "LOADER"}
    assert missing(held(*USED), needs=(others,)).verdict == "complete"
    odd = DbtFailure("x", relation='AN.MARTS."my table"', error=REFUSED)
    assert missing(held(*USED), needs=(), failure=odd).verdict == "unknown"


@pytest.mark.parametrize(
    ("grants", "needs", "reason"),
    [
        (Grants(role=""), (MARTS,), "the role's grants were not read"),
        (Grants(is_complete=False), (MARTS,), "the role has more grants than the bot reads"),
        (Grants(), (), "neither platform.yml nor dbt's manifest says what it needs"),
    ],
    ids=["unread", "cut", "no needs"],
)
def test_why_it_cannot_be_told_is_said(grants: Grants, needs: tuple[Any, ...], reason: str) -> None:
    """Each of the three is mended in another place."""
    found = missing(grants, needs=needs, failure=DbtFailure("fct"))
    assert (found.verdict, found.told) == ("unknown", f"which grants are missing cannot be told: {reason}")
