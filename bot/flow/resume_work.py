"""At the start of the process: what an earlier one left half done is brought to its end."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.errors import IntegrationError
from bot.flow.diagnose_incident import diagnose_incident
from bot.flow.redraw import redraw, show_mood
from bot.flow.take_alert import begin
from bot.flow.world import World
from bot.incidents import lifecycle
from bot.incidents.incident import Incident
from bot.remediation.outcome import Stage

log = structlog.get_logger()
CASE_ENDS_AFTER = timedelta(days=1)
BEGINS_WITHIN = timedelta(seconds=30)
ABREAST = 8  # incidents looked at side by side: a restart in a storm must not become one on the systems


async def resume_work(world: World) -> None:
    """Hand approved plans to the engine again, post cards that were never posted, finish diagnoses that were cut
    off."""
    for view in await world.plans.of_incident(""):
        await world.engine.start_remedy(view.plan.id)
    gate = asyncio.Semaphore(ABREAST)
    incidents = [await _close_old_case(incident, world) for incident in await world.incidents.list_open()]
    await asyncio.gather(*(_resume(incident, world, gate) for incident in incidents if incident.is_open))


async def begin_approved(world: World) -> None:
    """Begin what was approved a while ago and did not begin, because the engine's store was away at that moment."""
    now = world.clock.now()
    for view in await world.plans.of_incident(""):
        decided_at = view.outcome.decided_at
        if view.outcome.stage is Stage.APPROVED and decided_at and now - decided_at > BEGINS_WITHIN:
            await world.engine.start_remedy(view.plan.id)


async def _close_old_case(incident: Incident, world: World) -> Incident:
    """A case that a person asked for and left: nobody resolves a question, so it ends by itself."""
    now = world.clock.now()
    if not incident.is_asked or now - incident.opened_at < CASE_ENDS_AFTER:
        return incident
    closed = await world.incidents.change(
        incident.id,
        lambda kept: lifecycle.resolve(kept, "", now, "nobody needed it any more") if kept.is_open else kept,
    )
    return closed or incident


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
