"""What Block Kit refuses, with its pointer and Slack's words."""

import pytest

from bot.sandbox.slack.block_kit import validate_message
from tests.sandbox.slack.block_kit.builders import (
    actions,
    button,
    cell,
    chart,
    data_table,
    mrkdwn,
    option,
    pie,
    plain,
    section,
    select,
)

WRONG = {
    "unknown type": ({"type": "chart"}, "/blocks/0/type", "unsupported type: chart"),
    "no type": ({"text": "x"}, "/blocks/0", "missing required field: type"),
    "no object": ("x", "/blocks/0", "must provide an object"),
    "section without text": (section(), "/blocks/0", "must define either `text` or `fields`"),
    "header without text": ({"type": "header"}, "/blocks/0", "missing required field: text"),
    "mrkdwn header": (
        {"type": "header", "text": mrkdwn()},
        "/blocks/0/text/type",
        "must be a valid enum value: plain_text",
    ),
    "empty text": (section(text=mrkdwn(0)), "/blocks/0/text/text", "must be more than 0 characters"),
    "text that is no text": (section(text="hi"), "/blocks/0/text", "must provide an object"),
    "unknown property": (
        actions(button(disabled=True)),
        "/blocks/0/elements/0",
        "invalid additional property: disabled",
    ),
    "emoji in mrkdwn": (
        section(text={**mrkdwn(), "emoji": True}),
        "/blocks/0/text",
        "invalid additional property: emoji",
    ),
    "bad style": (
        actions(button(style="warning")),
        "/blocks/0/elements/0/style",
        "must be a valid enum value: primary, danger",
    ),
    "no elements": (actions(), "/blocks/0/elements", "no less than 1 items allowed"),
    "same action_id": (
        actions(button(), button()),
        "/blocks/0/elements/1/action_id",
        '`action_id` "b0" already exists',
    ),
    "alert in a message": (
        {"type": "alert", "text": mrkdwn()},
        "/blocks/0/type",
        "unsupported type: alert (only in modals)",
    ),
    "image without alt_text": (
        {"type": "image", "image_url": "https://e.com/a.png"},
        "/blocks/0",
        "missing required field: alt_text",
    ),
    "image with two sources": (
        {"type": "image", "image_url": "https://e.com/a.png", "slack_file": {"id": "F1"}, "alt_text": "x"},
        "/blocks/0",
        "must define exactly one of image_url or slack_file",
    ),
    "url without scheme": (
        actions(button(url="example.com")),
        "/blocks/0/elements/0/url",
        "must match pattern (?s)(https?|mailto|slack|tel):.+",
    ),
    "initial option elsewhere": (
        actions({**select(1), "initial_option": option(7)}),
        "/blocks/0/elements/0",
        "initial option must be one of the options",
    ),
    "ragged table": (
        {"type": "table", "rows": [[cell()], [cell(), cell()]]},
        "/blocks/0/rows/1",
        "every row must have 1 cells",
    ),
    "rich header cell": (
        data_table(2) | {"rows": [[{"type": "rich_text", "elements": []}], [cell()]]},
        "/blocks/0/rows/0/0",
        "a header cell must not be rich_text",
    ),
    "infinite value": (
        {**pie(1), "chart": {"type": "pie", "segments": [{"label": "a", "value": float("inf")}]}},
        "/blocks/0/chart/segments/0/value",
        "must provide a number",
    ),
    "no caption": ({"type": "data_table", "rows": [[cell()]] * 2}, "/blocks/0", "missing required field: caption"),
    "missing point": (
        {**chart(), "chart": chart(points=2)["chart"] | {"axis_config": {"categories": ["00"]}}},
        "/blocks/0/chart/series/0/data",
        "data must hold exactly one point for each category",
    ),
    "text in a list": (
        {"type": "rich_text", "elements": [{"type": "text", "text": "x"}]},
        "/blocks/0/elements/0/type",
        "unsupported type: text",
    ),
    "same series twice": (
        {**chart(), "chart": chart()["chart"] | {"series": chart()["chart"]["series"] * 2}},
        "/blocks/0/chart/series/1/name",
        "series names must be unique",
    ),
    "collapsing with a divider": (
        {
            "type": "container",
            "title": plain(),
            "child_blocks": [{"type": "divider"}],
            "is_collapsible": True,
            "has_header_divider": True,
        },
        "/blocks/0",
        "has_header_divider cannot be set when is_collapsible is true",
    ),
    "container in a container": (
        {"type": "container", "title": plain(), "child_blocks": [{"type": "container"}]},
        "/blocks/0/child_blocks/0/type",
        "unsupported type: container",
    ),
    "a date that is none": (
        actions({"type": "datepicker", "action_id": "d", "initial_date": "today"}),
        "/blocks/0/elements/0/initial_date",
        "must match pattern \\d{4}-\\d\\d-\\d\\d",
    ),
    "input element in actions": (
        actions({"type": "plain_text_input", "action_id": "p"}),
        "/blocks/0/elements/0/type",
        "unsupported type: plain_text_input",
    ),
    "options and groups": (
        actions({**select(1), "option_groups": []}),
        "/blocks/0/elements/0",
        "must define exactly one of options or option_groups",
    ),
    "value that is no text": (actions(button(value=42)), "/blocks/0/elements/0/value", "must provide a string"),
    "emoji that is no flag": (
        actions(button(text={**plain(), "emoji": "yes"})),
        "/blocks/0/elements/0/text/emoji",
        "must provide a boolean",
    ),
    "elements that are no list": (
        {"type": "context", "elements": mrkdwn()},
        "/blocks/0/elements",
        "must provide an array",
    ),
    "half a page": (data_table(2, page_size=2.5), "/blocks/0/page_size", "must provide an integer"),
    "page of none": (data_table(2, page_size=0), "/blocks/0/page_size", "must be greater than or equal to 1"),
    "task without status word": (
        {"type": "task_card", "task_id": "1", "title": "t", "status": "done"},
        "/blocks/0/status",
        "must be a valid enum value: pending, in_progress, complete, error",
    ),
}


@pytest.mark.parametrize(("block", "pointer", "message"), WRONG.values(), ids=WRONG)
def test_wrong_blocks_are_refused(block, pointer, message):
    """Each kind of mistake is found, with its pointer and Slack's words."""
    assert (pointer, message) in [(problem.pointer, problem.message) for problem in validate_message([block])]
