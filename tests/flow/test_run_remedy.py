"""What running a plan comes to: helped, did not help, failed, void."""

from dataclasses import replace

import pytest

from bot.errors import AccessDenied, Unreachable
from bot.flow.close_incident import resolve
from bot.flow.resume_work import resume_work
from bot.incidents.incident import State
from bot.remediation.outcome import Stage
from bot.remediation.remedy import Command
from tests.flow.conftest import Decide, Planned
from tests.flow.world import PLAYBOOK, FakeWorld, MemoryDurable, a_library


async def outcome_of(opened: FakeWorld, planned: Planned, decide: Decide, offer: str = "cancel") -> tuple[Stage, str]:
    """How the approved offer ended, as the card tells it."""
    view = await planned(offer)
    await decide(view)
    if offer == "quota":
        await decide(view, "ULEAD")
    outcome = opened.desk.card.plans[-1].outcome
    return outcome.stage, outcome.detail


async def test_a_changed_state_makes_the_plan_void(opened: FakeWorld, planned: Planned, decide: Decide) -> None:
    """Between the plan and the yes another session took the lock: nothing is run, the card says what is now."""
    view = await planned()
    opened.systems.pid = 8
    await decide(view)
    outcome = opened.desk.card.plans[0].outcome
    assert (outcome.stage, outcome.detail) == (Stage.VOID, "That session is gone.")
    assert opened.systems.performed == []
    assert opened.incident.state is State.ACKNOWLEDGED
    assert opened.desk.card.reply.offers()[0].label == "Cancel 8"


async def test_a_check_of_an_earlier_process_is_made_again(opened: FakeWorld, planned: Planned, decide: Decide) -> None:
    """Killed after the check and before the first command; somebody else took the lock while the bot was away."""
    view = await planned()
    opened.engine.runs[view.plan.id] = MemoryDurable(opened.clock, opened.fuse, {"recheck": ""})
    opened.systems.pid = 8
    await decide(view)
    assert opened.desk.card.plans[0].outcome.stage is Stage.VOID
    assert opened.systems.performed == []


async def test_a_state_that_cannot_be_read_again_makes_it_void(
    opened: FakeWorld, planned: Planned, decide: Decide
) -> None:
    """Better not to act than to act blindly."""
    view = await planned()
    opened.systems.is_connected = False
    await decide(view)
    outcome = opened.desk.card.plans[0].outcome
    assert outcome.stage is Stage.VOID
    assert "not connected" in outcome.detail
    assert opened.systems.performed == []


@pytest.mark.parametrize(
    "error",
    [AccessDenied("Shop database", "permission denied"), Unreachable("Shop database", "permission denied")],
    ids=lambda error: type(error).__name__,
)
async def test_a_command_that_fails_is_told_in_the_systems_words(
    opened: FakeWorld, planned: Planned, decide: Decide, error: Exception
) -> None:
    """Which command, and why; the incident goes back to whoever approved."""

    async def refuse(command: Command) -> None:
        raise error

    opened.systems.on_perform = refuse
    stage, detail = await outcome_of(opened, planned, decide)
    assert stage is Stage.FAILED
    assert detail.startswith("`SELECT pg_cancel_backend(7)` failed: ")
    assert "permission denied" in detail
    assert ("Whether it took effect is not known" in detail) is isinstance(error, Unreachable)
    assert (opened.incident.state, opened.incident.acknowledged_by) == (State.ACKNOWLEDGED, "UCALL")


async def test_a_remedy_that_breaks_is_failed_not_forgotten(
    opened: FakeWorld, planned: Planned, decide: Decide
) -> None:
    """A bug in a remedy must not leave "running" on the card for ever; its secrets are hidden."""

    async def break_down(command: Command) -> None:
        raise KeyError("postgres://bot:hunter2@db/x")

    opened.systems.on_perform = break_down
    stage, detail = await outcome_of(opened, planned, decide)
    assert stage is Stage.FAILED
    assert "KeyError" in detail
    assert "hunter2" not in detail


async def test_after_a_failure_nothing_further_is_run(opened: FakeWorld, planned: Planned, decide: Decide) -> None:
    """The second of two commands never follows a first that failed."""

    async def refuse_first(command: Command) -> None:
        if command.text == "first":
            raise AccessDenied("Shop database", "no")

    opened.systems.on_perform = refuse_first
    stage, _ = await outcome_of(opened, planned, decide, "both")
    assert (stage, opened.systems.performed) == (Stage.FAILED, [])


async def test_commands_run_in_order_each_with_its_answer(opened: FakeWorld, planned: Planned, decide: Decide) -> None:
    """Two commands, two answers, two lines in the log."""
    stage, detail = await outcome_of(opened, planned, decide, "both")
    assert (stage, opened.systems.performed) == (Stage.HELPED, ["first", "second"])
    assert opened.desk.card.plans[-1].outcome.said == ("cancelled", "cancelled")
    assert opened.actions.count("command run") == 2
    assert "nothing to verify" in detail


async def test_a_remedy_that_does_not_help_says_after_how_long(
    opened: FakeWorld, planned: Planned, decide: Decide
) -> None:
    """The incident stays open with whoever approved, and what can be done is offered anew."""
    opened.systems.helps = False
    stage, detail = await outcome_of(opened, planned, decide)
    assert stage is Stage.DID_NOT_HELP
    assert "After 60 s" in detail
    assert opened.incident.state is State.ACKNOWLEDGED
    assert "cancel" in [offer.name for offer in opened.desk.card.reply.offers()]


async def test_a_step_on_the_way_leaves_the_incident_open(opened: FakeWorld, planned: Planned, decide: Decide) -> None:
    """The playbook says that this remedy does not end the incident: it helped, and whoever approved has it."""
    opened.library = a_library(PLAYBOOK.replace("label: Do both", "label: Do both, resolves: false"))
    stage, _ = await outcome_of(opened, planned, decide, "both")
    assert (stage, opened.incident.state) == (Stage.HELPED, State.ACKNOWLEDGED)


async def test_a_slow_effect_is_seen_when_it_comes(opened: FakeWorld, planned: Planned, decide: Decide) -> None:
    """Not at the first look: it is looked at again until it holds."""
    view = await planned()
    opened.systems.helps = False
    looks = 0

    async def mend_at_the_third() -> None:
        nonlocal looks
        looks += 1
        opened.systems.pid = 7 if looks < 3 else 0

    opened.systems.on_read["db.locks"] = mend_at_the_third
    await decide(view)
    outcome = opened.desk.card.plans[-1].outcome
    assert outcome.stage is Stage.HELPED
    assert outcome.detail == "Verified 5 s after it ran."


async def test_what_cannot_be_verified_is_not_called_helped(
    opened: FakeWorld, planned: Planned, decide: Decide
) -> None:
    """The probe fails at every look: did not help, with the reason why it could not be seen."""
    view = await planned()

    async def refuse() -> None:
        raise Unreachable("Shop database", "it refused the connection")

    opened.systems.on_read["db.locks"] = refuse
    await decide(view)
    outcome = opened.desk.card.plans[-1].outcome
    assert outcome.stage is Stage.DID_NOT_HELP
    assert "refused the connection" in outcome.detail


async def test_an_expectation_that_cannot_be_told_is_no_success(
    opened: FakeWorld, planned: Planned, decide: Decide
) -> None:
    """A field that the facts do not have is an error in the playbook, and an error never means "helped"."""
    opened.library = a_library(PLAYBOOK.replace("result.pid == 0", "result.nothing == 0"))
    stage, detail = await outcome_of(opened, planned, decide)
    assert stage is Stage.DID_NOT_HELP
    assert "nothing" in detail


async def test_the_findings_are_read_again_afterwards(opened: FakeWorld, planned: Planned, decide: Decide) -> None:
    """The card shows the state after the remedy, not the one before."""
    await decide(await planned())
    assert opened.desk.steps[0].startswith("0 holds it")
    assert opened.desk.card.incident.state is State.RESOLVED


async def test_somebody_resolves_while_it_runs(opened: FakeWorld, planned: Planned, decide: Decide) -> None:
    """The remedy comes to its end; who resolved the incident stays as it was."""

    async def resolve_now(command: Command) -> None:
        await resolve(opened.incident.id, "UANN", opened.world)

    view = await planned()
    opened.systems.on_perform = resolve_now
    await decide(view)
    assert opened.plans.rows[view.plan.id].outcome.stage is Stage.HELPED
    assert opened.incident.resolved_by == "UANN"


async def test_slack_being_down_does_not_stop_the_verification(
    opened: FakeWorld, planned: Planned, decide: Decide
) -> None:
    """Slack goes away while the command runs and comes back never: the outcome is known all the same."""

    async def slack_goes(command: Command) -> None:
        opened.desk.is_down = True

    view = await planned()
    opened.systems.on_perform = slack_goes
    await decide(view)
    assert opened.plans.rows[view.plan.id].outcome.stage is Stage.HELPED
    assert opened.incident.state is State.RESOLVED


async def test_starting_a_finished_plan_again_runs_nothing(opened: FakeWorld, planned: Planned, decide: Decide) -> None:
    """A restart that does not know better."""
    await decide(await planned())
    opened.engine.done.clear()
    opened.restart()
    await opened.engine.start_remedy("plan-2")
    await opened.engine.finish()
    assert len(opened.systems.performed) == 1
    assert opened.actions.count("incident resolved") == 1


async def test_an_approval_that_was_never_begun_does_not_run_days_later(opened: FakeWorld, planned: Planned) -> None:
    """Its start failed; somebody helped by hand meanwhile; the next start of the bot must not act on an old yes."""
    view = await planned()
    approved = replace(view.outcome, stage=Stage.APPROVED, approved_by=("UCALL",), decided_at=opened.clock.now())
    await opened.plans.advance(view.plan.id, view.outcome, approved)
    opened.clock.pass_by(days=2)
    await resume_work(opened.restart())
    await opened.engine.finish()
    assert opened.plans.rows[view.plan.id].outcome.stage is Stage.VOID
    assert opened.systems.performed == []
