"""Does a warehouse run, and which of them fit a pattern?"""

from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import NotFound
from bot.integrations.snowflake.client import CATALOGUE_CAP
from bot.integrations.snowflake.probes.warehouses import (
    SHOW_WAREHOUSES,
    WarehouseArguments,
    WarehousesArguments,
    find_warehouse,
    read_warehouse,
    read_warehouses,
    warehouses_from,
)
from tests.integrations.snowflake.builders import snowflake, warehouse


@pytest.mark.parametrize(
    ("state", "is_suspended"),
    [("SUSPENDED", True), ("suspending", True), ("STARTED", False), ("RESUMING", False), (None, False)],
)
def test_suspended_is_also_what_is_about_to_be(state: Any, is_suspended: bool) -> None:
    """A warehouse that resumes is not."""
    found = find_warehouse([warehouse(state=state)], "loading_wh")
    assert found is not None
    assert found.is_suspended is is_suspended


@pytest.mark.parametrize(
    ("like", "names"),
    [
        ("%", ["LOADING_WH", "LOADINGXWH", "A.B"]),
        ("%_WH", ["LOADING_WH", "LOADINGXWH"]),  # _ is any letter, as SHOW has it
        ("loading%", ["LOADING_WH", "LOADINGXWH"]),
        ("A.B", ["A.B"]),
        ("A_B", ["A.B"]),
        (".*", []),
        ("", []),
    ],
)
def test_a_pattern_is_sqls_and_no_other(like: str, names: list[str]) -> None:
    """% and _ stand for anything, all else for itself."""
    rows = [warehouse(name) for name in ("LOADING_WH", "LOADINGXWH", "A.B")]
    found = warehouses_from(rows, like, 50)
    assert [one.name for one in found.warehouses] == names
    assert found.count == len(names)


def test_a_warehouse_that_is_not_there_is_told_cut_short(scope: Scope) -> None:
    """Part of a name is not the name."""
    client = snowflake({SHOW_WAREHOUSES: [warehouse()]})
    assert read_warehouse(client, WarehouseArguments(" loading_WH "), scope).auto_suspend_s == 60
    with pytest.raises(
        NotFound, match=f"^snowflake: there is no warehouse {'x' * 60}, or the bot's role may not see it$"
    ):
        read_warehouse(client, WarehouseArguments("x" * 900), scope)
    with pytest.raises(NotFound):
        read_warehouse(client, WarehouseArguments("LOADING"), scope)


def test_every_warehouse_is_read_and_as_many_as_the_cap_are_told(scope: Scope) -> None:
    """The one that fits may be the last of hundreds."""
    client = snowflake({SHOW_WAREHOUSES: [warehouse(f"W{number}", "SUSPENDED") for number in range(200)]})
    found = read_warehouses(client, WarehousesArguments("W1%"), scope)
    assert (found.count, len(found.suspended)) == (50, 50)
    assert [one.cap for one in client.asked] == [CATALOGUE_CAP]


def test_a_row_that_says_little_is_read() -> None:
    """Versions of SHOW differ in their columns."""
    found = find_warehouse([{"name": "W", "state": "STARTED"}], "w")
    assert found is not None
    assert (found.size, found.queued, found.auto_resume, found.resource_monitor) == ("", 0, False, "")
