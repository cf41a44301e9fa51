"""What a person may ask for without an alert."""

import pytest

from bot.errors import NotConnected, UnknownName
from bot.flow.decide_remedy import decide_remedy
from bot.flow.request_remedy import request_remedy
from bot.flow.run_command import request_cancel, request_trigger
from bot.flow.show_runbook import list_runbooks, show_runbook
from tests.flow.world import FakeWorld


async def test_a_runbook_opens_a_thread_of_its_own(fake: FakeWorld) -> None:
    """Headline, card, findings; the asker is told where to look."""
    said = await show_runbook("blocked", "UASK", "C1", fake.world)
    assert fake.desk.headlines[0].startswith("Runbook: ")
    assert fake.desk.headlines[0].endswith("asked for by <@UASK>")
    assert fake.desk.steps[1] == "12 sessions"
    assert fake.incident.is_asked
    assert "is in the thread" in said


async def test_asking_twice_gives_two_threads(fake: FakeWorld) -> None:
    """A case never joins another, and no alert ever joins a case."""
    for _ in range(2):
        await show_runbook("blocked", "UASK", "C1", fake.world)
    assert len(fake.desk.cards) == 2


async def test_a_remedy_may_be_asked_for_from_a_runbook(fake: FakeWorld) -> None:
    """The buttons of a card that a person asked for work as those of an alert's."""
    await show_runbook("blocked", "UASK", "C1", fake.world)
    await request_remedy(fake.incident.id, "quota", "UASK", fake.world)
    assert fake.desk.card.plans[0].plan.draft.commands[0].text == "SET quota = 150"


async def test_an_unknown_runbook_opens_nothing(fake: FakeWorld) -> None:
    """The asker is told what they may have meant; the channel hears nothing."""
    with pytest.raises(UnknownName, match="Did you mean extraction_blocked"):
        await show_runbook("extraction_block", "UASK", "C1", fake.world)
    assert fake.desk.headlines == []


def test_every_runbook_is_listed_with_its_aliases(fake: FakeWorld) -> None:
    """A line each."""
    assert list_runbooks(fake.world) == "`extraction_blocked` (blocked): A session holds a lock."


@pytest.mark.parametrize("request_one", [request_trigger, request_cancel])
async def test_what_cannot_be_planned_is_told_to_the_asker_alone(fake: FakeWorld, request_one: object) -> None:
    """No headline in the channel for a system that is not connected."""
    fake.systems.is_connected = False
    with pytest.raises(NotConnected):
        await request_one("orders_daily", "UASK", "C1", fake.world)  # type: ignore[operator]
    assert (fake.desk.headlines, fake.incidents.rows) == ([], {})


async def test_a_command_plans_in_a_thread_of_its_own(fake: FakeWorld) -> None:
    """The exact command waits for the person on call; once it ran, the case is closed."""
    await request_trigger("orders_daily", "UASK", "C1", fake.world)
    (view,) = fake.desk.card.plans
    assert view.plan.draft.commands[0].text == "airflow.trigger_dag_run orders_daily"
    await decide_remedy(view.plan.id, view.plan.digest, "UCALL", True, fake.world)
    await fake.engine.finish()
    assert fake.systems.performed == ["airflow.trigger_dag_run orders_daily"]
    assert not fake.incident.is_open
