"""SHOW WAREHOUSES and ALTER WAREHOUSE: states, settings, and who may change them."""

import pytest

from bot.sandbox.warehouse.jobs import Job
from bot.sandbox.warehouse.rules.warehouses import RULES


def shown(account, name="W", role="ACCOUNTADMIN"):
    """One warehouse as SHOW tells it."""
    (row,) = account.rows(RULES, f"SHOW WAREHOUSES LIKE '{name}'", role)
    return row


def test_a_suspended_warehouse_is_shown(account):
    """Empty cluster columns, its monitor by name, and whether it is the session's and the user's."""
    row = shown(account)
    assert [row[name] for name in ("state", "size", "started_clusters", "running")] == ["SUSPENDED", "X-Small", 0, 0]
    assert [row[name] for name in ("resource_monitor", "is_default", "is_current", "available")] == ["M", "Y", "Y", ""]
    assert [shown(account, "FREE")[name] for name in ("resource_monitor", "is_current")] == ["null", "N"]


def test_a_running_warehouse_is_shown_with_its_statements(account):
    """STARTED, with as many running as use its compute."""
    account.ask(RULES, "ALTER WAREHOUSE W RESUME")
    for number in range(2):
        account.jobs.add(Job(str(number), None, 1, "KIM", 0, warehouse="W"))
    row = shown(account)
    assert [row[name] for name in ("state", "started_clusters", "running", "available")] == ["STARTED", 1, 2, "100"]
    assert row["resumed_on"] == account.clock.now


def test_warehouses_show_to_who_holds_anything_on_them(account):
    """Any privilege shows one; none shows none."""
    account.give("READ", ("MONITOR", "WAREHOUSE", "FREE"))
    assert [row["name"] for row in account.rows(RULES, "SHOW WAREHOUSES", "READ")] == ["FREE"]
    assert [row["name"] for row in account.rows(RULES, "SHOW WAREHOUSES")] == ["FREE", "W"]


STATES = [
    ("SUSPENDED", "RESUME", "STARTED", None),
    ("SUSPENDED", "RESUME IF SUSPENDED", "STARTED", None),
    ("STARTED", "RESUME IF SUSPENDED", "STARTED", None),
    ("STARTED", "RESUME", "STARTED", "090063"),
    ("STARTED", "SUSPEND", "SUSPENDED", None),
    ("SUSPENDED", "SUSPEND", "SUSPENDED", "090064"),
]


@pytest.mark.parametrize(("before", "verb", "after", "code"), STATES)
def test_states_change_or_are_refused(account, before, verb, after, code):
    """RESUME of a running warehouse and SUSPEND of a suspended one are invalid states."""
    account.compute.warehouses["W"].state = before
    if code:
        assert account.refused(RULES, f"ALTER WAREHOUSE W {verb}").code == code
    else:
        account.ask(RULES, f"ALTER WAREHOUSE W {verb}")
    assert account.compute.warehouses["W"].state == after


def test_all_queries_of_one_warehouse_are_aborted(account):
    """Those that use it are stopped, whoever runs them; those of another go on."""
    jobs = [Job(name, None, 1, "KIM", 0, warehouse=name) for name in ("W", "FREE")]
    for job in jobs:
        account.jobs.add(job)
    account.ask(RULES, "ALTER WAREHOUSE W ABORT ALL QUERIES")
    assert [job.reason.code if job.reason else None for job in jobs] == ["000604", None]


SETTINGS = [
    ("WAREHOUSE_SIZE = 'X2LARGE'", "size", "2X-Large"),
    ("WAREHOUSE_SIZE = XXXLARGE", "size", "3X-Large"),
    ('WAREHOUSE_SIZE = "6X-LARGE"', "size", "6X-Large"),
    ("AUTO_SUSPEND = 120", "auto_suspend", 120),
    ("AUTO_SUSPEND = NULL", "auto_suspend", 0),
    ("AUTO_RESUME = false", "auto_resume", False),
    ("RESOURCE_MONITOR = NULL", "monitor", None),
    ("RESOURCE_MONITOR = m", "monitor", "M"),
    ("STATEMENT_TIMEOUT_IN_SECONDS = 0", "statement_timeout", 0),
    ("COMMENT = 'it''s \"fine\"'", "comment", 'it\'s "fine"'),
]


@pytest.mark.parametrize(("written", "name", "value"), SETTINGS)
def test_settings(account, written, name, value):
    """Each setting in the spellings that Snowflake takes."""
    account.ask(RULES, f"ALTER WAREHOUSE W SET {written}")
    assert getattr(account.compute.warehouses["W"], name) == value


BAD = [
    ("WAREHOUSE_SIZE = HUGE", "001008", "invalid value 'HUGE' for parameter 'WAREHOUSE_SIZE'"),
    ("AUTO_SUSPEND = -1", "001008", "invalid value '-1'"),
    ("AUTO_SUSPEND = soon", "001008", "invalid value 'soon'"),
    ("AUTO_RESUME = 1", "001008", "invalid value '1'"),
    ("RESOURCE_MONITOR = NOPE", "002003", "Resource monitor 'NOPE' does not exist"),
    ("COLOUR = RED", "001003", "invalid property 'COLOUR' for 'WAREHOUSE'"),
    ("AUTO_SUSPEND", "001003", "syntax error at 'AUTO_SUSPEND'"),
]


@pytest.mark.parametrize(("written", "code", "said"), BAD)
def test_a_bad_setting_leaves_the_good_one_unset(account, written, code, said):
    """A list of settings is made whole or not at all."""
    refusal = account.refused(RULES, f"ALTER WAREHOUSE W SET COMMENT = 'new', {written}")
    assert (refusal.code, said in refusal.message) == (code, True)
    assert account.compute.warehouses["W"].comment == ""


RIGHTS = [
    ("RESUME", None, "002043"),
    ("RESUME", "USAGE", "003001"),
    ("RESUME", "MODIFY", "003001"),
    ("RESUME", "OPERATE", None),
    ("SET AUTO_SUSPEND = 1", "OPERATE", "003001"),
    ("SET AUTO_SUSPEND = 1", "MODIFY", None),
    ("ABORT ALL QUERIES", "MONITOR", "003001"),
    ("SUSPEND", "OWNERSHIP", None),
]


@pytest.mark.parametrize(("verb", "held", "code"), RIGHTS)
def test_operating_and_modifying_are_two_rights(account, verb, held, code):
    """OPERATE changes the state, MODIFY the settings, ownership both; who holds nothing does not see it."""
    if held:
        account.give("OPS", (held, "WAREHOUSE", "W"))
    account.compute.warehouses["W"].state = "STARTED" if verb == "SUSPEND" else "SUSPENDED"
    if code:
        assert account.refused(RULES, f"ALTER WAREHOUSE W {verb}", "OPS").code == code
    else:
        assert account.ask(RULES, f"ALTER WAREHOUSE W {verb}", "OPS").rows == (("Statement executed successfully.",),)


@pytest.mark.parametrize("verb", ["RESUME", "SUSPEND", "SET AUTO_SUSPEND = 1"])
def test_if_exists_forgives_a_missing_warehouse(account, verb):
    """With IF EXISTS what is not there is no error; without it, it is; a right is needed all the same."""
    assert account.ask(RULES, f"ALTER WAREHOUSE IF EXISTS GONE {verb}").rows
    assert account.refused(RULES, f"ALTER WAREHOUSE GONE {verb}").code == "002043"
    account.give("OPS", ("USAGE", "WAREHOUSE", "W"))
    assert account.refused(RULES, f"ALTER WAREHOUSE IF EXISTS W {verb}", "OPS").code == "003001"


def test_a_warehouse_over_its_quota_does_not_resume(account):
    """The refusal names warehouse and monitor, in the reported words."""
    account.meter.add("W", 50, account.clock.now)
    account.compute.recount()
    assert account.refused(RULES, "ALTER WAREHOUSE W RESUME IF SUSPENDED").message == (
        "Warehouse 'W' cannot be resumed because resource monitor 'M' has exceeded its quota."
    )
    account.ask(RULES, "ALTER WAREHOUSE W SET RESOURCE_MONITOR = NULL")
    account.ask(RULES, "ALTER WAREHOUSE W RESUME")
    assert account.compute.warehouses["W"].state == "STARTED"
