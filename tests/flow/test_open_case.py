"""A person asks: a thread of its own, a case that no alert joins, a line in the log."""

import pytest

from bot.errors import Unreachable
from bot.flow.open_case import open_case
from bot.incidents.incident import ASKED, Incident, State
from tests.flow.world import FakeWorld, an_alert


async def case(fake: FakeWorld, headline: str = "Runbook: x") -> Incident:
    """A case that UASK opened in C1."""
    return await open_case(headline, "x is blocked", "extraction_blocked", "UASK", "C1", fake.world)


async def test_a_case_stands_under_its_headline(fake: FakeWorld) -> None:
    """The headline heads the thread; nothing is read or planned yet."""
    opened = await case(fake)
    assert fake.desk.headlines == ["Runbook: x"]
    assert (opened.channel, opened.alert_ts, opened.card_ts) == ("C1", "3.000001", "")
    assert (opened.state, opened.severity, opened.title) == (State.OPEN, "", "x is blocked")
    assert (opened.opened_at, opened.last_seen_at) == (fake.clock.at, fake.clock.at)
    assert (fake.desk.cards, fake.systems.asked, fake.plans.rows) == ({}, [], {})


async def test_who_asked_stands_in_the_log(fake: FakeWorld) -> None:
    """With the words that the channel saw."""
    opened = await case(fake)
    (entry,) = fake.audit.entries
    assert (entry.person, entry.action, entry.incident) == ("UASK", "case opened", opened.id)
    assert entry.detail == {"headline": "Runbook: x"}


async def test_every_case_has_a_key_of_its_own(fake: FakeWorld) -> None:
    """Two questions are two cases, and an alert of that playbook opens an incident beside them."""
    first, second = await case(fake), await case(fake)
    assert first.key != second.key
    assert first.key == ASKED + first.id
    match = fake.library.match(an_alert())
    assert match is not None
    assert fake.library.key(match, "C1") not in {first.key, second.key}


async def test_a_headline_that_slack_does_not_take_opens_nothing(fake: FakeWorld) -> None:
    """A case without a thread could never be answered: the asker hears why instead."""
    fake.desk.is_down = True
    with pytest.raises(Unreachable):
        await case(fake)
    assert (fake.incidents.rows, fake.audit.entries) == ({}, [])
