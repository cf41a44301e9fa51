"""What connected systems do with answers: secrets are hidden, equal reads shared until a change, the rest derived."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.diagnostics.derivations import DERIVATIONS
from bot.diagnostics.probe import Probe, Scope
from bot.errors import EntityError, IntegrationError, UnknownName
from bot.flow.integration import Integration
from bot.integrations.connected import DERIVED_IN_S, ConnectedSystems
from bot.integrations.shared_reads import SharedReads
from bot.remediation.remedy import Command, Draft, Remedy
from tests.flow.world import START

SCOPE = Scope("inc-1", START, 60.0)
SECRET = "token=hunter2hunter2"
CANCEL = Command("cancel", "cancel 7")


@dataclass(frozen=True)
class Arguments:
    """What the probe and the remedy take."""

    pids: tuple[int, ...] = (7,)


@dataclass(frozen=True)
class Facts:
    """What the probe sees: a text, and one further down."""

    text: str = ""
    lines: tuple[str, ...] = ()


@dataclass
class Shop:
    """A system that counts its reads and says what it is told to."""

    reads: list[Any] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    fails: bool = False

    def read(self, _client: object, arguments: Arguments, scope: Scope) -> Facts:
        self.reads.append(arguments)
        self.scopes.append(scope)
        return Facts(SECRET, (f"read {len(self.reads)} times", SECRET))

    def perform(self, _client: object, _command: Command, scope: Scope) -> str:
        self.scopes.append(scope)
        if self.fails:
            raise IntegrationError("shop", "no")
        return f"done with {SECRET}"

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def shop() -> Shop:
    """A system."""
    return Shop()


@pytest.fixture
def systems(shop: Shop) -> Iterator[ConnectedSystems]:
    """It, connected; time stands still."""
    probe: Probe[Any, Arguments, Facts] = Probe("shop.look", "", Arguments, Facts, shop.read, Facts(), Facts(), 7.0)
    remedy: Remedy[Any, Arguments, Facts] = Remedy(
        "shop.cancel",
        "",
        Arguments,
        Facts,
        shop.read,
        lambda *_: Draft("x", (), ""),
        shop.perform,
        Facts(),
        Facts(),
        9.0,
    )
    integration: Integration[Any] = Integration(
        "shop", "Shop", lambda _: shop, lambda _: shop, (probe,), "shop.look", (remedy,)
    )
    made = ConnectedSystems([integration], {}, SharedReads(lambda: 100.0))
    yield made
    made.close()


async def test_no_fact_holds_a_secret(systems: ConnectedSystems) -> None:
    """However deep it stands: whoever wrote the probe may have forgotten one."""
    facts = await systems.read("shop.look", {}, SCOPE)
    assert facts == Facts("token=•••", ("read 1 times", "token=•••"))


async def test_what_a_system_says_of_a_change_holds_no_secret_either(systems: ConnectedSystems) -> None:
    """It goes to the card and to the audit log."""
    assert await systems.perform("shop.cancel", CANCEL, SCOPE) == "done with token=•••"


@pytest.mark.parametrize(
    ("first", "second", "reads"),
    [
        ({}, {"pids": [7]}, 1),
        ({"pids": ["7"]}, {"pids": (7,)}, 1),
        ({"pids": [7, 8]}, {"pids": [8, 7]}, 2),
        ({}, {"pids": []}, 2),
    ],
)
async def test_equal_is_what_the_arguments_mean(
    systems: ConnectedSystems, shop: Shop, first: dict[str, Any], second: dict[str, Any], reads: int
) -> None:
    """Not how a playbook wrote them; lists are no keys of a dictionary, and are compared all the same."""
    for arguments in (first, second):
        await systems.read("shop.look", arguments, SCOPE)
    assert len(shop.reads) == reads


async def test_another_cap_is_another_read(systems: ConnectedSystems, shop: Shop) -> None:
    """Ten rows are not the answer to who asks for fifty."""
    for cap in (10, 50):
        await systems.read("shop.look", {}, replace(SCOPE, row_cap=cap))
    assert len(shop.reads) == 2


@pytest.mark.parametrize("fails", [False, True])
async def test_after_a_change_everybody_reads_anew(systems: ConnectedSystems, shop: Shop, fails: bool) -> None:
    """One that failed may have changed something all the same."""
    await systems.read("shop.look", {}, SCOPE)
    shop.fails = fails
    if fails:
        with pytest.raises(IntegrationError):
            await systems.perform("shop.cancel", CANCEL, SCOPE)
    else:
        await systems.perform("shop.cancel", CANCEL, SCOPE)
    assert (await systems.read("shop.look", {}, SCOPE)).lines[0] == "read 2 times"


async def test_a_remedy_has_its_own_time(systems: ConnectedSystems, shop: Shop) -> None:
    """Not that of the diagnosis that offered it; it never plans on what was read before."""
    await systems.read("shop.look", {}, replace(SCOPE, deadline_s=2.0))
    await systems.draft("shop.cancel", {}, replace(SCOPE, deadline_s=2.0))
    await systems.perform("shop.cancel", CANCEL, replace(SCOPE, deadline_s=2.0))
    assert [scope.deadline_s for scope in shop.scopes] == [2.0, 9.0, 9.0]
    assert len(shop.reads) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"pid": 7, "who": 1}, r"^shop\.look knows no argument pid, who$"),
        (
            {"pids": ["x"]},
            r"^shop\.look was given arguments of the wrong shape: pids\.0: Input should be a valid integer",
        ),
        ({"pids": 7}, r"^shop\.look was given arguments of the wrong shape: pids: Input should be a valid tuple"),
    ],
)
async def test_wrong_arguments_are_told_by_name(
    systems: ConnectedSystems, shop: Shop, arguments: dict[str, Any], words: str
) -> None:
    """Before any thread is taken."""
    with pytest.raises(EntityError, match=words):
        await systems.read("shop.look", arguments, SCOPE)
    assert shop.reads == []


async def test_a_derivation_is_read_like_a_probe(systems: ConnectedSystems) -> None:
    """It asks no system, so it needs no connection; its arguments are checked as well."""
    one = DERIVATIONS[0]
    assert systems.deadline_of(one.name) == DERIVED_IN_S
    with pytest.raises(EntityError, match=f"^{one.name} knows no argument nonsense$"):
        await systems.read(one.name, {"nonsense": 1}, SCOPE)


def test_a_probes_own_time_is_told(systems: ConnectedSystems) -> None:
    """One that nobody knows is a misspelling."""
    assert systems.deadline_of("shop.look") == 7.0
    with pytest.raises(UnknownName, match=r"There is no probe `shop\.lock`\. Did you mean shop\.look"):
        systems.deadline_of("shop.lock")


def test_only_systems_with_settings_are_checked(shop: Shop, systems: ConnectedSystems) -> None:
    """An absent one is not broken."""
    absent: Integration[Any] = Integration("gone", "Gone", lambda _: None, lambda _: None, (), "gone.check", ())
    assert systems.checks == ("shop.look",)
    other = ConnectedSystems([absent], {})
    assert other.checks == ()
    other.close()
