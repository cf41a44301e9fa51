"""Credits used and left: which monitor governs a warehouse, when it is exhausted, when it resets."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.integrations.snowflake.client import CATALOGUE_CAP
from bot.integrations.snowflake.probes.monitors import (
    SHOW_MONITORS,
    Monitor,
    MonitorsArguments,
    governing,
    last_reset,
    monitors_from,
    next_reset,
    read_monitors,
)
from bot.integrations.snowflake.probes.warehouses import SHOW_WAREHOUSES
from tests.integrations.snowflake.builders import monitor, snowflake, warehouse

NOW = datetime(2026, 11, 23, 5, 3, tzinfo=UTC)


def day(text: str) -> datetime:
    """That day's beginning in UTC, or that minute."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def made(name: str = "M", percent: float = 0.0, suspend_at: float | None = 100.0, **more: Any) -> Monitor:
    """A monitor with a quota of 100."""
    return Monitor(
        **{"name": name, "quota": 100.0, "used": percent, "remaining": 0.0, "percent": percent} | more,
        suspend_at=suspend_at,
    )


@pytest.mark.parametrize(
    ("percent", "suspend_at", "quota", "is_exhausted"),
    [
        (99.9, 100.0, 100.0, False),
        (100.0, 100.0, 100.0, True),
        (90.0, 90.0, 100.0, True),
        (89.9, 90.0, 100.0, False),
        (105.0, 110.0, 100.0, False),
        (100.0, None, 100.0, True),
        (99.9, None, 100.0, False),
        (500.0, 100.0, 0.0, False),
    ],
)
def test_exhausted_begins_where_it_suspends(
    percent: float, suspend_at: float | None, quota: float, is_exhausted: bool
) -> None:
    """At its trigger, or at all of it; without a quota never."""
    assert made(percent=percent, suspend_at=suspend_at, quota=quota).is_exhausted is is_exhausted


@pytest.mark.parametrize(
    ("frequency", "start", "now", "last", "following"),
    [
        ("DAILY", "2026-11-01", "2026-11-23T05:03", "2026-11-23", "2026-11-24"),
        ("WEEKLY", "2026-11-02", "2026-11-08T23:59", "2026-11-02", "2026-11-09"),
        ("MONTHLY", "2026-01-31", "2026-02-27T23:59", "2026-01-31", "2026-02-28"),
        ("MONTHLY", "2026-01-31", "2026-02-28T00:01", "2026-02-28", "2026-03-31"),
        ("MONTHLY", "2027-12-15", "2028-01-14T00:00", "2027-12-15", "2028-01-15"),
        ("YEARLY", "2024-02-29", "2026-11-23T00:00", "2026-02-28", "2027-02-28"),
        ("YEARLY", "2024-02-29", "2028-02-28T12:00", "2027-02-28", "2028-02-29"),
        ("DAILY", "2026-12-01", "2026-11-23T00:00", "2026-12-01", "2026-12-01"),
        ("MONTHLY", "2026-12-01", "2026-11-23T00:00", "2026-12-01", "2026-12-01"),
        ("DAILY", "2026-11-23T08:00", "2026-11-23T09:00", "2026-11-23T08:00", "2026-11-24"),
        ("WEEKLY", "2026-11-02T08:00", "2026-11-09T01:00", "2026-11-09", "2026-11-16"),
        ("MONTHLY", "2026-07-15T08:00", "2026-08-15T07:59", "2026-08-15", "2026-09-15"),
        ("MONTHLY", "2026-12-01T08:00", "2026-12-01T07:59", "2026-12-01T08:00", "2026-12-01T08:00"),
    ],
)
def test_a_count_begins_anew_after_whole_periods(
    frequency: str, start: str, now: str, last: str, following: str
) -> None:
    """Months are of different lengths, a monitor may begin in the future, and it is midnight that counts (UTC)."""
    assert next_reset(frequency, day(start), day(now)) == day(following)
    assert last_reset(frequency, day(start), day(now)) == day(last)


@pytest.mark.parametrize(
    ("frequency", "start"), [("NEVER", day("2026-11-01")), ("", day("2026-11-01")), ("DAILY", None)]
)
def test_a_count_that_never_ends_has_no_reset(frequency: str, start: datetime | None) -> None:
    """It began when it began."""
    assert next_reset(frequency, start, NOW) is None
    assert last_reset(frequency, start, NOW) == start


@pytest.mark.parametrize(
    ("warehouse_name", "chosen"),
    [("", "OTHER"), ("loading_wh", "LOADING"), ("REPORTING_WH", "ACCOUNT"), ("BOTH_WH", "ACCOUNT")],
)
def test_the_most_used_of_those_that_can_suspend_it_governs(warehouse_name: str, chosen: str) -> None:
    """Its own or the account's, whichever suspends first."""
    monitors = [
        made("LOADING", 90.0, warehouses=("LOADING_WH",)),
        made("BOTH", 10.0, warehouses=("BOTH_WH",)),
        made("ACCOUNT", 50.0, level="ACCOUNT"),
        made("OTHER", 95.0, warehouses=("X_WH",)),
    ]
    found = governing(monitors, warehouse_name)
    assert found is not None
    assert found.name == chosen
    assert governing([], warehouse_name) is None


@pytest.mark.parametrize(("named", "chosen"), [(" quiet ", "QUIET"), ("gone", "BUSY"), ("", "BUSY")])
def test_a_monitor_that_is_named_counts_before_any_other(named: str, chosen: str) -> None:
    """One that is not there is nobody's name."""
    rows = [monitor("QUIET"), monitor("BUSY", used="49")]
    assert monitors_from(rows, [], "", NOW, named).name == chosen


def test_shows_texts_become_numbers() -> None:
    """The lower of both triggers; a warehouse that has none of it is not listed."""
    row = monitor(
        quota="50.00", used="25.5", suspend_at="null", suspend_immediately_at="110%", level="null", start_time=None
    )
    shown = [warehouse(resource_monitor="LOADING_MONITOR"), warehouse("X_WH")]
    [found] = monitors_from([row], shown, "", NOW).monitors
    assert (found.quota, found.used, found.percent, found.suspend_at) == (50.0, 25.5, 51.0, 110.0)
    assert (found.level, found.warehouses, found.period_from) == ("", ("LOADING_WH",), None)


def test_both_lists_are_read_whole(scope: Scope) -> None:
    """A cap for display would hide the monitor that matters."""
    client = snowflake({SHOW_MONITORS: [monitor()], SHOW_WAREHOUSES: [warehouse()]})
    assert read_monitors(client, MonitorsArguments(), scope).name == "LOADING_MONITOR"
    assert {one.cap for one in client.asked} == {CATALOGUE_CAP}
