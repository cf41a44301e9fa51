"""A playbook with findings becomes a reply."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.playbooks.model import Playbook, Status
from bot.playbooks.platform import Platform
from bot.playbooks.render import MAX_ROWS, render
from bot.playbooks.reply import Reply, StepState, Table

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
Readings = dict[str, Any]


@pytest.fixture
def reply_to(playbook: Playbook, platform: Platform) -> Callable[[Readings], Reply]:
    """Renders the small playbook with these readings."""
    return lambda readings: render(playbook, {"warehouse": "ETL_WH"}, readings, platform, NOW)


def test_with_every_finding_the_reply_is_complete(reply_to: Callable[[Readings], Reply], all_read: Readings) -> None:
    """Title, summary, entities, and under each step its finding."""
    reply = reply_to(all_read)
    assert (reply.playbook, reply.severity, reply.title) == (
        "suspended_warehouse",
        "P1",
        "Warehouse ETL_WH is suspended",
    )
    assert reply.summary == "Nothing runs on ETL_WH."
    assert reply.entities == {"warehouse": "ETL_WH"}
    assert reply.is_complete
    assert [step.text for step in reply.steps] == [
        "LOADING_MONITOR has used *50.4* of 50.",
        "1 running.",
        "Ask the Shop team.",
    ]
    assert [step.state for step in reply.steps] == [StepState.READ, StepState.READ, StepState.PLAIN]
    assert reply.steps[1].tables == (Table(("User", "Ran"), (("ANALYST_KIM", "1 h 30 min"),)),)


def test_entities_that_the_playbook_does_not_declare_are_told_after_its_own(
    playbook: Playbook, platform: Platform
) -> None:
    """The task behind a suspended warehouse is shown, though no template may name it."""
    reply = render(playbook, {"task_id": "load", "warehouse": "X"}, {}, platform, NOW)
    assert list(reply.entities.items()) == [("warehouse", "X"), ("task_id", "load")]


def test_before_anything_was_read_the_steps_are_looking(reply_to: Callable[[Readings], Reply]) -> None:
    """The first reply goes out at once: steps that show a finding look, others are said already."""
    reply = reply_to({})
    assert [step.state for step in reply.steps] == [StepState.LOOKING, StepState.LOOKING, StepState.PLAIN]
    assert reply.steps[2].text == "Ask the Shop team."
    assert not reply.offers()


def test_a_text_is_said_as_soon_as_all_that_it_mentions_was_read(
    reply_to: Callable[[Readings], Reply], all_read: Readings
) -> None:
    """Step 2 also shows `state`, which is still looked for, but its text needs only `running`."""
    step = reply_to({"running": all_read["running"]}).steps[1]
    assert (step.state, step.text, len(step.tables)) == (StepState.LOOKING, "1 running.", 1)


def test_a_failed_probe_is_one_line_and_holds_nothing_back(
    reply_to: Callable[[Readings], Reply], all_read: Readings, read: Callable[..., Any]
) -> None:
    """ "could not read … because …", escaped; the other steps are as they would be."""
    reply = reply_to(all_read | {"running": read(reason="<!channel> is on fire.")})
    assert reply.steps[1].state is StepState.UNREAD
    assert reply.steps[1].unread == ("could not read Snowflake running queries because &lt;!channel&gt; is on fire",)
    assert (reply.steps[1].text, reply.steps[1].tables) == ("", ())
    assert reply.steps[0].state is StepState.READ
    assert reply.is_complete


def test_what_needed_a_failed_finding_says_so(
    reply_to: Callable[[Readings], Reply], all_read: Readings, read: Callable[..., Any]
) -> None:
    """A diagnostic that can never be read does not leave its step looking for ever."""
    reply = reply_to({"state": read(reason="no"), "running": all_read["running"]})
    assert reply.steps[0].state is StepState.UNREAD
    assert "it needs state, which could not be read" in reply.steps[0].unread[0]
    assert reply.is_complete


def test_facts_that_do_not_fit_the_text_are_a_line_and_not_a_crash(
    reply_to: Callable[[Readings], Reply], all_read: Readings, read: Callable[..., Any]
) -> None:
    """Should a probe give less than it promised, the card is still drawn."""
    reply = reply_to(all_read | {"monitor": read(facts=object())})
    assert reply.steps[0].state is StepState.UNREAD
    assert "could not say what was found because" in reply.steps[0].unread[0]
    assert not reply.offers()


def test_hostile_facts_are_shown_and_nothing_more(
    reply_to: Callable[[Readings], Reply], all_read: Readings, read: Callable[..., Any]
) -> None:
    """A monitor named like a mention is escaped in words; a table's cell is plain, on one line."""
    monitor = replace(all_read["monitor"].facts, name="<!channel>\n*x*")
    query = replace(all_read["running"].facts.longest, user="<@U1>\n`x`")
    running = replace(all_read["running"].facts, queries=(query,))
    reply = reply_to(all_read | {"monitor": read(monitor), "running": read(running)})
    assert reply.steps[0].text.startswith("&lt;!channel&gt; ∗x∗ has used")
    assert reply.steps[1].tables[0].rows[0][0] == "<@U1> `x`"
    assert reply.offers()[0].label == "Raise <!channel> *x*"


def test_a_table_is_bounded_and_shows_a_dash_for_what_is_unknown(
    reply_to: Callable[[Readings], Reply], all_read: Readings, read: Callable[..., Any]
) -> None:
    """A hundred rows are held and the rest is counted; a cell without a value is a dash; no rows, no table."""
    queries = (replace(all_read["running"].facts.longest, user=None, running_s=None),) * 120
    full = reply_to(all_read | {"running": read(replace(all_read["running"].facts, queries=queries))})
    assert full.steps[1].tables[0].rows == (("–", "–"),) * MAX_ROWS
    assert full.steps[1].tables[0].more == 120 - MAX_ROWS
    none = reply_to(all_read | {"running": read(replace(all_read["running"].facts, queries=()))})
    assert none.steps[1].tables == ()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.TEST])
def test_only_a_stable_playbook_offers_buttons(
    playbook: Playbook, platform: Platform, all_read: Readings, status: Status
) -> None:
    """Drafts say what they see and change nothing."""
    draft = playbook.model_copy(update={"status": status})
    assert render(playbook, {}, all_read, platform, NOW).offers()
    assert render(draft, {}, all_read, platform, NOW).offers() == ()
