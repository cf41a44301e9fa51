"""The builders keep to Slack's limits whatever they are given."""

import json
from typing import Any

import pytest

from bot.sandbox.slack.block_kit import characters, validate_message
from bot.slack.elements import (
    LONGEST_MESSAGE,
    MOST_BLOCKS,
    actions,
    button,
    confirm,
    context,
    divider,
    fits,
    header,
    paragraphs,
    section,
    size,
)

LONG = "word &amp; " * 3_000


@pytest.mark.parametrize("text", ["x", LONG, "&amp;" * 1_000, "```" + LONG], ids=["short", "long", "entities", "code"])
def test_any_text_makes_a_valid_block(text: str) -> None:
    """Headers, sections, context lines, buttons and questions are cut to their own limits."""
    question = confirm(text, text, text, text)
    blocks = [
        header(text),
        section(text),
        context(text, "", text),
        divider(),
        actions([button(text, f"a{n}", {"incident": "i"}, "danger", question) for n in range(40)]),
    ]
    assert validate_message(blocks) == []


def test_texts_are_verbatim() -> None:
    """Slack is told not to make mentions or channel links out of plain words."""
    assert section("@here #general")["text"]["verbatim"] is True
    assert context("@here")["elements"][0]["verbatim"] is True


def test_context_is_one_element() -> None:
    """Lines stand below each other; empty ones are left out."""
    assert [element["text"] for element in context("a", "", "b")["elements"]] == ["a\nb"]


def test_button_value_comes_back_as_json() -> None:
    """What a click needs is in the button's value."""
    value = button("Approve", "approve", {"plan": "p", "digest": 'd"'})["value"]
    assert json.loads(value) == {"plan": "p", "digest": 'd"'}


@pytest.mark.parametrize("lines", [1, 100, 5_000])
def test_long_answers_become_paragraphs(lines: int) -> None:
    """An answer is broken between lines, keeps every line that fits, and is taken by Slack."""
    blocks = paragraphs("\n".join(f"line {n} of the list" for n in range(lines)))
    assert validate_message(blocks) == []
    assert fits(blocks)
    said = "\n".join(block["text"]["text"] for block in blocks)
    assert said.startswith("line 0 of the list")
    assert ("line 99 of the list" in said) == (lines >= 100)


def test_paragraphs_of_very_many_lines_keep_to_the_block_limit() -> None:
    """Lines that fill a section each do not make too many of them."""
    assert len(paragraphs("\n".join(["x" * 250] * 400))) <= MOST_BLOCKS


@pytest.mark.parametrize("blocks", [[section("x" * 3_000)] * 5, [divider()] * 51], ids=["characters", "blocks"])
def test_what_slack_would_refuse_does_not_fit(blocks: list[dict[str, Any]]) -> None:
    """Too many characters or blocks are noticed before sending."""
    assert not fits(blocks)
    assert size(blocks) >= characters(blocks)
    assert LONGEST_MESSAGE == 13_200
