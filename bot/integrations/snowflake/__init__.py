"""Snowflake as the platform's warehouse: quotas, queries, credits, freshness; cancelling, quotas, resuming."""

from bot.flow.integration import Environment, Integration
from bot.integrations.snowflake.client import SnowflakeClient
from bot.integrations.snowflake.probes import PROBES
from bot.integrations.snowflake.remedies import REMEDIES
from bot.integrations.snowflake.settings import read_settings

READ_ROLE, CHANGE_ROLE = "SNOWFLAKE_ROLE", "SNOWFLAKE_CHANGE_ROLE"


def connect_read(environment: Environment) -> SnowflakeClient | None:
    """A client with the reading role."""
    settings = read_settings(environment, READ_ROLE)
    return None if settings is None else SnowflakeClient(settings)


def connect_change(environment: Environment) -> SnowflakeClient | None:
    """A client of the same user with the changing role; None unless that role is named."""
    if not environment.get(CHANGE_ROLE):
        return None
    settings = read_settings(environment, CHANGE_ROLE)
    return None if settings is None else SnowflakeClient(settings, may_change=True, size=2)


INTEGRATION: Integration[SnowflakeClient] = Integration(
    name="snowflake",
    title="Snowflake",
    connect_read=connect_read,
    connect_change=connect_change,
    probes=PROBES,
    check="snowflake.session",
    remedies=REMEDIES,
)
