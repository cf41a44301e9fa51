"""SHOW PARAMETERS: which level set a value; ALTER ACCOUNT: who may, and what it refuses."""

import pytest

from bot.sandbox.warehouse.rules.parameters import RULES

TIMEOUT = "STATEMENT_TIMEOUT_IN_SECONDS"


def shown(account, where, name=TIMEOUT, role="ACCOUNTADMIN"):
    """(value, default, level) of one parameter."""
    (row,) = account.rows(RULES, f"SHOW PARAMETERS LIKE '{name}' {where}", role)
    return row["value"], row["default"], row["level"]


def test_nothing_set_has_no_level(account):
    """The default is the value, and the level is empty."""
    for where in ("", "IN SESSION", "FOR ACCOUNT", "IN USER KIM", "FOR WAREHOUSE W"):
        assert shown(account, where) == ("172800", "172800", "")


def test_the_nearest_level_wins(account):
    """A user's value over the account's; a warehouse's beside them; each is named."""
    account.parameters[TIMEOUT] = 900
    assert [shown(account, where)[2] for where in ("", "IN ACCOUNT", "IN USER KIM", "IN WAREHOUSE W")] == [
        "ACCOUNT"
    ] * 4
    account.users["KIM"].parameters[TIMEOUT] = 300
    account.compute.warehouses["W"].statement_timeout = 60
    assert shown(account, "") == ("300", "172800", "USER")
    assert shown(account, "IN USER KIM") == ("300", "172800", "USER")
    assert shown(account, "IN WAREHOUSE W") == ("60", "172800", "WAREHOUSE")


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [("AUTOCOMMIT", "true", "BOOLEAN"), (TIMEOUT, "172800", "NUMBER"), ("TIMEZONE", "Etc/UTC", "STRING")],
)
def test_a_parameter_has_a_type(account, name, value, kind):
    """True is a boolean and not a number, as Snowflake tells it."""
    (row,) = account.rows(RULES, f"SHOW PARAMETERS LIKE '{name}'")
    assert (row["value"], row["type"]) == (value, kind)


def test_a_network_policy_shows_where_it_was_set(account):
    """Never for a session; for the user and the account when set there."""
    assert account.rows(RULES, "SHOW PARAMETERS LIKE 'NETWORK_POLICY'") == []
    account.users["KIM"].network_policy = "OFFICE"
    assert shown(account, "IN USER KIM", "NETWORK_POLICY") == ("OFFICE", "", "USER")
    assert shown(account, "IN ACCOUNT", "NETWORK_POLICY") == ("", "", "")


SEEN = [
    ("USER BOT", "User 'BOT'"),
    ("WAREHOUSE W", "Warehouse 'W'"),
    ("USER NOPE", "User 'NOPE'"),
    ("WAREHOUSE NOPE", "Warehouse 'NOPE'"),
]


@pytest.mark.parametrize(("where", "said"), SEEN)
def test_what_a_role_may_not_see(account, where, said):
    """Another user's parameters need its ownership, a warehouse's any privilege on it."""
    refusal = account.refused(RULES, f"SHOW PARAMETERS IN {where}", "READ")
    assert (refusal.code, said in refusal.message) == ("002003", True)
    account.give("READ", ("OWNERSHIP", "USER", "BOT"), ("USAGE", "WAREHOUSE", "W"))
    if "NOPE" not in where:
        assert account.rows(RULES, f"SHOW PARAMETERS IN {where}", "READ")


def test_an_account_is_altered_by_its_administrator(account):
    """Numbers stay numbers, text is kept; nobody else may."""
    account.ask(RULES, f"ALTER ACCOUNT SET {TIMEOUT} = 600, QUERY_TAG = 'it''s'")
    assert account.parameters == {TIMEOUT: 600, "QUERY_TAG": "it's"}
    assert account.refused(RULES, f"ALTER ACCOUNT SET {TIMEOUT} = 1", "OPS").code == "003001"


def test_an_accounts_policy_must_exist_and_holds_in_any_case(account):
    """A misspelt policy would keep nobody out: it is refused; an unquoted name is upper case."""
    refusal = account.refused(RULES, f"ALTER ACCOUNT SET {TIMEOUT} = 1, NETWORK_POLICY = office")
    assert refusal.message.endswith("Network policy 'OFFICE' does not exist or not authorized.")
    assert account.parameters == {}
    account.policies["OFFICE"] = object()
    account.ask(RULES, "ALTER ACCOUNT SET NETWORK_POLICY = office")
    assert account.parameters == {"NETWORK_POLICY": "OFFICE"}


@pytest.mark.parametrize("written", ["junk", "A = 1 junk", "A ="])
def test_an_account_setting_that_cannot_be_read_is_refused(account, written):
    """Nothing is set of a list that ends in something else."""
    assert account.refused(RULES, f"ALTER ACCOUNT SET {written}").code == "001003"
    assert account.parameters == {}
