"""Stage 3: an alert meets the signatures of every playbook."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from bot.alerts.alert import Alert
from bot.playbooks.explanation import Explanation, Taken, Winner, quote, quote_hit
from bot.playbooks.found_entities import read_entities
from bot.playbooks.model import Level, Playbook
from bot.playbooks.patterns import PatternSet, Scan
from bot.playbooks.shared import Shared
from bot.playbooks.signatures import Compiled, Hit
from bot.playbooks.wordings import join_lines

_LEVELS = {Level.CAUSE: 0, Level.SYMPTOM: 1, Level.WRAPPER: 2}


@dataclass(frozen=True, slots=True)
class _Signature:
    """A playbook's patterns by their places in the set; `about` and `not_from` by system."""

    playbook: Playbook
    any: tuple[int, ...]
    none: tuple[int, ...]
    about: Mapping[str, tuple[int, ...]]
    not_from: Mapping[str, tuple[int, ...]]


class _Lead(NamedTuple):
    """A pattern of a playbook's `any`; a smaller `level` is more specific."""

    level: int
    place: int
    signature: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A playbook with what was found of it in `text`."""

    signature: _Signature
    hits: tuple[tuple[Compiled, Hit], ...]
    text: bytes

    @property
    def playbook(self) -> Playbook:
        return self.signature.playbook

    @property
    def rank(self) -> tuple[int, int, int, str]:
        return _LEVELS[self.playbook.match.level], -self.lead[0].fixed, -len(self.hits), self.playbook.id

    @property
    def lead(self) -> tuple[Compiled, Hit]:
        """The branch with the longest fixed text of all that match, and what its pattern found."""
        branches = ((pattern.branch_in(self.text), hit) for pattern, hit in self.hits)
        return max(branches, key=lambda each: each[0].fixed)


@dataclass(frozen=True, slots=True)
class Match:
    """The playbook that recognised the alert, and the entities it found there."""

    playbook: Playbook
    entities: Mapping[str, str]
    _found: _Candidate

    @property
    def explanation(self) -> str:
        """Why it was this one, in a sentence; worked out when somebody asks."""
        branch, hit = self._found.lead
        return f"“{quote(hit.text)}” matches `{branch.source}` ({self.playbook.match.level.value})"


class Matcher:
    """All signatures, compiled once. Time is linear in the text, of which 40,000 characters are read.

    A playbook matches when any of its `any` patterns is found, one of the systems that it is `about` is named (if it
    says any), and nothing takes it back: its `none`, a system of its `not_from`, shared.yml's `none`. When several
    match, specific beats generic, in this order: the signature's level (a cause, then a symptom, then a wrapper); the
    longest fixed text that a matching branch demands (a branch is one side of a pattern's outermost `|`; what the other
    sides demand counts for nothing); the number of its patterns that were found; the id. The order of files, patterns
    or branches never decides.
    """

    def __init__(self, playbooks: Iterable[Playbook], shared: Shared | None = None) -> None:
        self._shared = shared or Shared()
        ordered = sorted(playbooks, key=lambda each: each.id)
        self._levels = {playbook.id: playbook.match.level for playbook in ordered}
        silencing = join_lines(self._shared.none)
        self.patterns = PatternSet([*silencing, *_sources(ordered, self._shared)])
        self._none = self._places(silencing)
        self._silencing = frozenset(self._none)
        self._signatures = tuple(self._sign(playbook) for playbook in ordered)
        self._leads: dict[int, list[_Lead]] = {}
        for number, signature in enumerate(self._signatures):
            level = _LEVELS[signature.playbook.match.level]
            for place in signature.any:
                self._leads.setdefault(place, []).append(_Lead(level, place, number))

    def _sign(self, playbook: Playbook) -> _Signature:
        written = playbook.match
        about, not_from = (
            {name: self._places(self._shared.systems.get(name, ())) for name in systems}
            for systems in (written.about, written.not_from)
        )
        return _Signature(playbook, self._places(written.any), self._places(written.none), about, not_from)

    def _places(self, sources: Iterable[str]) -> tuple[int, ...]:
        return tuple(self.patterns.places[source] for source in sources)

    def match(self, alert: Alert) -> Match | None:
        """The playbook for this alert with its typed entities; None when no playbook may answer."""
        scan = self.patterns.scan(alert.text)
        best = self._best(scan)
        if best is None or self._is_silenced(scan):
            return None
        entities = self._entities(best.playbook, alert, [hit for _, hit in best.hits], scan)
        return Match(best.playbook, entities, best)

    def _is_silenced(self, scan: Scan) -> bool:
        return any(scan.hit(place) for place in self._silencing & scan.candidates)

    def matching(self, alert: Alert) -> tuple[str, ...]:
        """Ids of every playbook whose signature matches, the one that answers first; () when none may."""
        scan = self.patterns.scan(alert.text)
        candidates = self._ranked(scan)
        if not candidates or self._is_silenced(scan):
            return ()
        return tuple(each.playbook.id for each in candidates)

    def entities(self, alert: Alert) -> dict[str, str]:
        """What shared.yml reads in an alert, for one that no playbook answers."""
        return self._entities(None, alert, (), self.patterns.scan(alert.text))

    def _entities(self, playbook: Playbook | None, alert: Alert, hits: Iterable[Hit], scan: Scan) -> dict[str, str]:
        return read_entities(playbook, alert, hits, scan, self.patterns, self._shared)

    def level_of(self, id: str) -> Level:
        """The level of that playbook's signature; KeyError when there is no such playbook."""
        return self._levels[id]

    def explain(self, alert: Alert) -> Explanation:
        """What was found in this alert, what took it back, and why the winner won. Slower than `match`: for people."""
        scan = self.patterns.scan(alert.text)
        found = [_Candidate(each, hits, scan.text) for each in self._signatures if (hits := self._hits(each, scan))]
        taken = [(each, self._taken(each.signature, scan)) for each in found]
        left = sorted((each for each, why in taken if not why), key=lambda each: each.rank)
        silence = tuple(
            quote_hit("shared none", self.patterns.compiled[p], h, scan.text) for p in self._none if (h := scan.hit(p))
        )
        return Explanation(
            found={each.playbook.id: tuple(quote_hit("any", *pair, scan.text) for pair in each.hits) for each in found},
            taken={each.playbook.id: why for each, why in taken if why},
            silenced=silence,
            ranking=tuple(_winner(each) for each in left),
        )

    def _taken(self, signature: _Signature, scan: Scan) -> tuple[Taken, ...]:
        compiled = self.patterns.compiled
        kinds = [
            ("none", signature.none),
            *((f"not_from {name}", places) for name, places in signature.not_from.items()),
        ]
        quoted = [
            quote_hit(kind, compiled[place], hit, scan.text)
            for kind, places in kinds
            for place in places
            if (hit := scan.hit(place))
        ]
        why = [Taken(each.kind, each) for each in quoted]
        if signature.about and not any(scan.hit(place) for places in signature.about.values() for place in places):
            why.append(Taken(f"about {', '.join(signature.about)}", None))
        return tuple(why)

    def _best(self, scan: Scan) -> _Candidate | None:
        """The first of `_ranked`: the patterns of a level are run only when no closer level has an answer."""
        for _, leads in groupby(self._near(scan), lambda each: each.level):
            found = sorted({each.signature for each in leads if scan.hit(each.place)})
            left = [each for number in found if not _is_taken(each := self._signatures[number], scan)]
            rivals = [_Candidate(each, self._hits(each, scan), scan.text) for each in left]
            if rivals:
                return rivals[0] if len(rivals) == 1 else min(rivals, key=lambda each: each.rank)
        return None

    def _near(self, scan: Scan) -> list[_Lead]:
        leads = self._leads
        return sorted(lead for place in scan.candidates if place in leads for lead in leads[place])

    def _ranked(self, scan: Scan) -> list[_Candidate]:
        near = [self._signatures[number] for number in sorted({lead.signature for lead in self._near(scan)})]
        found = [_Candidate(each, hits, scan.text) for each in near if (hits := self._hits(each, scan))]
        left = [each for each in found if not _is_taken(each.signature, scan)]
        return left if len(left) < 2 else sorted(left, key=lambda each: each.rank)  # ranks cost more than all else

    def _hits(self, signature: _Signature, scan: Scan) -> tuple[tuple[Compiled, Hit], ...]:
        return tuple((self.patterns.compiled[place], hit) for place in signature.any if (hit := scan.hit(place)))


def _sources(playbooks: Iterable[Playbook], shared: Shared) -> Iterable[str]:
    for playbook in playbooks:
        yield from playbook.match.any
        yield from playbook.match.none
    for patterns in shared.systems.values():
        yield from patterns
    for entity in shared.entities.values():
        yield from entity.text


def _is_taken(signature: _Signature, scan: Scan) -> bool:
    if any(scan.hit(place) for place in signature.none):
        return True
    if signature.about and not any(scan.hit(place) for place in _places_in(signature.about)):
        return True
    return any(scan.hit(place) for place in _places_in(signature.not_from))


def _places_in(systems: Mapping[str, tuple[int, ...]]) -> Iterator[int]:
    return (place for places in systems.values() for place in places)


def _winner(candidate: _Candidate) -> Winner:
    branch, _ = candidate.lead
    level = candidate.playbook.match.level.value
    return Winner(candidate.playbook.id, level, branch.fixed, branch.source, len(candidate.hits))
