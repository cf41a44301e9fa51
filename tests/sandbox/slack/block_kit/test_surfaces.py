"""Whole messages and views: what passes, what must hold over all blocks; and that the judge stands alone."""

import subprocess
import sys

import pytest

from bot.sandbox.slack.block_kit import characters, validate_message, validate_view
from tests.sandbox.slack.block_kit.builders import (
    actions,
    button,
    card,
    cell,
    chart,
    confirm,
    input_block,
    mrkdwn,
    option,
    plain,
    section,
    select,
    table,
)


def test_blocks_of_a_message():
    """50 blocks pass, 51 do not; the blocks must be a list; an empty list is fine."""
    assert validate_message([{"type": "divider"}] * 50) == []
    assert validate_message([{"type": "divider"}] * 51)[0].message == "no more than 50 items allowed"
    assert validate_message({"type": "divider"})[0].message == "must provide an array"
    assert validate_message([]) == []


def test_block_ids_are_unique_and_action_ids_within_a_block():
    """A block_id may occur once in a message; an action_id may recur in another block."""
    twice = [{"type": "divider", "block_id": "a"}] * 2
    assert validate_message(twice)[0].pointer == "/blocks/1/block_id"
    assert validate_message([actions(button()), actions(button())]) == []


def test_sums_over_a_message():
    """Markdown of 12,000 together, two charts and one table are the most a message takes."""
    half = {"type": "markdown", "text": "x" * 6000}
    assert validate_message([half, half]) == []
    assert validate_message([half, half, {"type": "markdown", "text": "x"}])
    assert validate_message([chart(), chart()]) == []
    assert validate_message([chart()] * 3)
    assert validate_message([table(1, 1)]) == []
    assert validate_message([table(1, 1)] * 2)[0].code == "only_one_table_allowed"


def test_characters_counts_texts_only():
    """Ids, values and URLs do not count; titles, labels and texts do."""
    blocks = [section(text=mrkdwn(10)), actions(button(text=plain(5), value="x" * 100)), {"type": "divider"}]
    assert characters(blocks) == 15


def modal(**fields):
    """A good modal; fields override."""
    return {"type": "modal", "title": plain(), "blocks": [{"type": "divider"}], **fields}


FIELD = {"type": "plain_text_input", "action_id": "a"}


WRONG_VIEWS = {
    "input without submit": modal(blocks=[input_block(FIELD)]),
    "table in a modal": modal(blocks=[table(1, 1)]),
    "chart in a modal": modal(blocks=[chart()]),
    "carousel in a modal": modal(blocks=[{"type": "carousel", "elements": [card()]}]),
    "alert on App Home": {"type": "home", "blocks": [{"type": "alert", "text": mrkdwn()}]},
    "home with a title": {"type": "home", "title": plain(), "blocks": []},
    "no blocks": {"type": "modal", "title": plain()},
    "lengths crossed": modal(submit=plain(), blocks=[input_block({**FIELD, "min_length": 5, "max_length": 4})]),
    "too many bytes": modal(blocks=[section(text=mrkdwn(3000))] * 90),
    "no view": None,
}


@pytest.mark.parametrize("view", WRONG_VIEWS.values(), ids=WRONG_VIEWS)
def test_wrong_views_are_refused(view):
    """What a view may not be or hold is found."""
    assert validate_view(view)


def test_a_good_form_passes():
    """Inputs of every usual kind in a modal with a submit button are accepted."""
    number = {"type": "number_input", "action_id": "n", "is_decimal_allowed": True, "min_value": "1.5"}
    date = {"type": "datepicker", "action_id": "d", "initial_date": "2026-11-23"}
    fields = [FIELD, number, date, select(2), {"type": "multi_users_select", "action_id": "m"}]
    assert validate_view(modal(submit=plain(), blocks=[input_block(field) for field in fields])) == []


GOOD = {
    "rich text": {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "x", "style": {"bold": True}}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x"}], "border": 0},
            {"type": "rich_text_quote", "elements": [{"type": "user", "user_id": "U1"}]},
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "link", "url": "https://e.com"}]}],
            },
        ],
    },
    "table with numbers": {
        "type": "table",
        "rows": [[cell(), {"type": "raw_number", "value": 1.5, "text": "1.5"}]],
        "column_settings": [None, {"align": "right", "is_wrapped": True}],
    },
    "plan": {
        "type": "plan",
        "title": "p",
        "tasks": [{"type": "task_card", "task_id": "1", "title": "t", "status": "complete"}],
    },
    "feedback": {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "f",
                "positive_button": {"text": plain(), "value": "good"},
                "negative_button": {"text": plain(), "value": "bad"},
            }
        ],
    },
    "dispatching input": input_block(
        {
            "type": "plain_text_input",
            "action_id": "a",
            "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
        },
        dispatch_action=True,
        hint=plain(),
    ),
    "file image": {"type": "image", "alt_text": "x", "slack_file": {"id": "F012345678"}, "title": plain()},
    "link button": actions(button(url="https://e.com", style="danger", confirm=confirm())),
    "grouped select": actions(
        {"type": "static_select", "action_id": "s", "option_groups": [{"label": plain(), "options": [option()]}]}
    ),
    "bar": chart(kind="bar", series=2, points=3),
    "area": chart(kind="area"),
}


@pytest.mark.parametrize("block", GOOD.values(), ids=GOOD)
def test_good_blocks_pass(block):
    """Blocks of every family that Slack documents are accepted as they are."""
    assert validate_message([block]) == []


def test_the_judge_needs_no_server():
    """The validator is importable without aiohttp and yaml."""
    blocked = "import sys; sys.modules['aiohttp'] = sys.modules['yaml'] = None; import bot.sandbox.slack.block_kit"
    subprocess.run([sys.executable, "-c", blocked], check=True, timeout=60)
