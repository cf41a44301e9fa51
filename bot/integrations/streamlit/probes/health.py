"""streamlit.health: does the dashboard serve, and which data does it show?"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.alerts.redaction import redact
from bot.diagnostics.probe import Probe, Scope
from bot.integrations.streamlit.client import Answer, StreamlitClient

HEALTH_PATH = "/_stcore/health"
LAST_READ_PATH = "/app/static/last_read.json"


@dataclass(frozen=True, slots=True)
class HealthArguments:
    """Nothing to ask for."""


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the server answers its health check, how fast, and what the app says that it read.

    `is_healthy` is Streamlit's own word for "the server runs"; it says nothing of the app's data. `problem` tells why
    not. `read_at` and `newest` are what the app's cache holds, where it leaves them (see the README); else None.
    """

    url: str
    is_healthy: bool
    status: int = 0
    latency_ms: float = 0.0
    problem: str = ""
    tells_last_read: bool = False
    read_at: datetime | None = None
    newest: datetime | None = None


def read_health(client: StreamlitClient, _arguments: HealthArguments, scope: Scope) -> Health:
    """The health check, and when that is well the app's note of what it read."""
    with client.visiting(scope) as visit:
        health = visit.get(HEALTH_PATH)
        note = visit.get(LAST_READ_PATH) if is_well(health) else Answer(0)
    return health_from(client.settings.url, health, note)


def is_well(health: Answer) -> bool:
    """True for the answer of a server that runs."""
    return health.status == 200 and health.body.strip().lower() == b"ok"


def health_from(url: str, health: Answer, note: Answer) -> Health:
    """Facts from the two answers."""
    told = _note(note)
    return Health(
        url=url,
        is_healthy=is_well(health),
        status=health.status,
        latency_ms=health.took_ms,
        problem="" if is_well(health) else _problem(health),
        tells_last_read=bool(told),
        read_at=_moment(told.get("read_at")),
        newest=_moment(told.get("newest")),
    )


def _problem(health: Answer) -> str:
    if health.problem:
        return health.problem
    if 300 <= health.status < 400 or health.status in (401, 403):
        return f"it answered {health.status}: a login stands before its health check"
    if health.status == 200:
        return "something answers there, but it is not Streamlit"
    said = redact(" ".join(health.body[:200].decode("utf-8", "replace").split()))
    return f"it answered {health.status}" + (f": {said}" if said and "<" not in said else "")


def _note(note: Answer) -> dict[str, Any]:
    """What the app left; {} where it leaves nothing: Streamlit answers other paths with its own page."""
    if note.status != 200 or "json" not in note.content_type:
        return {}
    try:
        found = json.loads(note.body)
    except (ValueError, RecursionError):  # the app's file may hold anything, brackets by the thousand too
        return {}
    return found if isinstance(found, dict) else {}


def _moment(value: Any) -> datetime | None:
    """An ISO date (which counts from its beginning) or time, in UTC; None for anything else."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        if found is None:
            return None
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):  # no time at all, or one before the first year
        return None


HEALTH: Probe[StreamlitClient, HealthArguments, Health] = Probe(
    name="streamlit.health",
    summary="Whether the dashboard's server answers, how fast, and up to which day the data goes that it shows.",
    arguments=HealthArguments,
    facts=Health,
    read=read_health,
    typical=Health(
        url="https://dashboard.example.com",
        is_healthy=True,
        status=200,
        latency_ms=12.4,
        tells_last_read=True,
        read_at=datetime(2026, 11, 22, 8, 2, tzinfo=UTC),
        newest=datetime(2026, 11, 21, tzinfo=UTC),
    ),
    empty=Health(url="https://dashboard.example.com", is_healthy=False, problem="connection refused"),
    deadline_s=5.0,
)
