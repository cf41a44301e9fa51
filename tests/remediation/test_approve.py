"""A person's yes: counted, or refused with the reason."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import NotAllowed, PlanExpired, PlanSettled, PlanVoid
from bot.playbooks.reply import Approvers
from bot.remediation.approve import Approval, Pending, Roster, approval_of, approve
from bot.remediation.outcome import Outcome, Stage
from bot.remediation.plan import Plan
from bot.remediation.remedy import Draft

NOW = datetime(2026, 3, 4, 9, 35, tzinfo=UTC)
ROSTER = Roster(on_call={"UCALL"}, leads={"ULEAD"})
OFFERED = Outcome()


def test_whoever_is_on_call_approves_alone(a_plan: Callable[..., Plan]) -> None:
    """The approval names the plan, its digest and the person."""
    plan = a_plan()
    granted = approve(plan, OFFERED, plan.digest, "UCALL", ROSTER, NOW)
    assert isinstance(granted, Approval)
    assert (granted.plan, granted.digest, granted.people) == (plan.id, plan.digest, ("UCALL",))


@pytest.mark.parametrize(
    ("needs", "person"),
    [(Approvers.ONCALL, "ULEAD"), (Approvers.ONCALL, "UBY"), (Approvers.LEAD, "UCALL"), (Approvers.TWO_PEOPLE, "UBY")],
)
def test_anybody_else_is_told_who_may(a_plan: Callable[..., Plan], needs: Approvers, person: str) -> None:
    """The refusal names those whose yes would count."""
    plan = a_plan(approve=needs)
    with pytest.raises(NotAllowed, match=r"<@U(CALL|LEAD)>"):
        approve(plan, OFFERED, plan.digest, person, ROSTER, NOW)


@pytest.mark.parametrize("needs", list(Approvers))
def test_when_nobody_is_known_nobody_may(a_plan: Callable[..., Plan], needs: Approvers) -> None:
    """An empty schedule never opens the door; the refusal says where to name people."""
    plan = a_plan(approve=needs)
    with pytest.raises(NotAllowed, match=r"nobody is known .* platform.yml"):
        approve(plan, OFFERED, plan.digest, "UCALL", Roster((), ()), NOW)


def test_leads_do_not_stand_in_for_an_unknown_on_call(a_plan: Callable[..., Plan]) -> None:
    """Two leads may not approve for two people while nobody is known to be on call."""
    plan = a_plan(approve=Approvers.TWO_PEOPLE)
    with pytest.raises(NotAllowed, match="nobody is known"):
        approve(plan, OFFERED, plan.digest, "ULEAD", Roster((), {"ULEAD", "ULEAD2"}), NOW)


def test_two_people_are_two(a_plan: Callable[..., Plan]) -> None:
    """One yes is counted and waits; the same person's second is refused; another's grants."""
    plan = a_plan(approve=Approvers.TWO_PEOPLE)
    first = approve(plan, OFFERED, plan.digest, "UCALL", ROSTER, NOW)
    assert first == Pending(("UCALL",))
    counted = replace(OFFERED, approved_by=first.people)
    with pytest.raises(NotAllowed, match="second person"):
        approve(plan, counted, plan.digest, "UCALL", ROSTER, NOW)
    granted = approve(plan, counted, plan.digest, "ULEAD", ROSTER, NOW)
    assert isinstance(granted, Approval)
    assert granted.people == ("UCALL", "ULEAD")


def test_an_expired_plan_is_refused(a_plan: Callable[..., Plan]) -> None:
    """Fifteen minutes on, the state may be another."""
    plan = a_plan()
    with pytest.raises(PlanExpired, match="15 minutes"):
        approve(plan, OFFERED, plan.digest, "UCALL", ROSTER, plan.made_at + timedelta(minutes=15))


def test_another_digest_is_refused(a_plan: Callable[..., Plan]) -> None:
    """A button of an older card approves nothing."""
    with pytest.raises(PlanVoid, match="older plan"):
        approve(a_plan(), OFFERED, "0" * 64, "UCALL", ROSTER, NOW)


def test_a_plan_without_commands_is_never_approved(a_plan: Callable[..., Plan]) -> None:
    """There is nothing to say yes to."""
    plan = a_plan(Draft("db", (), "", note="nothing to cancel"))
    with pytest.raises(PlanVoid):
        approve(plan, OFFERED, plan.digest, "UCALL", ROSTER, NOW)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.OFFERED])
def test_a_settled_plan_is_refused_in_words(a_plan: Callable[..., Plan], stage: Stage) -> None:
    """A second click says what became of the plan, without underscores."""
    plan = a_plan()
    with pytest.raises(PlanSettled, match=stage.value.replace("_", " ")):
        approve(plan, Outcome(stage), plan.digest, "UCALL", ROSTER, NOW)


def test_an_approval_cannot_be_made_up() -> None:
    """Only the functions that checked make one."""
    with pytest.raises(TypeError):
        Approval("plan-1", "digest", ("UCALL",))


@pytest.mark.parametrize("stage", [Stage.APPROVED, Stage.RUNNING, Stage.VERIFYING])
def test_a_granted_approval_is_found_again_after_a_restart(a_plan: Callable[..., Plan], stage: Stage) -> None:
    """It holds the people who gave it."""
    assert approval_of(a_plan(), Outcome(stage, approved_by=("UCALL",))).people == ("UCALL",)


@pytest.mark.parametrize("stage", [Stage.OFFERED, Stage.DECLINED, Stage.VOID, Stage.HELPED])
def test_no_approval_is_found_where_none_was_granted(a_plan: Callable[..., Plan], stage: Stage) -> None:
    """A plan that waits, or has come to its end, is not run."""
    with pytest.raises(PlanSettled, match="not approved"):
        approval_of(a_plan(), Outcome(stage))
