"""snowflake.warehouse and snowflake.warehouses: does it run, and what is queued on it?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.diagnostics.probe import Probe, Scope
from bot.errors import NotFound
from bot.integrations.snowflake.client import CATALOGUE_CAP, Row, SnowflakeClient
from bot.integrations.snowflake.failures import SYSTEM
from bot.integrations.snowflake.probes.rows import number, words

SHOW_WAREHOUSES = "SHOW WAREHOUSES"


@dataclass(frozen=True, slots=True)
class WarehouseArguments:
    """The warehouse's name, in any case."""

    warehouse: str


@dataclass(frozen=True, slots=True)
class WarehousesArguments:
    """`like` as SHOW takes it: % and _ stand for anything, any case."""

    like: str = "%_WH"


@dataclass(frozen=True, slots=True)
class Warehouse:
    """One warehouse. `auto_suspend_s` is 0 when it never suspends itself, `resource_monitor` "" when it has none."""

    name: str
    state: str
    size: str = ""
    running: int = 0
    queued: int = 0
    auto_suspend_s: int = 0
    auto_resume: bool = False
    resource_monitor: str = ""
    is_suspended: bool = False


@dataclass(frozen=True, slots=True)
class Warehouses:
    """Every warehouse of that name pattern that the role may see."""

    warehouses: tuple[Warehouse, ...] = ()
    count: int = 0
    suspended: tuple[str, ...] = ()


def read_warehouse(client: SnowflakeClient, arguments: WarehouseArguments, scope: Scope) -> Warehouse:
    """The warehouse, or NotFound."""
    found = find_warehouse(_show(client, scope), arguments.warehouse)
    if found is None:
        raise NotFound(SYSTEM, f"there is no warehouse {arguments.warehouse[:60]}, or the bot's role may not see it")
    return found


def read_warehouses(client: SnowflakeClient, arguments: WarehousesArguments, scope: Scope) -> Warehouses:
    """Every warehouse of that pattern, at most `scope.row_cap`."""
    return warehouses_from(_show(client, scope), arguments.like, scope.row_cap)


def find_warehouse(rows: Sequence[Row], name: str) -> Warehouse | None:
    """The one warehouse among the rows of SHOW WAREHOUSES."""
    return next((w for row in rows if (w := _warehouse(row)).name.upper() == name.strip().upper()), None)


def warehouses_from(rows: Sequence[Row], like: str, cap: int) -> Warehouses:
    """Facts from the rows of SHOW WAREHOUSES; the pattern is matched here, so that the statement stays fixed text."""
    found = [warehouse for row in rows if _is_like(like, (warehouse := _warehouse(row)).name)][:cap]
    return Warehouses(tuple(found), len(found), tuple(w.name for w in found if w.is_suspended))


def _show(client: SnowflakeClient, scope: Scope) -> Sequence[Row]:
    with client.reading(scope) as fetch:
        return fetch(SHOW_WAREHOUSES, cap=CATALOGUE_CAP)


def _is_like(pattern: str, name: str) -> bool:
    body = "".join({"%": ".*", "_": "."}.get(letter, re.escape(letter)) for letter in pattern)
    return re.fullmatch(body, name, re.IGNORECASE) is not None


def _warehouse(row: Row) -> Warehouse:
    state = words(row["state"]).upper()
    return Warehouse(
        name=words(row["name"]),
        state=state,
        size=words(row.get("size")),
        running=int(number(row.get("running"))),
        queued=int(number(row.get("queued"))),
        auto_suspend_s=int(number(row.get("auto_suspend"))),
        auto_resume=words(row.get("auto_resume")).lower() == "true",
        resource_monitor=words(row.get("resource_monitor")),
        is_suspended=state.startswith("SUSPEND"),
    )


_LOADING = Warehouse("LOADING_WH", "SUSPENDED", "X-Small", 0, 0, 60, True, "LOADING_MONITOR", is_suspended=True)
_REPORTING = Warehouse("REPORTING_WH", "STARTED", "X-Small", 1, 0, 60, True)

WAREHOUSE: Probe[SnowflakeClient, WarehouseArguments, Warehouse] = Probe(
    name="snowflake.warehouse",
    summary="Whether a warehouse runs, what is queued on it and which monitor it has.",
    arguments=WarehouseArguments,
    facts=Warehouse,
    read=read_warehouse,
    typical=_LOADING,
    empty=Warehouse(name="", state=""),
    deadline_s=10.0,
)
WAREHOUSES: Probe[SnowflakeClient, WarehousesArguments, Warehouses] = Probe(
    name="snowflake.warehouses",
    summary="The state of every warehouse whose name fits a pattern.",
    arguments=WarehousesArguments,
    facts=Warehouses,
    read=read_warehouses,
    typical=Warehouses((_LOADING, _REPORTING), 2, ("LOADING_WH",)),
    empty=Warehouses(),
    deadline_s=10.0,
)
