"""Rows for one person over the wire: pages that replace each other, all rows of a card's table, no table blocks."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from bot.errors import UnknownName
from bot.flow.run_query import Diagnosis
from bot.playbooks.reply import Table
from bot.slack.clicks import Click, RunbookError


@pytest.fixture
def standin_settings(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A workspace that knows table blocks, unless the test says otherwise."""
    return getattr(request, "param", {})


def found(make: Any, rows: int = 25) -> Diagnosis:
    """That many rows."""
    return Diagnosis("Running queries", Table(("n", "text"), tuple((str(n), "x") for n in range(rows))), "", make.now)


def seen(wire: Any, user: str = "U0ONCALL") -> list[Mapping[str, Any]]:
    """What only this person sees."""
    return [one for one in wire.people.ephemerals(user) if one.get("blocks")]


def first_cells(message: Mapping[str, Any]) -> list[str]:
    """The first column of its table."""
    return [row[0]["text"] for block in message["blocks"] if block["type"] == "table" for row in block["rows"][1:]]


async def click(wire: Any, message: Mapping[str, Any], label: str) -> None:
    """The person on call presses the button with this label."""
    elements = [one for block in message["blocks"] for one in block.get("elements", ()) if block["type"] == "actions"]
    (action,) = [one["action_id"] for one in elements if one["text"]["text"].startswith(label)]
    await wire.act("click", "U0ONCALL", "C0ALERTS", message["ts"], action)


async def test_pages_replace_each_other(wire: Any, make: Any) -> None:
    """Next and previous turn the page in place; every page is read anew."""
    wire.flow.returns |= {"diagnose": found(make), "run_query": found(make)}
    await wire.act("command", "U0ONCALL", "C0ALERTS", "/diagnose", "running-queries")
    (message,) = await wire.see(lambda: seen(wire))
    assert first_cells(message) == [str(n) for n in range(10)]
    await click(wire, message, "Next 2/3")
    (message,) = await wire.see(lambda: [one for one in seen(wire) if first_cells(one)[:1] == ["10"]])
    await click(wire, message, "Next 3/3")
    last = [str(n) for n in range(20, 25)]
    (message,) = await wire.see(lambda: [one for one in seen(wire) if first_cells(one) == last])
    await click(wire, message, "◀ Previous")
    await wire.see(lambda: [one for one in seen(wire) if first_cells(one)[:1] == ["10"]])
    assert len(await asyncio.to_thread(seen, wire)) == 1
    assert wire.flow.names().count("run_query") == 3
    (message,) = await asyncio.to_thread(seen, wire)
    await click(wire, message, "Read again")
    await wire.until(lambda: wire.flow.asked[-1] == ("run_query", "running-queries", True))


async def test_the_menu_runs_a_query(wire: Any, make: Any) -> None:
    """A button of `/diagnose` answers below it; an unknown name is told."""
    wire.flow.returns["run_query"] = found(make, 2)
    await wire.act("command", "U0ONCALL", "C0ALERTS", "/diagnose")
    (menu,) = await wire.see(lambda: seen(wire))
    await click(wire, menu, "Resource monitors")
    await wire.see(lambda: [one for one in seen(wire) if first_cells(one) == ["0", "1"]])
    assert wire.flow.asked[-1] == ("run_query", "resource-monitors", False)
    wire.flow.raises["diagnose"] = UnknownName("diagnostic query or runbook", "sesion", ["session"])
    await wire.act("command", "U0ONCALL", "C0ALERTS", "/diagnose", "sesion")
    told = wire.people.ephemerals
    await wire.see(lambda: [one for one in told("U0ONCALL") if "Did you mean session?" in one["text"]])


async def test_all_rows_of_a_card_are_shown_to_who_clicked(wire: Any, make: Any) -> None:
    """A table that is cut has a button; the rows come in the thread, page by page, to the clicker alone."""
    wire.flow.returns["see_table"] = found(make)
    alert = await wire.act("say", "C0ALERTS", "boom")
    step = make.step(tables=(found(make).table,))
    card = make.card(reply=make.reply(step), alert_ts=alert, card_ts="")
    ts = await wire.front.desk.show(card)
    (shown,) = [one for one in await wire.act("messages", "C0ALERTS", alert) if one["ts"] == ts]
    await click(wire, shown, "All 25 rows")
    (message,) = await wire.see(lambda: seen(wire))
    assert message["thread_ts"] == alert
    assert wire.flow.asked[-1] == ("see_table", "inc-7", 1)
    await click(wire, message, "Next 2/3")
    await wire.see(lambda: [one for one in seen(wire) if first_cells(one)[:1] == ["10"]])
    assert await asyncio.to_thread(seen, wire, "U0LEAD") == []


@pytest.mark.parametrize("standin_settings", [{"unknown_blocks": ("table",)}], indirect=True)
async def test_where_slack_takes_no_tables_rows_are_text(wire: Any, make: Any) -> None:
    """The first refusal is made good at once and remembered."""
    wire.flow.returns |= {"diagnose": found(make, 2)}
    for _ in range(2):
        await wire.act("command", "U0ONCALL", "C0ALERTS", "/diagnose", "running-queries")
    messages = await wire.see(lambda: len(seen(wire)) == 2 and seen(wire))
    assert all("n  text\n0  x\n1  x" in str(message["blocks"][2]["text"]["text"]) for message in messages)


def test_a_button_of_another_version_is_told() -> None:
    """A page that is no number, or no value at all, is an answer and not a crash."""
    for value in ('{"page":"x"}', '{"page":"-1"}', "{}", "[]", "page", ""):
        with pytest.raises(RunbookError, match="another version"):
            Click("U1", "C1", "1.1", "", value).number("page")
    assert not Click("U1", "C1", "1.1", "", "nonsense").has("query")
