"""The digest: the same state gives the same, anything else another."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter

from bot.remediation.plan import Plan, digest_of, expired, is_unchanged
from bot.remediation.remedy import Command, Draft, Verification


def test_planning_again_on_the_same_state_gives_the_same_digest(a_plan: Callable[..., Plan]) -> None:
    """The order in which arguments were written does not count."""
    plan = a_plan(arguments={"a": 1, "b": 2})
    assert digest_of(plan.remedy, {"b": 2, "a": 1}, plan.draft) == plan.digest
    assert is_unchanged(plan, plan.draft)


@pytest.mark.parametrize(
    "changed",
    [
        lambda draft: replace(draft, target="billing_db"),
        lambda draft: replace(draft, commands=()),
        lambda draft: replace(draft, commands=draft.commands * 2),
        lambda draft: replace(draft, commands=(replace(draft.commands[0], text="SELECT 1"),)),
        lambda draft: replace(draft, commands=(replace(draft.commands[0], operation="kill"),)),
        lambda draft: replace(draft, commands=(replace(draft.commands[0], arguments={"pid": 7, "started": "later"}),)),
    ],
    ids=["target", "no commands", "twice", "text", "operation", "start time"],
)
def test_whatever_would_be_run_differently_changes_the_digest(
    a_plan: Callable[..., Plan], changed: Callable[[Draft], Draft]
) -> None:
    """Commands, their hidden arguments and the target: a yes to one is no yes to another."""
    plan = a_plan()
    assert not is_unchanged(plan, changed(plan.draft))


def test_what_is_only_said_does_not_change_the_digest(a_plan: Callable[..., Plan]) -> None:
    """ "running 42 min" becomes 43 without voiding the plan; how it is verified is the playbook's."""
    plan = a_plan()
    later = replace(plan.draft, blast_radius="cancels 1 query, running 43 min", note="x", undo="y")
    assert is_unchanged(plan, replace(later, verification=Verification("a.probe", {}, "result", 60.0)))


def test_order_of_commands_counts(a_plan: Callable[..., Plan]) -> None:
    """They are run one after the other, so another order is another plan."""
    two = (Command("a", "first"), Command("b", "second"))
    plan = a_plan(Draft("db", two, ""))
    assert not is_unchanged(plan, Draft("db", two[::-1], ""))


@pytest.mark.parametrize(
    "value",
    [datetime(2026, 3, 4, tzinfo=UTC), timedelta(minutes=5), Decimal("1.50"), ("a", 1), 2.0, None],
    ids=lambda one: type(one).__name__,
)
def test_a_plan_that_was_kept_has_the_digest_of_the_plan_that_was_shown(
    a_plan: Callable[..., Plan], value: Any
) -> None:
    """Arguments that JSON keeps in another shape do not void a plan when it is read back."""
    plan = a_plan(arguments={"value": value})
    adapter = TypeAdapter(Plan)
    kept = adapter.validate_json(adapter.dump_json(plan))
    assert is_unchanged(kept, plan.draft)


def test_a_plan_expires_at_its_moment(a_plan: Callable[..., Plan]) -> None:
    """Fifteen minutes after it was made it is too late, not a moment before."""
    plan = a_plan()
    assert not expired(plan, plan.expires_at - timedelta(microseconds=1))
    assert expired(plan, plan.expires_at)
