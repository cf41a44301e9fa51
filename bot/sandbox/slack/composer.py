"""Second floor of the stand-in: what Slack's composer makes of typed text: the rich_text block beside the wire text.

Pure. A person's message carries both, so a reader of blocks must not count it twice.
"""

import re
from secrets import token_hex
from typing import Any

_TOKEN = re.compile(r"<(?P<kind>[@#!]?)(?P<target>[^<>|]+)(?:\|(?P<label>[^<>]*))?>")
_PART = {"@": ("user", "user_id"), "#": ("channel", "channel_id")}


def rich_text(wire: str) -> dict[str, Any]:
    """The rich_text block of a wire text (escaped, with <…> tokens)."""
    parts: list[dict[str, Any]] = []
    position = 0
    for token in _TOKEN.finditer(wire):
        parts += _plain(wire[position : token.start()])
        parts.append(_part(token))
        position = token.end()
    parts += _plain(wire[position:])
    section = {"type": "rich_text_section", "elements": parts}
    return {"type": "rich_text", "block_id": token_hex(3), "elements": [section]}


def _part(token: re.Match[str]) -> dict[str, Any]:
    kind, target = token["kind"], token["target"]
    if kind in _PART:
        name, field = _PART[kind]
        return {"type": name, field: target}
    if kind == "!" and target.startswith("subteam^"):
        return {"type": "usergroup", "usergroup_id": target.removeprefix("subteam^")}
    if kind == "!":
        return {"type": "broadcast", "range": target}
    link = {"type": "link", "url": _unescape(target)}
    return {**link, "text": _unescape(token["label"])} if token["label"] else link


def _plain(wire: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": _unescape(wire)}] if wire else []


def _unescape(wire: str) -> str:
    return wire.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
