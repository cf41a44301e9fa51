"""Draw an incident's card from what is kept: whoever calls, the newest state is what stands in the thread."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.diagnostics.finding import Finding
from bot.errors import IntegrationError
from bot.flow.card import Card
from bot.flow.ports import Mood
from bot.flow.world import World
from bot.incidents.incident import Incident, State
from bot.playbooks.reply import Reply

AGAIN_AFTER, AGAIN_AT_LEAST_EVERY = timedelta(seconds=5), timedelta(minutes=10)
log = structlog.get_logger()
MOODS = {
    State.OPEN: Mood.LOOKING,
    State.ACKNOWLEDGED: Mood.ACKNOWLEDGED,
    State.REMEDYING: Mood.REMEDYING,
    State.RESOLVED: Mood.RESOLVED,
}


def reply_of(incident: Incident, findings: Mapping[str, Finding], world: World) -> Reply:
    """The runbook of this incident with these findings; a case without a playbook has a title and nothing else.

    A playbook that is gone since the incident opened leaves the same: the incident stays workable.
    """
    library = world.library()
    if incident.playbook not in library:
        return Reply(incident.playbook, incident.title, incident.severity, "", incident.entities)
    return library.render(incident.playbook, incident.entities, findings, world.clock.now())


async def redraw(id: str, world: World) -> None:
    """Edit the card (or post it, where it is not yet there) to what is true now. Nothing for an unknown incident.

    While Slack does not answer the card stays as it was, and the tick draws it again: what is kept counts, and a remedy
    or diagnosis must not fail because its card could not be drawn.

    Slack takes an edit a second or so. In a storm many wish to draw one card: all who come while one caller waits for
    its turn are served by that caller's drawing, because it reads what is kept only then.
    """
    waiting = world.locks.waiting
    while (ahead := waiting.get(id)) is not None:
        if await asyncio.shield(ahead):
            return
    drawn = waiting[id] = asyncio.get_running_loop().create_future()
    try:
        async with world.locks.of(id):
            del waiting[id]
            await _draw(id, world)
        drawn.set_result(True)
    finally:
        if not drawn.done():  # this caller failed or was cancelled: those behind it draw themselves
            if waiting.get(id) is drawn:
                del waiting[id]
            drawn.set_result(False)


async def _draw(id: str, world: World) -> None:
    incident, findings, plans, notes = await asyncio.gather(
        world.incidents.get(id), world.findings.load(id), world.plans.of_incident(id), world.alerts.notes(id)
    )
    if incident is None:
        return
    known_ts = incident.card_ts
    try:
        if id in world.locks.undrawn and not incident.card_ts:
            # Slack may have taken the post whose answer was lost: then it is edited, not posted again.
            incident = replace(incident, card_ts=await world.desk.find(incident))
        ts = await world.desk.show(Card(incident, reply_of(incident, findings, world), tuple(plans), tuple(notes)))
    except IntegrationError as error:
        times = world.locks.undrawn.get(id, (0, None))[0] + 1
        wait = min(AGAIN_AFTER * 2 ** min(times - 1, 10), AGAIN_AT_LEAST_EVERY)
        world.locks.undrawn[id] = (times, world.clock.now() + wait)
        log.warning("card not drawn", incident=id, reason=error.reason, times=times)
        return
    world.locks.undrawn.pop(id, None)
    if ts != known_ts:
        await world.incidents.change(id, lambda kept: replace(kept, card_ts=ts))


async def redraw_missed(world: World) -> None:
    """Draw the cards that Slack did not take, one after the other: it has just been unwell.

    A card that Slack goes on refusing (the bot was removed from the channel) is tried less and less often.
    """
    now = world.clock.now()
    for id in sorted(id for id, (_, due) in world.locks.undrawn.items() if due <= now):
        await redraw(id, world)


async def show_mood(incident: Incident, world: World) -> None:
    """Set the reaction on the alert that tells the state; left as it was while Slack does not answer."""
    try:
        await world.desk.mark(incident.channel, incident.alert_ts, MOODS[incident.state])
    except IntegrationError as error:
        log.warning("reaction not set", incident=incident.id, reason=error.reason)
