"""Why a query ran into its limit."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.diagnostics.derivations.timeout_cause import TimeoutArguments, TimeoutCause, find_timeout_cause
from bot.integrations.snowflake.probes.query_profile import QueryProfile
from bot.integrations.snowflake.probes.warehouses import Warehouse

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
CUT = QueryProfile(
    exists=True,
    warehouse="W",
    timeout_s=3600.0,
    elapsed_s=3600.0,
    run_s=3590.0,
    bytes_scanned=100,
    usual_s=400.0,
    usual_bytes=90,
)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"queued_s": 3000.0}, "queued"),
        ({"blocked_s": 1900.0}, "blocked"),
        ({"usual_s": None, "usual_bytes": None}, "new"),
        ({"bytes_scanned": 900}, "grew"),
        ({}, "slow"),
        ({"usual_s": 3000.0}, "short"),
        ({"elapsed_s": 500.0}, "unknown"),
        ({"usual_s": 0.0, "usual_bytes": 0}, "slow"),
        ({"queued_s": 1800.0, "blocked_s": 1800.0}, "queued"),
        ({"queued_s": 1799.0, "blocked_s": 1800.0}, "blocked"),
        ({"queued_s": 1799.0, "blocked_s": 1799.0}, "slow"),
        ({"bytes_scanned": 180}, "grew"),
        ({"bytes_scanned": 170}, "slow"),
        ({"usual_s": 1800.0}, "slow"),
        ({"usual_s": 2520.0}, "short"),
        ({"usual_s": 2519.0}, "unknown"),
        ({"usual_s": 2520.0, "timeout_s": 0.0}, "unknown"),
        ({"elapsed_s": 0.0, "queued_s": 0.0, "usual_s": None}, "new"),
    ],
)
def test_what_explains_most_of_the_time_is_the_cause(changes: dict[str, Any], kind: str) -> None:
    """Waiting before working, growth before slowness."""
    assert find_timeout_cause(TimeoutArguments(replace(CUT, **changes)), NOW).kind == kind


def test_the_numbers_come_with_it() -> None:
    """Nine times as long, for as much data; spilling is named as what it means."""
    found = find_timeout_cause(TimeoutArguments(replace(CUT, spilled_bytes=5)), NOW)
    assert (found.times, found.bytes_times) == (9.0, 1.1)
    assert "the warehouse is too small" in found.sentence


def test_a_queue_that_is_there_now_is_told() -> None:
    """Whoever is paged can do something about it."""
    warehouse = Warehouse("W", "STARTED", queued=4)
    found = find_timeout_cause(TimeoutArguments(replace(CUT, queued_s=3500.0), warehouse), NOW)
    assert "queue of W, and 4 wait now" in found.sentence


def test_no_query_is_no_cause() -> None:
    """Nothing is blamed that was not seen."""
    assert find_timeout_cause(TimeoutArguments(QueryProfile(exists=False)), NOW) == TimeoutCause()
    assert find_timeout_cause(TimeoutArguments(), NOW).kind == "unknown"
