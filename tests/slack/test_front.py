"""Over the wire, by Socket Mode: what people do in Slack reaches the flow, and what the flow shows reaches Slack."""

import asyncio
from typing import Any

from bot.errors import NotAllowed, UnknownName
from bot.flow.ports import Mood

SLACK_WAITS_MS = 3000
TRIES = 5  # a machine that stands still for a moment holds up one ack, and not five


async def test_alert_reaches_the_flow_once(wire: Any) -> None:
    """A bot's message in a watched channel is taken, with the event's id; other channels and threads are not heard."""
    await wire.act("say", "C0ENG", "elsewhere", app="airflow")
    ts = await wire.act("say", "C0ALERTS", "Task failed", app="airflow")
    await wire.act("say", "C0ALERTS", "on it", user="U0ONCALL", thread_ts=ts)
    await wire.until(lambda: wire.flow.asked)
    verb, alert, event_id = wire.flow.asked[0]
    assert (verb, alert.text, alert.channel, alert.ts) == ("take_alert", "Task failed", "C0ALERTS", ts)
    assert event_id.startswith("Ev")
    assert wire.flow.names() == ["take_alert"]


async def test_edit_and_deletion_reach_the_flow(wire: Any) -> None:
    """What happens to an alert after it was posted arrives in order."""
    ts = await wire.act("say", "C0ALERTS", "Task failed", app="airflow")
    await wire.act("edit", "C0ALERTS", ts, "Task recovered")
    await wire.act("delete", "C0ALERTS", ts)
    await wire.until(lambda: len(wire.flow.asked) == 3)
    assert wire.flow.names() == ["take_alert", "edit_alert", "forget_alert"]
    assert wire.flow.asked[1][1].text == "Task recovered"
    assert wire.flow.asked[2][1:] == ("C0ALERTS", ts)


async def test_events_need_no_call_before_they_are_taken(wire: Any) -> None:
    """The bot asks who it is once, at the start; what an event is, it knows without asking Slack."""
    for n in range(3):
        await wire.act("say", "C0ALERTS", f"Task {n} failed", app="airflow")
    await wire.until(lambda: len(wire.flow.asked) == 3)
    assert len(await wire.act("calls", "auth.test")) == 1


async def test_card_is_posted_edited_found_and_marked(wire: Any, make: Any) -> None:
    """The desk's four calls do on the wire what they promise."""
    ts = await wire.act("say", "C0ALERTS", "Task failed", app="airflow")
    desk, incident = wire.front.desk, make.incident(alert_ts=ts, card_ts="")
    assert await desk.find(incident) == ""
    card_ts = await desk.show(make.card(alert_ts=ts, card_ts=""))
    assert await desk.show(make.card(make.view(), alert_ts=ts, card_ts=card_ts)) == card_ts
    assert await desk.find(incident) == card_ts
    await desk.mark("C0ALERTS", ts, Mood.LOOKING)
    await desk.mark("C0ALERTS", ts, Mood.RESOLVED)
    thread = await wire.act("messages", "C0ALERTS", ts)
    assert [message["ts"] for message in thread] == [ts, card_ts]
    assert "CREDIT_QUOTA = 75" in str(thread[1]["blocks"])
    assert await wire.act("reactions", "C0ALERTS", ts) == {"white_check_mark": ["U0RUNBOOK"]}


async def post_card(wire: Any, make: Any) -> str:
    """Put a card with a waiting plan into an alert's thread; its ts."""
    ts = await wire.act("say", "C0ALERTS", "Task failed", app="airflow")
    return str(await wire.front.desk.show(make.card(make.view(), alert_ts=ts, card_ts="")))


async def test_every_button_becomes_its_verb(wire: Any, make: Any) -> None:
    """Approve, decline, acknowledge and resolve arrive with the person and the plan's digest."""
    card = await post_card(wire, make)
    for button in ("approve", "decline", "acknowledge", "resolve"):
        assert (await wire.act("click", "U0ONCALL", "C0ALERTS", card, button)).acked
    await wire.until(lambda: len(wire.flow.asked) == 5)
    assert wire.flow.asked[1:] == [
        ("decide_remedy", "plan-1", "d" * 64, "U0ONCALL", True),
        ("decide_remedy", "plan-1", "d" * 64, "U0ONCALL", False),
        ("acknowledge", "inc-7", "U0ONCALL"),
        ("resolve", "inc-7", "U0ONCALL"),
    ]


async def test_offer_button_asks_for_the_plan(wire: Any, make: Any) -> None:
    """A click on an offer names incident, offer and person."""
    ts = await wire.act("say", "C0ALERTS", "Task failed", app="airflow")
    card = await wire.front.desk.show(make.card(alert_ts=ts, card_ts=""))
    await wire.act("click", "U0LEAD", "C0ALERTS", card, "offer:raise_quota")
    await wire.until(lambda: len(wire.flow.asked) == 2)
    assert wire.flow.asked[1] == ("request_remedy", "inc-7", "raise_quota", "U0LEAD")


async def test_refusal_is_told_to_the_clicker_alone(wire: Any, make: Any) -> None:
    """A button never just does nothing: the reason comes as an ephemeral in the card's thread."""
    card = await post_card(wire, make)
    wire.flow.raises["decide_remedy"] = NotAllowed("Only whoever is on call may approve <this>.")
    await wire.act("click", "U0BYSTANDER", "C0ALERTS", card, "approve")
    said = await wire.see(lambda: wire.people.ephemerals("U0BYSTANDER"))
    assert said[0]["text"] == "Only whoever is on call may approve &lt;this&gt;."
    assert said[0]["thread_ts"] != ""


async def test_bug_is_told_with_a_reference(wire: Any, make: Any) -> None:
    """An exception that nobody foresaw is told as such, without its text."""
    card = await post_card(wire, make)
    wire.flow.raises["acknowledge"] = ValueError("secret detail")
    await wire.act("click", "U0ONCALL", "C0ALERTS", card, "acknowledge")
    said = await wire.see(lambda: wire.people.ephemerals("U0ONCALL"))
    assert "Something went wrong in the bot (reference " in said[0]["text"]
    assert "secret" not in said[0]["text"]


async def test_inputs_are_changed_in_a_form(wire: Any, make: Any) -> None:
    """Change opens a form with the bounds; what is wrong is said in it, a right one becomes the verb."""
    card = await post_card(wire, make)
    wire.flow.returns["find_plan"] = make.view()

    async def refuse(*_: Any) -> None:
        await asyncio.sleep(0.001)
        raise NotAllowed("Credit quota: not today")

    wire.flow.slow["change_plan"] = refuse
    await wire.act("click", "U0ONCALL", "C0ALERTS", card, "change")
    (view,) = await wire.see(lambda: wire.people.views("U0ONCALL"))
    refused = await wire.act("submit", "U0ONCALL", view["id"], {"input:quota": "80"})
    assert refused.errors == {"input:quota": "Credit quota: not today"}
    wire.flow.slow.clear()
    assert (await wire.act("submit", "U0ONCALL", view["id"], {"input:quota": "90"})).acked
    assert wire.flow.asked[-1] == ("change_plan", "plan-1", {"quota": "90"}, "U0ONCALL")
    assert await wire.act("views", "U0ONCALL") == []


async def test_slow_form_is_closed_and_its_refusal_told_later(wire: Any, make: Any) -> None:
    """Planning that takes longer than Slack waits ends in an ephemeral, never in Slack's own error."""
    card = await post_card(wire, make)
    go = asyncio.Event()

    async def slow(*_: Any) -> None:
        await go.wait()
        raise NotAllowed("Too late")

    wire.flow.returns["find_plan"] = make.view()
    wire.flow.slow["change_plan"] = slow
    answers = [await submit_change(wire, card)]
    while answers[-1].in_ms >= SLACK_WAITS_MS and len(answers) < TRIES:
        answers.append(await submit_change(wire, card))
    assert all(answer.acked and not answer.errors for answer in answers)
    assert answers[-1].in_ms < SLACK_WAITS_MS
    go.set()
    said = await wire.see(lambda: wire.people.ephemerals("U0ONCALL"))
    assert said[-1]["text"] == "Too late"


async def submit_change(wire: Any, card: str) -> Any:
    """Open the form of the card's plan and submit it; how it was answered."""
    await wire.act("click", "U0ONCALL", "C0ALERTS", card, "change")
    (view,) = await wire.see(lambda: wire.people.views("U0ONCALL"))
    return await wire.act("submit", "U0ONCALL", view["id"], {"input:quota": "80"})


async def test_slow_command_says_what_it_looks_at_first(wire: Any) -> None:
    """The ack says what is looked up; the verb's text follows for the asker alone."""
    go = asyncio.Event()

    async def slow(*asked: str) -> str:
        await go.wait()
        return f"{asked[0]} is in the thread."

    wire.flow.slow["show_runbook"] = slow
    asked = [await wire.act("command", "U0LEAD", "C0ALERTS", "/runbook", "freshness")]
    while asked[-1].in_ms >= SLACK_WAITS_MS and len(asked) < TRIES:
        asked.append(await wire.act("command", "U0LEAD", "C0ALERTS", "/runbook", "freshness"))
    assert asked[-1].in_ms < SLACK_WAITS_MS
    go.set()
    told = 2 * len(asked)
    said = await wire.see(lambda: len(wire.people.ephemerals("U0LEAD")) == told and wire.people.ephemerals("U0LEAD"))
    looking, found = "Looking up the runbook `freshness` …", "freshness is in the thread."
    assert [message["text"] for message in said] == [looking] * len(asked) + [found] * len(asked)


async def test_quick_command_answers_once(wire: Any) -> None:
    """A result that is there at once is the only answer."""
    wire.flow.returns["show_runbook"] = "It is in the thread."
    await wire.act("command", "U0LEAD", "C0ALERTS", "/runbook", "stale  data")
    said = await wire.act("ephemerals", "U0LEAD")
    assert [message["text"] for message in said] == ["It is in the thread."]
    assert wire.flow.asked == [("show_runbook", "stale data", "U0LEAD", "C0ALERTS")]


async def test_unknown_name_says_what_it_may_have_meant(wire: Any) -> None:
    """A typo is answered with the nearest names."""
    wire.flow.raises["show_runbook"] = UnknownName("runbook", "freshnes", ["freshness", "deadlock"])
    await wire.act("command", "U0LEAD", "C0ALERTS", "/runbook", "freshnes")
    said = await wire.see(lambda: [one for one in wire.people.ephemerals("U0LEAD") if "Did you mean" in one["text"]])
    assert "Did you mean freshness?" in said[0]["text"]


async def test_shortcut_runs_the_road_on_any_message(wire: Any) -> None:
    """The message under the shortcut is taken as an alert, in channels that are not watched, too."""
    ts = await wire.act("say", "C0ENG", "deadlock detected", user="U0LEAD")
    await wire.act("shortcut", "U0LEAD", "C0ENG", ts, "run_playbook")
    await wire.until(lambda: "take_alert" in wire.flow.names())
    alert = wire.flow.asked[-1][1]
    assert (alert.text, alert.channel, alert.ts) == ("deadlock detected", "C0ENG", ts)


async def test_home_shows_open_incidents(wire: Any, make: Any) -> None:
    """Opening the Home tab publishes the open incidents with links to their threads."""
    wire.flow.returns["list_open"] = [make.incident()]
    await wire.act("home", "U0LEAD")
    home = await wire.see(lambda: wire.people.home_view("U0LEAD"))
    assert "archives/C0ALERTS/p11|Warehouse LOADING_WH is suspended" in str(home)


async def test_missed_messages_are_read_after_a_lost_connection(wire: Any) -> None:
    """An event that was lost on the way is found in the channel's history at the next connection."""
    await wire.act("say", "C0ALERTS", "first", app="airflow")
    await wire.until(lambda: wire.flow.asked)
    await wire.act("faults", "lose_delivery", times=1)
    await wire.act("say", "C0ALERTS", "lost", app="airflow")
    await wire.act("sockets", "refresh")
    await wire.until(lambda: [one for one in wire.flow.asked if one[0] == "take_alert" and one[1].text == "lost"])
