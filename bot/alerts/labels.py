"""Stage 2: labelled values that alerts carry in their text: `*DAG*: x`, `*Table*\\nvalue`. Pure."""

import re
from collections.abc import Iterator

from bot.alerts.parts import Label

# A marked name of at most 60 characters, with a colon inside or after the marks; matched at a line's start only.
_MARKED = re.compile(
    r"(?P<mark>[*`_]{1,3})(?P<name>[^*`_:\n|][^*`:\n|]{0,59}?)(?P<in>:?)(?P=mark)(?P<out>[ \t]{0,4}:?)"
)
_BULLETS = " \t•◦▪-–>"


def heading(text: str) -> Label | None:
    """The label of a section field: `*Name*` or `*Name:*` on the first line, the value after it or below."""
    first = text.strip()
    found = _MARKED.match(first)
    value = _bare(first[found.end() :]) if found else ""
    return Label(found["name"].strip().lower(), value) if found and value else None


def labelled(text: str) -> Iterator[Label]:
    """Every `*Name*: value` of a text; several on one line may be set apart by ` | `."""
    for line in text.split("\n"):
        if ":" not in line:
            continue
        for part in line.split(" | "):
            bare = part.strip().lstrip(_BULLETS)
            found = _MARKED.match(bare)
            if found and (found["in"] or ":" in found["out"]):
                value = _bare(bare[found.end() :])
                if value:
                    yield Label(found["name"].strip().lower(), value)


def _bare(value: str) -> str:
    """The value without the code marks or bold around it."""
    return value.strip().strip("`*").strip()
