"""run_results.json (versions 4 to 6) → one run of dbt: what became of each node."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.alerts.redaction import redact
from bot.integrations.dbt.versions import require_version

VERSIONS = range(4, 7)
PASSED = frozenset({"success", "pass", "no-op"})
BAD = frozenset({"error", "fail", "runtime error", "partial success"})
MESSAGE = 1500
_NAMED = re.compile(r"'([^'\s]{1,200})'")
_WORD = re.compile(r"\w+")
_TESTS = frozenset({"test", "unit_test"})


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one node. `status` as dbt says it: success, error, skipped; of a test pass, fail, warn, error.

    `lines` are those of the compiled SQL that hold a name which the message quotes, as `7: currency,`.
    """

    unique_id: str
    status: str
    message: str = ""
    failures: int | None = None
    ended_at: datetime | None = None
    took_s: float = 0.0
    relation: str = ""
    query_id: str = ""
    lines: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The third part of `test.project.name.hash`."""
        return name_of(self.unique_id)

    @property
    def kind(self) -> str:
        """model, test, seed, snapshot, operation …"""
        return self.unique_id.partition(".")[0]

    @property
    def is_bad(self) -> bool:
        """True when dbt failed because of it."""
        return self.status in BAD

    @property
    def is_test(self) -> bool:
        """True for a test of data or of a unit."""
        return self.kind in _TESTS


@dataclass(frozen=True, slots=True)
class Run:
    """One run of dbt; `command` is run, test, build …"""

    command: str
    generated_at: datetime
    dbt_version: str
    invocation_id: str
    results: tuple[Result, ...]

    def find(self, name: str) -> Result | None:
        """The result of the node of that name or unique id; a schema in front of it does not matter."""
        wanted = name.lower()
        by_id = next((result for result in self.results if result.unique_id.lower() == wanted), None)
        stem = wanted.rpartition(".")[2]  # two packages may each have a model of that name: an id goes first
        return by_id or next((result for result in self.results if result.name.lower() == stem), None)


def run_from(document: Mapping[str, Any]) -> Run:
    """Facts of the file's JSON; IntegrationError for a version that is not read."""
    require_version(document, "run_results.json", VERSIONS)
    metadata = document["metadata"]
    return Run(
        command=str((document.get("args") or {}).get("which") or ""),
        generated_at=moment(metadata.get("generated_at")) or datetime.fromtimestamp(0, UTC),
        dbt_version=str(metadata.get("dbt_version") or ""),
        invocation_id=str(metadata.get("invocation_id") or ""),
        results=tuple(_result(row) for row in document.get("results") or ()),
    )


def name_of(unique_id: str) -> str:
    """`model.shop.orders` → orders, `test.shop.unique_orders_id.a1b2c3` → unique_orders_id."""
    parts = unique_id.split(".")
    return parts[2] if len(parts) > 2 else unique_id


def moment(value: object) -> datetime | None:
    """dbt's ISO instants in UTC; None for nothing."""
    if not value:
        return None
    found = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def lines_about(message: str, code: str) -> tuple[str, ...]:
    """The first few lines of compiled SQL that hold a name quoted in the database's message; () without such a name."""
    names = {name.rpartition(".")[2].strip('"').lower() for name in _NAMED.findall(message)[:5]}
    words = [(number, line, set(_WORD.findall(line.lower()))) for number, line in enumerate(code.split("\n"), 1)]
    found = [f"{number}: {redact(' '.join(line.split()))[:120]}" for number, line, held in words if held & names]
    return tuple(found[:3])


def _result(row: Mapping[str, Any]) -> Result:
    answer = row.get("adapter_response") or {}
    failures, status = row.get("failures"), str(row.get("status") or "").lower()
    return Result(
        unique_id=str(row["unique_id"]),
        status=status,
        message=redact(str(row.get("message") or ""))[:MESSAGE],
        failures=None if failures is None else int(failures),
        ended_at=_ended_at(row.get("timing") or ()),
        took_s=round(float(row.get("execution_time") or 0.0), 1),
        relation=str(row.get("relation_name") or "").replace('"', ""),
        query_id=str(answer.get("query_id") or ""),
        lines=lines_about(str(row.get("message") or ""), str(row.get("compiled_code") or "")) if status in BAD else (),
    )


def _ended_at(timing: Sequence[Mapping[str, Any]]) -> datetime | None:
    ends = [found for step in timing if (found := moment(step.get("completed_at")))]
    return max(ends, default=None)
