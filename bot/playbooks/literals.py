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
_JOINED = 16  # texts that alternatives one after another may give, before they are looked for apart
_FEW = re.compile(r"""\[[ _"'`.,:;=/#<>()|a-zA-Z]{1,4}\]""")

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
        branches = [_finish(each) for each in _Reader(_tokens(source)).branches()]
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
    """One side of a `|`: its clauses so far, and the texts (`runs`) of which one stands right before what is read next.

    `last` is what a repetition would repeat: some texts, joined to the runs in `before`, or clauses of a group.
    """

    clauses: list[Clause] = field(default_factory=list)
    runs: tuple[str, ...] = ("",)
    before: tuple[str, ...] = ("",)
    last: tuple[str, ...] | list[Clause] | None = None
    whole: bool = True  # nothing but `runs` was read

    def add(self, texts: tuple[str, ...]) -> None:
        """One of these texts must stand here, next to what was read before."""
        self._settle()
        if len(self.runs) * len(texts) > _JOINED:
            self.end_run()
        self.before, self.last = self.runs, texts
        self.runs = tuple(dict.fromkeys(run + text for run in self.runs for text in texts))

    def add_group(self, clauses: list[Clause]) -> None:
        """A group, or anything that is not one of a few texts."""
        self.end_run()
        self.last = clauses

    def repeat(self, count: str) -> None:
        """The last item may stand here several times, or not at all."""
        optional = count[0] in "*?" or bool(re.match(r"\{0+[,}]", count))
        last, self.last = self.last, None
        if last is None:
            raise _Unknown
        if isinstance(last, list):
            self.whole = False
            self.clauses += [] if optional else last
        elif count[0] == "?":
            self.runs = tuple(dict.fromkeys((*self.runs, *self.before)))
        else:
            self.runs = self.before if optional else self.runs
            self.end_run()
            self.runs = ("",) if optional else last

    def end_run(self) -> None:
        """What follows does not stand next to what was read."""
        self._settle()
        self.whole = False
        self.clauses += _clause(self.runs)
        self.runs = ("",)

    def _settle(self) -> None:
        if isinstance(self.last, list):
            self.clauses += self.last
            self.whole = False
        self.last = None


def _clause(texts: tuple[str, ...]) -> list[Clause]:
    """These texts as a clause, without those that hold another one; none when one is too short to be looked for."""
    if len(texts) > MOST or min(map(len, texts)) < SHORTEST:
        return []
    least = [text for text in texts if not any(other != text and other in text for other in texts)]
    return [frozenset(text.encode() for text in least)]


@dataclass(slots=True)
class _Reader:
    tokens: Iterator[tuple[str, str]]

    def branches(self) -> list[_Branch]:
        """Up to the closing bracket, or to the end: each side of the `|`."""
        branches = [_Branch()]
        for kind, text in self.tokens:
            if kind == "bar":
                branches.append(_Branch())
            elif kind == "close":
                break
            elif kind == "open":
                _add_group(branches[-1], self.branches())
            elif kind == "some":
                branches[-1].repeat(text)
            elif kind in ("escaped", "plain", "word") and text.isascii():
                branches[-1].add((text.lower(),))
            elif kind != "space":  # folded texts hold none
                _add_other(branches[-1], text)
        return branches


def _add_group(branch: _Branch, sides: list[_Branch]) -> None:
    texts = tuple(dict.fromkeys(run for side in sides for run in side.runs))
    if all(side.whole for side in sides) and len(texts) <= _JOINED:
        branch.add(texts)
    else:
        branch.add_group(_either([_finish(side) for side in sides]))


def _add_other(branch: _Branch, text: str) -> None:
    """A class of a few characters is as good as these; of anything else nothing is known but its place."""
    if _FEW.fullmatch(text):
        branch.add(tuple(dict.fromkeys(each.strip().lower() for each in text[1:-1])))
    else:
        branch.add_group([])


def _finish(branch: _Branch) -> list[Clause]:
    branch.end_run()
    return branch.clauses


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
