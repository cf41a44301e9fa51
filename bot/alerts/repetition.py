"""Stage 2: a message's `text` is mostly the fallback of its blocks; what both say is kept once. Pure."""

import re
from collections.abc import Iterable

_MOST_LINES = 1_000  # each line is looked up in the whole message: bounds a hostile one of 40,000 lines
_DECORATION = re.compile(r"[\s*_~`>•◦▪|-]+")


def squashed(text: str) -> str:
    """The text without spaces, marks and case: what two renderings of the same words have in common."""
    return _DECORATION.sub("", text).casefold()


def without(text: str, said: Iterable[str]) -> str:
    """`text` without the lines that `said` holds already; "" when nothing is left."""
    there = squashed("\n".join(said))
    if not there or text.count("\n") > _MOST_LINES:
        return text.strip("\n")
    fresh = [line for line in text.split("\n") if not line.strip() or squashed(line) not in there]
    return "\n".join(fresh).strip("\n") if any(squashed(line) for line in fresh) else ""


def holds(text: str, said: Iterable[str]) -> bool:
    """True when `text` says every one of those lines, so that it may stand for them all."""
    there = squashed(text)
    return bool(there) and all(squashed(line) in there for lines in said for line in lines.split("\n"))
