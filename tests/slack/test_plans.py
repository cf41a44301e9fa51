"""What people decide on stands on the card whole; what was decided stands there as a line that tells the outcome."""

import re
from typing import Any

import pytest

from bot.playbooks.reply import Approvers
from bot.remediation.outcome import Outcome, Stage
from bot.remediation.remedy import Command, Draft
from bot.sandbox.slack.block_kit import validate_message
from bot.slack.detail import LEVELS
from bot.slack.elements import Block, fits
from bot.slack.escape import escape
from bot.slack.plans import LONGEST_COMMANDS, write_plan

FULL = LEVELS[0]


def draft(*commands: str, **more: str) -> Draft:
    """What a remedy would do on t."""
    given = {"target": "t", "blast_radius": "one session", **more}
    return Draft(commands=tuple(Command("x", text) for text in commands), **given)  # type: ignore[arg-type]


def written(view: Any, *, is_open: bool = True, detail: Any = FULL) -> list[Block]:
    """The plan's blocks, which Slack would take."""
    blocks = list(write_plan(view, is_open, detail))
    assert validate_message(blocks) == []
    return blocks


def said(blocks: list[Block]) -> str:
    """Every mrkdwn text, in order."""
    return "\n".join(
        text["text"] for block in blocks for text in (block.get("text"), *block.get("elements", ())) if has_text(text)
    )


def has_text(element: Any) -> bool:
    """True for a mrkdwn object."""
    return bool(element) and element.get("type") == "mrkdwn"


def shown_commands(blocks: list[Block]) -> str:
    """The commands as a person reads them in the code blocks."""
    pieces = re.findall(r"```\n(.*?)\n```", said(blocks), re.DOTALL)
    plain = "\n".join(pieces).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return plain.replace("\u200b", "")


def buttons(blocks: list[Block]) -> list[str]:
    """The action ids, in order."""
    return [one["action_id"] for block in blocks if block["type"] == "actions" for one in block["elements"]]


@pytest.mark.parametrize(
    ("approve", "who"),
    [
        (Approvers.ONCALL, "whoever is on call may approve"),
        (Approvers.LEAD, "a lead may approve"),
        (Approvers.TWO_PEOPLE, "two different people may approve"),
    ],
)
def test_who_may_approve_is_said_for_every_rule(make: Any, approve: Approvers, who: str) -> None:
    """Beside the target and the end of the offer, in the reader's own time."""
    text = said(written(make.view(approve=approve)))
    assert f"on LOADING_MONITOR · {who}, until <!date^1795141680^{{time}}|2026-11-20 02:28 UTC>" in text


@pytest.mark.parametrize(
    "commands",
    [
        ("SELECT 1;",),
        ("SELECT 1;", "SELECT 2;"),
        ("x" * (LONGEST_COMMANDS - len("```\n\n```")),),
        ("\n".join(f"line {n}" for n in range(600)),),
        ("&" * (LONGEST_COMMANDS // 5 - 2),),
        ("`" * 2_900,),
        ("```\n" * 990,),
        ("a``" + "`b" * 2_000,),
    ],
    ids=["one", "two", "the longest", "many lines", "escaped", "backticks", "fences", "broken fences"],
)
def test_what_can_be_approved_is_shown_to_the_last_character(make: Any, commands: tuple[str, ...]) -> None:
    """A yes binds the commands: whenever there is the button, every character of them is on the card."""
    blocks = written(make.view(draft=draft(*commands)))
    whole = "\n".join(commands)
    assert "approve" in buttons(blocks)
    assert squeezed(shown_commands(blocks)) == squeezed(whole)
    assert fits(blocks)


def squeezed(text: str) -> str:
    """Without the line breaks, of which a broken text has more."""
    return text.replace("\n", "")


@pytest.mark.parametrize(
    "command",
    ["x" * (LONGEST_COMMANDS - len("```\n\n```") + 1), "&" * (LONGEST_COMMANDS // 5), "`" * 5_000, "```\n" * 1_400],
    ids=["one more", "escaped", "backticks", "fences"],
)
def test_more_than_a_card_shows_cannot_be_approved_here(make: Any, command: str) -> None:
    """The beginning is shown, the reason, and the way to make it shorter or to say no."""
    blocks = written(make.view(draft=draft(command)))
    assert buttons(blocks) == ["change", "decline"]
    assert "_Too long to be shown whole, so it cannot be approved here._" in said(blocks)
    assert 0 < len(shown_commands(blocks)) < LONGEST_COMMANDS


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u2066", "\u200b", "\u200f", "\x00", "\x1b", "\u00ad", "\ufeff"], ids=ascii
)
def test_a_character_that_nobody_sees_is_made_visible(make: Any, hidden: str) -> None:
    """Else what is read and approved is not what is run: text may be turned round or hide a name in another."""
    text = shown_commands(written(make.view(draft=draft(f"DROP TABLE a{hidden}b;"))))
    assert f"a\\u{ord(hidden):04x}b" in text


def test_consequences_that_nobody_knows_are_said_to_be_unknown(make: Any) -> None:
    """Never just nothing where the blast radius belongs; the question before the click says what is known too."""
    blocks = written(make.view(draft=draft("SELECT 1;", blast_radius="")))
    assert "_Its blast radius is not known._" in said(blocks)
    (approve,) = [one for one in blocks[-1]["elements"] if one["action_id"] == "approve"]
    assert approve["confirm"]["text"]["text"] == "The commands shown are run once."


def test_nothing_to_change_has_no_button_and_says_why(make: Any) -> None:
    """With a link that can be clicked where the note holds one; without a note the sentence ends."""
    nothing = written(make.view(draft=draft(note="Grant it by hand: https://docs.example/x?a=1&b=2")))
    assert said(nothing).endswith("Nothing needs changing. Grant it by hand: <https://docs.example/x?a=1&amp;b=2>")
    assert buttons(nothing) == []
    assert said(written(make.view(draft=draft()))).endswith("Nothing needs changing.")


def test_a_closed_incident_keeps_the_plan_and_no_button(make: Any) -> None:
    """What was proposed stays readable."""
    blocks = written(make.view(), is_open=False)
    assert buttons(blocks) == []
    assert "ALTER RESOURCE MONITOR" in shown_commands(blocks)


def test_a_plan_without_inputs_has_nothing_to_change(make: Any) -> None:
    """Approve first, because it is what a thumb reaches for; then no."""
    assert buttons(written(make.view(inputs=()))) == ["approve", "decline"]


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.OFFERED])
def test_a_decided_plan_is_one_section(make: Any, stage: Stage) -> None:
    """Its commands made room; a stage that nobody worded would raise here."""
    (block,) = written(make.view(Outcome(stage, detail="because", said=("OK",))))
    assert block["text"]["text"].splitlines()[1:] == ["because", "```", "OK", "```", *undo_of(stage)]


def undo_of(stage: Stage) -> list[str]:
    """The way back is told where there is something to go back from."""
    return ["*Undo:* set it to 50 again"] if stage is Stage.HELPED else []


def test_what_a_system_said_cannot_leave_its_code_block(make: Any) -> None:
    """Mentions, fences and endless answers stay words in a block that is closed."""
    answer = ("<!channel> ``` *bold* " * 400,)
    (block,) = written(make.view(Outcome(Stage.FAILED, ("U0LEAD",), said=answer)))
    text = block["text"]["text"]
    assert "<!channel>" not in text
    assert text.count("```") == 2
    assert text.endswith("```")
    (short,) = written(make.view(Outcome(Stage.FAILED, said=answer)), detail=LEVELS[-1])
    assert "```" not in short["text"]["text"]


def test_a_hostile_label_calls_nobody(make: Any) -> None:
    """A label comes from a playbook and may hold a value of an alert."""
    view = make.view(label="Cancel <!channel> &amp; <@U1>", draft=draft("SELECT 1;", target="<!here> & co"))
    text = said(written(view))
    assert "Cancel &lt;!channel&gt; &amp; &lt;@U1&gt;" in text
    assert f"on {escape('<!here> & co')} ·" in text
