"""SHOW and ALTER RESOURCE MONITOR(S): what is told, to whom, and what is set whole or not at all."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.warehouse.rules.monitors import RULES

ALTER = "ALTER RESOURCE MONITOR M"


def settings(account):
    """The monitor's settings that ALTER may change."""
    one = account.compute.monitors["M"]
    return one.quota, one.frequency, one.notify_at, one.suspend_at, one.suspend_immediately_at


def test_a_monitor_is_shown_as_text(account):
    """Credits are text with two decimals, thresholds percent; what is left is never below zero."""
    account.meter.add("W", 51.239, account.clock.now)
    account.meter.add("FREE", 99, account.clock.now)
    (row,) = account.rows(RULES, "SHOW RESOURCE MONITORS")
    assert [row[name] for name in ("credit_quota", "used_credits", "remaining_credits")] == ["50.00", "51.24", "0.00"]
    assert [row[name] for name in ("notify_at", "suspend_at", "suspend_immediately_at")] == ["75%,90%", "100%", "110%"]
    assert (row["level"], row["frequency"]) == ("WAREHOUSE", "MONTHLY")


def test_a_monitor_without_warehouses_or_limits(account):
    """Nothing assigned means no level, nothing set means null, and a monitor that never resets has no end."""
    account.compute.warehouses["W"].monitor = None
    account.ask(RULES, f"{ALTER} SET FREQUENCY = NEVER TRIGGERS ON 80 PERCENT DO NOTIFY")
    (row,) = account.rows(RULES, "SHOW RESOURCE MONITORS LIKE 'm'")
    assert [row[name] for name in ("level", "suspend_at", "suspend_immediately_at", "end_time")] == [None] * 4
    assert (row["used_credits"], row["notify_at"]) == ("0.00", "80%")


@pytest.mark.parametrize(("privilege", "seen"), [(None, 0), ("MONITOR", 1), ("MODIFY", 1), ("OWNERSHIP", 1)])
def test_monitors_show_to_who_may_look(account, privilege, seen):
    """Without MONITOR or MODIFY the list is empty, which is no error."""
    if privilege:
        account.give("OPS", (privilege, "RESOURCE MONITOR", "M"))
    assert len(account.rows(RULES, "SHOW RESOURCE MONITORS", "OPS")) == seen


CHANGES = [
    ("SET CREDIT_QUOTA = 75", (75.0, "MONTHLY", (75, 90), 100, 110)),
    ("set credit_quota=0", (0.0, "MONTHLY", (75, 90), 100, 110)),
    (
        "SET CREDIT_QUOTA = 60 TRIGGERS ON 50 PERCENT DO NOTIFY ON 90 PERCENT DO SUSPEND",
        (60.0, "MONTHLY", (50,), 90, None),
    ),
    ("TRIGGERS ON 95 PERCENT DO SUSPEND_IMMEDIATE", (50.0, "MONTHLY", (), None, 95)),
    ("SET FREQUENCY = 'never' START_TIMESTAMP = IMMEDIATELY", (50.0, "NEVER", (75, 90), 100, 110)),
]


@pytest.mark.parametrize(("change", "after"), CHANGES)
def test_settings_change(account, change, after):
    """Each form of SET and TRIGGERS; triggers replace all thresholds."""
    account.ask(RULES, f"{ALTER} {change}")
    assert settings(account) == after


BAD = [
    ("SET CREDIT_QUOTA = 75.5", "001008"),
    ("SET CREDIT_QUOTA = -1", "001008"),
    ("SET CREDIT_QUOTA = '٣'", "001008"),
    ("SET CREDIT_QUOTA = 9999999999", "001008"),
    ("SET CREDIT_QUOTA = 75 FREQUENCY = DAILY", "000002"),
    ("SET CREDIT_QUOTA = 75 END_TIMESTAMP = '2027-01-01'", "000002"),
    ("SET START_TIMESTAMP = 'soon'", "001008"),
    ("SET CREDIT_QUOTA = 75 junk", "001003"),
    ("SET CREDIT_QUOTA = 75 TRIGGERS ON 80 PERCENT DO PANIC", "001003"),
    ("SET CREDIT_QUOTA = 75 TRIGGERS", "001003"),
    ("CREDIT_QUOTA = 75", "001003"),
    ("SET", "001003"),
    ("junk", "001003"),
]


@pytest.mark.parametrize(("change", "code"), BAD)
def test_a_bad_setting_changes_nothing(account, change, code):
    """What cannot be read or is not known is refused, and a good setting beside it is not made."""
    before = settings(account)
    assert account.refused(RULES, f"{ALTER} {change}").code == code
    assert settings(account) == before


STARTS = [
    ("'2026-11-15'", datetime(2026, 11, 15, tzinfo=UTC)),
    ("'2026-11-15 06:00'", datetime(2026, 11, 15, 6, tzinfo=UTC)),
    ("'2026-11-15T06:00:00+02:00'", datetime(2026, 11, 15, 4, tzinfo=UTC)),
]


@pytest.mark.parametrize(("written", "start"), STARTS)
def test_a_new_start_leaves_older_credits_out(account, written, start):
    """Credits before START_TIMESTAMP do not count any more."""
    account.meter.add("W", 10, start - timedelta(seconds=1))
    account.meter.add("W", 1, start)
    account.ask(RULES, f"{ALTER} SET START_TIMESTAMP = {written}")
    assert (account.compute.monitors["M"].start, account.compute.monitors["M"].used) == (start, 1)


def test_who_may_change_a_monitor(account):
    """Who may not see it is told that it is not there; who sees it, that MODIFY is missing."""
    assert account.refused(RULES, f"{ALTER} SET CREDIT_QUOTA = 1", "OPS").message.endswith(
        "Resource monitor 'M' does not exist or not authorized."
    )
    account.give("OPS", ("MONITOR", "RESOURCE MONITOR", "M"))
    refusal = account.refused(RULES, f"{ALTER} SET CREDIT_QUOTA = 1", "OPS")
    assert (refusal.code, refusal.sqlstate) == ("003001", "42501")
    account.give("OPS", ("MODIFY", "RESOURCE MONITOR", "M"))
    account.ask(RULES, f"{ALTER} SET CREDIT_QUOTA = 1", "OPS")
    assert account.compute.monitors["M"].quota == 1


def test_if_exists_forgives_a_missing_monitor(account):
    """With IF EXISTS what is not there, or not seen, is no error; without it, it is."""
    assert account.ask(RULES, "ALTER RESOURCE MONITOR IF EXISTS GONE SET CREDIT_QUOTA = 1").rows
    assert account.ask(RULES, "ALTER RESOURCE MONITOR IF EXISTS M SET CREDIT_QUOTA = 1", "OPS").rows
    assert account.compute.monitors["M"].quota == 50
    assert account.refused(RULES, "ALTER RESOURCE MONITOR GONE SET CREDIT_QUOTA = 1").code == "002003"


def test_a_name_in_quotes_is_its_own(account):
    """Unquoted names are upper case; "m" is another monitor than M."""
    account.ask(RULES, "alter resource monitor m set credit_quota = 7")
    assert account.compute.monitors["M"].quota == 7
    assert "'m'" in account.refused(RULES, 'ALTER RESOURCE MONITOR "m" SET CREDIT_QUOTA = 8').message
