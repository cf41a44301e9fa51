"""Privileges and roles: who holds what through whom, what new objects give, and what goes with a role."""

import pytest

from bot.sandbox.warehouse.grants import Grant, Grants, RoleGrant

SELECT = Grant("SELECT", "TABLE", "D.S.T", "READ")


@pytest.fixture
def grants():
    """Roles without privileges."""
    made = Grants()
    for role in ("PUBLIC", "ACCOUNTADMIN", "READ", "WRITE", "TOP"):
        made.create_role(role)
    return made


def to_role(role, to):
    """A role granted to a role."""
    return RoleGrant(role, "ROLE", to)


def test_roles_inherit_at_any_depth_and_in_circles(grants):
    """What was granted to a granted role counts; a circle ends."""
    for low, high in (("READ", "WRITE"), ("WRITE", "TOP"), ("TOP", "READ")):
        grants.add_member(to_role(low, high))
    assert grants.inherited("TOP") == {"TOP", "WRITE", "READ", "PUBLIC"}
    assert grants.inherited("PUBLIC") == {"PUBLIC"}


def test_what_public_was_granted_everybody_has(grants):
    """A role granted to PUBLIC is every role's."""
    grants.add(SELECT)
    grants.add_member(to_role("READ", "PUBLIC"))
    assert grants.holds("WRITE", ("SELECT",), "TABLE", "D.S.T")
    assert grants.inherited("PUBLIC") == {"PUBLIC", "READ"}


HELD = [
    ("SELECT", ("SELECT",), True),
    ("SELECT", ("INSERT", "SELECT"), True),
    ("SELECT", ("INSERT",), False),
    ("SELECT", (), False),
    ("OWNERSHIP", ("INSERT",), True),
    ("OWNERSHIP", (), True),
]


@pytest.mark.parametrize(("privilege", "wanted", "holds"), HELD)
def test_one_of_the_alternatives_is_enough(grants, privilege, wanted, holds):
    """Ownership is as good as any privilege; none at all is only the owner's."""
    grants.add(Grant(privilege, "TABLE", "D.S.T", "READ"))
    assert grants.holds("READ", wanted, "TABLE", "D.S.T") is holds
    assert not grants.holds("READ", wanted, "VIEW", "D.S.T")
    assert not grants.holds("READ", wanted, "TABLE", "D.S.T2")


def test_any_privilege_shows_an_object(grants):
    """Whoever holds something on it may know that it is there; the administrator always."""
    grants.add(Grant("REFERENCES", "TABLE", "D.S.T", "READ"))
    seen = [role for role in ("READ", "WRITE", "ACCOUNTADMIN") if grants.sees(role, "TABLE", "D.S.T")]
    assert seen == ["READ", "ACCOUNTADMIN"]
    assert grants.holds("ACCOUNTADMIN", ("SELECT",), "TABLE", "D.S.T")


def test_a_user_may_use_roles_below_its_own(grants):
    """Direct and inherited roles, PUBLIC always, a role that is gone never."""
    grants.add_member(RoleGrant("TOP", "USER", "KIM"))
    grants.add_member(to_role("READ", "TOP"))
    usable = [role for role in ("TOP", "READ", "WRITE", "PUBLIC", "NONE") if grants.may_use_role("KIM", role)]
    assert usable == ["TOP", "READ", "PUBLIC"]
    assert not grants.may_use_role("NOBODY", "READ")


def test_a_second_grant_adds_the_option_and_none_takes_it(grants):
    """WITH GRANT OPTION is added to what is held; a grant without it changes nothing; the first moment stays."""
    grants.add(SELECT)
    first = grants.on("TABLE", "D.S.T")[0].created
    grants.add(Grant("SELECT", "TABLE", "D.S.T", "READ", option=True))
    grants.add(Grant("SELECT", "TABLE", "D.S.T", "READ"))
    (held,) = grants.to_role("READ")
    assert (held.option, held.created) == (True, first)
    grants.remove_option(SELECT)
    grants.remove_option(Grant("INSERT", "TABLE", "D.S.T", "READ"))
    assert [(g.privilege, g.option) for g in grants.to_role("READ")] == [("SELECT", False)]


def test_taking_back_says_whether_it_was_held(grants):
    """Removing twice is no error, and says so; future grants are apart from the others."""
    grants.add(SELECT)
    assert [grants.remove(SELECT, future=True), grants.remove(SELECT), grants.remove(SELECT)] == [False, True, False]
    member = to_role("READ", "TOP")
    grants.add_member(member)
    assert [grants.remove_member(member), grants.remove_member(member)] == [True, False]


def test_a_dropped_role_takes_its_grants(grants):
    """What it held, would get, was given to and had been given is gone; a user of the same name keeps its roles."""
    grants.add(SELECT)
    grants.add(Grant("SELECT", "TABLE", "D.S", "READ"), future=True)
    grants.add_member(to_role("READ", "TOP"))
    grants.add_member(to_role("WRITE", "READ"))
    grants.add_member(RoleGrant("TOP", "USER", "READ"))
    grants.drop_role("READ")
    assert (grants.to_role("READ"), grants.to_role("READ", future=True)) == ([], [])
    assert (grants.roles_of_role("TOP"), grants.roles_of_role("READ")) == ([], [])
    assert [member.role for member in grants.of_user("READ")] == ["TOP"]


FUTURE = [
    (["D.S"], {"READ"}),
    (["D"], {"READ"}),
    (["D", "D.S"], {"READ"}),
    (["D.OTHER"], set()),
    (["E"], set()),
]


@pytest.mark.parametrize(("scopes", "readers"), FUTURE)
def test_a_new_table_gives_what_was_promised(grants, scopes, readers):
    """Future grants of its schema or database apply to a table, not to a view; its maker owns it."""
    for scope in scopes:
        grants.add(Grant("SELECT", "TABLE", scope, "READ"), future=True)
    for kind in ("TABLE", "VIEW"):
        grants.on_new(kind, f"D.S.{kind}", "WRITE")
    assert {g.role for g in grants.on("TABLE", "D.S.TABLE") if g.privilege == "SELECT"} == readers
    assert [g.privilege for g in grants.on("VIEW", "D.S.VIEW")] == ["OWNERSHIP"]
    assert grants.owner_of("TABLE", "D.S.TABLE") == "WRITE"


def test_a_schemas_promises_outrank_its_databases(grants):
    """Documented: with future grants for a kind in the schema, the database's for that kind do not apply."""
    grants.add(Grant("SELECT", "TABLE", "D", "READ"), future=True)
    grants.add(Grant("INSERT", "TABLE", "D.S", "WRITE", option=True), future=True)
    grants.on_new("TABLE", "D.S.T", "TOP")
    assert {(g.role, g.privilege, g.option) for g in grants.on("TABLE", "D.S.T")} == {
        ("TOP", "OWNERSHIP", False),
        ("WRITE", "INSERT", True),
    }


def test_promised_ownership_has_one_owner(grants):
    """A future grant of OWNERSHIP makes that role the owner, not the maker as well."""
    grants.add(Grant("OWNERSHIP", "TABLE", "D.S", "READ"), future=True)
    grants.on_new("TABLE", "D.S.T", "WRITE")
    assert [(g.role, g.privilege) for g in grants.on("TABLE", "D.S.T")] == [("READ", "OWNERSHIP")]


def test_a_new_schema_gives_what_its_database_promised(grants):
    """Future grants on schemas of a database."""
    grants.add(Grant("USAGE", "SCHEMA", "D", "READ"), future=True)
    grants.on_new("SCHEMA", "D.S", "WRITE")
    assert grants.holds("READ", ("USAGE",), "SCHEMA", "D.S")


DROPPED = [
    ("TABLE", "D.S.T", ["D.S.T2", "D.S", "D"]),
    ("SCHEMA", "D.S", ["D"]),
    ("DATABASE", "D", []),
    ("TABLE", "D.S", ["D.S.T", "D.S.T2", "D.S", "D"]),
]


@pytest.mark.parametrize(("kind", "name", "left"), DROPPED)
def test_what_is_dropped_takes_what_is_below(grants, kind, name, left):
    """Grants on an object go with it, and those inside a schema or database; its neighbours' stay."""
    for made, its_kind in (("D.S.T", "TABLE"), ("D.S.T2", "TABLE"), ("D.S", "SCHEMA"), ("D", "DATABASE")):
        grants.add(Grant("OWNERSHIP", its_kind, made, "WRITE"))
    grants.on_dropped(kind, name)
    assert [g.name for g in grants.to_role("WRITE")] == left


def test_owners_are_told_by_database(grants):
    """Only objects of that kind in that database, by full name."""
    for name in ("D.S.T", "D2.S.T"):
        grants.on_new("TABLE", name, "WRITE")
    grants.add(SELECT)
    assert grants.owners_of("TABLE", "D") == {"D.S.T": "WRITE"}
