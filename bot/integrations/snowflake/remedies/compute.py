"""What the remedies for warehouses plan on and run: every monitor and warehouse, two statements that set a state."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.diagnostics.probe import Scope
from bot.errors import RemedyRefused
from bot.integrations.snowflake.client import CATALOGUE_CAP, Row, SnowflakeClient
from bot.integrations.snowflake.names import plain_name
from bot.integrations.snowflake.probes.monitors import RESOURCE_MONITORS, SHOW_MONITORS, Monitor, monitors_from
from bot.integrations.snowflake.probes.warehouses import SHOW_WAREHOUSES, WAREHOUSE, Warehouse, warehouses_from
from bot.remediation.remedy import Command


@dataclass(frozen=True, slots=True)
class Compute:
    """Every monitor and warehouse that the reading role may see."""

    monitors: tuple[Monitor, ...] = ()
    warehouses: tuple[Warehouse, ...] = ()

    def monitor(self, name: str) -> Monitor:
        """The monitor; RemedyRefused when there is none."""
        found = next((m for m in self.monitors if m.name == name), None)
        if found is None:
            raise RemedyRefused(f"There is no resource monitor {name} that the bot may see.")
        return found

    def warehouse(self, name: str) -> Warehouse:
        """The warehouse; RemedyRefused when there is none."""
        found = next((w for w in self.warehouses if w.name == name), None)
        if found is None:
            raise RemedyRefused(f"There is no warehouse {name} that the bot may see.")
        return found


def read_compute(client: SnowflakeClient, _arguments: Any, scope: Scope) -> Compute:
    """The state that both remedies plan on."""
    with client.reading(scope) as fetch:
        monitors = fetch(SHOW_MONITORS, cap=CATALOGUE_CAP)
        warehouses = fetch(SHOW_WAREHOUSES, cap=CATALOGUE_CAP)
    return compute_from(monitors, warehouses, scope)


def compute_from(monitors: Sequence[Row], warehouses: Sequence[Row], scope: Scope) -> Compute:
    """State from the rows of SHOW RESOURCE MONITORS and SHOW WAREHOUSES."""
    return Compute(
        monitors_from(monitors, warehouses, "", scope.now).monitors,
        warehouses_from(warehouses, "%", CATALOGUE_CAP).warehouses,
    )


def perform_compute(client: SnowflakeClient, command: Command, scope: Scope) -> str:
    """Runs one command of either remedy. Both set a state, so a second time changes nothing."""
    if command.operation == "set_credit_quota":
        monitor, quota = (
            plain_name(str(command.arguments["monitor"]), "resource monitor"),
            int(command.arguments["quota"]),
        )
        client.change(quota_statement(monitor, quota), scope)
        return f"{monitor} has a quota of {quota} credits."
    if command.operation == "resume_warehouse":
        warehouse = plain_name(str(command.arguments["warehouse"]), "warehouse")
        client.change(resume_statement(warehouse), scope)
        return f"{warehouse} is resumed."
    raise RemedyRefused(f"Snowflake has no command {command.operation}.")


def quota_statement(monitor: str, quota: int) -> str:
    """The statement for a checked name."""
    return f"ALTER RESOURCE MONITOR {monitor} SET CREDIT_QUOTA = {quota}"


def resume_statement(warehouse: str) -> str:
    """The statement for a checked name."""
    return f"ALTER WAREHOUSE {warehouse} RESUME IF SUSPENDED"


def resume_command(warehouse: str) -> Command:
    """The command that resumes it."""
    return Command("resume_warehouse", resume_statement(warehouse), {"warehouse": warehouse})


_LOADING_WH: Warehouse = WAREHOUSE.typical
_EXHAUSTED: Monitor = RESOURCE_MONITORS.typical.monitors[0]
_AMPLE = Monitor(
    name="LOADING_MONITOR",
    quota=75.0,
    used=50.4,
    remaining=24.6,
    percent=67.2,
    frequency="MONTHLY",
    resets_at=_EXHAUSTED.resets_at,
    suspend_at=100.0,
    level="WAREHOUSE",
    warehouses=("LOADING_WH",),
)
_RUNNING_WH = Warehouse("LOADING_WH", "STARTED", "X-Small", 1, 0, 60, True, "LOADING_MONITOR")

SUSPENDED_BY_QUOTA = Compute((_EXHAUSTED,), (_LOADING_WH,))
"""Examples to plan on: the monitor is used up and its warehouse suspended, …"""
SUSPENDED_WITH_CREDITS = Compute((_AMPLE,), (_LOADING_WH,))
"""… the quota was raised, the warehouse is still suspended, …"""
RUNNING = Compute((_AMPLE,), (_RUNNING_WH,))
"""… and it runs again."""
