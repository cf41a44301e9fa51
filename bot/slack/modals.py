"""Stage 8: the form in which whoever may approve changes the inputs of a plan."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.alerts import shape
from bot.alerts.markup import unescape
from bot.flow.ports import Desk
from bot.flow.request_remedy import digits
from bot.playbooks.reply import InputField
from bot.remediation.plan import Plan
from bot.slack.edge import PEOPLE, Edge
from bot.slack.elements import Block, plain
from bot.slack.escape import tame
from bot.slack.verbs import Verbs

CHANGE_PLAN = "change_plan"
_INPUT = "input:"
_ANSWER_WITHIN_S = 2.4  # Slack shows an error of its own after 3 s; planning anew reads the system and may take longer


def change_modal(plan: Plan, channel: str, thread_ts: str) -> Block:
    """One field an input, with the bounds that Slack itself checks; `channel` and `thread_ts` are where to tell."""
    return {
        "type": "modal",
        "callback_id": CHANGE_PLAN,
        "title": plain("Change inputs", 24),
        "submit": plain("Plan again", 24),
        "close": plain("Cancel", 24),
        "private_metadata": json.dumps({"plan": plan.id, "channel": channel, "thread_ts": thread_ts}),
        "blocks": [_field(one) for one in plan.inputs[:50]],
    }


def _field(one: InputField) -> Block:
    block: Block = {
        "type": "input",
        "block_id": f"{_INPUT}{one.name}"[:255],
        "label": plain(tame(one.label or one.name), 2000),
        "element": _number_input(one) if one.kind == "number" else _text_input(one),
    }
    if one.kind == "number" and (one.minimum, one.maximum) != (None, None):
        block["hint"] = plain(_bounds(one), 2000)
    return block


def _text_input(one: InputField) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": "value"}
    return element if one.value is None else element | {"initial_value": str(one.value)[:3000]}


def _number_input(one: InputField) -> Block:
    element: Block = {"type": "number_input", "action_id": "value", "is_decimal_allowed": True}
    given = {"initial_value": one.value, "min_value": one.minimum, "max_value": one.maximum}
    return element | {name: _number(value) for name, value in given.items() if value is not None}


def _number(value: Any) -> str:
    return digits(value) if isinstance(value, int | float) else str(value)


def _bounds(one: InputField) -> str:
    low = f"at least {_number(one.minimum)}" if one.minimum is not None else ""
    high = f"at most {_number(one.maximum)}" if one.maximum is not None else ""
    return ", ".join(filter(None, (low, high)))


def read_inputs(view: Mapping[str, Any]) -> dict[str, object]:
    """What was written into the form, by input name, as text."""
    values = shape.mapping(shape.mapping(view.get("state")).get("values"))
    return {
        block.removeprefix(_INPUT): shape.text(shape.mapping(shape.mapping(field).get("value")).get("value"))
        for block, field in values.items()
        if block.startswith(_INPUT)
    }


def listen_to_modals(app: AsyncApp, edge: Edge, desk: Desk, verbs: Verbs) -> None:
    """Register the form: what is wrong with it is said in it while it is open, later to the person alone."""

    async def submitted(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        form = shape.mapping(json.loads(view.get("private_metadata") or "{}"))
        person = shape.text(shape.mapping(body.get("user")).get("id"))
        inputs = read_inputs(view)
        said: list[str] = []
        is_open = True

        async def tell(text: str) -> None:
            if is_open:
                said.append(text)
            else:
                await desk.tell(person, shape.text(form.get("channel")), shape.text(form.get("thread_ts")), text)

        async def work() -> None:
            await verbs.change_plan(shape.text(form.get("plan")), inputs, person)

        planning = edge.begin("form change_plan", work(), tell, lane=PEOPLE)
        await asyncio.wait({planning}, timeout=_ANSWER_WITHIN_S)
        is_open = False
        if said:
            await ack(response_action="errors", errors={_at_fault(view, said[0]): said[0][:2000]})
        else:
            await ack()

    app.view(CHANGE_PLAN)(submitted)


def _at_fault(view: Mapping[str, Any], said: str) -> str:
    """The block whose label the message names (the longest, for one label may hold another), else the first."""
    blocks = [block for block in shape.mappings(view.get("blocks")) if shape.text(block.get("block_id"))]
    ids = {_label(block): str(block["block_id"]) for block in blocks}
    named = max((label for label in ids if label and label in said), key=len, default="")
    return ids[named] if named else next(iter(ids.values()), "")


def _label(block: Mapping[str, Any]) -> str:
    return unescape(shape.text(shape.mapping(block.get("label")).get("text")))
