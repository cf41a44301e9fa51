"""The probe on a real Streamlit app that reads the warehouse stand-in."""

import json
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from bot.diagnostics.derivations.staleness_cause import StalenessArguments, find_cause
from bot.diagnostics.probe import Scope
from bot.integrations.snowflake import connect_read as connect_warehouse
from bot.integrations.snowflake.probes.freshness import FRESHNESS, FreshnessArguments, Mart
from bot.integrations.streamlit import connect_read
from bot.integrations.streamlit.probes.health import HEALTH, Health, HealthArguments

pytestmark = pytest.mark.sandbox
READ_WITHIN_S = 120
REVENUE = "ECOMMERCE_ANALYTICS.MARTS.FCT_DAILY_REVENUE"


@pytest.fixture(scope="module")
def record(real: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """The running dashboard and the warehouse that it reads."""
    return real("dashboard")


def look(record: dict[str, Any], scope: Scope) -> Health:
    """What the probe sees once the dashboard's first visitor was there."""
    client = connect_read(record["environment"])
    assert client is not None
    deadline = time.monotonic() + READ_WITHIN_S
    with closing(client):
        while True:
            seen = HEALTH.read(client, HealthArguments(), scope)
            assert seen.is_healthy, seen.problem
            if seen.tells_last_read:
                return seen
            assert time.monotonic() < deadline
            time.sleep(0.2)


def test_the_dashboard_serves_and_tells_what_it_read(record: dict[str, Any], live_scope: Scope) -> None:
    """Streamlit's own health check is ok; after the first visit the app's note gives today's rows and when."""
    seen = look(record, live_scope)
    assert seen.newest is not None
    assert (live_scope.now - seen.newest).total_seconds() < 2 * 86_400
    assert seen.read_at is not None
    assert abs((seen.read_at - live_scope.now).total_seconds()) < 2 * READ_WITHIN_S


def test_rows_that_came_after_the_cache_was_filled_are_the_caches_fault(
    record: dict[str, Any], live_scope: Scope
) -> None:
    """Snowflake has a newer day than the dashboard shows: the verdict is a cached query, and surely."""
    before = look(record, live_scope)
    add_day = f"INSERT INTO {REVENUE} SELECT MAX(DATE) + 1, 1, 1, 1 FROM {REVENUE}"  # noqa: S608 - our own name
    at = record["warehouse"]
    request = urllib.request.Request(
        f"http://{at['host']}:{at['port']}/control/sql", json.dumps({"sql": add_day}).encode()
    )
    urllib.request.urlopen(request, timeout=60).close()  # noqa: S310
    warehouse = connect_warehouse(record["environment"])
    assert warehouse is not None
    with closing(warehouse):
        fresh = FRESHNESS.read(warehouse, FreshnessArguments((Mart(REVENUE, "DATE", 24),)), live_scope)
    dashboard = look(record, live_scope)
    assert dashboard.newest == before.newest
    cause = find_cause(StalenessArguments(fresh=fresh, dashboard=dashboard), live_scope.now)
    assert (cause.kind, cause.is_sure) == ("cached", True)
