"""Stage 8: an offer becomes a plan on the card: exact commands, blast radius, nothing run."""

import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot.diagnostics.probe import Scope
from bot.errors import EntityError, PlanSettled, RemedyRefused
from bot.flow.ports import AuditEntry
from bot.flow.redraw import redraw, reply_of
from bot.flow.world import World
from bot.incidents.incident import Incident
from bot.playbooks.reply import InputField, Offer
from bot.remediation.outcome import Outcome, Stage
from bot.remediation.plan import APPROVAL_EXPIRES_AFTER, Plan, digest_of
from bot.remediation.remedy import Draft, Verification


async def request_remedy(incident_id: str, offer: str, person: str, world: World) -> None:
    """Plan an offered remedy on the state of now and show the plan. Anybody may ask; nothing is run.

    RemedyRefused when it is no longer offered, or the same plan is on the card already.
    """
    incident = await find_open(incident_id, world)
    findings = await world.findings.load(incident.id)
    offers = {one.name: one for one in reply_of(incident, findings, world).offers()}
    if offer not in offers:
        raise RemedyRefused("This is no longer offered: the findings on the card have changed.")
    await plan_offer(incident, offers[offer], person, world)


async def find_open(incident_id: str, world: World) -> Incident:
    """The incident, if it is open. RemedyRefused when it is not."""
    incident = await world.incidents.get(incident_id)
    if incident is None or not incident.is_open:
        raise RemedyRefused("This incident is over; nothing can be done on its card any more.")
    return incident


async def plan_offer(
    incident: Incident, offer: Offer, person: str, world: World, verification: Verification | None = None
) -> None:
    """Make the plan of an offer, keep it, and show it on the card; `verification` wins over the offer's own."""
    async with world.locks.of(f"{incident.id} plans"):  # two clicks at once: the second finds the first one's plan
        await _plan(incident, offer, person, world, verification)
    await redraw(incident.id, world)


async def _plan(incident: Incident, offer: Offer, person: str, world: World, verification: Verification | None) -> None:
    now = world.clock.now()
    draft = await world.systems.draft(offer.remedy, offer.arguments, Scope(incident.id, now))
    digest = digest_of(offer.remedy, offer.arguments, draft)
    verification = verification or await _verification(incident, offer, draft, world)
    await _settle_older(incident, offer.name, digest, world)
    plan = Plan(
        id=world.new_id("plan"),
        incident=incident.id,
        offer=offer.name,
        remedy=offer.remedy,
        arguments=offer.arguments,
        draft=replace(draft, verification=verification),
        approve=offer.approve,
        requested_by=person,
        made_at=now,
        expires_at=now + APPROVAL_EXPIRES_AFTER,
        inputs=offer.inputs,
        label=offer.label,
        digest=digest,
        resolves=offer.resolves,
    )
    await world.plans.add(plan)
    if not draft.commands:
        await world.plans.advance(plan.id, Outcome(), Outcome(Stage.VOID, detail=draft.note, ended_at=now))
    commands = [command.text for command in draft.commands]
    detail = {"remedy": plan.remedy, "commands": commands, "digest": digest, "blast_radius": draft.blast_radius}
    await world.audit.append(AuditEntry(now, person, "remedy planned", incident.id, plan.id, detail))


async def _verification(incident: Incident, offer: Offer, draft: Draft, world: World) -> Verification | None:
    # What the playbook asks to see wins over what the remedy itself would look at.
    if offer.verify is None:
        return draft.verification
    library = world.library()
    findings = await world.findings.load(incident.id)
    probe, arguments = library.diagnostic(incident.playbook, offer.verify.again, incident.entities, findings)
    return Verification(probe, arguments, offer.verify.expect, offer.verify.within_s)


async def _settle_older(incident: Incident, offer: str, digest: str, world: World) -> None:
    now = world.clock.now()
    for view in await world.plans.of_incident(incident.id):
        if view.plan.offer != offer or view.outcome.stage.is_final:
            continue
        if view.outcome.stage is not Stage.OFFERED:
            raise PlanSettled("A plan of this remedy was approved and is being run; its outcome will be on the card.")
        if view.plan.digest == digest and now < view.plan.expires_at:
            raise RemedyRefused("This plan is on the card already, waiting for approval.")
        void = replace(view.outcome, stage=Stage.VOID, detail="A newer plan replaced it.", ended_at=now)
        if not await world.plans.advance(view.plan.id, view.outcome, void):
            raise PlanSettled("Somebody decided on the older plan of this remedy at the same moment; see the card.")


async def change_plan(plan_id: str, inputs: Mapping[str, object], person: str, world: World) -> None:
    """Plan again with other inputs; the older plan is void. EntityError when a value is out of its bounds."""
    view = await world.plans.get(plan_id)
    if view is None or view.outcome.stage is not Stage.OFFERED:
        raise PlanSettled("This plan was settled in the meantime.")
    plan = view.plan
    incident = await find_open(plan.incident, world)
    changed = tuple(replace(one, value=_checked(one, inputs.get(one.name, one.value))) for one in plan.inputs)
    arguments = {**plan.arguments, **{one.name: one.value for one in changed}}
    again = Offer(plan.offer, plan.label, plan.remedy, arguments, plan.approve, changed, resolves=plan.resolves)
    await plan_offer(incident, again, person, world, plan.draft.verification)


def _checked(one: InputField, value: Any) -> Any:
    if one.kind != "number":
        return "" if value is None else str(value)
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):  # NaN would pass every bound
        raise EntityError(f"{one.label}: `{value}` is not a number.")
    if one.minimum is not None and number < one.minimum:
        raise EntityError(f"{one.label}: at least {digits(one.minimum)}.")
    if one.maximum is not None and number > one.maximum:
        raise EntityError(f"{one.label}: at most {digits(one.maximum)}.")
    return int(number) if number.is_integer() else number


def digits(number: float) -> str:
    """A number as people write it: every digit that it has, no exponent, no `.0`."""
    return format(Decimal(repr(number)).normalize(), "f")
