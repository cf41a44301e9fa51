"""Stages 8 to 11 on the card: the exact commands, their blast radius, who said yes, what the system answered. Pure."""

from collections.abc import Iterator

from bot.flow.card import PlanView
from bot.playbooks.reply import Approvers
from bot.remediation.outcome import Outcome, Stage
from bot.remediation.plan import Plan
from bot.slack.detail import Detail
from bot.slack.elements import Block, actions, button, confirm, context, section
from bot.slack.escape import cut, escape, escape_but_people, fenced, linked, moment, person, tame, visible

APPROVE = "approve"
DECLINE = "decline"
CHANGE = "change"
# What one card can show besides everything else. Longer commands cannot be approved here: a yes binds what was seen.
LONGEST_COMMANDS = 6_000  # as they stand in their code blocks
_PIECE = 2_800
_BEGINNING = 1_000

_WHO = {
    Approvers.ONCALL: "whoever is on call",
    Approvers.LEAD: "a lead",
    Approvers.TWO_PEOPLE: "two different people",
}
_SAYS = {
    Stage.OFFERED: ":memo: *Plan: {}*",
    Stage.APPROVED: ":hourglass_flowing_sand: *{}*: approved, about to run",
    Stage.RUNNING: ":gear: *{}*: running",
    Stage.VERIFYING: ":mag: *{}*: done, checking whether it helped",
    Stage.HELPED: ":white_check_mark: *{}*: it helped",
    Stage.DID_NOT_HELP: ":x: *{}*: it did not help",
    Stage.FAILED: ":rotating_light: *{}*: it failed",
    Stage.VOID: ":no_entry_sign: *{}*: void",
    Stage.DECLINED: ":no_entry_sign: *{}*: declined",
}


def write_plan(view: PlanView, is_open: bool, detail: Detail) -> Iterator[Block]:
    """A plan that waits for a yes in full; one that was decided as a line with its outcome."""
    said = _SAYS[view.outcome.stage].format(cut(tame(view.plan.label or view.plan.remedy), 300))
    if view.outcome.stage is Stage.OFFERED:
        yield from _waiting(view, said, is_open)
    else:
        yield section(_decided(view, said, detail))


def _waiting(view: PlanView, said: str, is_open: bool) -> Iterator[Block]:
    plan = view.plan
    if not plan.draft.commands:
        yield section(f"{said}\nNothing needs changing. {linked(cut(escape(plan.draft.note), 1_000))}".rstrip())
        return
    commands = visible("\n".join(command.text for command in plan.draft.commands))
    is_shown = len(fenced(commands)) <= LONGEST_COMMANDS
    yield section(f"{said}\n{_asked(view)}")
    for piece in _pieces(commands if is_shown else commands[:_BEGINNING]):
        yield section(fenced(piece))
    yield context(*_consequences(plan))
    if not is_shown:
        yield context("_Too long to be shown whole, so it cannot be approved here._")
    if is_open:
        yield actions(_buttons(view, is_shown))


def _asked(view: PlanView) -> str:
    plan = view.plan
    until = f"until {moment(plan.expires_at)}" if not view.outcome.approved_by else "one more yes needed"
    given = f" · approved by {_people(view.outcome)}" if view.outcome.approved_by else ""
    return f"on {cut(escape(visible(plan.draft.target)), 300)} · {_WHO[plan.approve]} may approve, {until}{given}"


def _pieces(commands: str) -> Iterator[str]:
    """Sections hold 3,000 characters and fencing lengthens: break long commands between lines where there are any."""
    while commands:
        longest = _PIECE
        while len(fenced(commands[:longest])) > _PIECE:
            longest = longest * 3 // 4
        end = len(commands) if len(commands) <= longest else (commands.rfind("\n", 1, longest) + 1 or longest)
        yield commands[:end].strip("\n")
        commands = commands[end:]


def _consequences(plan: Plan) -> list[str]:
    draft = plan.draft
    lines = [f"*Blast radius:* {cut(escape(draft.blast_radius), 1_000)}" if draft.blast_radius else ""]
    lines += [f"*Undo:* {cut(escape(draft.undo), 500)}" if draft.undo else ""]
    lines += [f"*Note:* {cut(escape(draft.note), 500)}" if draft.note else ""]
    return [line for line in lines if line] or ["_Its blast radius is not known._"]


def _buttons(view: PlanView, is_shown: bool) -> list[Block]:
    plan = view.plan
    value = {"incident": plan.incident, "plan": plan.id, "digest": plan.digest}
    question = confirm(
        "Run this now?",
        escape(plan.draft.blast_radius) or "The commands shown are run once.",
        "Run it",
        "Not yet",
    )
    buttons = [button("Approve", APPROVE, value, "primary", question)] if is_shown else []
    if plan.inputs:
        buttons.append(button("Change inputs", CHANGE, value))
    return [*buttons, button("Decline", DECLINE, value)]


def _decided(view: PlanView, said: str, detail: Detail) -> str:
    outcome = view.outcome
    lines = [said]
    if outcome.approved_by:
        at = f", {moment(outcome.decided_at)}" if outcome.decided_at else ""
        lines.append(f"approved by {_people(outcome)}{at}")
    if outcome.detail:
        lines.append(cut(escape_but_people(outcome.detail), 500))
    if outcome.said and detail.said:
        lines.append(cut(fenced("\n".join(outcome.said)), detail.said))
    if outcome.stage is Stage.HELPED and view.plan.draft.undo:
        lines.append(f"*Undo:* {cut(escape(view.plan.draft.undo), 300)}")
    return "\n".join(lines)


def _people(outcome: Outcome) -> str:
    return " and ".join(person(id) for id in outcome.approved_by)
