"""Stage 2: values of a payload read without trust: a wrong type is nothing, never an error. Pure."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

# Slack's own ceiling is 50 blocks and 100 attachments a message; this leaves room and still bounds a hostile payload.
MOST = 500
_LONGEST = 100_000
_HALF_PAIR = re.compile("[\ud800-\udfff]")  # JSON can hold one, UTF-8 cannot


def text(value: object) -> str:
    """A string, or the words of a number; "" for anything else. It can be written as UTF-8."""
    if isinstance(value, str):
        return writable(value[:_LONGEST])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def writable(text: str) -> str:
    """The text with half a surrogate pair as a replacement character: no database, log or answer could hold it."""
    return text if text.isascii() else _HALF_PAIR.sub("\ufffd", text)


def mapping(value: object) -> Mapping[str, Any]:
    """A mapping, {} for anything else."""
    return value if isinstance(value, Mapping) else {}


def mappings(value: object) -> Iterator[Mapping[str, Any]]:
    """The mappings in a list, at most MOST of them; none when it is no list."""
    if isinstance(value, list | tuple):
        yield from (item for item in islice(value, MOST) if isinstance(item, Mapping))


def rows(value: object) -> Iterator[list[Any]]:
    """The lists in a list, at most MOST of them; none when it is no list."""
    if isinstance(value, list | tuple):
        yield from (list(islice(item, MOST)) for item in islice(value, MOST) if isinstance(item, list | tuple))
