"""An offer becomes a plan: exact commands, nothing run."""

import asyncio
from typing import Any

import pytest

from bot.errors import EntityError, NotConnected, PlanSettled, RemedyRefused
from bot.flow.close_incident import resolve
from bot.flow.decide_remedy import decide_remedy
from bot.flow.request_remedy import change_plan, digits, request_remedy
from bot.remediation.outcome import Stage
from tests.flow.conftest import Planned
from tests.flow.world import FakeWorld


async def test_a_plan_shows_what_would_be_run_and_runs_nothing(opened: FakeWorld, planned: Planned) -> None:
    """The exact command, its blast radius, who asked; anybody may ask."""
    view = await planned("cancel", "UASK")
    assert [command.text for command in view.plan.draft.commands] == ["SELECT pg_cancel_backend(7)"]
    assert (view.outcome.stage, view.plan.requested_by) == (Stage.OFFERED, "UASK")
    assert opened.desk.card.plans == (view,)
    assert opened.systems.performed == []
    assert opened.actions[-1] == "remedy planned"


async def test_the_playbook_says_how_it_is_verified(opened: FakeWorld, planned: Planned) -> None:
    """Its own diagnostic, with the entities of this incident, wins over what the remedy would look at."""
    verification = (await planned()).plan.draft.verification
    assert verification is not None
    assert (verification.probe, verification.arguments) == ("db.locks", {"table": "orders"})


async def test_nothing_to_change_is_said_and_never_approved(opened: FakeWorld, planned: Planned) -> None:
    """The session ended by itself since the card was drawn."""
    opened.systems.pid = 0
    view = await planned()
    assert (view.outcome.stage, view.outcome.detail) == (Stage.VOID, "That session is gone.")
    with pytest.raises(PlanSettled):
        await decide_remedy(view.plan.id, view.plan.digest, "UCALL", True, opened.world)


@pytest.mark.parametrize("offer", ["drop_everything", ""])
async def test_only_what_the_card_offers_can_be_asked_for(opened: FakeWorld, offer: str) -> None:
    """A forged or old button is refused with the reason."""
    with pytest.raises(RemedyRefused, match="no longer offered"):
        await request_remedy(opened.incident.id, offer, "UASK", opened.world)


async def test_a_resolved_incident_plans_nothing(opened: FakeWorld) -> None:
    """Its buttons are dead, and say so."""
    await resolve(opened.incident.id, "UANN", opened.world)
    with pytest.raises(RemedyRefused, match="over"):
        await request_remedy(opened.incident.id, "cancel", "UASK", opened.world)


async def test_a_system_that_cannot_be_read_plans_nothing(opened: FakeWorld) -> None:
    """The reason is raised for the clicker, and no plan is kept."""
    opened.systems.is_connected = False
    with pytest.raises(NotConnected):
        await request_remedy(opened.incident.id, "cancel", "UASK", opened.world)
    assert opened.plans.rows == {}


async def test_the_same_plan_is_not_shown_twice(opened: FakeWorld, planned: Planned) -> None:
    """Asking again while it waits for approval is refused."""
    await planned()
    with pytest.raises(RemedyRefused, match="on the card already"):
        await planned()


async def test_a_double_click_makes_one_plan(opened: FakeWorld) -> None:
    """Two clicks at the same moment, by one person or two."""
    clicks = (request_remedy(opened.incident.id, "cancel", person, opened.world) for person in ("UASK", "UBOB"))
    results = await asyncio.gather(*clicks, return_exceptions=True)
    assert [type(result) for result in results].count(RemedyRefused) == 1
    assert len(opened.plans.rows) == 1


async def test_an_expired_plan_is_replaced_by_asking_again(opened: FakeWorld, planned: Planned) -> None:
    """The older one is void and says so."""
    first = await planned()
    opened.clock.pass_by(minutes=16)
    second = await planned()
    assert [view.outcome.stage for view in opened.desk.card.plans] == [Stage.VOID, Stage.OFFERED]
    assert opened.plans.rows[first.plan.id].outcome.detail == "A newer plan replaced it."
    assert second.plan.id != first.plan.id


async def test_another_state_gives_another_plan(opened: FakeWorld, planned: Planned) -> None:
    """A setting was changed by somebody: the older plan is void, the newer starts from what is now."""
    first = await planned("quota")
    opened.systems.quota = 120
    second = await planned("quota")
    assert opened.plans.rows[first.plan.id].outcome.stage is Stage.VOID
    assert second.plan.digest != first.plan.digest


async def test_a_running_remedy_is_not_planned_again(opened: FakeWorld, planned: Planned) -> None:
    """Its outcome will be on the card."""
    opened.engine.is_held = True
    view = await planned()
    await decide_remedy(view.plan.id, view.plan.digest, "UCALL", True, opened.world)
    with pytest.raises(PlanSettled, match="being run"):
        await planned()


async def test_a_plan_that_cannot_be_made_leaves_the_older_one_standing(opened: FakeWorld, planned: Planned) -> None:
    """A replaced plan is only void once there is one that replaces it."""
    first = await planned("cancel")
    opened.clock.pass_by(minutes=16)
    await opened.findings.keep(opened.incident.id, {})
    with pytest.raises(RemedyRefused):
        await planned("cancel")
    assert opened.plans.rows[first.plan.id].outcome.stage is Stage.OFFERED


async def test_an_approver_may_change_an_input_within_its_bounds(opened: FakeWorld, planned: Planned) -> None:
    """The command is planned again with it; the older plan is void; what was not changed stays."""
    first = await planned("quota")
    await change_plan(first.plan.id, {"quota": "180"}, "UCALL", opened.world)
    changed = list(opened.plans.rows.values())[-1].plan
    assert changed.draft.commands[0].text == "SET quota = 180"
    assert changed.draft.commands[0].arguments["why"] == "too low"
    assert (changed.label, changed.approve, changed.requested_by) == (first.plan.label, first.plan.approve, "UCALL")
    assert opened.plans.rows[first.plan.id].outcome.stage is Stage.VOID


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("99", "at least 100"),
        ("200.5", "at most 200"),
        ("nan", "not a number"),
        ("inf", "not a number"),
        ("plenty", "not a number"),
        ("", "not a number"),
        (None, "not a number"),
    ],
)
async def test_an_input_out_of_its_bounds_is_refused(
    opened: FakeWorld, planned: Planned, value: Any, says: str
) -> None:
    """Told by its label; the plan stays as it was."""
    first = await planned("quota")
    with pytest.raises(EntityError, match=f"Quota: .*{says}"):
        await change_plan(first.plan.id, {"quota": value}, "UCALL", opened.world)
    assert opened.plans.rows == {first.plan.id: first}


async def test_inputs_that_the_playbook_does_not_name_are_ignored(opened: FakeWorld, planned: Planned) -> None:
    """A forged form cannot smuggle an argument in."""
    first = await planned("quota")
    await change_plan(first.plan.id, {"quota": 110, "target": "billing"}, "UCALL", opened.world)
    assert "target" not in list(opened.plans.rows.values())[-1].plan.arguments


async def test_a_settled_plan_cannot_be_changed(opened: FakeWorld, planned: Planned) -> None:
    """Approved is approved."""
    opened.engine.is_held = True
    view = await planned("cancel")
    await decide_remedy(view.plan.id, view.plan.digest, "UCALL", True, opened.world)
    with pytest.raises(PlanSettled):
        await change_plan(view.plan.id, {}, "UCALL", opened.world)


@pytest.mark.parametrize(
    ("value", "command"), [("100", "100"), ("200", "200"), (" 160.0 ", "160"), ("150.25", "150.25"), ("1.6e2", "160")]
)
async def test_an_input_on_its_bounds_is_taken(opened: FakeWorld, planned: Planned, value: str, command: str) -> None:
    """The bounds are the values that may still be had; a whole number has no `.0` in the command."""
    first = await planned("quota")
    await change_plan(first.plan.id, {"quota": value}, "UCALL", opened.world)
    assert list(opened.plans.rows.values())[-1].plan.draft.commands[0].text == f"SET quota = {command}"


@pytest.mark.parametrize(
    ("number", "said"),
    [(100, "100"), (100.0, "100"), (1_234_567.5, "1234567.5"), (1e16, "10000000000000000"), (-0.00001, "-0.00001")],
)
def test_a_bound_is_told_with_every_digit_that_it_has(number: float, said: str) -> None:
    """Rounded to six digits it would name a bound that refuses what it says is allowed."""
    assert digits(number) == said
