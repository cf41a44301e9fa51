"""snowflake.set_credit_quota and snowflake.resume_warehouse: let a suspended warehouse work again."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.diagnostics.probe import Scope
from bot.errors import RemedyRefused
from bot.integrations.snowflake.client import CATALOGUE_CAP, Row, SnowflakeClient
from bot.integrations.snowflake.names import plain_name
from bot.integrations.snowflake.probes.monitors import (
    RESOURCE_MONITORS,
    SHOW_MONITORS,
    Monitor,
    governing,
    monitors_from,
)
from bot.integrations.snowflake.probes.warehouses import (
    SHOW_WAREHOUSES,
    WAREHOUSE,
    Warehouse,
    WarehouseArguments,
    warehouses_from,
)
from bot.remediation.remedy import Command, Draft, Remedy, Verification

MOST_TIMES = 10
"""A quota is never raised beyond this many times the present one: that is a typing mistake, or not for Slack."""


@dataclass(frozen=True, slots=True)
class QuotaArguments:
    """`quota` in whole credits (a fraction is rounded up); `resume_warehouse` is resumed too if it is suspended."""

    monitor: str
    quota: float
    resume_warehouse: str = ""


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


def read_compute(client: SnowflakeClient, _arguments: QuotaArguments | WarehouseArguments, scope: Scope) -> Compute:
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


def plan_quota(arguments: QuotaArguments, state: Compute, _scope: Scope) -> Draft:
    """Sets the quota where it differs, and resumes the warehouse where it is suspended."""
    monitor = state.monitor(plain_name(arguments.monitor, "resource monitor"))
    warehouse = _to_resume(arguments, state)
    quota = math.ceil(arguments.quota)
    _refuse_quota(monitor, quota)
    commands: list[Command] = []
    if quota != monitor.quota:
        commands.append(
            Command("set_credit_quota", quota_statement(monitor.name, quota), {"monitor": monitor.name, "quota": quota})
        )
    if warehouse is not None and warehouse.is_suspended:
        commands.append(_resume(warehouse.name))
    target = f"resource monitor {monitor.name}"
    if not commands:
        return Draft(target, (), "", note=f"{monitor.name} has a quota of {quota} credits already.")
    return Draft(
        target=target,
        commands=tuple(commands),
        blast_radius=_quota_radius(monitor, quota, warehouse),
        undo=quota_statement(monitor.name, math.ceil(monitor.quota)) if quota != monitor.quota else "",
        verification=_verification(monitor, warehouse),
    )


def plan_resume(arguments: WarehouseArguments, state: Compute, _scope: Scope) -> Draft:
    """One command for a suspended warehouse; refused while a monitor would suspend it again."""
    warehouse = state.warehouse(plain_name(arguments.warehouse, "warehouse"))
    target = f"warehouse {warehouse.name}"
    if not warehouse.is_suspended:
        return Draft(target, (), "", note=f"{warehouse.name} is not suspended ({warehouse.state}).")
    monitor = governing(state.monitors, warehouse.name)
    if monitor is not None and monitor.is_exhausted:
        raise RemedyRefused(
            f"{warehouse.name} cannot be resumed: {monitor.name} has used {monitor.used:g} of {monitor.quota:g} "
            "credits. Raise its quota first."
        )
    idle = f" after {warehouse.auto_suspend_s} s without work" if warehouse.auto_suspend_s else ", which it never does"
    return Draft(
        target=target,
        commands=(_resume(warehouse.name),),
        blast_radius=(
            f"{warehouse.name} ({warehouse.size or 'size unknown'}) runs and costs until it suspends itself{idle}."
        ),
        undo=f"ALTER WAREHOUSE {warehouse.name} SUSPEND",
        verification=Verification(
            WAREHOUSE.name, {"warehouse": warehouse.name}, "not result.is_suspended", within_s=60.0
        ),
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


def _resume(warehouse: str) -> Command:
    return Command("resume_warehouse", resume_statement(warehouse), {"warehouse": warehouse})


def _to_resume(arguments: QuotaArguments, state: Compute) -> Warehouse | None:
    if not arguments.resume_warehouse:
        return None
    return state.warehouse(plain_name(arguments.resume_warehouse, "warehouse"))


def _refuse_quota(monitor: Monitor, quota: int) -> None:
    if not monitor.quota:
        raise RemedyRefused(f"{monitor.name} has no quota, so it suspends nothing.")
    if quota < 1:
        raise RemedyRefused("A quota is at least 1 credit.")
    if quota < monitor.quota and quota <= monitor.used:
        raise RemedyRefused(
            f"{monitor.name} has used {monitor.used:g} credits: a quota of {quota} would suspend its warehouses."
        )
    if monitor.quota < quota <= monitor.used:
        raise RemedyRefused(f"A quota of {quota} is used up already: {monitor.name} has used {monitor.used:g} credits.")
    if quota > MOST_TIMES * monitor.quota:
        raise RemedyRefused(
            f"{quota} credits is more than {MOST_TIMES} times the present quota of {monitor.quota:g}. "
            "Set such a quota in Snowflake itself."
        )


def _quota_radius(monitor: Monitor, quota: int, warehouse: Warehouse | None) -> str:
    difference = quota - monitor.quota
    warehouses = ", ".join(monitor.warehouses) or ("every warehouse" if monitor.level == "ACCOUNT" else "no warehouse")
    period = monitor.frequency.lower() or "period"
    change = (
        f"{warehouses} may use {abs(difference):g} credits {'more' if difference > 0 else 'fewer'} "
        f"({quota} instead of {monitor.quota:g}, {period}); {monitor.used:g} are used."
        if difference
        else f"The quota of {monitor.name} stays at {quota}."
    )
    resumed = warehouse is not None and warehouse.is_suspended
    return change + (f" {warehouse.name} is resumed." if warehouse is not None and resumed else "")


def _verification(monitor: Monitor, warehouse: Warehouse | None) -> Verification:
    if warehouse is not None and warehouse.is_suspended:
        return Verification(WAREHOUSE.name, {"warehouse": warehouse.name}, "not result.is_suspended", within_s=120.0)
    named = next(iter(monitor.warehouses), "")
    return Verification(RESOURCE_MONITORS.name, {"warehouse": named}, "not result.is_exhausted", within_s=120.0)


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

SET_CREDIT_QUOTA: Remedy[SnowflakeClient, QuotaArguments, Compute] = Remedy(
    name="snowflake.set_credit_quota",
    summary="Sets a resource monitor's credit quota, and resumes a warehouse that it suspended.",
    arguments=QuotaArguments,
    state=Compute,
    read_state=read_compute,
    plan=plan_quota,
    perform=perform_compute,
    typical=Compute((_EXHAUSTED,), (_LOADING_WH,)),
    unchanged=Compute((_AMPLE,), (_RUNNING_WH,)),
)
RESUME_WAREHOUSE: Remedy[SnowflakeClient, WarehouseArguments, Compute] = Remedy(
    name="snowflake.resume_warehouse",
    summary="Resumes a suspended warehouse.",
    arguments=WarehouseArguments,
    state=Compute,
    read_state=read_compute,
    plan=plan_resume,
    perform=perform_compute,
    typical=Compute((_AMPLE,), (_LOADING_WH,)),
    unchanged=Compute((_AMPLE,), (_RUNNING_WH,)),
)
