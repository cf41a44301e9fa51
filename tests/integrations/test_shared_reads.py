"""What many ask at once is read once."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.integrations.shared_reads import SharedReads


@dataclass
class Source:
    """Answers with how often it was asked, once its gate is open; a clock that stands still."""

    time: float = 100.0
    asked: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    failure: Exception | None = None

    def __post_init__(self) -> None:
        self.gate.set()

    async def answer(self) -> int:
        """The number of this call, or the failure."""
        self.asked += 1
        number = self.asked
        await self.gate.wait()
        if self.failure:
            raise self.failure
        return number


@pytest.fixture
def source() -> Source:
    """A source that answers at once."""
    return Source()


@pytest.fixture
def shared(source: Source) -> SharedReads:
    """Keeps for five seconds, two results."""
    return SharedReads(lambda: source.time, 5.0, 2)


async def test_a_hundred_who_ask_at_once_cause_one_read(source: Source, shared: SharedReads) -> None:
    """A storm of alerts of one kind is one read on the system."""
    source.gate.clear()
    readers = [asyncio.create_task(shared.read("monitors", source.answer)) for _ in range(100)]
    await asyncio.sleep(0)
    source.gate.set()
    assert set(await asyncio.gather(*readers)) == {1}


async def test_a_result_is_shared_for_a_few_seconds_after_it_came(source: Source, shared: SharedReads) -> None:
    """Counted from its end, so that a slow read is shared as long as a quick one; then it is read anew."""
    source.gate.clear()
    first = asyncio.create_task(shared.read("monitors", source.answer))
    await asyncio.sleep(0)
    source.time += 60
    source.gate.set()
    assert await first == 1
    source.time += 5
    assert await shared.read("monitors", source.answer) == 1
    source.time += 0.1
    assert await shared.read("monitors", source.answer) == 2


async def test_other_keys_are_read_for_themselves(source: Source, shared: SharedReads) -> None:
    """Another probe, or other arguments."""
    assert [await shared.read(key, source.answer) for key in ("a", "b", "a")] == [1, 2, 1]


async def test_a_failure_is_shared_too(source: Source, shared: SharedReads) -> None:
    """A system that is down is not asked by everybody."""
    source.failure = ValueError("down")
    for _ in range(3):
        with pytest.raises(ValueError, match="down"):
            await shared.read("monitors", source.answer)
    assert source.asked == 1


async def test_whoever_verifies_reads_anew_and_shares_that(source: Source, shared: SharedReads) -> None:
    """What was begun before a change says nothing about the time after it."""
    assert await shared.read("monitors", source.answer) == 1
    assert await shared.read("monitors", source.answer, is_fresh=True) == 2
    assert await shared.read("monitors", source.answer) == 2


async def test_after_a_change_nothing_from_before_is_shared(source: Source, shared: SharedReads) -> None:
    """Neither a result nor a read that is still under way."""
    source.gate.clear()
    before = asyncio.create_task(shared.read("monitors", source.answer))
    await asyncio.sleep(0)
    shared.forget()
    after = asyncio.create_task(shared.read("monitors", source.answer))
    await asyncio.sleep(0)
    source.gate.set()
    assert (await before, await after) == (1, 2)
    assert await shared.read("monitors", source.answer) == 2


async def test_a_reader_that_gives_up_leaves_the_read_to_the_others(source: Source, shared: SharedReads) -> None:
    """Its deadline is its own."""
    source.gate.clear()
    hasty = asyncio.create_task(shared.read("monitors", source.answer))
    patient = asyncio.create_task(shared.read("monitors", source.answer))
    await asyncio.sleep(0)
    hasty.cancel()
    source.gate.set()
    assert await patient == 1


async def test_what_is_kept_is_bounded(source: Source, shared: SharedReads) -> None:
    """The oldest goes first."""
    for key in ("a", "b", "c"):
        await shared.read(key, source.answer)
    assert await shared.read("c", source.answer) == 3
    assert await shared.read("a", source.answer) == 4
