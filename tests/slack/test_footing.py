"""Top and bottom of a card: what it is about at a glance, where it stands, who has it, what can be clicked."""

from datetime import timedelta
from typing import Any

import pytest

from bot.incidents.incident import State
from bot.sandbox.slack.block_kit import validate_message
from bot.slack.detail import LEVELS
from bot.slack.footing import headline, write_bottom, write_top

FULL, LEAST = LEVELS[0], LEVELS[-1]


def top(card: Any, detail: Any = FULL) -> list[str]:
    """The texts of the top: header, then the grey blocks."""
    blocks = list(write_top(card, detail))
    assert validate_message(blocks) == []
    return [block["text"]["text"] if "text" in block else block["elements"][0]["text"] for block in blocks]


def bottom(card: Any) -> tuple[str, list[str]]:
    """The state, and the labels of the buttons."""
    blocks = list(write_bottom(card))
    assert validate_message(blocks) == []
    buttons = [one["text"]["text"] for block in blocks if block["type"] == "actions" for one in block["elements"]]
    return blocks[0]["elements"][0]["text"], buttons


@pytest.mark.parametrize(
    ("severity", "begins"),
    [("P1", "🔴 P1 · "), ("P2", "🟠 P2 · "), ("P3", "🟡 P3 · "), ("P4", "🔵 P4 · "), ("P9", "⚪ P9 · ")],
)
def test_a_headline_says_how_bad_it_is(make: Any, severity: str, begins: str) -> None:
    """In words beside the light; a severity of the future has its words too."""
    assert headline(make.card(severity=severity)) == f"{begins}Warehouse LOADING_WH is suspended"


@pytest.mark.parametrize(
    ("title", "kept", "shown"),
    [("", "Kept", "Kept"), ("Of\n the  reply", "Kept", "Of the reply"), ("<!here> &lt;", "Kept", "&lt;!here&gt; &lt;")],
)
def test_a_headline_is_one_tame_line(make: Any, title: str, kept: str, shown: str) -> None:
    """The reply's title, else the one that the incident was opened with."""
    card = make.card(reply=make.reply(title=title), title=kept, severity="")
    assert headline(card) == shown


def test_the_header_is_how_the_card_is_found_again(make: Any) -> None:
    """Its block id holds the incident, within Slack's limit."""
    blocks = list(write_top(make.card(id="inc-7" * 100), FULL))
    assert blocks[0]["block_id"] == ("card:" + "inc-7" * 100)[:255]


def test_entities_stand_under_the_title(make: Any) -> None:
    """Those of the reply before those of the incident; empty ones are left out; hostile ones are code."""
    reply = make.reply(entities={"table": "a`b <!channel>", "dag_id": "", "task_id": "load"})
    assert top(make.card(reply=reply))[1].splitlines()[0] == "table `a'b &lt;!channel&gt;` · task_id `load`"
    assert "warehouse `LOADING_WH`" in top(make.card(reply=make.reply(entities={})))[1]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://airflow.example/log?a=1", "<https://airflow.example/log?a=1|log>"),
        ("javascript:alert(1)", "`javascript:alert(1)`"),
        ("https://e.example|<!here>", "`https://e.example|&lt;!here&gt;`"),
    ],
)
def test_an_address_is_a_short_link_or_no_link(make: Any, url: str, shown: str) -> None:
    """The address of a log would fill a phone's screen; a made-up one is only shown."""
    assert top(make.card(reply=make.reply(entities={"log_url": url})))[1].splitlines()[0] == shown


def test_alerts_that_joined_are_counted(make: Any) -> None:
    """From the second on, with the time of the last."""
    assert "alerts*" not in top(make.card())[1]
    told = top(make.card(alerts=2, last_seen_at=make.now + timedelta(minutes=5)))[1]
    assert "*2 alerts*, last <!date^1795141080^{time}|2026-11-20 02:18 UTC>" in told


def test_what_it_means_and_why_are_told_while_it_is_open(make: Any) -> None:
    """At most three causes; over, they are of no use; with little room neither is shown."""
    reply = make.reply(causes=("a", "b", "c", "d"))
    assert top(make.card(reply=reply))[1].splitlines()[1:] == [
        "Loads stop until the quota is raised.",
        "*Likely:* a; b; c",
    ]
    assert "*Likely:*" not in top(make.card(reply=reply, state=State.RESOLVED))[1]
    assert top(make.card(reply=reply), LEAST)[1:] == ["warehouse `LOADING_WH`"]


def test_nothing_to_say_is_no_empty_block(make: Any) -> None:
    """Slack refuses a text without characters."""
    assert len(top(make.card(reply=make.reply(entities={}, summary="", causes=()), entities={}))) == 1


def test_the_newest_notes_are_shown(make: Any) -> None:
    """Five of them, each cut, each with a person's mention and nobody else's."""
    notes = tuple(f"note {n} by <@U0LEAD> <!channel>" for n in range(7))
    shown = top(make.card(notes=notes))[-1].splitlines()
    assert shown[0] == ":information_source: note 2 by <@U0LEAD> &lt;!channel&gt;"
    assert len(shown) == 5


OPENED = "since <!date^1795140780^{date_short_pretty} {time}|2026-11-20 02:13 UTC>"


@pytest.mark.parametrize(
    ("state", "person", "said", "buttons"),
    [
        (State.OPEN, "", f"Open {OPENED} · `inc-7`", ["Acknowledge", "Resolve"]),
        (State.ACKNOWLEDGED, "U0LEAD", f"Open {OPENED} · <@U0LEAD> is on it · `inc-7`", ["Resolve"]),
        (State.REMEDYING, "U0LEAD", f"Remedy running {OPENED} · <@U0LEAD> is on it · `inc-7`", ["Resolve"]),
    ],
)
def test_an_open_incident_says_who_has_it(make: Any, state: State, person: str, said: str, buttons: list[str]) -> None:
    """And offers only the moves that are left."""
    assert bottom(make.card(state=state, acknowledged_by=person)) == (said, buttons)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ":white_check_mark: Resolved · `inc-7`"),
        (
            {"resolved_by": "U0LEAD", "resolution": "raised by <@U0ONCALL> & <!here>"},
            ":white_check_mark: Resolved by <@U0LEAD>: raised by <@U0ONCALL> &amp; &lt;!here&gt; · `inc-7`",
        ),
    ],
    ids=["nobody", "a person"],
)
def test_a_resolved_incident_says_how_it_ended(make: Any, changes: dict[str, Any], said: str) -> None:
    """Whoever or whatever ended it; nothing can be clicked; how to prevent it stands below."""
    card = make.card(reply=make.reply(prevention=("a", "b", "c", "d")), state=State.RESOLVED, **changes)
    state, *prevention = bottom(card)[0].splitlines()
    assert (state, bottom(card)[1]) == (said, [])
    assert prevention == ["*Next time:* a", "*Next time:* b", "*Next time:* c"]


def test_a_verified_remedy_says_when_it_was_over(make: Any) -> None:
    """In the reader's own time."""
    said, _ = bottom(make.card(state=State.RESOLVED, resolved_at=make.now))
    assert said.startswith(":white_check_mark: Resolved <!date^1795140780^{time}|2026-11-20 02:13 UTC> · `inc-7`")
