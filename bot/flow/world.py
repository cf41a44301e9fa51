"""Everything outside that a verb of the flow may reach: the ports, the playbooks of now, and one lock an incident."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from weakref import WeakValueDictionary

from bot.flow.library import Library
from bot.flow.ports import (
    Alerts,
    Audit,
    Clock,
    Desk,
    Engine,
    Findings,
    Headlines,
    Incidents,
    People,
    Plans,
    Systems,
)


class Locks:
    """One lock an incident, so that its card is drawn by one verb at a time; gone when nobody holds it.

    `waiting` holds, by incident, the drawing that waits for the lock: True once it is drawn, False when it failed.
    `undrawn` holds the incidents whose card Slack did not take, with how often it did not and when the tick tries next.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.waiting: dict[str, asyncio.Future[bool]] = {}
        self.undrawn: dict[str, tuple[int, datetime]] = {}

    def of(self, incident: str) -> asyncio.Lock:
        """The lock of this incident."""
        return self._locks.setdefault(incident, asyncio.Lock())


@dataclass(frozen=True, slots=True)
class World:
    """Handed to every verb; `library` gives the playbooks as they are loaded now."""

    clock: Clock
    desk: Desk
    headlines: Headlines
    incidents: Incidents
    alerts: Alerts
    findings: Findings
    plans: Plans
    audit: Audit
    systems: Systems
    people: People
    engine: Engine
    library: Callable[[], Library]
    new_id: Callable[[str], str]
    locks: Locks = field(default_factory=Locks)
