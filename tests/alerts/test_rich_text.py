"""A rich_text block as the lines that a person sees, however odd its shape."""

from typing import Any

import pytest

from bot.alerts.alert import Link
from bot.alerts.parts import Lines
from bot.alerts.rich_text import read


def element(kind: str, *parts: Any, **more: Any) -> dict[str, Any]:
    """An element of a rich_text block; words stand for their text."""
    inner = [{"type": "text", "text": part} if isinstance(part, str) else part for part in parts]
    return {"type": f"rich_text_{kind}", "elements": inner, **more}


def section(*parts: Any) -> dict[str, Any]:
    """A paragraph."""
    return element("section", *parts)


def lines(*elements: Any) -> list[str]:
    """The block's lines."""
    return [part.text for part in read({"type": "rich_text", "elements": list(elements)}) if isinstance(part, Lines)]


def text(words: str, **style: bool) -> dict[str, Any]:
    """Inline words of a style."""
    return {"type": "text", "text": words, "style": style}


@pytest.mark.parametrize(
    ("parts", "seen"),
    [
        ((text("DAG: ", bold=True), "load"), "*DAG:* load"),
        ((text(" a ", code=True), "b"), " `a` b"),
        ((text("a", bold=True, code=True),), "`a`"),
        ((text("a", italic=True, strike=True),), "a"),
        ((text("  ", bold=True), "x"), "  x"),
        (({"type": "text", "text": "a", "style": "bold"},), "a"),
        (("a &amp;lt; b",), "a &lt; b"),
        (("DAG: load\n\n",), "DAG: load"),
        (({"type": "date", "timestamp": 1795141080},), "1795141080"),
        (({"type": "user"}, {"type": "emoji"}), "@::"),
        (({"type": "link", "url": "https://x.test/"},), "https://x.test/"),
        (({"type": "link", "text": "only words"},), "only words"),
    ],
    ids=repr,
)
def test_inline_parts_are_read_as_they_look(parts: tuple[Any, ...], seen: str) -> None:
    """Marks hug the words, so that `*DAG:* load` is found whoever wrote it; other styles are only looks."""
    assert lines(section(*parts)) == [seen]


@pytest.mark.parametrize(
    "block",
    [
        {},
        {"elements": None},
        {"elements": "text"},
        {"elements": [None, 5, "x", []]},
        {"elements": [{"type": "rich_text_section"}]},
        {"elements": [section("", "  \n ")]},
        {"elements": [section({"type": "unheard_of", "url": "x"})]},
        {"elements": [element("list")]},
        {"elements": [{"type": 7, "elements": [{"type": None}]}]},
    ],
    ids=repr,
)
def test_a_block_that_says_nothing_is_nothing(block: dict[str, Any]) -> None:
    """A wrong type is nothing, never an error and never an empty line."""
    assert list(read(block)) == []


def test_every_link_is_handed_on_after_its_line() -> None:
    """Beside the words, so that a run's address can be found."""
    log = {"type": "link", "text": "log &amp; more", "url": "https://x.test/?a=1&amp;b=2"}
    found = Link("log & more", "https://x.test/?a=1&b=2")
    parts = list(read({"elements": [section("see ", log), section("end")]}))
    assert parts == [Lines("see log & more (https://x.test/?a=1&b=2)"), found, Lines("end")]


def test_every_line_of_a_quote_is_marked() -> None:
    """Also of one that was written with line breaks in it: what somebody else said stays told apart."""
    assert lines(element("quote", "first\nsecond", " line")) == ["> first\n> second line"]


@pytest.mark.parametrize(
    ("more", "first"),
    [
        ({"style": "ordered"}, "1. a"),
        ({"style": "ordered", "offset": 4}, "5. a"),
        ({"style": "ordered", "offset": -4}, "1. a"),
        ({"style": "ordered", "offset": "4"}, "1. a"),
        ({"style": "ordered", "offset": True}, "1. a"),
        ({"style": "bullet", "indent": 2}, "    • a"),
        ({"indent": 10**9}, "• a"),
        ({"indent": 50}, " " * 16 + "• a"),
        ({}, "• a"),
    ],
    ids=repr,
)
def test_a_list_is_numbered_and_indented_within_bounds(more: dict[str, Any], first: str) -> None:
    """A number that makes no sense is none."""
    assert lines(element("list", section("a"), **more)) == [first]


def test_a_list_in_a_list_takes_no_number() -> None:
    """The items around it are counted on."""
    inner = element("list", section("inner"), indent=1)
    assert lines(element("list", section("a"), inner, section("b"), style="ordered")) == ["1. a", "  • inner", "2. b"]


def test_lists_within_lists_end_somewhere() -> None:
    """A hostile block of a thousand levels is read to its bound."""
    nested = element("list", section("deepest"))
    for level in range(300):
        nested = element("list", section(f"level {level}"), nested)
    assert 5 < len(lines(nested)) < 15


def test_preformatted_text_keeps_its_lines() -> None:
    """As a code block, without the blank lines around it."""
    assert lines(element("preformatted", "\nTraceback\n  File x\n")) == ["```\nTraceback\n  File x\n```"]
