"""GRANT and REVOKE of privileges and roles, CREATE and DROP ROLE: what is given, to what, and by whom."""

import pytest

from bot.sandbox.warehouse.grants import ALL, Grant, RoleGrant
from bot.sandbox.warehouse.rules.grants import RULES


def held(account, role="READ"):
    """(privilege, kind, name) that a role holds itself."""
    return {(g.privilege, g.kind, g.name) for g in account.grants.to_role(role)}


FORMS = [
    ("SELECT ON TABLE D.S.T", {("SELECT", "TABLE", "D.S.T")}),
    ("select, insert on table t", {("SELECT", "TABLE", "D.S.T"), ("INSERT", "TABLE", "D.S.T")}),
    ("ALL ON VIEW D.S.V", {(p, "VIEW", "D.S.V") for p in ALL["VIEW"]}),
    ("ALL PRIVILEGES ON TABLE T", {(p, "TABLE", "D.S.T") for p in ALL["TABLE"]}),
    ("USAGE ON SCHEMA S", {("USAGE", "SCHEMA", "D.S")}),
    ("USAGE ON DATABASE d", {("USAGE", "DATABASE", "D")}),
    ("CREATE TABLE, USAGE ON SCHEMA D.S", {("CREATE TABLE", "SCHEMA", "D.S"), ("USAGE", "SCHEMA", "D.S")}),
    ("READ ON STAGE LANDING", {("READ", "STAGE", "D.S.LANDING")}),
    ("OPERATE ON WAREHOUSE W", {("OPERATE", "WAREHOUSE", "W")}),
    ("MODIFY ON RESOURCE MONITOR M", {("MODIFY", "RESOURCE MONITOR", "M")}),
    ("MONITOR ON USER KIM", {("MONITOR", "USER", "KIM")}),
    ("MONITOR USAGE ON ACCOUNT", {("MONITOR USAGE", "ACCOUNT", "SANDBOX")}),
    ("IMPORTED PRIVILEGES ON DATABASE SNOWFLAKE", {("USAGE", "DATABASE", "SNOWFLAKE")}),
    ("SELECT ON ALL TABLES IN SCHEMA D.S", {("SELECT", "TABLE", "D.S.T"), ("SELECT", "TABLE", "D.S.U")}),
    ("SELECT ON ALL VIEWS IN DATABASE D", {("SELECT", "VIEW", "D.S.V")}),
    ("USAGE ON ALL SCHEMAS IN DATABASE D", {("USAGE", "SCHEMA", "D.S"), ("USAGE", "SCHEMA", "D.OTHER")}),
]


@pytest.mark.parametrize(("text", "given"), FORMS)
def test_what_is_granted_is_held_and_taken_back(account, text, given):
    """Every form of GRANT gives exactly that, and the same form of REVOKE takes it."""
    account.ask(RULES, f"GRANT {text} TO ROLE READ")
    assert held(account) == given
    account.ask(RULES, f"REVOKE {text} FROM ROLE READ")
    assert held(account) == set()


def test_several_objects_are_counted(account):
    """The answer to ON ALL says how many there were."""
    assert "2 objects affected" in account.ask(RULES, "GRANT SELECT ON ALL TABLES IN SCHEMA S TO READ").rows[0][0]
    assert account.ask(RULES, "GRANT SELECT ON TABLE T TO READ").rows == (("Statement executed successfully.",),)


def test_future_grants_are_kept_apart(account):
    """A promise is no privilege until something is made, and is taken back by its own form only."""
    account.ask(RULES, "GRANT SELECT ON FUTURE TABLES IN SCHEMA D.S TO ROLE READ")
    assert (held(account), [g.name for g in account.grants.to_role("READ", future=True)]) == (set(), ["D.S"])
    account.ask(RULES, "REVOKE SELECT ON ALL TABLES IN SCHEMA D.S FROM ROLE READ")
    assert account.grants.to_role("READ", future=True)
    account.ask(RULES, "REVOKE SELECT ON FUTURE TABLES IN SCHEMA D.S FROM ROLE READ")
    assert not account.grants.to_role("READ", future=True)


def test_the_grant_option_comes_and_goes_alone(account):
    """REVOKE GRANT OPTION FOR leaves the privilege; with the option a role may pass it on, without it not."""
    pass_on = "GRANT SELECT ON TABLE T TO ROLE READ"
    account.give("OPS", ("SELECT", "TABLE", "D.S.T"))
    assert account.refused(RULES, pass_on, "OPS").code == "003001"
    account.ask(RULES, "GRANT SELECT ON TABLE T TO ROLE OPS WITH GRANT OPTION")
    account.ask(RULES, pass_on, "OPS")
    account.ask(RULES, "REVOKE GRANT OPTION FOR SELECT ON TABLE T FROM ROLE OPS")
    assert account.refused(RULES, pass_on, "OPS").message.endswith("Insufficient privileges to operate on table 'T'")
    assert ("SELECT", "TABLE", "D.S.T") in held(account, "OPS") & held(account)


def test_the_option_is_for_its_privilege_only(account):
    """Who may pass SELECT on may not pass INSERT on with it."""
    account.ask(RULES, "GRANT SELECT ON TABLE T TO ROLE OPS WITH GRANT OPTION")
    assert account.refused(RULES, "GRANT SELECT, INSERT ON TABLE T TO ROLE READ", "OPS").code == "003001"
    assert held(account) == set()


def test_ownership_has_one_holder(account):
    """GRANT OWNERSHIP moves it; the new owner may grant, the old one no longer."""
    account.give("OPS", ("OWNERSHIP", "TABLE", "D.S.T"))
    account.ask(RULES, "GRANT OWNERSHIP ON TABLE T TO ROLE OWNER COPY CURRENT GRANTS", "OPS")
    assert account.grants.owner_of("TABLE", "D.S.T") == "OWNER"
    assert account.refused(RULES, "GRANT SELECT ON TABLE T TO ROLE READ", "OPS").code == "002003"
    account.ask(RULES, "GRANT SELECT ON TABLE T TO ROLE READ", "OWNER")


REFUSED = [
    ("GRANT SELECT ON TABLE NOPE TO ROLE READ", "002003", "Object 'D.S.NOPE' does not exist"),
    ("GRANT SELECT ON TABLE V TO ROLE READ", "002003", "Object 'D.S.V' does not exist"),
    ("GRANT USAGE ON SCHEMA D.NOPE TO ROLE READ", "002003", "Schema 'D.NOPE' does not exist"),
    ("GRANT USAGE ON WAREHOUSE NOPE TO ROLE READ", "002003", "Warehouse 'NOPE' does not exist"),
    ("GRANT USAGE ON WAREHOUSE W TO ROLE NOPE", "002003", "Role 'NOPE' does not exist"),
    ("GRANT SELECT ON WAREHOUSE W TO ROLE READ", "001003", "Invalid privilege 'SELECT' for warehouse."),
    ("GRANT OPERATE ON TABLE T TO ROLE READ", "001003", "Invalid privilege 'OPERATE' for table."),
    ("GRANT SELECT ON TABLE A.B.C.D TO ROLE READ", "001003", "invalid identifier 'A.B.C.D'"),
    ("GRANT ROLE NOPE TO USER KIM", "002003", "Role 'NOPE' does not exist"),
    ("GRANT ROLE READ TO USER NOPE", "002003", "User 'NOPE' does not exist"),
    ("GRANT ROLE READ TO ROLE READ", "003016", "a cycle"),
    ("CREATE ROLE READ", "002002", "Object 'READ' already exists."),
    ("DROP ROLE NOPE", "002003", "Role 'NOPE' does not exist"),
]


@pytest.mark.parametrize(("text", "code", "said"), REFUSED)
def test_what_cannot_be_granted(account, text, code, said):
    """Unknown objects, roles and users, a privilege of another kind, a cycle, a name that is taken."""
    refusal = account.refused(RULES, text)
    assert (refusal.code, said in refusal.message) == (code, True)


RIGHTS = [
    ("GRANT USAGE ON WAREHOUSE W TO ROLE READ", "OWNERSHIP", "WAREHOUSE", "W"),
    ("GRANT USAGE ON WAREHOUSE W TO ROLE READ", "MANAGE GRANTS", "ACCOUNT", "SANDBOX"),
    ("GRANT SELECT ON FUTURE TABLES IN SCHEMA D.S TO ROLE READ", "MANAGE GRANTS", "ACCOUNT", "SANDBOX"),
    ("GRANT ROLE READ TO ROLE OWNER", "OWNERSHIP", "ROLE", "READ"),
    ("CREATE ROLE NEW", "CREATE ROLE", "ACCOUNT", "SANDBOX"),
    ("DROP ROLE READ", "OWNERSHIP", "ROLE", "READ"),
]


@pytest.mark.parametrize(("text", "privilege", "kind", "name"), RIGHTS)
def test_who_may_grant(account, text, privilege, kind, name):
    """Owners and who manages grants; everybody else is refused and nothing changes."""
    assert account.refused(RULES, text, "OPS").code in ("003001", "002003")
    account.give("OPS", (privilege, kind, name))
    account.ask(RULES, text, "OPS")


def test_owning_a_schema_is_not_enough_for_future_grants(account):
    """Documented: MANAGE GRANTS is needed."""
    account.give("OPS", ("OWNERSHIP", "SCHEMA", "D.S"))
    refusal = account.refused(RULES, "GRANT SELECT ON FUTURE TABLES IN SCHEMA D.S TO ROLE READ", "OPS")
    assert refusal.message.endswith("Insufficient privileges to operate on schema 'S'")


def test_roles_form_no_circle(account):
    """A role cannot be granted, over any number of steps, to one below it; to PUBLIC it can."""
    account.ask(RULES, "GRANT ROLE READ TO ROLE OPS")
    account.ask(RULES, "GRANT ROLE OPS TO ROLE OWNER")
    assert account.refused(RULES, "GRANT ROLE OWNER TO ROLE READ").code == "003016"
    account.ask(RULES, "GRANT ROLE READ TO ROLE PUBLIC")
    assert "READ" in account.grants.inherited("PUBLIC")


def test_a_role_is_taken_from_a_user(account):
    """REVOKE ROLE ends what the user may use; a user and a role of one name are apart."""
    account.ask(RULES, "GRANT ROLE OPS TO USER KIM")
    account.ask(RULES, "REVOKE ROLE OPS FROM USER KIM")
    assert not account.grants.may_use_role("KIM", "OPS")
    assert account.grants.may_use_role("KIM", "READ")


def test_roles_are_made_and_dropped(account):
    """The maker owns a new role; IF [NOT] EXISTS forgives; a dropped role holds nothing."""
    account.ask(RULES, "CREATE ROLE new")
    assert account.grants.owner_of("ROLE", "NEW") == "ACCOUNTADMIN"
    assert account.ask(RULES, "CREATE ROLE IF NOT EXISTS NEW").rows == (("NEW already exists, statement succeeded.",),)
    account.grants.add_member(RoleGrant("NEW", "USER", "KIM"))
    account.grants.add(Grant("USAGE", "WAREHOUSE", "W", "NEW"))
    account.ask(RULES, "DROP ROLE NEW")
    assert (held(account, "NEW"), account.grants.may_use_role("KIM", "NEW")) == (set(), False)
    assert account.ask(RULES, "DROP ROLE IF EXISTS NEW").rows
