"""Stage 3: why an alert got its playbook, or none: for people, worked out only when somebody asks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.playbooks.escaping import clean
from bot.playbooks.signatures import Compiled, Hit

QUOTED = 120  # characters of a text that are shown


@dataclass(frozen=True, slots=True)
class Quoted:
    """A branch that was found: the kind of its pattern (any, none, a system), its text in the alert, the byte there."""

    kind: str
    pattern: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Taken:
    """Why a playbook does not answer though it was found: what took it back, or the systems of which none is named."""

    by: str
    hit: Quoted | None


@dataclass(frozen=True, slots=True)
class Winner:
    """A playbook that may answer, with what ranks it: level, longest fixed text, number of patterns found.

    `pattern` is the branch that demands this text: of the sides of an outermost `|`, one that was found.
    """

    playbook: str
    level: str
    fixed: int
    pattern: str
    hits: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was found for each playbook, what took which back, what silences all, and who may answer, the best first."""

    found: Mapping[str, tuple[Quoted, ...]]
    taken: Mapping[str, tuple[Taken, ...]]
    silenced: tuple[Quoted, ...]
    ranking: tuple[Winner, ...]

    @property
    def verdict(self) -> str:
        """One sentence: who answers and why, or why nobody does."""
        if not self.found:
            return "silence: no pattern of any playbook is found in this text"
        if not self.ranking:
            return f"silence: {', '.join(self.taken)} recognised this text and were taken back"
        if self.silenced:
            words = self.silenced[0]
            return f"silence: “{words.text}” is no incident for any playbook (`{words.pattern}` in shared.yml)"
        return f"{self.ranking[0].playbook} answers: {self._reason()}"

    def _reason(self) -> str:
        if len(self.ranking) == 1:
            return "no other playbook is left"
        first, second = self.ranking[:2]
        return f"it beats {second.playbook} because {why(first, second)}"

    def lines(self) -> Iterator[str]:
        """The whole story as plain text."""
        yield self.verdict
        for playbook, hits in self.found.items():
            yield f"{playbook}:"
            yield from (f"  found “{hit.text}” at byte {hit.at}: `{hit.pattern}`" for hit in hits)
            yield from (f"  {_taken(each)}" for each in self.taken.get(playbook, ()))
        yield from (f"shared.yml takes everything back: “{hit.text}”: `{hit.pattern}`" for hit in self.silenced)
        for place, (better, worse) in enumerate(zip(self.ranking, self.ranking[1:], strict=False), 1):
            yield f"{place}. {better.playbook} beats {worse.playbook}: {why(better, worse)}"

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "verdict": self.verdict,
            "found": {playbook: [_plain(hit) for hit in hits] for playbook, hits in self.found.items()},
            "taken_back": {
                playbook: [{"by": each.by} | (_plain(each.hit) if each.hit else {}) for each in taken]
                for playbook, taken in self.taken.items()
            },
            "silenced": [_plain(hit) for hit in self.silenced],
            "ranking": [
                {"playbook": each.playbook, "level": each.level, "fixed_text": each.fixed, "patterns": each.hits}
                for each in self.ranking
            ],
        }


def why(better: Winner, worse: Winner) -> str:
    """The first point of the rule on which the two differ, in words."""
    if better.level != worse.level:
        return f"a {better.level} is more specific than a {worse.level}"
    if better.fixed != worse.fixed:
        return (
            f"its pattern demands {better.fixed} characters of fixed text, the other {worse.fixed} (`{better.pattern}`)"
        )
    if better.hits != worse.hits:
        return f"{better.hits} of its patterns are found, and {worse.hits} of the other"
    return "both are equally specific, and its id comes first"


def quote(text: str) -> str:
    """A piece of an alert on one line, cut to 120 characters, without anything that would steer a terminal."""
    return clean(text, QUOTED)


def quote_hit(kind: str, pattern: Compiled, hit: Hit, text: bytes) -> Quoted:
    """What a pattern found in this text, by the branch that found it: a pattern can be a hundred branches long."""
    return Quoted(kind, pattern.branch_in(text).source, quote(hit.text), hit.start)


def _taken(taken: Taken) -> str:
    if taken.hit is None:
        return f"taken back: it is {taken.by}, and the text names none"
    return f"taken back by {taken.by}: “{taken.hit.text}”: `{taken.hit.pattern}`"


def _plain(hit: Quoted) -> dict[str, Any]:
    return {"pattern": hit.pattern, "text": hit.text, "byte": hit.at}
