"""Stage 5 to 7: every probe of the playbook, side by side, each finding edited into the card as it comes."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

import structlog

from bot.diagnostics.finding import Finding
from bot.diagnostics.look import look
from bot.diagnostics.probe import Scope
from bot.flow.library import Library
from bot.flow.ports import Clock, Systems
from bot.flow.redraw import redraw
from bot.flow.world import World
from bot.incidents.incident import Incident

log = structlog.get_logger()


async def diagnose_incident(incident: Incident, world: World, *, is_fresh: bool = False) -> None:
    """Read what the playbook asks for and keep each finding; the card then is complete.

    Findings of an earlier diagnosis stand until their successors come: a card never goes back to "looking".
    """
    library = world.library()
    if incident.playbook not in library:
        return
    found = diagnose(
        incident.playbook, incident.entities, incident.id, library, world.systems, world.clock, is_fresh=is_fresh
    )
    # One at a time: a slow older diagnosis must not write over a newer. If one breaks, no probe is left running.
    findings: Mapping[str, Finding] = {}
    async with world.locks.of(f"{incident.id} diagnosis"), aclosing(found):
        older = await world.findings.load(incident.id)
        async for findings in found:
            await world.findings.keep(incident.id, {**older, **findings})
            await redraw(incident.id, world)
        if findings:
            unread = sorted(key for key, finding in findings.items() if not finding.is_read)
            last = max(finding.read_at for finding in findings.values())
            log.info("diagnosed", incident=incident.id, unread=unread, last_read_at=last.isoformat())


async def diagnose(
    playbook: str,
    entities: Mapping[str, str],
    tag: str,
    library: Library,
    systems: Systems,
    clock: Clock,
    *,
    is_fresh: bool = False,
) -> AsyncGenerator[Mapping[str, Finding], None]:
    """All findings so far, each time that more came; what needs an earlier finding starts when that one is there.

    Ends when every probe has answered or run out of time. `tag` names the reads in the systems' own logs; `is_fresh`
    refuses what was read for another incident a moment ago.
    """
    findings: dict[str, Finding] = {}
    running: dict[asyncio.Task[Finding], str] = {}

    def begin(probe: str, arguments: Mapping[str, Any]) -> asyncio.Task[Finding]:
        scope = Scope(tag, clock.now(), systems.deadline_of(probe), is_fresh=is_fresh)
        read = look(probe, lambda: systems.read(probe, arguments, scope), scope.deadline_s, clock.now)
        return asyncio.create_task(read)

    def start_ready() -> None:
        for key, (probe, arguments) in library.ready(playbook, entities, findings).items():
            if key not in findings and key not in running.values():
                running[begin(probe, arguments)] = key

    try:
        start_ready()
        while running:
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                findings[running.pop(task)] = task.result()
            start_ready()
            yield dict(findings)
    finally:
        for task in running:
            task.cancel()
