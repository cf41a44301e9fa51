"""snowflake.session: as whom the bot looks."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.diagnostics.probe import Probe, Scope
from bot.integrations.snowflake.client import Row, SnowflakeClient
from bot.integrations.snowflake.probes.rows import words

CURRENT = """
SELECT CURRENT_USER() AS USER_NAME, CURRENT_ROLE() AS ROLE_NAME, CURRENT_WAREHOUSE() AS WAREHOUSE_NAME,
       CURRENT_DATABASE() AS DATABASE_NAME
"""


@dataclass(frozen=True, slots=True)
class SessionArguments:
    """Nothing to ask for."""


@dataclass(frozen=True, slots=True)
class Session:
    """The bot's own session; "" where it has none."""

    user: str
    role: str
    warehouse: str
    database: str


def read_session(client: SnowflakeClient, _arguments: SessionArguments, scope: Scope) -> Session:
    """Logs in if need be and asks."""
    return session_from(client.fetch(CURRENT, (), scope))


def session_from(rows: Sequence[Row]) -> Session:
    """Facts from the row of CURRENT."""
    row = rows[0]
    return Session(
        words(row["user_name"]),
        words(row["role_name"]),
        words(row["warehouse_name"]),
        words(row["database_name"]),
    )


SESSION: Probe[SnowflakeClient, SessionArguments, Session] = Probe(
    name="snowflake.session",
    summary="As which user and role, with which warehouse and database the bot looks.",
    arguments=SessionArguments,
    facts=Session,
    read=read_session,
    typical=Session("SVC_RUNBOOK", "RUNBOOK_READ", "REPORTING_WH", "ECOMMERCE_ANALYTICS"),
    empty=Session("", "", "", ""),
    deadline_s=10.0,
)
