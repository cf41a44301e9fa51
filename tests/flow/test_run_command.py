"""Remedies that a person asks for by command: planned in a thread, approved like any other."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.errors import NotAllowed, RemedyRefused
from bot.flow.decide_remedy import decide_remedy
from bot.flow.run_command import request_cancel, request_trigger
from bot.playbooks.reply import Approvers
from bot.remediation.outcome import Stage
from bot.remediation.remedy import Draft
from tests.flow.world import FakeWorld

Request = Callable[..., Awaitable[str]]


@pytest.mark.parametrize(
    ("request_one", "remedy", "arguments", "headline", "label"),
    [
        (
            request_trigger,
            "airflow.trigger_dag_run",
            {"dag_id": "x1"},
            "A new run of x1, asked for by <@UASK>",
            "Trigger x1",
        ),
        (
            request_cancel,
            "snowflake.cancel_query",
            {"query_id": "x1"},
            "Cancel query x1, asked for by <@UASK>",
            "Cancel x1",
        ),
    ],
    ids=["retrigger", "kill-query"],
)
async def test_a_command_is_planned_not_run(
    fake: FakeWorld, request_one: Request, remedy: str, arguments: dict[str, str], headline: str, label: str
) -> None:
    """Its words, its remedy, and who has to say yes; the asker hears where."""
    said = await request_one("x1", "UASK", "C1", fake.world)
    assert said == "The plan is in the thread; the person on call can approve it."
    assert fake.desk.headlines == [headline]
    (view,) = fake.desk.card.plans
    assert (view.plan.remedy, view.plan.arguments, view.plan.label) == (remedy, arguments, label)
    assert (view.plan.approve, view.plan.requested_by) == (Approvers.ONCALL, "UASK")
    assert (view.outcome.stage, fake.systems.performed) == (Stage.OFFERED, [])
    assert (fake.incident.playbook, fake.incident.title) == ("", label)


async def test_asking_is_no_approving(fake: FakeWorld) -> None:
    """Whoever asked may only say yes when they are on call."""
    await request_trigger("x1", "UASK", "C1", fake.world)
    (view,) = fake.desk.card.plans
    with pytest.raises(NotAllowed):
        await decide_remedy(view.plan.id, view.plan.digest, "UASK", True, fake.world)
    assert fake.systems.performed == []


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("Query x1 has ended already (SUCCESS).", "Nothing is planned: Query x1 has ended already (SUCCESS)."),
        ("", "Nothing is planned: nothing needs changing."),
    ],
)
async def test_what_needs_no_change_is_told_to_the_asker_alone(fake: FakeWorld, note: str, said: str) -> None:
    """A mistyped query id is no thread in the channel, and nobody is told of a plan that they could not approve."""

    async def nothing(remedy: str, arguments: Any, scope: Any) -> Draft:
        return Draft("x1", (), "", note=note)

    fake.systems.draft = nothing  # type: ignore[method-assign]
    assert await request_cancel("x1", "UASK", "C1", fake.world) == said
    assert (fake.desk.headlines, fake.incidents.rows, fake.plans.rows) == ([], {}, {})


async def test_what_the_remedy_refuses_is_told_before_the_channel_hears_of_it(fake: FakeWorld) -> None:
    """A query that is over needs no thread."""

    async def refused(remedy: str, arguments: Any, scope: Any) -> Draft:
        raise RemedyRefused("that query is over")

    fake.systems.draft = refused  # type: ignore[method-assign]
    with pytest.raises(RemedyRefused, match="that query is over"):
        await request_cancel("x1", "UASK", "C1", fake.world)
    assert (fake.desk.headlines, fake.incidents.rows) == ([], {})
