"""Stage 9: a person says yes or no to one plan's digest."""

from dataclasses import replace
from datetime import datetime

from bot.errors import NotAllowed, PlanExpired, PlanSettled
from bot.flow.card import PlanView
from bot.flow.ports import AuditEntry
from bot.flow.redraw import change, redraw, show_mood
from bot.flow.world import World
from bot.incidents.lifecycle import begin_remedy
from bot.remediation.approve import Approval, Roster, approve, check_open
from bot.remediation.outcome import Outcome, Stage


async def decide_remedy(plan_id: str, digest: str, person: str, is_approved: bool, world: World) -> None:
    """Approve or decline. Raises RemedyRefused with the reason for the clicker; a refusal leaves a line in the audit
    log."""
    view = await world.plans.get(plan_id)
    if view is None:
        raise PlanSettled("This plan is not known here any more.")
    roster = Roster(await world.people.on_call(), await world.people.leads())
    now = world.clock.now()
    try:
        if is_approved:
            await _approve(view, digest, person, roster, now, world)
        else:
            await _decline(view, digest, person, roster, now, world)
    except NotAllowed as refusal:
        await _note(view, person, "approval refused", {"reason": str(refusal)}, world)
        raise
    except PlanExpired as refusal:
        void = replace(view.outcome, stage=Stage.VOID, detail="It expired before anybody approved it.", ended_at=now)
        await world.plans.advance(plan_id, view.outcome, void)
        await redraw(view.plan.incident, world)
        raise refusal from None


async def _approve(view: PlanView, digest: str, person: str, roster: Roster, now: datetime, world: World) -> None:
    granted = approve(view.plan, view.outcome, digest, person, roster, now)
    stage = Stage.APPROVED if isinstance(granted, Approval) else Stage.OFFERED
    await _settle(view, replace(view.outcome, stage=stage, approved_by=granted.people, decided_at=now), world)
    await _note(view, person, "remedy approved", {"digest": digest, "people": list(granted.people)}, world)
    if isinstance(granted, Approval):
        incident = await change(view.plan.incident, world, lambda kept: begin_remedy(kept, person))
        await world.engine.start_remedy(view.plan.id)
        if incident is not None:
            await show_mood(incident, world)
    await redraw(view.plan.incident, world)


async def _decline(view: PlanView, digest: str, person: str, roster: Roster, now: datetime, world: World) -> None:
    check_open(view.plan, view.outcome, digest, now)
    if person != view.plan.requested_by and person not in roster.allowed(view.plan.approve):
        raise NotAllowed("Only whoever asked for this plan, or may approve it, can decline it.")
    declined = replace(view.outcome, stage=Stage.DECLINED, detail=f"Declined by <@{person}>.", ended_at=now)
    await _settle(view, declined, world)
    await _note(view, person, "remedy declined", {"digest": digest}, world)
    await redraw(view.plan.incident, world)


async def _settle(view: PlanView, outcome: Outcome, world: World) -> None:
    # Two clicks at once: the row decides who was first.
    if not await world.plans.advance(view.plan.id, view.outcome, outcome):
        raise PlanSettled("Somebody else decided on this plan at the same moment; the card shows what.")


async def _note(view: PlanView, person: str, action: str, detail: dict[str, object], world: World) -> None:
    entry = AuditEntry(world.clock.now(), person, action, view.plan.incident, view.plan.id, detail)
    await world.audit.append(entry)
