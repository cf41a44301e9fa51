"""Plans and findings in rows: nothing that decides is lost on the way, and one bad finding loses no other."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.diagnostics.finding import Finding
from bot.flow.ports import AuditEntry
from bot.playbooks.reply import Approvers
from bot.remediation.outcome import Outcome, Stage
from bot.remediation.plan import Plan, digest_of
from bot.remediation.remedy import Command, Draft
from bot.store.database import Database
from bot.store.plans import UNFINISHED, FindingStore, PlanStore
from bot.store.tables import audit, plans
from tests.store.conftest import FACTS, NOW, Facts, Row


def a_plan(id: str = "plan-1", arguments: dict[str, Any] | None = None, **fields: Any) -> Plan:
    """A plan with its own digest."""
    given = arguments or {}
    draft = Draft("db", (Command("cancel", "cancel 7", given),), "1 query")
    digest = digest_of("a.cancel", given, draft)
    until = NOW + timedelta(minutes=15)
    plan = Plan(id, "inc-1", "c", "a.cancel", given, draft, Approvers.ONCALL, "UASK", NOW, until, digest=digest)
    return replace(plan, **fields)


@pytest.fixture
def store(database: Database) -> PlanStore:
    """No plan was ever made."""
    return PlanStore(database)


@pytest.mark.parametrize(
    "arguments",
    [
        {"tables": ("a", "b"), "since": NOW, "nested": {"n": [1, None, True]}},
        {"quota": 75.0, "rate": 0.1, "big": 2**53 + 1},
        {"text": "é 🔥 '\"\\\n\0 </script>"},
        {"": "", "b": 1, "a": 2},
    ],
    ids=["shapes", "numbers", "words", "keys"],
)
async def test_a_digest_survives_the_store(store: PlanStore, arguments: dict[str, Any]) -> None:
    """What people said yes to is what is run after a restart: the digest of the plan that was read back is the same."""
    plan = a_plan(arguments=arguments)
    await store.add(plan)
    view = await store.get("plan-1")
    assert view is not None
    assert digest_of(view.plan.remedy, view.plan.arguments, view.plan.draft) == plan.digest == view.plan.digest


async def test_a_plan_is_kept_once(store: PlanStore) -> None:
    """The same id twice is a bug of the caller, and what stands is not written over."""
    await store.add(a_plan())
    await store.advance("plan-1", Outcome(), Outcome(Stage.DECLINED))
    with pytest.raises(sa.exc.IntegrityError):
        await store.add(a_plan(label="another"))
    view = await store.get("plan-1")
    assert view is not None
    assert (view.plan.label, view.outcome.stage) == ("", Stage.DECLINED)


@pytest.mark.parametrize("stage", list(Stage))
async def test_an_approved_plan_is_found_until_its_end(store: PlanStore, stage: Stage) -> None:
    """A bot that was killed looks for exactly these, whatever incident they are of."""
    await store.add(a_plan())
    await store.advance("plan-1", Outcome(), Outcome(stage, ("UANN",)))
    found = [view.plan.id for view in await store.of_incident("")]
    assert (found == ["plan-1"]) is (stage is not Stage.OFFERED and not stage.is_final)
    assert (stage.value in UNFINISHED) is bool(found)


@pytest.mark.parametrize(
    "seen",
    [
        Outcome(Stage.APPROVED, ("UANN",)),
        Outcome(approved_by=("UBOB",)),
        Outcome(detail="other words"),
        Outcome(decided_at=NOW),
    ],
    ids=["stage", "people", "words", "time"],
)
async def test_any_difference_is_somebody_elses_move(store: PlanStore, database: Database, seen: Outcome) -> None:
    """Not only the stage: of two first yeses of a plan for two people, one must not write over the other."""
    await store.add(a_plan())
    entry = AuditEntry(NOW, "UANN", "approved", "inc-1", "plan-1", {})
    assert not await store.advance("plan-1", seen, Outcome(Stage.RUNNING), entry)
    lines = await database.run(lambda connection: connection.execute(sa.select(audit)).all())
    assert lines == []
    assert await database.run(lambda c: c.execute(sa.select(plans.c.stage)).scalar_one()) == "offered"


@pytest.fixture
def findings(database: Database) -> FindingStore:
    """Nothing was ever read."""
    return FindingStore(database, FACTS)


async def test_an_incident_that_was_never_looked_at_has_no_findings(findings: FindingStore) -> None:
    """Nor has one of which nothing was to be read."""
    assert await findings.load("inc-9") == {}
    await findings.keep("inc-1", {})
    assert await findings.load("inc-1") == {}


async def test_a_probe_may_stand_under_several_keys(findings: FindingStore) -> None:
    """A playbook reads the same probe with other arguments; each finding is its own."""
    found = {
        "before": Finding("a.facts", NOW, 0.5, Facts(NOW, (Row(7, NOW),), {"é": 1})),
        "after": Finding("a.facts", NOW, 0.1, Facts(NOW, share=0.1)),
        "lost": Finding("gone.probe", NOW, 5.0, reason="it did not answer within 5 s"),
    }
    await findings.keep("inc-1", found)
    assert await findings.load("inc-1") == found


async def test_a_finding_of_a_probe_that_is_gone_loses_only_itself(database: Database, findings: FindingStore) -> None:
    """Its facts have no type any more; why another could not be read is still told."""
    await findings.keep(
        "inc-1", {"a": Finding("a.facts", NOW, 0.5, Facts(NOW)), "b": Finding("a.facts", NOW, 1.0, reason="x")}
    )
    later = FindingStore(database, {})
    assert set(await later.load("inc-1")) == {"b"}
