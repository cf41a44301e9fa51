"""`/diagnose`: the runbook's useful diagnostic queries, read anew for one person; nothing is opened for them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

from bot.alerts.redaction import redact
from bot.diagnostics.probe import Scope
from bot.errors import UnknownName
from bot.flow.show_runbook import show_runbook
from bot.flow.world import World
from bot.playbooks.escaping import clean
from bot.playbooks.filters import duration, number, percent
from bot.playbooks.reply import Table

ROW_CAP = 200
LONGEST_CELL = 300


@dataclass(frozen=True, slots=True)
class Query:
    """One diagnostic query: its probe, what it is called, and other names that people type for it."""

    probe: str
    title: str
    aliases: tuple[str, ...] = ()


QUERIES: Mapping[str, Query] = {
    "running-queries": Query("snowflake.running_queries", "Running queries", ("queries", "running")),
    "recent-failures": Query("snowflake.failed_queries", "Failed queries of the last 24 hours", ("failures", "failed")),
    "warehouses": Query("snowflake.warehouses", "Warehouses", ("warehouse-status",)),
    "resource-monitors": Query("snowflake.resource_monitors", "Resource monitors", ("monitors",)),
    "session": Query("snowflake.session", "The bot's own session", ("sessions",)),
}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Rows read at `read_at`, or one line of plain text where there are none. Cells are plain and redacted."""

    title: str
    table: Table | None
    text: str
    read_at: datetime


async def diagnose(name: str, person: str, channel: str, world: World) -> Diagnosis | str:
    """The rows of a diagnostic query; for a playbook's name its runbook, as `/runbook` shows it, and what to tell.

    UnknownName, with what it may have meant, for any other name.
    """
    if _find(name) is not None:
        return await run_query(name, False, world)
    try:
        return await show_runbook(name, person, channel, world)
    except UnknownName as error:
        known = {*QUERIES, *_by_alias(), *error.known} if error.kind == "playbook" else error.known
        raise UnknownName("diagnostic query or runbook", name, known) from error


async def run_query(name: str, is_fresh: bool, world: World) -> Diagnosis:
    """Read one of the diagnostic queries; `is_fresh` refuses what somebody else read a moment ago.

    UnknownName for any other name, IntegrationError where it cannot be read.
    """
    query = _find(name)
    if query is None:
        raise UnknownName("diagnostic query", name, {*QUERIES, *_by_alias()})
    scope = Scope("command", world.clock.now(), world.systems.deadline_of(query.probe), ROW_CAP, is_fresh)
    facts = await world.systems.read(query.probe, {}, scope)
    table = _table(facts)
    text = "" if table else "Nothing to see: no rows."
    return Diagnosis(query.title, table, text, world.clock.now())


def _find(name: str) -> Query | None:
    wanted = "-".join(name.lower().replace("_", " ").split())
    return QUERIES.get(wanted) or _by_alias().get(wanted)


def _by_alias() -> dict[str, Query]:
    return {alias: query for query in QUERIES.values() for alias in query.aliases}


def _table(facts: Any) -> Table | None:
    """The first rows among the facts; without rows the single values, a line each. None when there are no rows."""
    values = {field.name: getattr(facts, field.name) for field in fields(facts)}
    rows = next((value for value in values.values() if isinstance(value, tuple)), None)
    if rows is None:
        return Table(("what", "value"), tuple((_header(name), _cell(name, value)) for name, value in values.items()))
    if not rows:
        return None
    if not is_dataclass(rows[0]):
        return Table(("value",), tuple((_cell("", row),) for row in rows))
    names = [field.name for field in fields(rows[0])]
    cells = [[_cell(name, getattr(row, name)) for name in names] for row in rows]
    told = [at for at in range(len(names)) if any(line[at] for line in cells)]  # a column of nothing is left out
    return Table(tuple(_header(names[at]) for at in told), tuple(tuple(line[at] for at in told) for line in cells))


def _header(name: str) -> str:
    """`running_s` as "running": the unit stands in the cells."""
    return name.removesuffix("_s").removesuffix("_percent").removesuffix("_at").replace("_", " ")


def _cell(name: str, value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return _amount(name, value)
        case tuple() | list():
            return ", ".join(_cell("", one) for one in value)
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
        case _:
            return clean(redact(str(value)), LONGEST_CELL)


def _amount(name: str, value: float) -> str:
    if name.endswith("_s"):
        return duration(value)
    return percent(value) if name == "percent" or name.endswith("_percent") else number(value)
