"""The probe on a real Streamlit app that reads the warehouse stand-in."""

import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.integrations.streamlit import connect_read
from bot.integrations.streamlit.probes.health import HEALTH, Health, HealthArguments

pytestmark = pytest.mark.sandbox
READ_WITHIN_S = 40


def test_the_dashboard_serves_and_tells_what_it_read(real: Callable[[str], Any], live_scope: Scope) -> None:
    """Streamlit's own health check is ok; after the first visit the app's note gives today's rows and when."""
    client = connect_read(real("dashboard")["environment"])
    assert client is not None
    deadline = time.monotonic() + READ_WITHIN_S
    with closing(client):

        def look() -> Health:
            seen = HEALTH.read(client, HealthArguments(), live_scope)
            assert seen.is_healthy, seen.problem
            return seen

        while not (seen := look()).tells_last_read:
            assert time.monotonic() < deadline
            time.sleep(0.2)
    assert seen.newest is not None
    assert (live_scope.now - seen.newest).total_seconds() < 2 * 86_400
    assert seen.read_at is not None
    assert abs((seen.read_at - live_scope.now).total_seconds()) < READ_WITHIN_S
