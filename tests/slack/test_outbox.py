"""What leaves for Slack keeps its pace, its order and the newest content."""

import asyncio
from typing import Any

import pytest

from bot.errors import IntegrationError, Unreachable
from bot.slack.edits import BURST as EDIT_BURST
from bot.slack.methods import Method
from bot.slack.outbox import Outbox
from bot.slack.posts import BURST, MOST_REFUSALS, MOST_WAITING
from bot.slack.refusals import RateLimited, SlackRefused


@pytest.fixture
def outbox(slack: Any, time: Any) -> Outbox:
    """An outbox on a Slack without a wire and a clock under the test's control."""
    return Outbox(slack, time)


def texts(slack: Any, method: Method) -> list[str]:
    """What was sent, in order."""
    return [payload["text"] for payload in slack.sent(method)]


async def test_posts_go_out_in_order_one_a_second_after_a_burst(outbox: Outbox, slack: Any, time: Any) -> None:
    """A channel's burst passes at once, then one a second."""
    asked = [asyncio.create_task(outbox.post("C1", {"text": str(n)})) for n in range(BURST + 2)]
    await time.advance(0.9)
    assert texts(slack, Method.POST) == [str(n) for n in range(BURST)]
    await time.advance(1.3)
    assert texts(slack, Method.POST) == [str(n) for n in range(BURST + 2)]
    assert await asyncio.gather(*asked) == [f"9.{n + 1}" for n in range(BURST + 2)]


async def test_channels_do_not_wait_for_each_other(outbox: Outbox, slack: Any, time: Any) -> None:
    """A busy channel holds nobody else up."""
    busy = [asyncio.create_task(outbox.post("C1", {"text": "busy"})) for _ in range(20)]
    other = asyncio.create_task(outbox.post("C2", {"text": "other"}))
    await time.advance(0.0)
    assert "other" in texts(slack, Method.POST)
    await time.advance(30.0)
    await asyncio.gather(other, *busy)


async def test_post_waits_as_long_as_slack_asks(outbox: Outbox, slack: Any, time: Any) -> None:
    """After a 429 the same post is sent again after Retry-After, before the ones behind it."""
    slack.scripts[Method.POST] = [RateLimited("chat.postMessage", 7.0)]
    asked = [asyncio.create_task(outbox.post("C1", {"text": text})) for text in "ab"]
    await time.advance(6.9)
    assert texts(slack, Method.POST) == ["a"]
    await time.advance(1.5)
    assert texts(slack, Method.POST) == ["a", "a", "b"]
    await asyncio.gather(*asked)


async def test_post_gives_up_after_too_many_refusals(outbox: Outbox, slack: Any, time: Any) -> None:
    """A channel that Slack never lets us write to is told to the caller in the end."""
    slack.scripts[Method.POST] = lambda _: RateLimited("chat.postMessage", 1.0)
    asked = asyncio.create_task(outbox.post("C1", {"text": "x"}))
    await time.advance(60.0)
    assert len(slack.calls) == MOST_REFUSALS
    with pytest.raises(RateLimited):
        await asked


async def test_refused_post_does_not_hold_up_the_next(outbox: Outbox, slack: Any, time: Any) -> None:
    """An error goes to its own caller alone."""
    slack.scripts[Method.POST] = [SlackRefused("is_archived", "no")]
    asked = [asyncio.create_task(outbox.post("C1", {"text": text})) for text in "ab"]
    await time.advance(0.0)
    first, second = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(first, SlackRefused)
    assert second == "9.2"


async def test_bug_while_sending_reaches_the_caller(outbox: Outbox, slack: Any, time: Any) -> None:
    """An unforeseen exception does not leave callers waiting for ever."""
    slack.scripts[Method.POST] = [ValueError("bug")]
    slack.scripts[Method.UPDATE] = [ValueError("bug")]
    with pytest.raises(ValueError, match="bug"):
        await outbox.post("C1", {"text": "x"})
    with pytest.raises(ValueError, match="bug"):
        await outbox.update("C1", "1.1", {"text": "x"})


async def test_queue_is_bounded(outbox: Outbox, time: Any) -> None:
    """A channel that is hopelessly behind refuses instead of promising."""
    asked = [asyncio.create_task(outbox.post("C1", {"text": "x"})) for _ in range(MOST_WAITING + BURST + 5)]
    await time.advance(0.0)
    refused = [task for task in asked if task.done() and isinstance(task.exception(), Unreachable)]
    assert refused
    await outbox.drain(0.0)
    await asyncio.gather(*asked, return_exceptions=True)


async def test_post_whose_caller_left_is_not_sent(outbox: Outbox, slack: Any, time: Any) -> None:
    """A cancelled post that was not sent yet is dropped."""
    asked = [asyncio.create_task(outbox.post("C1", {"text": str(n)})) for n in range(BURST + 1)]
    await time.advance(0.0)
    asked[-1].cancel()
    await time.advance(5.0)
    assert len(slack.calls) == BURST


async def test_edits_of_one_message_are_sent_once_with_the_newest(outbox: Outbox, slack: Any, time: Any) -> None:
    """Everything that waits for one message becomes one call, and every caller is answered by it."""
    first = asyncio.create_task(outbox.update("C1", "1.1", {"text": "1"}))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    later = [asyncio.create_task(outbox.update("C1", "1.1", {"text": str(n)})) for n in range(2, 9)]
    await time.advance(1.0)
    await asyncio.gather(first, *later)
    assert texts(slack, Method.UPDATE)[-1] == "8"
    assert len(slack.calls) == 2


async def test_older_edit_never_lands_after_a_newer(outbox: Outbox, slack: Any, time: Any) -> None:
    """An edit that Slack refused is overtaken by the newer content, not sent again after it."""
    slack.scripts[Method.UPDATE] = [RateLimited("chat.update", 5.0)]
    old = asyncio.create_task(outbox.update("C1", "1.1", {"text": "old"}))
    await time.advance(1.0)
    new = asyncio.create_task(outbox.update("C1", "1.1", {"text": "new"}))
    await time.advance(10.0)
    await asyncio.gather(old, new)
    assert texts(slack, Method.UPDATE) == ["old", "new"]


async def test_edit_refused_in_the_air_is_overtaken(outbox: Outbox, slack: Any, time: Any) -> None:
    """Newer content that was asked for while the refused edit was under way goes out in its place, once."""

    async def send(method: Method, payload: Any) -> dict[str, Any]:
        slack.calls.append((method, payload))
        await time.sleep(1.0)
        if payload["text"] == "old":
            raise RateLimited("chat.update", 5.0)
        return {"ok": True}

    slack.send = send
    old = asyncio.create_task(outbox.update("C1", "1.1", {"text": "old"}))
    await time.advance(0.5)
    new = asyncio.create_task(outbox.update("C1", "1.1", {"text": "new"}))
    await time.advance(30.0)
    await asyncio.gather(old, new)
    assert texts(slack, Method.UPDATE) == ["old", "new"]


async def test_edit_in_the_air_is_followed_never_accompanied(outbox: Outbox, slack: Any, time: Any) -> None:
    """Two edits of one message are never under way at once, whichever of them Slack is slower with."""
    abreast = most = 0

    async def slow(method: Method, payload: Any) -> dict[str, Any]:
        nonlocal abreast, most
        abreast += 1
        most = max(most, abreast)
        slack.calls.append((method, payload))
        await time.sleep(1.0)
        abreast -= 1
        return {"ok": True}

    slack.send = slow
    asked = []
    for n in range(4):
        asked.append(asyncio.create_task(outbox.update("C1", "1.1", {"text": str(n)})))
        await time.advance(0.3)
    await time.advance(9.0)
    await asyncio.gather(*asked)
    assert most == 1
    assert texts(slack, Method.UPDATE) == ["0", "3"]


async def test_content_that_is_shown_already_is_not_sent(outbox: Outbox, slack: Any, time: Any) -> None:
    """Drawing the same card again costs no call; drawing an earlier one again does."""
    for text in ("a", "a", "b", "a"):
        await outbox.update("C1", "1.1", {"text": text})
    assert texts(slack, Method.UPDATE) == ["a", "b", "a"]


async def test_edits_keep_to_the_methods_tier(outbox: Outbox, slack: Any, time: Any) -> None:
    """A storm of edits goes out at fifty a minute after its burst."""
    asked = [asyncio.create_task(outbox.update("C1", f"1.{n}", {"text": "x"})) for n in range(EDIT_BURST + 60)]
    await time.advance(0.0)
    assert len(slack.calls) == EDIT_BURST
    await time.advance(60.0)
    assert EDIT_BURST + 46 <= len(slack.calls) <= EDIT_BURST + 50
    await time.advance(60.0)
    await asyncio.gather(*asked)


async def test_urgent_edit_overtakes_the_storm(outbox: Outbox, slack: Any, time: Any) -> None:
    """A card on which somebody waits for an outcome goes before cards that only gain findings."""
    storm = [asyncio.create_task(outbox.update("C1", f"1.{n}", {"text": "x"})) for n in range(EDIT_BURST + 50)]
    await time.advance(0.0)
    asked = asyncio.create_task(outbox.update("C1", "2.1", {"text": "urgent"}, is_urgent=True))
    await time.advance(1.3)
    assert asked.done()
    await outbox.drain(0.0)
    await asyncio.gather(*storm, return_exceptions=True)


async def test_posts_do_not_wait_for_edits(outbox: Outbox, slack: Any, time: Any) -> None:
    """The first reply of an incident goes out while edits are paused."""
    slack.scripts[Method.UPDATE] = [RateLimited("chat.update", 60.0)]
    edit = asyncio.create_task(outbox.update("C1", "1.1", {"text": "x"}))
    await time.advance(1.0)
    assert await outbox.post("C1", {"text": "first"})
    await time.advance(61.0)
    await edit


async def test_failed_edit_is_told_and_the_next_one_sent(outbox: Outbox, slack: Any, time: Any) -> None:
    """A refusal reaches everybody who waited for that content, and nobody else."""
    slack.scripts[Method.UPDATE] = [SlackRefused("invalid_blocks", "no")]
    with pytest.raises(IntegrationError):
        await outbox.update("C1", "1.1", {"text": "bad"})
    await outbox.update("C1", "1.1", {"text": "bad"})
    assert texts(slack, Method.UPDATE) == ["bad", "bad"]


async def test_drain_sends_what_waits(outbox: Outbox, slack: Any) -> None:
    """What can go out in time goes out before the bot ends."""
    asked = [asyncio.create_task(outbox.post("C1", {"text": "x"})), asyncio.create_task(outbox.update("C1", "1.1", {}))]
    await asyncio.sleep(0)
    await outbox.drain(60.0)
    await asyncio.gather(*asked)
    assert len(slack.calls) == 2


async def test_drain_ends_in_time_and_tells_the_callers(outbox: Outbox, time: Any) -> None:
    """What cannot go out in time is given up; its callers get an error instead of silence."""
    posts = [asyncio.create_task(outbox.post("C1", {"text": "x"})) for _ in range(BURST + 1)]
    edits = [asyncio.create_task(outbox.update("C1", f"1.{n}", {"text": "x"})) for n in range(EDIT_BURST + 1)]
    await time.advance(0.0)
    await outbox.drain(0.01)
    results = await asyncio.gather(*posts, *edits, return_exceptions=True)
    assert sum(isinstance(result, Unreachable) for result in results) == 2
