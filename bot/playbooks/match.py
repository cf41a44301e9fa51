"""Stage 3: an alert meets the signatures of every playbook."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.alerts.alert import Alert
from bot.errors import EntityError
from bot.playbooks.entities import normalise_entity
from bot.playbooks.links import find_urls, read_airflow_links
from bot.playbooks.model import Level, Playbook
from bot.playbooks.names import complete_names
from bot.playbooks.shared import Shared
from bot.playbooks.signatures import TEXT_LIMIT, Compiled, Hit, compile_pattern, encode

_LEVELS = {Level.CAUSE: 0, Level.SYMPTOM: 1, Level.WRAPPER: 2}


@dataclass(frozen=True, slots=True)
class Match:
    """The playbook that recognised the alert, the entities it found there, and why it was this one."""

    playbook: Playbook
    entities: Mapping[str, str]
    explanation: str


@dataclass(frozen=True, slots=True)
class _Signature:
    playbook: Playbook
    any: tuple[Compiled, ...]
    none: tuple[Compiled, ...]
    about: tuple[Compiled, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    playbook: Playbook
    hits: tuple[tuple[Compiled, Hit], ...]

    @property
    def rank(self) -> tuple[int, int, int, str]:
        best = max(pattern.fixed for pattern, _ in self.hits)
        return _LEVELS[self.playbook.match.level], -best, -len(self.hits), self.playbook.id


class Matcher:
    """All signatures, compiled once. Time is linear in the text, of which 40,000 characters are read.

    A playbook matches when any of its `any` patterns is found, one of the systems that it is `about` is named (if it
    says any), and nothing takes it back: its `none`, a system of its `not_from`, shared.yml's `none`. When several
    match, specific beats generic, in this order: the signature's level (a cause, then a symptom, then a wrapper); the
    pattern that demands the longest fixed text; the number of its patterns that were found; the id. The order of files
    or of patterns never decides.
    """

    def __init__(self, playbooks: Iterable[Playbook], shared: Shared | None = None) -> None:
        self._shared = shared or Shared()
        self._none = tuple(compile_pattern(source) for source in self._shared.none)
        playbooks = sorted(playbooks, key=lambda each: each.id)
        self._levels = {playbook.id: playbook.match.level for playbook in playbooks}
        self._signatures = tuple(self._compile(playbook) for playbook in playbooks)

    def _compile(self, playbook: Playbook) -> _Signature:
        signature = playbook.match
        none = (*signature.none, *self._naming(signature.not_from))
        compiled = (
            tuple(compile_pattern(source) for source in each)
            for each in (signature.any, none, self._naming(signature.about))
        )
        return _Signature(playbook, *compiled)

    def _naming(self, systems: Iterable[str]) -> tuple[str, ...]:
        return tuple(source for name in systems for source in self._shared.systems.get(name, ()))

    def match(self, alert: Alert) -> Match | None:
        """The playbook for this alert with its typed entities; None when no playbook may answer."""
        text = encode(alert.text)
        candidates = sorted(self._candidates(text), key=lambda each: each.rank)
        if not candidates or any(pattern.search(text) for pattern in self._none):
            return None
        best = candidates[0]
        entities = read_entities(best.playbook, alert, [hit for _, hit in best.hits], self._shared)
        return Match(best.playbook, entities, _explain(best, candidates[1:]))

    def matching(self, alert: Alert) -> tuple[str, ...]:
        """Ids of every playbook whose signature matches, the one that answers first; () when none may."""
        text = encode(alert.text)
        if any(pattern.search(text) for pattern in self._none):
            return ()
        return tuple(each.playbook.id for each in sorted(self._candidates(text), key=lambda each: each.rank))

    def entities(self, alert: Alert) -> dict[str, str]:
        """What shared.yml reads in an alert, for one that no playbook answers."""
        return read_entities(None, alert, (), self._shared)

    def level_of(self, id: str) -> Level:
        """The level of that playbook's signature; KeyError when there is no such playbook."""
        return self._levels[id]

    def _candidates(self, text: bytes) -> list[_Candidate]:
        found = []
        for signature in self._signatures:
            hits = tuple((pattern, hit) for pattern in signature.any if (hit := pattern.search(text)))
            if not hits or (signature.about and not any(pattern.search(text) for pattern in signature.about)):
                continue
            if not any(pattern.search(text) for pattern in signature.none):
                found.append(_Candidate(signature.playbook, hits))
        return found


def _explain(best: _Candidate, others: list[_Candidate]) -> str:
    pattern, hit = max(best.hits, key=lambda each: each[0].fixed)
    words = " ".join(hit.text.split())
    quoted = words if len(words) <= 120 else words[:119] + "…"
    passed = f"; more specific than {', '.join(each.playbook.id for each in others)}" if others else ""
    return f"“{quoted}” matches `{pattern.source}` ({best.playbook.match.level.value}){passed}"


def read_entities(playbook: Playbook | None, alert: Alert, hits: Iterable[Hit], shared: Shared) -> dict[str, str]:
    """The entities that the alert gives, valid ones only: the playbook's own, and every one that shared.yml knows.

    Places in order of trust: the named groups of the playbook's own patterns, the metadata of the message, its Airflow
    links, its labelled fields, what shared.yml finds in the text, and what those names imply. What a playbook declares
    has its type; without a playbook, only what shared.yml knows is read.
    """
    types = {name: rule.type for name, rule in shared.entities.items()}
    if playbook is not None:
        types |= {name: rule.type for name, rule in playbook.entities.items()}
    groups = [(name, value) for hit in hits for name, value in hit.groups.items()]
    metadata = [(name, str(value)) for name, value in alert.metadata.items() if isinstance(value, str | int)]
    urls = [link.url for link in alert.links] or find_urls(alert.text[:TEXT_LIMIT])
    links = list(read_airflow_links(urls).items())
    common = list(_read_common(alert, shared))
    entities: dict[str, str] = {}
    for name, value in (*groups, *metadata, *links, *common):
        if name not in types or name in entities:
            continue
        try:
            entities[name] = normalise_entity(types[name], value)
        except EntityError:
            continue  # hostile or mangled: the next place may give a valid one, and nothing is better than a wrong name
    implied = complete_names(entities)
    return entities | {name: value for name, value in implied.items() if name in types}


def _read_common(alert: Alert, shared: Shared) -> Iterable[tuple[str, str]]:
    text = encode(alert.text)
    for name, common in shared.entities.items():
        yield from ((name, alert.fields[label]) for label in common.fields if label in alert.fields)
        for source in common.text:
            hit = compile_pattern(source).search(text)
            if hit and name in hit.groups:
                yield name, hit.groups[name]
