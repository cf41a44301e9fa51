"""Stage 3: one pass over a text finds the few patterns, of thousands, that can match it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from bot.playbooks.literals import Branch, Clause, fold, required_literals, selectivity

_LONGEST = 24  # characters of a fixed text that are looked for; more would only make the automaton larger


class _Entry(NamedTuple):
    """A branch of a pattern, behind the text that leads to it; these must then stand in the alert too: all, and some
    of each set."""

    place: int
    every: frozenset[int]
    some: tuple[frozenset[int], ...]


class Prefilter:
    """Which of these patterns may match a text: every one that does, and few others. Time is linear in the text.

    All fixed texts that the patterns require are looked for in one pass. The rarest one of a branch leads to it, if
    its others were found too. A pattern with a branch that requires none (`always`) is a candidate for every text.
    """

    def __init__(self, sources: Sequence[str]) -> None:
        required = [_shorten(required_literals(source)) for source in sources]
        self.always = frozenset(place for place, branches in enumerate(required) if not branches)
        written = (clause for branches in required for branch in branches for clause in branch)
        shared = Counter(literal for clause in written for literal in clause)
        ids = {literal: number for number, literal in enumerate(shared)}
        self._alone: dict[int, tuple[int, ...]] = {}
        self._beside: dict[int, tuple[_Entry, ...]] = {}
        for place, branches in enumerate(required):
            for branch in branches:
                self._enter(place, branch, shared, ids)
        # The full automaton reads twice as fast as the compact one.
        self._automaton = BytesAhoCorasick(list(ids), implementation=Implementation.DFA)

    def _enter(self, place: int, branch: Branch, shared: Counter[bytes], ids: Mapping[bytes, int]) -> None:
        first = min(branch, key=lambda each: _cost(each, shared))
        entry = _entry(place, [each for each in branch if each is not first], ids)
        for number in (ids[literal] for literal in first):
            if entry.every or entry.some:
                self._beside[number] = (*self._beside.get(number, ()), entry)
            else:
                self._alone[number] = (*self._alone.get(number, ()), place)

    def candidates(self, text: bytes) -> set[int]:
        """The places, in the order given, of the patterns that may match this UTF-8 text."""
        hits = self._automaton.find_matches_as_indexes(fold(text), overlapping=True)
        seen = {hit[0] for hit in hits}
        found = set(self.always)
        alone, beside = self._alone, self._beside
        for literal in seen:
            if literal in alone:
                found.update(alone[literal])
            for place, every, some in beside.get(literal, ()):
                if place not in found and every <= seen and not any(map(seen.isdisjoint, some)):
                    found.add(place)
        return found


def _shorten(branches: Iterable[Branch]) -> tuple[Branch, ...]:
    return tuple(tuple(frozenset(literal[:_LONGEST] for literal in clause) for clause in branch) for branch in branches)


def _cost(clause: Clause, shared: Counter[bytes]) -> tuple[int, int, int]:
    """How often this clause may lead to its pattern in vain: as few patterns as can be share it, and it is long."""
    length, many = selectivity(clause)
    return sum(shared[literal] for literal in clause), -length, -many


def _entry(place: int, clauses: Sequence[Clause], ids: Mapping[bytes, int]) -> _Entry:
    numbered = [frozenset(ids[literal] for literal in clause) for clause in clauses]
    every = frozenset(number for clause in numbered if len(clause) == 1 for number in clause)
    return _Entry(place, every, tuple(clause for clause in numbered if len(clause) > 1))
