"""Stage 2: attachments (the older format, which most alerting tools still use), unfurls, mailed files. Pure."""

from collections.abc import Mapping
from typing import Any

from bot.alerts import blocks, shape
from bot.alerts.markup import undo
from bot.alerts.parts import Label, Lines, Parts, link, markdown, words

_DEEPEST = 4
_NO_FALLBACK = "[no preview available]"  # what Slack writes there when an attachment holds blocks
Attachment = Mapping[str, Any]


def read(attachments: object, depth: int = 0) -> Parts:
    """Every attachment from pretext to footer; its fallback only when it says nothing else."""
    if depth > _DEEPEST:
        return
    for attachment in shape.mappings(attachments):
        has_words = False
        for part in _attachment(attachment, depth):
            has_words = has_words or isinstance(part, Lines)
            yield part
        fallback = shape.text(attachment.get("fallback"))
        if not has_words and fallback.strip() != _NO_FALLBACK:
            yield from markdown(fallback)


def _attachment(attachment: Attachment, depth: int) -> Parts:
    yield from markdown(shape.text(attachment.get("pretext")))
    yield from words(shape.text(attachment.get("author_name")))
    yield from _title(attachment)
    if attachment.get("blocks"):
        yield from blocks.read(attachment.get("blocks"))
    else:
        yield from markdown(shape.text(attachment.get("text")))
    yield from _unfurled(attachment, depth)
    for field in shape.mappings(attachment.get("fields")):
        yield from _field(field)
    for action in shape.mappings(attachment.get("actions")):
        if url := shape.text(action.get("url")):
            yield from link(shape.text(action.get("text")), url)
    yield from words(shape.text(attachment.get("footer")))


def _title(attachment: Attachment) -> Parts:
    title = undo(shape.text(attachment.get("title")))
    yield from link(title.text, shape.text(attachment.get("title_link")))
    yield from title.links


def _field(field: Attachment) -> Parts:
    name = undo(shape.text(field.get("title"))).text.strip()
    value = undo(shape.text(field.get("value")))
    said = value.text.strip()
    if name and said:
        yield Lines(f"{name}: {said}")
        yield Label(name.strip("*:` ").lower(), said.strip("`*").strip())
    elif name or said:
        yield Lines(name or said)
    yield from value.links


def _unfurled(attachment: Attachment, depth: int) -> Parts:
    """A message shown inside this one: `message_blocks` holds it as its own blocks."""
    for shown in shape.mappings(attachment.get("message_blocks")):
        message = shape.mapping(shown.get("message"))
        yield from blocks.read(message.get("blocks"))
        yield from read(message.get("attachments"), depth + 1)


def files(value: object) -> Parts:
    """Files by name. A mail to the channel's address (resource monitors, budgets) comes as a file with its words."""
    for file in shape.mappings(value):
        yield from words(
            shape.text(file.get("subject")) or shape.text(file.get("title")) or shape.text(file.get("name"))
        )
        yield from words(shape.text(file.get("plain_text")) or shape.text(file.get("preview")))
