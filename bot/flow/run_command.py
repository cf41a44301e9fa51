"""`/retrigger`, `/kill-query`, `/diagnose`: what a person may ask for without an alert."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

from bot.diagnostics.probe import Scope
from bot.errors import UnknownName
from bot.flow.open_case import open_case
from bot.flow.request_remedy import plan_offer
from bot.flow.world import World
from bot.playbooks.reply import Approvers, Offer, Table

QUERIES: Mapping[str, tuple[str, str]] = {
    "queries": ("snowflake.running_queries", "Running queries"),
    "failures": ("snowflake.failed_queries", "Failed queries of the last 24 hours"),
    "warehouses": ("snowflake.warehouses", "Warehouses"),
    "monitors": ("snowflake.resource_monitors", "Resource monitors"),
    "session": ("snowflake.session", "The bot's own session"),
}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The answer of a diagnostic query: rows, or one line of plain text."""

    title: str
    table: Table | None
    text: str


async def request_trigger(dag_id: str, person: str, channel: str, world: World) -> str:
    """Plan a new run of a DAG in a thread of this channel; what to tell the asker. Nothing is run."""
    offer = Offer("retrigger", f"Trigger {dag_id}", "airflow.trigger_dag_run", {"dag_id": dag_id}, Approvers.ONCALL)
    return await _request(f"A new run of {dag_id}, asked for by <@{person}>", offer, person, channel, world)


async def request_cancel(query_id: str, person: str, channel: str, world: World) -> str:
    """Plan to cancel a running query in a thread of this channel; what to tell the asker. Nothing is run."""
    arguments = {"query_id": query_id}
    offer = Offer("kill_query", f"Cancel {query_id}", "snowflake.cancel_query", arguments, Approvers.ONCALL)
    return await _request(f"Cancel query {query_id}, asked for by <@{person}>", offer, person, channel, world)


async def _request(headline: str, offer: Offer, person: str, channel: str, world: World) -> str:
    # Read first: a DAG or query that does not exist is told to the asker alone, not to the channel.
    await world.systems.draft(offer.remedy, offer.arguments, Scope("command", world.clock.now()))
    case = await open_case(headline, offer.label, "", person, channel, world)
    await plan_offer(case, offer, person, world)
    return "The plan is in the thread; the person on call can approve it."


async def diagnose(name: str, world: World) -> Diagnosis:
    """Run one of the platform's diagnostic queries. UnknownName, with what it may have meant, for any other name."""
    if name not in QUERIES:
        raise UnknownName("diagnostic query", name, QUERIES)
    probe, title = QUERIES[name]
    scope = Scope("command", world.clock.now(), world.systems.deadline_of(probe))
    facts = await world.systems.read(probe, {}, scope)
    return Diagnosis(title, *_shown(facts))


def _shown(facts: Any) -> tuple[Table | None, str]:
    """The first rows among the facts as a table; without rows the single values as a table of one row."""
    values = {field.name: getattr(facts, field.name) for field in fields(facts)}
    rows = next((value for value in values.values() if isinstance(value, tuple)), None)
    if rows is None:
        return Table(tuple(values), (tuple(_cell(value) for value in values.values()),)), ""
    if not rows:
        return None, "Nothing to see: no rows."
    if not is_dataclass(rows[0]):
        return Table(("value",), tuple((_cell(row),) for row in rows)), ""
    columns = tuple(field.name for field in fields(rows[0]))
    return Table(columns, tuple(tuple(_cell(getattr(row, name)) for name in columns) for row in rows)), ""


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}"
        case float():
            return f"{value:g}"
        case tuple() | list():
            return ", ".join(_cell(one) for one in value)
        case _:
            return str(value)
