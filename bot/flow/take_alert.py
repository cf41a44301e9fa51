"""Stages 2 to 7: an alert opens an incident or joins the open one, and the thread answers."""

import asyncio

from bot.alerts.alert import Alert
from bot.flow.diagnose_incident import diagnose_incident
from bot.flow.ports import AuditEntry
from bot.flow.redraw import redraw, show_mood
from bot.flow.world import World
from bot.incidents.incident import Incident
from bot.playbooks.match import Match


async def take_alert(alert: Alert, world: World, event_id: str = "") -> None:
    """Answer an alert in its thread; silence when no playbook knows it, or when it was answered before.

    The first reply goes out before anything is read; findings are edited into it.
    """
    match = world.library().match(alert)
    if match is None:
        return
    fresh = _fresh(alert, match, world)
    detail = {"playbook": fresh.playbook, "entities": dict(fresh.entities)}
    entry = AuditEntry(fresh.opened_at, "", "incident opened", fresh.id, "", detail)
    admission = await world.incidents.admit(alert, fresh, event_id, entry)
    if admission is None:
        return
    if admission.opened:
        await begin(admission.incident, world)
    else:
        await redraw(admission.incident.id, world)


async def begin(incident: Incident, world: World) -> None:
    """Post the card of a new incident, then look. An alert that joined meanwhile may have posted it: one card."""
    await redraw(incident.id, world)
    await asyncio.gather(show_mood(incident, world), diagnose_incident(incident, world))


def _fresh(alert: Alert, match: Match, world: World) -> Incident:
    now = world.clock.now()
    library = world.library()
    return Incident(
        id=world.new_id("inc"),
        playbook=match.playbook.id,
        title=library.title(match.playbook, match.entities),
        severity=match.playbook.severity.value,
        key=library.key(match, alert.channel),
        channel=alert.channel,
        alert_ts=alert.thread_ts or alert.ts,  # a reply that a person points at is answered in its thread
        opened_at=now,
        last_seen_at=now,
        entities=match.entities,
    )


async def edit_alert(alert: Alert, world: World) -> None:
    """An alert's text changed. A known one gets a note on its card; an unknown one may be an alert only now."""
    is_over = world.library().match(alert) is None
    incident = await world.alerts.edited(alert, is_over=is_over, at=world.clock.now())
    if incident:
        await redraw(incident, world)
    elif not is_over:
        await take_alert(alert, world)


async def forget_alert(channel: str, ts: str, world: World) -> None:
    """An alert was deleted. Its incident stays open, because deleting a message mends nothing; the card says so."""
    incident = await world.alerts.deleted(channel, ts, world.clock.now())
    if incident:
        await redraw(incident, world)
