"""Stage 3: patterns as RE2 runs them: linear in the text, whatever the text is."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

from bot.errors import PlaybookError
from bot.playbooks.branches import split_branches
from bot.playbooks.identifiers import may_name, spell_names

TEXT_LIMIT = 40_000  # Slack's own limit for a message's text


class PatternError(PlaybookError):
    """RE2 cannot run this pattern; the message says why and what RE2 leaves out."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a pattern matched, what it matched, and the named groups that took part."""

    start: int
    text: str
    groups: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A pattern ready to run on text encoded once by `encode`."""

    source: str
    regexp: Any
    names: frozenset[str]
    fixed: int
    _groups: tuple[tuple[str, int], ...]  # asking RE2 for them anew would cost more than most searches
    _wide: str  # see `_widen_gaps`

    def search(self, text: bytes) -> Hit | None:
        """The first place where it matches."""
        found = self._search_narrowly(text) if self._wide else self.regexp.search(text)
        if found is None:
            return None
        start, end = found.span()
        groups = {}
        for name, index in self._groups:
            first, last = found.span(index)
            if first < last:
                groups[name] = _decode(text[first:last])
        return Hit(start, _decode(text[start:end]), groups)

    def _search_narrowly(self, text: bytes) -> Any:
        """What `regexp.search` finds, read only where the wider pattern matches.

        No match begins before the wider one's; and where the wider one's own span matches, that is the first.
        """
        near = _screen(self._wide).search(text)
        if near is None:
            return None
        start, end = near.span()
        found = self.regexp.search(text, start, end)
        return found if found and found.span() == (start, end) else self.regexp.search(text, start)

    def branch_in(self, text: bytes) -> "Compiled":
        """Of its branches that match this text, which it must match, the one with the longest fixed text.

        Branches are compiled when somebody asks: few alerts have two playbooks that need telling apart.
        """
        branches = split_branches(self.source)
        if len(branches) == 1:
            return self
        ordered = sorted(branches, key=fixed_text, reverse=True)
        return next((each for each in map(compile_pattern, ordered) if each.search(text)), self)


def encode(text: str) -> bytes:
    """The first 40,000 characters as patterns see them: without bold and code marks; lone surrogates become "?".

    Nobody sees these marks in Slack, yet they stand between words: `*Freshness anomaly* on …`. Names of alerts follow
    the text once more, spelt as words: see identifiers.py.
    """
    read = text[:TEXT_LIMIT]
    encoded = read.encode("utf-8", "replace")
    if may_name(encoded):
        encoded = spell_names(read).encode("utf-8", "replace")
    return encoded.translate(None, b"*`") if b"*" in encoded or b"`" in encoded else encoded


def _decode(value: bytes) -> str:
    return value.decode("utf-8", "replace")


@lru_cache(maxsize=16_384)
def compile_pattern(source: str) -> Compiled:
    """Compile for RE2: case-insensitive, `^` and `$` at lines, a space stands for any white space: tools wrap lines.
    A name may stand in several branches. PatternError when RE2 cannot run it, or when it matches the empty text and so
    every alert."""
    plain = f"(?m){_number_groups(widen_spaces(source))}"
    try:
        regexp = re2.compile(plain, _options())
    except re2.error as error:
        reason = error.args[0].decode("utf-8", "replace") if isinstance(error.args[0], bytes) else str(error)
        hint = "count less in it" if "too large" in reason else "there is no lookaround and no backreference"
        raise PatternError(f"RE2 cannot run this pattern: {reason} ({hint})") from error
    if regexp.search("") is not None:
        raise PatternError("this pattern matches an empty text, so it would match every alert")
    groups = tuple((_REPEATED.sub("", name), index) for name, index in regexp.groupindex.items())
    wide = _widen_gaps(plain) if regexp.programsize >= _LARGE else plain
    names = frozenset(name for name, _ in groups)
    return Compiled(source, regexp, names, fixed_text(source), groups, "" if wide == plain else wide)


def _options() -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return options


_LARGE = 900  # instructions of RE2; smaller programs are searched for at once
_GAP = re.compile(r"(\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\])|\{(\d+),\d{2,}\}")


def _widen_gaps(pattern: str) -> str:
    """A pattern that matches wherever this one does, and that RE2 searches for ten times as fast.

    Gaps that are counted (`[^\\n]{0,80}`) have no end here: RE2 needs a state for every count that it meets.
    """
    if r"\Q" in pattern:
        return pattern  # quoted: braces may be letters
    return _GAP.sub(lambda found: found[1] or f"{{{found[2]},}}", pattern)


@lru_cache(maxsize=16_384)
def _screen(wide: str) -> Any:
    options = _options()
    options.never_capture = True
    return re2.compile(wide, options)


_NAMED = re.compile(r"\(\?P?<(\w+)>")
_REPEATED = re.compile(r"__\d+$")


def _number_groups(source: str) -> str:
    """The pattern with `host`, `host__2` … for a name in several branches: RE2 itself keeps the first one only."""
    seen: Counter[str] = Counter()

    def numbered(found: re.Match[str]) -> str:
        seen[found[1]] += 1
        return found.group() if seen[found[1]] == 1 else f"(?P<{found[1]}__{seen[found[1]]}>"

    return _NAMED.sub(numbered, source)


_KEPT_OR_SPACES = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\])|( +)([?*+{]?)")


def widen_spaces(source: str) -> str:
    """The pattern with `\\s+` for every space outside a class; a space with a quantifier keeps it (`\\s?`, `\\s*`)."""
    return _KEPT_OR_SPACES.sub(_widened, source)


def _widened(found: re.Match[str]) -> str:
    kept, quantifier = found.group(1), found.group(3)
    return kept or (rf"\s{quantifier}" if quantifier else r"\s+")


_GROUP = re.compile(r"\(\?(?:P?<\w+>|[imsU-]*:?)")
_SPACE = re.compile(r"\\s[+*]?|\[\\s\\S\]")
_ESCAPED = re.compile(r"\\[^A-Za-z0-9]")
_NOT_FIXED = re.compile(r"\[[^\]]+\]|\\[pP]\{\w+\}|\\[A-Za-z]|\{\d*,?\d*\}|[.*+?^$|()]")


@lru_cache(maxsize=16_384)
def fixed_text(source: str) -> int:
    """Length of the longest run of fixed characters in the pattern, white space included: how specific it is."""
    plain = _ESCAPED.sub("x", _SPACE.sub(" ", _GROUP.sub("(", source)))
    return max(len(run) for run in _NOT_FIXED.split(plain))
