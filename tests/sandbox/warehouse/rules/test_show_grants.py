"""SHOW GRANTS in its forms, SHOW FUTURE GRANTS, SHOW ROLES."""

import pytest

from bot.sandbox.warehouse.grants import Grant, RoleGrant
from bot.sandbox.warehouse.rules.show_grants import RULES


@pytest.fixture
def filled(account):
    """An account in which READ may read a table and was granted OPS."""
    account.give("READ", ("USAGE", "SCHEMA", "D.S"), ("SELECT", "TABLE", "D.S.T"), ("MODIFY", "RESOURCE MONITOR", "M"))
    account.grants.add_member(RoleGrant("OPS", "ROLE", "READ"))
    account.grants.add(Grant("SELECT", "TABLE", "D.S", "READ", option=True), future=True)
    account.grants.add(Grant("USAGE", "SCHEMA", "D", "READ"), future=True)
    return account


def test_a_roles_grants_are_sorted_and_its_own(filled):
    """By kind and name; a granted role is USAGE on it; what it inherits is not listed; a kind is one word."""
    rows = filled.rows(RULES, "SHOW GRANTS TO ROLE read")
    assert [(row["granted_on"], row["name"], row["privilege"]) for row in rows] == [
        ("RESOURCE_MONITOR", "M", "MODIFY"),
        ("ROLE", "OPS", "USAGE"),
        ("SCHEMA", "D.S", "USAGE"),
        ("TABLE", "D.S.T", "SELECT"),
    ]
    assert {(row["granted_to"], row["grantee_name"], row["grant_option"]) for row in rows} == {
        ("ROLE", "READ", "false")
    }


def test_a_users_roles(filled):
    """Without a name one's own; with one, that user's."""
    assert [row["role"] for row in filled.rows(RULES, "SHOW GRANTS", user="KIM")] == ["READ"]
    (row,) = filled.rows(RULES, "SHOW GRANTS TO USER bot")
    assert (row["role"], row["granted_to"], row["grantee_name"]) == ("OPS", "USER", "BOT")


def test_who_holds_a_role(filled):
    """Users and roles alike."""
    assert [(row["granted_to"], row["grantee_name"]) for row in filled.rows(RULES, "SHOW GRANTS OF ROLE OPS")] == [
        ("USER", "BOT"),
        ("ROLE", "READ"),
    ]


ON = [("TABLE t", "SELECT"), ("SCHEMA S", "USAGE"), ("RESOURCE  MONITOR m", "MODIFY"), ("ROLE READ", "OWNERSHIP")]


@pytest.mark.parametrize(("written", "privilege"), ON)
def test_who_holds_what_on_an_object(filled, written, privilege):
    """The name is completed from the session."""
    assert [row["privilege"] for row in filled.rows(RULES, f"SHOW GRANTS ON {written}")] == [privilege]


def test_what_objects_yet_to_come_will_give(filled):
    """By place and by role, with Snowflake's <KIND> in the name, and whether it may be passed on."""
    (row,) = filled.rows(RULES, "SHOW FUTURE GRANTS IN SCHEMA S")
    assert (row["name"], row["grant_on"], row["grant_option"]) == ("D.S.<TABLE>", "TABLE", "true")
    assert [row["name"] for row in filled.rows(RULES, "SHOW FUTURE GRANTS IN DATABASE D")] == ["D.<SCHEMA>"]
    assert len(filled.rows(RULES, "SHOW FUTURE GRANTS TO ROLE READ")) == 2


UNSEEN = [
    ("SHOW GRANTS TO ROLE NOPE", "Role 'NOPE' does not exist"),
    ("SHOW GRANTS TO USER NOPE", "User 'NOPE' does not exist"),
    ("SHOW GRANTS OF ROLE NOPE", "Role 'NOPE' does not exist"),
    ("SHOW GRANTS ON TABLE NOPE", "Object 'D.S.NOPE' does not exist"),
    ("SHOW GRANTS ON WAREHOUSE W", "Warehouse 'W' does not exist"),
    ("SHOW GRANTS ON TABLE D.S.T", "Object 'D.S.T' does not exist"),
    ("SHOW FUTURE GRANTS IN SCHEMA D.S", "Schema 'D.S' does not exist"),
]


@pytest.mark.parametrize(("text", "said"), UNSEEN)
def test_what_a_role_may_not_see(filled, text, said):
    """An object without grants, and one that the role holds nothing on, are told alike."""
    refusal = filled.refused(RULES, text, "OWNER")
    assert (refusal.code, said in refusal.message) == ("002003", True)


def test_roles_are_listed_with_their_counts(filled):
    """How many users and roles hold each, how many it holds, and which one is in use."""
    rows = {row["name"]: row for row in filled.rows(RULES, "SHOW ROLES", "READ")}
    ops, read = rows["OPS"], rows["READ"]
    assert [ops[name] for name in ("assigned_to_users", "granted_to_roles", "granted_roles")] == [1, 1, 0]
    assert [read[name] for name in ("is_default", "is_current", "is_inherited", "granted_roles")] == ["Y", "Y", "N", 1]
    assert [ops[name] for name in ("is_current", "is_inherited", "owner")] == ["N", "Y", "ACCOUNTADMIN"]
    assert [row["name"] for row in filled.rows(RULES, "SHOW ROLES LIKE 'o%'")] == ["OPS", "OWNER"]
