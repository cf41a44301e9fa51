"""Whether everything that a playbook names exists: entities, diagnostics, probes, remedies, arguments, fields."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from jinja2 import nodes

from bot.errors import EntityError, PlaybookError
from bot.playbooks.catalogue import Catalogue
from bot.playbooks.document import Document, Location
from bot.playbooks.facts import element_of, type_of_expression, unknown_fields
from bot.playbooks.model import Playbook, RowChart, RowTable
from bot.playbooks.needs import find_cycle, needs_of, texts_in
from bot.playbooks.platform import Platform
from bot.playbooks.problem import Problem, did_you_mean
from bot.playbooks.shared import Shared
from bot.playbooks.signatures import compile_pattern
from bot.playbooks.templates import names_in, parse_expression, parse_text
from bot.playbooks.values import RESERVED, complete_entities

Parser = Callable[[str], nodes.Template]


@dataclass(slots=True)
class _Review:
    """One playbook under review; problems are gathered, none stops the rest."""

    playbook: Playbook
    document: Document
    catalogue: Catalogue
    platform: Platform
    shared: Shared
    problems: list[Problem] = field(default_factory=list)

    def add(self, at: Location, message: str, hint: str = "") -> None:
        self.problems.append(Problem(self.document.path, self.document.line_of(at), message, hint))

    def known(self, at: Location, kind: str, name: str, names: Iterable[str]) -> bool:
        listed = list(names)
        if name not in listed:
            self.add(at, f"no {kind} `{name}`", did_you_mean(name, listed))
        return name in listed

    def types(self, *, findings: bool) -> dict[str, Any]:
        types: dict[str, Any] = dict.fromkeys(self.playbook.entities)
        types["platform"] = self.platform.names()
        if findings:
            for key, diagnostic in self.playbook.diagnostics.items():
                shape = self.catalogue.probes.get(diagnostic.probe)
                types[key] = shape.facts if shape else None
        return types

    def text(self, at: Location, source: str, types: Mapping[str, Any], parse: Parser = parse_text) -> None:
        try:
            tree = parse(source)
        except PlaybookError as error:
            self.add(at, str(error))
            return
        for name in sorted(names_in(tree) - types.keys()):
            self.add(at, f"nothing here is called `{name}`", did_you_mean(name, types))
        for unknown in unknown_fields(tree, types):
            self.add(at, f"there is no `{unknown.path}`", unknown.hint)


def check_references(
    playbook: Playbook, document: Document, catalogue: Catalogue, platform: Platform, shared: Shared
) -> list[Problem]:
    """Every name that does not exist, every pattern and template that cannot run, every cycle, with its line."""
    review = _Review(playbook, document, catalogue, platform, shared)
    for check in (_signature, _entities, _diagnostics, _words, _steps, _remedies):
        check(review)
    return review.problems


def _signature(review: _Review) -> None:
    for part, sources in (("any", review.playbook.match.any), ("none", review.playbook.match.none)):
        for index, source in enumerate(sources):
            at = ("match", part, index)
            try:
                names = compile_pattern(source).names
            except PlaybookError as error:
                review.add(at, str(error))
                continue
            for name in sorted(names):
                review.known(at, "entity", name, review.playbook.entities)
    for part, systems in (("about", review.playbook.match.about), ("not_from", review.playbook.match.not_from)):
        for index, name in enumerate(systems):
            review.known(("match", part, index), "system", name, review.shared.systems)


def _entities(review: _Review) -> None:
    playbook = review.playbook
    for name in playbook.entities:
        if name in RESERVED:
            review.add(("entities", name), f"`{name}` has a meaning of its own in templates; call it otherwise")
    for name, rule in playbook.entities.items():
        review.text(("entities", name), rule.default, {"platform": review.platform.names()})
    if not review.problems:
        try:
            complete_entities(playbook, {}, review.platform)
        except EntityError as error:
            review.add(("entities",), str(error))
    for index, name in enumerate(playbook.group_by):
        review.known(("group_by", index), "entity", name, playbook.entities)
    for index, example in enumerate(playbook.examples):
        for name in example.entities:
            review.known(("examples", index, "entities", name), "entity", name, playbook.entities)


def _diagnostics(review: _Review) -> None:
    playbook = review.playbook
    for key, diagnostic in playbook.diagnostics.items():
        at: Location = ("diagnostics", key)
        if key in RESERVED or key in playbook.entities:
            review.add(at, f"`{key}` is already the name of something else in templates; call it otherwise")
        if review.known((*at, "probe"), "probe", diagnostic.probe, review.catalogue.probes):
            _arguments(review, at, diagnostic.with_, review.catalogue.probes[diagnostic.probe].arguments)
        _argument_texts(review, (*at, "with"), diagnostic.with_)
        for index, name in enumerate(diagnostic.optional):
            review.known((*at, "optional", index), "diagnostic", name, playbook.diagnostics)
    if not any(problem.message.startswith("in `") for problem in review.problems):
        cycle = find_cycle(needs_of(playbook))
        if cycle:
            review.add(("diagnostics", cycle[0]), f"{' and '.join(cycle)} wait for each other and can never be read")


def _arguments(review: _Review, at: Location, given: Mapping[str, Any], arguments: type[Any]) -> None:
    names = {each.name: each for each in fields(arguments)}
    for name in given:
        review.known((*at, "with", name), "argument", name, names)
    for name, each in names.items():
        if name not in given and each.default is MISSING and each.default_factory is MISSING:
            review.add((*at, "with"), f"the argument `{name}` is missing")


def _argument_texts(review: _Review, at: Location, given: Mapping[str, Any]) -> None:
    types = review.types(findings=True)
    for location, source in texts_in(given, at):
        review.text(location, source, types)


def _words(review: _Review) -> None:
    playbook, types = review.playbook, review.types(findings=False)
    lines: Iterator[tuple[Location, str]] = iter(
        [
            (("title",), playbook.title),
            (("summary",), playbook.summary),
            *((("causes", index), line) for index, line in enumerate(playbook.causes)),
            *((("prevention", index), line) for index, line in enumerate(playbook.prevention)),
        ]
    )
    for at, source in lines:
        review.text(at, source, types)


def _steps(review: _Review) -> None:
    playbook, types = review.playbook, review.types(findings=True) | {"now": None}
    for index, step in enumerate(playbook.steps):
        at: Location = ("steps", index)
        for number, key in enumerate(step.show):
            review.known((*at, "show", number), "diagnostic", key, playbook.diagnostics)
        for number, name in enumerate(step.offer):
            review.known((*at, "offer", number), "remedy", name, playbook.remedies)
        review.text((*at, "title"), step.title, review.types(findings=False))
        review.text((*at, "text"), step.text, types)
        if step.table:
            _table(review, (*at, "table"), step.table, types)
        if step.chart:
            _chart(review, (*at, "chart"), step.chart, types)


def _table(review: _Review, at: Location, table: RowTable, types: Mapping[str, Any]) -> None:
    names = _row_names(review, (*at, "rows"), table.rows, types)
    if names is not None:
        for header, expression in table.columns.items():
            review.text((*at, "columns", header), expression, names, parse_expression)


def _chart(review: _Review, at: Location, chart: RowChart, types: Mapping[str, Any]) -> None:
    review.text((*at, "title"), chart.title, review.types(findings=False))
    names = _row_names(review, (*at, "rows"), chart.rows, types)
    if names is not None:
        for part, expression in (("x", chart.x), ("y", chart.y)):
            review.text((*at, part), expression, names, parse_expression)
        if chart.limit is not None:
            review.text((*at, "limit"), chart.limit, {**types, **names}, parse_expression)


def _row_names(review: _Review, at: Location, rows: str, types: Mapping[str, Any]) -> dict[str, Any] | None:
    """What an expression on one of these rows may name. None where that cannot be told: `rows` is wrong (told here), or
    of a type that says nothing, whose rows are seen when typical facts are rendered."""
    review.text(at, rows, types, parse_expression)
    try:
        row = element_of(type_of_expression(parse_expression(rows), types))
        names: dict[str, Any] = {each.name: None for each in fields(row)}
    except (PlaybookError, TypeError):
        return None
    return names | {"now": None, "platform": types["platform"]}


def _remedies(review: _Review) -> None:
    playbook, types = review.playbook, review.types(findings=True) | {"now": None}
    offered = {name for step in playbook.steps for name in step.offer}
    for key, remedy in playbook.remedies.items():
        at: Location = ("remedies", key)
        if key not in offered:
            review.add(at, f"no step offers `{key}`")
        if review.known((*at, "remedy"), "remedy", remedy.remedy, review.catalogue.remedies):
            _arguments(review, at, remedy.with_, review.catalogue.remedies[remedy.remedy].arguments)
        _argument_texts(review, (*at, "with"), remedy.with_)
        review.text((*at, "label"), remedy.label, types)
        if remedy.when:
            review.text((*at, "when"), remedy.when, types, parse_expression)
        for name, field_ in remedy.inputs.items():
            review.known((*at, "inputs", name), "argument", name, remedy.with_)
            for bound in (field_.min, field_.max):
                if isinstance(bound, str):
                    review.text((*at, "inputs", name), bound, types)
        if remedy.verify:
            again = remedy.verify.again
            facts = (
                types.get(again) if review.known((*at, "verify"), "diagnostic", again, playbook.diagnostics) else None
            )
            review.text((*at, "verify"), remedy.verify.expect, {"result": facts}, parse_expression)
