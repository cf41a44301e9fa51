"""The listener edge: errors are told, order is kept, and nothing is lost when the bot stops."""

import asyncio

from bot.errors import NotAllowed, Unreachable
from bot.slack import edge as edges
from bot.slack.edge import Edge


class Told:
    """Whoever asked, with what they were told."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def __call__(self, text: str) -> None:
        self.texts.append(text)


async def fail(error: Exception) -> None:
    """Work that goes wrong."""
    raise error


async def test_what_the_bot_can_explain_is_told() -> None:
    """The text of a RunbookError goes to whoever asked."""
    told = Told()
    await Edge().begin("x", fail(NotAllowed("ask the lead")), told)
    assert told.texts == ["ask the lead"]


async def test_bug_is_told_by_reference_only() -> None:
    """Any other exception is told without its text, which may hold secrets, and does not end the bot."""
    told = Told()
    await Edge().begin("x", fail(KeyError("password=1")), told)
    assert told.texts[0].startswith("Something went wrong in the bot (reference ")
    assert "password" not in told.texts[0]


async def test_telling_may_fail() -> None:
    """When even the telling fails, it is logged and over."""

    async def cannot(_: str) -> None:
        raise Unreachable("Slack", "no answer")

    await Edge().begin("x", fail(NotAllowed("no")), cannot)


async def test_same_key_runs_in_order_others_side_by_side() -> None:
    """An edit waits for its message's first handling; another message does not."""
    edge, seen, go = Edge(), [], asyncio.Event()

    async def first() -> None:
        await go.wait()
        seen.append("first")

    async def note(name: str) -> None:
        seen.append(name)

    tasks = [
        edge.begin("a", first(), key=1),
        edge.begin("b", note("second"), key=1),
        edge.begin("c", note("other"), key=2),
    ]
    await tasks[2]
    assert seen == ["other"]
    go.set()
    await asyncio.gather(*tasks)
    assert seen == ["other", "first", "second"]


async def test_drain_waits_for_what_runs_and_refuses_what_comes() -> None:
    """Work that was begun is finished; work that comes later is told that the bot is stopping."""
    edge, told, done = Edge(), Told(), Told()

    async def work() -> None:
        await asyncio.sleep(0.02)
        await done("finished")

    edge.begin("x", work())
    assert edge.in_flight == 1
    assert await edge.drain(60.0) == 0
    assert done.texts == ["finished"]
    await edge.begin("y", work(), told)
    assert told.texts == ["runbook-bot: the bot is stopping"]
    assert edge.in_flight == 0


async def test_drain_ends_in_time() -> None:
    """Work that does not end is cancelled, running or waiting, and counted."""
    edge = Edge()
    edge.begin("stuck", asyncio.Event().wait(), key=1)  # type: ignore[arg-type]
    edge.begin("behind", asyncio.sleep(0), key=1)
    assert await edge.drain(0.01) == 2


async def test_a_click_does_not_wait_behind_a_storm() -> None:
    """With every slot of the alerts taken, what a person asks for is done at once."""
    edge, told, over = Edge(), Told(), asyncio.Event()
    for _ in range(edges.ALERTS.abreast + 5):
        edge.begin("alert", over.wait())  # type: ignore[arg-type]
    await asyncio.wait_for(edge.begin("click", told("done"), lane=edges.PEOPLE), 30.0)  # type: ignore[arg-type]
    assert told.texts == ["done"]
    over.set()
    await edge.drain(60.0)


async def test_a_full_lane_refuses_and_empties_again() -> None:
    """People's own lane is bounded too, and takes new work once the old is done."""
    edge, told, over = Edge(), Told(), asyncio.Event()
    for _ in range(edges.PEOPLE.most):
        edge.begin("x", over.wait(), lane=edges.PEOPLE)  # type: ignore[arg-type]
    await edge.begin("y", told("unreached"), told, lane=edges.PEOPLE)  # type: ignore[arg-type]
    over.set()
    while edge.in_flight:  # noqa: ASYNC110 - tasks end by themselves
        await asyncio.sleep(0)
    await edge.begin("z", told("again"), told, lane=edges.PEOPLE)  # type: ignore[arg-type]
    assert [text.split(":")[0] for text in told.texts] == ["runbook-bot", "again"]


async def test_flood_is_refused() -> None:
    """Beyond its limit the edge refuses at once instead of growing."""
    edge, told = Edge(), Told()
    waiting = asyncio.Event()
    for _ in range(edges.ALERTS.most):
        edge.begin("x", waiting.wait())  # type: ignore[arg-type]
    await edge.begin("y", fail(NotAllowed("unreached")), told)
    assert "waiting already" in told.texts[0]
    waiting.set()
    await edge.drain(60.0)
