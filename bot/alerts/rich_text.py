"""Stage 2: a rich_text block as text: what people type, and what newer apps post. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.alerts import shape
from bot.alerts.alert import Link
from bot.alerts.markup import seen, unescape
from bot.alerts.parts import Lines, Parts

_DEEPEST = 8
Element = Mapping[str, Any]


def read(block: Element) -> Parts:
    """Every element of the block in order: sections, lists with their indent and numbers, quotes, preformatted text."""
    yield from _elements(block, 0)


def _elements(parent: Element, depth: int) -> Parts:
    if depth > _DEEPEST:
        return
    for element in shape.mappings(parent.get("elements")):
        kind = element.get("type")
        if kind == "rich_text_list":
            yield from _list(element, depth)
        elif kind == "rich_text_preformatted":
            yield from _framed(element, "```\n", "\n```")
        elif kind == "rich_text_quote":
            yield from _framed(element, "> ", "", again="> ")
        else:
            yield from _framed(element, "", "")


def _framed(element: Element, before: str, after: str, again: str = "") -> Parts:
    """The words between these; `again` stands before every further line."""
    inline = list(_inline(element))
    words = "".join(seen(part) if isinstance(part, Link) else part for part in inline)
    if words.strip():
        inner = words.strip("\n").replace("\n", f"\n{again}")
        yield Lines(f"{before}{inner}{after}")
    yield from (part for part in inline if isinstance(part, Link))


def _list(element: Element, depth: int) -> Parts:
    indent = "  " * min(_number(element.get("indent")), _DEEPEST)
    is_ordered = element.get("style") == "ordered"
    number = _number(element.get("offset"))
    for item in shape.mappings(element.get("elements")):
        if item.get("type") == "rich_text_list":
            if depth < _DEEPEST:
                yield from _list(item, depth + 1)
            continue
        number += 1
        yield from _framed(item, f"{indent}{number}. " if is_ordered else f"{indent}• ", "")


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1_000_000 else 0


def _inline(element: Element) -> Iterator[str | Link]:
    """Inline parts of a section; text that stands directly in it (older clients) counts too."""
    for part in shape.mappings(element.get("elements")):
        read_kind = _INLINE.get(shape.text(part.get("type")))
        if read_kind is not None:
            yield read_kind(part)
        elif "text" in part:
            yield _text(part)


def _text(part: Element) -> str:
    words = unescape(shape.text(part.get("text")))
    style = shape.mapping(part.get("style"))
    if style.get("code"):
        return _marked(words, "`")
    return _marked(words, "*") if style.get("bold") else words


def _marked(words: str, mark: str) -> str:
    """The mark hugs the words, as Slack writes it: `*DAG*: x`, never `*DAG *`."""
    inner = words.strip()
    return words.replace(inner, f"{mark}{inner}{mark}", 1) if inner else words


def _link(part: Element) -> str | Link:
    label, url = unescape(shape.text(part.get("text"))), unescape(shape.text(part.get("url")))
    return Link(label, url) if url else label


def _named(key: str, before: str, after: str = "") -> Callable[[Element], str]:
    return lambda part: f"{before}{shape.text(part.get(key))}{after}"


def _date(part: Element) -> str:
    return shape.text(part.get("fallback")) or shape.text(part.get("timestamp"))


_INLINE: Mapping[str, Callable[[Element], str | Link]] = {
    "text": _text,
    "link": _link,
    "emoji": _named("name", ":", ":"),
    "user": _named("user_id", "@"),
    "usergroup": _named("usergroup_id", "@"),
    "channel": _named("channel_id", "#"),
    "broadcast": _named("range", "@"),
    "team": _named("team_id", "@"),
    "color": _named("value", ""),
    "date": _date,
}
