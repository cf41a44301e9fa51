"""The parts there are: what a choice of them brings along, and how each one is to be started."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.catalog import PARTS, describe_parts, forget_earlier
from bot.sandbox.errors import SandboxError
from bot.sandbox.part import PORT_NAMES, Context

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def context(tmp_path: Path) -> Context:
    """A state on ports that nobody listens on."""
    return Context(tmp_path, REPOSITORY, tmp_path / "environments", {name: n for n, name in enumerate(PORT_NAMES, 1)})


CHOICES = [
    ((), []),
    (("slack",), ["slack"]),
    (("dashboard",), ["warehouse", "dashboard"]),
    (("dashboard", "warehouse", "dashboard"), ["warehouse", "dashboard"]),
    (("warehouse", "slack"), ["slack", "warehouse"]),
]


@pytest.mark.parametrize(("names", "described"), CHOICES)
def test_a_choice_brings_what_it_depends_on(context: Context, names: tuple[str, ...], described: list[str]) -> None:
    """Each part once, in the catalogue's order, with those it cannot start without."""
    assert [part.name for part in describe_parts(context, names)] == described


def test_everything_that_is_depended_on_is_described(context: Context) -> None:
    """No part waits for one that is never started, and none for itself, over any number of steps."""
    ready: set[str] = set()
    left = {part.name: set(part.depends_on) for part in describe_parts(context, PARTS)}
    while left:
        able = {name for name, needed in left.items() if needed <= ready}
        assert able, f"these wait for each other: {left}"
        ready |= able
        left = {name: needed for name, needed in left.items() if name not in able}
    assert ready == set(PARTS)


def test_unknown_parts_are_named_with_the_known_ones(context: Context) -> None:
    """All that are unknown, sorted, and what there is."""
    with pytest.raises(SandboxError) as caught:
        describe_parts(context, ["slack", "redis", "kafka"])
    assert str(caught.value) == f"there is no part kafka, redis: the parts are {', '.join(PARTS)}"


@pytest.mark.parametrize("name", PARTS)
def test_a_part_runs_in_its_own_environment(context: Context, name: str) -> None:
    """Its own interpreter, module, port and folder; the environment's lock is in the repository."""
    (part,) = (one for one in describe_parts(context, [name]) if one.name == name)
    assert part.command[:3] == (str(context.python(name)), "-m", f"bot.sandbox.{name}")
    assert str(context.port(name)) in part.command
    locks = REPOSITORY / "bot" / "sandbox" / "requirements"
    assert all((locks / f"{one}.txt").exists() for one in (part.environment, *part.also_needs) if one)


def test_an_earlier_run_is_forgotten(context: Context) -> None:
    """The folder is empty and private afterwards."""
    folder = context.folder("slack")
    (folder / "files").mkdir(parents=True)
    (folder / "workspace.json").write_text("{}")
    forget_earlier(context, "slack")
    assert (list(folder.iterdir()), folder.stat().st_mode & 0o777) == ([], 0o700)
