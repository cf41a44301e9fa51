"""The probe runner: a finding whatever happens, in time."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.diagnostics.look import GRACE_S, look
from bot.errors import EntityError, NotConnected, Unreachable

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


async def look_with(error: Exception | None = None, facts: Any = None, wait_s: float = 0.0, deadline_s: float = 60.0):
    """Look with a probe that waits, then raises or answers."""

    async def read() -> Any:
        await asyncio.sleep(wait_s)
        if error:
            raise error
        return facts

    return await look("a.probe", read, deadline_s, lambda: NOW)


async def test_facts_are_handed_on() -> None:
    """What the probe read, when, and how long it took."""
    finding = await look_with(facts={"pid": 7}, wait_s=0.02)
    assert (finding.probe, finding.facts, finding.reason, finding.read_at) == ("a.probe", {"pid": 7}, None, NOW)
    assert finding.is_read
    assert 0.01 < finding.took_s < 30


async def test_nothing_to_see_is_not_a_failure() -> None:
    """A probe may answer None; only a reason says that it could not be read."""
    assert (await look_with(facts=None)).is_read


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Unreachable("Airflow", "refused the connection"), "refused the connection"),
        (NotConnected("Airflow"), "not connected"),
        (EntityError("`x` is no pid"), "`x` is no pid"),
    ],
    ids=lambda one: type(one).__name__,
)
async def test_a_known_error_becomes_its_reason(error: Exception, reason: str) -> None:
    """An integration's bare reason, another error's own sentence."""
    finding = await look_with(error)
    assert (finding.reason, finding.is_read) == (reason, False)


async def test_a_slow_probe_is_given_up_at_its_deadline() -> None:
    """It says after how long; what it waited is the deadline and the grace, and no other time."""
    finding = await look_with(wait_s=600, deadline_s=0.05)
    assert finding.reason == "it did not answer within 0.05 s"
    assert 0.05 + GRACE_S - 0.01 < finding.took_s < 60


async def test_a_probe_that_breaks_is_told_without_its_secrets() -> None:
    """A bug in a probe is a finding with its type, not a lost reply; secrets in its text are hidden."""
    finding = await look_with(KeyError("postgres://bot:hunter2@db/x"))
    assert finding.reason is not None
    assert finding.reason.startswith("the probe broke: KeyError")
    assert "hunter2" not in finding.reason


async def test_stopping_the_bot_stops_the_look() -> None:
    """A cancellation is not swallowed as if the probe had failed."""
    task = asyncio.create_task(look_with(wait_s=600))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
