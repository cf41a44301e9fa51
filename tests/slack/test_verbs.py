"""The listeners' verbs are the flow's own, on the world that app.py hands in."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.alerts.alert import Alert
from bot.errors import PlanSettled, RemedyRefused
from bot.slack.verbs import Verbs, bind


class Empty:
    """A store in which nothing is kept, and a library that knows nothing."""

    async def get(self, _id: str) -> None:
        return None

    async def list_open(self) -> list[Any]:
        return []

    def match(self, _alert: Alert) -> None:
        return None

    def now(self) -> None:
        return None

    def lines(self, _now: object) -> list[str]:
        return ["one", "two"]


@pytest.fixture
def verbs() -> Verbs:
    """Verbs bound to an empty world."""
    empty = Empty()
    return bind(SimpleNamespace(incidents=empty, plans=empty, clock=empty, library=lambda: empty))  # type: ignore[arg-type]


async def test_verbs_reach_their_world(verbs: Verbs) -> None:
    """What is asked without arguments is answered from the world."""
    assert await verbs.list_open() == []
    assert await verbs.find_plan("plan-1") is None
    assert verbs.list_runbooks() == "one\ntwo"
    assert verbs.is_recognised(Alert("x")) is False
    await verbs.take_alert(Alert("x"), "Ev1")


async def test_arguments_arrive_in_their_places(verbs: Verbs) -> None:
    """Ids and people are handed on in the order in which listeners give them."""
    with pytest.raises(PlanSettled):
        await verbs.decide_remedy("plan-1", "digest", "U1", True)
    with pytest.raises(PlanSettled):
        await verbs.change_plan("plan-1", {"quota": "1"}, "U1")
    with pytest.raises(RemedyRefused, match="over"):
        await verbs.request_remedy("inc-1", "raise_quota", "U1")
