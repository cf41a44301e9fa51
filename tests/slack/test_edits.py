"""Edits: what Slack shows is known or asked for again, whoever waits is answered, and no message starves the others."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.errors import Unreachable
from bot.slack.edits import BURST, MOST_WAITING, WORKERS, Edits
from bot.slack.posts import MOST_REFUSALS
from bot.slack.refusals import NotSent, RateLimited, SlackMissing, SlackRefused
from tests.slack.line import Line


@pytest.fixture
def edits(line: Line, time: Any) -> Edits:
    """Edits on that line."""
    return Edits(line.send, time)


Ask = Callable[..., "asyncio.Task[None]"]


@pytest.fixture
def ask(edits: Edits) -> Ask:
    """Asks for an edit without waiting for it."""

    def asked(ts: str, text: str, *, is_urgent: bool = False) -> "asyncio.Task[None]":
        return asyncio.create_task(edits.put(("C1", ts), {"text": text}, is_urgent))

    return asked


@pytest.mark.parametrize("lost", [Unreachable("Slack", "no answer"), ValueError("bug")], ids=repr)
async def test_after_a_lost_answer_nobody_knows_what_slack_shows(edits: Edits, line: Line, lost: Exception) -> None:
    """The edit may have arrived: going back to the content of before is sent, not taken to be shown still."""
    await edits.put(("C1", "1"), {"text": "open"}, False)
    line.refusals = [lost]
    with pytest.raises(type(lost)):
        await edits.put(("C1", "1"), {"text": "resolved"}, False)
    await edits.put(("C1", "1"), {"text": "open"}, False)
    assert line.sent == ["open", "resolved", "open"]


@pytest.mark.parametrize(
    "error", [SlackRefused("invalid_blocks", "no"), SlackMissing("message_not_found", "gone"), NotSent("Slack", "down")]
)
async def test_an_edit_that_failed_can_be_asked_for_again(edits: Edits, line: Line, error: Exception) -> None:
    """What was refused is not taken to be shown."""
    line.refusals = [error]
    for _ in range(2):
        await asyncio.gather(edits.put(("C1", "1"), {"text": "a"}, False), return_exceptions=True)
    assert line.sent == ["a", "a"]


async def test_the_same_content_is_known_by_what_it_says(edits: Edits, line: Line) -> None:
    """Not by the order in which its parts were put together; messages and channels are told apart."""
    blocks: list[dict[str, Any]] = [{"type": "x", "n": 1}, {"n": 1, "type": "x"}]
    for block in blocks:
        await edits.put(("C1", "1"), {"text": "a", "blocks": [block]}, False)
    assert line.sent == ["a"]
    await edits.put(("C1", "2"), {"text": "a", "blocks": blocks[:1]}, False)
    await edits.put(("C2", "1"), {"text": "a", "blocks": blocks[:1]}, False)
    assert line.sent == ["a"] * 3


async def test_content_that_comes_back_while_another_is_under_way_is_sent(ask: Ask, line: Line, time: Any) -> None:
    """`a` is shown, `b` is on its way: `a` asked for now is the newest, and has to be sent after `b`."""
    line.takes_s = 1.0
    for text in ("a", "b", "a"):
        ask("1", text)
        await time.advance(1.0 if text == "a" and not line.sent else 0.5)
    await time.advance(5.0)
    assert line.sent == ["a", "b", "a"]


async def test_one_busy_message_does_not_starve_the_others(ask: Ask, line: Line, time: Any) -> None:
    """Its newer content goes to the end of the queue."""
    line.takes_s = 1.0
    asked = [ask(str(n), f"{n}") for n in range(WORKERS + 2)]
    await time.advance(0.5)
    asked.append(ask("0", "0 again"))
    await time.advance(10.0)
    await asyncio.gather(*asked)
    assert line.sent == [str(n) for n in range(WORKERS + 2)] + ["0 again"]
    assert line.most_abreast == WORKERS


async def test_content_that_overtakes_an_urgent_one_is_urgent_too(ask: Ask, line: Line, time: Any) -> None:
    """Somebody waits for that card, whichever content it gets in the end."""
    asked = [ask(str(n), str(n)) for n in range(BURST)]
    await time.advance(0.0)
    asked += [ask("plain", "plain"), ask("card", "old", is_urgent=True), ask("card", "new")]
    await time.advance(10.0)
    await asyncio.gather(*asked)
    assert line.sent[BURST:] == ["new", "plain"]


async def test_a_message_that_slack_never_lets_through_is_given_up(ask: Ask, line: Line, time: Any) -> None:
    """Its caller hears it; content that came meanwhile gets its own tries."""
    line.refusals = [RateLimited("chat.update", 1.0)] * MOST_REFUSALS
    line.takes_s = 0.5
    old = ask("1", "old")
    await time.advance(1.5 * (MOST_REFUSALS - 1) + 0.2)
    new = ask("1", "new")
    await time.advance(20.0)
    with pytest.raises(RateLimited):
        await old
    await new
    assert line.sent == ["old"] * MOST_REFUSALS + ["new"]


async def test_past_the_cap_edits_are_refused_and_not_promised(edits: Edits, ask: Ask, time: Any) -> None:
    """A new message is turned away with the number; newer content of a message that waits costs no place."""
    asked = [ask(str(n), "x") for n in range(MOST_WAITING)]
    await time.advance(0.0)
    room = [ask(f"late {n}", "x") for n in range(BURST + 1)]
    newer = ask(str(MOST_WAITING - 1), "newer")
    await time.advance(0.0)
    refused = [task for task in room if task.done()]
    assert [str(task.exception()) for task in refused] == ["Slack: 1000 edits are waiting already"]
    assert not newer.done()
    edits.abandon()
    await asyncio.gather(*asked, *room, newer, return_exceptions=True)


async def test_abandoning_answers_everybody(edits: Edits, ask: Ask, line: Line, time: Any) -> None:
    """What is under way, what waits behind it and what waits its turn; the count is of messages left as they were."""
    line.takes_s = 60.0
    asked = [ask(str(n), "x") for n in range(WORKERS + 1)]
    await time.advance(0.0)
    asked.append(ask("0", "newer"))
    await time.advance(0.0)
    assert edits.abandon() == WORKERS + 1
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert {str(one) for one in results} == {"Slack: the bot is stopping"}
    await time.advance(0.0)
    assert edits.workers == []
    await time.advance(60.0)


async def test_a_caller_that_left_does_not_stop_the_edit(ask: Ask, line: Line, time: Any) -> None:
    """The card is to be drawn whoever waits for it, and the others are answered."""
    leaving, staying = ask("1", "a"), ask("1", "a")
    leaving.cancel()
    await time.advance(1.0)
    await staying
    assert line.sent == ["a"]
