"""Second floor of the Block Kit validator: buttons, selects, inputs and the other elements. Data.

Limits: docs.slack.dev/reference/block-kit/block-elements and slack_sdk 3.47.
"""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.block_kit.objects import (
    CONFIRM,
    DISPATCH,
    FEEDBACK_BUTTON,
    FILTER,
    ID,
    OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    RICH_OPTION,
    SLACK_FILE,
    URL,
    plain,
)
from bot.sandbox.slack.block_kit.problem import CONSTRAINT, Problem
from bot.sandbox.slack.block_kit.rules import (
    Rule,
    anything,
    array,
    by_type,
    choice,
    exactly_one,
    flag,
    number,
    shape,
    text,
)

STYLE = choice("primary", "danger")
IMAGE_FIELDS: dict[str, Rule] = {"image_url": URL, "slack_file": SLACK_FILE}
_DATE = text(10, pattern=r"\d{4}-\d\d-\d\d")
_TIME = text(5, pattern=r"([01]\d|2[0-3]):[0-5]\d")
_ASKS: dict[str, Rule] = {"action_id": ID, "placeholder": plain(150), "focus_on_load": flag}
_CHOOSES: dict[str, Rule] = {**_ASKS, "confirm": CONFIRM}
_TYPES: dict[str, Rule] = {**_ASKS, "dispatch_action_config": DISPATCH}
_SEVERAL: dict[str, Rule] = {**_CHOOSES, "max_selected_items": number(low=1, whole=True)}
_NAMES = array(text(), 100)


def _element(kind: str, required: dict[str, Rule], optional: dict[str, Rule], *also: Rule) -> Rule:
    return shape({"type": choice(kind), **required}, optional, *also)


def _initial_is_offered(value: dict[str, Any], pointer: str) -> Iterator[Problem]:
    """initial_option(s) must equal one of the options."""
    offered = value.get("options") or []
    if not isinstance(offered, list) or not isinstance(value.get("option_groups", []), list):
        return
    for group in value.get("option_groups", []):
        offered = [*offered, *(group.get("options", []) if isinstance(group, dict) else [])]
    initial = [value["initial_option"]] if "initial_option" in value else value.get("initial_options", [])
    if isinstance(initial, list) and any(one not in offered for one in initial):
        yield Problem(pointer, CONSTRAINT, "initial option must be one of the options")


def _bounds_in_order(value: dict[str, Any], pointer: str) -> Iterator[Problem]:
    low, high = value.get("min_length"), value.get("max_length")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield Problem(pointer, CONSTRAINT, "min_length must not be greater than max_length")


_OPTIONS: dict[str, Rule] = {"options": array(OPTION, 100, least=1), "option_groups": array(OPTION_GROUP, 100, least=1)}
_ONE_SOURCE = exactly_one("options", "option_groups")

BUTTON = _element(
    "button",
    {"text": plain(75)},
    {
        "action_id": ID,
        "url": URL,
        "value": text(2000, least=0),
        "style": STYLE,
        "confirm": CONFIRM,
        "accessibility_label": text(75),
        "agent_prompt": text(4000),
        "agent_prompt_display": text(),
        "visible_to_user_ids": _NAMES,
    },
)
IMAGE = _element("image", {"alt_text": text(2000)}, IMAGE_FIELDS, exactly_one("image_url", "slack_file"))
OVERFLOW = _element("overflow", {"options": array(OVERFLOW_OPTION, 5, least=1)}, {"action_id": ID, "confirm": CONFIRM})
STATIC_SELECT = _element(
    "static_select", {}, {**_CHOOSES, **_OPTIONS, "initial_option": OPTION}, _ONE_SOURCE, _initial_is_offered
)
MULTI_STATIC_SELECT = _element(
    "multi_static_select",
    {},
    {**_SEVERAL, **_OPTIONS, "initial_options": array(OPTION, 100, least=1)},
    _ONE_SOURCE,
    _initial_is_offered,
)
_LENGTH = number(low=0, whole=True)
EXTERNAL_SELECT = _element("external_select", {}, {**_CHOOSES, "initial_option": OPTION, "min_query_length": _LENGTH})
MULTI_EXTERNAL_SELECT = _element(
    "multi_external_select",
    {},
    {**_SEVERAL, "initial_options": array(OPTION, 100), "min_query_length": _LENGTH},
)
_CONVERSATION: dict[str, Rule] = {"default_to_current_conversation": flag, "filter": FILTER}
SELECTS: dict[str, Rule] = {
    "static_select": STATIC_SELECT,
    "external_select": EXTERNAL_SELECT,
    "users_select": _element("users_select", {}, {**_CHOOSES, "initial_user": text()}),
    "conversations_select": _element(
        "conversations_select",
        {},
        {**_CHOOSES, **_CONVERSATION, "initial_conversation": text(), "response_url_enabled": flag},
    ),
    "channels_select": _element(
        "channels_select", {}, {**_CHOOSES, "initial_channel": text(), "response_url_enabled": flag}
    ),
}
MULTI_SELECTS: dict[str, Rule] = {
    "multi_static_select": MULTI_STATIC_SELECT,
    "multi_external_select": MULTI_EXTERNAL_SELECT,
    "multi_users_select": _element("multi_users_select", {}, {**_SEVERAL, "initial_users": _NAMES}),
    "multi_conversations_select": _element(
        "multi_conversations_select", {}, {**_SEVERAL, **_CONVERSATION, "initial_conversations": _NAMES}
    ),
    "multi_channels_select": _element("multi_channels_select", {}, {**_SEVERAL, "initial_channels": _NAMES}),
}
_NO_PLACEHOLDER = {name: rule for name, rule in _CHOOSES.items() if name != "placeholder"}
PICKS: dict[str, Rule] = {
    "checkboxes": _element(
        "checkboxes",
        {"options": array(RICH_OPTION, 10, least=1)},
        {**_NO_PLACEHOLDER, "initial_options": array(RICH_OPTION, 10, least=1)},
        _initial_is_offered,
    ),
    "radio_buttons": _element(
        "radio_buttons",
        {"options": array(RICH_OPTION, 10, least=1)},
        {**_NO_PLACEHOLDER, "initial_option": RICH_OPTION},
        _initial_is_offered,
    ),
    "datepicker": _element("datepicker", {}, {**_CHOOSES, "initial_date": _DATE}),
    "timepicker": _element("timepicker", {}, {**_CHOOSES, "initial_time": _TIME, "timezone": text()}),
    "datetimepicker": _element(
        "datetimepicker",
        {},
        {**_NO_PLACEHOLDER, "initial_date_time": number(low=1_000_000_000, high=9_999_999_999, whole=True)},
    ),
}
_NUMBER = text(pattern=r"-?\d+(\.\d+)?")
INPUTS: dict[str, Rule] = {
    "plain_text_input": _element(
        "plain_text_input",
        {},
        {
            **_TYPES,
            "initial_value": text(3000, least=0),
            "multiline": flag,
            "min_length": number(low=0, high=3000, whole=True),
            "max_length": number(low=1, high=3000, whole=True),
        },
        _bounds_in_order,
    ),
    "email_text_input": _element("email_text_input", {}, {**_TYPES, "initial_value": text(pattern=r"\S+@\S+")}),
    "url_text_input": _element("url_text_input", {}, {**_TYPES, "initial_value": URL}),
    "number_input": _element(
        "number_input",
        {"is_decimal_allowed": flag},
        {**_TYPES, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
    ),
    "rich_text_input": _element(
        "rich_text_input",
        {},
        {
            **_TYPES,
            "initial_value": anything,
            "min_lines": number(low=1, whole=True),
            "max_lines": number(low=1, whole=True),
        },
    ),
    "file_input": _element(
        "file_input",
        {},
        {"action_id": ID, "filetypes": array(text(), least=1), "max_files": number(low=1, high=10, whole=True)},
    ),
}
WORKFLOW_BUTTON = _element(
    "workflow_button",
    {"text": plain(75), "workflow": anything},
    {"action_id": ID, "style": STYLE, "accessibility_label": text(75)},
)
FEEDBACK_BUTTONS = _element(
    "feedback_buttons",
    {"positive_button": FEEDBACK_BUTTON, "negative_button": FEEDBACK_BUTTON},
    {"action_id": ID},
)
ICON_BUTTON = _element(
    "icon_button",
    {"icon": choice("trash"), "text": plain(75)},
    {
        "action_id": ID,
        "value": text(2000, least=0),
        "confirm": CONFIRM,
        "accessibility_label": text(75),
        "visible_to_user_ids": array(text(), 10),
    },
)

_RICH_TEXT_INPUT = {"rich_text_input": INPUTS["rich_text_input"]}
_BUTTONS = {"button": BUTTON, "overflow": OVERFLOW, "workflow_button": WORKFLOW_BUTTON}
IN_ACTIONS = by_type({**_BUTTONS, **SELECTS, **PICKS, **_RICH_TEXT_INPUT, **MULTI_SELECTS})
_NO_DATETIME = {name: rule for name, rule in PICKS.items() if name != "datetimepicker"}
IN_SECTION = by_type({**_BUTTONS, **SELECTS, **MULTI_SELECTS, **_NO_DATETIME, "image": IMAGE})
IN_INPUT = by_type({**SELECTS, **MULTI_SELECTS, **PICKS, **INPUTS})
IN_CONTEXT_ACTIONS = by_type({"feedback_buttons": FEEDBACK_BUTTONS, "icon_button": ICON_BUTTON})
