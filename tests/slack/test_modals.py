"""The form offers the plan's own values, comes back as text, and its errors stand at the field that they speak of."""

import asyncio
import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from bot.errors import EntityError, PlanSettled
from bot.playbooks.reply import InputField
from bot.sandbox.slack.block_kit import validate_view
from bot.slack.edge import Edge
from bot.slack.modals import change_modal, listen_to_modals, read_inputs


def element(make: Any, field: InputField) -> Mapping[str, Any]:
    """The field's element in a form that Slack takes."""
    view = change_modal(make.plan(inputs=(field,)), "C1", "1.1")
    assert validate_view(view) == []
    made: Mapping[str, Any] = view["blocks"][0]["element"]
    return made


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (75, "75"),
        (0, "0"),
        (-3, "-3"),
        (0.5, "0.5"),
        (75.0, "75"),
        (12345.67, "12345.67"),
        (100000.5, "100000.5"),
        (1_234_567, "1234567"),
        (1e16, "10000000000000000"),
        (0.00001, "0.00001"),
    ],
)
def test_a_number_is_offered_as_it_is(make: Any, value: float, shown: str) -> None:
    """Whoever changes one field must not change another by sending it back: nothing is rounded, no exponent."""
    made = element(make, InputField("quota", "Quota", "number", value, value, value))
    assert [made[key] for key in ("initial_value", "min_value", "max_value")] == [shown] * 3


@pytest.mark.parametrize(
    ("low", "high", "hint"),
    [
        (None, None, None),
        (51, None, "at least 51"),
        (None, 1000000.5, "at most 1000000.5"),
        (0, 0, "at least 0, at most 0"),
    ],
)
def test_bounds_are_told_where_there_are_any(
    make: Any, low: float | None, high: float | None, hint: str | None
) -> None:
    """For Slack to check, and in words; a bound of 0 is one."""
    field = InputField("quota", "Quota", "number", 75, low, high)
    block = change_modal(make.plan(inputs=(field,)), "C1", "1.1")["blocks"][0]
    assert block.get("hint", {}).get("text") == hint
    assert ("min_value" in block["element"], "max_value" in block["element"]) == (low is not None, high is not None)


@pytest.mark.parametrize("kind", ["number", "text"])
def test_an_input_without_a_value_is_an_empty_field(make: Any, kind: str) -> None:
    """Not the word None, which would be sent back."""
    assert "initial_value" not in element(make, InputField("why", "Why", kind, None))


def test_a_text_keeps_to_slacks_limit(make: Any) -> None:
    """A longer one cannot be shown in a field."""
    assert len(element(make, InputField("why", "Why", "text", "x" * 5_000))["initial_value"]) == 3_000


def test_the_form_knows_where_it_came_from(make: Any) -> None:
    """The plan, and the thread in which later words are told."""
    view = change_modal(make.plan(), "C1", "1.1")
    assert json.loads(view["private_metadata"]) == {"plan": "plan-1", "channel": "C1", "thread_ts": "1.1"}


class Form:
    """The listener as bolt calls it; `acked` holds what Slack was answered."""

    def __init__(self, flow: Any, make: Any, *labels: str) -> None:
        fields = tuple(InputField(label.lower(), label, "text", "x") for label in labels or ("Quota", "Why"))
        self.view = change_modal(make.plan(inputs=fields), "C1", "1.1")
        self.acked: list[Mapping[str, Any]] = []
        self.told: list[tuple[str, ...]] = []
        self.edge = Edge()
        app: Any = SimpleNamespace(view=lambda _: self._keep)
        listen_to_modals(app, self.edge, SimpleNamespace(tell=self._tell), flow.verbs())  # type: ignore[arg-type]

    def _keep(self, listener: Any) -> None:
        self.listener = listener

    async def _tell(self, *said: str) -> None:
        self.told.append(said)

    async def _ack(self, **answer: Any) -> None:
        self.acked.append(answer)

    async def submit(self, **values: str) -> None:
        """Somebody sends the form."""
        state = {"values": {f"input:{name}": {"value": {"value": value}} for name, value in values.items()}}
        await self.listener(ack=self._ack, body={"user": {"id": "U0LEAD"}}, view={**self.view, "state": state})


async def test_a_form_that_is_right_becomes_the_verb(flow: Any, make: Any) -> None:
    """With the plan, what was written, and who wrote it; the form closes."""
    form = Form(flow, make)
    await form.submit(quota="80", why="more")
    assert flow.asked == [("change_plan", "plan-1", {"quota": "80", "why": "more"}, "U0LEAD")]
    assert (form.acked, form.told) == ([{}], [])


@pytest.mark.parametrize(
    ("labels", "error", "block"),
    [
        (("Quota", "Why"), EntityError("Why: too short."), "input:why"),
        (("quota", "credit quota"), EntityError("credit quota: at most 9."), "input:credit quota"),
        (("Why", "Size <GB>"), EntityError("Size <GB>: at least 1."), "input:size <gb>"),
        (("Why", "Quota"), PlanSettled("This plan was settled in the meantime."), "input:why"),
    ],
    ids=["named", "one label in another", "escaped label", "none named"],
)
async def test_what_is_wrong_stands_at_its_field(
    flow: Any, make: Any, labels: tuple[str, ...], error: Exception, block: str
) -> None:
    """The form stays open with the words below the field that they name, else below the first."""
    form = Form(flow, make, *labels)
    flow.raises["change_plan"] = error
    await form.submit(quota="0")
    assert form.acked == [{"response_action": "errors", "errors": {block: str(error)}}]
    assert form.told == []


async def test_a_bug_is_told_in_the_form_by_its_reference_alone(flow: Any, make: Any) -> None:
    """What broke stands in the log."""
    form = Form(flow, make)
    flow.raises["change_plan"] = ZeroDivisionError("secret")
    await form.submit(quota="0")
    (errors,) = [answer["errors"] for answer in form.acked]
    assert "reference" in errors["input:quota"]
    assert "secret" not in errors["input:quota"]


async def test_a_stopping_bot_says_so_in_the_form(flow: Any, make: Any) -> None:
    """Nothing that was typed is lost: the form stays open."""
    form = Form(flow, make)
    await form.edge.drain(0.0)
    await form.submit(quota="80")
    assert "the bot is stopping" in form.acked[0]["errors"]["input:quota"]
    assert flow.asked == []


async def test_the_form_is_answered_once(flow: Any, make: Any) -> None:
    """Several submissions at once are answered each, none by the other's error."""
    form = Form(flow, make)
    await asyncio.gather(form.submit(quota="1"), form.submit(quota="2"))
    assert form.acked == [{}, {}]
    assert sorted(asked[2]["quota"] for asked in flow.asked) == ["1", "2"]


@pytest.mark.parametrize("view", [{}, {"state": {"values": []}}, {"state": {"values": {"input:a": None}}}], ids=repr)
def test_odd_forms_are_read_as_empty(view: dict[str, Any]) -> None:
    """Slack's payload is read without trust."""
    assert not any(read_inputs(view).values())
