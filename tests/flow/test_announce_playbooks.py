"""Whoever looks after the playbooks hears when a change could not be used."""

from bot.errors import PlaybookError
from bot.flow.announce_playbooks import MOST_LINES, announce_loaded, announce_refused
from tests.flow.world import FakeWorld

BROKEN = PlaybookError("no probe `x`", path="playbooks/a.yml", line=12)


async def test_the_leads_hear_where_the_error_is(fake: FakeWorld) -> None:
    """In the alerts' channel, with file and line, and in the log."""
    await announce_refused(BROKEN, "C1", fake.world)
    (told,) = fake.desk.headlines
    assert "playbooks/a.yml:12: no probe `x`" in told
    assert all(f"<@{lead}>" in told for lead in await fake.world.people.leads())
    assert fake.audit.entries[-1].action == "playbooks refused"


async def test_many_problems_are_cut(fake: FakeWorld) -> None:
    """A thread is no place for three hundred lines."""
    await announce_refused(PlaybookError("\n".join(map(str, range(300)))), "C1", fake.world)
    assert f"and {300 - MOST_LINES} lines more" in fake.desk.headlines[0]


async def test_a_good_change_is_only_noted(fake: FakeWorld) -> None:
    """Nobody is told of every edit; after a broken one people hear that it is over."""
    await announce_loaded("C1", fake.world, was_broken=False)
    assert fake.desk.headlines == []
    assert fake.audit.entries[-1].action == "playbooks loaded"
    await announce_loaded("C1", fake.world, was_broken=True)
    assert "can be used again" in fake.desk.headlines[0]


async def test_slack_being_away_is_no_error(fake: FakeWorld) -> None:
    """The log holds it, and the bot goes on."""
    fake.desk.is_down = True
    await announce_refused(BROKEN, "C1", fake.world)
    assert fake.audit.entries[-1].action == "playbooks refused"
