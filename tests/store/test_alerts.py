"""What became of alerts: the newest word on each, redacted, and how far each channel was read."""

from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa

from bot.store.alerts import AlertStore, CursorStore
from bot.store.database import Database
from bot.store.incidents import TEXT_KEPT, IncidentStore
from bot.store.tables import alerts
from tests.store.conftest import NOW, an_alert, an_incident


@pytest.fixture
async def store(database: Database) -> AlertStore:
    """One alert was admitted."""
    await IncidentStore(database).admit(an_alert(), an_incident(), "Ev1")
    return AlertStore(database)


async def row(database: Database) -> Any:
    """The only alert's row."""
    return await database.run(lambda connection: connection.execute(sa.select(alerts)).one())


@pytest.mark.parametrize(
    ("text", "kept"),
    [("all is well", "all is well"), ("x" * 9_000, "x" * TEXT_KEPT), ("password=hunter2 \0", "password=••• \ufffd")],
    ids=["words", "long", "secret and NUL"],
)
async def test_the_new_text_is_kept_as_the_first_one_was(
    store: AlertStore, database: Database, text: str, kept: str
) -> None:
    """An edit may bring a secret in, too."""
    assert await store.edited(an_alert(text=text), is_over=False, at=NOW) == "inc-1"
    assert (await row(database)).text == kept


@pytest.mark.parametrize(
    ("edits", "note"),
    [
        ([False], "The alert was edited at 09:30 UTC."),
        ([True], "The alert was edited at 09:30 UTC and no longer reports this incident."),
        ([True, False], "The alert was edited at 09:31 UTC."),
        ([False, True], "The alert was edited at 09:31 UTC and no longer reports this incident."),
    ],
)
async def test_the_last_edit_is_what_is_told(store: AlertStore, edits: list[bool], note: str) -> None:
    """An alert that was taken back and came again reports the incident again."""
    for minutes, is_over in enumerate(edits):
        await store.edited(an_alert(), is_over=is_over, at=NOW + timedelta(minutes=minutes))
    assert await store.notes("inc-1") == [note]


async def test_a_deleted_alert_stays_deleted(store: AlertStore) -> None:
    """Slack may deliver the edit after the deletion; times are told in UTC whatever zone they came in."""
    at = NOW.astimezone(timezone(timedelta(hours=5)))
    assert await store.deleted("C1", "1.000001", at) == "inc-1"
    await store.edited(an_alert(text="late"), is_over=True, at=NOW + timedelta(minutes=5))
    assert await store.notes("inc-1") == ["The alert was deleted at 09:30 UTC."]


@pytest.mark.parametrize("changes", [{"ts": "1.000002"}, {"channel": "C2"}], ids=repr)
async def test_another_message_is_another_alert(store: AlertStore, changes: dict[str, str]) -> None:
    """Told by channel and time together: two channels may have a message of the same moment."""
    other = replace(an_alert(), **changes)
    assert await store.edited(other, is_over=True, at=NOW) == ""
    assert await store.deleted(other.channel, other.ts, NOW) == ""
    assert await store.notes("inc-1") == []


async def test_notes_are_of_one_incident(store: AlertStore, database: Database) -> None:
    """Those of the alerts that joined it, too, in the order in which they came."""
    incidents = IncidentStore(database)
    await incidents.admit(an_alert("1.000003"), an_incident("inc-2", at=NOW + timedelta(minutes=2)), "")
    await incidents.admit(an_alert("1.000002"), an_incident("inc-3", at=NOW + timedelta(minutes=1)), "")
    await incidents.admit(an_alert("1.000009"), an_incident("inc-9", "other"), "")
    for minutes, ts in enumerate(("1.000003", "1.000009", "1.000002")):
        await store.deleted("C1", ts, NOW + timedelta(minutes=minutes))
    told = ["The alert was deleted at 09:32 UTC.", "The alert was deleted at 09:30 UTC."]
    assert await store.notes("inc-1") == told


async def test_cursors_are_of_their_channel(database: Database) -> None:
    """The same place again is no error."""
    cursors = CursorStore(database)
    for channel, ts in (("C1", "1700000000.000200"), ("C2", "1700000000.000100"), ("C1", "1700000000.000200")):
        await cursors.advance(channel, ts)
    assert [await cursors.read_to(channel) for channel in ("C1", "C2", "C3")] == [
        "1700000000.000200",
        "1700000000.000100",
        "",
    ]
