"""Slack's wire text as a terminal may show it: names for ids, no control characters, no markup of the terminal's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

# Direction overrides would let a message reorder what stands around it.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
_TOKEN = re.compile(r"<([^<>\n]{1,3000})>")
_MENTIONS = ("@", "#", "!")


def clean(text: str) -> str:
    """`text` without control characters (a terminal obeys them) but with its line breaks; tabs become blanks."""
    plain = text.replace("\r\n", "\n").replace("\t", "    ")
    return "".join(char for char in plain if char == "\n" or not _is_hidden(char))


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) == "Cc" or char in _BIDI


def plain_text(text: str, names: Mapping[str, str]) -> str:
    """mrkdwn as words: `<@U1>` → @nadia, `<url|label>` → label (url), `&lt;` → <. Stars and ticks stay."""
    spoken = _TOKEN.sub(lambda found: _speak(found[1], names), text)
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        spoken = spoken.replace(entity, char)
    return clean(spoken)


def _speak(token: str, names: Mapping[str, str]) -> str:
    target, _, label = token.partition("|")
    if target.startswith("!date^"):
        return label
    if target.startswith("!subteam^"):
        return f"@{names.get(target.removeprefix('!subteam^'), label.lstrip('@') or target[9:])}"
    if target.startswith(_MENTIONS):
        sign = "#" if target[0] == "#" else "@"
        return f"{sign}{names.get(target[1:], label or target[1:])}"
    return f"{label} ({target})" if label and label != target else target.removeprefix("mailto:")
