"""An approved plan is run on the state that was approved, or not at all."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.errors import PlanVoid
from bot.remediation.approve import approval_of
from bot.remediation.execute import Execution, begin, recheck, run
from bot.remediation.outcome import Outcome, Stage
from bot.remediation.plan import Plan
from bot.remediation.remedy import Command, Draft

APPROVED = Outcome(Stage.APPROVED, approved_by=("UCALL",))


def an_execution(plan: Plan) -> Execution:
    """The plan with its approval."""
    return begin(plan, approval_of(plan, APPROVED))


@pytest.mark.parametrize("changed", [{"id": "plan-2"}, {"remedy": "postgres.terminate"}], ids=["plan", "digest"])
def test_an_approval_of_another_plan_runs_nothing(a_plan: Callable[..., Plan], changed: dict[str, str]) -> None:
    """Neither the same commands under another id, nor another digest."""
    with pytest.raises(PlanVoid):
        begin(a_plan(**changed), approval_of(a_plan(), APPROVED))


async def rechecked(plan: Plan, fresh: Draft) -> str:
    """What recheck says when planning again gives `fresh`."""

    async def draft() -> Draft:
        return fresh

    return await recheck(an_execution(plan), draft)


async def test_an_unchanged_state_lets_it_run(a_plan: Callable[..., Plan]) -> None:
    """Other words around the same commands do not matter."""
    plan = a_plan()
    assert await rechecked(plan, replace(plan.draft, blast_radius="now 43 min")) == ""


async def test_a_changed_state_says_what_would_be_run_now(a_plan: Callable[..., Plan]) -> None:
    """The plan is void, and the card shows the difference."""
    plan = a_plan()
    fresh = replace(plan.draft, commands=(Command("cancel", "SELECT pg_cancel_backend(8)", {"pid": 8}),))
    assert await rechecked(plan, fresh) == ("The state changed since this plan was made: SELECT pg_cancel_backend(8)")


@pytest.mark.parametrize("note", ["The query has ended.", ""])
async def test_a_state_that_mended_itself_says_so(a_plan: Callable[..., Plan], note: str) -> None:
    """Nothing to change any more is void too, in the remedy's words where it has any."""
    assert await rechecked(a_plan(), Draft("orders_db", (), "", note=note)) == (
        note or "Nothing needs changing any more."
    )


async def test_commands_are_run_by_their_number(a_plan: Callable[..., Plan]) -> None:
    """Exactly the command that was approved is handed over, and the system's words come back."""
    commands = (Command("a", "first"), Command("b", "second"))

    async def perform(command: Command) -> str:
        return f"ran {command.text}"

    assert await run(an_execution(a_plan(Draft("db", commands, ""))), 1, perform) == "ran second"
