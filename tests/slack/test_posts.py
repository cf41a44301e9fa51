"""New messages: a queue a channel, bounded, in order; whoever waits is answered, whoever left is not written to."""

import asyncio
from typing import Any

import pytest

from bot.errors import Unreachable
from bot.slack.posts import BURST, MOST_WAITING, Posts
from bot.slack.refusals import RateLimited
from tests.slack.line import Line


@pytest.fixture
def posts(line: Line, time: Any) -> Posts:
    """Posts on that line."""
    return Posts(line.send, time)


def ask(posts: Posts, text: str, channel: str = "C1") -> "asyncio.Task[Any]":
    """Asks for a post without waiting for it."""
    return asyncio.create_task(posts.put(channel, {"text": text}))


async def test_a_slow_post_is_not_overtaken(posts: Posts, line: Line, time: Any) -> None:
    """The next one goes out once Slack has answered the one before: a thread reads in the order of asking."""
    line.takes_s = 5.0
    asked = [ask(posts, text) for text in "abc"]
    await time.advance(4.9)
    assert line.sent == ["a"]
    await time.advance(15.0)
    assert [answer["ts"] for answer in await asyncio.gather(*asked)] == ["1.1", "1.2", "1.3"]


async def test_a_full_channel_says_how_full_and_holds_up_no_other(posts: Posts, time: Any) -> None:
    """The number and the channel; another channel is served; what waits is not lost by it."""
    asked = [ask(posts, str(n)) for n in range(MOST_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Unreachable, match=rf"^Slack: {MOST_WAITING} messages are waiting for C1 already$"):
        await posts.put("C1", {"text": "one more"})
    other = ask(posts, "other", "C2")
    await time.advance(0.0)
    assert other.done()
    await time.advance(1.0 * MOST_WAITING * 2)
    assert len(await asyncio.gather(*asked)) == MOST_WAITING


async def test_a_caller_that_left_costs_no_place_in_the_pace(posts: Posts, line: Line, time: Any) -> None:
    """Its message is passed over at once, not after a second of waiting for it."""
    asked = [ask(posts, str(n)) for n in range(BURST + 2)]
    await time.advance(0.0)
    asked[BURST].cancel()
    await time.advance(1.2)
    assert line.sent == [*map(str, range(BURST)), str(BURST + 1)]


async def test_a_caller_that_leaves_while_it_is_sent_breaks_nothing(posts: Posts, line: Line, time: Any) -> None:
    """The message may stand in the channel already; the next one is sent and answered."""
    line.takes_s = 1.0
    leaving, next_one = ask(posts, "a"), ask(posts, "b")
    await time.advance(0.5)
    leaving.cancel()
    await time.advance(5.0)
    assert (await next_one)["ts"] == "1.2"


async def test_a_pause_of_one_channel_is_its_own(posts: Posts, line: Line, time: Any) -> None:
    """Slack limits a channel: the others go on."""
    line.refusals = [RateLimited("chat.postMessage", 30.0)]
    paused = ask(posts, "paused")
    await time.advance(1.0)
    other = ask(posts, "other", "C2")
    await time.advance(1.0)
    assert other.done()
    assert not paused.done()
    await time.advance(30.0)
    assert (await paused)["ts"]


async def test_a_channel_works_again_after_its_queue_ran_empty(posts: Posts, line: Line, time: Any) -> None:
    """Its worker ends when nothing waits, and the next post begins another."""
    await ask(posts, "a")
    await time.advance(0.0)
    assert posts.workers == []
    await ask(posts, "b")
    assert line.sent == ["a", "b"]


async def test_abandoning_answers_all_that_wait_and_counts_them(posts: Posts, line: Line, time: Any) -> None:
    """In every channel; what was sent keeps its answer, who left is not counted."""
    sent = ask(posts, "sent", "C3")
    await time.advance(0.0)
    line.takes_s = 60.0
    asked = [ask(posts, text, channel) for channel in ("C1", "C2") for text in "ab"]
    await time.advance(0.0)
    asked[1].cancel()
    await asyncio.sleep(0)
    assert posts.abandon() == 3
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert [str(one) for one in results if isinstance(one, Unreachable)] == ["Slack: the bot is stopping"] * 3
    assert (await sent)["ts"] == "1.1"
    await time.advance(60.0)
