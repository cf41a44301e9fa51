"""Stage 2: Slack's wire markup undone: `&lt;`, `<url|label>`, mentions, dates, as a person sees them. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.alerts.alert import Link

# Linear: no nested repetition, and a `<` that never closes is given up after 8,000 characters.
_CONTROL = re.compile(r"<([^<>\n]{1,8000})>")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_CHARACTER = {"amp": "&", "lt": "<", "gt": ">"}
_SCHEMES = ("http://", "https://", "mailto:", "tel:")


@dataclass(frozen=True, slots=True)
class Plain:
    """A text without markup, and the links that stood in it, in order."""

    text: str
    links: tuple[Link, ...] = ()


def unescape(text: str) -> str:
    """Undo Slack's three entities once; anything else stays."""
    return _ENTITY.sub(lambda entity: _CHARACTER[entity[1]], text) if "&" in text else text


def undo(wire: str) -> Plain:
    """Undo all markup of a mrkdwn text; `*bold*` and code marks stay, because alerts are recognised with them."""
    pieces = list(_pieces(wire))
    return Plain(
        "".join(piece if isinstance(piece, str) else seen(piece) for piece in pieces),
        tuple(piece for piece in pieces if isinstance(piece, Link)),
    )


def seen(link: Link) -> str:
    """A link as text: `label (url)`, or the one of the two that says it all.

    Slack links bare hosts by itself (`raw.orders` becomes `<http://raw.orders|raw.orders>`): there the label is
    what was written.
    """
    if not link.label or link.label == link.url:
        return link.url
    if link.url.rstrip("/") in {scheme + link.label.rstrip("/") for scheme in _SCHEMES}:
        return link.label
    return f"{link.label} ({link.url})"


def _pieces(wire: str) -> Iterator[str | Link]:
    position = 0
    for control in _CONTROL.finditer(wire):
        yield unescape(wire[position : control.start()])
        yield _meaning(control[1])
        position = control.end()
    yield unescape(wire[position:])


def _meaning(control: str) -> str | Link:
    target, _, label = control.partition("|")
    read = _BY_MARK.get(control[:1])
    if read is not None:
        return read(unescape(target[1:]), unescape(label))
    if target.startswith(_SCHEMES) or "://" in target:
        return Link(unescape(label), unescape(target))
    return f"<{unescape(control)}>"


def _user(target: str, label: str) -> str:
    return f"@{(label or target).removeprefix('@')}"


def _channel(target: str, label: str) -> str:
    return f"#{(label or target).removeprefix('#')}"


def _special(target: str, label: str) -> str:
    command, _, argument = target.partition("^")
    if command == "date":
        return label or argument
    if command == "subteam":
        return _user(argument, label)
    return _user(command, label)


_BY_MARK: dict[str, Callable[[str, str], str]] = {"@": _user, "#": _channel, "!": _special}
