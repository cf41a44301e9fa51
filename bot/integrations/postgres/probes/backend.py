"""postgres.backend: is this one session still there, and what is it doing?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.diagnostics.probe import Probe, Scope
from bot.errors import EntityError
from bot.integrations.postgres.client import PostgresClient, Row
from bot.integrations.postgres.probes.rows import statement, utc

BACKEND = """
SELECT a.pid, a.backend_start, a.usename, a.application_name, a.state, left(a.query, 300) AS query,
       extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS transaction_age_s
FROM pg_stat_activity a
WHERE a.pid = %s
"""


@dataclass(frozen=True, slots=True)
class BackendArguments:
    """`backend_start` (ISO 8601 with an offset) tells this session from a later one with the same pid; "" takes any."""

    pid: int
    backend_start: str = ""


@dataclass(frozen=True, slots=True)
class Backend:
    """One session; `exists` is false when it has ended, and the rest is then empty."""

    exists: bool
    pid: int = 0
    backend_start: datetime | None = None
    state: str = ""
    user: str = ""
    application: str = ""
    query: str = ""
    transaction_age_s: float = 0.0


def read_backend(client: PostgresClient, arguments: BackendArguments, scope: Scope) -> Backend:
    """The session, or one that does not exist."""
    started = moment_of(arguments.backend_start)
    return backend_from(client.fetch(BACKEND, (arguments.pid,), scope), started)


def moment_of(text: str) -> datetime | None:
    """The instant, to the microsecond as PostgreSQL keeps it; None for "", EntityError for anything that is none."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise EntityError(f"backend_start is not a time: {text[:40]!r}") from error
    if moment.tzinfo is None:
        raise EntityError(f"backend_start needs an offset from UTC: {text[:40]!r}")
    return moment.astimezone(UTC)


def backend_from(rows: Sequence[Row], started: datetime | None) -> Backend:
    """Facts from the rows of BACKEND; a session that started at another time is another one."""
    row = next(iter(rows), None)
    if row is None or (started is not None and utc(row["backend_start"]) != started):
        return Backend(exists=False)
    return Backend(
        exists=True,
        pid=row["pid"],
        backend_start=utc(row["backend_start"]),
        state=row["state"] or "",
        user=row["usename"] or "",
        application=row["application_name"] or "",
        query=statement(row["query"]),
        transaction_age_s=round(row["transaction_age_s"] or 0.0, 1),
    )


BACKEND_PROBE: Probe[PostgresClient, BackendArguments, Backend] = Probe(
    name="postgres.backend",
    summary="Whether one database session still exists, and what it is doing.",
    arguments=BackendArguments,
    facts=Backend,
    read=read_backend,
    typical=Backend(
        exists=True,
        pid=4711,
        backend_start=datetime(2026, 11, 2, 5, 58, 11, 204816, tzinfo=UTC),
        state="idle in transaction",
        user="shop_app",
        application="checkout-migration",
        query="ALTER TABLE orders ADD COLUMN checkout_channel text",
        transaction_age_s=312.4,
    ),
    empty=Backend(exists=False),
)
