"""Stage 7: the runbook's steps with the live finding under each of them. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from bot.playbooks.reply import Chart, Offer, Step, StepState
from bot.slack.detail import Detail
from bot.slack.elements import LONGEST_SECTION, Block, actions, button, context, section
from bot.slack.escape import cut, linked, tame
from bot.slack.tables import write_table

OFFER = "offer:"  # how the action id of an offer's button starts; the offer's name follows
ROWS = "rows:"  # the same of the button that shows all rows of a step's table; the step's number follows
_ICONS = {
    StepState.PLAIN: "",
    StepState.LOOKING: " :hourglass_flowing_sand:",
    StepState.READ: "",
    StepState.UNREAD: " :warning:",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What may stand under the steps of an incident: remedies that may have a button now, and charts as blocks."""

    incident: str
    offers: Collection[str] = ()
    charts: Mapping[Chart, Block] = field(default_factory=dict)


def write_steps(steps: tuple[Step, ...], shown: Shown, detail: Detail) -> Iterator[Block]:
    """A section a step, its charts and its buttons below it."""
    charts = dict(shown.charts)
    for step in steps[: detail.steps]:
        yield section(write_step(step, detail))
        yield from (charts.pop(chart) for chart in step.charts if chart in charts)
        buttons = [offer_button(offer, shown.incident) for offer in step.offers if offer.name in shown.offers]
        if has_more_rows(step, detail):
            buttons.append(rows_button(step, shown.incident))
        if buttons:
            yield actions(buttons)
    left = len(steps) - detail.steps
    if left > 0:
        yield context(f"_… {left} more step{'s' if left > 1 else ''}; `/runbook` shows them all_")


def write_step(step: Step, detail: Detail) -> str:
    """Title, words, tables, and what could not be read; within one section's limit."""
    lines = [f"*{step.number}. {cut(step.title, 200)}*{_ICONS[step.state]}"]
    if detail.step:
        lines.append(cut(linked(step.text.strip()), detail.step))
    if step.state is StepState.LOOKING and not step.text.strip():
        lines.append("_looking …_")
    lines += [cut(f"_{line}_", 300) for line in step.unread]
    text = "\n".join(filter(None, lines))
    for table in step.tables:
        text = _with(text, write_table(table, detail.rows))
    return cut(text, LONGEST_SECTION)


def _with(text: str, table: str) -> str:
    """A table that does not fit whole is left out and said to be: half a code block helps nobody."""
    if len(text) + len(table) + 1 <= LONGEST_SECTION - 100:
        return f"{text}\n{table}".rstrip()
    return f"{text}\n_… a table too long for Slack_" if not text.endswith("for Slack_") else text


def has_more_rows(step: Step, detail: Detail) -> bool:
    """True where a table of the step is not shown whole."""
    said = write_step(step, detail)
    return any(len(table.rows) > detail.rows or write_table(table, detail.rows) not in said for table in step.tables)


def rows_button(step: Step, incident: str) -> Block:
    """A click shows every row that was read, to whoever clicked."""
    count = sum(len(table.rows) for table in step.tables)
    return button(f"All {count} rows", f"{ROWS}{step.number}", {"incident": incident, "step": str(step.number)})


def offer_button(offer: Offer, incident: str) -> Block:
    """A click asks for the plan; nothing is changed by it."""
    return button(tame(offer.label) or offer.name, f"{OFFER}{offer.name}", {"incident": incident, "offer": offer.name})
