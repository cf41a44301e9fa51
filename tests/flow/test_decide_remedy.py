"""A person says yes or no."""

import asyncio

import pytest

from bot.errors import NotAllowed, PlanExpired, PlanSettled, PlanVoid, RemedyRefused
from bot.flow.close_incident import resolve
from bot.flow.decide_remedy import decide_remedy
from bot.flow.ports import Mood
from bot.incidents.incident import State
from bot.remediation.outcome import Stage
from tests.flow.conftest import Decide, Planned
from tests.flow.world import FakeWorld


async def test_a_bystander_is_refused_and_the_log_says_so(opened: FakeWorld, planned: Planned, decide: Decide) -> None:
    """The reason is theirs alone; the plan still waits; the audit log names them."""
    view = await planned()
    with pytest.raises(NotAllowed, match="<@UCALL>"):
        await decide(view, "UBY")
    assert opened.plans.rows[view.plan.id].outcome.stage is Stage.OFFERED
    assert (opened.audit.entries[-1].action, opened.audit.entries[-1].person) == ("approval refused", "UBY")
    assert opened.systems.performed == []


async def test_an_approved_remedy_runs_once_is_verified_and_ends_the_incident(
    opened: FakeWorld, planned: Planned, decide: Decide
) -> None:
    """The whole way of one remedy."""
    view = await planned()
    await decide(view)
    assert opened.systems.performed == ["SELECT pg_cancel_backend(7)"]
    outcome = opened.desk.card.plans[0].outcome
    assert (outcome.stage, outcome.approved_by, outcome.said) == (Stage.HELPED, ("UCALL",), ("cancelled",))
    assert (opened.incident.state, opened.incident.acknowledged_by) == (State.RESOLVED, "UCALL")
    assert opened.incident.resolution.startswith("Cancel 7: Verified")
    assert opened.actions == [
        "incident opened",
        "remedy planned",
        "remedy approved",
        "command run",
        "remedy helped",
        "incident resolved",
    ]


async def test_the_reaction_on_the_alert_ends_with_the_last_state(
    opened: FakeWorld, planned: Planned, decide: Decide
) -> None:
    """However fast the remedy was: looking, then wrench, then done."""
    await decide(await planned())
    assert opened.desk.marks["1.000001"] == [Mood.LOOKING, Mood.REMEDYING, Mood.RESOLVED]


async def test_a_double_click_on_approve_runs_once(opened: FakeWorld, planned: Planned, decide: Decide) -> None:
    """The second click is told what became of the plan."""
    view = await planned()
    results = await asyncio.gather(decide(view), decide(view), return_exceptions=True)
    assert [type(result) for result in results].count(PlanSettled) == 1
    with pytest.raises(PlanSettled):
        await decide(view)
    assert len(opened.systems.performed) == 1


async def test_two_people_at_the_same_moment_run_once(opened: FakeWorld, planned: Planned, decide: Decide) -> None:
    """One of them was first; the log names that one."""
    opened.people.calls |= {"UBOB"}
    view = await planned()
    await asyncio.gather(decide(view, "UCALL"), decide(view, "UBOB"), return_exceptions=True)
    assert len(opened.systems.performed) == 1
    assert opened.actions.count("remedy approved") == 1
    assert len(opened.plans.rows[view.plan.id].outcome.approved_by) == 1


async def test_two_people_are_needed_where_the_playbook_says_so(
    opened: FakeWorld, planned: Planned, decide: Decide
) -> None:
    """The first yes is kept and shown, nothing runs; the same person's second is refused; the lead's lets it run."""
    view = await planned("quota")
    await decide(view, "UCALL")
    assert opened.desk.card.plans[0].outcome.approved_by == ("UCALL",)
    assert opened.systems.performed == []
    with pytest.raises(NotAllowed, match="second"):
        await decide(view, "UCALL")
    await decide(view, "ULEAD")
    assert opened.systems.performed == ["SET quota = 150"]
    assert opened.plans.rows[view.plan.id].outcome.approved_by == ("UCALL", "ULEAD")


async def test_the_two_may_say_yes_at_the_same_moment(opened: FakeWorld, planned: Planned, decide: Decide) -> None:
    """One counts, the other is told to look at the card; a further yes runs it. Never one person alone."""
    view = await planned("quota")
    results = await asyncio.gather(decide(view, "UCALL"), decide(view, "ULEAD"), return_exceptions=True)
    assert sum(isinstance(result, PlanSettled) for result in results) == 1
    assert opened.systems.performed == []


async def test_an_expired_plan_is_void(opened: FakeWorld, planned: Planned, decide: Decide) -> None:
    """The clicker is told, the card too, and nothing runs."""
    view = await planned()
    opened.clock.pass_by(minutes=15)
    with pytest.raises(PlanExpired):
        await decide(view)
    assert opened.desk.card.plans[0].outcome.stage is Stage.VOID
    assert opened.systems.performed == []


async def test_a_digest_of_another_plan_approves_nothing(opened: FakeWorld, planned: Planned) -> None:
    """The button carries the digest that its clicker saw."""
    view = await planned()
    with pytest.raises(PlanVoid):
        await decide_remedy(view.plan.id, "0" * 64, "UCALL", True, opened.world)
    with pytest.raises(PlanSettled, match="not known"):
        await decide_remedy("plan-99", view.plan.digest, "UCALL", True, opened.world)
    assert opened.systems.performed == []


@pytest.mark.parametrize("person", ["UASK", "UCALL"], ids=["who asked", "who may approve"])
async def test_a_plan_can_be_declined(opened: FakeWorld, planned: Planned, decide: Decide, person: str) -> None:
    """The card says by whom, and it can no longer be approved."""
    view = await planned()
    await decide(view, person, is_approved=False)
    outcome = opened.desk.card.plans[0].outcome
    assert (outcome.stage, outcome.detail) == (Stage.DECLINED, f"Declined by <@{person}>.")
    assert opened.actions[-1] == "remedy declined"
    with pytest.raises(PlanSettled, match="declined"):
        await decide(view)


async def test_a_bystander_cannot_decline(opened: FakeWorld, planned: Planned, decide: Decide) -> None:
    """Refused with the reason, noted in the log."""
    view = await planned()
    with pytest.raises(NotAllowed, match="decline"):
        await decide(view, "UBY", is_approved=False)
    assert opened.plans.rows[view.plan.id].outcome.stage is Stage.OFFERED


async def test_a_resolved_incident_takes_no_approval(opened: FakeWorld, planned: Planned, decide: Decide) -> None:
    """Somebody ended it while the plan waited: nothing is run now, nor at the next start."""
    view = await planned()
    await resolve(opened.incident.id, "UANN", opened.world)
    with pytest.raises(RemedyRefused, match="over"):
        await decide(view)
    assert opened.plans.rows[view.plan.id].outcome.stage is Stage.OFFERED
    assert opened.engine.runs == {}


async def test_resolved_at_the_very_moment_of_approval_nothing_runs(
    opened: FakeWorld, planned: Planned, decide: Decide
) -> None:
    """The incident is seen open, resolved by somebody else, then the yes is kept: the plan is void, not forgotten."""
    view = await planned()

    async def resolve_meanwhile() -> frozenset[str]:
        await resolve(opened.incident.id, "UANN", opened.world)
        return frozenset({"UCALL"})

    opened.people.on_call = resolve_meanwhile  # type: ignore[method-assign]
    await decide(view)
    outcome = opened.plans.rows[view.plan.id].outcome
    assert (outcome.stage, outcome.detail) == (Stage.VOID, "The incident was resolved before this ran.")
    assert opened.systems.performed == []
    assert (opened.incident.state, opened.incident.resolved_by) == (State.RESOLVED, "UANN")


async def test_slack_being_down_does_not_stop_an_approved_remedy(
    opened: FakeWorld, planned: Planned, decide: Decide
) -> None:
    """The yes is kept and the remedy runs; the card catches up with the next edit."""
    view = await planned()
    opened.desk.is_down = True
    await decide(view)
    assert opened.plans.rows[view.plan.id].outcome.stage is Stage.HELPED
    assert opened.incident.state is State.RESOLVED
