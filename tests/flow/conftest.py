"""A world for each test of this folder, and how far it has come."""

from collections.abc import Awaitable, Callable

import pytest

from bot.flow.card import PlanView
from bot.flow.decide_remedy import decide_remedy
from bot.flow.request_remedy import request_remedy
from bot.flow.take_alert import take_alert
from tests.flow.world import FakeWorld, an_alert


@pytest.fixture
def fake() -> FakeWorld:
    """An empty world."""
    return FakeWorld()


@pytest.fixture
async def opened(fake: FakeWorld) -> FakeWorld:
    """A world with one incident, diagnosed."""
    await take_alert(an_alert(), fake.world, "Ev1")
    return fake


Planned = Callable[..., Awaitable[PlanView]]


@pytest.fixture
def planned(opened: FakeWorld) -> Planned:
    """Plans an offer of the incident and gives the plan."""

    async def plan(offer: str = "cancel", person: str = "UASK") -> PlanView:
        await request_remedy(opened.incident.id, offer, person, opened.world)
        return list(opened.plans.rows.values())[-1]

    return plan


Decide = Callable[..., Awaitable[None]]


@pytest.fixture
def decide(opened: FakeWorld) -> Decide:
    """A person's yes (or no) to a plan; returns when everything that it started has ended."""

    async def decided(view: PlanView, person: str = "UCALL", *, is_approved: bool = True) -> None:
        await decide_remedy(view.plan.id, view.plan.digest, person, is_approved, opened.world)
        await opened.engine.finish()

    return decided
