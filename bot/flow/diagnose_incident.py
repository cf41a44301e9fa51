"""Stage 5 to 7: every probe of the playbook, side by side, each finding edited into the card as it comes."""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.diagnostics.finding import Finding
from bot.diagnostics.look import look
from bot.diagnostics.probe import Scope
from bot.flow.redraw import redraw
from bot.flow.world import World
from bot.incidents.incident import Incident


async def diagnose_incident(incident: Incident, world: World) -> None:
    """Read what the playbook asks for; what needs an earlier finding starts when that one is there.

    Ends when every probe has answered or run out of time; the card then is complete.
    """
    findings: dict[str, Finding] = {}
    running: dict[asyncio.Task[Finding], str] = {}
    while True:
        _start_ready(incident, findings, running, world)
        if not running:
            return
        done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            findings[running.pop(task)] = task.result()
        _start_ready(incident, findings, running, world)
        await world.findings.keep(incident.id, findings)
        await redraw(incident.id, world)


def _start_ready(
    incident: Incident, findings: Mapping[str, Finding], running: dict[asyncio.Task[Finding], str], world: World
) -> None:
    library = world.library()
    if incident.playbook not in library:
        return
    ready = library.ready(incident.playbook, incident.entities, findings)
    for key, (probe, arguments) in ready.items():
        if key not in findings and key not in running.values():
            running[asyncio.create_task(_look(incident, probe, arguments, world))] = key


async def _look(incident: Incident, probe: str, arguments: Mapping[str, Any], world: World) -> Finding:
    deadline_s = world.systems.deadline_of(probe)
    scope = Scope(incident.id, world.clock.now(), deadline_s)
    return await look(probe, lambda: world.systems.read(probe, arguments, scope), deadline_s, world.clock.now)
