"""Stage 7: the runbook's steps with the live finding under each of them. Pure."""

from collections.abc import Collection, Iterator

from bot.playbooks.reply import Offer, Step, StepState
from bot.slack.detail import Detail
from bot.slack.elements import LONGEST_SECTION, Block, actions, button, context, section
from bot.slack.escape import cut, linked, tame
from bot.slack.tables import write_table

OFFER = "offer:"  # how the action id of an offer's button starts; the offer's name follows
_ICONS = {
    StepState.PLAIN: "",
    StepState.LOOKING: " :hourglass_flowing_sand:",
    StepState.READ: "",
    StepState.UNREAD: " :warning:",
}


def write_steps(steps: tuple[Step, ...], incident: str, offers: Collection[str], detail: Detail) -> Iterator[Block]:
    """A section a step, its buttons below it. `offers` names the remedies that may have a button now."""
    for step in steps[: detail.steps]:
        yield section(write_step(step, detail))
        buttons = [offer_button(offer, incident) for offer in step.offers if offer.name in offers]
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


def offer_button(offer: Offer, incident: str) -> Block:
    """A click asks for the plan; nothing is changed by it."""
    return button(tame(offer.label) or offer.name, f"{OFFER}{offer.name}", {"incident": incident, "offer": offer.name})
