"""A Slack message (or modal) as lines for a terminal; whatever can be clicked gets a number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.mrkdwn import clean, plain_text
from bot.sandbox.rich_text import chart_lines, rich_text_lines, table_lines

Json = dict[str, Any]
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One line and the rich style it is shown in."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Clickable:
    """An element a person can use; `label` is what it shows, `options` what a select offers."""

    label: str
    action_id: str
    block_id: str
    options: tuple[tuple[str, str], ...] = ()
    url: str = ""


def message_lines(message: Json, names: Names) -> list[Line]:
    """The message's body: blocks if it has any, else its text; then attachments. Nothing in it is obeyed."""
    lines: list[Line] = []
    blocks = message.get("blocks") or []
    if not blocks:
        lines += [Line(text) for text in plain_text(message.get("text", ""), names).split("\n") if text]
    lines += block_lines(blocks, names, start=1)
    for attachment in message.get("attachments") or []:
        lines += _attachment_lines(attachment, names, start=1 + count_before(message, attachment))
    return lines


def count_before(message: Json, attachment: Json) -> int:
    """How many elements of the message come before those of `attachment`."""
    before = list(clickables(message.get("blocks") or []))
    for other in message.get("attachments") or []:
        if other is attachment:
            break
        before += clickables(other.get("blocks") or [])
    return len(before)


def message_clickables(message: Json) -> list[Clickable]:
    """Everything that can be used on a message, in the order of its numbers (the first is 1)."""
    found = list(clickables(message.get("blocks") or []))
    for attachment in message.get("attachments") or []:
        found += clickables(attachment.get("blocks") or [])
    return found


def clickables(blocks: list[Json]) -> Iterator[Clickable]:
    """The elements of actions blocks and the accessories of sections."""
    for block in blocks:
        elements = block.get("elements", []) if block.get("type") == "actions" else [block.get("accessory")]
        for element in elements:
            if element and "action_id" in element:
                yield _clickable(element, block)


def _clickable(element: Json, block: Json) -> Clickable:
    text = element.get("text") or element.get("placeholder") or {}
    groups = element.get("option_groups") or [{"options": element.get("options") or []}]
    options = tuple(
        (clean(option["text"]["text"]), option["value"]) for group in groups for option in group.get("options", [])
    )
    label = clean(text.get("text", "") if isinstance(text, dict) else str(text)) or element["action_id"]
    return Clickable(label, element["action_id"], block.get("block_id", ""), options, clean(element.get("url", "")))


def block_lines(blocks: list[Json], names: Names, start: int) -> Iterator[Line]:
    """The lines of some blocks; what can be clicked is numbered from `start`."""
    number = start
    for block in blocks:
        yield from _block(block, names)
        usable = list(clickables([block]))
        if usable:
            shown = [_button(number + index, one) for index, one in enumerate(usable)]
            yield Line("  ".join(shown), "bold cyan")
        number += len(usable)


def _button(number: int, usable: Clickable) -> str:
    choices = f": {' | '.join(text for text, _ in usable.options)}" if usable.options else ""
    link = f" → {usable.url}" if usable.url else ""
    return f"[{number}] {usable.label}{choices}{link}"


def _block(block: Json, names: Names) -> Iterator[Line]:
    kind = block.get("type")
    if kind == "header":
        yield Line(clean(_text(block)), "bold")
    elif kind == "section":
        texts = [block.get("text"), *(block.get("fields") or [])]
        for text in filter(None, texts):
            yield from (Line(line) for line in _spoken(text, names).split("\n"))
    elif kind == "context":
        yield Line(" · ".join(_spoken(one, names) for one in block.get("elements", [])), "dim")
    elif kind == "divider":
        yield Line("─" * 40, "dim")
    elif kind == "rich_text":
        yield from (Line(line) for line in rich_text_lines(block, names))
    elif kind == "table":
        yield from (Line(line) for line in table_lines(block, names))
    elif kind == "markdown":
        yield from (Line(line) for line in clean(block.get("text", "")).split("\n"))
    elif kind == "input":
        yield from _input_lines(block)
    elif kind == "image":
        yield Line(f"🖼 {clean(block.get('alt_text', ''))}", "dim")
    elif kind == "data_visualization":
        yield from (Line(line) for line in chart_lines(block))
    elif kind != "actions":
        yield Line(f"({clean(str(kind))})", "dim")


def _input_lines(block: Json) -> Iterator[Line]:
    element = block.get("element", {})
    initial = element.get("initial_value") or element.get("initial_option", {}).get("text", {}).get("text", "")
    label = clean(_text({"text": block.get("label")}))
    yield Line(f"{label}: {clean(str(initial))}  ({element.get('action_id') or block.get('block_id')}=…)", "cyan")
    if hint := block.get("hint"):
        yield Line(f"  {clean(_text({'text': hint}))}", "dim")


def _text(block: Json) -> str:
    text = block.get("text") or {}
    return str(text.get("text", "")) if isinstance(text, dict) else str(text)


def _spoken(text: Json, names: Names) -> str:
    if text.get("type") == "image":
        return f"🖼 {clean(text.get('alt_text', ''))}"
    words = str(text.get("text", ""))
    return plain_text(words, names) if text.get("type") == "mrkdwn" else clean(words)


def _attachment_lines(attachment: Json, names: Names, start: int) -> Iterator[Line]:
    for key, style in (("pretext", ""), ("author_name", "dim"), ("title", "bold"), ("text", "")):
        if attachment.get(key):
            yield from (Line(f"▎ {line}", style) for line in plain_text(attachment[key], names).split("\n"))
    for field in attachment.get("fields") or []:
        value = plain_text(str(field.get("value", "")), names)
        yield Line(f"▎ {plain_text(str(field.get('title', '')), names)}: {value}")
    for line in block_lines(attachment.get("blocks") or [], names, start):
        yield Line(f"▎ {line.text}", line.style)
    if not any(attachment.get(key) for key in ("pretext", "title", "text", "fields", "blocks")):
        yield Line(f"▎ {plain_text(attachment.get('fallback', ''), names)}")
