"""A bot process without Slack: real stores and the real engine in one file, one remedy, killed where it is told.

usage: remedy_program.py FOLDER KILL_AT; KILL_AT names a touch of the outside, as tests/flow/world.py calls them.
"""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.engine.durable import DurableEngine
from bot.flow.decide_remedy import decide_remedy
from bot.flow.request_remedy import request_remedy
from bot.flow.resume_work import resume_work
from bot.flow.run_remedy import run_remedy
from bot.flow.take_alert import take_alert
from bot.flow.world import World
from bot.remediation.outcome import Stage
from bot.remediation.remedy import Command
from bot.store.alerts import AlertStore
from bot.store.audit import AuditStore
from bot.store.database import Database
from bot.store.incidents import IncidentStore
from bot.store.plans import FindingStore, PlanStore
from bot.store.schema import upgrade
from tests.flow.world import FakeDesk, FakePeople, FakeSystems, Fragile, Fuse, Load, Locks, Session, a_library, an_alert

FOLDER, KILL_AT = Path(sys.argv[1]), sys.argv[2]
EFFECTS = FOLDER / "effects"
FACTS = {"db.locks": Locks, "db.session": Session, "db.load": Load}


class DeadlyFuse(Fuse):
    """Kills this process, for real, at one touch."""

    def touch(self, what: str) -> None:
        """See Fuse."""
        if what == KILL_AT:
            os.kill(os.getpid(), signal.SIGKILL)


class Clock:
    """The time."""

    def now(self) -> datetime:
        """See the port."""
        return datetime.now(UTC)


def effects() -> list[str]:
    """What was really changed, by all processes."""
    return EFFECTS.read_text().splitlines() if EFFECTS.exists() else []


async def note_effect(command: Command) -> None:
    """An effect that outlives the process: the session is gone for the next one too."""
    with EFFECTS.open("a") as file:
        file.write(command.text + "\n")


def build_world(database: Database, engine: DurableEngine) -> World:
    """Real stores and engine, fake Slack and systems."""
    fuse = DeadlyFuse()
    desk, systems = FakeDesk(), FakeSystems(pid=0 if effects() else 7)
    systems.on_perform = note_effect if systems.pid else None
    numbers = iter(range(os.getpid() * 1000, os.getpid() * 1000 + 999))
    return World(
        clock=Clock(),
        desk=Fragile(desk, "desk", fuse),
        headlines=desk,
        incidents=IncidentStore(database),
        alerts=AlertStore(database),
        findings=FindingStore(database, FACTS),
        plans=Fragile(PlanStore(database), "plans", fuse),
        audit=AuditStore(database),
        systems=Fragile(systems, "systems", fuse),
        people=FakePeople(),
        engine=Fragile(engine, "engine", fuse),
        library=a_library,
        new_id=lambda kind: f"{kind}-{next(numbers)}",
    )


async def ask(world: World) -> None:
    """What people do: the alert comes, somebody asks, the person on call approves; what was done is not done again."""
    await take_alert(an_alert(), world, "Ev1")
    (incident, *_) = await world.incidents.list_open() or [None]
    if incident is None:
        return
    if not await world.plans.of_incident(incident.id):
        await request_remedy(incident.id, "cancel", "UASK", world)
    (view, *_) = await world.plans.of_incident(incident.id)
    if view.outcome.stage is Stage.OFFERED:
        await decide_remedy(view.plan.id, view.plan.digest, "UCALL", True, world)


async def main() -> None:
    """Start as the bot starts, then wait until nothing is open any more."""
    database = Database(f"sqlite:///{FOLDER / 'runbook.sqlite'}")
    upgrade(database.engine)
    worlds: list[World] = []
    engine = DurableEngine(
        f"sqlite:///{FOLDER / 'runbook.sqlite'}", "local", lambda plan, steps: run_remedy(plan, worlds[0], steps)
    )
    worlds.append(build_world(database, engine))
    engine.launch()
    await resume_work(worlds[0])
    await ask(worlds[0])
    async with asyncio.timeout(60):
        while await worlds[0].incidents.list_open():  # noqa: ASYNC110  the end stands in rows, nobody sets an event
            await asyncio.sleep(0.1)
    assert await AuditStore(database).broken_at() is None
    await asyncio.sleep(0.2)  # dbos notes the end
    os._exit(0)  # closing takes dbos a second


asyncio.run(main())
