"""Every probe side by side: what is handed on when, under which name, and that nothing is left running."""

import asyncio
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from bot.diagnostics.finding import Finding
from bot.errors import Unreachable
from bot.flow.diagnose_incident import diagnose, diagnose_incident
from tests.flow.world import FakeWorld

ENTITIES = {"table": "orders"}


def diagnosis(fake: FakeWorld, *, is_fresh: bool = False) -> Any:
    """The findings of the world's playbook, as they come."""
    world = fake.world
    return diagnose("extraction_blocked", ENTITIES, "tag", fake.library, world.systems, world.clock, is_fresh=is_fresh)


async def collect(found: Any) -> list[dict[str, Finding]]:
    """Every state of the findings."""
    return [dict(findings) async for findings in found]


async def test_findings_only_grow(fake: FakeWorld) -> None:
    """Each state holds all of the one before it; what needs another finding comes after that."""
    states = await collect(diagnosis(fake))
    assert set(states[-1]) == {"locks", "holder", "load"}
    for older, newer in pairwise(states):
        assert older.items() <= newer.items()
    assert "holder" not in states[0]
    assert all(finding.is_read for finding in states[-1].values())


async def test_a_state_that_was_handed_on_does_not_change(fake: FakeWorld) -> None:
    """Whoever keeps one keeps what was true then."""
    found = diagnosis(fake)
    first = await anext(found)
    before = dict(first)
    await collect(found)
    assert first == before


@pytest.mark.parametrize("is_fresh", [True, False])
async def test_reads_carry_name_deadline_and_freshness(fake: FakeWorld, is_fresh: bool) -> None:
    """What a system's own log shows, and what a verification needs."""
    await collect(diagnosis(fake, is_fresh=is_fresh))
    assert {scope.incident for _, _, scope in fake.systems.asked} == {"tag"}
    assert {scope.is_fresh for _, _, scope in fake.systems.asked} == {is_fresh}
    assert {scope.deadline_s for _, _, scope in fake.systems.asked} == {60.0}
    assert {scope.now for _, _, scope in fake.systems.asked} == {fake.clock.at}


async def test_who_stops_listening_leaves_no_probe_running(fake: FakeWorld) -> None:
    """The rest of the reads is given up with the diagnosis."""
    given_up = asyncio.Event()

    async def for_ever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            given_up.set()

    fake.systems.on_read["db.load"] = for_ever
    found = diagnosis(fake)
    await anext(found)
    await found.aclose()
    async with asyncio.timeout(5):
        await given_up.wait()


async def test_a_probe_that_cannot_be_read_ends_what_needs_it(fake: FakeWorld) -> None:
    """The session is never asked for on a guess, and the diagnosis comes to its end."""

    async def down() -> None:
        raise Unreachable("Shop database", "it is down")

    fake.systems.on_read["db.locks"] = down
    states = await collect(diagnosis(fake))
    assert set(states[-1]) == {"locks", "load"}
    assert states[-1]["locks"].reason == "it is down"
    assert "db.session" not in [probe for probe, _, _ in fake.systems.asked]


async def test_an_incident_whose_playbook_is_gone_is_left_as_it_is(opened: FakeWorld) -> None:
    """Nothing is read, and what was found stays on the card."""
    before = dict(opened.findings.rows)
    opened.systems.asked.clear()
    await diagnose_incident(replace(opened.incident, playbook="gone"), opened.world)
    assert opened.systems.asked == []
    assert opened.findings.rows == before


async def test_earlier_findings_stand_until_their_successors_come(opened: FakeWorld) -> None:
    """A second look that hangs on one probe shows the others anew and that one as it was: never "looking" again."""
    release = asyncio.Event()

    async def wait() -> None:
        await release.wait()

    opened.systems.on_read["db.load"] = wait
    opened.systems.pid = 8
    again = asyncio.create_task(diagnose_incident(opened.incident, opened.world))
    async with asyncio.timeout(5):
        while opened.desk.steps[0].split()[0] != "8":  # noqa: ASYNC110 - what it waits for is a plain list
            await asyncio.sleep(0)
    assert opened.desk.steps == ["8 holds it, of SVC_LOADER", "12 sessions"]
    release.set()
    await again
