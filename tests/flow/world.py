"""A world of fakes for the flow: stores in memory, a desk that remembers, systems with a state, a process to kill."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import yaml

from bot.alerts.alert import Alert
from bot.diagnostics.probe import Scope
from bot.errors import NotConnected, Unreachable
from bot.flow.card import Card
from bot.flow.library import Library
from bot.flow.ports import Mood
from bot.flow.run_remedy import run_remedy
from bot.flow.world import World
from bot.incidents.incident import Incident
from bot.playbooks.collection import Playbooks
from bot.playbooks.match import Matcher
from bot.playbooks.model import Playbook
from bot.playbooks.platform import Platform
from bot.remediation.remedy import Command, Draft, Verification
from tests.flow.memory import MemoryAlerts, MemoryAudit, MemoryFindings, MemoryIncidents, MemoryPlans

START = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
PLAYBOOK = """
id: extraction_blocked
title: Extraction of {{ table }} is blocked
severity: P1
status: stable
aliases: [blocked]
owner: data-platform
summary: A session holds a lock. The marts are late.
match: {any: ['extraction of (?P<table>[a-z_]+) timed out']}
entities: {table: {type: table}}
group_by: [table]
diagnostics:
  locks: {probe: db.locks, with: {table: "{{ table }}"}}
  holder: {probe: db.session, with: {pid: "{{ locks.pid }}"}}
  load: {probe: db.load}
steps:
  - title: Who holds the lock
    show: [locks, holder]
    text: "{{ locks.pid }} holds it, of {{ holder.user }}"
    offer: [cancel]
  - {title: How busy is the database, show: [load], text: "{{ load.sessions }} sessions", offer: [quota, both]}
remedies:
  cancel:
    remedy: db.cancel
    label: Cancel {{ locks.pid }}
    with: {pid: "{{ locks.pid }}"}
    when: locks.pid > 0
    verify: {again: locks, expect: result.pid == 0, within: 60s}
  quota:
    remedy: db.set_quota
    label: Raise the quota
    with: {quota: 150, why: too low}
    inputs: {quota: {type: number, label: Quota, min: 100, max: 200}, why: {type: text, label: Why}}
    approve: two_people
  both: {remedy: db.two_commands, label: Do both}
examples: [{match: extraction of orders timed out}, {match: extraction of items timed out}, {ignore: all is well}]
"""


class Killed(BaseException):
    """The process was killed here; nothing of it runs any more."""


@dataclass
class Fuse:
    """Kills the process at the n-th touch of the outside, and everything that touches it later."""

    left: int | None = None
    touched: list[str] = field(default_factory=list)

    def touch(self, what: str) -> None:
        """Raise Killed when it is time."""
        self.touched.append(what)
        if self.left is not None:
            if self.left <= 0:
                raise Killed(what)
            self.left -= 1


class Fragile:
    """A port at which the process may be killed: just before a call has its effect, and just after."""

    def __init__(self, port: Any, name: str, fuse: Fuse) -> None:
        self._port, self._name, self._fuse = port, name, fuse

    def __getattr__(self, method: str) -> Any:
        call = getattr(self._port, method)
        if not asyncio.iscoroutinefunction(call):
            return call

        async def called(*arguments: Any, **named: Any) -> Any:
            self._fuse.touch(f"before {self._name}.{method}")
            result = await call(*arguments, **named)
            await asyncio.sleep(0)
            self._fuse.touch(f"after {self._name}.{method}")
            return result

        return called


@dataclass
class FakeClock:
    """A clock that only tests move."""

    at: datetime = START

    def now(self) -> datetime:
        """See the port."""
        return self.at

    def pass_by(self, **time: float) -> None:
        """Let this much time pass."""
        self.at += timedelta(**time)


@dataclass
class FakeDesk:
    """Slack as the flow sees it. `threads` hold the cards by their ts; `shown` every state they were in."""

    cards: dict[str, Card] = field(default_factory=dict)
    shown: list[Card] = field(default_factory=list)
    marks: dict[str, list[Mood]] = field(default_factory=dict)
    headlines: list[str] = field(default_factory=list)
    is_down: bool = False
    number: Any = field(default_factory=lambda: itertools.count(1))

    async def show(self, card: Card) -> str:
        """See the port."""
        await self._answer()
        ts = card.incident.card_ts or f"2.{next(self.number):06}"
        self.cards[ts] = card
        self.shown.append(card)
        return ts

    async def find(self, incident: Incident) -> str:
        """See the port."""
        await self._answer()
        return next((ts for ts, card in self.cards.items() if card.incident.id == incident.id), "")

    async def mark(self, channel: str, ts: str, mood: Mood) -> None:
        """See the port."""
        await self._answer()
        self.marks.setdefault(ts, []).append(mood)

    async def tell(self, person: str, channel: str, thread_ts: str, text: str) -> None:
        """See the port."""
        await self._answer()

    async def open_thread(self, channel: str, text: str) -> str:
        """See the Headlines port."""
        await self._answer()
        self.headlines.append(text)
        return f"3.{len(self.headlines):06}"

    async def _answer(self) -> None:
        await asyncio.sleep(0)  # others get their turn while Slack answers
        if self.is_down:
            raise Unreachable("Slack", "it did not answer")

    @property
    def card(self) -> Card:
        """The only card, as it stands now."""
        (card,) = self.cards.values()
        return card

    @property
    def steps(self) -> list[str]:
        """The texts under the only card's steps."""
        return [step.text or "; ".join(step.unread) or step.state.value for step in self.card.reply.steps]


@dataclass(frozen=True)
class Locks:
    """Facts of db.locks; 0 when nobody holds the lock."""

    pid: int


@dataclass(frozen=True)
class Session:
    """Facts of db.session."""

    user: str


@dataclass(frozen=True)
class Load:
    """Facts of db.load."""

    sessions: int


@dataclass
class FakeSystems:
    """One database with a session that holds a lock. Tests set its state, and what reads and changes do."""

    pid: int = 7
    quota: int = 100
    is_connected: bool = True
    helps: bool = True
    performed: list[str] = field(default_factory=list)
    on_read: dict[str, Callable[[], Awaitable[Any]]] = field(default_factory=dict)
    on_perform: Callable[[Command], Awaitable[Any]] | None = None
    deadline_s: float = 60.0
    asked: list[tuple[str, Mapping[str, Any], Scope]] = field(default_factory=list)

    def deadline_of(self, probe: str) -> float:
        """See the port."""
        return self.deadline_s

    async def read(self, probe: str, arguments: Mapping[str, Any], scope: Scope) -> Any:
        """See the port."""
        self.asked.append((probe, arguments, scope))
        if probe in self.on_read:
            await self.on_read[probe]()
        return {"db.locks": Locks(self.pid), "db.session": Session("SVC_LOADER"), "db.load": Load(12)}[probe]

    async def draft(self, remedy: str, arguments: Mapping[str, Any], scope: Scope) -> Draft:
        """See the port."""
        await asyncio.sleep(0)
        if not self.is_connected:
            raise NotConnected("Shop database")
        if remedy == "db.set_quota":
            command = Command("quota", f"SET quota = {arguments['quota']}", {"from": self.quota, **arguments})
            return Draft("shop", (command,), "one setting", f"SET quota = {self.quota}")
        if remedy == "db.two_commands":
            return Draft("shop", (Command("cancel", "first"), Command("cancel", "second")), "two")
        if "pid" not in arguments:
            what = " ".join(map(str, arguments.values()))
            return Draft("elsewhere", (Command("run", f"{remedy} {what}"),), "one thing")
        if self.pid != int(arguments["pid"]):
            return Draft("shop", (), "", note="That session is gone.")
        check = Verification("db.locks", {}, "result.pid == 0", 60.0)
        command = Command("cancel", f"SELECT pg_cancel_backend({self.pid})", {"pid": self.pid})
        return Draft("shop", (command,), "cancels 1 query", verification=check)

    async def perform(self, remedy: str, command: Command, scope: Scope) -> str:
        """See the port. As real remedies do, it acts only where its arguments still hold."""
        await asyncio.sleep(0)
        if self.on_perform:
            await self.on_perform(command)
        if command.operation == "cancel" and command.arguments and self.pid != command.arguments["pid"]:
            return "it was cancelled already"
        self.performed.append(command.text)
        if self.helps and remedy == "db.cancel":
            self.pid = 0
        return "cancelled"


@dataclass
class FakePeople:
    """Who is on call."""

    calls: frozenset[str] = frozenset({"UCALL"})
    lead: frozenset[str] = frozenset({"ULEAD"})

    async def on_call(self) -> frozenset[str]:
        """See the port."""
        return self.calls

    async def leads(self) -> frozenset[str]:
        """See the port."""
        return self.lead


@dataclass
class MemoryDurable:
    """What is recorded of one run; sleeping moves the clock."""

    clock: FakeClock
    fuse: Fuse
    recorded: dict[str, str] = field(default_factory=dict)

    async def step(self, name: str, work: Callable[[], Awaitable[str]]) -> str:
        """Run, then record: killed in between, it runs again."""
        if name not in self.recorded:
            result = await work()
            self.fuse.touch(f"unrecorded {name}")
            self.recorded[name] = result
        return self.recorded[name]

    async def sleep(self, seconds: float) -> None:
        """The time passes at once."""
        self.clock.pass_by(seconds=seconds)
        await asyncio.sleep(0)


@dataclass
class FakeEngine:
    """Runs a started remedy at once, in its own task; the same plan twice is one run. `runs` survive a restart."""

    runs: dict[str, MemoryDurable] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    is_held: bool = False
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    world: World | None = None
    fuse: Fuse = field(default_factory=Fuse)

    async def start_remedy(self, plan: str) -> None:
        """See the port."""
        assert self.world is not None
        if plan not in self.runs:
            self.runs[plan] = MemoryDurable(self.world.clock, self.fuse)  # type: ignore[arg-type]
        if plan not in self.tasks and not self.is_held:
            self.tasks[plan] = asyncio.create_task(self._run(plan))
            await asyncio.sleep(0)

    async def _run(self, plan: str) -> None:
        assert self.world is not None
        if plan in self.done:
            return
        self.runs[plan].fuse = self.fuse
        await run_remedy(plan, self.world, self.runs[plan])
        self.done.add(plan)

    async def finish(self) -> None:
        """Wait until every run came to its end, or raise what ended it."""
        await asyncio.gather(*self.tasks.values())


def a_library(text: str = PLAYBOOK) -> Library:
    """The playbook of this world, for real."""
    playbook = Playbook.model_validate(yaml.safe_load(text))
    playbooks = Playbooks(MappingProxyType({playbook.id: playbook}), Platform(name="Shop", channels=("alerts",)))
    return Library(playbooks, Matcher([playbook]))


class FakeWorld:
    """One bot process over things that outlive it. `restart()` is the next process over the same things."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.desk = FakeDesk()
        self.audit = MemoryAudit()
        self.incidents = MemoryIncidents(audit=self.audit)
        self.findings = MemoryFindings()
        self.plans = MemoryPlans(self.audit)
        self.systems = FakeSystems()
        self.people = FakePeople()
        self.engine = FakeEngine()
        self.library = a_library()
        self.ids = itertools.count(1)
        self.restart()

    def restart(self, kill_at: int | None = None) -> World:
        """A new process; it is killed when it touches the outside for the n-th time."""
        self.fuse = fuse = Fuse(kill_at)
        self.engine.tasks = {}
        self.engine.fuse = fuse

        def fragile(port: Any, name: str) -> Any:
            return Fragile(port, name, fuse)

        self.world = World(
            clock=self.clock,
            desk=fragile(self.desk, "desk"),
            headlines=fragile(self.desk, "headlines"),
            incidents=fragile(self.incidents, "incidents"),
            alerts=fragile(MemoryAlerts(self.incidents), "alerts"),
            findings=fragile(self.findings, "findings"),
            plans=fragile(self.plans, "plans"),
            audit=fragile(self.audit, "audit"),
            systems=fragile(self.systems, "systems"),
            people=fragile(self.people, "people"),
            engine=fragile(self.engine, "engine"),
            library=lambda: self.library,
            new_id=lambda kind: f"{kind}-{next(self.ids)}",
        )
        self.engine.world = self.world
        return self.world

    @property
    def incident(self) -> Incident:
        """The only incident, as it is kept now."""
        (incident,) = self.incidents.rows.values()
        return incident

    @property
    def actions(self) -> list[str]:
        """The audit log's actions, in order."""
        return [entry.action for entry in self.audit.entries]


def an_alert(ts: str = "1.000001", table: str = "orders") -> Alert:
    """The alert that the playbook knows."""
    return Alert(f"extraction of {table} timed out", "C1", ts, author="BAIRFLOW")
