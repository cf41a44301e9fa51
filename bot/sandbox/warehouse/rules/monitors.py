"""SHOW RESOURCE MONITORS and ALTER RESOURCE MONITOR."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.monitors import Monitor
from bot.sandbox.warehouse.names import parts
from bot.sandbox.warehouse.results import SHOW, Result, columns, status
from bot.sandbox.warehouse.rules import LIKE, NAME, Context, assignments, like, named, rule

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
    name, settings = parts(match["name"])[0], match["settings"]
    monitor = context.account.compute.monitors.get(name)
    if monitor is None or not context.sees("RESOURCE MONITOR", name):
        if match["exists"]:
            return status()
        raise errors.not_found("Resource monitor", name)
    if not context.holds(("MODIFY",), "RESOURCE MONITOR", name):
        raise errors.insufficient("resource monitor", name)
    with context.account.compute.lock:  # a copy takes the place of the old one: all of it is set, or nothing
        changed = replace(context.account.compute.monitors[name])
        _apply(changed, settings, datetime.now(UTC))
        context.account.compute.monitors[name] = changed
    context.account.compute.recount()
    return status()


def _apply(monitor: Monitor, settings: str, now: datetime) -> None:
    """[SET name = value …] [TRIGGERS ON n PERCENT DO …]: all of it understood, or refused."""
    form = _SETTINGS.fullmatch(settings.strip())
    if form is None or not settings.strip():
        raise errors.syntax_error(f"syntax error in '{settings}'")
    for key, value in assignments(form["set"] or "").items():
        _set(monitor, key, value, now)
    if form["triggers"]:
        at = [(int(percent), what.upper()) for percent, what in _TRIGGER.findall(form["triggers"])]
        monitor.notify_at = tuple(p for p, what in at if what == "NOTIFY")
        monitor.suspend_at = next((p for p, what in at if what == "SUSPEND"), None)
        monitor.suspend_immediately_at = next((p for p, what in at if what == "SUSPEND_IMMEDIATE"), None)


def _set(monitor: Monitor, key: str, value: str, now: datetime) -> None:
    if key == "CREDIT_QUOTA":
        if not re.fullmatch(r"[0-9]{1,9}", value):
            raise errors.invalid_value(value, key)
        monitor.quota = float(value)
    elif key == "FREQUENCY":
        if value.upper() not in ("MONTHLY", "NEVER"):
            raise errors.unsupported(f"FREQUENCY = {value}")
        monitor.frequency = value.upper()
    elif key == "START_TIMESTAMP":
        monitor.start = now if value.upper() == "IMMEDIATELY" else _moment(value)
    else:
        raise errors.unsupported(f"{key} of a resource monitor")


def _moment(text: str) -> datetime:
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise errors.invalid_value(text, "START_TIMESTAMP") from None
    return given if given.tzinfo else given.replace(tzinfo=UTC)


_TRIGGER = re.compile(r"ON\s+(\d+)\s+PERCENT\s+DO\s+(SUSPEND_IMMEDIATE|SUSPEND|NOTIFY)\b", re.IGNORECASE)
_SETTINGS = re.compile(
    rf"(?:SET\s+(?P<set>(?:(?!TRIGGERS\b).)+?))?\s*(?:TRIGGERS(?P<triggers>(?:\s+{_TRIGGER.pattern})+))?",
    re.IGNORECASE | re.DOTALL,
)
RULES = (
    rule(rf"SHOW RESOURCE MONITORS{LIKE}", show),
    rule(rf"ALTER RESOURCE MONITOR(?P<exists> IF EXISTS)? {named(NAME, 'name')} (?P<settings>.+)", alter),
)
