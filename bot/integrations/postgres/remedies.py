"""What can be changed in PostgreSQL, beside stage 8: end one session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.diagnostics.probe import Scope
from bot.errors import AccessDenied, IntegrationError, RemedyRefused
from bot.integrations.postgres.client import PostgresClient, Row
from bot.integrations.postgres.failures import SYSTEM
from bot.integrations.postgres.probes.backend import BackendArguments, moment_of
from bot.integrations.postgres.probes.locks import WAITING, locks_from
from bot.integrations.postgres.probes.rows import statement, utc
from bot.remediation.remedy import AnyRemedy, Command, Draft, Remedy, Verification

TARGET = """
SELECT a.pid, a.backend_start, a.xact_start, a.usename,
       a.application_name, a.state, left(a.query, 300) AS query, a.backend_type,
       extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS transaction_age_s,
       coalesce(r.rolsuper, false) AS is_superuser,
       a.usename = current_user OR a.application_name LIKE 'runbook-bot%%' AS is_ours
FROM pg_stat_activity a LEFT JOIN pg_roles r ON r.oid = a.usesysid
WHERE a.pid = %s
"""
# One statement, so that the session that is looked at is the session that is ended. A role that may signal but not
# see other users' sessions finds NULL for their start: then nothing is ended.
TERMINATE = """
SELECT a.backend_start IS NULL AS is_hidden,
       CASE WHEN a.backend_start IS NOT NULL THEN pg_terminate_backend(a.pid) END AS terminated
FROM pg_stat_activity a
WHERE a.pid = %s
  AND (a.backend_start IS NULL OR (a.backend_start = %s::timestamptz AND a.backend_type = 'client backend'))
"""


@dataclass(frozen=True, slots=True)
class Target:
    """The session as it is now; `blocks` counts the sessions that wait behind it."""

    exists: bool
    pid: int = 0
    backend_start: datetime | None = None
    user: str = ""
    application: str = ""
    state: str = ""
    query: str = ""
    backend_type: str = ""
    transaction_age_s: float = 0.0
    is_superuser: bool = False
    is_ours: bool = False
    blocks: int = 0
    transaction_start: datetime | None = None


def read_target(client: PostgresClient, arguments: BackendArguments, scope: Scope) -> Target:
    """The session and how many wait behind it."""
    with client.reading(scope) as fetch:
        return target_from(fetch(TARGET, (arguments.pid,)), fetch(WAITING, (scope.row_cap,)))


def target_from(rows: Sequence[Row], waiting: Sequence[Row]) -> Target:
    """State from the rows of TARGET and WAITING."""
    if not rows:
        return Target(exists=False)
    row = rows[0]
    blocked = locks_from(waiting, ()).blocked
    return Target(
        exists=True,
        pid=row["pid"],
        backend_start=utc(row["backend_start"]),
        user=row["usename"] or "",
        application=row["application_name"] or "",
        state=row["state"] or "",
        query=statement(row["query"]),
        backend_type=row["backend_type"] or "",
        transaction_age_s=round(row["transaction_age_s"] or 0.0, 1),
        is_superuser=row["is_superuser"],
        is_ours=bool(row["is_ours"]),
        blocks=sum(row["pid"] in session.blocked_by for session in blocked),
        transaction_start=utc(row.get("xact_start")),
    )


def plan_terminate(arguments: BackendArguments, state: Target, _scope: Scope) -> Draft:
    """One command, bound to this very session; none when it has ended. Refuses what must not be ended from Slack."""
    target = f"backend {arguments.pid}"
    ended = Draft(target, (), blast_radius="", note=f"Session {arguments.pid} has ended already.")
    if not state.exists:
        return ended
    if state.backend_start is None:  # hidden with nearly all else, so no other reason would be true
        raise RemedyRefused(
            f"The bot may not see when session {arguments.pid} began; grant pg_monitor to its reading role."
        )
    if moment_of(arguments.backend_start) not in (None, state.backend_start):
        return ended
    if reason := _why_not(state):
        raise RemedyRefused(f"Session {arguments.pid} {reason}, so the bot does not end it.")
    started = state.backend_start.isoformat()
    transaction = state.transaction_start.isoformat() if state.transaction_start else ""
    return Draft(
        target=target,
        commands=(
            Command(
                operation="terminate_backend",
                text=(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "  # noqa: S608 - shown, never run as text
                    f"WHERE pid = {state.pid} AND backend_start = '{started}'"
                ),
                # The transaction is in the digest, not in the statement: a pooled session that has gone on to other
                # work since the plan was made is another thing to end, and the re-check voids the plan.
                arguments={"pid": state.pid, "backend_start": started, "transaction_start": transaction},
            ),
        ),
        blast_radius=_blast_radius(state),
        verification=Verification(
            probe="postgres.backend",
            arguments={"pid": state.pid, "backend_start": started},
            expect="not result.exists",
            within_s=30.0,
        ),
    )


def perform_terminate(client: PostgresClient, command: Command, scope: Scope) -> str:
    """Ends the session if it still is the one that was approved."""
    pid, started = int(command.arguments["pid"]), str(command.arguments["backend_start"])
    rows = client.change(TERMINATE, (pid, started), scope)
    if not rows:
        return f"Session {pid} had ended already."
    if rows[0]["is_hidden"]:
        raise AccessDenied(SYSTEM, "the changing role may not see when sessions began; grant it pg_read_all_stats")
    if not rows[0]["terminated"]:
        raise IntegrationError(SYSTEM, f"session {pid} could not be ended")
    return f"Ended session {pid}."


def _why_not(state: Target) -> str:
    if state.backend_type != "client backend":
        return f"is no client's session ({state.backend_type or 'unknown'})"
    if state.is_superuser:
        return f"belongs to the superuser {state.user}"
    return "belongs to the bot itself" if state.is_ours else ""


def _blast_radius(state: Target) -> str:
    application = f" ({state.application})" if state.application else ""
    age = f", in a transaction for {_duration(state.transaction_age_s)}" if state.transaction_age_s else ""
    behind = f"{state.blocks} session{'s' if state.blocks != 1 else ''} behind it can go on"
    rest = behind if state.blocks else "nobody waits behind it now"
    return (
        f"Ends 1 session of {state.user}{application}, {state.state or 'state unknown'}{age}; "
        f"what it has not committed is rolled back. {rest[0].upper()}{rest[1:]}."
    )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


TERMINATE_BACKEND: Remedy[PostgresClient, BackendArguments, Target] = Remedy(
    name="postgres.terminate_backend",
    summary="Ends one session of the source database; its open transaction is rolled back.",
    arguments=BackendArguments,
    state=Target,
    read_state=read_target,
    plan=plan_terminate,
    perform=perform_terminate,
    typical=Target(
        exists=True,
        pid=4711,
        backend_start=datetime(2026, 11, 2, 5, 58, 11, 204816, tzinfo=UTC),
        user="shop_app",
        application="checkout-migration",
        state="idle in transaction",
        query="ALTER TABLE orders ADD COLUMN checkout_channel text",
        backend_type="client backend",
        transaction_age_s=312.4,
        blocks=1,
    ),
    unchanged=Target(exists=False),
)
REMEDIES: tuple[AnyRemedy, ...] = (TERMINATE_BACKEND,)
