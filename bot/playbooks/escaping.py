"""Stage 6: a value inside a Slack text. Whatever it holds, it cannot ring anybody, format, or break the line.

Source of the three escapes: Slack's "Formatting text for app surfaces" (&, < and > are the only control characters).
"""

import re

VALUE_LIMIT = 300
TEXT_LIMIT = 2900  # a section's text may have 3,000 characters

# Control characters, line breaks, zero-width characters and overrides of the writing direction.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
# A surrogate alone is no character; Slack's JSON would refuse the whole message.
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Slack formats only at the edge of a word, so LOADING_WH stays as it is and can be copied.
_MARKS = re.compile(r"(?<![A-Za-z0-9])[*_~](?=\S)|(?<=\S)[*_~](?![A-Za-z0-9])")
_LOOK_ALIKE = {"*": "∗", "_": "＿", "~": "∼"}


class Mrkdwn(str):
    """A text that is Slack's mrkdwn already (made by a filter here, never by a value)."""

    __slots__ = ()


def clean(value: str, limit: int = VALUE_LIMIT) -> str:
    """One line of printable characters, at most `limit` of them; nothing is escaped yet."""
    text = " ".join(_CONTROL.sub(" ", _SURROGATE.sub("\ufffd", value[: limit * 4])).split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def escape(value: str, limit: int = VALUE_LIMIT) -> str:
    """The value as words inside mrkdwn."""
    plain = clean(value, limit).replace("`", "'")
    return _entities(_MARKS.sub(lambda mark: _LOOK_ALIKE[mark.group()], plain))


def escape_code(value: str, limit: int = VALUE_LIMIT) -> Mrkdwn:
    """The value as inline code: exact, so that it can be copied."""
    return Mrkdwn(f"`{_entities(clean(value, limit).replace('`', chr(39))) or ' '}`")


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cap_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """The text cut at a line, or else a word, so that no escape or date is cut in two."""
    if len(text) <= limit:
        return text
    head = text[: limit - 2]
    cut = max(head.rfind("\n"), 0) or max(head.rfind(" "), 0) or len(head)
    head = head[:cut]
    opened = head.rfind("<")
    if opened > head.rfind(">"):
        head = head[:opened]
    return head.rstrip() + ("`" if head.count("`") % 2 else "") + " …"
