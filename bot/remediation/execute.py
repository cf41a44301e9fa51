"""Stage 10: an approved plan is run, once, on the state that was approved."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.errors import PlanVoid
from bot.remediation.approve import Approval
from bot.remediation.plan import Plan, is_unchanged
from bot.remediation.remedy import Command, Draft

Recheck = Callable[[], Awaitable[Draft]]
Perform = Callable[[Command], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Execution:
    """An approved plan that may now be run, one command at a time, in order."""

    plan: Plan
    approval: Approval


def begin(plan: Plan, approval: Approval) -> Execution:
    """Bind an approval to the plan it was given for. PlanVoid when it was given for anything else."""
    if approval.plan != plan.id or approval.digest != plan.digest:
        raise PlanVoid("The approval was given for another plan.")
    return Execution(plan, approval)


async def recheck(execution: Execution, draft: Recheck) -> str:
    """Plan again on the state of now. "" when it is exactly what was approved, else why the plan is void."""
    fresh = await draft()
    if is_unchanged(execution.plan, fresh):
        return ""
    if not fresh.commands:
        return fresh.note or "Nothing needs changing any more."
    return "The state changed since this plan was made: " + "; ".join(command.text for command in fresh.commands)


async def run(execution: Execution, number: int, perform: Perform) -> str:
    """Run command `number` (from 0) of the approved plan; what the system said."""
    return await perform(execution.plan.draft.commands[number])
