"""Stage 2: Block Kit blocks as text, in the order in which a person reads them. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.alerts import rich_text, shape
from bot.alerts.labels import heading
from bot.alerts.parts import Lines, Part, Parts, link, markdown, words

_DEEPEST = 6
Block = Mapping[str, Any]


def read(blocks: object, depth: int = 0) -> Parts:
    """Every block's text; an unknown kind gives its titles, texts and elements, so newer kinds are not lost."""
    if depth > _DEEPEST:
        return
    for block in shape.mappings(blocks):
        known = _KINDS.get(shape.text(block.get("type")))
        yield from known(block) if known is not None else _unknown(block, depth)


def composed(value: object) -> Parts:
    """A text object, or a bare string where an app sent one: mrkdwn unless it says plain_text."""
    item = shape.mapping(value)
    wire = shape.text(item.get("text")) if item else shape.text(value)
    yield from words(wire) if item.get("type") == "plain_text" else markdown(wire)


def _section(block: Block) -> Parts:
    yield from composed(block.get("text"))
    for field in shape.mappings(block.get("fields")):
        said = list(composed(field))
        yield from said
        yield from (label for part in said if isinstance(part, Lines) and (label := heading(part.text)))
    yield from _element(shape.mapping(block.get("accessory")))


def _elements(block: Block) -> Parts:
    for element in shape.mappings(block.get("elements")):
        yield from _element(element)


def _element(element: Block) -> Parts:
    """A button says its label (and its URL), an image its alt text, a context element its text."""
    kind = shape.text(element.get("type"))
    if kind == "image":
        yield from words(shape.text(element.get("alt_text")))
    elif kind in {"button", "workflow_button"}:
        label = shape.text(shape.mapping(element.get("text")).get("text")) or shape.text(element.get("text"))
        if url := shape.text(element.get("url")):
            yield from link(label, url)
    elif kind in {"mrkdwn", "plain_text"}:
        yield from composed(element)


def _image(block: Block) -> Parts:
    yield from composed(block.get("title"))
    yield from words(shape.text(block.get("alt_text")))


def _table(block: Block) -> Parts:
    for row in shape.rows(block.get("rows")):
        cells = [list(_cell(cell)) for cell in row]
        said = [" ".join(part.text for part in cell if isinstance(part, Lines)).strip() for cell in cells]
        if any(said):
            yield Lines(" | ".join(said))
        yield from (part for cell in cells for part in cell if not isinstance(part, Lines))


def _cell(cell: object) -> Parts:
    item = shape.mapping(cell)
    if item.get("type") == "rich_text":
        yield from rich_text.read(item)
    else:
        yield from words(shape.text(item.get("text")) or shape.text(item.get("value")) or shape.text(cell))


def _markdown(block: Block) -> Parts:
    yield from markdown(shape.text(block.get("text")))


def _titled(block: Block) -> Parts:
    """Cards, alerts and the like: their texts, most prominent first."""
    for key in ("title", "subtitle", "text", "body", "description"):
        yield from composed(block.get(key))
    yield from _elements({"elements": block.get("actions")})


def _unknown(block: Block, depth: int) -> Parts:
    yield from _titled(block)
    for key in ("elements", "blocks", "cards", "tasks"):
        yield from read(block.get(key), depth + 1)


def _divider(_: Block) -> Parts:
    nothing: tuple[Part, ...] = ()
    yield from nothing


_KINDS: Mapping[str, Callable[[Block], Parts]] = {
    "section": _section,
    "context": _elements,
    "actions": _elements,
    "header": _titled,
    "divider": _divider,
    "image": _image,
    "markdown": _markdown,
    "rich_text": rich_text.read,
    "table": _table,
    "data_table": _table,
    # elements, where a kind that is not known here holds them directly
    "mrkdwn": composed,
    "plain_text": composed,
    "button": _element,
}
