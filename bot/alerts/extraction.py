"""Stage 2: a Slack `message` event → `Alert`: one text, fields, links, metadata. Pure; no shape makes it raise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.alerts import attachments, blocks, shape
from bot.alerts.alert import Alert, Link
from bot.alerts.labels import labelled
from bot.alerts.parts import Label, Lines, Part, markdown
from bot.alerts.redaction import redact, redact_within
from bot.alerts.repetition import holds, without

LONGEST = 40_000  # Slack cuts a message's text there; blocks and attachments together get no more
MOST_FIELDS = 100
MOST_LINKS = 200
_LONGEST_VALUE = 1_000


@dataclass(slots=True)
class _Page:
    """What has been read of one message so far, within the bounds."""

    lines: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    left: int = LONGEST

    def add(self, parts: Iterable[Part]) -> list[str]:
        """Take parts until the page is full; returns the lines that were added."""
        start = len(self.lines)
        for part in parts:
            if self.left <= 0:
                break
            self._take(part)
        return self.lines[start:]

    def _take(self, part: Part) -> None:
        if isinstance(part, Lines):
            self.lines.append(part.text[: self.left].strip("\n"))
            self.left -= len(part.text) + 1
        elif isinstance(part, Label):
            if len(self.fields) < MOST_FIELDS:
                self.fields.setdefault(part.name, part.value[:_LONGEST_VALUE])
        elif part not in self.links and len(self.links) < MOST_LINKS:
            self.links.append(part)


def read_alert(event: Mapping[str, Any]) -> Alert:
    """Read a message as a person sees it.

    `text` is mostly the fallback of the blocks: what both say stands once, what only one says is kept. The first
    of two fields with the same label wins. At most LONGEST characters; whatever has the wrong type is left out.
    Secrets are redacted here, before anything is matched, shown or kept.
    """
    page = _Page()
    own = page.add(markdown(shape.text(event.get("text"))))
    in_blocks = page.add(blocks.read(event.get("blocks")))
    in_attachments = page.add(_attached(event))
    text = redact(_joined("\n".join(own), in_blocks, in_attachments))
    page.add(labelled(text))
    return Alert(
        text=text,
        channel=shape.text(event.get("channel")),
        ts=shape.text(event.get("ts")),
        thread_ts=shape.text(event.get("thread_ts")),
        author=shape.text(event.get("bot_id")) or shape.text(event.get("user")),
        links=tuple(redact_within(page.links)),
        fields=redact_within(page.fields),
        metadata=redact_within(shape.mapping(shape.mapping(event.get("metadata")).get("event_payload"))),
    )


def _attached(event: Mapping[str, Any]) -> Iterable[Part]:
    yield from attachments.read(event.get("attachments"))
    yield from attachments.files(event.get("files"))


def _joined(own: str, in_blocks: list[str], in_attachments: list[str]) -> str:
    if holds(own, in_blocks):
        in_blocks = []
    parts = [without(own, [*in_blocks, *in_attachments]), *in_blocks, *in_attachments]
    return "\n".join(part.rstrip() for part in parts if part.strip())[:LONGEST]
