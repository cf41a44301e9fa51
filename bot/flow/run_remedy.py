"""Stages 10 and 11, durably: an approved plan is re-checked, run once, verified, and its outcome is told.

Every step's result is recorded by the engine, so a killed process goes on after the last one that was. A step that was
interrupted runs again: `perform` sees then that the change was made (bot/remediation/remedy.py).
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

from bot.diagnostics.probe import Scope
from bot.errors import RunbookError
from bot.flow.card import PlanView
from bot.flow.close_incident import close_after_remedy
from bot.flow.ports import AuditEntry
from bot.flow.redraw import redraw
from bot.flow.world import World
from bot.remediation.approve import approval_of
from bot.remediation.execute import Execution, begin, recheck, run
from bot.remediation.outcome import Outcome, Stage
from bot.remediation.remedy import Command, Draft, Verification
from bot.remediation.verify import Verdict, judge, waits


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
    execution = begin(view.plan, approval_of(view.plan, view.outcome))
    reason = await durable.step("recheck", lambda: _recheck(execution, world))
    if reason:
        await _end(plan_id, Stage.VOID, reason, world)
        return
    failure = await _run_commands(execution, world, durable)
    if failure:
        await _end(plan_id, Stage.FAILED, failure, world)
        return
    await _verify(execution, world, durable)


async def _recheck(execution: Execution, world: World) -> str:
    plan = execution.plan

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
    elapsed = 0.0
    for number, wait in enumerate(waits(verification.within_s)):
        await durable.sleep(wait)
        elapsed += wait
        is_met = await durable.step(f"look {number}", lambda: _is_met(verification, plan.incident, world)) == "yes"
        verdict = judge(is_met=is_met, elapsed_s=elapsed, within_s=verification.within_s)
        if verdict is Verdict.HELPED:
            await _end(plan.id, Stage.HELPED, f"Verified {elapsed:.0f} s after it ran.", world)
            return
    detail = f"After {verification.within_s / 60:.0f} min {verification.probe} still does not show what was expected."
    await _end(plan.id, Stage.DID_NOT_HELP, detail, world)


async def _show_verifying(plan_id: str, incident: str, world: World) -> str:
    await _move(plan_id, Stage.VERIFYING, world)
    await redraw(incident, world)
    return "shown"


async def _is_met(verification: Verification, incident: str, world: World) -> str:
    scope = Scope(incident, world.clock.now(), world.systems.deadline_of(verification.probe))
    try:
        facts = await world.systems.read(verification.probe, verification.arguments, scope)
        return "yes" if world.library().holds(verification.expect, facts) else "no"
    except RunbookError as error:
        return f"could not read: {error}"


async def _view(plan_id: str, world: World) -> PlanView:
    view = await world.plans.get(plan_id)
    if view is None:
        raise RunbookError(f"plan {plan_id} is gone from the store")
    return view


async def _advance(plan_id: str, world: World, change: Callable[[Outcome], Outcome]) -> None:
    view = await _view(plan_id, world)
    await world.plans.advance(plan_id, view.outcome, change(view.outcome))


async def _move(plan_id: str, stage: Stage, world: World) -> None:
    await _advance(plan_id, world, lambda outcome: replace(outcome, stage=stage))


async def _say(plan_id: str, number: int, said: str, world: World) -> None:
    view = await _view(plan_id, world)
    if len(view.outcome.said) == number:  # an interrupted step that had said it already says it once
        await _advance(plan_id, world, lambda outcome: replace(outcome, said=(*outcome.said, said)))
        detail = {"command": view.plan.draft.commands[number].text, "said": said}
        await world.audit.append(
            AuditEntry(
                world.clock.now(),
                ",".join(view.outcome.approved_by),
                "command run",
                view.plan.incident,
                plan_id,
                detail,
            )
        )


async def _end(plan_id: str, stage: Stage, detail: str, world: World) -> None:
    view = await _view(plan_id, world)
    if not view.outcome.stage.is_final:
        now = world.clock.now()
        await _advance(plan_id, world, lambda outcome: replace(outcome, stage=stage, detail=detail, ended_at=now))
        entry = AuditEntry(now, "", f"remedy {stage.value}", view.plan.incident, plan_id, {"detail": detail})
        await world.audit.append(entry)
    await close_after_remedy(view.plan, stage, detail, world)
