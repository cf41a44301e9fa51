"""Killed at any moment and started again: nothing is repeated and nothing forgotten."""

import asyncio
from dataclasses import replace

import pytest

from bot.flow.decide_remedy import decide_remedy
from bot.flow.request_remedy import request_remedy
from bot.flow.resume_work import begin_approved, resume_work
from bot.flow.run_command import request_cancel
from bot.flow.take_alert import take_alert
from bot.incidents.incident import State
from bot.remediation.outcome import Stage
from tests.flow.conftest import Planned
from tests.flow.world import FakeWorld, Killed, an_alert


async def test_a_card_that_was_never_posted_is_posted(fake: FakeWorld) -> None:
    """Killed after the incident was kept: the thread gets its card and findings at the next start."""
    with pytest.raises(Killed):
        await take_alert(an_alert(), fake.restart(kill_at=2), "Ev1")
    assert fake.desk.cards == {}
    await resume_work(fake.restart())
    assert fake.desk.steps == ["7 holds it, of SVC_LOADER", "12 sessions"]


async def test_a_card_that_was_posted_but_not_noted_is_found(opened: FakeWorld) -> None:
    """Killed between Slack's answer and our note of it: that card is edited, no second one is posted."""
    (ts,) = opened.desk.cards
    opened.incidents.rows["inc-1"] = replace(opened.incident, card_ts="")
    await resume_work(opened.restart())
    assert list(opened.desk.cards) == [ts]
    assert opened.incident.card_ts == ts


async def test_a_diagnosis_that_was_cut_off_is_finished(opened: FakeWorld) -> None:
    """One finding was kept, the other was still being read."""
    kept = opened.findings.rows["inc-1"]
    opened.findings.rows["inc-1"] = {"load": kept["load"]}
    await resume_work(opened.restart())
    assert opened.desk.steps == ["7 holds it, of SVC_LOADER", "12 sessions"]


async def test_a_complete_card_is_drawn_again_without_reading(opened: FakeWorld) -> None:
    """A restart does not set every probe off; the card shows what was kept."""
    reads = len(opened.systems.asked)
    await resume_work(opened.restart())
    assert len(opened.systems.asked) == reads
    assert opened.desk.steps == ["7 holds it, of SVC_LOADER", "12 sessions"]


async def test_a_resolved_incident_is_left_alone(opened: FakeWorld) -> None:
    """Nothing is drawn for what is over."""
    shown = len(opened.desk.shown)
    opened.incidents.rows["inc-1"] = replace(opened.incident, state=State.RESOLVED)
    await resume_work(opened.restart())
    assert len(opened.desk.shown) == shown


async def test_an_approved_plan_that_never_started_is_run(opened: FakeWorld, planned: Planned) -> None:
    """The yes was kept, the process died before the engine heard of it."""
    opened.engine.is_held = True
    view = await planned()
    await decide_remedy(view.plan.id, view.plan.digest, "UCALL", True, opened.world)
    opened.engine.is_held = False
    opened.engine.runs.clear()
    await resume_work(opened.restart())
    await opened.engine.finish()
    assert opened.systems.performed == ["SELECT pg_cancel_backend(7)"]
    assert opened.incident.state is State.RESOLVED


async def test_an_approved_plan_that_did_not_begin_is_begun_by_the_tick(opened: FakeWorld, planned: Planned) -> None:
    """The engine's store was away when the yes came: nobody has to restart the bot; it has half a minute of its own."""
    opened.engine.is_held = True
    view = await planned()
    await decide_remedy(view.plan.id, view.plan.digest, "UCALL", True, opened.world)
    opened.engine.is_held = False
    await begin_approved(opened.world)
    assert opened.engine.tasks == {}
    opened.clock.pass_by(seconds=31)
    await begin_approved(opened.world)
    await opened.engine.finish()
    assert opened.systems.performed == ["SELECT pg_cancel_backend(7)"]


async def test_a_plan_that_waits_is_not_run_by_a_restart(opened: FakeWorld, planned: Planned) -> None:
    """Only an approval runs anything."""
    await planned()
    await resume_work(opened.restart())
    assert opened.engine.runs == {}


async def test_one_incident_that_slack_refuses_does_not_hold_up_the_others(fake: FakeWorld) -> None:
    """Slack is down at the start: the work that needs no Slack is resumed, and the start does not fail."""
    for number, table in enumerate(("orders", "items")):
        with pytest.raises(Killed):
            await take_alert(an_alert(f"1.00000{number}", table), fake.restart(kill_at=2))
    fake.desk.is_down = True
    await resume_work(fake.restart())
    fake.desk.is_down = False
    await resume_work(fake.restart())
    assert len(fake.desk.cards) == 2


async def the_whole_way(fake: FakeWorld) -> None:
    """What Slack and a person on call would do: deliver the alert, ask, approve; each again until it is done."""
    await take_alert(an_alert(), fake.world, "Ev1")
    if not fake.plans.rows:
        await request_remedy(
            "inc-1" if "inc-1" in fake.incidents.rows else fake.incident.id, "cancel", "UASK", fake.world
        )
    view = next(iter(fake.plans.rows.values()))
    if view.outcome.stage is Stage.OFFERED:
        await decide_remedy(view.plan.id, view.plan.digest, "UCALL", True, fake.world)
    await fake.engine.finish()


async def touches_of_the_whole_way() -> list[str]:
    """Every moment at which the process can be killed."""
    fake = FakeWorld()
    await the_whole_way(fake)
    return fake.fuse.touched


MOMENTS = asyncio.run(touches_of_the_whole_way())


@pytest.mark.parametrize("moment", range(len(MOMENTS)), ids=lambda number: f"{number} {MOMENTS[number]}")
async def test_killed_at_any_moment_it_comes_to_the_same_end(fake: FakeWorld, moment: int) -> None:
    """One card, one run of the command, one resolved incident, and a log that names the approver and the command."""
    fake.restart(kill_at=moment)
    try:
        await the_whole_way(fake)
    except Killed:
        await asyncio.gather(*fake.engine.tasks.values(), return_exceptions=True)
    await resume_work(fake.restart())
    for plan in fake.engine.runs:
        await fake.engine.start_remedy(plan)
    await fake.engine.finish()
    await the_whole_way(fake)
    assert fake.systems.performed == ["SELECT pg_cancel_backend(7)"]
    assert len(fake.desk.cards) == 1
    assert fake.desk.card.incident.state is State.RESOLVED
    assert fake.desk.card.plans[0].outcome.stage is Stage.HELPED
    assert fake.incident.acknowledged_by == "UCALL"
    for action in ("remedy approved", "command run", "remedy helped"):
        assert fake.actions.count(action) == 1, action


async def test_a_case_that_a_person_asked_for_survives_too(fake: FakeWorld) -> None:
    """Killed between the headline and the plan: the case is there, without a plan, and nothing was run."""
    with pytest.raises(Killed):
        await request_cancel("01b2-77", "UASK", "C1", fake.restart(kill_at=7))
    await resume_work(fake.restart())
    assert fake.desk.card.incident.is_asked
    assert (fake.plans.rows, fake.systems.performed) == ({}, [])


async def test_a_question_that_nobody_needs_any_more_ends_by_itself(fake: FakeWorld) -> None:
    """A case that a person asked for is over a day later; younger ones stay."""
    await request_cancel("01b2", "UASK", "C1", fake.world)
    await resume_work(fake.restart())
    assert fake.incident.is_open
    fake.clock.pass_by(hours=25)
    await resume_work(fake.restart())
    assert not fake.incident.is_open
