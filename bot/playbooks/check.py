"""Whether the playbooks hold what they promise together: examples meet their own playbook, and everything renders."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.alerts.alert import Alert
from bot.playbooks.catalogue import Catalogue
from bot.playbooks.collection import Playbooks
from bot.playbooks.document import Location
from bot.playbooks.match import Matcher
from bot.playbooks.model import Example, Playbook
from bot.playbooks.needs import ready_diagnostics
from bot.playbooks.platform import Platform
from bot.playbooks.problem import Problem
from bot.playbooks.render import render
from bot.playbooks.reply import Reading, Reply

CHECKED_AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)  # any time does: it only feeds ages


@dataclass(frozen=True, slots=True)
class Seen:
    """A reading made for checks and cases."""

    facts: Any = None
    reason: str | None = None


def check_playbooks(playbooks: Playbooks, matcher: Matcher, catalogue: Catalogue) -> list[Problem]:
    """Every example that goes elsewhere, and every playbook that cannot be rendered with what its probes may give."""
    problems: list[Problem] = []
    for playbook in playbooks:
        document = playbooks.documents[playbook.id]
        found = [*_check_examples(playbook, matcher), *check_rendering(playbook, playbooks.platform, catalogue)]
        problems += [Problem(document.path, document.line_of(at), message) for at, message in found]
    return problems


def _check_examples(playbook: Playbook, matcher: Matcher) -> Iterator[tuple[Location, str]]:
    for index, example in enumerate(playbook.examples):
        at: Location = ("examples", index)
        if example.ignore is not None:
            taken = matcher.matching(Alert(example.ignore))
            if taken and taken[0] == playbook.id:
                yield at, f"this text should be ignored, but {playbook.id} answers it"
        elif example.match is not None:
            yield from ((at, message) for message in _check_match(playbook, example, example.match, matcher))


def _check_match(playbook: Playbook, example: Example, text: str, matcher: Matcher) -> Iterator[str]:
    matched = matcher.matching(Alert(text))
    if not matched or matched[0] != playbook.id:
        yield f"this text should be answered by {playbook.id}, but {matched[0] if matched else 'nothing'} answers it"
    rivals = [id for id in matched if id != playbook.id and matcher.level_of(id) is playbook.match.level]
    if playbook.id in matched and rivals:
        yield f"{', '.join(rivals)} matches this text as well: let one take it back with `none`, or differ in `level`"
    match = matcher.match(Alert(text)) if example.entities else None
    if match is None or match.playbook.id != playbook.id:
        return
    for name, value in example.entities.items():
        if match.entities.get(name) != value:
            yield f"the entity `{name}` should be `{value}`, but is `{match.entities.get(name, '')}`"


def check_rendering(playbook: Playbook, platform: Platform, catalogue: Catalogue) -> Iterator[tuple[Location, str]]:
    """The playbook with typical facts, with empty ones, with every probe failed, and before anything was read."""
    example = next((each.entities for each in playbook.examples if each.entities), {})
    for entities in ({}, example) if example else ({},):
        for kind in ("typical", "empty"):
            readings, problems = _read_all(playbook, entities, platform, catalogue, kind)
            yield from problems
            if not problems:
                yield from _check_reply(playbook, render(playbook, entities, readings, platform, CHECKED_AT), kind)
        failed = {key: Seen(reason="not connected") for key in playbook.diagnostics}
        for reading in ({}, failed):
            render(playbook, entities, reading, platform, CHECKED_AT)


def _check_reply(playbook: Playbook, reply: Reply, kind: str) -> Iterator[tuple[Location, str]]:
    for step in reply.steps:
        at: Location = ("steps", step.number - 1)
        for line in step.unread:
            if kind == "typical" or line.startswith("could not say"):
                yield at, f"with {kind} facts: {line}"
        if not step.text and not step.tables and not step.unread and playbook.steps[step.number - 1].text:
            yield at, f"with {kind} facts this step says nothing"
        if kind == "typical" and playbook.steps[step.number - 1].chart and not step.charts:
            yield (*at, "chart"), "with typical facts no row gives this chart a number"


def _read_all(
    playbook: Playbook, entities: Mapping[str, str], platform: Platform, catalogue: Catalogue, kind: str
) -> tuple[dict[str, Reading], list[tuple[Location, str]]]:
    """Every diagnostic read in the order of its needs, with arguments of the right types."""
    readings: dict[str, Reading] = {}
    problems: list[tuple[Location, str]] = []
    while ready := ready_diagnostics(playbook, entities, readings, platform):
        for key, (probe, arguments) in ready.items():
            shape = catalogue.probes[probe]
            readings[key] = Seen(facts=getattr(shape, kind))
            problem = check_arguments(shape.arguments, arguments)
            if problem and kind == "typical":
                problems.append((("diagnostics", key, "with"), problem))
    return readings, problems


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}  # one a probe or remedy; making one costs a hundred times its use


def _adapter(arguments: type[Any]) -> TypeAdapter[Any]:
    if arguments not in _ADAPTERS:
        _ADAPTERS[arguments] = TypeAdapter(arguments)
    return _ADAPTERS[arguments]


def check_arguments(arguments: type[Any], given: Mapping[str, Any]) -> str:
    """Why these values do not fit the arguments' types, or ""."""
    try:
        _adapter(arguments).validate_python(dict(given))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return (
            f"the argument `{'.'.join(str(part) for part in first['loc'])}`: {first['msg']} (it is {first['input']!r})"
        )
    return ""
