"""One card, many who wish to draw it."""

import asyncio
from dataclasses import replace

import pytest

from bot.errors import Unreachable
from bot.flow.redraw import redraw, redraw_missed
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


async def test_card_that_slack_did_not_take_is_drawn_by_the_next_tick(fake: FakeWorld) -> None:
    """An alert during an outage of Slack is answered once Slack is back, without another event."""
    fake.desk.is_down = True
    await take_alert(an_alert(), fake.world, "Ev1")
    assert fake.desk.cards == {}
    fake.desk.is_down = False
    fake.clock.pass_by(seconds=60)
    await redraw_missed(fake.world)
    assert len(fake.desk.cards) == 1
    await redraw_missed(fake.world)
    assert len(fake.desk.shown) == 1


async def test_a_card_that_slack_goes_on_refusing_is_tried_less_often(fake: FakeWorld) -> None:
    """The bot was removed from the channel: a day of ticks is not a day of calls, and once invited it answers."""
    fake.desk.is_down = True
    await take_alert(an_alert(), fake.world, "Ev1")
    fake.fuse.touched.clear()
    for _ in range(24 * 60):
        fake.clock.pass_by(seconds=60)
        await redraw_missed(fake.world)
    assert 100 < fake.fuse.touched.count("before desk.find") < 400
    fake.desk.is_down = False
    fake.clock.pass_by(seconds=600)
    await redraw_missed(fake.world)
    assert len(fake.desk.cards) == 1


async def test_post_whose_answer_was_lost_is_edited_not_repeated(fake: FakeWorld) -> None:
    """Slack took the card but its answer never came: the tick finds it in the thread."""
    await take_alert(an_alert(), fake.world, "Ev1")
    await fake.incidents.change(fake.incident.id, lambda kept: replace(kept, card_ts=""))
    fake.world.locks.undrawn[fake.incident.id] = (1, fake.clock.now())
    await redraw_missed(fake.world)
    assert len(fake.desk.cards) == 1
    assert fake.incident.card_ts
