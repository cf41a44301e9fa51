"""Stage 3: the fixed texts without which a pattern cannot match, read from its source.

A space in a pattern stands for any white space, so white space takes no part in fixed texts.
Only what is certain is promised: where this reader does not know a construct, the pattern requires nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

Clause = frozenset[bytes]
"""Any text that the pattern (or this branch of it) matches holds at least one of these, once folded."""

Branch = tuple[Clause, ...]
"""What one side of a pattern's outermost `|` requires: every one of its clauses."""

SHORTEST = 3  # shorter texts stand in every alert; looking for them costs more than it saves
MOST = 64  # alternatives of one clause

_TOKENS = re.compile(
    r"""(?P<flags>\(\?[imsU-]+\))
    | (?P<open>\(\?(?:P?<\w+>|[imsU-]*:)|\((?!\?))
    | (?P<close>\))
    | (?P<bar>\|)
    | (?P<space>(?:\\[sntfr]|\\?[ \t\n\f\r])(?:(?:[*+?]|\{\d+(?:,\d*)?\})\??)?)
    | (?P<some>(?:[*+?]|\{\d+(?:,\d*)?\})\??)
    | (?P<other>\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]
        | \\x(?:\{[0-9A-Fa-f]+\}|[0-9A-Fa-f]{2}) | \\[pP](?:\{[^}]*\}|[A-Za-z]) | \\[0-7]{1,3} | \\(?![QExpP])[A-Za-z]
        | [.^$])
    | \\(?P<escaped>[^A-Za-z0-9])
    | (?P<word>[A-Za-z0-9_,:;=@%&<>/'"-]{2,}(?![*+?{]))
    | (?P<plain>[^\\(\[{*+?])""",
    re.VERBOSE,
)


class _Unknown(Exception):
    """A construct that this reader does not know."""


_SPACES = b" \t\n\f\r"  # what RE2 takes for white space
_LOWER = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz")


def fold(text: bytes) -> bytes:
    """UTF-8 text in which a fixed text stands as `required_literals` gives it, wherever RE2 finds it.

    Letters are small and white space is gone: patterns allow any amount of it, and one pass takes it out. Two letters
    outside ASCII are the same as ASCII ones to RE2: the Kelvin sign (k) and the long s.
    """
    folded = text.translate(_LOWER, _SPACES)
    if folded.isascii():
        return folded
    return folded.replace("\N{KELVIN SIGN}".encode(), b"k").replace("\N{LATIN SMALL LETTER LONG S}".encode(), b"s")


@lru_cache(maxsize=16_384)
def required_literals(source: str) -> tuple[Branch, ...]:
    """For each branch of this pattern (one that RE2 has accepted) what a match of it holds: one text of every clause.

    () when nothing is certain: some branch, or a construct that this reader does not know, requires no fixed text.
    """
    try:
        branches = _Reader(_tokens(source)).branches()
    except _Unknown:
        return ()
    return tuple(dict.fromkeys(tuple(dict.fromkeys(each)) for each in branches)) if all(branches) else ()


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(source):
        found = _TOKENS.match(source, at)
        if found is None:
            raise _Unknown
        at = found.end()
        yield found.lastgroup or "", found.group(found.lastgroup or 0)


@dataclass(slots=True)
class _Branch:
    """One side of a `|`: clauses so far, the run of characters being read, and what the last item stands for."""

    clauses: list[Clause] = field(default_factory=list)
    run: str = ""
    last: str | list[Clause] | None = None

    def add(self, character: str) -> None:
        """A character that must stand here, next to the ones before it."""
        self._settle()
        if character.isascii():
            self.run += character.lower()
            self.last = character.lower()
        else:
            self.add_group([])

    def add_word(self, characters: str) -> None:
        """Characters of ASCII that all must stand here; the last one is followed by no repetition."""
        self._settle()
        self.run += characters.lower()

    def add_group(self, clauses: list[Clause]) -> None:
        """A group, or anything that is not one character."""
        self.end_run()
        self.last = clauses

    def repeat(self, count: str) -> None:
        """The last item may stand here several times, or not at all."""
        optional = count[0] in "*?" or bool(re.match(r"\{0+[,}]", count))
        last, self.last = self.last, None
        if last is None:
            raise _Unknown
        if isinstance(last, str):
            self.run = self.run[:-1] if optional else self.run
            self.end_run()
            self.run = "" if optional else last
        elif not optional:
            self.clauses += last

    def end_run(self) -> None:
        """What follows does not stand next to what was read."""
        self._settle()
        if len(self.run) >= SHORTEST:
            self.clauses.append(frozenset({self.run.encode()}))
        self.run = ""

    def _settle(self) -> None:
        if isinstance(self.last, list):
            self.clauses += self.last
        self.last = None


@dataclass(slots=True)
class _Reader:
    tokens: Iterator[tuple[str, str]]

    def branches(self) -> list[list[Clause]]:
        """Up to the closing bracket, or to the end: the clauses of each side of the `|`."""
        branches = [_Branch()]
        for kind, text in self.tokens:
            branch = branches[-1]
            if kind == "word":
                branch.add_word(text)
            elif kind == "bar":
                branches.append(_Branch())
            elif kind == "close":
                break
            elif kind == "open":
                branch.add_group(_either(self.branches()))
            elif kind == "some":
                branch.repeat(text)
            elif kind == "space":
                continue  # folded texts hold none
            elif kind in ("escaped", "plain"):
                branch.add(text)
            else:
                branch.add_group([])
        for branch in branches:
            branch.end_run()
        return [branch.clauses for branch in branches]


def _either(branches: list[list[Clause]]) -> list[Clause]:
    """What holds whichever branch is taken: one clause out of the best of each; none when a branch promises nothing."""
    if len(branches) == 1:
        return branches[0]
    if not all(branches):
        return []
    union = frozenset[bytes]().union(*(max(clauses, key=selectivity) for clauses in branches))
    return [union] if len(union) <= MOST else []


def selectivity(clause: Clause) -> tuple[int, int]:
    """How rarely a text fulfils it, as far as the clause itself tells: long texts, few of them."""
    return min(map(len, clause)), -len(clause)
