"""Second floor of the stand-in: filling in a modal and what Slack's client refuses before it is sent. Pure."""

import re
from typing import Any

from bot.sandbox.slack.elements import Element, holds_value, initial, inputs, interactive, state_of
from bot.sandbox.slack.refusal import Refusal

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
_FORMS = {
    "email_text_input": (re.compile(r"[^\s@]+@[^\s@]+"), "Please enter an email address."),
    "url_text_input": (re.compile(r"https?://\S+", re.IGNORECASE), "Please enter a URL."),
}


def fill(view: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """The view's `state.values` with a person's `values` filled in over what the fields held before.

    `values` maps a block_id or an action_id to the value, or a block_id to {action_id: value}.
    Refusal unknown_field names a key that is no field of the view; invalid_value an option that does not exist.
    """
    known: set[str] = set()
    state: dict[str, Any] = {}
    before = view["state"]["values"]
    fields = [*inputs(view["blocks"]), *interactive(view["blocks"])]
    for block, element in fields:
        if not holds_value(element):
            continue
        block_id, action_id = block["block_id"], element["action_id"]
        known |= {block_id, action_id}
        held = before.get(block_id, {}).get(action_id)
        entry = held or state_of(element, initial(element))
        if (given := _given(values, block_id, action_id)) is not None:
            entry = state_of(element, given)
        state.setdefault(block_id, {})[action_id] = entry
    if unknown := set(values) - known:
        raise Refusal(
            "unknown_field", f"{', '.join(sorted(unknown))}: the view has {', '.join(sorted(known)) or 'no fields'}"
        )
    return state


def refusals(view: dict[str, Any], state: dict[str, Any]) -> dict[str, str]:
    """What Slack's client says under fields that are empty or out of bounds: block_id to message. Words from memory."""
    found = {}
    for block, element in inputs(view["blocks"]):
        value = held(state[block["block_id"]][element["action_id"]])
        if value in (None, "", []):
            if not block.get("optional"):
                found[block["block_id"]] = "Please complete this required field."
        elif message := _out_of_bounds(element, value):
            found[block["block_id"]] = message
    return found


def held(entry: dict[str, Any]) -> Any:
    """The value inside a `state.values` entry."""
    return next((value for name, value in entry.items() if name != "type"), None)


def _given(values: dict[str, Any], block_id: str, action_id: str) -> Any:
    if action_id in values:
        return values[action_id]
    given = values.get(block_id)
    return given.get(action_id) if isinstance(given, dict) and action_id in given else given


def _out_of_bounds(element: Element, value: Any) -> str | None:
    if element["type"] == "number_input":
        return _bad_number(element, str(value))
    if element["type"] in _FORMS:
        pattern, message = _FORMS[element["type"]]
        return None if pattern.fullmatch(value) else message
    shortest, longest = element.get("min_length"), element.get("max_length")
    if shortest is not None and len(value) < shortest:
        return f"Must be at least {shortest} characters."
    if longest is not None and len(value) > longest:
        return f"Must be at most {longest} characters."
    most = element.get("max_selected_items")
    return f"Please choose {most} at most." if most is not None and len(value) > most else None


def _bad_number(element: Element, text: str) -> str | None:
    if not _NUMBER.fullmatch(text):
        return "Please enter a number."
    number = float(text)
    if not element.get("is_decimal_allowed") and not number.is_integer():
        return "Please enter a whole number."
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and number < float(low):
        return f"Must be {low} or more."
    if high is not None and number > float(high):
        return f"Must be {high} or less."
    return None
