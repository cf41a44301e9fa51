"""SHOW WAREHOUSES and ALTER WAREHOUSE."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.names import parts
from bot.sandbox.warehouse.results import SHOW, Result, columns, status
from bot.sandbox.warehouse.rules import LIKE, NAME, Context, assignments, like, named, rule
from bot.sandbox.warehouse.warehouses import Warehouse, size_named

# Names and order as documented for SHOW WAREHOUSES; multi-cluster columns at their one-cluster values.
_COLUMNS = columns(
    name="text",
    state="text",
    type="text",
    size="text",
    min_cluster_count="fixed",
    max_cluster_count="fixed",
    started_clusters="fixed",
    running="fixed",
    queued="fixed",
    is_default="text",
    is_current="text",
    auto_suspend="fixed",
    auto_resume="text",
    available="text",
    provisioning="text",
    quiescing="text",
    other="text",
    created_on="timestamp_ltz",
    resumed_on="timestamp_ltz",
    updated_on="timestamp_ltz",
    owner="text",
    comment="text",
    enable_query_acceleration="text",
    query_acceleration_max_scale_factor="fixed",
    resource_monitor="text",
    scaling_policy="text",
    owner_role_type="text",
)


def show(context: Context, match: re.Match[str]) -> Result:
    """Every warehouse the role holds any privilege on, by name."""
    compute = context.account.compute
    found = [
        compute.warehouses[name]
        for name in sorted(compute.warehouses)
        if like(match[1], name) and context.sees("WAREHOUSE", name)
    ]
    return Result(_COLUMNS, tuple(_row(w, context) for w in found), SHOW)


def _row(warehouse: Warehouse, context: Context) -> tuple[object, ...]:
    started = warehouse.state == "STARTED"
    default = context.account.users[context.session.user].default_warehouse
    return (
        warehouse.name,
        warehouse.state,
        "STANDARD",
        warehouse.size,
        1,
        1,
        int(started),
        len(context.account.jobs.on(warehouse.name)),
        0,
        "Y" if warehouse.name == default else "N",
        "Y" if warehouse.name == context.session.warehouse else "N",
        warehouse.auto_suspend or None,
        "true" if warehouse.auto_resume else "false",
        "100" if started else "",
        "0" if started else "",
        "0" if started else "",
        "0" if started else "",
        warehouse.created,
        warehouse.resumed,
        warehouse.updated,
        warehouse.owner,
        warehouse.comment,
        "false",
        8,
        warehouse.monitor or "null",
        "STANDARD",
        "ROLE",
    )


def _is_absent(context: Context, name: str) -> bool:
    return name not in context.account.compute.warehouses or not context.sees("WAREHOUSE", name)


def _target(context: Context, name: str, *privileges: str) -> Warehouse:
    if _is_absent(context, name):
        raise errors.object_unusable()
    if not context.holds(privileges, "WAREHOUSE", name):
        raise errors.insufficient("warehouse", name)
    return context.account.compute.warehouses[name]


def alter_state(context: Context, match: re.Match[str]) -> Result:
    """RESUME [IF SUSPENDED], SUSPEND, ABORT ALL QUERIES: OPERATE."""
    name, verb = parts(match["name"])[0], " ".join(match["verb"].upper().split())
    if _is_absent(context, name) and match["exists"]:
        return status()
    _target(context, name, "OPERATE")
    if verb == "SUSPEND":
        context.account.compute.suspend(name)
    elif verb.startswith("RESUME"):
        context.account.compute.resume(name, if_suspended=verb != "RESUME")
    else:
        for job in context.account.jobs.on(name):
            job.stop(errors.cancelled())
    return status()


def alter_settings(context: Context, match: re.Match[str]) -> Result:
    """SET of size, auto_suspend, auto_resume, monitor, timeout or comment: MODIFY."""
    name = parts(match["name"])[0]
    if _is_absent(context, name) and match["exists"]:
        return status()
    warehouse = _target(context, name, "MODIFY")
    wanted = assignments(match["settings"])
    with context.account.compute.lock:
        for target in (replace(warehouse), warehouse):  # tried on a copy first: all of it is set, or nothing
            for key, value in wanted.items():
                _set(context, target, key, value)
        warehouse.updated = datetime.now(UTC)
    context.account.compute.recount()
    return status()


def _set(context: Context, warehouse: Warehouse, key: str, value: str) -> None:
    if key == "WAREHOUSE_SIZE":
        size = size_named(value)
        if size is None:
            raise errors.invalid_value(value, key)
        warehouse.size = size
    elif key in ("AUTO_SUSPEND", "STATEMENT_TIMEOUT_IN_SECONDS"):
        if not value.isdigit() and value.upper() != "NULL":
            raise errors.invalid_value(value, key)
        seconds = int(value) if value.isdigit() else 0
        if key == "AUTO_SUSPEND":
            warehouse.auto_suspend = seconds
        else:
            warehouse.statement_timeout = seconds
    elif key == "AUTO_RESUME":
        if value.upper() not in ("TRUE", "FALSE"):
            raise errors.invalid_value(value, key)
        warehouse.auto_resume = value.upper() == "TRUE"
    elif key == "RESOURCE_MONITOR":
        monitor = None if value.upper() == "NULL" else value.upper()
        if monitor is not None and monitor not in context.account.compute.monitors:
            raise errors.not_found("Resource monitor", monitor)
        warehouse.monitor = monitor
    elif key == "COMMENT":
        warehouse.comment = value
    else:
        raise errors.syntax_error(f"invalid property '{key}' for 'WAREHOUSE'")


_ALTER = rf"ALTER WAREHOUSE(?P<exists> IF EXISTS)? {named(NAME, 'name')}"
RULES = (
    rule(rf"SHOW WAREHOUSES{LIKE}", show),
    rule(
        rf"{_ALTER} (?P<verb>RESUME(?: IF SUSPENDED)?|SUSPEND|ABORT ALL QUERIES)",
        alter_state,
    ),
    rule(rf"{_ALTER} SET (?P<settings>.+)", alter_settings),
)
