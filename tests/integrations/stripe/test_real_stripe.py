"""The probe on the sandbox's Stripe, which limits requests as Stripe documents it."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.integrations.stripe import INTEGRATION, connect_read
from bot.integrations.stripe.probes.status import Status
from bot.sandbox.breaks.running import open_running
from bot.sandbox.breaks.stripe_429 import limit_stripe

pytestmark = pytest.mark.sandbox


def look(record: dict[str, Any], scope: Scope) -> Status:
    """The facts, now."""
    [probe] = INTEGRATION.probes
    client = connect_read(record["environment"])
    assert client is not None
    with closing(client):
        found: Status = probe.read(client, probe.arguments(), scope)
    return found


def test_it_answers_until_it_limits(real: Callable[[str], dict[str, Any]], live_scope: Scope) -> None:
    """Test mode by the key; once the account's requests are used up the reason and the wait are told."""
    record = real("stripe")
    found = look(record, live_scope)
    assert (found.mode, found.key_kind, found.verdict, found.limit_per_s) == ("test", "restricted", "answers", 25)
    limit_stripe(open_running(Path(record["state"]), print), 0.1)
    assert look(record, live_scope).verdict == "answers"
    limited = look(record, live_scope)
    assert (limited.verdict, limited.code, limited.reason) == ("limited", "rate_limit", "global-rate")
    assert 5 <= (limited.retry_after_s or 0) <= 10
