"""Stage 5: the probe runner: whatever a probe does, there is a finding, in time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog

from bot.alerts.redaction import redact
from bot.diagnostics.finding import Finding
from bot.errors import RunbookError

GRACE_S = 0.5  # what a driver may take to give up after the server-side timeout
log = structlog.get_logger()


async def look(
    probe: str, read: Callable[[], Awaitable[Any]], deadline_s: float, now: Callable[[], datetime]
) -> Finding:
    """What the probe saw, or why it could not: never raises, and never takes longer than its deadline and a grace."""
    started = asyncio.get_running_loop().time()

    def finding(facts: Any = None, reason: str | None = None) -> Finding:
        return Finding(probe, now(), asyncio.get_running_loop().time() - started, facts, reason)

    try:
        return finding(await asyncio.wait_for(read(), deadline_s + GRACE_S))
    except TimeoutError:
        return finding(reason=f"it did not answer within {deadline_s:g} s")
    except RunbookError as error:
        return finding(reason=getattr(error, "reason", str(error)))
    except Exception as error:  # an edge: a probe that breaks must not take the reply with it
        log.exception("probe broke", probe=probe)
        return finding(reason=f"the probe broke: {redact(f'{type(error).__name__}: {error}')}")
