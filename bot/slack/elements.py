"""Both ends of the road: Block Kit as small builders that return dicts and keep to Slack's limits. Pure.

Limits: docs.slack.dev/reference/block-kit. Texts handed in are mrkdwn, escaped already where they hold values.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from bot.slack.escape import cut

Block = dict[str, Any]
Style = Literal["", "primary", "danger"]

MOST_BLOCKS = 50
LONGEST_MESSAGE = 13_200  # all blocks of a message together; Slack says msg_blocks_too_long near there
LONGEST_SECTION = 3_000
LONGEST_HEADER = 150
LONGEST_BUTTON = 75
MOST_BUTTONS = 25


def mrkdwn(text: str, longest: int = LONGEST_SECTION) -> Block:
    """A mrkdwn object. `verbatim`, because else Slack itself makes mentions and channel links of plain words."""
    return {"type": "mrkdwn", "text": cut(text, longest), "verbatim": True}


def plain(text: str, longest: int) -> Block:
    """A plain_text object; emoji codes are shown as emoji."""
    return {"type": "plain_text", "text": cut(text, longest), "emoji": True}


def header(text: str) -> Block:
    """The large first line; plain text only."""
    return {"type": "header", "text": plain(text, LONGEST_HEADER)}


def section(text: str) -> Block:
    """A paragraph."""
    return {"type": "section", "text": mrkdwn(text)}


def paragraphs(text: str) -> list[Block]:
    """A long text as sections, broken between lines; what is too much for one message is cut off visibly."""
    pieces: list[str] = []
    for line in cut(text, LONGEST_MESSAGE - 200).split("\n"):
        if pieces and len(pieces[-1]) + len(line) < LONGEST_SECTION and len(pieces) <= MOST_BLOCKS:
            pieces[-1] += f"\n{line}"
        else:
            pieces.append(line)
    return [section(piece) for piece in pieces[:MOST_BLOCKS] if piece.strip()]


def context(*lines: str) -> Block:
    """Small grey lines. One element: Slack sets several side by side, which reads badly on a phone."""
    return {"type": "context", "elements": [mrkdwn("\n".join(filter(None, lines)))]}


def divider() -> Block:
    """A thin line."""
    return {"type": "divider"}


def actions(buttons: Sequence[Block]) -> Block:
    """A row of at most 25 buttons."""
    return {"type": "actions", "elements": list(buttons)[:MOST_BUTTONS]}


def button(label: str, action: str, value: Mapping[str, str], style: Style = "", confirm: Block | None = None) -> Block:
    """A button; `value` comes back as JSON with the click."""
    made: Block = {
        "type": "button",
        "text": plain(label, LONGEST_BUTTON),
        "action_id": action[:255],
        "value": json.dumps(value, separators=(",", ":")),
    }
    if style:
        made["style"] = style
    if confirm is not None:
        made["confirm"] = confirm
    return made


def confirm(title: str, text: str, yes: str, no: str) -> Block:
    """The question that Slack asks before it sends a click on."""
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }


def size(blocks: Sequence[Block]) -> int:
    """Characters of every string in the blocks: Slack counts the texts, so this is never less."""
    return sum(map(_size, blocks))


def _size(value: object) -> int:
    if isinstance(value, str):
        return len(value)
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(map(_size, children))


def fits(blocks: Sequence[Block]) -> bool:
    """True when Slack takes these blocks as one message."""
    return len(blocks) <= MOST_BLOCKS and size(blocks) <= LONGEST_MESSAGE
