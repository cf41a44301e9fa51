"""Second floor of the stand-in: interactive elements in blocks, and the action that using one makes. Pure."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.refusal import Refusal

Element = dict[str, Any]
_OPTION = {"static_select", "external_select", "radio_buttons", "overflow"}
_OPTIONS = {"multi_static_select", "multi_external_select", "checkboxes"}
_NAMED = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
}


def interactive(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Element]]:
    """Every (block, element with an action_id) that a person can use without submitting."""
    for block in blocks:
        if block.get("type") == "input":
            if block.get("dispatch_action"):
                yield block, block["element"]
            continue
        for element in _inside(block):
            yield block, element


def inputs(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Element]]:
    """Every (input block, its element)."""
    for block in blocks:
        if block.get("type") == "input":
            yield block, block["element"]


def find(blocks: list[dict[str, Any]], action_id: str, block_id: str | None) -> tuple[dict[str, Any], Element]:
    """The element to use. Refusal element_not_found when the message does not show it."""
    shown = []
    for block, element in interactive(blocks):
        if element.get("action_id") == action_id and block_id in (None, block.get("block_id")):
            return block, element
        shown.append(f"{element.get('action_id')} ({element['type']})")
    raise Refusal("element_not_found", f"no {action_id!r} here; it shows {', '.join(shown) or 'nothing to use'}")


def state_of(element: Element, value: Any) -> dict[str, Any]:
    """The element's entry in `state.values` when it holds `value` (None: empty).

    For options `value` is an option's value or its text. Refusal invalid_value when there is no such option.
    """
    kind = element["type"]
    if kind in _OPTION:
        return {"type": kind, "selected_option": None if value is None else option(element, value)}
    if kind in _OPTIONS:
        return {"type": kind, "selected_options": [option(element, one) for one in value or []]}
    if kind in _NAMED:
        empty: list[str] | None = [] if kind.startswith("multi_") else None
        return {"type": kind, _NAMED[kind]: value if value is not None else empty}
    if kind == "file_input":
        return {"type": kind, "files": value or []}
    raise Refusal("invalid_value", f"{kind} holds no value")


def holds_value(element: Element) -> bool:
    """Whether the element has a place in `state.values`."""
    return element["type"] in _OPTION | _OPTIONS | set(_NAMED) | {"file_input"} and element["type"] != "overflow"


def initial(element: Element) -> Any:
    """The value that the element starts with, in the form `state_of` takes, or None."""
    if "initial_option" in element:
        return element["initial_option"]["value"]
    if "initial_options" in element:
        return [one["value"] for one in element["initial_options"]]
    return next((element[name] for name in element if name.startswith("initial_")), None)


def option(element: Element, wanted: Any) -> dict[str, Any]:
    """The option with that value or text. Refusal invalid_value."""
    if isinstance(wanted, dict):
        wanted = wanted.get("value")
    options = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options += group["options"]
    for one in options:
        if wanted in (one.get("value"), one["text"]["text"]):
            return dict(one)
    if element["type"].endswith("external_select"):
        return {"text": {"type": "plain_text", "text": str(wanted)}, "value": str(wanted)}
    values = ", ".join(str(one.get("value")) for one in options)
    raise Refusal("invalid_value", f"{element.get('action_id')} has no option {wanted!r}; it has {values}")


def action(block: dict[str, Any], element: Element, value: Any, ts: str) -> dict[str, Any]:
    """The entry in `actions` of block_actions for using the element at `ts`."""
    made = {"type": element["type"], "action_id": element["action_id"], "block_id": block.get("block_id", "")}
    if element["type"] in ("button", "workflow_button", "icon_button"):
        if "text" in element:
            made["text"] = element["text"]
        for name in ("value", "url", "style"):
            if name in element:
                made[name] = element[name]
    elif element["type"] == "feedback_buttons":
        made["value"] = _feedback(element, value)
    else:
        made |= state_of(element, value)
    if "confirm" in element:
        made["confirm"] = element["confirm"]
    return {**made, "action_ts": ts}


def _feedback(element: Element, value: Any) -> str:
    offered = [element[name]["value"] for name in ("positive_button", "negative_button")]
    if value not in offered:
        raise Refusal("invalid_value", f"feedback takes {' or '.join(offered)}, not {value!r}")
    return str(value)


def _inside(block: dict[str, Any]) -> Iterator[Element]:
    found = [block.get("accessory"), *(block.get("elements") or []), *(block.get("actions") or [])]
    for one in found:
        if isinstance(one, dict) and "action_id" in one:
            yield one
    for nested in (*(block.get("child_blocks") or []), *(found if block.get("type") == "carousel" else [])):
        if isinstance(nested, dict):
            yield from _inside(nested)
