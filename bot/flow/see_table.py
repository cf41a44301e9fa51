"""A step's table with every row, for one person: what was read for the card, not read anew."""

from bot.alerts.redaction import redact
from bot.errors import RunbookError
from bot.flow.redraw import reply_of
from bot.flow.run_query import Diagnosis
from bot.flow.world import World
from bot.playbooks.reply import Step, Table


async def see_table(incident: str, step: int, world: World) -> Diagnosis:
    """Every row that the incident's findings hold under this step. RunbookError where there is nothing (any more)."""
    kept = await world.incidents.get(incident)
    if kept is None:
        raise RunbookError("This incident is not known to the bot any more.")
    findings = await world.findings.load(incident)
    shown = next((one for one in reply_of(kept, findings, world).steps if one.number == step), None)
    table = _rows(shown) if shown else None
    if shown is None or table is None:
        raise RunbookError("The rows of this step are not known any more; `/runbook` reads them anew.")
    read_at = max((finding.read_at for finding in findings.values()), default=world.clock.now())
    return Diagnosis(f"{shown.number}. {shown.title}", table, "", read_at)


def _rows(step: Step) -> Table | None:
    tables = [table for table in step.tables if table.rows]
    if not tables:
        return None
    rows = tuple(tuple(redact(cell) for cell in row) for row in tables[0].rows)
    return Table(tables[0].columns, rows, tables[0].more)
