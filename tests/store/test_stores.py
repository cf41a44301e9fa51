"""What only the database's stores promise: hostile texts, changed shapes, two replicas."""

import asyncio
import json

import pytest
import sqlalchemy as sa

from bot.diagnostics.finding import Finding
from bot.store.database import Database
from bot.store.incidents import TEXT_KEPT, IncidentStore
from bot.store.plans import FindingStore
from bot.store.schema import upgrade
from bot.store.tables import alerts, findings
from tests.store.conftest import FACTS, NOW, Facts, an_alert, an_incident


async def kept_text(database: Database) -> str:
    """The one alert's text."""
    return await database.run(lambda connection: connection.execute(sa.select(alerts.c.text)).scalar_one())


async def test_secrets_in_an_alert_are_not_kept(database: Database) -> None:
    """What leaked into a log line must not live on in our database."""
    await IncidentStore(database).admit(an_alert(text="failed: postgres://etl:hunter2@db/x"), an_incident(), "")
    text = await kept_text(database)
    assert text.startswith("failed: postgres://etl:")
    assert "hunter2" not in text


async def test_a_secret_is_not_kept_by_halves(database: Database) -> None:
    """Cutting a long text must not cut a secret so that it is no longer known for one."""
    start = "x" * (TEXT_KEPT - 30) + " "
    text = start + "postgres://etl:s3cr3t" + "y" * 40 + "@db/x"
    await IncidentStore(database).admit(an_alert(text=text), an_incident(), "")
    assert "s3cr3t" not in await kept_text(database)


async def test_long_and_odd_texts_are_kept(database: Database) -> None:
    """An alert of 40,000 characters with a NUL in it, which PostgreSQL refuses, is admitted all the same."""
    admission = await IncidentStore(database).admit(an_alert(text="é\x00" + "y" * 40_000), an_incident(), "")
    assert admission is not None
    assert len(await kept_text(database)) <= TEXT_KEPT


async def test_a_long_key_is_kept(database: Database) -> None:
    """Entities may be long; the key that groups by them must not be refused."""
    fresh = an_incident(key="stale_data|" + "t" * 2_000)
    admission = await IncidentStore(database).admit(an_alert(), fresh, "")
    assert admission is not None


@pytest.mark.parametrize(
    ("probe", "facts"), [("gone.probe", {"read_at": "2026-03-04T09:30:00Z"}), ("a.facts", {"nothing": "known"})]
)
async def test_a_finding_that_no_longer_fits_is_left_out(database: Database, probe: str, facts: object) -> None:
    """After an upgrade that removed a probe or changed its facts, the others still show."""
    fits = {"probe": "a.facts", "read_at": "2026-03-04T09:30:00Z", "took_s": 1.0, "facts": None, "reason": "slow"}
    body = json.dumps({"old": {**fits, "probe": probe, "facts": facts, "reason": None}, "new": fits})
    await database.run(lambda c: c.execute(sa.insert(findings).values(incident="inc-1", body=body)))
    loaded = await FindingStore(database, FACTS).load("inc-1")
    assert loaded == {"new": Finding("a.facts", NOW, 1.0, reason="slow")}


@pytest.mark.parametrize("share", [float("nan"), float("inf")])
async def test_a_number_that_is_none_does_not_lose_the_finding(database: Database, share: float) -> None:
    """NaN and infinity come from real systems (0/0 in SQL); the rest of the facts is kept."""
    store = FindingStore(database, FACTS)
    await store.keep("inc-1", {"load": Finding("a.facts", NOW, 0.1, Facts(NOW, share=share))})
    assert repr((await store.load("inc-1"))["load"].facts.share) == repr(share)


async def test_two_replicas_racing_on_one_key_open_one_incident(database: Database) -> None:
    """Each has its own connections; the unique index settles it, and nobody sees an error."""
    other = Database(database.engine.url.render_as_string(hide_password=False))
    upgrade(other.engine)
    replicas = [IncidentStore(database), IncidentStore(other)]
    admissions = await asyncio.gather(
        *(replicas[n % 2].admit(an_alert(f"1.{n:06}"), an_incident(f"inc-{n}"), f"Ev{n}") for n in range(20))
    )
    assert sum(one.opened for one in admissions if one) == 1
    (kept,) = await replicas[0].list_open()
    assert kept.alerts == 20
    other.close()
