"""Stage 2: what the readers of blocks and attachments hand on, piece by piece, so that a huge one is cut early."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.alerts.alert import Link
from bot.alerts.markup import seen, undo, unescape


@dataclass(frozen=True, slots=True)
class Lines:
    """Text as a person sees it, one or more lines."""

    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """A labelled value that the message marks as such."""

    name: str
    value: str


Part = Lines | Label | Link
Parts = Iterator[Part]


def markdown(wire: str) -> Parts:
    """A mrkdwn text: its lines and its links."""
    plain = undo(wire)
    if plain.text.strip():
        yield Lines(plain.text)
    yield from plain.links


def words(wire: str) -> Parts:
    """A text without markup (plain_text, titles): only the entities are undone."""
    if wire.strip():
        yield Lines(unescape(wire))


def link(label: str, url: str) -> Parts:
    """A link that stands on a line of its own: a button, a linked title."""
    found = Link(unescape(label).strip(), unescape(url).strip())
    if found.url:
        yield Lines(seen(found))
        yield found
    elif found.label:
        yield Lines(found.label)
