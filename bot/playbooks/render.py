"""Stage 6: a playbook, its entities and what was read become a reply. Pure: nothing is read or run here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from bot.playbooks.charts import render_chart
from bot.playbooks.escaping import escape
from bot.playbooks.model import Playbook, RowTable, RunbookStep, Status
from bot.playbooks.needs import stuck_diagnostics
from bot.playbooks.offers import build_offer
from bot.playbooks.platform import Platform
from bot.playbooks.reply import Chart, Offer, Reading, Reply, Step, StepState, Table
from bot.playbooks.rows import row_context, row_values, rows_of
from bot.playbooks.templates import (
    TextError,
    evaluate,
    names_in,
    parse_expression,
    parse_text,
    render_text,
    show_plain,
)
from bot.playbooks.values import collect_values, complete_entities

MAX_ROWS = 100  # how many a card shows of them is Slack's affair; all of them stand behind its "all rows" button
_PROPER = {"dbt": "dbt", "pagerduty": "PagerDuty", "postgres": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is known of the diagnostics: values for templates, and why others have none."""

    playbook: Playbook
    values: Mapping[str, Any]
    reasons: Mapping[str, str]

    def has(self, names: Iterable[str]) -> bool:
        return all(name in self.values for name in names if name in self.playbook.diagnostics)


def render(
    playbook: Playbook,
    entities: Mapping[str, str],
    readings: Mapping[str, Reading],
    platform: Platform,
    now: datetime,
) -> Reply:
    """The reply as far as findings are there; `readings` holds one per diagnostic that was read or failed.

    A step whose finding is missing is LOOKING; one that could not be read says so and never holds the others back.
    """
    values = collect_values(playbook, entities, readings, platform, now)
    reasons = {key: reading.reason for key, reading in readings.items() if reading.reason is not None}
    reasons |= stuck_diagnostics(playbook, entities, readings, platform)
    seen = _Seen(playbook, values, reasons)
    complete = {name: values[name] for name in playbook.entities}
    known = {"platform": values["platform"], **complete}
    return Reply(
        playbook=playbook.id,
        title=_say(playbook.title, known),
        severity=playbook.severity.value,
        summary=_say(playbook.summary, known),
        entities={name: value for name, value in (complete | {**entities, **complete}).items() if value},
        causes=tuple(_say(cause, known) for cause in playbook.causes),
        steps=tuple(_render_step(number, step, seen) for number, step in enumerate(playbook.steps, 1)),
        prevention=tuple(_say(line, known) for line in playbook.prevention),
    )


def render_title(playbook: Playbook, entities: Mapping[str, str], platform: Platform) -> str:
    """The title alone: it names entities and the platform only."""
    known = {"platform": platform.names(), **complete_entities(playbook, entities, platform)}
    return _say(playbook.title, known)


def _say(source: str, values: Mapping[str, Any]) -> str:
    """Words around the steps: they name entities and the platform only, so they can always be said."""
    try:
        return render_text(source, values)
    except TextError as error:
        return escape(f"(could not be written: {error})")


def findings_of(playbook: Playbook, step: RunbookStep) -> tuple[str, ...]:
    """The diagnostics whose findings stand under this step: shown, or mentioned in its text, table or chart."""
    mentioned = _mentioned(step.text) | (_expressed(step.table.rows) if step.table else frozenset())
    if step.chart:
        mentioned |= _expressed(step.chart.rows) | _expressed(step.chart.limit)
    return tuple(key for key in playbook.diagnostics if key in step.show or key in mentioned)


def _mentioned(text: str) -> frozenset[str]:
    return names_in(parse_text(text))


def _expressed(expression: str | None) -> frozenset[str]:
    return names_in(parse_expression(expression)) if expression else frozenset()


def _render_step(number: int, step: RunbookStep, seen: _Seen) -> Step:
    findings = findings_of(seen.playbook, step)
    unread = [
        _unread(seen.playbook.diagnostics[key].probe, seen.reasons[key]) for key in findings if key in seen.reasons
    ]
    looking = any(key not in seen.values and key not in seen.reasons for key in findings)
    text = ""
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    try:
        if seen.has(_mentioned(step.text)):
            text = render_text(step.text, seen.values)
        if step.table and seen.has(_expressed(step.table.rows)):
            tables = _render_table(step.table, seen.values)
        if step.chart and seen.has(_expressed(step.chart.rows)):
            charts = render_chart(step.chart, seen.values)
    except TextError as error:
        unread.append(f"could not say what was found because {escape(str(error))}")
    state = StepState.UNREAD if unread else StepState.READ if findings else StepState.PLAIN
    return Step(
        number=number,
        title=_say(step.title, seen.values),
        state=StepState.LOOKING if looking else state,
        text=text,
        unread=tuple(unread),
        tables=tables,
        offers=_render_offers(step, seen),
        charts=charts,
    )


def _unread(probe: str, reason: str) -> str:
    system, _, what = probe.partition(".")
    if system == "derived":
        return f"could not tell the {what.replace('_', ' ')} because {escape(reason).rstrip('.')}"
    shown = _PROPER.get(system, system.capitalize())
    return f"could not read {shown} {what.replace('_', ' ')} because {escape(reason).rstrip('.')}"


def _render_offers(step: RunbookStep, seen: _Seen) -> tuple[Offer, ...]:
    if seen.playbook.status is not Status.STABLE:
        return ()
    offers = (build_offer(name, seen.playbook.remedies[name], seen.values) for name in step.offer)
    return tuple(offer for offer in offers if offer is not None)


def _render_table(table: RowTable, values: Mapping[str, Any]) -> tuple[Table, ...]:
    rows = rows_of(table.rows, values)
    context = row_context(values)
    cells = tuple(_render_row(table, {**context, **row_values(row)}) for row in islice(rows, MAX_ROWS))
    return (Table(tuple(table.columns), cells, len(rows) - len(cells)),) if cells else ()


def _render_row(table: RowTable, values: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_cell(expression, values) for expression in table.columns.values())


def _cell(expression: str, values: Mapping[str, Any]) -> str:
    try:
        value = evaluate(expression, values)
        return "–" if value is None else show_plain(value)
    except TextError:
        return "–"  # one unknown value leaves its cell empty; misspelt fields were refused when the playbook was loaded
