"""What the last `dbt source freshness` found."""

from typing import Any

import pytest

from bot.integrations.dbt.probes.sources import LISTED, Sources, sources_from

LIMITS = {"warn_after": {"count": 24, "period": "hour"}, "error_after": {"count": 2, "period": "day"}}


def source(name: str = "orders", status: Any = "error", **more: Any) -> dict[str, Any]:
    """A row of sources.json."""
    return {"unique_id": f"source.shop.pg.{name}", "status": status, "criteria": LIMITS, **more}


@pytest.mark.parametrize(
    ("status", "criteria", "allowed"),
    [
        ("warn", LIMITS, "24 hour"),
        ("error", LIMITS, "2 day"),
        ("ERROR", LIMITS, "2 day"),
        ("pass", LIMITS, "2 day"),
        ("runtime error", LIMITS, "2 day"),
        ("error", {"error_after": {"count": None, "period": None}}, ""),
        ("error", {"error_after": None}, ""),
        ("error", None, ""),
    ],
)
def test_what_is_allowed_is_the_limit_that_was_passed(status: str, criteria: Any, allowed: str) -> None:
    """A warning passed the lower one."""
    [told] = sources_from({"results": [source(status=status, criteria=criteria)]}).sources
    assert (told.allowed, told.status) == (allowed, status.lower())


@pytest.mark.parametrize(("age", "hours"), [(3600, 1.0), ("259200.0", 72.0), (0, 0.0), (None, None)])
def test_an_age_is_told_in_hours(age: Any, hours: float | None) -> None:
    """Just now is not unknown."""
    [told] = sources_from({"results": [source(max_loaded_at_time_ago_in_s=age)]}).sources
    assert told.age_hours == hours


def test_stale_ones_come_first_then_by_name_and_all_are_counted() -> None:
    """What could not be checked is as bad as stale."""
    rows = [source(f"s{number:02}", "pass") for number in range(60)]
    found = sources_from({"results": [*rows, source("z", "warn"), source("b", "runtime error"), source("c", None)]})
    assert [one.name for one in found.sources[:4]] == ["pg.b", "pg.c", "pg.z", "pg.s00"]
    assert (found.stale_count, len(found.sources)) == (3, LISTED)


def test_nothing_checked_is_no_time() -> None:
    """An empty file, as a server gives it that says "unchanged"."""
    assert sources_from({}) == Sources()
