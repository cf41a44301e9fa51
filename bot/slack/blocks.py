"""Stage 7: reply → Block Kit: one card for an incident's thread, within every limit of Slack. Pure."""

from collections.abc import Iterator

from bot.flow.card import Card
from bot.playbooks.chart_text import describe_chart
from bot.remediation.outcome import Stage
from bot.slack.charts import Forms, charts_of
from bot.slack.detail import LEVELS, Detail
from bot.slack.elements import MOST_BLOCKS, Block, context, fits
from bot.slack.escape import cut, escape, linked, tame
from bot.slack.footing import headline, write_bottom, write_top
from bot.slack.plans import write_plan
from bot.slack.steps import Shown, write_step, write_steps

MOST_PLANS = 6  # older ones are in the audit log
_LONGEST_TEXT = 3_500
_DONE_WITH = {Stage.FAILED, Stage.DID_NOT_HELP, Stage.VOID, Stage.DECLINED}


def build_card(card: Card, forms: Forms = Forms()) -> tuple[str, list[Block]]:  # noqa: B008 # frozen, shared on purpose
    """The notification text and the blocks; drawn with less detail until Slack takes them. Never over a limit."""
    text = spoken(card)
    for detail in LEVELS:
        blocks = list(_blocks(card, detail, forms))
        if fits(blocks):
            return text, blocks
    return text, _least(card)


def _blocks(card: Card, detail: Detail, forms: Forms) -> Iterator[Block]:
    incident = card.incident
    yield from write_top(card, detail)
    shown = Shown(incident.id, offered(card), forms.draw(charts_of(card.reply)[: detail.charts]))
    yield from write_steps(card.reply.steps, shown, detail)
    for view in card.plans[-MOST_PLANS:]:
        yield from write_plan(view, incident.is_open, detail)
    yield from write_bottom(card)


def _least(card: Card) -> list[Block]:
    """Top, newest plan and bottom: what stays when even the shortest form of everything is too long."""
    detail = LEVELS[-1]
    top, bottom = list(write_top(card, detail))[:1], list(write_bottom(card))
    newest = [block for view in card.plans[-1:] for block in write_plan(view, card.incident.is_open, detail)]
    left = context("_Too much for one Slack message: the runbook's steps and older plans are not shown._")
    blocks = [*top, *newest, left, *bottom]
    return blocks if fits(blocks) else [*top, left, *bottom][:MOST_BLOCKS]


def offered(card: Card) -> frozenset[str]:
    """Remedies that may have a button: the incident is open, no plan of theirs waits, runs or has helped."""
    if not card.incident.is_open:
        return frozenset()
    taken = {view.plan.offer for view in card.plans if view.outcome.stage not in _DONE_WITH}
    return frozenset(offer.name for offer in card.reply.offers()) - taken


def summary(card: Card) -> str:
    """What a notification and a screen reader say: the headline, the count, the first thing to decide or know."""
    parts = [headline(card)]
    if card.incident.alerts > 1:
        parts.append(f"{card.incident.alerts} alerts")
    if not card.incident.is_open:
        parts.append("resolved")
    parts += [_plan_line(view.plan.label or view.plan.remedy, view.outcome.stage) for view in card.plans[-1:]]
    return cut(" · ".join(parts), 500)


def spoken(card: Card) -> str:
    """The summary, and the charts in words: whoever hears the message does not see them."""
    return cut("\n".join([summary(card), *(escape(describe_chart(chart)) for chart in charts_of(card.reply))]), 500)


def _plan_line(label: str, stage: Stage) -> str:
    return f"{tame(label)}: {stage.value.replace('_', ' ')}"


def plain_card(card: Card) -> str:
    """The card as text alone, for when Slack refuses its blocks: everything to read, nothing to click."""
    detail = LEVELS[1]
    lines = [summary(card), linked(card.reply.summary)]
    lines += [write_step(step, detail) for step in card.reply.steps]
    lines.append("_Slack did not take this card's buttons; `/runbook` and the other commands still work._")
    return cut("\n".join(filter(None, lines)), _LONGEST_TEXT)
