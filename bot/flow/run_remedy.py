"""Stages 10 and 11, durably: an approved plan is re-checked, run once, verified, and its outcome is told.

Every step's result is recorded by the engine, so a killed process goes on after the last one that was. A step that was
interrupted runs again: `perform` sees then that the change was made (bot/remediation/remedy.py).
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

import structlog

from bot.alerts.redaction import redact
from bot.diagnostics.probe import Scope
from bot.errors import RunbookError, Unreachable
from bot.flow.card import PlanView
from bot.flow.close_incident import close_after_remedy
from bot.flow.ports import AuditEntry
from bot.flow.redraw import redraw
from bot.flow.world import World
from bot.incidents.incident import Incident
from bot.incidents.lifecycle import begin_remedy
from bot.remediation.approve import approval_of
from bot.remediation.execute import Execution, begin, recheck, run
from bot.remediation.outcome import Outcome, Stage
from bot.remediation.plan import APPROVAL_EXPIRES_AFTER
from bot.remediation.remedy import Command, Draft, Verification
from bot.remediation.verify import Verdict, judge, waits

MET = "met"
log = structlog.get_logger()


class Durable(Protocol):
    """The engine, seen from inside a running remedy."""

    async def step(self, name: str, work: Callable[[], Awaitable[str]]) -> str:
        """Run `work` and record its result; after a restart give the recorded one instead."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; a restart waits only for the rest."""
        ...


async def run_remedy(plan_id: str, world: World, durable: Durable) -> None:
    """Bring an approved plan to its end: helped, did not help, failed, or void because the state had changed."""
    view = await world.plans.get(plan_id)
    if view is None:
        return
    if view.outcome.stage.is_final:  # killed after its end was written, before it was told
        await close_after_remedy(view.plan, view.outcome.stage, view.outcome.detail, world)
        return
    try:
        await _run(view, world, durable)
    except Exception as error:  # an edge: nobody waits for this run, and the card must not say "running" for ever
        log.exception("remedy broke", plan=plan_id)
        await _end(plan_id, Stage.FAILED, f"The remedy broke: {redact(f'{type(error).__name__}: {error}')}", world)


async def _run(view: PlanView, world: World, durable: Durable) -> None:
    plan_id = view.plan.id
    execution = begin(view.plan, approval_of(view.plan, view.outcome))
    checked_here = False

    async def check() -> str:
        nonlocal checked_here
        checked_here = True
        return await _recheck(execution, view.outcome, world)

    reason = await durable.step("recheck", check)
    if not reason and not checked_here and view.outcome.stage is Stage.APPROVED:
        # Killed between the check and the first command: what was true then may be hours old.
        reason = await _recheck(execution, view.outcome, world)
    if reason:
        await _end(plan_id, Stage.VOID, reason, world)
        return
    failure = await _run_commands(execution, world, durable)
    if failure:
        await _end(plan_id, Stage.FAILED, failure, world)
        return
    await _verify(execution, world, durable)


async def _recheck(execution: Execution, outcome: Outcome, world: World) -> str:
    decided_at = outcome.decided_at
    if decided_at is not None and world.clock.now() - decided_at > APPROVAL_EXPIRES_AFTER:
        # Its start failed, or the bot was down: by now somebody may have helped by hand.
        return "It was approved, but could not be begun within 15 minutes of that; ask for it again."
    plan = execution.plan
    person = execution.approval.people[-1]

    def start(kept: Incident) -> Incident:
        return begin_remedy(kept, person) if kept.is_open else kept

    begun = await world.incidents.change(plan.incident, start)
    if begun is None or not begun.is_open:
        return "The incident was resolved before this ran."

    async def draft() -> Draft:
        return await world.systems.draft(plan.remedy, plan.arguments, Scope(plan.incident, world.clock.now()))

    try:
        return await recheck(execution, draft)
    except RunbookError as error:
        return f"The state could not be read again before acting: {error}"


async def _run_commands(execution: Execution, world: World, durable: Durable) -> str:
    plan = execution.plan

    async def perform(command: Command) -> str:
        return await world.systems.perform(plan.remedy, command, Scope(plan.incident, world.clock.now()))

    async def attempt(number: int) -> str:
        await _move(plan.id, Stage.RUNNING, world)
        try:
            said = await run(execution, number, perform)
        except Unreachable as error:
            return f"failed: {error}. Whether it took effect is not known; what is true now stands above."
        except RunbookError as error:
            return f"failed: {error}"
        await _say(plan.id, number, said, world)
        return f"done: {said}"

    for number, command in enumerate(plan.draft.commands):
        result = await durable.step(f"command {number}", lambda number=number: attempt(number))  # type: ignore[misc]
        if result.startswith("failed: "):
            return f"`{command.text}` failed: {result.removeprefix('failed: ')}"
    return ""


async def _verify(execution: Execution, world: World, durable: Durable) -> None:
    plan = execution.plan
    verification = plan.draft.verification
    if verification is None:
        await _end(plan.id, Stage.HELPED, "The commands ran; this remedy has nothing to verify.", world)
        return
    await durable.step("verifying", lambda: _show_verifying(plan.id, plan.incident, world))
    elapsed, seen = 0.0, ""
    for number, wait in enumerate(waits(verification.within_s)):
        await durable.sleep(wait)
        elapsed += wait
        seen = await durable.step(f"look {number}", lambda: _look(verification, plan.incident, world))
        verdict = judge(is_met=seen == MET, elapsed_s=elapsed, within_s=verification.within_s)
        if verdict is Verdict.HELPED:
            await _end(plan.id, Stage.HELPED, f"Verified {elapsed:.0f} s after it ran.", world)
            return
    detail = f"After {elapsed:.0f} s {verification.probe} still does not show what was expected{seen}."
    await _end(plan.id, Stage.DID_NOT_HELP, detail, world)


async def _show_verifying(plan_id: str, incident: str, world: World) -> str:
    await _move(plan_id, Stage.VERIFYING, world)
    await redraw(incident, world)
    return "shown"


async def _look(verification: Verification, incident: str, world: World) -> str:
    """MET, or what to add to "does not show what was expected"."""
    deadline_s = world.systems.deadline_of(verification.probe)
    scope = Scope(incident, world.clock.now(), deadline_s, is_fresh=True)
    try:
        facts = await world.systems.read(verification.probe, verification.arguments, scope)
        return MET if world.library().holds(verification.expect, facts) else ""
    except RunbookError as error:
        return f": at the last look it could not be told, because {error}"


async def _view(plan_id: str, world: World) -> PlanView:
    view = await world.plans.get(plan_id)
    if view is None:
        raise RunbookError(f"plan {plan_id} is gone from the store")
    return view


async def _move(plan_id: str, stage: Stage, world: World) -> None:
    view = await _view(plan_id, world)
    await world.plans.advance(plan_id, view.outcome, replace(view.outcome, stage=stage))


async def _say(plan_id: str, number: int, said: str, world: World) -> None:
    view = await _view(plan_id, world)
    if len(view.outcome.said) == number:  # an interrupted step that had said it already says it once
        people = ",".join(view.outcome.approved_by)
        detail = {"command": view.plan.draft.commands[number].text, "said": said}
        entry = AuditEntry(world.clock.now(), people, "command run", view.plan.incident, plan_id, detail)
        await world.plans.advance(plan_id, view.outcome, replace(view.outcome, said=(*view.outcome.said, said)), entry)


async def _end(plan_id: str, stage: Stage, detail: str, world: World) -> None:
    view = await _view(plan_id, world)
    if not view.outcome.stage.is_final:
        now = world.clock.now()
        ended = replace(view.outcome, stage=stage, detail=detail, ended_at=now)
        entry = AuditEntry(now, "", f"remedy {stage.value}", view.plan.incident, plan_id, {"detail": detail})
        await world.plans.advance(plan_id, view.outcome, ended, entry)
        view = await _view(plan_id, world)
    # What is kept counts: an error while a remedy that helped was being told must not close it as failed.
    await close_after_remedy(view.plan, view.outcome.stage, view.outcome.detail, world)
