"""Stage 3: one pass over a text finds the few patterns, of thousands, that can match it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from bot.playbooks.literals import Branch, Clause, fold, required_literals

_LONGEST = 24  # characters of a fixed text that are looked for; more would only make the automaton larger


class _Entry(NamedTuple):
    """A branch of a pattern, behind the text that leads to it; the alert must then hold one text of each of these."""

    place: int
    beside: tuple[Clause, ...]


class Prefilter:
    """Which of these patterns may match a text: every one that does, and few others. Time is linear in the text.

    Of the fixed texts that a branch of a pattern requires, the rarest leads to it: all leads are looked for in one
    pass, the others of a branch only where its lead was found, each once. A pattern with a branch that requires none
    (`always`) is a candidate for every text.
    """

    def __init__(self, sources: Sequence[str]) -> None:
        required = [_shorten(required_literals(source)) for source in sources]
        self.always = frozenset(place for place, branches in enumerate(required) if not branches)
        shared = Counter(literal for branches in required for branch in branches for each in branch for literal in each)
        entries: dict[bytes, list[_Entry]] = {}
        for place, branches in enumerate(required):
            for branch in branches:
                lead = min(branch, key=lambda each: _cost(each, shared))
                entry = _Entry(place, tuple(each for each in branch if each is not lead))
                for literal in lead:
                    entries.setdefault(literal, []).append(entry)
        self._entries = tuple(tuple(each) for each in entries.values())
        # The full automaton reads twice as fast as the compact one.
        self._automaton = BytesAhoCorasick(list(entries), implementation=Implementation.DFA)

    def candidates(self, text: bytes) -> set[int]:
        """The places, in the order given, of the patterns that may match this UTF-8 text."""
        folded = fold(text)
        found = set(self.always)
        known: dict[Clause, bool] = {}
        hits = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        for lead in {hit[0] for hit in hits}:
            for place, beside in self._entries[lead]:
                for clause in beside:
                    held = known.get(clause)
                    if held is None:
                        held = known[clause] = any(literal in folded for literal in clause)
                    if not held:
                        break
                else:
                    found.add(place)
        return found


def _shorten(branches: Iterable[Branch]) -> tuple[Branch, ...]:
    return tuple(tuple(frozenset(literal[:_LONGEST] for literal in clause) for clause in branch) for branch in branches)


def _cost(clause: Clause, shared: Counter[bytes]) -> float:
    """How often this clause may lead to its pattern in vain: few patterns share its texts, and they are long."""
    return sum(shared[literal] * 0.5 ** len(literal) for literal in clause)
