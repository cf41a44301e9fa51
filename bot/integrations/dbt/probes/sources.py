"""dbt.sources: what did the last `dbt source freshness` find?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.dbt.client import ArtifactsClient
from bot.integrations.dbt.runs import moment
from bot.integrations.dbt.versions import require_shape

OVERDUE = {"warn": "warn_after", "error": "error_after"}
LISTED = 50


@dataclass(frozen=True, slots=True)
class SourcesArguments:
    """Nothing to ask for."""


@dataclass(frozen=True, slots=True)
class SourceFreshness:
    """One source; `status` is pass, warn, error or runtime error, `allowed` as the project says it ("26 hour")."""

    name: str
    status: str
    newest: datetime | None = None
    age_hours: float | None = None
    allowed: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """Every source that was checked, stale ones first; `checked_at` is None when none was."""

    checked_at: datetime | None = None
    stale_count: int = 0
    sources: tuple[SourceFreshness, ...] = ()


def read_sources(client: ArtifactsClient, _arguments: SourcesArguments, scope: Scope) -> Sources:
    """From the newest sources.json; NotFound when the freshness was never checked."""
    with require_shape("sources.json"):
        return sources_from(client.sources(scope))


def sources_from(document: Mapping[str, Any]) -> Sources:
    """Facts from the file's JSON."""
    found = [_source(row) for row in document.get("results") or ()]
    ordered = sorted(found, key=lambda each: (each.status == "pass", each.name))
    return Sources(
        checked_at=moment((document.get("metadata") or {}).get("generated_at")),
        stale_count=sum(each.status != "pass" for each in found),
        sources=tuple(ordered[:LISTED]),
    )


def _source(row: Mapping[str, Any]) -> SourceFreshness:
    status = str(row.get("status") or "").lower()
    age = row.get("max_loaded_at_time_ago_in_s")
    limit = (row.get("criteria") or {}).get(OVERDUE.get(status, "error_after")) or {}
    return SourceFreshness(
        name=str(row["unique_id"]).split(".", 2)[-1],
        status=status,
        newest=moment(row.get("max_loaded_at")),
        age_hours=None if age is None else round(float(age) / 3600, 1),
        allowed=f"{limit['count']} {limit['period']}" if limit.get("count") else "",
    )


SOURCES: Probe[ArtifactsClient, SourcesArguments, Sources] = Probe(
    name="dbt.sources",
    summary="What the last `dbt source freshness` found: each source, its newest row and whether that is too old.",
    arguments=SourcesArguments,
    facts=Sources,
    read=read_sources,
    typical=Sources(
        checked_at=datetime(2026, 11, 23, 5, 0, tzinfo=UTC),
        stale_count=1,
        sources=(
            SourceFreshness("shop.raw_orders", "error", datetime(2026, 11, 20, 5, 1, tzinfo=UTC), 72.0, "50 hour"),
        ),
    ),
    empty=Sources(),
    deadline_s=10.0,
)
