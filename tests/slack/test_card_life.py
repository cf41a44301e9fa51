"""An incident's life on its one card, as people read it from top to bottom."""

import re
from typing import Any

import pytest

from bot.incidents.incident import State
from bot.playbooks.reply import Approvers, StepState, Table
from bot.remediation.outcome import Outcome, Stage
from bot.slack.blocks import build_card


def read(card: Any) -> list[str]:
    """The card as lines: buttons in brackets, times as T."""
    lines: list[str] = []
    for block in build_card(card)[1]:
        if block["type"] == "actions":
            lines.append(" ".join(f"[{button['text']['text']}]" for button in block["elements"]))
        for text in (block.get("text"), *block.get("elements", ())):
            if text and text["type"] in {"mrkdwn", "plain_text"}:
                lines += text["text"].split("\n")
    return [re.sub(r"<!date[^>]*>", "T", line) for line in lines]


TOP = [
    "🔴 P1 · Warehouse LOADING_WH is suspended",
    "warehouse `LOADING_WH`",
    "Loads stop until the quota is raised.",
    "*Likely:* a backfill; a runaway query",
]
STEP = ["*1. Which monitor suspended it?*", "LOADING_MONITOR has used *51* of 50 credits."]
PLAN = [
    ":memo: *Plan: Raise the quota*",
    "on LOADING_MONITOR · whoever is on call may approve, until T",
    "```",
    "ALTER RESOURCE MONITOR LOADING_MONITOR SET CREDIT_QUOTA = 75;",
    "```",
    "*Blast radius:* lets LOADING_WH spend 25 more credits",
    "*Undo:* set it to 50 again",
    "[Approve] [Change inputs] [Decline]",
]
OPEN = ["Open since T · `inc-7`", "[Acknowledge] [Resolve]"]


def test_first_reply_says_what_it_is_and_that_it_looks(make: Any) -> None:
    """Before anything is read: incident, entities, steps, nothing to click but to take it."""
    looking = make.step(state=StepState.LOOKING, text="", offers=())
    step = ["*1. Which monitor suspended it?* :hourglass_flowing_sand:", "_looking …_"]
    assert read(make.card(reply=make.reply(looking))) == [*TOP, *step, *OPEN]


def test_findings_come_with_their_table_and_offer(make: Any) -> None:
    """What was found stands under its step, what can be done below it."""
    table = Table(("query", "user", "minutes"), (("01b2-77", "ANALYST_KIM", "42"),))
    reply = make.reply(make.step(tables=(table,), offers=(make.offer(),)))
    grid = ["```", "query    user         minutes", "01b2-77  ANALYST_KIM  42", "```"]
    assert read(make.card(reply=reply)) == [*TOP, *STEP, *grid, "[Raise the quota]", *OPEN]


def test_plan_replaces_its_offer(make: Any) -> None:
    """Asked for, the plan stands there whole and the offer's button is gone."""
    assert read(make.card(make.view())) == [*TOP, *STEP, *PLAN, *OPEN]


def test_two_people_are_asked_for_by_name_of_the_rule(make: Any) -> None:
    """Who may approve is said in words, for every rule."""
    said = {rule: read(make.card(make.view(approve=rule)))[7] for rule in Approvers}
    assert said[Approvers.LEAD] == "on LOADING_MONITOR · a lead may approve, until T"
    assert said[Approvers.TWO_PEOPLE] == "on LOADING_MONITOR · two different people may approve, until T"


RUNNING = Outcome(Stage.RUNNING, ("U0ONCALL",))
HELPED = Outcome(Stage.HELPED, ("U0ONCALL",), None, ("Statement executed.",), "used 51 of 75")


def test_running_remedy_is_a_line(make: Any) -> None:
    """Once approved the commands make room: who approved, and that it runs."""
    card = make.card(make.view(RUNNING), state=State.REMEDYING, acknowledged_by="U0ONCALL")
    bottom = ["Remedy running since T · <@U0ONCALL> is on it · `inc-7`", "[Resolve]"]
    assert read(card) == [*TOP, *STEP, ":gear: *Raise the quota*: running", "approved by <@U0ONCALL>", *bottom]


def test_outcome_says_what_the_system_said_and_how_to_undo(make: Any) -> None:
    """Verified: the words of the system, the reading that shows it, the way back."""
    said = read(make.card(make.view(HELPED), state=State.ACKNOWLEDGED))
    assert said[6:13] == [
        ":white_check_mark: *Raise the quota*: it helped",
        "approved by <@U0ONCALL>",
        "used 51 of 75",
        "```",
        "Statement executed.",
        "```",
        "*Undo:* set it to 50 again",
    ]


def test_resolved_card_keeps_the_story(make: Any) -> None:
    """Over: nothing to click, who or what ended it, and how to prevent it next time."""
    card = make.card(
        make.view(HELPED), state=State.RESOLVED, resolved_at=make.now, resolution="Raise the quota: 51 of 75"
    )
    said = read(card)
    assert said[:3] == TOP[:3]
    assert said[-2:] == [
        ":white_check_mark: Resolved T: Raise the quota: 51 of 75 · `inc-7`",
        "*Next time:* alert at 80 %",
    ]
    assert not any(line.startswith("[") for line in said)


def test_case_of_a_command_is_its_plan(make: Any) -> None:
    """A case that somebody opened by command has a title, its plan and the way to end it."""
    reply = make.reply(playbook="", title="Trigger ecommerce_daily", severity="", summary="", causes=(), entities={})
    card = make.card(make.view(), reply=make_bare(reply), severity="", entities={})
    assert read(card) == ["Trigger ecommerce_daily", *PLAN, *OPEN]


def make_bare(reply: Any) -> Any:
    """The reply without steps, as the flow gives it for a case without a playbook."""
    from dataclasses import replace

    return replace(reply, steps=())


@pytest.mark.parametrize("stage", [Stage.VOID, Stage.DECLINED, Stage.FAILED, Stage.DID_NOT_HELP])
def test_after_a_plan_that_led_nowhere_one_can_try_again(make: Any, stage: Stage) -> None:
    """The outcome stays readable and the offer has its button again."""
    said = read(make.card(make.view(Outcome(stage, detail="The quota was changed meanwhile."))))
    assert "[Raise the quota]" in said
    assert "The quota was changed meanwhile." in said
