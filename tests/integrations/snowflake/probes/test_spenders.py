"""Which users took the compute of the last days, and how the last day compares."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.integrations.snowflake.client import CATALOGUE_CAP
from bot.integrations.snowflake.probes.spenders import BY_USER, SHOWN, SpendersArguments, read_spenders, spenders_from
from tests.integrations.snowflake.builders import snowflake

NOW = datetime(2026, 11, 23, 5, 3, tzinfo=UTC)
HOUR_MS = 3_600_000


def used(user: str = "KIM", hours: float = 1.0, day: int | None = 23, size: str | None = "X-Small") -> dict[str, Any]:
    """A row of BY_USER."""
    on = None if day is None else date(2026, 11, day)
    return {"user_name": user, "warehouse_size": size, "day": on, "queries": 1, "elapsed_ms": hours * HOUR_MS}


@pytest.mark.parametrize(("days", "asked"), [(7, -6), (1, 0), (0, 0), (30, -6)])
def test_whole_days_are_read_today_among_them_and_a_week_at_most(days: int, asked: int, scope: Scope) -> None:
    """From midnight on, so that the days before today are as many as they are divided by; names are bound."""
    client = snowflake({BY_USER: []})
    found = read_spenders(client, SpendersArguments(" w ", days), scope)
    assert [(one.parameters, one.cap) for one in client.asked] == [(("W", "W", asked), CATALOGUE_CAP)]
    assert (found.top, found.days) == (None, 1 - asked)
    assert "DATEADD('day', ?, CURRENT_DATE())" in BY_USER


@pytest.mark.parametrize(
    ("rows", "days", "latest", "before"),
    [
        ([used(hours=3)], 7, 3.0, 0.0),
        ([used(hours=6, day=20)], 7, 0.0, 1.0),
        ([used(hours=6, day=20), used(hours=2)], 4, 2.0, 2.0),
        ([used(hours=6, day=22)], 1, 0.0, 6.0),
        ([used(hours=6, day=None)], 7, 0.0, 1.0),
    ],
)
def test_the_last_day_stands_beside_an_average_day(
    rows: list[dict[str, Any]], days: int, latest: float, before: float
) -> None:
    """The average is of the days before it, of one at least."""
    [found] = spenders_from(rows, days, NOW).spenders
    assert (found.latest, found.before) == (latest, before)


def test_a_share_is_of_what_the_time_cost() -> None:
    """An hour on a Medium warehouse is four on an X-Small."""
    found = spenders_from([used("A", size="Medium"), used("B", size="X-Small")], 7, NOW)
    assert [(one.user, one.share_percent) for one in found.spenders] == [("A", 80.0), ("B", 20.0)]
    assert found.credits == 5.0


def test_time_on_a_warehouse_of_unknown_size_costs_nothing_known() -> None:
    """Nothing is divided by nothing; who took longest still comes first."""
    found = spenders_from([used("A", 1.0, size=None), used("B", 2.0, size=None)], 7, NOW)
    assert [(one.user, one.share_percent, one.credits) for one in found.spenders] == [("B", 0.0, 0.0), ("A", 0.0, 0.0)]


def test_ten_are_shown_and_all_are_counted() -> None:
    """Names settle what is equal."""
    found = spenders_from([used(f"U{number:02}") for number in range(30)][::-1], 7, NOW)
    assert [one.user for one in found.spenders] == [f"U{number:02}" for number in range(SHOWN)]
    assert found.credits == 30.0
