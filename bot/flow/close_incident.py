"""Stage 12: an incident is taken, given back, or over."""

from collections.abc import Sequence

from bot.flow.diagnose_incident import diagnose_incident
from bot.flow.ports import AuditEntry, Move
from bot.flow.redraw import redraw, show_mood
from bot.flow.world import World
from bot.incidents import lifecycle
from bot.incidents.incident import Incident
from bot.remediation.outcome import Stage
from bot.remediation.plan import Plan


async def acknowledge(incident_id: str, person: str, world: World) -> None:
    """`person` is on it; the card and the alert's reaction say so."""
    await _move(incident_id, person, "acknowledged", lambda kept: lifecycle.acknowledge(kept, person), world)


async def resolve(incident_id: str, person: str, world: World) -> None:
    """`person` says that it is over."""
    now = world.clock.now()
    await _move(incident_id, person, "resolved", lambda kept: lifecycle.resolve(kept, person, now, ""), world)


async def _move(incident_id: str, person: str, action: str, move: Move, world: World) -> None:
    incident = await world.incidents.change(incident_id, move)
    if incident is None:
        return
    await world.audit.append(AuditEntry(world.clock.now(), person, f"incident {action}", incident_id, "", {}))
    await redraw(incident_id, world)
    await show_mood(incident, world)


async def close_after_remedy(plan: Plan, stage: Stage, detail: str, world: World) -> None:
    """A remedy came to its end: the incident is over if it helped and is said to end it, and the findings are read
    again.

    What came of it is shown first: systems that are slow to answer must not keep a solved incident red.
    """
    now = world.clock.now()
    others = [view for view in await world.plans.of_incident("") if view.plan.incident == plan.incident]
    before = await world.incidents.get(plan.incident)

    def move(kept: Incident) -> Incident:
        if stage is Stage.HELPED and plan.resolves and kept.is_open:
            return lifecycle.resolve(kept, "", now, f"{plan.label}: {detail}")
        return kept if others else lifecycle.end_remedy(kept)

    moved = await world.incidents.change(plan.incident, move)
    if before is None or moved is None:
        return
    if before.is_open and not moved.is_open:
        await world.audit.append(AuditEntry(now, "", "incident resolved", plan.incident, plan.id, {"detail": detail}))
    await redraw(plan.incident, world)
    await show_mood(moved, world)
    await diagnose_incident(moved, world, is_fresh=True)


async def list_open(world: World) -> Sequence[Incident]:
    """Open incidents that alerts opened, oldest first; cases that people asked for are not incidents."""
    return [incident for incident in await world.incidents.list_open() if not incident.is_asked]
