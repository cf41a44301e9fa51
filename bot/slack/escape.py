"""Both ends of the road: the one place where values become text that Slack shows and does not obey. Pure."""

import re
from datetime import datetime
from unicodedata import category

_ENTITY_AT_END = re.compile(r"&[a-z]{0,3}$")
_CONTROL_AT_END = re.compile(r"<[^<>]*$")
_PERSON = re.compile(r"&lt;@([UW][A-Z0-9]{2,20})&gt;")
_PLAIN_URL = re.compile(r"https?://[^\s<>|`]{1,2900}")
_URL_OR_CONTROL = re.compile(
    r"<[^<>\n]*>|https?://(?:(?!&[gl]t;)[^\s<>|`*])+(?<![.,;:!?)\]}'\"])"  # an escaped bracket is the sentence's
)
_MORE = "…"
_FENCE = re.compile(r"`(?=``)")


def escape(value: str) -> str:
    """A value as text: no mention, link or broadcast can come of it."""
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def tame(text: str) -> str:
    """A title or label that may be escaped already: nothing in it can become a mention, nothing is escaped twice."""
    return text.replace("<", "&lt;").replace(">", "&gt;")


def escape_but_people(text: str) -> str:
    """Our own sentences: everything is escaped but mentions of single people (`<@U…>`), which cannot call a channel."""
    return _PERSON.sub(r"<@\1>", escape(text))


def code(value: str) -> str:
    """A value between backticks, where Slack formats nothing; backticks and line breaks inside are replaced."""
    flat = " ".join(value.replace("`", "'").split())
    return f"`{escape(flat)}`" if flat else ""


def fenced(text: str) -> str:
    """Lines in a code block that no value can leave: fences inside are taken apart by a zero-width space."""
    broken = _FENCE.sub("`\u200b", text)
    return f"```\n{escape(broken)}\n```"


def visible(text: str) -> str:
    """What is approved, with every character that nobody sees (or that turns the line round) as `\\u202e`."""
    return "".join(one if _is_seen(one) else f"\\u{ord(one):04x}" for one in text)


def _is_seen(character: str) -> bool:
    return character in "\n\t" or category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def person(id: str) -> str:
    """A mention of one person by Slack id; anything that is no id stays plain."""
    return f"<@{id}>" if re.fullmatch(r"[UW][A-Z0-9]{2,20}", id) else escape(id)


def moment(at: datetime, shape: str = "{time}") -> str:
    """A time in each reader's own time zone, with UTC for where Slack cannot show that."""
    return f"<!date^{int(at.timestamp())}^{shape}|{at:%Y-%m-%d %H:%M} UTC>"


def linked(mrkdwn: str) -> str:
    """Bare URLs made links. Our texts are `verbatim`, so that Slack makes no mentions out of words, nor then links."""
    return _URL_OR_CONTROL.sub(lambda found: found[0] if found[0].startswith("<") else f"<{found[0]}>", mrkdwn)


def link(url: str, label: str) -> str:
    """A labelled link; an address that holds anything of Slack's own marks is shown as code instead."""
    return f"<{escape(url)}|{tame(label)}>" if _PLAIN_URL.fullmatch(url) else code(url[:200])


def cut(text: str, longest: int) -> str:
    """At most `longest` characters, never ending inside an entity, a link or an open code block."""
    if len(text) <= longest:
        return text
    short = text[: longest - 8]
    short = _CONTROL_AT_END.sub("", _ENTITY_AT_END.sub("", short)).rstrip()
    return f"{short}{_MORE}\n```" if short.count("```") % 2 else f"{short} {_MORE}"
