"""From an alert to a complete card in its thread."""

import asyncio
from collections.abc import Callable

import pytest

from bot.alerts.alert import Alert
from bot.errors import Unreachable
from bot.flow.diagnose_incident import diagnose_incident
from bot.flow.ports import Mood
from bot.flow.take_alert import edit_alert, forget_alert, take_alert
from bot.incidents.incident import State
from bot.playbooks.reply import StepState
from tests.flow.world import FakeWorld, an_alert


async def until(is_so: Callable[[], object]) -> None:
    """Return once it is so."""
    async with asyncio.timeout(30):
        while not is_so():  # noqa: ASYNC110 - it is so in a plain list, which has no event
            await asyncio.sleep(0.001)


async def test_the_card_stands_before_anything_is_read(fake: FakeWorld) -> None:
    """The first reply names the incident and says "looking"; no probe holds it back."""
    gate = asyncio.Event()
    for probe in ("db.locks", "db.load"):
        fake.systems.on_read[probe] = gate.wait
    taking = asyncio.create_task(take_alert(an_alert(), fake.world, "Ev1"))
    await until(lambda: len(fake.systems.asked) == 2)
    assert fake.desk.card.reply.title == "Extraction of orders is blocked"
    assert {step.state for step in fake.desk.card.reply.steps} == {StepState.LOOKING}
    gate.set()
    await taking


async def test_the_card_is_complete_in_the_end(opened: FakeWorld) -> None:
    """One card in the alert's thread holds every finding, and what can be done about it."""
    assert opened.desk.steps == ["7 holds it, of SVC_LOADER", "12 sessions"]
    assert [offer.name for offer in opened.desk.card.reply.offers()] == ["cancel", "quota", "both"]
    assert opened.incident.card_ts in opened.desk.cards
    assert (opened.incident.alert_ts, opened.incident.state) == ("1.000001", State.OPEN)
    assert opened.desk.marks == {"1.000001": [Mood.LOOKING]}


async def test_findings_come_one_by_one(fake: FakeWorld) -> None:
    """A finding is on the card as soon as it is there, not when the slowest is."""

    def states() -> list[tuple[StepState, ...]]:
        return [tuple(step.state for step in card.reply.steps) for card in fake.desk.shown]

    fake.systems.on_read["db.load"] = lambda: until(lambda: (StepState.READ, StepState.LOOKING) in states())
    await take_alert(an_alert(), fake.world)
    assert states()[-1] == (StepState.READ, StepState.READ)
    assert fake.desk.steps[1] == "12 sessions"


async def test_an_alert_that_no_playbook_knows_is_left_alone(fake: FakeWorld) -> None:
    """Nothing is kept and nothing is said."""
    await take_alert(Alert("lunch?", "C1", "1.000001"), fake.world, "Ev1")
    assert (fake.incidents.rows, fake.desk.shown, fake.audit.entries) == ({}, [], [])


@pytest.mark.parametrize(("ts", "event"), [("1.000001", "Ev2"), ("1.000002", "Ev1")])
async def test_the_same_alert_twice_is_answered_once(opened: FakeWorld, ts: str, event: str) -> None:
    """Slack delivers events again; the history is read again."""
    shown = len(opened.desk.shown)
    await take_alert(an_alert(ts), opened.world, event)
    assert (opened.incident.alerts, len(opened.desk.shown)) == (1, shown)


async def test_an_alert_with_the_same_key_joins_without_a_card_of_its_own(opened: FakeWorld) -> None:
    """The card counts two, nothing is read again, and there still is one card."""
    reads = len(opened.systems.asked)
    await take_alert(an_alert("1.000002"), opened.world, "Ev2")
    assert opened.desk.card.incident.alerts == 2
    assert len(opened.systems.asked) == reads


async def test_another_key_is_another_incident(opened: FakeWorld) -> None:
    """Entities of `group_by` tell incidents apart."""
    await take_alert(an_alert("1.000002", "items"), opened.world, "Ev2")
    assert {one.key for one in opened.incidents.rows.values()} == {
        "C1|extraction_blocked|orders",
        "C1|extraction_blocked|items",
    }


async def test_a_storm_at_one_moment_is_one_card(fake: FakeWorld) -> None:
    """Twenty alerts of one key while the first card is still being posted: one card, counting twenty."""
    await asyncio.gather(*(take_alert(an_alert(f"1.{n:06}"), fake.world, f"Ev{n}") for n in range(20)))
    assert len(fake.desk.cards) == 1
    assert fake.desk.card.incident.alerts == 20


async def test_a_joining_alert_that_is_faster_than_the_first_card_makes_no_second_one(fake: FakeWorld) -> None:
    """Whichever of the two draws first, the other edits that card."""
    posting = fake.incidents.admit

    async def slow_first(alert: Alert, *rest: object) -> object:
        admission = await posting(alert, *rest)  # type: ignore[arg-type]
        if alert.ts == "1.000001":
            await asyncio.sleep(0.05)
        return admission

    fake.incidents.admit = slow_first  # type: ignore[method-assign]
    await asyncio.gather(*(take_alert(an_alert(f"1.00000{n}"), fake.world, f"Ev{n}") for n in (1, 2)))
    assert len(fake.desk.cards) == 1
    assert fake.desk.card.incident.alerts == 2


async def test_a_probe_that_fails_is_told_and_holds_nothing_back(fake: FakeWorld) -> None:
    """Its step and those that need it say why; the others show what they found, and nothing is offered on a guess."""

    async def refuse() -> None:
        raise Unreachable("Shop database", "it refused the connection")

    fake.systems.on_read["db.locks"] = refuse
    await take_alert(an_alert(), fake.world)
    assert "because it refused the connection" in fake.desk.steps[0]
    assert fake.desk.steps[1] == "12 sessions"
    assert "cancel" not in [offer.name for offer in fake.desk.card.reply.offers()]


async def test_a_slow_probe_is_given_up(fake: FakeWorld) -> None:
    """Its step says so; the card is complete."""
    fake.systems.on_read["db.load"], fake.systems.deadline_s = asyncio.Event().wait, 0.2
    await take_alert(an_alert(), fake.world)
    assert "did not answer within 0.2 s" in fake.desk.steps[1]
    assert fake.desk.card.reply.is_complete


async def test_a_probe_that_raises_something_odd_is_told(fake: FakeWorld) -> None:
    """A bug in a probe is a line on the card."""

    async def break_down() -> None:
        raise ZeroDivisionError("odd")

    fake.systems.on_read["db.load"] = break_down
    await take_alert(an_alert(), fake.world)
    assert "the probe broke" in fake.desk.steps[1]


async def test_a_dependent_probe_gets_what_the_first_found(opened: FakeWorld) -> None:
    """The session of the pid that holds the lock is read, tagged with the incident."""
    asked = {probe: (arguments, scope.incident) for probe, arguments, scope in opened.systems.asked}
    assert asked["db.session"] == ({"pid": 7}, opened.incident.id)
    assert asked["db.locks"][0] == {"table": "orders"}


async def test_slack_that_hiccups_during_the_diagnosis_loses_no_finding(fake: FakeWorld) -> None:
    """An edit that fails is not the end of the diagnosis: the next one shows everything."""

    async def hiccup() -> None:
        fake.desk.is_down = True

    async def recover() -> None:
        await asyncio.sleep(0.05)
        fake.desk.is_down = False

    fake.systems.on_read |= {"db.locks": hiccup, "db.load": recover}
    await take_alert(an_alert(), fake.world)
    assert fake.desk.steps == ["7 holds it, of SVC_LOADER", "12 sessions"]


async def test_the_newer_of_two_diagnoses_stands(fake: FakeWorld) -> None:
    """A remedy ended while the first diagnosis still waited for a slow probe: the card shows what is true now."""
    gate = asyncio.Event()
    fake.systems.on_read["db.load"] = gate.wait
    taking = asyncio.create_task(take_alert(an_alert(), fake.world))
    await until(lambda: fake.desk.shown and fake.desk.steps[0] == "7 holds it, of SVC_LOADER")
    fake.systems.pid = 0
    newer = asyncio.create_task(diagnose_incident(fake.incident, fake.world))
    await asyncio.sleep(0.05)
    gate.set()
    await asyncio.gather(taking, newer)
    assert fake.desk.steps[0].startswith("0 holds it")


async def test_the_opening_is_audited(opened: FakeWorld) -> None:
    """With the playbook and the entities, once."""
    (entry,) = opened.audit.entries
    assert (entry.action, entry.detail["entities"]) == ("incident opened", {"table": "orders"})


async def test_an_edited_alert_leaves_a_note(opened: FakeWorld) -> None:
    """The card says that the text changed, and whether it still is this alert."""
    await edit_alert(an_alert(table="orders"), opened.world)
    assert opened.desk.card.notes == ("The alert was edited at 09:30 UTC.",)
    await edit_alert(Alert("resolved, all is well", "C1", "1.000001"), opened.world)
    assert opened.desk.card.notes == ("The alert was edited at 09:30 UTC and no longer reports this incident.",)
    assert opened.incident.is_open


async def test_a_message_that_becomes_an_alert_is_answered(fake: FakeWorld) -> None:
    """Some tools post first and fill in afterwards."""
    await edit_alert(an_alert(), fake.world)
    assert fake.incident.key == "C1|extraction_blocked|orders"


async def test_an_edit_of_any_other_message_does_nothing(fake: FakeWorld) -> None:
    """People correct typos."""
    await edit_alert(Alert("lunch!", "C1", "1.000001"), fake.world)
    assert fake.desk.shown == []


async def test_a_deleted_alert_leaves_the_incident_open(opened: FakeWorld) -> None:
    """Deleting a message mends nothing; the card says that it is gone."""
    await forget_alert("C1", "1.000001", opened.world)
    assert opened.desk.card.notes == ("The alert was deleted at 09:30 UTC.",)
    assert opened.incident.is_open


async def test_deleting_any_other_message_does_nothing(opened: FakeWorld) -> None:
    """Only alerts concern us."""
    shown = len(opened.desk.shown)
    await forget_alert("C1", "1.999999", opened.world)
    assert len(opened.desk.shown) == shown
