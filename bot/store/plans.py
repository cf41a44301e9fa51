"""Findings, plans and what became of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pydantic_core
import sqlalchemy as sa
from pydantic import TypeAdapter

from bot.diagnostics.finding import Finding
from bot.flow.card import PlanView
from bot.flow.ports import AuditEntry
from bot.remediation.outcome import Outcome, Stage
from bot.remediation.plan import Plan
from bot.store.audit import append
from bot.store.database import Database
from bot.store.rows import from_json, stamp, to_json
from bot.store.tables import findings, plans

UNFINISHED = (Stage.APPROVED.value, Stage.RUNNING.value, Stage.VERIFYING.value)


def _view(row: sa.Row[tuple[object, ...]]) -> PlanView:
    return PlanView(from_json(Plan, row.body), from_json(Outcome, row.outcome))


class PlanStore:
    """The `Plans` port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, plan: Plan) -> None:
        """See the port."""
        offered = Outcome()
        row = sa.insert(plans).values(
            id=plan.id,
            incident=plan.incident,
            made_at=stamp(plan.made_at),
            stage=offered.stage.value,
            body=to_json(plan),
            outcome=to_json(offered),
        )
        await self._database.run(lambda connection: connection.execute(row))

    async def get(self, id: str) -> PlanView | None:
        """See the port."""
        query = sa.select(plans).where(plans.c.id == id)
        row = await self._database.run(lambda connection: connection.execute(query).one_or_none())
        return _view(row) if row else None

    async def of_incident(self, incident: str) -> Sequence[PlanView]:
        """See the port."""
        which = plans.c.incident == incident if incident else plans.c.stage.in_(UNFINISHED)
        query = sa.select(plans).where(which).order_by(plans.c.made_at)
        rows = await self._database.run(lambda connection: connection.execute(query).all())
        return [_view(row) for row in rows]

    async def advance(self, id: str, expected: Outcome, outcome: Outcome, entry: AuditEntry | None = None) -> bool:
        """See the port."""
        change = (
            sa.update(plans)
            .where(plans.c.id == id, plans.c.outcome == to_json(expected))
            .values(outcome=to_json(outcome), stage=outcome.stage.value)
        )

        def work(connection: sa.Connection) -> bool:
            is_first = connection.execute(change).rowcount == 1
            if is_first and entry:
                append(connection, entry)
            return is_first

        return await self._database.run(work)


class FindingStore:
    """The `Findings` port. `facts` maps a probe's name to its facts type, so that kept findings get their types
    back."""

    def __init__(self, database: Database, facts: Mapping[str, type[Any]]) -> None:
        self._database = database
        self._facts = {name: TypeAdapter(kind) for name, kind in facts.items()}
        self._heads: TypeAdapter[dict[str, Finding]] = TypeAdapter(dict[str, Finding])

    async def keep(self, incident: str, kept: Mapping[str, Finding]) -> None:
        """See the port."""
        # Systems do answer NaN; as null it would not be a number again.
        body = pydantic_core.to_json(dict(kept), inf_nan_mode="constants").decode()
        row = self._database.insert(findings).values(incident=incident, body=body)
        put = row.on_conflict_do_update(index_elements=[findings.c.incident], set_={"body": body})
        await self._database.run(lambda connection: connection.execute(put))

    async def load(self, incident: str) -> Mapping[str, Finding]:
        """See the port. A finding of a probe that is gone, or whose facts changed their shape, is left out."""
        query = sa.select(findings.c.body).where(findings.c.incident == incident)
        body = await self._database.run(lambda connection: connection.execute(query).scalar_one_or_none())
        return {
            key: known for key, head in self._heads.validate_json(body or "{}").items() if (known := self._typed(head))
        }

    def _typed(self, finding: Finding) -> Finding | None:
        if finding.facts is None:
            return finding
        try:
            facts = self._facts[finding.probe].validate_python(finding.facts)
        except (KeyError, ValueError):
            return None
        return Finding(finding.probe, finding.read_at, finding.took_s, facts)
