"""Using an element: the action that Slack sends for it, and what cannot be chosen."""

import pytest

from bot.sandbox.slack import elements

WORDS = {"type": "plain_text", "text": "Low"}
LOW = {"text": WORDS, "value": "low"}
ROW = {"type": "actions", "block_id": "row"}
GROUPED = {"type": "static_select", "option_groups": [{"label": WORDS, "options": [LOW]}]}
CONFIRM = {"title": WORDS}

ACTIONS = [
    ({"type": "button", "text": WORDS, "value": "1"}, None, {"text": WORDS, "value": "1"}),
    ({"type": "button", "text": WORDS, "style": "danger"}, None, {"text": WORDS, "style": "danger"}),
    ({"type": "button", "text": WORDS, "url": "https://e.com"}, None, {"text": WORDS, "url": "https://e.com"}),
    ({"type": "icon_button", "icon": "trash", "text": WORDS}, None, {"text": WORDS}),
    ({"type": "button", "text": WORDS, "confirm": CONFIRM}, None, {"text": WORDS, "confirm": CONFIRM}),
    (GROUPED, "low", {"selected_option": LOW}),
    (GROUPED, "Low", {"selected_option": LOW}),
    (GROUPED, LOW, {"selected_option": LOW}),
    ({"type": "overflow", "options": [LOW]}, "low", {"selected_option": LOW}),
    ({"type": "checkboxes", "options": [LOW]}, [], {"selected_options": []}),
    ({"type": "checkboxes", "options": [LOW]}, ["low"], {"selected_options": [LOW]}),
    ({"type": "radio_buttons", "options": [LOW]}, "low", {"selected_option": LOW}),
    ({"type": "conversations_select"}, "C0ENG", {"selected_conversation": "C0ENG"}),
    ({"type": "multi_channels_select"}, None, {"selected_channels": []}),
    ({"type": "timepicker"}, "12:30", {"selected_time": "12:30"}),
    ({"type": "plain_text_input"}, "x", {"value": "x"}),
]


@pytest.mark.parametrize(("element", "value", "fields"), ACTIONS)
def test_an_action_has_its_elements_fields(element, value, fields):
    """Each kind of element reports what was chosen in its own field, with its ids and the time."""
    made = elements.action(ROW, {**element, "action_id": "go"}, value, "1.0")
    assert made == {"type": element["type"], "action_id": "go", "block_id": "row", "action_ts": "1.0", **fields}


FEEDBACK = {"type": "feedback_buttons", "positive_button": {"value": "yes"}, "negative_button": {"value": "no"}}
REFUSED = [
    ({"type": "overflow", "options": [LOW]}, "high", "go has no option 'high'; it has low"),
    ({"type": "checkboxes", "options": [LOW]}, ["low", "x"], "go has no option 'x'; it has low"),
    (GROUPED, {"value": "high"}, "has no option 'high'"),
    (FEEDBACK, "maybe", "feedback takes yes or no, not 'maybe'"),
    (FEEDBACK, None, "feedback takes yes or no, not None"),
    ({"type": "image"}, "x", "image holds no value"),
]


@pytest.mark.parametrize(("element", "value", "said"), REFUSED)
def test_what_is_not_offered_cannot_be_chosen(denied, element, value, said):
    """The refusal names what the element offers."""
    refusal = denied(elements.action, ROW, {**element, "action_id": "go"}, value, "1.0")
    assert refusal.code == "invalid_value"
    assert said in refusal.detail


def test_an_external_select_takes_anything():
    """Its options come from elsewhere, so that what was typed is the option."""
    element = {"type": "external_select", "action_id": "go"}
    made = elements.state_of(element, "anything")
    assert made["selected_option"]["value"] == "anything"
    assert elements.state_of(element, None) == {"type": "external_select", "selected_option": None}


@pytest.mark.parametrize("value", ["yes", "no"])
def test_feedback_is_one_of_two(value):
    """A feedback button reports the value of the half that was pressed."""
    assert elements.action(ROW, {**FEEDBACK, "action_id": "go"}, value, "1.0")["value"] == value


def test_what_is_shown_is_told_when_nothing_fits(denied):
    """The refusal lists what could be used, or says that there is nothing."""
    blocks = [{**ROW, "elements": [{"type": "button", "action_id": "stop"}]}]
    assert denied(elements.find, blocks, "go", None).detail == "no 'go' here; it shows stop (button)"
    assert denied(elements.find, [{"type": "divider"}], "go", None).detail == "no 'go' here; it shows nothing to use"


def test_the_first_of_two_is_found_unless_its_block_is_named():
    """The same action_id may stand in several blocks."""
    blocks = [{**ROW, "block_id": one, "elements": [{"type": "button", "action_id": "go"}]} for one in "ab"]
    assert elements.find(blocks, "go", None)[0]["block_id"] == "a"
    assert elements.find(blocks, "go", "b")[0]["block_id"] == "b"


def test_images_and_texts_are_nothing_to_use():
    """Context blocks and an image beside a section hold no action."""
    blocks = [
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}]},
        {"type": "section", "accessory": {"type": "image", "alt_text": "x"}},
    ]
    assert list(elements.interactive(blocks)) == []
