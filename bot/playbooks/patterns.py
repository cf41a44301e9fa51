"""Stage 3: many patterns meet one text: what a loop over all of them finds, at the price of a few."""

from collections.abc import Iterable, Sequence, Set

from bot.playbooks.prefilter import Prefilter
from bot.playbooks.signatures import Compiled, Hit, compile_pattern, encode


class PatternSet:
    """Patterns, each once, compiled for RE2 behind one prefilter. PatternError when RE2 cannot run one of them."""

    def __init__(self, sources: Iterable[str]) -> None:
        self.places = {source: place for place, source in enumerate(dict.fromkeys(sources))}
        self.compiled = tuple(compile_pattern(source) for source in self.places)
        self._prefilter = Prefilter(tuple(self.places))

    @property
    def unscreened(self) -> tuple[str, ...]:
        """The patterns that require no fixed text of three characters: each costs a search of its own in every text."""
        return tuple(self.compiled[place].source for place in sorted(self._prefilter.always))

    def scan(self, text: str) -> "Scan":
        """The text, read once; ask the answer for the patterns that matter."""
        encoded = encode(text)
        return Scan(encoded, self.compiled, self._prefilter.candidates(encoded))


class Scan:
    """One text and the patterns that may match it. A pattern is run when it is asked for, and once."""

    __slots__ = ("_compiled", "_hits", "candidates", "text")

    def __init__(self, text: bytes, compiled: Sequence[Compiled], candidates: Set[int]) -> None:
        self.text = text
        self.candidates = candidates
        self._compiled = compiled
        self._hits: dict[int, Hit | None] = {}

    def hit(self, place: int) -> Hit | None:
        """Where the pattern at this place matches first, None where it does not."""
        if place not in self.candidates:
            return None
        if place not in self._hits:
            self._hits[place] = self._compiled[place].search(self.text)
        return self._hits[place]

    def hits(self) -> dict[int, Hit]:
        """Every pattern that matches, by place."""
        return {place: hit for place in sorted(self.candidates) if (hit := self.hit(place))}
