"""snowflake.resume_warehouse: start a suspended warehouse."""

from bot.diagnostics.probe import Scope
from bot.errors import RemedyRefused
from bot.integrations.snowflake.client import SnowflakeClient
from bot.integrations.snowflake.names import plain_name
from bot.integrations.snowflake.probes.monitors import governing
from bot.integrations.snowflake.probes.warehouses import WAREHOUSE, WarehouseArguments
from bot.integrations.snowflake.remedies.compute import (
    RUNNING,
    SUSPENDED_WITH_CREDITS,
    Compute,
    perform_compute,
    read_compute,
    resume_command,
)
from bot.remediation.remedy import Draft, Remedy, Verification


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
        commands=(resume_command(warehouse.name),),
        blast_radius=(
            f"{warehouse.name} ({warehouse.size or 'size unknown'}) runs and costs until it suspends itself{idle}."
        ),
        undo=f"ALTER WAREHOUSE {warehouse.name} SUSPEND",
        verification=Verification(
            WAREHOUSE.name, {"warehouse": warehouse.name}, "not result.is_suspended", within_s=60.0
        ),
    )


RESUME_WAREHOUSE: Remedy[SnowflakeClient, WarehouseArguments, Compute] = Remedy(
    name="snowflake.resume_warehouse",
    summary="Resumes a suspended warehouse.",
    arguments=WarehouseArguments,
    state=Compute,
    read_state=read_compute,
    plan=plan_resume,
    perform=perform_compute,
    typical=SUSPENDED_WITH_CREDITS,
    unchanged=RUNNING,
)
