"""What every store promises, in memory or in a database: one contract, the same tests."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.diagnostics.finding import Finding
from bot.flow.ports import AuditEntry
from bot.incidents.lifecycle import MoveRefused, acknowledge, resolve
from bot.playbooks.reply import Approvers, InputField
from bot.remediation.outcome import Outcome, Stage
from bot.remediation.plan import Plan, digest_of
from bot.remediation.remedy import Command, Draft, Verification
from tests.store.conftest import NOW, Facts, Row, Stores, an_alert, an_incident


def a_plan(id: str = "plan-1", incident: str = "inc-1", **fields: Any) -> Plan:
    """A plan with everything that a plan may hold."""
    draft = Draft("db", (Command("cancel", "cancel 7", {"pid": 7}),), "1 query", "start it again", "", None)
    checked = replace(draft, verification=Verification("a.facts", {"pid": "7"}, "result.rows | length == 0", 300.0))
    plan = Plan(
        id,
        incident,
        "cancel",
        "a.cancel",
        {"pid": "7"},
        checked,
        Approvers.TWO_PEOPLE,
        "UASK",
        NOW,
        NOW + timedelta(minutes=15),
        (InputField("quota", "Quota", "number", 150, 1.0, 200.0),),
        "Cancel it",
        digest_of("a.cancel", {"pid": "7"}, draft),
        resolves=False,
    )
    return replace(plan, **fields)


async def test_an_alert_opens_an_incident_that_reads_back_as_it_was(stores: Stores) -> None:
    """Nothing is lost on the way: entities, times, state."""
    fresh = an_incident()
    admission = await stores.incidents.admit(an_alert(), fresh, "Ev1")
    assert admission is not None
    assert admission.opened
    assert await stores.incidents.get("inc-1") == admission.incident == fresh


async def test_opening_is_written_with_its_line_in_the_audit_log(stores: Stores) -> None:
    """One line for the alert that opened it, none for one that joined."""
    entry = AuditEntry(NOW, "", "incident opened", "inc-1", "", {})
    await stores.incidents.admit(an_alert(), an_incident(), "Ev1", entry)
    await stores.incidents.admit(an_alert("1.000002"), an_incident("inc-2"), "Ev2", entry)
    assert await stores.actions() == ["incident opened"]


async def test_an_unknown_incident_is_none(stores: Stores) -> None:
    """Asking for one that is not there is no error."""
    assert await stores.incidents.get("inc-9") is None


@pytest.mark.parametrize(
    ("ts", "event"), [("1.000001", "Ev2"), ("1.000002", "Ev1")], ids=["the same message", "the same event"]
)
async def test_an_alert_is_admitted_once(stores: Stores, ts: str, event: str) -> None:
    """Slack sends an event again, or the bot reads the history: neither counts twice."""
    await stores.incidents.admit(an_alert(), an_incident(), "Ev1")
    assert await stores.incidents.admit(an_alert(ts), an_incident("inc-2"), event) is None
    kept = await stores.incidents.get("inc-1")
    assert kept is not None
    assert kept.alerts == 1


async def test_alerts_without_an_event_are_told_apart_by_their_message(stores: Stores) -> None:
    """Alerts found in the history have no event; that is no event in common."""
    await stores.incidents.admit(an_alert("1.000001"), an_incident(), "")
    assert await stores.incidents.admit(an_alert("1.000002"), an_incident("inc-2"), "") is not None


async def test_an_alert_with_the_same_key_joins(stores: Stores) -> None:
    """One incident, counted twice, seen last when the second came; the second's own incident is never kept."""
    await stores.incidents.admit(an_alert("1.000001"), an_incident(), "Ev1")
    later = an_incident("inc-2", at=NOW + timedelta(minutes=3))
    admission = await stores.incidents.admit(an_alert("1.000002"), later, "Ev2")
    assert admission is not None
    assert not admission.opened
    assert admission.incident == replace(an_incident(), alerts=2, last_seen_at=later.last_seen_at)
    assert await stores.incidents.get("inc-2") is None


async def test_an_alert_that_arrives_late_does_not_turn_the_clock_back(stores: Stores) -> None:
    """`last_seen_at` is the newest, whatever order alerts come in."""
    await stores.incidents.admit(an_alert("1.000001"), an_incident(), "")
    earlier = an_incident("inc-2", at=NOW - timedelta(minutes=3))
    admission = await stores.incidents.admit(an_alert("1.000000"), earlier, "")
    assert admission is not None
    assert admission.incident.last_seen_at == NOW


async def test_a_resolved_incident_is_not_joined(stores: Stores) -> None:
    """The same trouble tomorrow is a new incident."""
    await stores.incidents.admit(an_alert("1.000001"), an_incident(), "")
    await stores.incidents.change("inc-1", lambda kept: resolve(kept, "UANN", NOW, ""))
    admission = await stores.incidents.admit(an_alert("1.000002"), an_incident("inc-2"), "")
    assert admission is not None
    assert admission.opened
    assert [one.id for one in await stores.incidents.list_open()] == ["inc-2"]


async def test_a_storm_of_one_key_is_one_incident(stores: Stores) -> None:
    """However many come at the same moment: one opens it, the rest join, and every one is counted."""
    admissions = await asyncio.gather(
        *(stores.incidents.admit(an_alert(f"1.{n:06}"), an_incident(f"inc-{n}"), f"Ev{n}") for n in range(12))
    )
    assert sum(one.opened for one in admissions if one) == 1
    (kept,) = await stores.incidents.list_open()
    assert kept.alerts == 12


async def test_a_move_is_kept_and_given(stores: Stores) -> None:
    """Whatever it moved, beside the alerts that joined meanwhile."""
    await stores.incidents.admit(an_alert("1.000001"), an_incident(), "")
    await stores.incidents.admit(an_alert("1.000002"), an_incident("inc-2", at=NOW + timedelta(hours=1)), "")
    moved = await stores.incidents.change("inc-1", lambda kept: replace(acknowledge(kept, "UANN"), card_ts="1.5"))
    assert await stores.incidents.get("inc-1") == moved
    assert moved is not None
    assert (moved.acknowledged_by, moved.card_ts, moved.alerts) == ("UANN", "1.5", 2)


async def test_a_move_that_is_refused_changes_nothing(stores: Stores) -> None:
    """The refusal is the caller's; an unknown incident is None."""
    await stores.incidents.admit(an_alert(), an_incident(), "")
    over = await stores.incidents.change("inc-1", lambda kept: resolve(kept, "UANN", NOW, ""))
    with pytest.raises(MoveRefused):
        await stores.incidents.change("inc-1", lambda kept: acknowledge(kept, "UBOB"))
    assert await stores.incidents.get("inc-1") == over
    assert await stores.incidents.change("inc-9", lambda kept: kept) is None


async def test_of_moves_at_once_none_is_lost(stores: Stores) -> None:
    """Each sees what the one before it wrote, and so does an alert that joins."""
    await stores.incidents.admit(an_alert(), an_incident(), "")
    moves = [stores.incidents.change("inc-1", lambda kept: replace(kept, title=kept.title + "!")) for _ in range(8)]
    joins = [stores.incidents.admit(an_alert(f"2.{n:06}"), an_incident(f"inc-{n + 2}"), "") for n in range(8)]
    await asyncio.gather(*moves, *joins)
    kept = await stores.incidents.get("inc-1")
    assert kept is not None
    assert (kept.title, kept.alerts) == ("orders is stale" + "!" * 8, 9)


async def test_open_incidents_are_listed_oldest_first(stores: Stores) -> None:
    """By the time they were opened, not by id or order of arrival."""
    for number, minutes in enumerate((5, 0, 3)):
        fresh = an_incident(f"inc-{number}", f"key-{number}", NOW + timedelta(minutes=minutes))
        await stores.incidents.admit(an_alert(f"1.{number:06}"), fresh, "")
    assert [one.id for one in await stores.incidents.list_open()] == ["inc-1", "inc-2", "inc-0"]


async def test_edits_and_deletions_leave_a_note_each(stores: Stores) -> None:
    """The newest word on each alert, in the order in which the alerts came."""
    for number in range(3):
        at = NOW + timedelta(seconds=number)
        await stores.incidents.admit(an_alert(f"1.{number:06}"), an_incident(f"inc-{number}", at=at), "")
    assert await stores.alerts.edited(an_alert("1.000000", "other"), is_over=True, at=NOW) == "inc-0"
    assert await stores.alerts.edited(an_alert("1.000002", "more"), is_over=False, at=NOW) == "inc-0"
    assert await stores.alerts.deleted("C1", "1.000002", NOW + timedelta(minutes=1)) == "inc-0"
    assert await stores.alerts.notes("inc-0") == [
        "The alert was edited at 09:30 UTC and no longer reports this incident.",
        "The alert was deleted at 09:31 UTC.",
    ]


async def test_what_was_never_admitted_is_not_noted(stores: Stores) -> None:
    """Any message may be edited or deleted; only alerts concern us."""
    assert await stores.alerts.edited(an_alert(), is_over=False, at=NOW) == ""
    assert await stores.alerts.deleted("C1", "1.000001", NOW) == ""
    assert await stores.alerts.notes("inc-1") == []


async def test_findings_come_back_with_their_types(stores: Stores) -> None:
    """Times, nested rows and numbers are what the probe gave, and a failed one keeps its reason."""
    facts = Facts(NOW, (Row(7, NOW - timedelta(minutes=42)),), {"orders": 3}, 0.25)
    kept = {
        "locks": Finding("a.facts", NOW, 0.12, facts),
        "load": Finding("a.facts", NOW, 5.0, reason="it did not answer within 5 s"),
        "nothing": Finding("a.facts", NOW, 0.1, Facts(NOW)),
    }
    await stores.findings.keep("inc-1", kept)
    assert await stores.findings.load("inc-1") == kept


async def test_newer_findings_replace_the_older(stores: Stores) -> None:
    """What is kept last stands, whole; another incident's are its own."""
    for key in ("locks", "load"):
        await stores.findings.keep("inc-1", {key: Finding("a.facts", NOW, 0.1, Facts(NOW))})
    assert list(await stores.findings.load("inc-1")) == ["load"]
    assert await stores.findings.load("inc-2") == {}


async def test_findings_kept_at_the_same_moment_do_not_collide(stores: Stores) -> None:
    """Two diagnoses of one incident: one of them stands, neither fails."""
    found = [{"locks": Finding("a.facts", NOW, float(n), Facts(NOW))} for n in range(8)]
    await asyncio.gather(*(stores.findings.keep("inc-1", one) for one in found))
    assert await stores.findings.load("inc-1") in found


async def test_a_plan_comes_back_as_it_was(stores: Stores) -> None:
    """Commands, inputs, verification and who must approve: the digest still fits."""
    plan = a_plan()
    await stores.plans.add(plan)
    view = await stores.plans.get("plan-1")
    assert view is not None
    assert (view.plan, view.outcome) == (plan, Outcome())
    assert digest_of(view.plan.remedy, view.plan.arguments, view.plan.draft) == plan.digest
    assert await stores.plans.get("plan-9") is None


async def test_an_outcome_moves_only_from_what_was_expected(stores: Stores) -> None:
    """Whoever looked first and writes first wins; the other is told so."""
    await stores.plans.add(a_plan())
    approved = Outcome(Stage.APPROVED, ("UANN", "UBOB"), NOW)
    declined = Outcome(Stage.DECLINED, detail="no", ended_at=NOW)
    assert await stores.plans.advance("plan-1", Outcome(), approved)
    assert not await stores.plans.advance("plan-1", Outcome(), declined)
    assert not await stores.plans.advance("plan-9", Outcome(), declined)
    view = await stores.plans.get("plan-1")
    assert view is not None
    assert view.outcome == approved


async def test_a_decision_and_its_line_in_the_log_are_kept_together(stores: Stores) -> None:
    """Whoever was too late leaves no line; a decision is never kept without one."""
    await stores.plans.add(a_plan())
    entries = [AuditEntry(NOW, person, f"approved by {person}", "inc-1", "plan-1", {}) for person in ("UANN", "UBOB")]
    for entry in entries:
        await stores.plans.advance("plan-1", Outcome(), Outcome(Stage.APPROVED, (entry.person,)), entry)
    assert await stores.actions() == ["approved by UANN"]


async def test_an_outcome_that_was_read_back_can_be_moved_on(stores: Stores) -> None:
    """Times and texts survive exactly, so that what was read is what is expected."""
    await stores.plans.add(a_plan())
    expected = Outcome()
    for outcome in (
        Outcome(Stage.APPROVED, ("UANN",), NOW.replace(microsecond=120)),
        Outcome(Stage.RUNNING, ("UANN",), NOW, ("cancelled “7” é",)),
        Outcome(Stage.HELPED, ("UANN",), NOW, ("cancelled",), "verified", NOW),
    ):
        assert await stores.plans.advance("plan-1", expected, outcome)
        view = await stores.plans.get("plan-1")
        assert view is not None
        expected = view.outcome


async def test_of_eight_who_decide_at_once_one_wins(stores: Stores) -> None:
    """The row decides, not the order of clicks."""
    await stores.plans.add(a_plan())
    moves = (stores.plans.advance("plan-1", Outcome(), Outcome(Stage.APPROVED, (f"U{n}",), NOW)) for n in range(8))
    assert sum(await asyncio.gather(*moves)) == 1


@pytest.mark.parametrize(
    ("incident", "ids"), [("inc-1", ["plan-2", "plan-1"]), ("inc-2", ["plan-3"]), ("", ["plan-2"]), ("inc-3", [])]
)
async def test_plans_are_listed_by_incident_or_unfinished(stores: Stores, incident: str, ids: list[str]) -> None:
    """Oldest first; "" asks for what was approved and is not at its end."""
    for minutes, (id, owner) in enumerate([("plan-2", "inc-1"), ("plan-3", "inc-2"), ("plan-1", "inc-1")]):
        await stores.plans.add(a_plan(id, owner, made_at=NOW + timedelta(minutes=minutes)))
    await stores.plans.advance("plan-2", Outcome(), Outcome(Stage.VERIFYING))
    await stores.plans.advance("plan-3", Outcome(), Outcome(Stage.FAILED))
    assert [view.plan.id for view in await stores.plans.of_incident(incident)] == ids


@pytest.mark.parametrize("order", [sorted, lambda stamps: sorted(stamps, reverse=True)], ids=["forth", "back"])
async def test_a_cursor_never_goes_back(stores: Stores, order: Callable[[list[str]], list[str]]) -> None:
    """Whatever order messages are seen in, even all at once, it stands at the newest."""
    stamps = [f"1700000000.{n:06}" for n in range(8)]
    assert await stores.cursors.read_to("C1") == ""
    await asyncio.gather(*(stores.cursors.advance("C1", ts) for ts in order(stamps)))
    assert await stores.cursors.read_to("C1") == stamps[-1]
    assert await stores.cursors.read_to("C2") == ""
