"""Stage 9: a person says yes or no to one plan's digest."""

from dataclasses import replace
from datetime import datetime

from bot.errors import NotAllowed, PlanExpired, PlanSettled
from bot.flow.card import PlanView
from bot.flow.ports import AuditEntry
from bot.flow.redraw import redraw, show_mood
from bot.flow.request_remedy import find_open
from bot.flow.world import World
from bot.incidents.incident import Incident
from bot.incidents.lifecycle import begin_remedy
from bot.remediation.approve import Approval, Roster, approve, check_open
from bot.remediation.outcome import Outcome, Stage


async def decide_remedy(plan_id: str, digest: str, person: str, is_approved: bool, world: World) -> None:
    """Approve or decline. Raises RemedyRefused with the reason for the clicker; a refusal leaves a line in the audit
    log."""
    view = await world.plans.get(plan_id)
    if view is None:
        raise PlanSettled("This plan is not known here any more.")
    if not view.outcome.stage.is_final:
        await find_open(view.plan.incident, world)
    roster = Roster(await world.people.on_call(), await world.people.leads())
    now = world.clock.now()
    try:
        if is_approved:
            await _approve(view, digest, person, roster, now, world)
        else:
            await _decline(view, digest, person, roster, now, world)
    except NotAllowed as refusal:
        await world.audit.append(_entry(view, person, "approval refused", {"reason": str(refusal)}, now))
        raise
    except PlanExpired as refusal:
        void = replace(view.outcome, stage=Stage.VOID, detail="It expired before anybody approved it.", ended_at=now)
        await world.plans.advance(plan_id, view.outcome, void, _entry(view, person, "plan expired", {}, now))
        await redraw(view.plan.incident, world)
        raise refusal from None


async def _approve(view: PlanView, digest: str, person: str, roster: Roster, now: datetime, world: World) -> None:
    granted = approve(view.plan, view.outcome, digest, person, roster, now)
    stage = Stage.APPROVED if isinstance(granted, Approval) else Stage.OFFERED
    outcome = replace(view.outcome, stage=stage, approved_by=granted.people, decided_at=now)
    action = "remedy approved" if isinstance(granted, Approval) else "approval counted"
    await _settle(
        view, outcome, _entry(view, person, action, {"digest": digest, "people": [*granted.people]}, now), world
    )
    if isinstance(granted, Approval):
        await _begin(view, person, world)
    await redraw(view.plan.incident, world)


async def _begin(view: PlanView, person: str, world: World) -> None:
    # Resolved at this very moment? The run sees that too, and voids the plan instead of leaving it approved.
    def begin(kept: Incident) -> Incident:
        return begin_remedy(kept, person) if kept.is_open else kept

    begun = await world.incidents.change(view.plan.incident, begin)
    if begun is not None:
        await show_mood(begun, world)  # before the run starts: a fast one would already have shown its end
    await world.engine.start_remedy(view.plan.id)


async def _decline(view: PlanView, digest: str, person: str, roster: Roster, now: datetime, world: World) -> None:
    check_open(view.plan, view.outcome, digest, now)
    if person != view.plan.requested_by and person not in roster.allowed(view.plan.approve):
        raise NotAllowed("Only whoever asked for this plan, or may approve it, can decline it.")
    declined = replace(view.outcome, stage=Stage.DECLINED, detail=f"Declined by <@{person}>.", ended_at=now)
    await _settle(view, declined, _entry(view, person, "remedy declined", {"digest": digest}, now), world)
    await redraw(view.plan.incident, world)


async def _settle(view: PlanView, outcome: Outcome, entry: AuditEntry, world: World) -> None:
    # Two clicks at once: the row decides who was first.
    if not await world.plans.advance(view.plan.id, view.outcome, outcome, entry):
        raise PlanSettled("Somebody else decided on this plan at the same moment; the card shows what.")


def _entry(view: PlanView, person: str, action: str, detail: dict[str, object], now: datetime) -> AuditEntry:
    return AuditEntry(now, person, action, view.plan.incident, view.plan.id, detail)
