"""Credits by day: which days and warehouses are asked for, and what is made of them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.integrations.snowflake.client import CATALOGUE_CAP
from bot.integrations.snowflake.probes.credits import METERING, CreditsArguments, credits_from, read_credits
from tests.integrations.snowflake.builders import snowflake

NOW = datetime(2026, 11, 23, 5, 3, tzinfo=UTC)


def used(credits: Any, day: int = 23, name: str = "A_WH") -> dict[str, Any]:
    """A row of METERING."""
    return {"warehouse_name": name, "used_on": date(2026, 11, day), "credits": credits}


@pytest.mark.parametrize(("days", "asked", "length"), [(14, -13, 14), (1, 0, 1), (0, 0, 1), (99, -30, 31)])
def test_today_is_one_of_the_days(days: int, asked: int, length: int, scope: Scope) -> None:
    """One at least, a month at most; every warehouse's rows are read, whatever the cap for display."""
    client = snowflake({METERING: []})
    assert len(read_credits(client, CreditsArguments(days=days), scope).days) == length
    assert [(one.parameters, one.cap) for one in client.asked] == [((asked,), CATALOGUE_CAP)]


@pytest.mark.parametrize(
    ("arguments", "today"),
    [
        (CreditsArguments(), 7.0),
        (CreditsArguments(" a_wh "), 1.0),
        (CreditsArguments(warehouses=("B_WH", "c_wh")), 6.0),
        (CreditsArguments("a_wh", ("b_wh", "")), 3.0),
        (CreditsArguments("NOBODYS"), 0.0),
    ],
)
def test_of_one_of_some_or_of_all(arguments: CreditsArguments, today: float, scope: Scope) -> None:
    """Names in any case; those of entities that the alert did not name count for nothing."""
    rows = [used(1.0), used(2.0, name="B_WH"), used(4.0, name="C_WH")]
    assert read_credits(snowflake({METERING: rows}), arguments, scope).today == today


def test_a_single_day_has_nothing_before_it() -> None:
    """No average of nothing."""
    found = credits_from([used(3.0)], 1, NOW)
    assert (found.today, found.average, found.median, found.peak) == (3.0, 0.0, 0.0, 3.0)


def test_a_day_outside_the_window_and_one_without_a_date_count_nowhere_in_the_days() -> None:
    """NULL credits are none."""
    found = credits_from([used("5", 20), {**used(9), "used_on": None}, used(None, 22)], 2, NOW)
    assert [day.credits for day in found.days] == [0.0, 0.0]


def test_today_ends_with_the_day_in_utc() -> None:
    """A minute later it is another day."""
    assert credits_from([used(3.0)], 2, datetime(2026, 11, 23, 23, 59, tzinfo=UTC)).today == 3.0
    assert credits_from([used(3.0)], 2, datetime(2026, 11, 24, 0, 0, tzinfo=UTC)).today == 0.0


def test_equal_spenders_stand_in_the_order_of_their_names() -> None:
    """The same facts give the same card."""
    found = credits_from([used(1.0, name="Z"), used(1.0, name="A"), used(0.0, name="N")], 1, NOW)
    assert [(one.warehouse, one.share_percent) for one in found.by_warehouse] == [("A", 50.0), ("Z", 50.0), ("N", 0.0)]
