"""Filling in a modal: what a field holds before and after, and what Slack's client refuses by itself."""

import pytest

from bot.sandbox.slack import forms

WORDS = {"type": "plain_text", "text": "x"}
OPTIONS = [{"text": {"type": "plain_text", "text": text}, "value": text.lower()} for text in ("Low", "High", "Top")]


def view(*elements, optional=False, held=None):
    """A view with one input per element, block b0 and action a0 for the first, and so on."""
    blocks = [
        {"type": "input", "block_id": f"b{n}", "element": {**one, "action_id": f"a{n}"}, "optional": optional}
        for n, one in enumerate(elements)
    ]
    return {"blocks": blocks, "state": {"values": held or {}}}


def says(element, value, *, optional=False):
    """What Slack's client says under a field with that value."""
    form = view(element, optional=optional)
    return forms.refusals(form, forms.fill(form, {"a0": value})).get("b0")


WHOLE = {"type": "number_input", "is_decimal_allowed": False, "min_value": "-1", "max_value": "9"}
DECIMAL = {"type": "number_input", "is_decimal_allowed": True, "min_value": "0.5", "max_value": "2.5"}
NOT_A_NUMBER, NOT_WHOLE = "Please enter a number.", "Please enter a whole number."
NUMBERS = [
    (WHOLE, "9", None),
    (WHOLE, "-1", None),
    (WHOLE, "+3", None),
    (WHOLE, "3.0", None),
    (WHOLE, 3, None),
    (WHOLE, "10", "Must be 9 or less."),
    (WHOLE, "-2", "Must be -1 or more."),
    (WHOLE, "1.5", NOT_WHOLE),
    (DECIMAL, "0.5", None),
    (DECIMAL, ".75", None),
    (DECIMAL, "0.49", "Must be 0.5 or more."),
    (DECIMAL, "2.51", "Must be 2.5 or less."),
    *((DECIMAL, text, NOT_A_NUMBER) for text in ("nan", "inf", "1e0", "1_0", "\u0663", " ", "1,5", "--1")),
]


@pytest.mark.parametrize(("element", "value", "message"), NUMBERS)
def test_a_number_field_takes_numbers_only(element, value, message):
    """Digits with a sign and a point; what Python reads as a number besides is none to Slack."""
    assert says(element, value) == message


EMAIL, URL = {"type": "email_text_input"}, {"type": "url_text_input"}
BAD_EMAIL, BAD_URL = "Please enter an email address.", "Please enter a URL."
TEXTS = [
    (EMAIL, "a@b", None),
    (EMAIL, "a@b@c", BAD_EMAIL),
    (EMAIL, "a b@c", BAD_EMAIL),
    (EMAIL, "@c", BAD_EMAIL),
    (URL, "https://e.com", None),
    (URL, "HTTP://e.com", None),
    (URL, "e.com", BAD_URL),
    (URL, "ftp://e.com", BAD_URL),
    (URL, "https://e.com a", BAD_URL),
    ({"type": "plain_text_input", "min_length": 2, "max_length": 3}, "a", "Must be at least 2 characters."),
    ({"type": "plain_text_input", "min_length": 2, "max_length": 3}, "ab", None),
    ({"type": "plain_text_input", "min_length": 2, "max_length": 3}, "abcd", "Must be at most 3 characters."),
    ({"type": "plain_text_input", "min_length": 0}, " ", None),
]


@pytest.mark.parametrize(("element", "value", "message"), TEXTS)
def test_texts_are_checked_by_their_field(element, value, message):
    """Addresses look like addresses, links like links, and lengths hold at both ends."""
    assert says(element, value) == message


SEVERAL = {"type": "multi_static_select", "options": OPTIONS}
PICKS = [
    ({**SEVERAL, "max_selected_items": 2}, ["low", "top"], None),
    ({**SEVERAL, "max_selected_items": 1}, ["low", "top"], "Please choose 1 at most."),
    ({"type": "multi_users_select", "max_selected_items": 1}, ["U0LEAD", "U0ONCALL"], "Please choose 1 at most."),
    ({"type": "static_select", "options": OPTIONS}, "High", None),
]


@pytest.mark.parametrize(("element", "value", "message"), PICKS)
def test_no_more_is_chosen_than_allowed(element, value, message):
    """max_selected_items is a limit of the client."""
    assert says(element, value) == message


EMPTY = [
    {"type": "plain_text_input"},
    {"type": "number_input", "is_decimal_allowed": False},
    {"type": "static_select", "options": OPTIONS},
    {"type": "checkboxes", "options": OPTIONS},
    {"type": "multi_users_select"},
    {"type": "datepicker"},
    {"type": "file_input"},
]


@pytest.mark.parametrize("element", EMPTY, ids=[one["type"] for one in EMPTY])
def test_a_field_left_empty_is_refused_unless_optional(element):
    """Required is the default, for every kind of field; an empty optional one is not checked further."""
    form = view(element)
    assert forms.refusals(form, forms.fill(form, {})) == {"b0": "Please complete this required field."}
    free = view(element, optional=True)
    assert forms.refusals(free, forms.fill(free, {})) == {}


def test_every_field_is_told_at_once():
    """The client shows what is wrong under each field, not only under the first."""
    form = view(WHOLE, URL, {"type": "plain_text_input"})
    state = forms.fill(form, {"a0": "99", "a1": "x", "a2": "fine"})
    assert forms.refusals(form, state) == {"b0": "Must be 9 or less.", "b1": BAD_URL}


INITIAL = [
    ({"type": "plain_text_input", "initial_value": "a"}, "value", "a"),
    ({"type": "static_select", "options": OPTIONS, "initial_option": OPTIONS[1]}, "selected_option", OPTIONS[1]),
    ({"type": "checkboxes", "options": OPTIONS, "initial_options": OPTIONS[:2]}, "selected_options", OPTIONS[:2]),
    ({"type": "users_select", "initial_user": "U0LEAD"}, "selected_user", "U0LEAD"),
    ({"type": "datetimepicker", "initial_date_time": 1_700_000_000}, "selected_date_time", 1_700_000_000),
    ({"type": "timepicker", "initial_time": "12:30"}, "selected_time", "12:30"),
]


@pytest.mark.parametrize(("element", "field", "value"), INITIAL, ids=[one["type"] for one, _, _ in INITIAL])
def test_a_field_starts_with_its_initial_value(element, field, value):
    """What a field shows before anybody touched it is what it submits."""
    assert forms.fill(view(element), {})["b0"]["a0"][field] == value


def test_what_was_held_before_stays_unless_given():
    """A value of an earlier try wins over the initial one, and a new one over both."""
    element = {"type": "plain_text_input", "initial_value": "first"}
    held = {"b0": {"a0": {"type": "plain_text_input", "value": "second"}}}
    assert forms.fill(view(element, held=held), {})["b0"]["a0"]["value"] == "second"
    assert forms.fill(view(element, held=held), {"b0": "third"})["b0"]["a0"]["value"] == "third"
    assert forms.fill(view(element, held=held), {"b0": ""})["b0"]["a0"]["value"] == ""


def test_an_unknown_field_is_told_with_the_known_ones(denied):
    """A misspelt key is refused with the names that would be right."""
    assert denied(forms.fill, view(URL), {"b9": "x", "a9": "y"}).detail == "a9, b9: the view has a0, b0"
    assert denied(forms.fill, view(), {"x": "y"}).detail == "x: the view has no fields"


def test_buttons_hold_nothing():
    """An actions block's select is part of the state, its buttons and overflow menus are not."""
    elements = [
        {"type": "button", "action_id": "go", "text": WORDS},
        {"type": "overflow", "action_id": "more", "options": OPTIONS},
        {"type": "static_select", "action_id": "level", "options": OPTIONS},
    ]
    form = {"blocks": [{"type": "actions", "block_id": "row", "elements": elements}], "state": {"values": {}}}
    assert forms.fill(form, {}) == {"row": {"level": {"type": "static_select", "selected_option": None}}}
