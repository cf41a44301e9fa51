"""SHOW RESOURCE MONITORS and ALTER RESOURCE MONITOR."""

import re
from datetime import UTC, datetime

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.monitors import Monitor
from bot.sandbox.warehouse.names import parts
from bot.sandbox.warehouse.results import SHOW, Result, columns, status
from bot.sandbox.warehouse.rules import LIKE, NAME, Context, like, rule

# Names and order as documented; the credit columns are text there too, with two decimals.
_COLUMNS = columns(
    name="text",
    credit_quota="text",
    used_credits="text",
    remaining_credits="text",
    level="text",
    frequency="text",
    start_time="timestamp_ltz",
    end_time="timestamp_ltz",
    notify_at="text",
    suspend_at="text",
    suspend_immediately_at="text",
    created_on="timestamp_ltz",
    owner="text",
    comment="text",
    notify_users="text",
)


def show(context: Context, match: re.Match[str]) -> Result:
    """Every monitor the role may MONITOR or MODIFY, with credits counted to this moment."""
    context.account.compute.recount()
    monitors = context.account.compute.monitors
    found = [
        _row(monitors[name], context)
        for name in sorted(monitors)
        if like(match[1], name) and context.holds(("MONITOR", "MODIFY"), "RESOURCE MONITOR", name)
    ]
    return Result(_COLUMNS, tuple(found), SHOW)


def _row(monitor: Monitor, context: Context) -> tuple[object, ...]:
    now = datetime.now(UTC)
    assigned = bool(context.account.compute.watched_by(monitor.name))
    return (
        monitor.name,
        f"{monitor.quota:.2f}",
        f"{monitor.used:.2f}",
        f"{max(0.0, monitor.quota - monitor.used):.2f}",
        "WAREHOUSE" if assigned else None,
        monitor.frequency,
        monitor.period_start(now),
        monitor.period_end(now),
        ",".join(f"{percent}%" for percent in monitor.notify_at),
        _percent(monitor.suspend_at),
        _percent(monitor.suspend_immediately_at),
        monitor.created,
        monitor.owner,
        monitor.comment,
        "",
    )


def _percent(limit: int | None) -> str | None:
    return None if limit is None else f"{limit}%"


def alter(context: Context, match: re.Match[str]) -> Result:
    """SET CREDIT_QUOTA, FREQUENCY, START_TIMESTAMP and the TRIGGERS: MODIFY."""
    name, settings = parts(match[1])[0], match[2]
    monitor = context.account.compute.monitors.get(name)
    if monitor is None or not context.sees("RESOURCE MONITOR", name):
        raise errors.not_found("Resource monitor", name)
    if not context.holds(("MODIFY",), "RESOURCE MONITOR", name):
        raise errors.insufficient("resource monitor", name)
    with context.account.compute.lock:
        _apply(monitor, settings)
    context.account.compute.recount()
    return status()


def _apply(monitor: Monitor, settings: str) -> None:
    quota = re.search(r"CREDIT_QUOTA\s*=\s*(\S+)", settings, re.IGNORECASE)
    triggers = re.findall(r"ON\s+(\d+)\s+PERCENT\s+DO\s+(SUSPEND_IMMEDIATE|SUSPEND|NOTIFY)", settings, re.IGNORECASE)
    frequency = re.search(r"FREQUENCY\s*=\s*'?(\w+)'?", settings, re.IGNORECASE)
    if not quota and not triggers and not frequency:
        raise errors.syntax_error(f"nothing the stand-in can set in '{settings}'")
    if quota:
        if not re.fullmatch(r"\d{1,9}", quota[1]):
            raise errors.invalid_value(quota[1], "CREDIT_QUOTA")
        monitor.quota = float(quota[1])
    if frequency:
        if frequency[1].upper() not in ("MONTHLY", "NEVER"):
            raise errors.unsupported(f"FREQUENCY = {frequency[1]}")
        monitor.frequency = frequency[1].upper()
    if triggers:
        at = [(int(percent), what.upper()) for percent, what in triggers]
        monitor.notify_at = tuple(p for p, what in at if what == "NOTIFY")
        monitor.suspend_at = next((p for p, what in at if what == "SUSPEND"), None)
        monitor.suspend_immediately_at = next((p for p, what in at if what == "SUSPEND_IMMEDIATE"), None)


RULES = (
    rule(rf"SHOW RESOURCE MONITORS{LIKE}", show),
    rule(rf"ALTER RESOURCE MONITOR(?: IF EXISTS)? {NAME} (?:SET )?(.+)", alter),
)
