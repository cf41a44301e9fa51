"""Block Kit as lines: every kind of block the bot sends, and numbers for what can be clicked."""

from __future__ import annotations

import pytest

from bot.sandbox.block_text import message_clickables, message_lines

NAMES = {"U0ONCALL": "nadia"}


def mrkdwn(text: str) -> dict[str, str]:
    """A text with Slack's markup."""
    return {"type": "mrkdwn", "text": text}


def plain(text: str) -> dict[str, str]:
    """A text without markup."""
    return {"type": "plain_text", "text": text}


def button(label: str, action: str, **more: object) -> dict[str, object]:
    """A button."""
    return {"type": "button", "text": plain(label), "action_id": action, **more}


def shown(*blocks: dict, **message: object) -> list[str]:
    """The lines of a message with these blocks."""
    return [line.text for line in message_lines({"blocks": list(blocks), **message}, NAMES)]


@pytest.mark.parametrize(
    ("block", "lines"),
    [
        ({"type": "header", "text": plain("Incident")}, ["Incident"]),
        ({"type": "section", "text": mrkdwn("for <@U0ONCALL>\ntwo")}, ["for @nadia", "two"]),
        ({"type": "section", "fields": [mrkdwn("*A*: 1"), mrkdwn("*B*: 2")]}, ["*A*: 1", "*B*: 2"]),
        ({"type": "context", "elements": [mrkdwn("P1"), plain("since 3 min")]}, ["P1 · since 3 min"]),
        ({"type": "divider"}, ["─" * 40]),
        ({"type": "markdown", "text": "# Title\n- one"}, ["# Title", "- one"]),
        ({"type": "image", "alt_text": "credits", "image_url": "http://x"}, ["🖼 credits"]),
        ({"type": "something_new"}, ["(something_new)"]),
    ],
)
def test_each_block_has_its_lines(block, lines):
    """Nothing a person would read in Slack is missing in the terminal."""
    assert shown(block) == lines


def test_rich_text_keeps_lists_quotes_and_code():
    """Lists get bullets or numbers, code is set in, links and mentions read as words."""

    def piece(text: str) -> dict[str, object]:
        return {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}

    link = {"type": "link", "url": "https://x.test", "text": "log"}
    block = {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U0ONCALL"}, link]},
            {"type": "rich_text_list", "style": "ordered", "elements": [piece("first"), piece("second")]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "SELECT 1;\nSELECT 2;"}]},
        ],
    }
    expected = ["@nadialog (https://x.test)", "1. first", "2. second", "    SELECT 1;", "    SELECT 2;"]
    assert shown(block) == expected


def test_a_table_is_aligned():
    """Columns are as wide as their longest cell; cells may be rich text."""
    rich = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "7"}]}],
    }
    rows = [
        [{"type": "raw_text", "text": "pid"}, {"type": "raw_text", "text": "state"}],
        [rich, {"type": "raw_text", "text": "idle"}],
    ]
    assert shown({"type": "table", "rows": rows}) == ["pid  state", "7    idle"]


def test_buttons_are_numbered_through_the_whole_message():
    """Accessories and actions count on, in the order of the blocks, attachments last."""
    section = {"type": "section", "text": mrkdwn("x"), "accessory": button("Show", "show"), "block_id": "b1"}
    actions = {"type": "actions", "elements": [button("Approve", "yes"), button("Decline", "no")]}
    attachment = {"blocks": [{"type": "actions", "elements": [button("More", "more", url="https://x.test")]}]}
    message = {"blocks": [section, actions], "attachments": [attachment]}
    lines = [line.text for line in message_lines(message, NAMES)]
    assert lines == ["x", "[1] Show", "[2] Approve  [3] Decline", "▎ [4] More → https://x.test"]
    assert [one.action_id for one in message_clickables(message)] == ["show", "yes", "no", "more"]


def test_a_select_shows_what_can_be_chosen():
    """Options of a select, grouped or not, are listed with their text."""
    options = [{"text": plain("High"), "value": "h"}, {"text": plain("Low"), "value": "l"}]
    select = {"type": "static_select", "placeholder": plain("Level"), "action_id": "level", "options": options}
    assert shown({"type": "actions", "elements": [select]}) == ["[1] Level: High | Low"]
    [clickable] = message_clickables({"blocks": [{"type": "actions", "elements": [select]}]})
    assert clickable.options == (("High", "h"), ("Low", "l"))


def test_a_form_field_shows_its_name_for_submit():
    """An input shows label, initial value and the name to give to `submit`."""
    element = {"type": "number_input", "action_id": "quota", "initial_value": "75"}
    assert shown({"type": "input", "label": plain("Quota"), "element": element}) == ["Quota: 75  (quota=…)"]


def test_a_message_without_blocks_shows_its_text():
    """Text and old-style attachments, as alerting apps send them."""
    attachment = {"title": "Alert", "text": "it &lt;broke&gt;", "fields": [{"title": "Severity", "value": "P1"}]}
    assert shown(text="first\n\nsecond", attachments=[attachment]) == [
        *("first", "second"),
        *("▎ Alert", "▎ it <broke>", "▎ Severity: P1"),
    ]


def test_labels_cannot_carry_control_characters():
    """Headers, buttons and cells are cleaned too."""
    blocks = [
        {"type": "header", "text": plain("a\x1b[2J")},
        {"type": "actions", "elements": [button("go\x07", "go")]},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x\x9b"}]]},
    ]
    assert not [line for line in shown(*blocks) if set(line) & set("\x1b\x07\x9b")]
