"""Arguments as they come from JSON, forms and queries, and pages of a list."""

import base64

import pytest

from bot.sandbox.slack.web_api.arguments import Arguments
from bot.sandbox.slack.web_api.call import Call, cursor, page, uncursor

FLAGS = [
    (True, True),
    ("true", True),
    ("True", True),
    ("1", True),
    (1, True),
    (False, False),
    ("0", False),
    ("", False),
]


@pytest.mark.parametrize(("value", "expected"), FLAGS)
def test_flags_come_in_every_spelling(value, expected):
    """JSON's true, a form's "true" and "1" are the same; without the argument the default holds."""
    assert Arguments({"on": value}).flag("on", default=not expected) is expected
    assert Arguments({}).flag("on", default=True)


NUMBERS = [("7", 7), (7, 7), ("", 100), (None, 100), ("5000", 1000), (1, 1)]


@pytest.mark.parametrize(("value", "expected"), NUMBERS)
def test_numbers_are_capped(value, expected):
    """A number above the highest is the highest; an absent one the default."""
    assert Arguments({"limit": value}).number("limit", 100, low=1, high=1000) == expected


@pytest.mark.parametrize("value", ["many", "-1", [1], "1.5", {}])
def test_a_number_that_is_none_or_too_low_is_refused(denied, value):
    """What is no whole number, or below the lowest, is invalid_limit."""
    arguments = Arguments({"limit": value or "x"})
    assert denied(arguments.number, "limit", 100, low=1, high=1000).code == "invalid_limit"


def test_a_structure_is_decoded_once():
    """A JSON text becomes its value, a value stays, nothing is None."""
    arguments = Arguments({"a": '[{"x": 1}]', "b": [1], "c": "", "d": None})
    assert [arguments.structure(name, "bad") for name in "abcde"] == [[{"x": 1}], [1], None, None, None]


def test_a_required_argument_says_its_name(denied):
    """The refusal carries Slack's message for the field; 0 is a value."""
    refusal = denied(Arguments({"ts": ""}).required, "ts", "message_not_found")
    assert refusal.code == "message_not_found"
    assert refusal.extra["response_metadata"] == {"messages": ["[ERROR] missing required field: ts"]}
    assert Arguments({"ts": 0}).required("ts") == "0"


def test_lists_are_split_at_commas():
    """Blanks around a name and empty names do not count."""
    assert Arguments({"types": " im ,,public_channel, "}).names("types") == ["im", "public_channel"]


def test_the_journal_never_holds_a_token():
    """Arguments are kept without the token."""
    assert Arguments({"token": "xoxb-1", "a": 1}).plain() == {"a": 1}


SIZES = [(0, 3, [[]]), (3, 3, [[0, 1, 2]]), (4, 3, [[0, 1, 2], [3]]), (2, 1, [[0], [1]])]


@pytest.mark.parametrize(("count", "limit", "pages"), SIZES)
def test_pages_end_with_an_empty_cursor(standin, count, limit, pages):
    """Every item is on one page; a list that ends with its page needs no further one."""
    found, following = [], ""
    while True:
        call = Call(standin, standin.bot, Arguments({"limit": limit, "cursor": following}))
        items, paging = page(call, list(range(count)), default=100)
        found.append(items)
        following = paging["response_metadata"]["next_cursor"]
        if not following:
            break
    assert found == pages


def made(text):
    """A cursor's wire form of any text."""
    return base64.b64encode(text.encode()).decode()


BAD = [
    "?",
    "",
    made("offset"),
    made("offset:"),
    made("offset:-1"),
    made("offset:x"),
    made("next_ts:1.0"),
    "/w==",
    made("ü"),
]


@pytest.mark.parametrize("text", BAD)
def test_a_cursor_of_another_list_is_refused(denied, text):
    """Garbage, another method's cursor and an offset that is none are invalid_cursor."""
    assert denied(uncursor, text, "offset").code == "invalid_cursor"
    assert uncursor(cursor("offset", "5"), "offset") == "5"
