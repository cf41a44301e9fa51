"""An incident is taken, given back, over."""

import asyncio

import pytest

from bot.flow.close_incident import acknowledge, list_open, resolve
from bot.flow.open_case import open_case
from bot.flow.ports import Mood
from bot.flow.take_alert import take_alert
from bot.incidents.incident import State
from bot.incidents.lifecycle import MoveRefused
from tests.flow.world import FakeWorld, an_alert


async def test_acknowledging_shows_on_the_card_and_the_alert(opened: FakeWorld) -> None:
    """Who is on it, at a glance from the channel, and in the log."""
    await acknowledge("inc-1", "UANN", opened.world)
    assert opened.desk.card.incident.acknowledged_by == "UANN"
    assert opened.desk.marks["1.000001"][-1] is Mood.ACKNOWLEDGED
    assert (opened.audit.entries[-1].action, opened.audit.entries[-1].person) == ("incident acknowledged", "UANN")


async def test_of_two_who_take_it_at_once_one_has_it(opened: FakeWorld) -> None:
    """The other is told who."""
    results = await asyncio.gather(
        *(acknowledge("inc-1", person, opened.world) for person in ("UANN", "UBOB")), return_exceptions=True
    )
    (refusal,) = (result for result in results if result is not None)
    assert isinstance(refusal, MoveRefused)
    assert opened.actions.count("incident acknowledged") == 1


async def test_resolving_by_hand_names_the_person(opened: FakeWorld) -> None:
    """With the time; a second time is refused."""
    await resolve("inc-1", "UANN", opened.world)
    over = opened.desk.card.incident
    assert (over.state, over.resolved_by, over.resolved_at) == (State.RESOLVED, "UANN", opened.clock.now())
    assert opened.desk.marks["1.000001"][-1] is Mood.RESOLVED
    with pytest.raises(MoveRefused):
        await resolve("inc-1", "UBOB", opened.world)


async def test_an_unknown_incident_is_no_error(opened: FakeWorld) -> None:
    """A button of a card whose incident was cleaned up."""
    await acknowledge("inc-99", "UANN", opened.world)
    assert opened.actions == ["incident opened"]


async def test_an_alert_that_joins_while_the_incident_is_taken_is_counted(opened: FakeWorld) -> None:
    """Neither writes over the other."""
    await asyncio.gather(
        acknowledge("inc-1", "UANN", opened.world), take_alert(an_alert("1.000002"), opened.world, "Ev2")
    )
    assert (opened.incident.alerts, opened.incident.acknowledged_by) == (2, "UANN")


async def test_cases_that_people_asked_for_are_not_listed_as_incidents(opened: FakeWorld) -> None:
    """`/runbook freshness` opens a thread, not an incident."""
    await open_case("Runbook: freshness", "freshness", "", "UASK", "C1", opened.world)
    assert [one.id for one in await list_open(opened.world)] == ["inc-1"]
