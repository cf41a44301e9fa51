"""The connected systems: each in its own threads, each call with a deadline, nothing waits without bound."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.diagnostics.probe import Probe, Scope
from bot.errors import EntityError, NotConnected, RemedyRefused, UnknownName, Unreachable
from bot.flow.integration import Integration
from bot.integrations.connected import WAITING_PER_THREAD, ConnectedSystems
from bot.integrations.shared_reads import SharedReads
from bot.remediation.remedy import Command, Draft, Remedy
from tests.flow.world import START

SCOPE = Scope("inc-1", START, 60.0)
HASTY = replace(SCOPE, deadline_s=0.2)


@dataclass(frozen=True)
class Arguments:
    """What the fake probe and remedy take."""

    pid: int = 7


@dataclass
class Client:
    """A client that blocks while its gate is shut, as a driver does on a slow system."""

    name: str
    gate: threading.Event
    log: list[str]
    is_closed: bool = False

    def call(self, what: str) -> str:
        """Wait for the gate, then say which thread ran this."""
        self.log.append(f"{what} begun")
        assert self.gate.wait(600)
        self.log.append(what)
        return f"{what} as {self.name} on {threading.current_thread().name.split('_')[0]}"

    def close(self) -> None:
        """See Integration."""
        self.is_closed = True


def plan(arguments: Arguments, state: str, scope: Scope) -> Draft:
    """A draft that tells what was read."""
    if arguments.pid == 13:
        raise RemedyRefused("not this one")
    return Draft(state, (Command("cancel", f"cancel {arguments.pid}"),), "one")


class System:
    """A fake technology; its two clients, and the gate that makes it slow."""

    def __init__(self, name: str, threads: int = 2, deadline_s: float = 60.0) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.log: list[str] = []
        self.clients: list[Client] = []
        self.name, self.threads, self.deadline_s = name, threads, deadline_s

    def connect(self, role: str) -> Callable[[Mapping[str, str]], Client | None]:
        """Connects where the environment names the system."""

        def connected(environment: Mapping[str, str]) -> Client | None:
            if f"{self.name}_{role}" not in environment:
                return None
            self.clients.append(Client(role, self.gate, self.log))
            return self.clients[-1]

        return connected

    @property
    def integration(self) -> Integration[Client]:
        """The technology as a folder brings it."""
        probe: Probe[Client, Arguments, str] = Probe(
            f"{self.name}.locks", "", Arguments, str, lambda c, a, s: c.call(f"read {a.pid}"), "x", "", self.deadline_s
        )
        remedy: Remedy[Client, Arguments, str] = Remedy(
            f"{self.name}.cancel",
            "",
            Arguments,
            str,
            lambda c, a, s: c.call("state"),
            plan,
            lambda c, command, s: c.call(command.text),
            "x",
            "",
            self.deadline_s,
        )
        return Integration(
            self.name,
            self.name.title(),
            self.connect("read"),
            self.connect("change"),
            (probe,),
            probe.name,
            (remedy,),
            self.threads,
        )


@pytest.fixture
def shop() -> Iterator[System]:
    """A connected system."""
    system = System("shop")
    yield system
    system.gate.set()


Connect = Callable[..., ConnectedSystems]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Connects systems with both clients, and closes them at the end."""
    made: list[ConnectedSystems] = []

    def connected(*systems: System, without: str = "") -> ConnectedSystems:
        names = {f"{system.name}_{role}": "1" for system in systems for role in ("read", "change")}
        names.pop(without, None)
        now = 100.0  # what was read stays new
        made.append(ConnectedSystems([system.integration for system in systems], names, SharedReads(lambda: now)))
        return made[-1]

    yield connected
    for one in made:
        one.close()


async def test_a_probe_reads_with_the_read_client_in_the_systems_own_threads(shop: System, connect: Connect) -> None:
    """Typed arguments in, facts out; the deadline is the probe's own."""
    systems = connect(shop)
    assert await systems.read("shop.locks", {"pid": "8"}, SCOPE) == "read 8 as read on shop"
    assert systems.deadline_of("shop.locks") == 60.0


async def test_only_performing_gets_the_change_client(shop: System, connect: Connect) -> None:
    """Planning reads with the read client; nothing else is ever handed the other."""
    systems = connect(shop)
    draft = await systems.draft("shop.cancel", {"pid": 8}, SCOPE)
    assert (draft.target, draft.commands[0].text) == ("state as read on shop", "cancel 8")
    assert await systems.perform("shop.cancel", draft.commands[0], SCOPE) == "cancel 8 as change on shop"


async def test_a_plan_that_is_refused_says_so(shop: System, connect: Connect) -> None:
    """The remedy's own refusal comes through."""
    with pytest.raises(RemedyRefused, match="not this one"):
        await connect(shop).draft("shop.cancel", {"pid": 13}, SCOPE)


@pytest.mark.parametrize("arguments", [{"pid": "seven"}, {"pid": None}, {"pid": []}])
async def test_arguments_of_the_wrong_shape_reach_no_system(
    shop: System, connect: Connect, arguments: dict[str, Any]
) -> None:
    """Told with the argument's name; nothing is called."""
    systems = connect(shop)
    with pytest.raises(EntityError, match="pid"):
        await systems.read("shop.locks", arguments, SCOPE)
    with pytest.raises(EntityError, match="pid"):
        await systems.draft("shop.cancel", arguments, SCOPE)
    assert shop.log == []


async def test_a_misspelt_argument_is_refused(shop: System, connect: Connect) -> None:
    """An argument that the probe does not know is not dropped: the probe's default would read something else."""
    with pytest.raises(EntityError, match="pdi"):
        await connect(shop).read("shop.locks", {"pdi": 8}, SCOPE)


async def test_a_system_without_settings_is_absent(shop: System, connect: Connect) -> None:
    """Its probes and remedies are known, and say "not connected"."""
    systems = ConnectedSystems([shop.integration], {})
    for call in (
        systems.read("shop.locks", {}, SCOPE),
        systems.draft("shop.cancel", {}, SCOPE),
        systems.perform("shop.cancel", Command("cancel", "x"), SCOPE),
    ):
        with pytest.raises(NotConnected):
            await call
    systems.close()


async def test_without_a_change_client_nothing_is_planned(shop: System, connect: Connect) -> None:
    """A read-only installation reads; it does not offer plans that it could not run."""
    systems = connect(shop, without="shop_change")
    assert await systems.read("shop.locks", {}, SCOPE)
    with pytest.raises(NotConnected):
        await systems.draft("shop.cancel", {}, SCOPE)


async def test_unknown_names_say_what_was_meant(shop: System, connect: Connect) -> None:
    """A playbook's misspelling is told with the nearest name."""
    systems = connect(shop)
    with pytest.raises(UnknownName, match=r"Did you mean shop\.locks"):
        await systems.read("shop.lock", {}, SCOPE)
    with pytest.raises(UnknownName, match="remedy"):
        await systems.perform("nowhere.cancel", Command("cancel", "x"), SCOPE)


async def test_a_driver_that_hangs_is_given_up(shop: System, connect: Connect) -> None:
    """While it still hangs, with a reason that says how long was waited."""
    systems = connect(shop)
    shop.gate.clear()
    with pytest.raises(Unreachable, match=r"did not answer within 0\.2 s"):
        await systems.read("shop.locks", {}, HASTY)
    assert shop.log == ["read 7 begun"]


async def test_a_slow_system_does_not_hold_up_another(shop: System, connect: Connect) -> None:
    """Every thread of one hangs; the other answers at once, and so does the event loop."""
    other = System("dwh")
    systems = connect(shop, other)
    shop.gate.clear()
    slow = [begin_read(systems, pid) for pid in range(6)]
    await until(lambda: len(shop.log) == shop.threads)
    assert await systems.read("dwh.locks", {}, SCOPE) == "read 7 as read on dwh"
    assert not any(read.done() for read in slow)
    shop.gate.set()
    await asyncio.gather(*slow)


def begin_read(systems: ConnectedSystems, pid: int, scope: Scope = SCOPE) -> asyncio.Task[Any]:
    """A read of its own: equal ones are shared."""
    return asyncio.create_task(systems.read("shop.locks", {"pid": pid}, scope))


async def until(is_so: Callable[[], object]) -> None:
    """Return once it is so."""
    async with asyncio.timeout(60):
        while not is_so():  # noqa: ASYNC110 - other threads make it so, and have no event to set
            await asyncio.sleep(0.005)


async def until_queued() -> None:
    """Let the reads that were begun come to where they wait for a thread: it takes no time, only turns of the loop."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_equal_reads_are_one_read(shop: System, connect: Connect) -> None:
    """Whoever asks while it is under way, or a moment later; a change in between ends that."""
    systems = connect(shop)
    await asyncio.gather(*(systems.read("shop.locks", {"pid": 8}, SCOPE) for _ in range(50)))
    await systems.read("shop.locks", {"pid": "8"}, SCOPE)
    assert shop.log == ["read 8 begun", "read 8"]
    await systems.perform("shop.cancel", Command("cancel", "cancel 8"), SCOPE)
    await systems.read("shop.locks", {"pid": 8}, SCOPE)
    await systems.read("shop.locks", {"pid": 8}, replace(SCOPE, is_fresh=True))
    assert shop.log.count("read 8") == 3


async def test_more_calls_than_can_wait_are_refused_at_once(connect: Connect) -> None:
    """A storm does not queue hours of reads; when the system answers again, calls are taken again."""
    system = System("shop", threads=1)
    systems = connect(system)
    system.gate.clear()
    waiting = [begin_read(systems, pid) for pid in range(WAITING_PER_THREAD)]
    await until_queued()
    with pytest.raises(Unreachable, match="too many"):
        await begin_read(systems, 100)
    system.gate.set()
    await asyncio.gather(*waiting)
    assert await begin_read(systems, 101)


async def test_a_hanging_driver_keeps_its_place(connect: Connect) -> None:
    """Callers that gave up do not make room for more calls on a system whose threads still hang."""
    system = System("shop", threads=1)
    systems = connect(system)
    system.gate.clear()
    with pytest.raises(Unreachable, match="did not answer"):
        await systems.read("shop.locks", {}, HASTY)
    waiting = [begin_read(systems, pid) for pid in range(100, 99 + WAITING_PER_THREAD)]
    await until_queued()
    with pytest.raises(Unreachable, match="too many"):
        await begin_read(systems, 200)
    system.gate.set()
    await asyncio.gather(*waiting)


async def test_a_change_that_was_given_up_while_it_waited_is_never_made(connect: Connect) -> None:
    """It was told as failed: it must not happen minutes later, when the system answers again."""
    system = System("shop", threads=1, deadline_s=HASTY.deadline_s)
    systems = connect(system)
    system.gate.clear()
    reading = begin_read(systems, 7, HASTY)
    await until(lambda: system.log)
    change = systems.perform("shop.cancel", Command("cancel", "cancel 7"), SCOPE)
    failures = await asyncio.gather(reading, change, return_exceptions=True)
    assert [type(failure) for failure in failures] == [Unreachable, Unreachable]
    system.gate.set()
    assert await systems.read("shop.locks", {"pid": 9}, SCOPE)
    assert system.log == ["read 7 begun", "read 7", "read 9 begun", "read 9"]


async def test_a_read_that_nobody_waits_for_any_more_is_not_made(connect: Connect) -> None:
    """The diagnosis was stopped while its read stood in the queue."""
    system = System("shop", threads=1)
    systems = connect(system)
    system.gate.clear()
    first = asyncio.create_task(systems.read("shop.locks", {}, SCOPE))
    await until(lambda: system.log)
    second = begin_read(systems, 8)
    await until_queued()
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    await until_queued()
    system.gate.set()
    await first
    assert await systems.read("shop.locks", {"pid": 9}, SCOPE)
    assert "read 8" not in system.log


async def test_an_error_of_the_system_comes_through(shop: System, connect: Connect) -> None:
    """As the integration raised it."""
    systems = connect(shop)
    shop.gate.wait = lambda timeout=None: False  # type: ignore[method-assign]
    with pytest.raises(AssertionError):
        await systems.read("shop.locks", {}, SCOPE)


async def test_closing_closes_both_clients_even_while_a_driver_hangs(shop: System, connect: Connect) -> None:
    """The bot's end does not wait for a system that does not answer."""
    systems = connect(shop)
    shop.gate.clear()
    hanging = asyncio.create_task(systems.read("shop.locks", {}, SCOPE))
    await until(lambda: shop.log)
    systems.close()
    assert shop.log == ["read 7 begun"]
    assert [client.is_closed for client in shop.clients] == [True, True]
    shop.gate.set()
    await hanging
