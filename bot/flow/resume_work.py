"""At the start of the process: what an earlier one left half done is brought to its end."""

import asyncio
from dataclasses import replace

import structlog

from bot.errors import IntegrationError
from bot.flow.diagnose_incident import diagnose_incident
from bot.flow.redraw import redraw, show_mood
from bot.flow.take_alert import begin
from bot.flow.world import World
from bot.incidents.incident import Incident

log = structlog.get_logger()
ABREAST = 8  # incidents looked at side by side: a restart in a storm must not become one on the systems


async def resume_work(world: World) -> None:
    """Hand approved plans to the engine again, post cards that were never posted, finish diagnoses that were cut
    off."""
    for view in await world.plans.of_incident(""):
        await world.engine.start_remedy(view.plan.id)
    gate = asyncio.Semaphore(ABREAST)
    await asyncio.gather(*(_resume(incident, world, gate) for incident in await world.incidents.list_open()))


async def _resume(incident: Incident, world: World, gate: asyncio.Semaphore) -> None:
    async with gate:
        if not incident.card_ts:
            # Posted and killed before its ts was kept? Then it is in the thread, and is edited, not posted again.
            try:
                found = await world.desk.find(incident)
            except IntegrationError as error:
                log.warning("card not looked for", incident=incident.id, reason=error.reason)
                return
            if not found:
                await begin(incident, world)
                return
            await world.incidents.change(incident.id, lambda kept: replace(kept, card_ts=kept.card_ts or found))
        if incident.playbook and not await _is_diagnosed(incident, world):
            await asyncio.gather(show_mood(incident, world), diagnose_incident(incident, world))
        else:
            await redraw(incident.id, world)


async def _is_diagnosed(incident: Incident, world: World) -> bool:
    findings = await world.findings.load(incident.id)
    library = world.library()
    if incident.playbook not in library:
        return True
    return library.render(incident.playbook, incident.entities, findings, world.clock.now()).is_complete
