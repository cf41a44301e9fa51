"""What only the rows of incidents promise: which keys are one, what is kept of a text, which columns follow a move."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.alerts.redaction import HIDDEN
from bot.flow.ports import AuditEntry
from bot.incidents.incident import Incident, State
from bot.incidents.lifecycle import acknowledge, resolve
from bot.store.database import Database
from bot.store.incidents import KEY_KEPT, TEXT_KEPT, IncidentStore, kept_text
from bot.store.tables import audit, incidents
from tests.store.conftest import NOW, an_alert, an_incident


@pytest.fixture
def store(database: Database) -> IncidentStore:
    """No incident was ever opened."""
    return IncidentStore(database)


async def row(database: Database) -> Any:
    """The only incident's row."""
    return await database.run(lambda connection: connection.execute(sa.select(incidents)).one())


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("k" * KEY_KEPT, "k" * KEY_KEPT, True),
        ("k" * 5_000, "k" * 5_000, True),
        ("k" * 5_000, "k" * 4_999 + "j", False),
        ("k" * KEY_KEPT, "k" * (KEY_KEPT + 1), False),
        ("stale|orders", "stale|Orders", False),
        ("", "", True),
    ],
    ids=["the longest", "longer", "same beginning", "beginning of the other", "case", "empty"],
)
async def test_a_key_of_any_length_groups_by_all_of_it(
    store: IncidentStore, first: str, second: str, is_one: bool
) -> None:
    """What is too long for its column is still told apart by its end."""
    await store.admit(an_alert("1.000001"), an_incident("inc-1", first), "")
    admission = await store.admit(an_alert("1.000002"), an_incident("inc-2", second), "")
    assert admission is not None
    assert admission.opened is not is_one


async def test_a_long_key_still_groups_after_a_move(store: IncidentStore) -> None:
    """Acknowledging writes the row anew: the next alert has to find it all the same."""
    await store.admit(an_alert("1.000001"), an_incident(key="k" * 5_000), "")
    await store.change("inc-1", lambda incident: acknowledge(incident, "UANN"))
    admission = await store.admit(an_alert("1.000002"), an_incident("inc-2", "k" * 5_000), "")
    assert admission is not None
    assert (admission.opened, admission.incident.id, admission.incident.alerts) == (False, "inc-1", 2)
    assert admission.incident.acknowledged_by == "UANN"


async def test_a_resolved_row_frees_its_key(store: IncidentStore, database: Database) -> None:
    """The state has a column of its own, by which the unique index knows."""
    await store.admit(an_alert(), an_incident(), "")
    resolved = await store.change("inc-1", lambda incident: resolve(incident, "UANN", NOW, "done"))
    assert resolved is not None
    assert (await row(database)).state == State.RESOLVED.value
    assert await store.list_open() == []
    assert await store.get("inc-1") == resolved


async def test_a_move_that_changes_nothing_writes_nothing(store: IncidentStore, database: Database) -> None:
    """A card drawn again costs no write; the incident is given as it is."""
    await store.admit(an_alert(), an_incident(), "")
    spaced = sa.update(incidents).values(body=sa.func.replace(incidents.c.body, '"title":', '"title": '))
    await database.run(lambda connection: connection.execute(spaced))
    assert await store.change("inc-1", replace) == an_incident()
    assert '"title": ' in (await row(database)).body


async def test_alerts_that_joined_are_counted_beside_the_body(store: IncidentStore) -> None:
    """A move that was worked out before they joined does not take them back."""
    await store.admit(an_alert("1.000001"), an_incident(), "")
    late = NOW + timedelta(minutes=5)
    await store.admit(an_alert("1.000002"), an_incident("inc-2", at=late), "")

    def from_an_older_state(incident: Incident) -> Incident:
        return replace(acknowledge(incident, "UANN"), alerts=1, last_seen_at=NOW)

    await store.change("inc-1", from_an_older_state)
    kept = await store.get("inc-1")
    assert kept is not None
    assert (kept.alerts, kept.last_seen_at, kept.acknowledged_by) == (2, late, "UANN")


async def test_what_is_not_admitted_leaves_no_line_in_the_log(store: IncidentStore, database: Database) -> None:
    """The same message, and the same event of another message: neither opens anything a second time."""
    entry = AuditEntry(NOW, "", "incident opened", "inc-1", "", {})
    assert await store.admit(an_alert("1.000001"), an_incident(), "Ev1", entry)
    assert await store.admit(an_alert("1.000001"), an_incident("inc-2", "other"), "Ev2", entry) is None
    assert await store.admit(an_alert("1.000002"), an_incident("inc-3", "third"), "Ev1", entry) is None
    lines = await database.run(lambda connection: connection.execute(sa.select(audit.c.sequence)).all())
    assert len(lines) == 1


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("x" * TEXT_KEPT, "x" * TEXT_KEPT),
        ("x" * TEXT_KEPT + "y", "x" * TEXT_KEPT),
        ("a\0b", "a\ufffdb"),
        ("password=hunter2", f"password={HIDDEN}"),
        ("é\ud83d🔥", "é\ufffd🔥"),
    ],
    ids=["empty", "the longest", "longer", "NUL", "secret", "half a pair"],
)
def test_what_is_kept_of_a_text(text: str, kept: str) -> None:
    """Enough to see what was said, nothing that is secret, nothing that a database refuses."""
    assert kept_text(text) == kept
