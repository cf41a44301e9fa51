"""Stage 9: plan + person → approval, or a refusal that says why."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.errors import NotAllowed, PlanExpired, PlanSettled, PlanVoid
from bot.playbooks.reply import Approvers
from bot.remediation.outcome import Outcome, Stage
from bot.remediation.plan import Plan, expired

_GRANTED = object()


@dataclass(frozen=True, slots=True)
class Approval:
    """Named people's yes to one plan's digest. Only `approve` and `approval_of` make one; execute takes nothing
    else."""

    plan: str
    digest: str
    people: tuple[str, ...]
    _granted: object = None

    def __post_init__(self) -> None:
        if self._granted is not _GRANTED:
            raise TypeError("an Approval comes from approve() or approval_of() only")


@dataclass(frozen=True, slots=True)
class Pending:
    """A yes was counted; the plan needs another person's before it may run."""

    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """Who may say yes right now: Slack user ids."""

    on_call: Collection[str]
    leads: Collection[str]

    def allowed(self, approve: Approvers) -> frozenset[str]:
        """Who may approve such a plan. A lead may stand in for the second person, never for an unknown on-call."""
        if approve is Approvers.ONCALL:
            return frozenset(self.on_call)
        if approve is Approvers.LEAD:
            return frozenset(self.leads)
        return frozenset(self.on_call) | frozenset(self.leads) if self.on_call else frozenset()


def check_open(plan: Plan, outcome: Outcome, digest: str, now: datetime) -> None:
    """Raise what speaks against deciding this plan now: settled, void (another digest, nothing to run) or expired."""
    if outcome.stage is not Stage.OFFERED:
        raise PlanSettled(f"This plan is {outcome.stage.value.replace('_', ' ')} already.")
    if digest != plan.digest or not plan.draft.commands:
        raise PlanVoid("This button belongs to an older plan; use the newest one on the card.")
    if expired(plan, now):
        raise PlanExpired(
            "This plan expired 15 minutes after it was made; ask for it again to see it on today's state."
        )


def approve(
    plan: Plan, outcome: Outcome, digest: str, person: str, roster: Roster, now: datetime
) -> Approval | Pending:
    """A person's yes. Raises RemedyRefused (NotAllowed, PlanSettled, PlanVoid, PlanExpired); its text is for that
    person."""
    check_open(plan, outcome, digest, now)
    allowed = roster.allowed(plan.approve)
    if person not in allowed:
        raise NotAllowed(_who_may(plan.approve, allowed))
    if plan.approve is not Approvers.TWO_PEOPLE:
        return Approval(plan.id, digest, (person,), _GRANTED)
    if person in outcome.approved_by:
        raise NotAllowed("You said yes already; this plan needs a second person's.")
    people = (*outcome.approved_by, person)
    return Approval(plan.id, digest, people, _GRANTED) if len(people) > 1 else Pending(people)


def _who_may(approve: Approvers, allowed: Collection[str]) -> str:
    who = {
        Approvers.ONCALL: "whoever is on call now",
        Approvers.LEAD: "a lead",
        Approvers.TWO_PEOPLE: "two different people out of on-call and leads",
    }[approve]
    if not allowed:
        return f"This needs the approval of {who}, and nobody is known to be: see `people` in platform.yml."
    names = ", ".join(f"<@{person}>" for person in sorted(allowed))
    return f"This needs the approval of {who}: {names}."


def approval_of(plan: Plan, outcome: Outcome) -> Approval:
    """The approval that was granted and kept, for a remedy that is resumed. PlanSettled when it was never granted."""
    if outcome.stage not in {Stage.APPROVED, Stage.RUNNING, Stage.VERIFYING}:
        raise PlanSettled(f"This plan is {outcome.stage.value}, not approved.")
    return Approval(plan.id, plan.digest, outcome.approved_by, _GRANTED)
