"""One card, many who wish to draw it."""

import asyncio

import pytest

from bot.errors import Unreachable
from bot.flow.redraw import redraw
from bot.flow.take_alert import take_alert
from tests.flow.world import FakeWorld, an_alert


async def test_storm_draws_the_newest_state_in_few_edits(opened: FakeWorld) -> None:
    """A hundred alerts that join at once need no hundred edits, and the card counts them all."""
    before = len(opened.desk.shown)
    await asyncio.gather(*(take_alert(an_alert(ts=f"9.{number:06}"), opened.world) for number in range(100)))
    drawn = opened.desk.shown[before:]
    assert drawn[-1].incident.alerts == 101
    assert len(drawn) < 50


async def test_who_comes_while_the_card_is_being_drawn_gets_a_drawing_of_its_own(opened: FakeWorld) -> None:
    """What is kept after a drawing began is not in it, so it is drawn again."""
    id = opened.incident.id
    first = asyncio.create_task(redraw(id, opened.world))
    await asyncio.sleep(0)
    before = len(opened.desk.shown)
    await redraw(id, opened.world)
    await first
    assert len(opened.desk.shown) == before + 2


async def test_those_behind_a_cancelled_drawing_draw_themselves(opened: FakeWorld) -> None:
    """A caller that is cancelled while it waits for its turn leaves nobody without a drawing."""
    id = opened.incident.id
    async with opened.world.locks.of(id):
        cancelled = asyncio.create_task(redraw(id, opened.world))
        await asyncio.sleep(0)
        behind = asyncio.create_task(redraw(id, opened.world))
        await asyncio.sleep(0)
        before = len(opened.desk.shown)
        cancelled.cancel()
        await asyncio.sleep(0)
    await behind
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    assert len(opened.desk.shown) == before + 1
    assert opened.world.locks.waiting == {}


async def test_slack_that_does_not_answer_fails_nobody(opened: FakeWorld) -> None:
    """The card stays as it was; whoever drew it goes on."""
    opened.desk.is_down = True
    await redraw(opened.incident.id, opened.world)
    with pytest.raises(Unreachable):
        await opened.desk.find(opened.incident)
