"""How many slots each pool has, and which pools starve."""

from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.integrations.airflow.probes.pools import PoolsArguments, pools_from, read_pools
from tests.integrations.airflow.builders import airflow


def pool(name: str = "p", slots: int = 2, **more: int | None) -> dict[str, Any]:
    """A row of the pools."""
    return {"name": name, "slots": slots, **more}


@pytest.mark.parametrize(
    ("slots", "opened", "waiting", "is_starving"),
    [
        (2, 0, 1, True),
        (2, -1, 1, True),  # somebody made the pool smaller while it was full
        (2, 1, 1, False),
        (2, 0, 0, False),
        (0, 0, 1, True),  # a pool of no slots: nothing ever runs in it
        (-1, 0, 9, False),  # without a limit
    ],
)
def test_a_pool_starves_when_nothing_is_open_and_somebody_waits(
    slots: int, opened: int, waiting: int, is_starving: bool
) -> None:
    """Each of the three counts."""
    found = pools_from([pool(slots=slots, open_slots=opened, scheduled_slots=waiting)])
    assert found.pools[0].is_starving is is_starving
    assert found.starving == (("p",) if is_starving else ())


def test_open_slots_add_up_without_debts() -> None:
    """What one pool has too few of, another cannot lend."""
    found = pools_from([pool("a", open_slots=-3), pool("b", open_slots=4), pool("c", open_slots=None)])
    assert (found.open, found.waiting) == (4, 0)


def test_those_with_most_waiting_come_first_after_the_starving() -> None:
    """Then by name."""
    rows = [pool("z"), pool("a"), pool("busy", scheduled_slots=9, open_slots=1), pool("full", scheduled_slots=1)]
    assert [one.name for one in pools_from(rows).pools] == ["full", "busy", "a", "z"]


def test_as_many_as_the_cap_are_asked_for(scope: Scope) -> None:
    """And no more."""
    client = airflow(get_pools={"pools": [pool()], "total_entries": 1})
    assert read_pools(client, PoolsArguments(), scope).pools[0].slots == 2
    assert client.arguments_of("get_pools") == {"limit": 50}
