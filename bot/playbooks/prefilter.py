"""Stage 3: one pass over a text finds the few patterns, of thousands, that can match it."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from bot.playbooks.literals import Clause, fold, required_literals, selectivity

_TELLING = 7  # characters of a fixed text that is rare enough to be looked for beside others
_LONGEST = 24  # characters of a fixed text that are looked for; more would only make the automaton larger


class _Entry(NamedTuple):
    """A pattern behind the text that leads to it, and which others must then stand in the alert: all, and some."""

    place: int
    every: frozenset[int]
    some: tuple[frozenset[int], ...]


class Prefilter:
    """Which of these patterns may match a text: every one that does, and few others. Time is linear in the text.

    All fixed texts that the patterns require are looked for in one pass. The rarest one of a pattern leads to it, if
    its others were found too. A pattern that requires none (`always`) is a candidate for every text.
    """

    def __init__(self, sources: Sequence[str]) -> None:
        required = [_worth(required_literals(source)) for source in sources]
        self.always = frozenset(place for place, clauses in enumerate(required) if not clauses)
        shared = Counter(literal for clauses in required for clause in clauses for literal in clause)
        ids = {literal: number for number, literal in enumerate(shared)}
        self._entries: dict[int, list[_Entry]] = {}
        for place, clauses in enumerate(required):
            if clauses:
                first = min(clauses, key=lambda each: _cost(each, shared))
                entry = _entry(place, [each for each in clauses if each is not first], ids)
                for literal in first:
                    self._entries.setdefault(ids[literal], []).append(entry)
        # The full automaton reads twice as fast as the compact one.
        self._automaton = BytesAhoCorasick(list(ids), implementation=Implementation.DFA)

    def candidates(self, text: bytes) -> set[int]:
        """The places, in the order given, of the patterns that may match this UTF-8 text."""
        hits = self._automaton.find_matches_as_indexes(fold(text), overlapping=True)
        seen = {hit[0] for hit in hits}
        found = set(self.always)
        for literal in seen & self._entries.keys():
            for place, every, some in self._entries[literal]:
                if every <= seen and not (some and any(clause.isdisjoint(seen) for clause in some)):
                    found.add(place)
        return found


def _worth(clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """The clauses to look for, cut to a length. Short words are everywhere: they serve where nothing else is there."""
    long = [clause for clause in clauses if min(map(len, clause)) >= _TELLING]
    return tuple(frozenset(literal[:_LONGEST] for literal in clause) for clause in long or clauses)


def _cost(clause: Clause, shared: Counter[bytes]) -> tuple[int, int, int]:
    """How often this clause may lead to its pattern in vain: as few patterns as can be share it, and it is long."""
    length, many = selectivity(clause)
    return sum(shared[literal] for literal in clause), -length, -many


def _entry(place: int, clauses: Sequence[Clause], ids: dict[bytes, int]) -> _Entry:
    numbered = [frozenset(ids[literal] for literal in clause) for clause in clauses]
    every = frozenset(number for clause in numbered if len(clause) == 1 for number in clause)
    return _Entry(place, every, tuple(clause for clause in numbered if len(clause) > 1))
