"""Each kind of block is read in the order in which a person reads it."""

from typing import Any

import pytest

from bot.alerts.extraction import read_alert


def inline(*elements: dict[str, Any]) -> dict[str, Any]:
    """A rich_text block of one section."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def words(text: str) -> dict[str, Any]:
    """A section of a rich_text block that holds plain words."""
    return {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}


INLINE = {
    "text": ({"type": "text", "text": "a &lt; b"}, "a < b"),
    "bold": ({"type": "text", "text": "DAG ", "style": {"bold": True}}, "*DAG* "),
    "code": ({"type": "text", "text": "x", "style": {"code": True}}, "`x`"),
    "link": ({"type": "link", "url": "https://x.test", "text": "log"}, "log (https://x.test)"),
    "emoji": ({"type": "emoji", "name": "fire"}, ":fire:"),
    "user": ({"type": "user", "user_id": "U1"}, "@U1"),
    "usergroup": ({"type": "usergroup", "usergroup_id": "S1"}, "@S1"),
    "channel": ({"type": "channel", "channel_id": "C1"}, "#C1"),
    "broadcast": ({"type": "broadcast", "range": "here"}, "@here"),
    "color": ({"type": "color", "value": "#ff0000"}, "#ff0000"),
    "date": ({"type": "date", "timestamp": 1, "format": "{date}", "fallback": "1 Jan"}, "1 Jan"),
    "newer kind": ({"type": "unheard_of", "text": "still said"}, "still said"),
}


@pytest.mark.parametrize(("element", "seen"), INLINE.values(), ids=INLINE)
def test_inline_elements(element: dict[str, Any], seen: str) -> None:
    """Every inline element of rich text is read."""
    assert read_alert({"blocks": [inline({"type": "text", "text": "|"}, element)]}).text == f"|{seen}".rstrip()


def test_rich_text_keeps_lists_quotes_and_code() -> None:
    """Lists keep bullets, numbers and indent; quotes and preformatted text keep their marks."""
    ordered = {"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": [words("third"), words("fourth")]}
    nested = {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [words("inner")]}
    quote = {"type": "rich_text_quote", "elements": [{"type": "text", "text": "said"}]}
    code = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "ERROR 1\nERROR 2"}]}
    block = {"type": "rich_text", "elements": [ordered, nested, quote, code]}
    assert read_alert({"blocks": [block]}).text.split("\n") == [
        "3. third",
        "4. fourth",
        "  • inner",
        "> said",
        "```",
        "ERROR 1",
        "ERROR 2",
        "```",
    ]


def mrkdwn(text: str) -> dict[str, Any]:
    """A mrkdwn text object."""
    return {"type": "mrkdwn", "text": text}


def plain(text: str) -> dict[str, Any]:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


BUTTON = {"type": "button", "text": plain("View log"), "url": "https://x.test/log"}
SILENT = {"type": "button", "text": plain("Silence"), "action_id": "silence"}
BLOCKS = {
    "header": ({"type": "header", "text": plain("Down <now>")}, "Down <now>"),
    "section": ({"type": "section", "text": mrkdwn("a"), "accessory": BUTTON}, "a\nView log (https://x.test/log)"),
    "fields": ({"type": "section", "fields": [mrkdwn("*A:* 1"), mrkdwn("*B*\n2")]}, "*A:* 1\n*B*\n2"),
    "context": (
        {"type": "context", "elements": [mrkdwn("at 9"), {"type": "image", "alt_text": "a chart"}]},
        "at 9\na chart",
    ),
    "actions": ({"type": "actions", "elements": [BUTTON, SILENT]}, "View log (https://x.test/log)"),
    "image": ({"type": "image", "title": plain("Load"), "alt_text": "rising"}, "Load\nrising"),
    "markdown": ({"type": "markdown", "text": "**bold** text"}, "**bold** text"),
    "table": (
        {
            "type": "table",
            "rows": [
                [{"type": "raw_text", "text": "pid"}, {"type": "raw_number", "value": 7}],
                [inline(words("x")["elements"][0])],
            ],
        },
        "pid | 7\nx",
    ),
    "alert": ({"type": "alert", "text": mrkdwn("newer block")}, "newer block"),
    "container": ({"type": "container", "blocks": [{"type": "header", "text": plain("inside")}]}, "inside"),
    "divider": ({"type": "divider"}, ""),
}


@pytest.mark.parametrize(("block", "seen"), BLOCKS.values(), ids=BLOCKS)
def test_blocks_are_read(block: dict[str, Any], seen: str) -> None:
    """Every kind of block says its text; buttons count only when they lead somewhere."""
    assert read_alert({"blocks": [block]}).text == seen
