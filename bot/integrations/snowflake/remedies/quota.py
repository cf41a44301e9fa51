"""snowflake.set_credit_quota: give a monitor's warehouses more (or less) to use."""

import math
from dataclasses import dataclass, replace

from bot.diagnostics.probe import Scope
from bot.errors import RemedyRefused
from bot.integrations.snowflake.client import SnowflakeClient
from bot.integrations.snowflake.names import plain_name
from bot.integrations.snowflake.probes.monitors import RESOURCE_MONITORS, Monitor
from bot.integrations.snowflake.probes.warehouses import WAREHOUSE, Warehouse
from bot.integrations.snowflake.remedies.compute import (
    RUNNING,
    SUSPENDED_BY_QUOTA,
    Compute,
    perform_compute,
    quota_statement,
    read_compute,
    resume_command,
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


def plan_quota(arguments: QuotaArguments, state: Compute, _scope: Scope) -> Draft:
    """Sets the quota where it differs, and resumes the warehouse where it is suspended."""
    monitor = state.monitor(plain_name(arguments.monitor, "resource monitor"))
    warehouse = _to_resume(arguments, state)
    if not math.isfinite(arguments.quota):
        raise RemedyRefused(f"A quota is a number of credits, not {arguments.quota:g}.")
    quota = math.ceil(arguments.quota)
    _refuse_quota(monitor, quota, resumes=warehouse is not None and warehouse.is_suspended)
    commands: list[Command] = []
    if quota != monitor.quota:
        commands.append(
            Command("set_credit_quota", quota_statement(monitor.name, quota), {"monitor": monitor.name, "quota": quota})
        )
    if warehouse is not None and warehouse.is_suspended:
        commands.append(resume_command(warehouse.name))
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


def _to_resume(arguments: QuotaArguments, state: Compute) -> Warehouse | None:
    if not arguments.resume_warehouse:
        return None
    return state.warehouse(plain_name(arguments.resume_warehouse, "warehouse"))


def _is_used_up(monitor: Monitor, quota: int) -> bool:
    """Whether the monitor would suspend (again) at once."""
    return replace(monitor, quota=quota, percent=100 * monitor.used / quota).is_exhausted


def _refuse_quota(monitor: Monitor, quota: int, *, resumes: bool) -> None:
    if not monitor.quota:
        raise RemedyRefused(f"{monitor.name} has no quota, so it suspends nothing.")
    if quota < 1:
        raise RemedyRefused("A quota is at least 1 credit.")
    if _is_used_up(monitor, quota) and (quota != monitor.quota or resumes):
        suspends = "" if monitor.suspend_at in (None, 100.0) else f" and suspends at {monitor.suspend_at:g} %"
        used = f"{monitor.name} has used {monitor.used:g} credits{suspends}"
        if quota < monitor.quota:
            raise RemedyRefused(f"{used}: a quota of {quota} would suspend its warehouses.")
        raise RemedyRefused(f"A quota of {quota} is used up already: {used}.")
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


SET_CREDIT_QUOTA: Remedy[SnowflakeClient, QuotaArguments, Compute] = Remedy(
    name="snowflake.set_credit_quota",
    summary="Sets a resource monitor's credit quota, and resumes a warehouse that it suspended.",
    arguments=QuotaArguments,
    state=Compute,
    read_state=read_compute,
    plan=plan_quota,
    perform=perform_compute,
    typical=SUSPENDED_BY_QUOTA,
    unchanged=RUNNING,
)
