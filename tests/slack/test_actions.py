"""Every button is acknowledged at once and becomes its verb; what speaks against it is told to the clicker alone."""

import json
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from bot.errors import NotAllowed, Unreachable
from bot.remediation.outcome import Outcome, Stage
from bot.slack.actions import listen_to_buttons
from bot.slack.edge import Edge
from bot.slack.methods import Method


class Card:
    """The buttons as bolt calls them; `acked` counts answers, `told` holds what the clicker was told."""

    def __init__(self, flow: Any, slack: Any) -> None:
        self.listeners: dict[Any, Callable[..., Any]] = {}
        self.acked = 0
        self.told: list[tuple[str, ...]] = []
        self.listed: list[str] = []
        self.edge = Edge()
        app: Any = SimpleNamespace(action=lambda id: lambda listener: self.listeners.__setitem__(id, listener))
        lists: Any = SimpleNamespace(**{name: self._list(name) for name in ("rows", "query", "turn")})
        listen_to_buttons(app, self.edge, SimpleNamespace(tell=self._tell), flow.verbs(), slack, lists)  # type: ignore[arg-type]

    def _list(self, name: str) -> Callable[..., Any]:
        async def shown(click: Any) -> None:
            self.listed.append(f"{name} {click.value}")

        shown.__name__ = name
        return shown

    async def _tell(self, *said: str) -> None:
        self.told.append(said)

    async def _ack(self) -> None:
        self.acked += 1

    async def press(self, action: str, **value: str) -> None:
        """Somebody presses; returns when all that it began has ended."""
        fits = [one for id, one in self.listeners.items() if _is(id, action)]
        assert len(fits) == 1, action
        body = {
            "user": {"id": "U0LEAD"},
            "channel": {"id": "C0ALERTS"},
            "message": {"ts": "1.2", "thread_ts": "1.1"},
            "trigger_id": "T1",
            "actions": [{"action_id": action, "value": json.dumps(value)}],
        }
        await fits[0](ack=self._ack, body=body)
        assert self.acked == 1
        await self.edge.drain(5.0)


def _is(id: Any, action: str) -> bool:
    return bool(id.match(action)) if isinstance(id, re.Pattern) else id == action


@pytest.fixture
def card(flow: Any, slack: Any) -> Card:
    """A card in a thread of #alerts."""
    return Card(flow, slack)


@pytest.mark.parametrize(
    ("action", "value", "asked"),
    [
        ("offer:raise_quota", {"incident": "i", "offer": "o"}, ("request_remedy", "i", "o", "U0LEAD")),
        ("approve", {"plan": "p", "digest": "d"}, ("decide_remedy", "p", "d", "U0LEAD", True)),
        ("decline", {"plan": "p", "digest": "d"}, ("decide_remedy", "p", "d", "U0LEAD", False)),
        ("acknowledge", {"incident": "i"}, ("acknowledge", "i", "U0LEAD")),
        ("resolve", {"incident": "i"}, ("resolve", "i", "U0LEAD")),
    ],
)
async def test_a_button_is_one_verb(card: Card, flow: Any, action: str, value: dict[str, str], asked: Any) -> None:
    """With what the button carries and who pressed it; nothing is said where nothing is wrong."""
    await card.press(action, **value)
    assert (flow.asked, card.told) == ([asked], [])


@pytest.mark.parametrize("action", ["offer:x", "approve", "decline", "change", "acknowledge", "resolve"])
async def test_a_button_of_another_version_never_just_does_nothing(card: Card, flow: Any, action: str) -> None:
    """Acknowledged all the same, so that Slack shows no error of its own; no verb is asked."""
    await card.press(action, other="x")
    said = "This button was made by another version of the bot; use a newer card."
    assert card.told == [("U0LEAD", "C0ALERTS", "1.1", said)]
    assert flow.asked == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NotAllowed("This needs a lead."), "This needs a lead."),
        (Unreachable("Airflow", "no answer"), "Airflow: no answer"),
    ],
)
async def test_a_refusal_is_told_to_the_clicker(card: Card, flow: Any, error: Exception, said: str) -> None:
    """In the card's thread, in the refusal's own words."""
    flow.raises["decide_remedy"] = error
    await card.press("approve", plan="p", digest="d")
    assert card.told == [("U0LEAD", "C0ALERTS", "1.1", said)]


@pytest.mark.parametrize(("action", "listed"), [("rows:4", "rows"), ("query:costs", "query"), ("page:next", "turn")])
async def test_buttons_of_lists_go_to_the_lists(card: Card, flow: Any, action: str, listed: str) -> None:
    """Their value is theirs to read."""
    await card.press(action, any="thing")
    assert card.listed == [f'{listed} {{"any": "thing"}}']
    assert flow.asked == []


async def test_change_opens_the_form_of_the_plan_of_now(card: Card, flow: Any, slack: Any, make: Any) -> None:
    """With Slack's trigger, and the thread in which to tell later."""
    flow.returns["find_plan"] = make.view()
    await card.press("change", plan="plan-1")
    (opened,) = slack.sent(Method.OPEN_VIEW)
    assert opened["trigger_id"] == "T1"
    assert [block["block_id"] for block in opened["view"]["blocks"]] == ["input:quota"]
    where = {"plan": "plan-1", "channel": "C0ALERTS", "thread_ts": "1.1"}
    assert json.loads(opened["view"]["private_metadata"]) == where


@pytest.mark.parametrize(
    "stage", [None, *(stage for stage in Stage if stage is not Stage.OFFERED), "no inputs"], ids=str
)
async def test_a_plan_that_cannot_be_changed_opens_no_form(
    card: Card, flow: Any, slack: Any, make: Any, stage: Any
) -> None:
    """Gone, decided, approved or without inputs: nobody fills a form in only to be refused afterwards."""
    views = {None: None, "no inputs": make.view(inputs=())}
    flow.returns["find_plan"] = views[stage] if stage in views else make.view(Outcome(stage))
    await card.press("change", plan="plan-1")
    assert slack.calls == []
    ((_, _, _, said),) = card.told
    assert said == "This plan was settled in the meantime; its inputs cannot be changed any more."
