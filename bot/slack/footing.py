"""Stage 7: top and bottom of a card: what it is about, where it stands, and who has it. Pure."""

from collections.abc import Iterator

from bot.flow.card import Card
from bot.incidents.incident import Incident, State
from bot.playbooks.reply import Reply
from bot.slack.detail import Detail
from bot.slack.elements import Block, actions, button, context, header
from bot.slack.escape import code, cut, escape, escape_but_people, link, linked, moment, person, tame

ACKNOWLEDGE = "acknowledge"
RESOLVE = "resolve"
_LIGHTS = {"P1": "🔴", "P2": "🟠", "P3": "🟡", "P4": "🔵"}


def headline(card: Card) -> str:
    """`🔴 P1 · title`, without light and severity for a case that somebody opened by command."""
    severity = card.incident.severity
    title = tame(" ".join((card.reply.title or card.incident.title).split()))
    return f"{_LIGHTS.get(severity, '⚪')} {escape(severity)} · {title}" if severity else title


def write_top(card: Card, detail: Detail) -> Iterator[Block]:
    """Header, then one grey block: entities, how often it was seen, what it means, notes."""
    yield header(headline(card)) | {"block_id": f"card:{card.incident.id}"[:255]}
    lines = [_facts(card.incident, card.reply)]
    if detail.has_summary:
        lines += [linked(cut(card.reply.summary, 500)), _causes(card)]
    if any(lines):
        yield context(*lines)
    if card.notes:
        yield context(*(f":information_source: {cut(escape_but_people(note), 300)}" for note in card.notes[-5:]))


def _facts(incident: Incident, reply: Reply) -> str:
    known = {name: value for name, value in (reply.entities or incident.entities).items() if value}
    entities = [
        # The address of a log would fill a phone's screen.
        link(value, name.removesuffix("_url")) if name.endswith("_url") else f"{escape(name)} {code(value[:200])}"
        for name, value in known.items()
    ]
    if incident.alerts > 1:
        entities.append(f"*{incident.alerts} alerts*, last {moment(incident.last_seen_at)}")
    return cut(" · ".join(entities), 1_500)


def _causes(card: Card) -> str:
    if not card.reply.causes or not card.incident.is_open:
        return ""
    return cut(f"*Likely:* {'; '.join(card.reply.causes[:3])}", 500)


def write_bottom(card: Card) -> Iterator[Block]:
    """State and who has it; Acknowledge and Resolve while that is still open; how to prevent it once it is over."""
    incident = card.incident
    prevention = card.reply.prevention if not incident.is_open else ()
    yield context(_state(incident), *(cut(f"*Next time:* {line}", 500) for line in prevention[:3]))
    buttons = list(_buttons(incident))
    if buttons:
        yield actions(buttons)


def _state(incident: Incident) -> str:
    since = moment(incident.opened_at, "{date_short_pretty} {time}")
    has_it = f" · {person(incident.acknowledged_by)} is on it" if incident.acknowledged_by else ""
    if incident.is_open:
        words = "Remedy running" if incident.state is State.REMEDYING else "Open"
        return f"{words} since {since}{has_it} · {code(incident.id)}"
    who = f" by {person(incident.resolved_by)}" if incident.resolved_by else ""
    at = f" {moment(incident.resolved_at)}" if incident.resolved_at else ""
    how = f": {cut(escape_but_people(incident.resolution), 300)}" if incident.resolution else ""
    return f":white_check_mark: Resolved{who}{at}{how} · {code(incident.id)}"


def _buttons(incident: Incident) -> Iterator[Block]:
    value = {"incident": incident.id}
    if incident.state is State.OPEN:
        yield button("Acknowledge", ACKNOWLEDGE, value)
    if incident.is_open:
        yield button("Resolve", RESOLVE, value)
