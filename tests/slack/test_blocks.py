"""Whatever a card holds, Slack takes it, and what people decide on stands in it whole."""

import random
from typing import Any

import pytest

from bot.playbooks.reply import Chart, ChartKind, Point, Step, StepState, Table
from bot.remediation.outcome import Outcome, Stage
from bot.remediation.remedy import Command, Draft
from bot.sandbox.slack.block_kit import MESSAGE_CHARACTERS, characters, validate_message
from bot.slack.blocks import build_card, offered, plain_card, summary
from bot.slack.elements import LONGEST_MESSAGE, MOST_BLOCKS

HOSTILE = "<!channel> <@U1> &amp; `tick` ```fence``` *bold* <https://x.test|y> \u202e"
HUGE = (HOSTILE + "x" * 97) * 400


def texts(value: Any) -> str:
    """Every text in the blocks, in order."""
    if isinstance(value, dict):
        return "\n".join(v if k == "text" and isinstance(v, str) else texts(v) for k, v in value.items())
    return "\n".join(map(texts, value)) if isinstance(value, list) else ""


def actions(blocks: list[dict[str, Any]]) -> list[str]:
    """The action ids of every button, in order."""
    return [element["action_id"] for block in blocks if block["type"] == "actions" for element in block["elements"]]


def assert_taken(text: str, blocks: list[dict[str, Any]]) -> None:
    """Slack would take this message, and it calls nobody."""
    assert validate_message(blocks) == []
    assert len(blocks) <= MOST_BLOCKS
    assert characters(blocks) <= min(MESSAGE_CHARACTERS, LONGEST_MESSAGE)
    assert 0 < len(text) <= 500
    assert "<!channel>" not in text + texts(blocks)


def test_typical_card_is_short(make: Any) -> None:
    """One step with an offer takes six blocks: little to scroll on a phone."""
    text, blocks = build_card(make.card())
    assert_taken(text, blocks)
    assert [block["type"] for block in blocks] == ["header", "context", "section", "actions", "context", "actions"]
    assert text == "🔴 P1 · Warehouse LOADING_WH is suspended"
    assert actions(blocks) == ["offer:raise_quota", "acknowledge", "resolve"]


def test_plan_shows_exact_commands_and_consequences(make: Any) -> None:
    """A waiting plan holds commands, blast radius, undo, who may approve, and buttons; its offer is gone."""
    _, blocks = build_card(make.card(make.view()))
    said = texts(blocks)
    assert "```\nALTER RESOURCE MONITOR LOADING_MONITOR SET CREDIT_QUOTA = 75;\n```" in said
    assert "*Blast radius:* lets LOADING_WH spend 25 more credits" in said
    assert "*Undo:* set it to 50 again" in said
    assert "whoever is on call may approve, until <!date^1795141680^{time}|2026-11-20 02:28 UTC>" in said
    assert actions(blocks) == ["approve", "change", "decline", "acknowledge", "resolve"]


def test_approve_asks_before_it_is_sent(make: Any) -> None:
    """The approve button carries plan and digest and a question with the blast radius."""
    _, blocks = build_card(make.card(make.view()))
    approve = next(e for block in blocks for e in block.get("elements", ()) if e.get("action_id") == "approve")
    assert approve["value"] == '{"incident":"inc-7","plan":"plan-1","digest":"%s"}' % ("d" * 64)
    assert approve["confirm"]["text"]["text"] == "lets LOADING_WH spend 25 more credits"


def test_plan_without_commands_says_why_and_has_no_buttons(make: Any) -> None:
    """Nothing to change is shown, never approved."""
    view = make.view(draft=Draft("LOADING_MONITOR", (), "", note="The quota is 75 already."))
    _, blocks = build_card(make.card(view))
    assert "Nothing needs changing. The quota is 75 already." in texts(blocks)
    assert "approve" not in actions(blocks)


def test_commands_too_long_to_show_cannot_be_approved(make: Any) -> None:
    """A yes binds what was seen, so there is none where not everything can be shown."""
    long = Command("x", "SELECT 1;\n" * 2_000)
    _, blocks = build_card(make.card(make.view(draft=Draft("t", (long,), "b"))))
    assert "cannot be approved here" in texts(blocks)
    assert actions(blocks) == ["change", "decline", "acknowledge", "resolve"]


@pytest.mark.parametrize("length", [2_790, 2_810, 5_990])
def test_long_commands_are_shown_whole(make: Any, length: int) -> None:
    """Commands that need several sections lose nothing between them."""
    command = ("&" * 9 + "\n") * (length // 50) + "END"
    text, blocks = build_card(make.card(make.view(draft=Draft("t", (Command("x", command),), "b"))))
    assert_taken(text, blocks)
    assert texts(blocks).count("&amp;") >= 9 * (length // 50)
    assert "END" in texts(blocks)
    assert "approve" in actions(blocks)


OUTCOMES = {
    Stage.APPROVED: "approved, about to run",
    Stage.RUNNING: "running",
    Stage.VERIFYING: "checking whether it helped",
    Stage.HELPED: "it helped",
    Stage.DID_NOT_HELP: "it did not help",
    Stage.FAILED: "it failed",
    Stage.VOID: "void",
    Stage.DECLINED: "declined",
}


@pytest.mark.parametrize(("stage", "words"), OUTCOMES.items(), ids=OUTCOMES)
def test_outcome_names_people_and_answer(make: Any, stage: Stage, words: str) -> None:
    """A decided plan says how far it is, who approved, what the system said; it has no buttons of its own."""
    outcome = Outcome(stage, ("U0ONCALL", "U0LEAD"), make.now, ("Statement executed.",), "quota is 75")
    _, blocks = build_card(make.card(make.view(outcome)))
    said = texts(blocks)
    assert all(one in said for one in (words, "<@U0ONCALL> and <@U0LEAD>", "Statement executed.", "quota is 75"))
    assert not {"approve", "decline", "change"} & set(actions(blocks))


def test_first_of_two_approvals_is_shown(make: Any) -> None:
    """A plan that needs two people says who agreed already and keeps its buttons."""
    _, blocks = build_card(make.card(make.view(Outcome(approved_by=("U0LEAD",)))))
    assert "one more yes needed · approved by <@U0LEAD>" in texts(blocks)
    assert "approve" in actions(blocks)


def test_offer_comes_back_after_a_plan_that_led_nowhere(make: Any) -> None:
    """An offer has its button unless its plan waits, runs or has helped."""
    shown = {stage: bool(offered(make.card(make.view(Outcome(stage))))) for stage in Stage}
    assert {stage for stage, is_shown in shown.items() if is_shown} == {
        Stage.DID_NOT_HELP,
        Stage.FAILED,
        Stage.VOID,
        Stage.DECLINED,
    }


def test_resolved_card_has_no_buttons(make: Any) -> None:
    """A resolved incident says who ended it and how to prevent it; nothing can be clicked."""
    from bot.incidents.incident import State

    card = make.card(make.view(), state=State.RESOLVED, resolved_by="U0LEAD", resolved_at=make.now, resolution="raised")
    text, blocks = build_card(card)
    assert_taken(text, blocks)
    assert actions(blocks) == []
    assert "Resolved by <@U0LEAD>" in texts(blocks)
    assert "*Next time:* alert at 80 %" in texts(blocks)
    assert "resolved" in text


def test_findings_stand_under_their_step(make: Any) -> None:
    """A step that looks says so; one that could not be read says why; a table stands below its words."""
    looking = make.step(title="Who used it?", state=StepState.LOOKING, text="")
    unread = make.step(
        number=2, state=StepState.UNREAD, text="", unread=("could not read monitors because it is down",)
    )
    read = make.step(number=3, tables=(Table(("user", "credits"), (("ANALYST_KIM", "41"),)),))
    said = texts(build_card(make.card(reply=make.reply(looking, unread, read)))[1])
    assert "*1. Who used it?* :hourglass_flowing_sand:\n_looking …_" in said
    assert "_could not read monitors because it is down_" in said
    assert "```\nuser         credits\nANALYST_KIM  41\n```" in said


def test_joined_alerts_and_notes_are_told(make: Any) -> None:
    """The count with the last time, and what happened to the alerts, stand under the title."""
    said = texts(build_card(make.card(alerts=4, notes=("The alert was deleted by <@U0LEAD>.",)))[1])
    assert "*4 alerts*, last <!date^" in said
    assert ":information_source: The alert was deleted by <@U0LEAD>." in said


def random_card(make: Any, seed: int) -> Any:
    """A card of random shape with hostile values of random length."""
    chance = random.Random(seed)  # noqa: S311 - shapes for a test

    def value() -> str:
        return HUGE[: chance.choice([0, 1, 30, 300, 3_000, 30_000])]

    def table() -> Table:
        width = chance.randrange(0, 8)
        return Table(
            tuple(value() for _ in range(width)), tuple((value(),) * width for _ in range(chance.randrange(60)))
        )

    def step(number: int) -> Step:
        escaped = value().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        offers = tuple(make.offer(name=f"o{number}-{n}", label=value()) for n in range(chance.randrange(4)))
        tables = tuple(table() for _ in range(chance.randrange(3)))
        charts = tuple(chart() for _ in range(chance.randrange(3)))
        return Step(number, escaped, chance.choice(list(StepState)), escaped, (escaped,), tables, offers, charts)

    def chart() -> Chart:
        labels = (f"{at} {HOSTILE}"[:20] for at in range(62))
        points = [Point(label, chance.choice([None, -1.0, 5e9]), chance.choice([None, 2.0])) for label in labels]
        some = (Point("known", 1.0), *points[: chance.choice([0, 5, 19, 61])])
        return Chart(chance.choice(list(ChartKind)), value()[:100], some, value()[:20], value()[:20] or "limit")

    def view(number: int) -> Any:
        commands = tuple(Command("x", value()) for _ in range(chance.randrange(4)))
        outcome = Outcome(chance.choice(list(Stage)), ("U0LEAD",), make.now, (value(),), value())
        draft = Draft(value(), commands, value(), value(), value())
        return make.view(outcome, id=f"plan-{number}", label=value(), draft=draft)

    steps = [step(number) for number in range(chance.randrange(1, 40))]
    reply = make.reply(*steps, summary=HUGE.replace("<", "&lt;")[: chance.randrange(9_000)], entities={"e": value()})
    views = [view(number) for number in range(chance.randrange(12))]
    return make.card(*views, reply=reply, notes=(value(),) * 9, title=value() or "t", resolution=value(), alerts=2)


@pytest.mark.parametrize("seed", range(60))
def test_any_card_keeps_to_every_limit(make: Any, seed: int) -> None:
    """Cards of any size with any values are taken by Slack and call nobody."""
    card = random_card(make, seed)
    assert_taken(*build_card(card))
    assert len(plain_card(card)) <= 3_500
    assert "<!channel>" not in plain_card(card)


def test_severity_tells_itself_without_colour(make: Any) -> None:
    """A case that somebody opened by command has no severity; others say it in words beside the light."""
    assert summary(make.card(severity="")) == "Warehouse LOADING_WH is suspended"
    assert summary(make.card(severity="P4")).startswith("🔵 P4 · ")


def test_plain_card_holds_what_can_be_read(make: Any) -> None:
    """Without blocks the runbook is still there."""
    said = plain_card(make.card())
    assert "Which monitor suspended it?" in said
    assert "Loads stop until the quota is raised." in said
