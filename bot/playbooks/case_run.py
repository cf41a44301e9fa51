"""Running the cases: given this alert and these facts, the thread says this and offers exactly that."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.alerts.alert import Alert
from bot.errors import PlaybookError
from bot.playbooks.cases import Case, CaseFile, ExpectedOffer
from bot.playbooks.catalogue import Catalogue
from bot.playbooks.chart_text import describe_chart
from bot.playbooks.check import Seen, check_arguments
from bot.playbooks.collection import Playbooks
from bot.playbooks.document import Document
from bot.playbooks.load import CASES, open_document, show_path
from bot.playbooks.match import Match, Matcher
from bot.playbooks.model import Playbook, Status
from bot.playbooks.needs import ready_diagnostics
from bot.playbooks.overlay import lay_over
from bot.playbooks.problem import Problem, did_you_mean
from bot.playbooks.render import render
from bot.playbooks.reply import Offer, Reading, Reply, Step
from bot.playbooks.validation import validate

Planner = Callable[[str, Mapping[str, Any], Mapping[str, Any]], Sequence[str]]
"""Remedy, arguments and changes to its typical state in, the exact texts of its commands out."""


@dataclass(frozen=True, slots=True)
class CaseReport:
    """How many cases were run and what was not as they say."""

    ran: int
    problems: tuple[Problem, ...]


def run_cases(folder: Path, playbooks: Playbooks, catalogue: Catalogue, plan: Planner | None = None) -> CaseReport:
    """Run the cases of every playbook; without a planner the commands are not compared.

    A stable playbook needs cases: each of its remedies offered in one, and one that offers nothing.
    """
    problems: list[Problem] = []
    ran = 0
    matcher = Matcher(playbooks, playbooks.shared)
    for playbook in playbooks:
        path = folder / f"{playbook.id}{CASES}"
        if not path.exists():
            if playbook.status is Status.STABLE:
                problems.append(Problem(show_path(folder, path), 1, "a stable playbook needs cases in this file"))
            continue
        document = open_document(folder, path, problems)
        if document is None:
            continue
        file, wrong = validate(CaseFile, document)
        problems += wrong
        if file is None:
            continue
        run = _Run(playbook, playbooks, catalogue, matcher, plan)
        for index, case in enumerate(file.cases):
            ran += 1
            problems += _located(document, index, case, run)
        problems += _check_coverage(playbook, file, document)
    return CaseReport(ran, tuple(sorted(problems)))


@dataclass(frozen=True, slots=True)
class _Run:
    playbook: Playbook
    playbooks: Playbooks
    catalogue: Catalogue
    matcher: Matcher
    plan: Planner | None


def _located(document: Document, index: int, case: Case, run: _Run) -> Iterator[Problem]:
    for key, message in _run_case(case, run):
        line = document.line_of(("cases", index, *key))
        yield Problem(document.path, line, f"{case.title}: {message}")


def _check_coverage(playbook: Playbook, file: CaseFile, document: Document) -> Iterator[Problem]:
    if playbook.status is not Status.STABLE:
        return
    offered = {name for case in file.cases for name in case.offers}
    for name in sorted(playbook.remedies.keys() - offered):
        yield Problem(document.path, document.line_of(("cases",)), f"no case offers `{name}`")
    if playbook.remedies and all(case.offers for case in file.cases):
        yield Problem(document.path, document.line_of(("cases",)), "one case should offer nothing")


Difference = tuple[tuple[str | int, ...], str]


def _run_case(case: Case, run: _Run) -> Iterator[Difference]:
    match = run.matcher.match(Alert(case.alert, fields=case.fields))
    if match is None or match.playbook.id != run.playbook.id:
        yield ("alert",), f"this alert is answered by {match.playbook.id if match else 'nothing'}"
        return
    for name, value in case.entities.items():
        if match.entities.get(name) != value:
            yield ("entities", name), f"`{name}` is `{match.entities.get(name, '')}`"
    try:
        readings = _readings(case, match, run)
    except PlaybookError as error:
        yield ("findings",), str(error)
        return
    yield from _compare_reads(case, match, readings, run)
    reply = render(run.playbook, match.entities, readings, run.playbooks.platform, case.now)
    yield from _compare_steps(case, reply)
    yield from _compare_offers(case, reply, run)


def _readings(case: Case, match: Match, run: _Run) -> dict[str, Reading]:
    for key in case.findings:
        if key not in run.playbook.diagnostics:
            hint = did_you_mean(key, run.playbook.diagnostics)
            raise PlaybookError(f"there is no diagnostic `{key}`; {hint}".rstrip("; "))
    readings: dict[str, Reading] = {}
    while True:
        ready = ready_diagnostics(run.playbook, match.entities, readings, run.playbooks.platform)
        fresh = {
            key: seen for key, (probe, _) in ready.items() if (seen := _reading(case.findings.get(key, {}), probe, run))
        }
        if not fresh:
            return readings
        readings |= fresh


def _reading(given: str | dict[str, Any], probe: str, run: _Run) -> Seen | None:
    shape = run.catalogue.probes[probe]
    if isinstance(given, dict):
        return Seen(facts=lay_over(shape.typical, given))
    if given == "empty":
        return Seen(facts=shape.empty)
    if given.startswith("failed: "):
        return Seen(reason=given.removeprefix("failed: "))
    if given == "looking":
        return None
    raise PlaybookError(f"`{given}` is none of empty, looking, `failed: reason` or fields with values")


def _compare_reads(case: Case, match: Match, readings: Mapping[str, Reading], run: _Run) -> Iterator[Difference]:
    for key in run.playbook.diagnostics:
        others = {name: reading for name, reading in readings.items() if name != key}
        ready = ready_diagnostics(run.playbook, match.entities, others, run.playbooks.platform)
        probe, arguments = ready.get(key, ("", {}))
        wrong = check_arguments(run.catalogue.probes[probe].arguments, arguments) if probe else ""
        if wrong:
            yield ("reads", key), f"{key} cannot be read: {wrong}"
        if key in case.reads and case.reads[key] != arguments:
            yield ("reads", key), f"{key} is read with {arguments}"


def _compare_steps(case: Case, reply: Reply) -> Iterator[Difference]:
    for number, expected in case.says.items():
        if not 1 <= number <= len(reply.steps):
            yield ("says", str(number)), f"there is no step {number}"
            continue
        seen = visible(reply.steps[number - 1])
        for words in (expected,) if isinstance(expected, str) else expected:
            if words not in seen:
                yield ("says", str(number)), f"step {number} does not say “{words}”, but: {seen}"


def visible(step: Step) -> str:
    """What a reader sees under a step, on one line: text, what could not be read, tables' cells, charts in words."""
    cells = (" | ".join(row) for table in step.tables for row in table.rows)
    return " ".join(" ".join((step.text, *step.unread, *cells, *map(describe_chart, step.charts))).split())


def _compare_offers(case: Case, reply: Reply, run: _Run) -> Iterator[Difference]:
    offers = {offer.name: offer for offer in reply.offers()}
    for name in sorted(case.offers.keys() - offers.keys()):
        yield ("offers", name), f"`{name}` is not offered"
    for name in sorted(offers.keys() - case.offers.keys()):
        yield ("offers",), f"`{name}` is offered, with {dict(offers[name].arguments)}"
    for name in sorted(offers.keys() & case.offers.keys()):
        yield from ((("offers", name), message) for message in _compare_offer(case.offers[name], offers[name], run))


def _compare_offer(expected: ExpectedOffer, offer: Offer, run: _Run) -> Iterator[str]:
    if expected.remedy and expected.remedy != offer.remedy:
        yield f"the remedy is {offer.remedy}"
    if dict(offer.arguments) != expected.with_:
        yield f"the arguments are {dict(offer.arguments)}"
    wrong = check_arguments(run.catalogue.remedies[offer.remedy].arguments, offer.arguments)
    if wrong:
        yield wrong
    elif expected.commands is not None and run.plan is not None:
        commands = tuple(run.plan(offer.remedy, offer.arguments, expected.state))
        if commands != expected.commands:
            yield f"the commands are {list(commands)}"
