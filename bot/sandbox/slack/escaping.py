"""First floor of the stand-in: text as Slack holds it (`&amp; &lt; &gt;`, links and mentions in `<…>`). Pure."""

import re
from collections.abc import Mapping

# What Slack leaves alone between < and >: mentions, commands, links with or without a label.
_CONTROL = re.compile(r"<(?:[@#!][^<>\n]+|(?:https?://|mailto:|tel:)[^<>\n]+)>")
# A URL in escaped text: it may hold &amp; as a whole, and ends before &lt; and &gt; and the punctuation after it.
_URL = re.compile(r"https?://(?:&amp;|[^\s<>|\"'`&])*(?:&amp;|[^\s<>|\"'`&.,;:!?)\]}])")
_LONE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")
_USER = re.compile(r"(?<![\w@<])@([a-z0-9][a-z0-9._-]*)")
_CHANNEL = re.compile(r"(?<![\w#<&])#([a-z0-9][a-z0-9_-]*)")


def escape(text: str) -> str:
    """Escape everything, as Slack does with what a person types."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(text: str, users: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """Turn a person's typing into wire text: escaped, URLs in <…>, @name and #name as mentions when known.

    `users` and `channels` map a name to its id.
    """
    wire = _URL.sub(lambda m: f"<{m.group()}>", escape(text))
    wire = _USER.sub(lambda m: f"<@{users[m[1]]}>" if m[1] in users else m.group(), wire)
    return _CHANNEL.sub(lambda m: f"<#{channels[m[1]]}|{m[1]}>" if m[1] in channels else m.group(), wire)


def posted(text: str) -> str:
    """Turn the `text` argument of an API call into what Slack stores.

    Control sequences stay, other `<`, `>` and lone `&` are escaped, bare URLs are put in <…>.
    """
    parts: list[str] = []
    position = 0
    for control in _CONTROL.finditer(text):
        parts += (_escape_around(text[position : control.start()]), control.group())
        position = control.end()
    parts.append(_escape_around(text[position:]))
    return "".join(parts)


def _escape_around(text: str) -> str:
    if not text:
        return text
    escaped = _LONE_AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
    return _URL.sub(lambda m: f"<{m.group()}>", escaped) if "http" in escaped else escaped
